"""Drive an emulator from a test or a script.

It needs neither FastAPI nor uvicorn, so a test suite may import it where only the emulator's process has the extra
``emulator`` installed.
"""

import ipaddress
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, cast
from urllib.parse import urlsplit

import requests

from pulumi_adobe_aep.emulator.databases.stand_ins import StandIn, StandInTable
from pulumi_adobe_aep.emulator.faults import Action, Fault, FaultState, NotFound
from pulumi_adobe_aep.emulator.request_log import LOGGED_REQUESTS, LoggedRequest
from pulumi_adobe_aep.emulator.store.entities import Kind

POSTGRESQL_SPEC_ID: Final = "74a1c565-4e59-48d7-9d67-7c03b8a13137"
_FLOW_SERVICE: Final = "/data/foundation/flowservice"
_TIMEOUT: Final = 30.0
_POLL: Final = 0.02
_ROWS: Final = 5000
"""Records in one response of the control API."""

EntityJson = dict[str, Any]
"""An entity as a response of the service shows it."""


class EmulatorError(Exception):
    """The emulator did not start, or refused a control request; the message says why."""


@dataclass(frozen=True)
class Emulator:
    """One running emulator and its control API.

    Attributes:
        base_url: where Flow Service is, without a path.
        ims_url: where the token endpoint is, without a path.
        process: the process, for emulators that `running_emulator` has started.
    """

    base_url: str
    ims_url: str
    client_id: str
    client_secret: str = field(repr=False)
    org_id: str
    process: "subprocess.Popen[str] | None" = field(default=None, repr=False, compare=False)

    @classmethod
    def from_ready_file(cls, path: Path, process: "subprocess.Popen[str] | None" = None) -> "Emulator":
        """Return the emulator that wrote this ready file."""
        ready = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            base_url=ready["baseUrl"],
            ims_url=ready["imsUrl"],
            client_id=ready["clientId"],
            client_secret=ready["clientSecret"],
            org_id=ready["orgId"],
            process=process,
        )

    @property
    def flow_service_url(self) -> str:
        """Where Flow Service is, with its path."""
        return self.base_url + _FLOW_SERVICE

    def environment(self, sandbox: str | None = "dev") -> dict[str, str]:
        """Return the AEP_* variables that point a program at the emulator.

        Args:
            sandbox: the value of AEP_SANDBOX_NAME; None leaves it out.
        """
        variables = {
            "AEP_BASE_URL": self.base_url,
            "AEP_IMS_URL": self.ims_url,
            "AEP_CLIENT_ID": self.client_id,
            "AEP_CLIENT_SECRET": self.client_secret,
            "AEP_ORG_ID": self.org_id,
        }
        return variables if sandbox is None else {**variables, "AEP_SANDBOX_NAME": sandbox}

    def token(self) -> str:
        """Return a new access token. The request for it is in the log."""
        with _new_session(self.ims_url) as session:
            response = session.post(
                f"{self.ims_url}/ims/token/v3",
                data={
                    "client_id": self.client_id,
                    "client_secret": self.client_secret,
                    "grant_type": "client_credentials",
                    "scope": "openid,session,AdobeID,read_organizations,additional_info.projectedProductContext",
                },
                timeout=_TIMEOUT,
            )
        response.raise_for_status()
        return str(response.json()["access_token"])

    def session(self, sandbox: str | None = "dev") -> requests.Session:
        """Return a session with a new token and the headers that Flow Service wants.

        An emulator on this computer is reached directly, whatever proxy the environment names.
        """
        session = _new_session(self.base_url)
        session.headers.update(
            {
                "Authorization": f"Bearer {self.token()}",
                "x-api-key": self.client_id,
                "x-gw-ims-org-id": self.org_id,
            }
        )
        if sandbox is not None:
            session.headers["x-sandbox-name"] = sandbox
        return session

    def reset(self) -> None:
        """Go back to how the process started: no entities, faults or log, its own switches and the computer's time."""
        self._control("POST", "/reset")

    def seed(self, seed: int = 0, *, time_ms: int = 1_767_225_600_000, step_ms: int = 1000) -> None:
        """Reset, and make the same requests give the same ids and times.

        Args:
            seed: makes the ids.
            time_ms: the time from which the requests go on, in milliseconds.
            step_ms: how far each request moves the time, in milliseconds.
        """
        self._control("POST", "/seed", {"seed": seed, "time": time_ms, "step": step_ms})

    def requests(self, method: str | None = None, path: str | None = None, *, after: int = 0) -> list[LoggedRequest]:
        """Return the requests to the emulated services, oldest first.

        Args:
            method: only those with this method.
            path: only those with this part in their path.
            after: only those with a higher sequence number.
        """
        query = {"method": method, "path": path, "after": after}
        found = self._control("GET", "/requests", query={key: value for key, value in query.items() if value})
        return LOGGED_REQUESTS.validate_python(found)

    def forget_requests(self) -> None:
        """Empty the request log."""
        self._control("DELETE", "/requests")

    def fault(
        self,
        action: Action,
        *,
        method: str | None = None,
        path: str | None = None,
        query: str | None = None,
        skip: int = 0,
        times: int | None = 1,
        probability: float = 1.0,
    ) -> FaultState:
        """Put a fault into force, after those that are; the first one that a request meets decides.

        Args:
            action: what happens.
            method: only to requests with this method.
            path: only where this regular expression is found in the path.
            query: only where this regular expression is found in the query.
            skip: how many matching requests pass first.
            times: how many are hit after those; None for all.
            probability: the chance of each of them to be hit.
        """
        fault = Fault(
            method=method, path=path, query=query, skip=skip, times=times, probability=probability, action=action
        )
        added = self._control("POST", "/faults", fault.model_dump(by_alias=True))
        return FaultState.model_validate(added[0])

    def hide(self, entity_id: str, *, kind: Kind = "connections", times: int | None = 1) -> FaultState:
        """Make the next reads of one entity find nothing: 1439-404, the response of a replica that has not seen it yet.

        Args:
            entity_id: which one.
            kind: what it is.
            times: how many reads; None for all.
        """
        path = f"/{kind}/{re.escape(entity_id)}/?$"
        return self.fault(NotFound(), method="GET", path=path, times=times)

    def faults(self) -> list[FaultState]:
        """Return all faults and how often they have hit."""
        return [FaultState.model_validate(each) for each in self._control("GET", "/faults")]

    def lift_faults(self) -> None:
        """Lift all faults."""
        self._control("DELETE", "/faults")

    def latency(self, milliseconds: float) -> None:
        """Make every response take so many milliseconds longer."""
        self._control("PUT", "/latency", {"milliseconds": milliseconds})

    def switch(self, **switches: str | float) -> None:
        """Change switches, named as the options of the command line with underscores for dashes."""
        self._control("PATCH", "/switches", dict(switches))

    def stand_in(
        self,
        tables: Iterable[StandInTable],
        *,
        reachable: bool | None = None,
        connection_id: str | None = None,
    ) -> None:
        """Set what simulates a database other than PostgreSQL.

        Args:
            tables: what it holds.
            reachable: whether it can be logged in to; None leaves that to the switch ``other_databases``.
            connection_id: the connection whose database it is; None for all that have none of their own.
        """
        path = "/databases" if connection_id is None else f"/databases/{connection_id}"
        body = StandIn(reachable=reachable, tables=tuple(tables)).model_dump(by_alias=True, mode="json")
        self._control("PUT", path, body)

    def advance(self, seconds: float) -> None:
        """Put the emulator's clock forward; the runs that are due by then are carried out before it returns."""
        self._control("POST", "/clock/advance", {"seconds": seconds})

    def now(self) -> float:
        """Return the emulator's time, in seconds since 1970."""
        return float(self._control("GET", "/clock")["time"]) / 1000

    def expire_tokens(self) -> None:
        """Make all tokens that were given out so far invalid."""
        self._control("POST", "/tokens/expire")

    def entities(
        self,
        kind: Kind = "connections",
        sandbox: str | None = None,
        *,
        org_id: str | None = None,
        secrets: bool = False,
    ) -> list[EntityJson]:
        """Return what the emulator holds, past all rules of the service; oldest first.

        Args:
            kind: what is wanted.
            sandbox: only of the sandbox with this name.
            org_id: only of this organization.
            secrets: whether secrets are shown in any case, whatever the switch for readers says.
        """
        state = self._control("GET", "/state", query={"secrets": str(secrets).lower()})
        return [
            each
            for each in state[kind]
            if sandbox in (None, each["sandboxName"]) and org_id in (None, each["imsOrgId"])
        ]

    def connections(self, sandbox: str | None = None, *, secrets: bool = False) -> list[EntityJson]:
        """Return the base connections that the emulator holds, as `entities` does."""
        return self.entities("connections", sandbox, secrets=secrets)

    def create(
        self,
        fields: Mapping[str, object],
        *,
        kind: Kind = "connections",
        sandbox: str = "dev",
        state: str = "enabled",
        by: str = "exc_app",
    ) -> EntityJson:
        """Create an entity as somebody else would, past the log and without any check.

        Args:
            fields: what the body of a create would say.
            kind: what it is.
            sandbox: where it lives.
            state: its state, which it has at once.
            by: who creates it; ``exc_app`` is what Adobe's UI is called.
        """
        body = {"fields": dict(fields), "orgId": self.org_id, "sandbox": sandbox, "state": state, "by": by}
        return cast("EntityJson", self._control("POST", f"/{kind}", body))

    def create_connection(
        self, name: str, connection_string: str, *, sandbox: str = "dev", description: str | None = None
    ) -> EntityJson:
        """Create a PostgreSQL base connection as somebody else would, past the log and without any check."""
        fields: EntityJson = {"name": name} if description is None else {"name": name, "description": description}
        fields["auth"] = {
            "specName": "Connection String Based Authentication",
            "params": {"connectionString": connection_string},
        }
        fields["connectionSpec"] = {"id": POSTGRESQL_SPEC_ID, "version": "1.0"}
        return self.create(fields, sandbox=sandbox)

    def change(
        self,
        entity_id: str,
        *,
        kind: Kind = "connections",
        fields: Mapping[str, object] | None = None,
        params: Mapping[str, object] | None = None,
        state: str | None = None,
        by: str = "exc_app",
    ) -> EntityJson:
        """Change an entity as somebody else would, past the log and all rules.

        Args:
            entity_id: which one.
            kind: what it is.
            fields: top-level fields to set; None as a value takes one away.
            params: keys of ``auth.params`` to set; None as a value takes one away.
            state: its new state.
            by: who makes the change.
        """
        body = {"fields": dict(fields or {}), "params": dict(params or {}), "state": state, "by": by}
        return cast("EntityJson", self._control("PATCH", f"/{kind}/{entity_id}", body))

    def create_schema(
        self,
        schema_id: str,
        properties: Mapping[str, object],
        *,
        required: Sequence[str] = (),
        version: str = "1.0",
        title: str = "",
        sandbox: str = "dev",
    ) -> EntityJson:
        """Put a schema into the Schema Registry.

        Args:
            schema_id: its ``$id``.
            properties: the JSON Schema of each of its fields, without references.
            required: the fields that every record has.
            version: major and minor version.
            title: its title; the ``$id`` where it has none.
            sandbox: where it lives.
        """
        fields: EntityJson = {
            "$id": schema_id,
            "title": title or schema_id,
            "version": version,
            "type": "object",
            "properties": dict(properties),
            "required": list(required),
        }
        return self.create(fields, kind="schemas", sandbox=sandbox)

    def run(self, flow_id: str) -> EntityJson:
        """Run a flow at once, up to now, whatever its schedule and state; return the run."""
        return cast("EntityJson", self._control("POST", f"/flows/{flow_id}/runs"))

    def batches(self, data_set_id: str) -> list[EntityJson]:
        """Return the batches of a data set, oldest first; those of failed runs hold nothing."""
        return cast("list[EntityJson]", self._control("GET", f"/dataSets/{data_set_id}/batches"))

    def rows(self, data_set_id: str) -> list[EntityJson]:
        """Return all records of a data set, in the order of their ingestion."""
        found: list[EntityJson] = []
        while True:
            query = {"offset": len(found), "limit": _ROWS}
            part = cast("list[EntityJson]", self._control("GET", f"/dataSets/{data_set_id}/rows", query=query))
            found += part
            if len(part) < _ROWS:
                return found

    def hide_flow(self, flow_id: str, clients: Sequence[str] | None = None) -> None:
        """Hide a flow, as an access label does that a client's roles lack.

        Args:
            flow_id: which flow.
            clients: the client ids that do not see it from now on; the emulator's own client if not given, none for [].
        """
        hidden_from = [self.client_id] if clients is None else list(clients)
        self._control("PUT", f"/flows/{flow_id}/hidden", {"clients": hidden_from})

    def rewrite(self, entity_id: str, *, kind: Kind = "connections") -> EntityJson:
        """Make the service write an entity by itself: another etag, the same ``updatedAt``."""
        return cast("EntityJson", self._control("PATCH", f"/{kind}/{entity_id}", {"by": None}))

    def delete(self, entity_id: str, *, kind: Kind = "connections") -> None:
        """Delete an entity as somebody else would, past the log and all rules."""
        self._control("DELETE", f"/{kind}/{entity_id}")

    def _control(
        self,
        method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"],
        path: str,
        body: Mapping[str, object] | None = None,
        query: Mapping[str, str | int] | None = None,
    ) -> Any:
        with _new_session(self.base_url) as session:
            url = f"{self.base_url}/_emulator{path}"
            response = session.request(method, url, json=body, params=query, timeout=_TIMEOUT)
        if not response.ok:
            raise EmulatorError(f"{method} {path} of the control API: {response.status_code} {response.text}")
        return response.json() if response.content else None


