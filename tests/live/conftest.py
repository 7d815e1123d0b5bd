"""Fixtures for the real service. They refuse to run by accident or in production, and remove what the tests made."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import pulumi_adobe_aep as aep
from pulumi_adobe_aep.api.api import Api
from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.api.flow_service import FlowService
from pulumi_adobe_aep.errors import SettingsError
from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import POSTGRES
from pulumi_adobe_aep.lifecycle.delete import delete
from pulumi_adobe_aep.settings import Settings, load
from tests.support.programs import connection
from tests.support.stack import Program, Stack
from tools.engine import Engine, ensure_engine

DATABASE = ("AEP_LIVE_SERVER", "AEP_LIVE_DATABASE", "AEP_LIVE_USERNAME", "AEP_LIVE_PASSWORD")
_SEEN = pytest.StashKey[list[str]]()

NewService = Callable[[], FlowService]
"""Returns the Flow Service of the sandbox, with a new time limit."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuse to run where nobody asked for it, and where it must not run."""
    config.stash[_SEEN] = []
    if any(Path(__file__).parent in item.path.parents for item in items):
        reason = refusal(os.environ)
        if reason:
            raise pytest.UsageError(f"tests/live: {reason} See tests/live/README.md.")


def refusal(environment: Mapping[str, str]) -> str:
    """Say why these tests do not run with these variables; nothing when they do."""
    if environment.get("AEP_LIVE") != "1":
        return "these tests make connections in a real organization; set AEP_LIVE=1 to run them."
    try:
        settings = load(environment)
        settings.credentials()
    except SettingsError as error:
        return str(error)
    if settings.sandbox_name in ("", "prod"):
        return f"AEP_SANDBOX_NAME is '{settings.sandbox_name}'; name a development sandbox, never prod."
    missing = [name for name in DATABASE if not environment.get(name)]
    return f"{', '.join(missing)} must name a database that Adobe's servers reach." if missing else ""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Tell what the service was seen to do, for docs/verified.md."""
    seen = config.stash.get(_SEEN, [])
    if seen:
        terminalreporter.section("seen at the service")
        for line in seen:
            terminalreporter.line(line)


@pytest.fixture
def seen(pytestconfig: pytest.Config) -> list[str]:
    """Return the list of what was seen, a sentence each."""
    return pytestconfig.stash[_SEEN]


@pytest.fixture(scope="session", autouse=True)
def _no_settings_of_the_developer() -> None:
    """Keep the AEP_* variables, which the other suites are kept from: here they name the organization."""


@dataclass(frozen=True)
class Database:
    """The database that the connections point at."""

    server: str
    port: str
    database: str
    username: str
    password: str = field(repr=False)

    def auth(self, password: str | None = None) -> aep.ConnectionStringAuth | aep.BasicAuth:
        """Return how to log in; by connection string, or as AEP_LIVE_AUTH=basic says."""
        parts = {"server": self.server, "port": self.port, "database": self.database, "username": self.username}
        secret = self.password if password is None else password
        if os.environ.get("AEP_LIVE_AUTH") == "basic":
            mode = os.environ.get("AEP_LIVE_SSL_MODE", "Verify Full")
            return aep.BasicAuth(**parts, password=secret, ssl_mode=mode)
        encryption = os.environ.get("AEP_LIVE_ENCRYPTION", "verify")
        return aep.ConnectionStringAuth(**parts, password=secret, encryption=encryption)


@pytest.fixture(scope="session")
def database() -> Database:
    """Return the database that the environment names."""
    server, name, username, password = (os.environ[variable] for variable in DATABASE)
    return Database(server, os.environ.get("AEP_LIVE_PORT", "5432"), name, username, password)


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Return the settings that the environment names."""
    return load(os.environ)


@pytest.fixture(scope="session")
def new_service(settings: Settings) -> Iterator[NewService]:
    """Return a function that returns the Flow Service of the sandbox."""
    api = Api(settings)
    yield lambda: api.flow_service(settings.sandbox_name, Deadline(settings.timeout))
    api.close()


@pytest.fixture
def name(new_service: NewService) -> Iterator[str]:
    """Return a name that no connection has, and in the end delete every connection that has it."""
    name = f"pulumi-adobe-aep live test {uuid.uuid4().hex[:12]}"
    yield name
    # Compared here: whether the service finds names with a filter is not for a cleaning up to try.
    left = [connection.id for connection in new_service().connections.list() if connection.name == name]
    for connection_id in left:
        delete(new_service(), POSTGRES, connection_id, name)


@pytest.fixture(scope="session")
def engine() -> Engine:
    """Return the engine."""
    return ensure_engine()


@pytest.fixture
def stack(tmp_path: Path, engine: Engine, name: str) -> Stack:  # noqa: ARG001 - what it makes is removed under its name
    """Return an empty stack in the organization."""
    file = os.environ.get("AEP_CREDENTIALS_FILE")
    # The provider runs in the stack's folder.
    return Stack(tmp_path, engine, {"AEP_CREDENTIALS_FILE": str(Path(file).expanduser().resolve())} if file else {})


@pytest.fixture
def declared(name: str, database: Database) -> Callable[..., Program]:
    """Return what makes a program with one connection of the test's name, verified unless it says otherwise."""

    def declare(**arguments: object) -> Program:
        return connection(**{"name": name, "auth": database.auth(), "verify": True, **arguments})

    return declare
