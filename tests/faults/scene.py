"""One cell of the fault matrix: an operation, a fault, and a comparison of the state with the service afterwards.

The scene keeps the state as the engine does: what the provider returned counts, and after a failure the state is what
it was before.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Answer, ExpireTokens
from pulumi_adobe_aep.emulator.request_log import LoggedRequest
from tests.faults.faults import TARGETS, Fault, Operation, Place
from tests.faults.network import Trap, closed_port, opened_when, trap, untrusted_server
from tests.support.host import Adapter, Host, ProviderFailed, Wire
from tools.database import PostgresServer, SampleDatabase

FIRST = "first-canary-4711"
SECOND = "second-canary-0815"
SECRETS = (FIRST, SECOND)
ENOUGH_SECONDS = 60
"""A time limit that no passing fault reaches."""
SHORT_SECONDS = 4
"""A time limit for faults that stay."""
WAITING_SECONDS = 8
"""A time limit for a fault that passes, and that only waiting ends: half of it is for the first attempt."""


def declared(password: str = FIRST, **others: Any) -> Wire:
    """Return inputs as a program declares them."""
    auth = {"server": "db.example.com", "database": "crm", "username": "aep_reader", "password": password}
    return {"name": "crm", "auth": {"specName": "Connection String Based Authentication", **auth}, **others}


BEFORE = declared(description="before")
AFTER = declared(SECOND, description="after")


def expected_string(auth: Wire) -> str:
    """Return the connection string that the service must hold, written down here a second time on purpose."""
    port = int(float(str(auth.get("port", 5432))))
    return (
        f"Server={auth['server']};Database={auth['database']};Port={port};"
        f"UID={auth['username']};Password={auth['password']}"
    )


class SharedHosts:
    """Provider processes that serve many cells, one for each time limit: starting one is most of what a cell costs."""

    def __init__(self, folder: Path, adapter: Adapter) -> None:
        self._folder = folder
        self.adapter = adapter
        self._hosts: dict[str, Host] = {}

    def get(self, environment: dict[str, str]) -> Host:
        """Return the process with this time limit."""
        limit = environment["AEP_TIMEOUT"]
        if limit not in self._hosts:
            self._hosts[limit] = Host(environment, self._folder / f"provider-{limit}.log", self.adapter)
        return self._hosts[limit]

    def close(self) -> None:
        """End all processes."""
        for host in self._hosts.values():
            host.close()


@dataclass
class Ended:
    """How an operation ended."""

    state: Wire | None
    """The outputs as the engine would keep them; None for no resource."""
    failure: str = ""
    """What a person sees; empty when it went well."""


@dataclass
class Scene:
    """A cell while it is played."""

    operation: Operation
    emulator: Emulator
    good_host: Host
    server: PostgresServer
    database: SampleDatabase
    folder: Path
    shared_hosts: SharedHosts
    state: Wire | None = None
    environment: dict[str, str] = field(default_factory=dict)
    log: str = ""
    before: list[Wire] = field(default_factory=list)
    own_process: bool = True

    def prepare(self) -> None:
        """Bring about what the operation needs."""
        if self.operation in (Operation.READ, Operation.UPDATE, Operation.DELETE):
            self.state = self.good_host.create(BEFORE).outputs
        self.before = self.emulator.connections(secrets=True)
        self.emulator.forget_requests()

    @contextlib.contextmanager
    def broken(self, fault: Fault, *, lasts: bool) -> Iterator[None]:
        """Put the fault into force."""
        self.environment = {**self.emulator.environment(), "AEP_LOG": "info"}
        self.environment["AEP_TIMEOUT"] = str(self._limit(fault, lasts=lasts))
        with contextlib.ExitStack() as stack:
            if fault.place is not None:
                address = self._address(fault.place, stack, lasts=lasts)
                self.environment["AEP_IMS_URL" if self.operation is Operation.TOKEN else "AEP_BASE_URL"] = address
                yield
                return
            self.own_process = self.operation is Operation.TOKEN
            if not self.own_process:
                self._warm_up()
            other = stack.enter_context(trap())
            self._order(fault, other, lasts=lasts)
            yield
            assert other.callers == 0, "a redirect was followed"

    def _warm_up(self) -> None:
        """Let the shared process have a token that is valid; a write also ends what it may have listed before."""
        host = self.shared_hosts.get(self.environment)
        host.delete("11111111-2222-3333-4444-555555555555", {"sandboxName": "dev"})
        self.emulator.forget_requests()

    def _address(self, place: Place, stack: contextlib.ExitStack, *, lasts: bool) -> str:
        if place is Place.NO_SUCH_NAME:
            return "https://no-such-host.invalid"
        if place is Place.UNTRUSTED:
            return stack.enter_context(untrusted_server(self.folder))
        held = stack.enter_context(closed_port())
        if not lasts:
            port = urlsplit(self.emulator.base_url).port or 0
            stack.enter_context(opened_when(held, port, self._is_trying_again))
        return f"http://127.0.0.1:{held.getsockname()[1]}"

    def _is_trying_again(self) -> bool:
        log = self.folder / "provider.log"
        return log.exists() and "Trying again" in log.read_text(encoding="utf-8")

    def _limit(self, fault: Fault, *, lasts: bool) -> int:
        if lasts and fault.cuts and self.operation is Operation.UPDATE:
            return ENOUGH_SECONDS  # Each conflict with its own lost change begins anew: that ends after five.
        return SHORT_SECONDS if lasts else WAITING_SECONDS if fault.waits else ENOUGH_SECONDS

    def _order(self, fault: Fault, other: Trap, *, lasts: bool) -> None:
        assert fault.action is not None
        action = fault.action(other.address)
        if self.operation is Operation.TOKEN and isinstance(action, ExpireTokens):
            # IMS has no token to expire: it refuses.
            action = Answer(status=401, body='{"error":"invalid_client","error_description":"invalid client"}')
        method, path = TARGETS[self.operation]
        self.emulator.fault(action, method=method, path=path, times=None if lasts else 1)

    def act(self) -> Ended:
        """Do the operation; in a process of its own where it is about the token or the address."""
        if self.own_process:
            with Host(self.environment, self.folder / "provider.log", self.good_host.adapter) as host:
                ended = self._act(host)
                self.log = host.log()
            return ended
        host = self.shared_hosts.get(self.environment)
        before = len(host.log())
        ended = self._act(host)
        self.log = host.log()[before:]
        return ended

    def _act(self, host: Host) -> Ended:
        try:
            return Ended(self._call(host))
        except ProviderFailed as failed:
            return Ended(self.state, str(failed))

    def _call(self, host: Host) -> Wire | None:
        if self.operation in (Operation.CREATE, Operation.TOKEN):
            return host.create(BEFORE).outputs
        if self.operation is Operation.VERIFY:
            return host.create(self._verified()).outputs
        assert self.state is not None
        connection_id = str(self.state["connectionId"])
        if self.operation is Operation.READ:
            found = host.read(connection_id, self.state)
            return found.outputs if found.id else None
        if self.operation is Operation.UPDATE:
            return host.update(connection_id, self.state, AFTER)
        host.delete(connection_id, self.state)
        return None

    def _verified(self) -> Wire:
        auth = {
            "server": self.server.host,
            "port": self.server.port,
            "database": self.database.name,
            "username": self.database.role,
            "password": self.database.password,
        }
        return declared() | {
            "verify": True,
            "auth": {"specName": "Connection String Based Authentication", **auth},
        }

    # What came of it.

    def observe(self, ended: Ended) -> str:
        """Say in a few words what happened, from the requests, the store and the end."""
        store = self.emulator.connections(secrets=True)
        if ended.failure:
            kind = ended.failure.split(":", 1)[0].removeprefix("pulumi_adobe_aep.")
            return f"{'stops' if store == self.before else 'stops, done in the service'}: {kind}"
        assert_agree(self.emulator, ended.state)
        requests = self.emulator.requests()
        if "is not verified" in self.log:
            return "created, not verified"
        # A process of its own asks for a first one.
        if len(_sent(requests, "POST", "/ims/token/")) > self.own_process and self.operation is not Operation.TOKEN:
            return "done with a new token"
        method, path = TARGETS[self.operation]
        times = len(_sent(requests, method, path))
        if "Looking whether" in self.log:
            return "adopted" if times == 1 else "looked for, sent again"
        return "done" if times == 1 and "Trying again" not in self.log else "sent again"

    def secrets(self) -> tuple[str, ...]:
        """Return what must not stand in any text."""
        return (*SECRETS, self.database.password, self.emulator.client_secret)

    def again(self, ended: Ended) -> Wire | None:
        """Do what a person does after the network is well again: the same command, or what the message says."""
        self.emulator.lift_faults()
        self.state = ended.state
        if not ended.failure:
            return ended.state
        if self.operation in (Operation.CREATE, Operation.TOKEN, Operation.VERIFY):
            return self._recover_create(ended)
        try:
            return self._call(self.good_host)
        except ProviderFailed as failed:
            raise AssertionError(f"it did not recover: {failed}") from None

    def _recover_create(self, ended: Ended) -> Wire | None:
        orphans = [each for each in self.emulator.connections() if each not in self.before]
        if orphans:
            # A message that leaves one behind must name the way to it.
            (orphan,) = orphans
            assert "connections --orphans" in ended.failure or str(orphan["id"]) in ended.failure, ended.failure
            taken = declared(description="before") | {"existingConnectionId": orphan["id"]}
            return self.good_host.create(taken).outputs
        return self._call(self.good_host)


def assert_agree(emulator: Emulator, state: Wire | None) -> None:
    """Assert that the service has exactly what the state says, credentials included."""
    store = emulator.connections(secrets=True)
    if state is None:
        assert store == []
        return
    only: Wire
    (only,) = store
    assert only["id"] == state["connectionId"]
    assert only["name"] == state["name"]
    assert only.get("description") == state.get("description")
    assert only["sandboxName"] == state["sandboxName"]
    assert only["imsOrgId"] == state["orgId"]
    assert only["auth"]["params"] == {"connectionString": expected_string(state["auth"])}


def _sent(requests: list[LoggedRequest], method: str, path: str) -> list[LoggedRequest]:
    return [each for each in requests if each.method == method and re.search(path, each.path)]
