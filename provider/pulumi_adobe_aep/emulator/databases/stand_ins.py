"""Substitutes for the databases that the emulator cannot connect to: all but PostgreSQL."""

from typing import Final

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from pulumi_adobe_aep.emulator.databases.column_types import XdmType


class _Settings(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


class StandInColumn(_Settings):
    """A column; the type is XDM's."""

    name: str = Field(min_length=1)
    type: XdmType = "string"


class StandInTable(_Settings):
    """A table that `explore` shows."""

    path: str = Field(min_length=1)
    columns: tuple[StandInColumn, ...] = Field(min_length=1)


class StandIn(_Settings):
    """A substitute for a database.

    Attributes:
        reachable: whether it can be logged in to; None leaves that to the switch.
        tables: what it holds.
    """

    reachable: bool | None = None
    tables: tuple[StandInTable, ...]

    def table(self, path: str) -> StandInTable | None:
        """Return the table with that path."""
        return next((each for each in self.tables if each.path == path), None)


USUAL: Final = StandIn(
    tables=(
        StandInTable(
            path="crm.customers",
            columns=(
                StandInColumn(name="customer_id", type="long"),
                StandInColumn(name="email"),
                StandInColumn(name="updated_at", type="date-time"),
            ),
        ),
        StandInTable(
            path="sales.orders",
            columns=(
                StandInColumn(name="order_id", type="int"),
                StandInColumn(name="customer_id", type="long"),
                StandInColumn(name="total", type="number"),
                StandInColumn(name="ordered_at", type="date-time"),
            ),
        ),
    )
)
"""What simulates every database for which nothing is set."""


class StandIns:
    """The simulated databases: one for each connection that has its own, and one for all others."""

    def __init__(self) -> None:
        self._for_all = USUAL
        self._for_connections: dict[str, StandIn] = {}

    def of(self, connection_id: str | None) -> StandIn:
        """Return the database of a connection; None is a connection that is not made yet."""
        return self._for_connections.get(connection_id or "", self._for_all)

    def use(self, stand_in: StandIn, connection_id: str | None = None) -> None:
        """Use a database for one connection, or for all that have none of their own."""
        if connection_id is None:
            self._for_all = stand_in
        else:
            self._for_connections[connection_id] = stand_in

    def forget(self) -> None:
        """Go back to how it was at the start."""
        self._for_all = USUAL
        self._for_connections.clear()
