"""One cell of the fault matrix: an operation, a fault, and a comparison of the state with the service afterwards.

The scene keeps the state as the engine does: what the provider returned counts, and after a failure the state is what
it was before.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Action, Answer, ExpireTokens
from pulumi_adobe_aep.emulator.request_log import LoggedRequest
from tests.faults.faults import Fault, Lag, Operation, Place
from tests.faults.network import closed_port, opened_when, trap, untrusted_server
from tests.faults.scenario import FIRST, SANDBOX, SECOND, SECRETS, Scenario
from tests.faults.scenarios import POSTGRESQL
from tests.support.host import Adapter, Host, ProviderFailed, Wire
from tools.database import PostgresServer, SampleDatabase

ENOUGH_SECONDS = 60
"""A time limit that no passing fault reaches."""
SHORT_SECONDS = 4
"""A time limit for faults that stay."""
WAITING_SECONDS = 5
"""A time limit for a fault that passes, and that only waiting ends: half of it is for the first attempt."""
LAG_SECONDS = 600
"""How far a copy of the data is behind, so far that it does not catch up."""


@dataclass(frozen=True)
class StartHost:
    """Starts provider processes.

    Attributes:
        adapter: Which of the two.
    """

    adapter: Adapter

    def __call__(self, environment: Mapping[str, str], log: Path, *, is_fast: bool = True) -> Host:
        """Start one.

        Args:
            environment: Its AEP_* variables.
            log: The file for its log.
            is_fast: Whether every wait of it takes a moment only. What it waits for must then not need time itself.
        """
        return Host(environment, log, self.adapter, is_fast=is_fast)


class SharedHosts:
    """Provider processes that serve many cells, one for each time limit: starting one is most of what a cell costs."""

    def __init__(self, folder: Path, start: StartHost) -> None:
        self._folder = folder
        self._start = start
        self._hosts: dict[str, Host] = {}

    def get(self, environment: dict[str, str]) -> Host:
        """Return the process with this time limit."""
        limit = environment["AEP_TIMEOUT"]
        if limit not in self._hosts:
            self._hosts[limit] = self._start(environment, self._folder / f"provider-{limit}.log")
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

    scenario: Scenario
    operation: Operation
    fault: Fault
    lasts: bool
    emulator: Emulator
    good_host: Host
    server: PostgresServer
    database: SampleDatabase
    folder: Path
    shared_hosts: SharedHosts
    start: StartHost
    references: Wire = field(default_factory=dict)
    state: Wire | None = None
    environment: dict[str, str] = field(default_factory=dict)
    log: str = ""
    before: list[Wire] = field(default_factory=list)
    own_process: bool = True

    def prepare(self) -> None:
        """Bring about what the operation needs."""
        if self.fault.lag is not None:
            # Its time passes with the requests only, so that what is recent does not depend on how busy the machine is.
            self.emulator.seed(step_ms=1)
            self.emulator.switch(read_lag_seconds=LAG_SECONDS, replicas=2, lagging_replicas=2 if self.lasts else 1)
        self.references = self.scenario.prepare(self.emulator, SANDBOX)
        self.good_host = self.good_host.serving(self.scenario.provider)
        if self.operation in (Operation.READ, Operation.UPDATE, Operation.DELETE):
            self._create()
        self.before = self._stored()
        self.emulator.forget_requests()

    def _create(self) -> None:
        if self.fault.lag is not Lag.CHANGE:
            self.state = self.good_host.create(self._inputs()).outputs
            if self.fault.lag is None:
                # Long ago, so that a 404 counts at once; the rows about reads that lag are those where it does not.
                self.emulator.advance(LAG_SECONDS)
            return
        created = self.good_host.create(self._inputs(SECOND, description="long before"))
        self.emulator.advance(2 * LAG_SECONDS)
        self.state = self.good_host.update(created.id, created.outputs, self._inputs())

    def _inputs(self, secret: str = FIRST, **others: object) -> Wire:
        return self.scenario.inputs(self.references, secret, **{"description": "before", **others})

    def _stored(self) -> list[Wire]:
        return self.scenario.stored(self.emulator)

    @contextlib.contextmanager
    def broken(self) -> Iterator[None]:
        """Put the fault into force."""
        fault = self.fault
        self.environment = {**self.emulator.environment(), "AEP_LOG": "info"}
        self.environment["AEP_TIMEOUT"] = str(self._limit())
        with contextlib.ExitStack() as stack:
            if fault.place is not None:
                address = self._address(fault.place, stack)
                self.environment["AEP_IMS_URL" if self.operation is Operation.TOKEN else "AEP_BASE_URL"] = address
                yield
                return
            self.own_process = self.operation is Operation.TOKEN
            if not self.own_process:
                self._warm_up()
            other = stack.enter_context(trap())
            if fault.action is not None:
                self._order(fault.action(other.address))
            yield
            assert other.callers == 0, "a redirect was followed"

    def _warm_up(self) -> None:
        """Pass a valid token to the shared process; a write also ends what it may have listed before."""
        host = self._shared_host()
        host.delete("11111111-2222-3333-4444-555555555555", {"sandboxName": SANDBOX})
        self.emulator.forget_requests()

    def _shared_host(self) -> Host:
        return self.shared_hosts.get(self.environment).serving(self.scenario.provider)

    def _address(self, place: Place, stack: contextlib.ExitStack) -> str:
        if place is Place.NO_SUCH_NAME:
            return "https://no-such-host.invalid"
        if place is Place.UNTRUSTED:
            return stack.enter_context(untrusted_server(self.folder))
        held = stack.enter_context(closed_port())
        if not self.lasts:
            port = urlsplit(self.emulator.base_url).port or 0
            stack.enter_context(opened_when(held, port, self._is_trying_again))
        return f"http://127.0.0.1:{held.getsockname()[1]}"

    def _is_trying_again(self) -> bool:
        log = self.folder / "provider.log"
        return log.exists() and "Trying again" in log.read_text(encoding="utf-8")

    def _limit(self) -> int:
        if self.lasts and self.fault.cuts and self.operation is Operation.UPDATE:
            return ENOUGH_SECONDS  # Each conflict with its own lost change is tried again: that ends after five.
        return SHORT_SECONDS if self.lasts else WAITING_SECONDS if self.fault.waits else ENOUGH_SECONDS

    def _order(self, action: Action) -> None:
        if self.operation is Operation.TOKEN and isinstance(action, ExpireTokens):
            # IMS has no token to expire: it refuses.
            action = Answer(status=401, body='{"error":"invalid_client","error_description":"invalid client"}')
        method, path = self.scenario.target(self.operation)
        self.emulator.fault(action, method=method, path=path, times=None if self.lasts else 1)

    def act(self) -> Ended:
        """Do the operation; in a process of its own where it is about the token or the address."""
        if self.own_process:
            # To open a port meanwhile takes time.
            is_fast = self.fault.place is None or self.lasts
            with self.start(self.environment, self.folder / "provider.log", is_fast=is_fast) as host:
                ended = self._act(host.serving(self.scenario.provider))
                self.log = host.log()
            return ended
        host = self._shared_host()
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
            return host.create(self._inputs()).outputs
        if self.operation is Operation.VERIFY:
            return host.create(self._verified()).outputs
        assert self.state is not None
        entity_id = str(self.state[self.scenario.kind.id_key])
        if self.operation is Operation.READ:
            found = host.read(entity_id, self.state)
            return found.outputs if found.id else None
        if self.operation is Operation.UPDATE:
            return host.update(entity_id, self.state, self._inputs(SECOND, description="after"))
        host.delete(entity_id, self.state)
        return None

    def _verified(self) -> Wire:
        assert self.scenario.verified is not None
        return self._inputs() | self.scenario.verified(self.server, self.database)

    # What came of it.

    def observe(self, ended: Ended) -> str:
        """Say in a few words what happened, from the requests, the store and the end."""
        store = self._stored()
        if ended.failure:
            kind = ended.failure.split(":", 1)[0].removeprefix("pulumi_adobe_aep.")
            return f"{'stops' if store == self.before else 'stops, done in the service'}: {kind}"
        assert_agree(self.emulator, ended.state, self.scenario)
        requests = self.emulator.requests()
        if "is not verified" in self.log:
            return "created, not verified"
        # A process of its own asks for a first one.
        if len(_sent(requests, "POST", "/ims/token/")) > self.own_process and self.operation is not Operation.TOKEN:
            return "done with a new token"
        method, path = self.scenario.target(self.operation)
        if self.fault.lag is not None:
            return "repeated" if len(_sent(requests, *self._reads())) > 1 else "done"
        times = len(_sent(requests, method, path))
        if "Looking whether" in self.log:
            return "adopted" if times == 1 else "looked for, sent again"
        return "done" if times == 1 and "Trying again" not in self.log else "sent again"

    def _reads(self) -> tuple[str, str]:
        """Return method and path of the request whose response may be out of date."""
        is_verified = self.operation is Operation.VERIFY
        return self.scenario.target(Operation.VERIFY if is_verified else Operation.READ)

    def secrets(self) -> tuple[str, ...]:
        """Return what no string may hold."""
        return (*SECRETS, self.database.password, self.emulator.client_secret)

    def again(self, ended: Ended) -> Wire | None:
        """Do what a person does after the network is well again: the same command, or what the message says."""
        self.emulator.lift_faults()
        self.emulator.switch(read_lag_seconds=0)
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
        orphans = [each for each in self._stored() if each not in self.before]
        if orphans:
            # A message that leaves one behind must name the way to it.
            (orphan,) = orphans
            assert "connections --orphans" in ended.failure or str(orphan["id"]) in ended.failure, ended.failure
            taken = self._inputs(**{self.scenario.takes_over: orphan["id"]})
            return self.good_host.create(taken).outputs
        return self._call(self.good_host)


def assert_agree(emulator: Emulator, state: Wire | None, scenario: Scenario = POSTGRESQL) -> None:
    """Assert that the service has exactly what the state says, credentials included."""
    store = scenario.stored(emulator)
    if state is None:
        assert store == []
        return
    (only,) = store
    expected = scenario.expectation(state)
    assert {key: only.get(key) for key in expected} == expected


def _sent(requests: list[LoggedRequest], method: str, path: str) -> list[LoggedRequest]:
    return [each for each in requests if each.method == method and re.search(path, each.path)]
