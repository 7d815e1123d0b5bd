"""The checks of `doctor`: what the provider needs, without changing anything."""

from __future__ import annotations

import dataclasses
import importlib.metadata
import platform
import re
import time
import uuid
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

from pulumi_adobe_aep._version import __version__
from pulumi_adobe_aep.api.error_responses import SANDBOX_CODES
from pulumi_adobe_aep.api.flow_service import FlowService
from pulumi_adobe_aep.cli import pulumi_command
from pulumi_adobe_aep.cli.check import Check, Verdict, failed, passed
from pulumi_adobe_aep.cli.listing import source_connections
from pulumi_adobe_aep.cli.project_checks import NO_PROJECT, project_checks, project_folder
from pulumi_adobe_aep.cli.session import Session
from pulumi_adobe_aep.cli.wording import COMMAND_LINE
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


def checks(session: Session) -> Iterator[Check]:
    """Yield all checks, from this machine to the sandbox, each as soon as its result is known."""
    yield passed("pulumi-adobe-aep", __version__)
    yield _version("Python", platform.python_version(), (PYTHON, Verdict.FAILED, "Use a newer Python."))
    yield _version(
        "Pulumi SDK",
        importlib.metadata.version("pulumi"),
        (SDK, Verdict.FAILED, "Run: pip install --upgrade pulumi"),
        (SDK_FOR_GET, Verdict.WARNING, "Only `get` of a connection needs it: pip install --upgrade pulumi"),
    )
    yield from _engine(session.stack)
    yield from _Visit(session).checks()


def _version(name: str, version: str, *needs: tuple[tuple[int, int], Verdict, str]) -> Check:
    numbers = re.match(r"(\d+)\.(\d+)", version)
    found = (int(numbers[1]), int(numbers[2])) if numbers else (0, 0)
    for needed, verdict, advice in needs:
        if found < needed:
            return Check(name, verdict, f"{version} is older than {needed[0]}.{needed[1]}", advice)
    return passed(name, version)


def _engine(stack: str | None) -> Iterator[Check]:
    name = "Pulumi engine"
    try:
        version = pulumi_command.version()
    except AepError as error:
        yield failed(name, error)
        return
    found = _version(name, version, (ENGINE_FOR_IMPORT, Verdict.WARNING, "Only imports need it: upgrade pulumi."))
    folder = project_folder()
    if folder is None and stack is None:
        yield dataclasses.replace(found, text=f"{found.text}; {NO_PROJECT}")
        return
    yield found
    yield from project_checks(folder or Path.cwd(), stack)


class _Visit:
    """The checks that send requests: a token, and in each sandbox a list and a change that cannot succeed."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._service: FlowService | None = None

    def checks(self) -> Iterator[Check]:
        """Run the checks until one fails, and mark the rest as skipped."""
        # The token needs no sandbox: programs may name theirs, so that the settings have none.
        for name, step, behind in (
            ("Credentials", self._credentials, ("Access token", "Sandbox", *_IN_SANDBOX)),
            ("Access token", self._token, ("Sandbox", *_IN_SANDBOX)),
        ):
            try:
                yield passed(name, step())
            except AepError as error:
                yield failed(name, error)
                yield from map(_skipped, behind)
                return
        try:
            sandboxes = self._session.sandboxes()
        except AepError as error:
            yield failed("Sandbox", error)
            yield from map(_skipped, _IN_SANDBOX)
            return
        for sandbox in sandboxes:
            yield passed("Sandbox", f"{sandbox} is named")
            yield from self._sandbox(self._session.service(sandbox))

    def _credentials(self) -> str:
        credentials = self._session.settings.credentials()
        kind = "a ready-made token" if credentials.access_token else "a client secret"
        return f"{kind} of client {credentials.client_id}"

    def _token(self) -> str:
        self._session.api.authenticate(self._session.deadline())
        if self._session.api.credentials.access_token:
            return "the ready-made one, which cannot be renewed"
        return f"{self._session.settings.ims_url} gives one"

    def _sandbox(self, service: FlowService) -> Iterator[Check]:
        try:
            next(source_connections(service), None)
        except AepError as error:
            yield failed(_blamed(error), error)
            yield from map(_skipped, _IN_SANDBOX[1:])
        else:
            yield passed("Organization", f"{self._session.settings.org_id} lets the client in")
            yield passed("Sandbox", f"{service.sandbox} exists")
            yield passed("Reading sources", f"{service.sandbox} lists its connections ('View Sources')")
            yield _managing(service)
            yield from self._ingestion(service.sandbox)
        service_time = service.time_at(time.monotonic())
        if service_time is not None:
            yield _clock(service_time)

    def _ingestion(self, sandbox: str) -> Iterator[Check]:
        """Check what only dataflows need; a failure is a warning."""
        api, session = self._session.api, self._session
        name = _IN_SANDBOX[2]
        try:
            api.catalog(sandbox, session.deadline()).datasets(NOBODY)
        except AepError as error:
            needed = "the permission 'View Datasets'" if isinstance(error, Forbidden) else ""
            yield _only_dataflows(name, error, needed)
        else:
            yield passed(name, f"{sandbox} lists its datasets ('View Datasets')")
        name = _IN_SANDBOX[3]
        try:
            api.data_prep(sandbox, session.deadline()).collection("/mappingSets", "mapping set").page(f"name=={NOBODY}")
        except AepError as error:
            needed = "a permission that no page of Adobe's names" if isinstance(error, Forbidden) else ""
            yield _only_dataflows(name, error, f"{needed}; try 'View Sources' and 'View Schemas'" if needed else "")
        else:
            yield passed(name, f"{sandbox} lists its mapping sets (no page of Adobe's names the permission)")


_IN_SANDBOX = ("Reading sources", "Managing sources", "Reading datasets", "Reading mapping sets")


def _only_dataflows(name: str, error: AepError, needed: str) -> Check:
    advice = f"Only dataflows need it: give the role {needed}." if needed else f"Only dataflows need it. {error.advice}"
    return dataclasses.replace(failed(name, error), verdict=Verdict.WARNING, advice=advice)


def _skipped(name: str) -> Check:
    return Check(name, Verdict.SKIPPED, "not looked at, because of what failed before")


def _managing(service: FlowService) -> Check:
    name = "Managing sources"
    try:
        # A change of what does not exist changes nothing, and is refused sooner where writing is not allowed.
        service.connections.patch(NOBODY, '"0"', [{"op": "replace", "path": "/name", "value": "doctor"}])
    except EntityGone:
        return passed(name, "a change of no connection was not refused for a lack of permission ('Manage Sources')")
    except Forbidden as error:
        return failed(name, error)
    except AepError as error:
        return Check(name, Verdict.WARNING, f"could not be determined: {error.what}", error.worded(COMMAND_LINE).advice)
    return Check(name, Verdict.WARNING, "could not be determined: a change of no connection was accepted")


def _blamed(error: AepError) -> str:
    """Return the name of the check that an error of the first request belongs to."""
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
        return passed("Clock", text)
    return Check("Clock", Verdict.WARNING, text, "Let this machine set its clock from the network (NTP).")
