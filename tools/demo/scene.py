"""What the steps of the demonstration act on, and how they check what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pulumi_adobe_aep.api.api import Api
from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.api.flow_service import FlowService
from pulumi_adobe_aep.settings import load
from tools.database import PostgresServer, SampleDatabase
from tools.demo.console import Screen
from tools.demo.failure import DemoFailed
from tools.demo.services import SANDBOX, EmulatorService
from tools.demo.stack import Stack

OPERATION_TIMEOUT = 60.0


@dataclass(frozen=True)
class Step:
    """A step of the demonstration.

    Attributes:
        title: What it is called in the summary.
        explanation: What a person is to know of it, in a sentence.
        run: Does it, and returns what came of it. It takes the mark in the emulator's request log at its beginning, and
            raises DemoFailed where it does not do what it should.
    """

    title: str
    explanation: str
    run: Callable[[int], str]


@dataclass
class Scene:
    """The stack, the database and the emulator, and the password that they share.

    Attributes:
        stack: The demonstration's stack.
        postgres: The database server.
        sample: The database that the connection is to.
        emulator: Where everything is made.
        settings: The variables that tell the provider about the emulator.
        screen: Shows what happens.
        password: The role's password in PostgreSQL at the moment.
    """

    stack: Stack
    postgres: PostgresServer
    sample: SampleDatabase
    emulator: EmulatorService
    settings: Mapping[str, str]
    screen: Screen
    password: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Begin with the password that the sample database was made with."""
        self._api = Api(load(self.settings))
        self.password = self.sample.password

    def flow_service(self) -> FlowService:
        """Return the provider's own client, for what the demonstration asks by itself."""
        return self._api.flow_service(SANDBOX, Deadline(OPERATION_TIMEOUT))

    def expect_requests(
        self, mark: int, *, total: int | None = None, tokens: int | None = None, posts: int | None = None
    ) -> None:
        """Check what the emulator's log says of this step.

        Raises:
            DemoFailed: It says something else.
        """
        requests = self.emulator.requests_since(mark)
        for expected, found, what in (
            (total, len(requests), "requests"),
            (tokens, requests["token"], "requests for a token"),
            (posts, requests["POST"], "POST requests"),
        ):
            if expected is not None:
                expect(found == expected, f"Expected {expected} {what}, the emulator's log has {found}")

    def expect_state_without_secrets(self) -> None:
        """Check that no secret is in the state in plain.

        Raises:
            DemoFailed: One is.
        """
        state = self.stack.exported()
        for secret in (self.sample.password, self.password, self.emulator.client.client_secret):
            expect(secret not in state, "The state holds a secret in plain")


def expect(holds: bool, otherwise: str) -> None:
    """Raise DemoFailed with a sentence unless something holds."""
    if not holds:
        raise DemoFailed(f"{otherwise}.")
