"""A table of a real PostgreSQL and the dataflow that reads it, for the tests of runs."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from tests.emulator.api import CRM_TO_AEP, POSTGRESQL, Api
from tests.emulator.test_chain import SCHEMA, make, make_data_set, neighbour, source_body, target_body
from tests.emulator.test_databases import by_string, connection_string

if TYPE_CHECKING:
    from pulumi_adobe_aep.emulator.client import Emulator
    from tools.database import PostgresServer, SampleDatabase

HOUR = 3600
DELAY = 150
"""How long after a run's time its result is there, in seconds."""
LOADED = 1_700_000_000
"""When the first rows were written, in seconds: long before every start."""


@dataclass
class Table:
    """A table of its own, with an id, a name, an age as a string, and when a row was changed."""

    server: PostgresServer
    sample: SampleDatabase
    name: str

    @classmethod
    def make(cls, server: PostgresServer, sample: SampleDatabase) -> Table:
        table = cls(server, sample, f"public.people_{uuid.uuid4().hex[:12]}")
        table.execute("CREATE TABLE {} (id integer, name text, age text, changed timestamptz)")
        table.execute(f"GRANT SELECT ON {{}} TO {sample.role}")
        return table

    def execute(self, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement in which {} is the table."""
        return self.server.execute(statement.format(self.name), database=self.sample.name)

    def insert(self, first: int, last: int, changed: float = LOADED, age: str = "41") -> None:
        """Write rows with these ids, changed at that time in seconds."""
        moment = datetime.fromtimestamp(changed, timezone.utc).isoformat()
        numbers = f"generate_series({first}, {last}) n"
        self.execute(f"INSERT INTO {{}} SELECT n, 'name ' || n, '{age}', '{moment}' FROM {numbers}")  # noqa: S608


def attribute(source: str, destination: str) -> dict[str, Any]:
    return {"sourceType": "ATTRIBUTE", "source": source, "destination": destination}


MAPPINGS = (
    attribute("id", "_id"),
    {"sourceType": "EXPRESSION", "source": "upper(name)", "destination": "person.name"},
    {"sourceType": "EXPRESSION", "source": "to_integer(age)", "destination": "person.age"},
)


@dataclass
class Ingestion:
    """One dataflow's parts."""

    api: Api
    table: Table
    base: str
    source: str
    data_set: str
    target: str
    mapping: str

    @classmethod
    def make(cls, api: Api, table: Table, mappings: tuple[dict[str, Any], ...] = MAPPINGS) -> Ingestion:
        base = api.create(auth=by_string(connection_string(table.server, table.sample)))
        params = {"tableName": table.name}
        source = make(api, "/sourceConnections", source_body(base, params=params, connectionSpec=dict(POSTGRESQL)))
        data_set = make_data_set(api)
        target = make(api, "/targetConnections", target_body(data_set))
        return cls(api, table, base, source, data_set, target, make_mapping(api, mappings))

    @property
    def emulator(self) -> Emulator:
        return self.api.emulator

    @property
    def ids(self) -> list[Any]:
        """The ids of the records in the data set, in the order of their ingestion."""
        return [each["_id"] for each in self.emulator.rows(self.data_set)]

    def start(self, after: float = 60) -> int:
        """A start time so many seconds from now, by the emulator's clock."""
        return int(self.emulator.now() + after)

    def body(self, start: int, frequency: str = "hour", **changes: Any) -> dict[str, Any]:
        is_once = frequency == "once"
        mapping = {"name": "Mapping", "params": {"mappingId": self.mapping, "mappingVersion": 0}}
        copy = {"name": "Copy", "params": {"deltaColumn": {"name": "changed"}}}
        body: dict[str, Any] = {
            "name": "people",
            "flowSpec": dict(CRM_TO_AEP),
            "sourceConnectionIds": [self.source],
            "targetConnectionIds": [self.target],
            "transformations": [mapping] if is_once else [copy, mapping],
            "scheduleParams": {"startTime": str(start), "frequency": frequency} | ({} if is_once else {"interval": 1}),
        }
        return {key: value for key, value in (body | changes).items() if value is not None}

    def flow(self, start: int, frequency: str = "hour", **changes: Any) -> str:
        return make(self.api, "/flows", self.body(start, frequency, **changes))

    def scheduled(self, start: int, **changes: Any) -> dict[str, Any]:
        """The hourly schedule with changes."""
        return {"scheduleParams": {"startTime": str(start), "frequency": "hour", "interval": 1} | changes}

    def advance_to(self, moment: float) -> None:
        """Move the emulator's clock to a time in seconds, plus what a run takes to appear."""
        self.emulator.advance(moment + DELAY + 1 - self.emulator.now())
        # The old token may have expired on the way.
        self.api = Api.of(self.emulator)

    def runs(self, flow: str) -> list[dict[str, Any]]:
        response = self.api.get("/runs", property=f"flowId=={flow}", orderby="createdAt", limit=100)
        assert response.status_code == 200, response.text
        return list(response.json()["items"])

    def run(self, flow: str) -> dict[str, Any]:
        """The flow's only run."""
        (run,) = self.runs(flow)
        return run


def make_mapping(api: Api, mappings: tuple[dict[str, Any], ...]) -> str:
    reference = {"id": SCHEMA, "contentType": "application/vnd.adobe.xed-full+json;version=1"}
    body = {"name": "people", "outputSchema": {"schemaRef": reference}, "mappings": list(mappings)}
    return str(neighbour(api, "/conversion/mappingSets", body)["id"])


def counts(run: dict[str, Any]) -> tuple[int, int, int]:
    """The counts of a run: rows read, records kept, rows that failed."""
    summary = run["metrics"]["recordSummary"]
    return summary["inputRecordCount"], summary["outputRecordCount"], summary["failedRecordCount"]


def status(run: dict[str, Any]) -> str:
    return str(run["metrics"]["statusSummary"]["status"])


def error_codes(run: dict[str, Any]) -> list[str]:
    return [each["code"] for each in run["metrics"]["statusSummary"].get("errors", [])]


def window(run: dict[str, Any]) -> tuple[float, float]:
    """The window of a run in seconds."""
    extensions = run["activities"][0]["durationSummary"]["extensions"]
    return extensions["windowStart"] / 1000, extensions["windowEnd"] / 1000
