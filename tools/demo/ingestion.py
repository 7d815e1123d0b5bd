"""The steps about the ingestion: declare, run, run again for new rows only, fail, and work again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tools.demo.scene import Scene, Step, expect
from tools.demo.services import SANDBOX

TABLE = "public.customers"
SCHEMA = "https://ns.adobe.com/acme/schemas/customers"
SCHEMA_VERSION = "application/vnd.adobe.xed-full+json;version=1"
FIELDS = {"customerId": {"type": "string"}, "email": {"type": "string"}, "country": {"type": "string"}}
FIRST_ROWS = ("ada@example.com", "grace@example.com", "jürgen@example.com")
"""The customers of the sample database."""
LOGIN_REFUSED = "CONNECTOR-1001-500"
"""Adobe ("Monitor dataflow runs"): the code of a run whose source refuses."""
_INSERT = "INSERT INTO public.customers (external_id, email, country) VALUES "


class Ingestion:
    """The table and its dataset.

    Args:
        scene: Where it is made.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._emulator = scene.emulator.client
        self.dataset_id = ""
        self.flow_id = ""

    def prepare(self) -> None:
        """Make the schema and the dataset, as somebody does in the user interface, and configure the stack."""
        fields = {"_acme": {"type": "object", "properties": FIELDS}}
        self._emulator.create_schema(SCHEMA, fields, title="Customers", sandbox=SANDBOX)
        reference = {"id": SCHEMA, "contentType": SCHEMA_VERSION}
        dataset = self._emulator.create({"name": "Customers", "schemaRef": reference}, kind="dataSets", sandbox=SANDBOX)
        self.dataset_id = str(dataset["id"])
        self._scene.stack.configure(sandbox=SANDBOX, datasetId=self.dataset_id, schemaId=SCHEMA)

    @property
    def beginning(self) -> tuple[Step, ...]:
        """The declaration, and its first two runs."""
        declared = self._scene.stack.language.declared
        return (
            Step("Declare the ingestion", f"{declared} {TABLE} into a dataset every hour.", self._declare),
            Step("First run", "The emulator does at once what is due in five minutes: all rows.", self._first_run),
            Step("Add rows", "Two customers more in PostgreSQL.", self._add_rows),
            Step("Next run", "The run reads what is new by created_at, and nothing else.", self._next_run),
        )

    @property
    def failure(self) -> Step:
        """A run with the wrong password."""
        return Step("Run with the old password", "The stored password is now wrong: the run fails.", self._fail)

    @property
    def recovery(self) -> Step:
        """A run with the right one again."""
        return Step("Run after the rotation", "One customer more; the same dataflow brings the row.", self._recover)

    @property
    def end(self) -> Step:
        """The end of everything that was declared."""
        return Step("Destroy", "The dataflow first, then what it used, then the account.", self._destroy)

    def _declare(self, mark: int) -> str:
        language = self._scene.stack.language
        self._scene.stack.use(language.ingestion)
        self._scene.screen.output(language.declaration, pictured=True)
        self._scene.stack.run("up", "--yes", "--skip-preview")
        self.flow_id = self._scene.stack.output("flowId")
        # The four entities and the validation of the mapping.
        self._scene.expect_requests(mark, tokens=1, posts=5)
        (flow,) = self._emulator.entities("flows")
        expect(flow["id"] == self.flow_id, f"The dataflow is {flow['id']}, the stack has {self.flow_id}")
        return "Created: from the table to the dataset"

    def _first_run(self, _mark: int) -> str:
        return self._run(FIRST_ROWS)

    def _add_rows(self, _mark: int) -> str:
        self._insert(("katherine@example.com", "US"), ("Ilse@Example.com", "DE"))
        return "2 added"

    def _next_run(self, _mark: int) -> str:
        return self._run(("katherine@example.com", "ilse@example.com"))

    def _fail(self, _mark: int) -> str:
        before = len(self._rows())
        status = self._emulator.run(self.flow_id)["metrics"]["statusSummary"]
        codes = [error["code"] for error in status.get("errors", ())]
        expect(status["status"] == "failed", f"The run with a wrong password ended with {status['status']}")
        expect(codes == [LOGIN_REFUSED], f"The run failed with {codes} instead of {LOGIN_REFUSED}")
        expect(len(self._rows()) == before, "A run that failed has left rows in the dataset")
        return f"Failed with {LOGIN_REFUSED}"

    def _recover(self, _mark: int) -> str:
        self._insert(("annie@example.com", "FR"))
        return self._run(("annie@example.com",))

    def _destroy(self, mark: int) -> str:
        self._scene.stack.run("destroy", "--yes", "--skip-preview")
        paths = self._scene.emulator.deleted_since(mark)
        kinds = [path.split("/")[-2] for path in paths]
        expect(len(kinds) == 5, f"Expected five deletions, the emulator's log has {kinds}")  # noqa: PLR2004
        is_ordered = kinds[0] == "flows" and kinds.index("sourceConnections") < kinds.index("connections")
        expect(is_ordered, f"The order of the deletions is {kinds}")
        state = [*self._emulator.connections(), *self._emulator.entities("flows")]
        expect(not state, f"After destroy there are still {len(state)} entities")
        return "Gone, in the right order; the rows stay"

    def _insert(self, *customers: tuple[str, str]) -> None:
        values = ", ".join(f"(gen_random_uuid(), '{email}', '{country}')" for email, country in customers)
        shown = ", ".join(email for email, _ in customers)
        self._scene.screen.command(f"INSERT INTO {TABLE} ... {shown}")
        self._scene.postgres.execute(_INSERT + values, database=self._scene.sample.name)

    def _run(self, emails: Sequence[str]) -> str:
        """Run the dataflow; check that exactly the rows with these emails came, by the run's counts and the dataset."""
        before = len(self._rows())
        run = self._emulator.run(self.flow_id)
        status, counts = run["metrics"]["statusSummary"], run["metrics"]["recordSummary"]
        expect(status["status"] == "success", f"The run ended with {status}")
        rows = self._rows()
        came = {row["_acme"]["email"]: row["_acme"]["country"] for row in rows[before:]}
        for email, country in sorted(came.items()):
            self._scene.screen.output(f"{email:<22} {country}", pictured=True)
        expect(sorted(came) == sorted(emails), f"Expected the rows {sorted(emails)}, there came {sorted(came)}")
        counted = (counts["inputRecordCount"], counts["outputRecordCount"])
        expect(counted == (len(emails), len(emails)), f"The run says of {len(emails)} rows: {counts}")
        word = "row" if len(emails) == 1 else "rows"
        return f"{len(emails)} {word} read and written, {len(rows)} in all"

    def _rows(self) -> list[dict[str, Any]]:
        return [dict(row) for row in self._emulator.rows(self.dataset_id)]
