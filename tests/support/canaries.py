"""Secrets that must not be found again: a scan of strings, files and the arguments of all processes."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

# Access tokens are made while a test runs, so they are known by their form only.
TOKEN = re.compile(rb"eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}")
_POLL = 0.01


def spellings(secret: str) -> set[bytes]:
    """Return the forms in which a secret may come out."""
    return {each.encode() for each in (secret, quote(secret, safe=""), quote_plus(secret), secret.replace("}", "}}"))}


def found_in(content: bytes, secrets: Iterable[str]) -> list[str]:
    """Return the secrets, tokens among them, that a content holds; only their beginnings."""
    found = [secret[:8] for secret in secrets if any(each in content for each in spellings(secret))]
    return found + [each.group(0)[:8].decode() for each in TOKEN.finditer(content)]


def found_below(folder: Path, secrets: Iterable[str]) -> dict[str, list[str]]:
    """Return which secret is where in the files of a folder."""
    secrets = list(secrets)
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file): found for file in files if (found := found_in(file.read_bytes(), secrets))}


class Arguments:
    """What was seen in the arguments of processes.

    Attributes:
        processes: how many processes were looked at.
        found: the arguments with a secret.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = list(secrets)
        self._seen: set[bytes] = set()
        self.found: list[str] = []

    @property
    def processes(self) -> int:
        """How many different command lines were looked at."""
        return len(self._seen)

    def look(self) -> None:
        """Look at every process of this machine."""
        for file in Path("/proc").glob("[0-9]*/cmdline"):
            # It may have ended since.
            with contextlib.suppress(OSError):
                content = file.read_bytes()
                if content not in self._seen:
                    self._seen.add(content)
                    if found_in(content, self._secrets):
                        self.found.append(content.replace(b"\0", b" ").decode(errors="replace")[:200])


@contextlib.contextmanager
def watched_arguments(secrets: Iterable[str]) -> Iterator[Arguments]:
    """Look at the arguments of all processes again and again while the block runs."""
    arguments, over = Arguments(secrets), threading.Event()

    def watch() -> None:
        while not over.wait(_POLL):
            arguments.look()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield arguments
    finally:
        over.set()
        thread.join()