def _new_session(url: str) -> requests.Session:
    """Return a session for an address; what is on this computer is never reached through a proxy.

    A proxy that the environment names would get the client's secret in clear, and would look for the address on its own
    computer.
    """
    session = requests.Session()
    if _is_on_this_computer(urlsplit(url).hostname or ""):
        session.trust_env = False
        # Of what requests reads from the environment, the authorities are wanted all the same.
        session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
    return session


def _is_on_this_computer(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


@contextmanager
def running_emulator(options: Sequence[str] = (), *, start_seconds: float = 30.0) -> Iterator[Emulator]:
    """Run an emulator with the control API in a process of its own, on a free port.

    Args:
        options: more options of its command line.
        start_seconds: how long it may take to start.

    Raises:
        EmulatorError: it did not start.
    """
    with tempfile.TemporaryDirectory(prefix="aep-emulator-") as directory:
        ready_file = Path(directory, "ready.json")
        command = [sys.executable, "-m", "pulumi_adobe_aep.emulator", "--control", "--ready-file", str(ready_file)]
        # The output goes to a file: nobody would read a pipe, and a full one would stop the emulator.
        with Path(directory, "output.txt").open("w+", encoding="utf-8") as output:
            process = subprocess.Popen(  # noqa: S603 - our own module and the caller's options
                [*command, *options], stdin=subprocess.DEVNULL, stdout=output, stderr=output, text=True
            )
            try:
                _wait_until_ready(process, ready_file, Path(output.name), start_seconds)
                yield Emulator.from_ready_file(ready_file, process)
            finally:
                _end(process)


def _wait_until_ready(process: "subprocess.Popen[str]", ready_file: Path, output: Path, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not ready_file.exists():
        if process.poll() is not None:
            raise EmulatorError(f"the emulator did not start: {output.read_text(encoding='utf-8').strip()}")
        if time.monotonic() > deadline:
            raise EmulatorError(f"the emulator did not start within {seconds:g} seconds")
        time.sleep(_POLL)


def _end(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
