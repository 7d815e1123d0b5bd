"""The two services that the demonstration starts: PostgreSQL and the emulator."""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

import psycopg
from requests import RequestException

from pulumi_adobe_aep.emulator.client import Emulator, EmulatorError
from tools.database import DatabaseUnavailable, GuardedProcess, PostgresServer, SampleDatabase
from tools.demo.failure import DemoFailed
from tools.demo.layout import Layout, write_secret

if TYPE_CHECKING:
    from contextlib import ExitStack

    from pulumi_adobe_aep.emulator.request_log import LoggedRequest

SANDBOX = "dev"
START_TIMEOUT = 60.0
"""Seconds from starting the emulator to its ready file; it takes about one."""
LOG_LINES = 5


def start_postgres(layout: Layout, exits: ExitStack) -> tuple[PostgresServer, SampleDatabase]:
    """Start a PostgreSQL server that ends with `exits`, and make the sample database."""
    # Root's server runs as another account, which may not reach the repository: it gets a temporary folder.
    folder = None if os.geteuid() == 0 else layout.folder / "postgresql"
    try:
        server = exits.enter_context(PostgresServer(folder))
        return server, server.create_sample_database()
    except (DatabaseUnavailable, psycopg.Error) as error:
        raise DemoFailed(str(error)) from None


class EmulatorService:
    """The emulator of Flow Service and IMS in a process of its own, which ends with `exits` and with this process."""

    def __init__(self, layout: Layout, exits: ExitStack) -> None:
        self._process = GuardedProcess(
            [
                *(sys.executable, "-m", "pulumi_adobe_aep.emulator"),
                *("--host", "127.0.0.1", "--port", "0"),
                *("--ready-file", layout.emulator_ready, "--control"),
                # So that nothing stays. A widely used client sends this request; no document of Adobe's has it.
                *("--mapping-delete", "supported"),
            ],
            log=layout.emulator_log,
        )
        exits.callback(self._process.stop)
        self._wait_until_ready(layout)
        self.client = Emulator.from_ready_file(layout.emulator_ready)
        write_secret(layout.credentials, json.dumps(self._credentials(), indent=2) + "\n")

    def release(self) -> int:
        """Let the emulator outlive this process; return the process id whose SIGTERM ends it."""
        self._process.release()
        return self._process.pid

    def mark(self) -> int:
        """Return the current position in the request log."""
        return max((entry.sequence for entry in self._log(0)), default=0)

    def requests_since(self, mark: int) -> Requests:
        """Return what was asked of the emulator after the mark."""
        return Requests([(entry.method, entry.path) for entry in self._log(mark)])

    def deleted_since(self, mark: int) -> list[str]:
        """Return the paths of what was deleted after the mark, in order."""
        return [entry.path for entry in self._log(mark) if entry.method == "DELETE"]

    def _log(self, mark: int) -> list[LoggedRequest]:
        try:
            return self.client.requests(after=mark)
        except (RequestException, EmulatorError) as error:
            raise DemoFailed(f"The emulator does not return its request log: {error}") from None

    def _credentials(self) -> dict[str, str]:
        """Return the keys of the file that the Developer Console offers for download."""
        return {
            "CLIENT_ID": self.client.client_id,
            "CLIENT_SECRET": self.client.client_secret,
            "ORG_ID": self.client.org_id,
        }

    def _wait_until_ready(self, layout: Layout) -> None:
        deadline = time.monotonic() + START_TIMEOUT
        while not layout.emulator_ready.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                log = layout.emulator_log.read_text(encoding="utf-8", errors="replace").strip()
                raise DemoFailed("The emulator did not start. It says:\n" + "\n".join(log.splitlines()[-LOG_LINES:]))
            time.sleep(0.02)


class Requests:
    """Requests of one step, by what they are for."""

    def __init__(self, lines: list[tuple[str, str]]) -> None:
        self._counts = Counter("token" if "/ims/" in path else method for method, path in lines)

    def __getitem__(self, kind: str) -> int:
        """Return how many there are of a kind: `token` or a method."""
        return self._counts[kind]

    def __len__(self) -> int:
        return self._counts.total()

    def __str__(self) -> str:
        # By name, because requests that are sent at once are in no order.
        kinds = sorted(self._counts.items(), key=lambda pair: (pair[0] != "token", pair[0]))
        parts = [f"{count} {kind}" for kind, count in kinds]
        return ", ".join(parts) or "0"
