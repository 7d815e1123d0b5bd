"""Everything that one running emulator knows."""

import secrets

from pulumi_adobe_aep.emulator.clock import Clock, SteppedClock, SystemClock
from pulumi_adobe_aep.emulator.databases.stand_ins import StandIns
from pulumi_adobe_aep.emulator.faults import FaultPlan
from pulumi_adobe_aep.emulator.flow_service.connections import Connections
from pulumi_adobe_aep.emulator.flow_service.data_sets import DataSets
from pulumi_adobe_aep.emulator.flow_service.flows import Flows
from pulumi_adobe_aep.emulator.flow_service.jobs import Jobs
from pulumi_adobe_aep.emulator.flow_service.mapping_sets import MappingSets
from pulumi_adobe_aep.emulator.flow_service.rules import Rules
from pulumi_adobe_aep.emulator.flow_service.run_requests import RunRequests
from pulumi_adobe_aep.emulator.flow_service.runs import Runs
from pulumi_adobe_aep.emulator.flow_service.schemas import Schemas
from pulumi_adobe_aep.emulator.flow_service.source_connections import SourceConnections
from pulumi_adobe_aep.emulator.flow_service.source_databases import SourceDatabases
from pulumi_adobe_aep.emulator.flow_service.target_connections import TargetConnections
from pulumi_adobe_aep.emulator.identifiers import Identifiers
from pulumi_adobe_aep.emulator.ims import TokenIssuer
from pulumi_adobe_aep.emulator.limits import RateLimiter
from pulumi_adobe_aep.emulator.organizations import Directory, default_directory, read_directory
from pulumi_adobe_aep.emulator.request_log import RequestLog
from pulumi_adobe_aep.emulator.settings import Settings, Switches
from pulumi_adobe_aep.emulator.store.entity_store import EntityStore
from pulumi_adobe_aep.emulator.store.journal import Journal, MemoryJournal, SqliteJournal
from pulumi_adobe_aep.emulator.store.replicas import Replication

_DIRECTORY, _KEY, _GENERATION = "directory", "token-key", "token-generation"


class World:
    """The state of one emulator: its organizations, entities, tokens, faults and the log.

    Args:
        settings: the options of the process.

    Raises:
        DirectoryError: the configuration file cannot be used.
        JournalError: the data file cannot be used.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.clock: Clock = SystemClock()
        self.identifiers = Identifiers()
        self.journal: Journal = MemoryJournal() if settings.data is None else SqliteJournal(settings.data)
        self.directory = self._find_directory()
        self.rules = Rules(settings.switches, settings.loose)
        self.latency = settings.latency
        self.store = EntityStore(self.clock, self.identifiers, self.journal)
        self.store.replicate(_replication(settings.switches))
        self.tokens = TokenIssuer(
            self.directory,
            self.clock,
            self.identifiers,
            key=self._find_key(),
            generation=int(self.journal.noted(_GENERATION) or 0),
        )
        self.limits = RateLimiter()
        self.faults = FaultPlan(self.identifiers)
        self.log = RequestLog()
        self.stand_ins = StandIns()
        databases = SourceDatabases(self.rules, self.stand_ins)
        self.connections = Connections(self.store, self.rules, databases)
        self.source_connections = SourceConnections(self.store, self.rules)
        self.target_connections = TargetConnections(self.store, self.rules)
        self.schemas = Schemas(self.store)
        self.data_sets = DataSets(self.store, self.identifiers)
        self.mapping_sets = MappingSets(self.store, self.rules, self.identifiers, self.schemas)
        self.flows = Flows(self.store, self.rules, self.clock, self.mapping_sets)
        jobs = Jobs(self.store, self.rules, self.mapping_sets, databases)
        self.runs = Runs(self.store, self.rules, self.clock, self.flows, jobs)
        self.run_requests = RunRequests(self.store, self.clock, self.flows, self.runs)

    def use_switches(self, switches: Switches) -> None:
        """Go on with other switches."""
        self.rules.switches = switches
        self.store.replicate(_replication(switches))

    def expire_tokens(self) -> None:
        """Make all tokens that were given out so far invalid."""
        self.journal.note(_GENERATION, str(self.tokens.expire_all()))

    def reset(self) -> None:
        """Go back to how the process started: no entities, faults or log, its own switches and the computer's time."""
        self.store.clear()
        self.connections.forget()
        self.stand_ins.forget()
        self.faults.clear()
        self.log.clear()
        self.limits.clear()
        self.use_switches(self.settings.switches)
        self.latency = self.settings.latency
        self._use(SystemClock(), Identifiers())

    def seed(self, seed: int, time: int, step: int) -> None:
        """Reset, and make ids and times the same for the same requests from now on.

        Args:
            seed: makes the ids.
            time: the time of the next request but for one step, in milliseconds.
            step: how far each request moves the time, in milliseconds.
        """
        self.reset()
        self._use(SteppedClock(time, step), Identifiers(seed))

    def close(self) -> None:
        """Close the data file."""
        self.journal.close()

    def _use(self, clock: Clock, identifiers: Identifiers) -> None:
        self.clock, self.identifiers = clock, identifiers
        self.store.use(clock, identifiers)
        self.tokens.use(clock, identifiers)
        self.faults.use(identifiers)
        self.flows.use(clock)
        self.runs.use(clock)
        self.run_requests.use(clock)
        self.data_sets.use(identifiers)
        self.mapping_sets.use(identifiers)

    def _find_directory(self) -> Directory:
        """Take the configuration file, else what the data file was begun with, else something new."""
        settings, noted = self.settings, self.journal.noted(_DIRECTORY)
        if settings.config is not None:
            directory = read_directory(settings.config)
        elif noted is not None:
            directory = Directory.model_validate_json(noted)
        else:
            directory = default_directory()
            self.journal.note(_DIRECTORY, directory.model_dump_json(by_alias=True))
        return directory.with_sandboxes(settings.sandboxes)

    def _find_key(self) -> bytes:
        noted = self.journal.noted(_KEY)
        key = bytes.fromhex(noted) if noted is not None else secrets.token_bytes(32)
        if noted is None:
            self.journal.note(_KEY, key.hex())
        return key


def _replication(switches: Switches) -> Replication:
    return Replication(
        lag=int(switches.read_lag_seconds * 1000),
        replicas=int(switches.replicas),
        lagging=int(switches.lagging_replicas),
    )
