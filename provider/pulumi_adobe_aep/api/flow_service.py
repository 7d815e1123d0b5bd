"""Flow Service: its collections, and what its base connections can do beyond the verbs of all entities.

Source of the endpoints: Adobe's OpenAPI document "Flow Service API - Sources" and the tutorials on base connections.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from pulumi_adobe_aep.api.entities import Connection, Entity
from pulumi_adobe_aep.api.service import Collection, Json, Service, WriteReceipt, not_understood, receipt_of
from pulumi_adobe_aep.redaction import excerpt

BASE_PATH = "/data/foundation/flowservice"


@dataclass(frozen=True)
class TestResult:
    """What Flow Service found when it logged in to the database."""

    passed: bool
    reason: str
    """The service's own words on a failure; usually empty, because Adobe documents only true and false."""


class FlowService(Service):
    """Flow Service, in one sandbox and within one time limit. Made by `Api.flow_service`."""

    @property
    def connections(self) -> Collection[Connection]:
        """The base connections."""
        return Collection(self, "/connections", "connection", Connection)

    def test_connection(self, connection_id: str) -> TestResult:
        """GET /connections/{id}/test: have the service log in to the database."""
        path = f"{self.connections.path_of(connection_id)}/test"
        response = self.call("GET", path, doing=f"Testing the connection {connection_id}")
        body = response.json()
        if not isinstance(body, dict) or not isinstance(body.get("result"), bool):
            raise not_understood(response, "it has no result of true or false")
        reasons = (body.get(key) for key in ("errorMessage", "message", "detail", "error"))
        return TestResult(body["result"], excerpt(next((reason for reason in reasons if isinstance(reason, str)), "")))

    @property
    def flows(self) -> Collection[Entity]:
        """The dataflows."""
        return self.collection("/flows", "dataflow")

    def runs(self, flow_id: str, most: int) -> list[Entity]:
        """GET /runs: the latest runs of a dataflow, newest first.

        Args:
            flow_id: Which dataflow.
            most: How many at most.
        """
        found = self.collection("/runs", "run").list(f"flowId=={flow_id}", order="-createdAt")
        return list(islice(found, most))

    def start_run(self, flow_id: str, params: Mapping[str, Json]) -> WriteReceipt:
        """POST /runs: have a dataflow with the frequency `once` read a window. Sent again only if it was not handled.

        Args:
            flow_id: Which dataflow.
            params: What Adobe's page "Create a flow run for on-demand ingestion" names: the times, the delta column.

        Raises:
            AepError: Where its `outcome` is unknown, the run may have been started.
        """
        body = {"flowId": flow_id, "params": params}
        doing = f"Starting a run of the dataflow {flow_id}"
        return receipt_of(self.call("POST", "/runs", doing=doing, body=body, repeatable=False))

    def explore(self, connection_id: str, table: str | None = None, *, preview: bool = False) -> Json:
        """GET /connections/{id}/explore: the tables, or the columns of one, with rows if they are asked for.

        Args:
            connection_id: Which connection.
            table: The table's path as the list of tables has it, or None for the list.
            preview: Whether rows of the table are wanted, too: `data`, an array of objects.

        Returns:
            Adobe's response as it is: an array of tables, or an object with a schema.
        """
        query = [("objectType", "root")] if table is None else [("objectType", "table"), ("object", table)]
        if preview:
            query.append(("preview", "true"))
        what = "the tables" if table is None else f"the {'rows' if preview else 'columns'} of {table}"
        doing = f"Listing {what} of the connection {connection_id}"
        return self.call("GET", f"{self.connections.path_of(connection_id)}/explore", doing=doing, query=query).json()
