"""The table in docs/retries.md, row by row against the function that decides."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pulumi_adobe_aep.api import retry, transport
from pulumi_adobe_aep.api.error_responses import to_exception
from pulumi_adobe_aep.errors import AepError, DeadlineExceeded, NotSent, Outcome, ResponseLost, UntrustedCertificate

PAGE = Path(__file__).parents[2] / "docs" / "retries.md"
TEXT = PAGE.read_text(encoding="utf-8")
_COLUMNS = ("GET", "DELETE", "PATCH with If-Match", "POST, token")


def rows() -> list[dict[str, str]]:
    """Read the table."""
    lines = TEXT.split("<!-- policy -->\n")[1].split("<!-- /policy -->")[0].splitlines()
    head, _, *body = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [dict(zip(head, cells, strict=True)) for cells in body]


def failure_of(status: int, code: str = "") -> AepError:
    """Make the failure of a response, as the client makes it."""
    body = f'{{"type":"https://ns.adobe.com/aep/errors/FLOW-{code}-{status}"}}' if code else ""
    return to_exception(
        transport.Response(transport.Request("GET", "https://x"), status, {}, body.encode()), "Doing it"
    )


FAILURES: dict[str, Callable[[], list[AepError]]] = {
    "no connection": lambda: [NotSent("It was not sent.")],
    "the certificate": lambda: [UntrustedCertificate("It was not sent.")],
    "connection lost": lambda: [ResponseLost("No response.")],
    "no response in time": lambda: [ResponseLost("No response.")],
    "half a body": lambda: [ResponseLost("No response.")],
    "3xx": lambda: [failure_of(status) for status in (301, 302, 303, 307, 308)],
    "400 with a state": lambda: [failure_of(400, code) for code in ("1416", "1420", "1421", "1457", "1458")],
    "the time limit": lambda: [DeadlineExceeded("It has passed.")],
}


def failures(what: str) -> list[AepError]:
    """Return the failures that a row is about."""
    for beginning, make in FAILURES.items():
        if what.startswith(beginning):
            return make()
    return [failure_of(int(what[:3]))]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["What happened"])
def test_the_page_says_what_the_function_says(row: dict[str, str]) -> None:
    for failure in failures(row["What happened"]):
        assert failure.outcome.value == row["It is"]
        for column in _COLUMNS:
            assert retry.may_repeat(failure, repeatable=True) == (row[column] == "yes"), column
        # What a create does with an unknown outcome is not repeating: it looks.
        expected = "look" if failure.outcome is Outcome.UNKNOWN else "yes" if row["GET"] == "yes" else "no"
        assert row["POST, create"] == expected
        assert retry.may_repeat(failure, repeatable=False) == (row["POST, create"] == "yes")


@pytest.mark.parametrize("status", [*range(300, 309), *range(400, 418), 422, 429, 451, *range(500, 512), 599])
def test_every_status_is_decided_as_the_row_of_its_kind(status: int) -> None:
    is_passing = status == 429
    is_unknown = status == 408 or status >= 500
    failure = failure_of(status)
    assert retry.may_repeat(failure, repeatable=True) == (is_passing or is_unknown)
    assert retry.may_repeat(failure, repeatable=False) == is_passing


def test_a_defect_and_an_interruption_are_not_repeated() -> None:
    for failure in (ValueError("a defect"), KeyboardInterrupt()):
        assert not retry.may_repeat(failure, repeatable=True)


def test_the_page_has_the_numbers_of_the_code() -> None:
    numbers = {
        r"attempts \| (\S+) ": retry.ATTEMPTS,
        r"first delay \| (\S+) seconds": retry.INITIAL_DELAY,
        r"first delay .* at most (\S+) \|": retry.MAX_DELAY,
        r"jitter \| up to (\S+) seconds": retry.JITTER,
        r"one request with its response \| (\S+) seconds": transport.READ_TIMEOUT,
    }
    for pattern, number in numbers.items():
        found = re.search(pattern, TEXT)
        assert found is not None, pattern
        assert float(found.group(1)) == number, pattern
