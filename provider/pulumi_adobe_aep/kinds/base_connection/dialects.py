"""How drivers write a connection string: each builds and parses it with its own rule for quotes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pulumi_adobe_aep.kinds.base_connection import ado_net, odbc
from pulumi_adobe_aep.kinds.base_connection.odbc import Pair


@dataclass(frozen=True)
class Dialect:
    """How a driver writes a connection string."""

    build: Callable[[Iterable[Pair]], str]
    """Write pairs of a key and a value, in the order given."""
    parse: Callable[[str], list[Pair]]
    """Read pairs from a string; raises MalformedConnectionString."""
    quote: Callable[[str], str]
    """Write one value."""


ODBC = Dialect(odbc.build, odbc.parse, odbc.quote)
ADO_NET = Dialect(ado_net.build, ado_net.parse, ado_net.quote)
