"""The page with the fault matrix."""

from tests.faults.expected import EXPECTED
from tests.faults.faults import FAULTS
from tests.faults.page import PATH, render


def test_the_page_says_what_the_tests_observe() -> None:
    assert PATH.read_text(encoding="utf-8") == render(), "it is stale: run `python -m tests.faults.write`"


def test_every_fault_has_its_row() -> None:
    assert list(EXPECTED) == [fault.name for fault in FAULTS]
