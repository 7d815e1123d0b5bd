"""What the demonstration shows: the life of one base connection, step by step, each with what must come of it."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg

from pulumi_adobe_aep.api.api import Api
from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.api.flow_service import FlowService
from pulumi_adobe_aep.emulator.client import EmulatorError
from pulumi_adobe_aep.errors import AepError
from pulumi_adobe_aep.settings import load
from tools.database import PostgresServer, SampleDatabase
from tools.demo.console import Screen
from tools.demo.failure import DemoFailed
from tools.demo.services import SANDBOX, EmulatorService, Requests
from tools.demo.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

OPERATION_TIMEOUT = 60.0
PASSWORD_DIFF = re.compile(r"~ password\s*: \[secret\] => \[secret\]")
PICTURED_DIFF = re.compile(r"~ (pulumi-python:.*\(update\)$|(auth|password)\s*:)|^ *\}$")
"""The lines about the password: without the ids, times and ports around them, which differ from run to run."""


@dataclass(frozen=True)
class Done:
    """A step that did what it should."""

    title: str
    outcome: str
    requests: Requests
    by_pulumi: bool
    """Whether the provider sent the requests; else the demonstration did, with the provider's own client."""


class Story:
    """The steps, and what they know of each other.

    Args:
        stack: The quickstart's stack.
        postgres: The database server.
        sample: The database that the connection is to.
        emulator: Where the connection is made.
        settings: The variables that tell the provider about the emulator.
        screen: Shows what happens.
    """

    def __init__(
        self,
        *,
        stack: Stack,
        postgres: PostgresServer,
        sample: SampleDatabase,
        emulator: EmulatorService,
        settings: Mapping[str, str],
        screen: Screen,
    ) -> None:
        self._stack = stack
        self._postgres = postgres
        self._sample = sample
        self._emulator = emulator
        self._api = Api(load(settings))
        self._screen = screen
        self._password = sample.password
        self.connection_id = ""
        self.done: list[Done] = []

    def tell(self, *, keep: bool) -> None:
        """Do all steps.

        Args:
            keep: Leave the connection for trying things by hand.

        Raises:
            DemoFailed: A step did not do what it should.
        """
        steps = self._steps()
        if keep:
            steps = steps[:-1]
        for number, (title, explanation, step) in enumerate(steps, 1):
            commands = self._stack.commands
            mark = self._emulator.mark()
            with self._screen.step(f"{number}/{len(steps)}  {title}"):
                self._screen.say(explanation, "dim")
                try:
                    outcome = step(mark)
                except (AepError, EmulatorError, psycopg.Error) as error:
                    raise DemoFailed(str(error)) from None
            requests = self._emulator.requests_since(mark)
            self._screen.good(f"{outcome}. Requests: {requests}.")
            self.done.append(Done(title, outcome, requests, by_pulumi=self._stack.commands > commands))

    def _steps(self) -> list[tuple[str, str, Callable[[int], str]]]:
        return [
            ("Preview", "What would be made; nothing is sent for it.", self._preview),
            ("Create", "The account in Experience Platform, with one token and one POST.", self._create),
            ("Test the connection", "GET /connections/{id}/test logs in to the database.", self._test_passes),
            ("List its tables", "GET /connections/{id}/explore reads them from the database.", self._explore),
            ("Change the password", "In PostgreSQL, behind Experience Platform's back.", self._change_password),
            ("Test again", "The stored password is now wrong.", self._test_fails),
            ("Rotate", "The new password goes to the same connection, as a masked difference.", self._rotate),
            ("Test after the rotation", "The stored password is right again.", self._test_passes),
            ("Up without changes", "Nothing to do costs nothing, not even a token.", self._up_without_changes),
            ("Refresh", "Experience Platform and the state agree.", self._refresh),
            ("Destroy", "The account is removed.", self._destroy),
        ]

    def _preview(self, mark: int) -> str:
        self._stack.configure_secret("crmPassword", self._password)
        printed = self._stack.run("preview", "--diff")
        self._expect("PostgresBaseConnection: (create)" in printed, "The preview does not show a connection to create")
        self._expect_requests(mark, total=0)
        return "One to create, password masked"

    def _create(self, mark: int) -> str:
        self._stack.run("up", "--yes", "--skip-preview")
        self.connection_id = self._stack.output("connectionId")
        self._expect_requests(mark, tokens=1, posts=1)
        self._expect_state_without_secrets()
        return "Created; no password in the state"

    def _test_passes(self, _mark: int) -> str:
        result = self._flow_service().test_connection(self.connection_id)
        self._expect(result.passed, f"The test of the connection fails: {result.reason or 'no reason given'}")
        return '{"result": true}'

    def _test_fails(self, _mark: int) -> str:
        result = self._flow_service().test_connection(self.connection_id)
        self._expect(not result.passed, "The test passes although the password in PostgreSQL is another one")
        return '{"result": false}'

    def _explore(self, _mark: int) -> str:
        found = [table["path"] for table in self._flow_service().explore(self.connection_id)]
        for path in found:
            self._screen.say(path)
        expected = list(self._sample.tables)
        self._expect(sorted(found) == expected, f"Expected the tables {expected}, found {found}")
        return f"{len(found)} tables and views"

    def _change_password(self, mark: int) -> str:
        self._screen.command(f"ALTER ROLE {self._sample.role} PASSWORD '...'")
        self._password = secrets.token_urlsafe(18)
        self._postgres.set_password(self._sample.role, self._password)
        self._expect_requests(mark, total=0)
        return "Changed"

    def _rotate(self, _mark: int) -> str:
        self._stack.configure_secret("crmPassword", self._password)
        printed = self._stack.run("up", "--yes", "--skip-preview", "--diff", pictured=PICTURED_DIFF)
        self._expect(
            bool(PASSWORD_DIFF.search(printed)), "The update does not show a masked difference of the password"
        )
        after = self._stack.output("connectionId")
        self._expect(after == self.connection_id, f"The connection {self.connection_id} was replaced by {after}")
        self._expect_state_without_secrets()
        return "Updated, same id"

    def _up_without_changes(self, mark: int) -> str:
        self._stack.run("up", "--yes", "--skip-preview", "--expect-no-changes")
        self._expect_requests(mark, total=0)
        return "No changes, nothing sent"

    def _refresh(self, _mark: int) -> str:
        self._stack.run("refresh", "--yes", "--skip-preview", "--expect-no-changes")
        return "No drift"

    def _destroy(self, _mark: int) -> str:
        self._stack.run("destroy", "--yes", "--skip-preview")
        left = self._emulator.client.connections()
        self._expect(not left, f"After destroy there are still {len(left)} connections")
        return "Gone"

    def _flow_service(self) -> FlowService:
        return self._api.flow_service(SANDBOX, Deadline(OPERATION_TIMEOUT))

    def _expect_requests(
        self, mark: int, *, total: int | None = None, tokens: int | None = None, posts: int | None = None
    ) -> None:
        """Check what the emulator's log says of this step."""
        requests = self._emulator.requests_since(mark)
        for expected, found, what in (
            (total, len(requests), "requests"),
            (tokens, requests["token"], "requests for a token"),
            (posts, requests["POST"], "POST requests"),
        ):
            if expected is not None:
                self._expect(found == expected, f"Expected {expected} {what}, the emulator's log has {found}")

    def _expect_state_without_secrets(self) -> None:
        state = self._stack.exported()
        for secret in (self._sample.password, self._password, self._emulator.client.client_secret):
            self._expect(secret not in state, "The state holds a secret in plain")

    @staticmethod
    def _expect(holds: bool, otherwise: str) -> None:
        if not holds:
            raise DemoFailed(f"{otherwise}.")
