"""What every message that a person sees must be."""

from __future__ import annotations

from collections.abc import Iterable


def assert_plain(text: str, secrets: Iterable[str]) -> None:
    """Assert that an error says what happened and what to do, in sentences, and nothing that it should not."""
    first, *rest = text.splitlines()
    assert first.endswith((".", ".)")), text
    assert any(line.startswith("What to do: ") for line in rest), text
    assert_no_frames(text)
    assert_no_secrets(text, secrets)


def assert_no_frames(text: str) -> None:
    """Assert that a string shows nothing of Python's internals."""
    for inside in ("Traceback", 'File "', "object at 0x", "HTTPConnectionPool", "urllib3", "NoneType"):
        assert inside not in text, f"{inside!r} in:\n{text}"


def assert_no_secrets(text: str, secrets: Iterable[str]) -> None:
    """Assert that a string holds none of the secrets."""
    for secret in secrets:
        assert secret not in text, f"a secret that begins with {secret[:6]!r} in:\n{text}"
