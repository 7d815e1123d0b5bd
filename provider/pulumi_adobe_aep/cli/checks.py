"""What must be so for the provider to work, each looked at without changing anything."""

from __future__ import annotations

import enum
import importlib.metadata
import platform
import re
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone

from pulumi_adobe_aep._version import __version__
from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.api.error_responses import SANDBOX_CODES
from pulumi_adobe_aep.api.flow_service import BASE_PATH, FlowService
from pulumi_adobe_aep.api.ims import tokens_for
from pulumi_adobe_aep.api.transport import HttpClient
from pulumi_adobe_aep.cli import pulumi_command
from pulumi_adobe_aep.cli.listing import postgres_connections
from pulumi_adobe_aep.cli.session import Session
from pulumi_adobe_aep.errors import AepError, EntityGone, Forbidden, NotFound, ServiceError, Unauthorized

PYTHON = (3, 10)
SDK = (3, 216)
SDK_FOR_GET = (3, 272)
ENGINE_FOR_IMPORT = (3, 254)
CLOCK_DIFFERENCE = 60.0
"""Seconds; more of it makes logs hard to compare and certificates look expired."""
NOBODY = str(uuid.UUID(int=0))
"""An id that no connection has."""
_ORGANIZATION_CODES = frozenset({"400003", "403025", "2000", "2001"})


class Verdict(enum.Enum):
    """What a check found."""

    PASSED = "passed"
    WARNING = "warning"
    """It works, but not everything does, or it cannot be told."""
    FAILED = "failed"
    SKIPPED = "skipped"
    """Not looked at, because of what failed before."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    verdict: Verdict
    text: str
    advice: str = ""


def checks(session: Session) -> Iterator[Check]:
    """Look at everything, from this machine to the sandbox; each check is given as soon as it is known."""
    yield _passed("pulumi-adobe-aep", __version__)
    yield _version("Python", platform.python_version(), (PYTHON, Verdict.FAILED, "Use a newer Python."))
    yield _version(
        "Pulumi SDK",
        importlib.metadata.version("pulumi"),
        (SDK, Verdict.FAILED, "Run: pip install --upgrade pulumi"),
        (SDK_FOR_GET, Verdict.WARNING, "Only PostgresBaseConnection.get needs it: pip install --upgrade pulumi"),
    )
    yield _engine()
    yield from _Visit(session).checks()


def _version(name: str, version: str, *needs: tuple[tuple[int, int], Verdict, str]) -> Check:
    numbers = re.match(r"(\d+)\.(\d+)", version)
    found = (int(numbers[1]), int(numbers[2])) if numbers else (0, 0)
    for needed, verdict, advice in needs:
        if found < needed:
            return Check(name, verdict, f"{version} is older than {needed[0]}.{needed[1]}", advice)
    return _passed(name, version)


def _engine() -> Check:
    name = "Pulumi engine"
    try:
        version = pulumi_command.version()
    except AepError as error:
        return _failed(name, error)
    return _version(name, version, (ENGINE_FOR_IMPORT, Verdict.WARNING, "Only imports need it: upgrade pulumi."))


class _Visit:
    """One visit to Adobe: a token, a list, and a change that cannot succeed."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._service: FlowService | None = None

    def checks(self) -> Iterator[Check]:
        """Go as far as the way is open, and say what was not reached."""
        steps: tuple[tuple[str, Callable[[], Iterator[Check]]], ...] = (
            ("Credentials", self._credentials),
            ("Sandbox", self._sandbox),
            ("Access token", self._token),
            ("Reading sources", self._reading),
            ("Managing sources", self._managing),
        )
        open_ = True
        for name, step in steps:
            if not open_:
                yield Check(name, Verdict.SKIPPED, "not looked at, because of what failed before")
                continue
            for check in step():
                open_ = open_ and check.verdict is not Verdict.FAILED
                yield check
        service_time = self._service.time_at(time.monotonic()) if self._service else None
        if service_time is not None:
            yield _clock(service_time)

    def _credentials(self) -> Iterator[Check]:
        try:
            credentials = self._session.settings.credentials()
        except AepError as error:
            yield _failed("Credentials", error)
            return
        kind = "a ready-made token" if credentials.access_token else "a client secret"
        yield _passed("Credentials", f"{kind} of client {credentials.client_id}")

    def _sandbox(self) -> Iterator[Check]:
        try:
            yield _passed("Sandbox", f"{self._session.sandbox} is named")
        except AepError as error:
            yield _failed("Sandbox", error)

    def _token(self) -> Iterator[Check]:
        settings = self._session.settings
        credentials = settings.credentials()
        http = HttpClient(settings.max_concurrency)
        tokens = tokens_for(http, settings.ims_url, credentials)
        deadline = Deadline(settings.timeout)
        try:
            tokens.get(deadline)
        except AepError as error:
            yield _failed("Access token", error)
            return
        self._service = FlowService(
            http, tokens, credentials, settings.base_url + BASE_PATH, self._session.sandbox, deadline
        )
        if credentials.access_token:
            yield _passed("Access token", "the ready-made one, which cannot be renewed")
        else:
            yield _passed("Access token", f"{settings.ims_url} gives one")

    def _reading(self) -> Iterator[Check]:
        service = self._reached()
        try:
            next(postgres_connections(service), None)
        except AepError as error:
            yield _failed(_blamed(error), error)
            return
        yield _passed("Organization", f"{self._session.settings.org_id} lets the client in")
        yield _passed("Sandbox", f"{service.sandbox} exists")
        yield _passed("Reading sources", "the list of connections is answered ('View Sources')")

    def _managing(self) -> Iterator[Check]:
        name = "Managing sources"
        try:
            # A change of what does not exist changes nothing, and is refused sooner where writing is not allowed.
            self._reached().connections.patch(NOBODY, '"0"', [{"op": "replace", "path": "/name", "value": "doctor"}])
        except EntityGone:
            yield _passed(name, "a change of no connection was not refused for a lack of permission ('Manage Sources')")
        except Forbidden as error:
            yield _failed(name, error)
        except AepError as error:
            yield Check(name, Verdict.WARNING, f"it cannot be told: {error.what}", error.advice)

    def _reached(self) -> FlowService:
        if self._service is None:
            raise AssertionError("the step before has failed")
        return self._service


def _blamed(error: AepError) -> str:
    """Name what an error of the first request is about."""
    if isinstance(error, Unauthorized):
        return "Access token"
    if isinstance(error, ServiceError) and error.code in _ORGANIZATION_CODES:
        return "Organization"
    if isinstance(error, NotFound) and error.code in SANDBOX_CODES:
        return "Sandbox"
    return "Reading sources" if isinstance(error, Forbidden) else "Flow Service"


def _clock(service_time: datetime) -> Check:
    seconds = (datetime.now(timezone.utc) - service_time).total_seconds()
    text = f"{abs(seconds):.0f} s {'ahead of' if seconds > 0 else 'behind'} the service's"
    if abs(seconds) <= CLOCK_DIFFERENCE:
        return _passed("Clock", text)
    return Check("Clock", Verdict.WARNING, text, "Let this machine set its clock from the network (NTP).")


def _passed(name: str, text: str) -> Check:
    return Check(name, Verdict.PASSED, text)


def _failed(name: str, error: AepError) -> Check:
    why = f" {error.why}" if error.why else ""
    request = f" (Adobe's request id: {error.request_id})" if error.request_id else ""
    return Check(name, Verdict.FAILED, f"{error.what}{why}{request}", error.advice)
