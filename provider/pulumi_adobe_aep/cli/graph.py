"""The chains of a sandbox as a graph: accounts, their tables, the dataflows from these, and the datasets they fill."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pulumi_adobe_aep.cli.dataflows import Dataflow, Source
from pulumi_adobe_aep.cli.runs import FAILED


class Layer(enum.Enum):
    """What a node is; each kind has a column of its own, in this order."""

    ACCOUNT = "account"
    TABLE = "table"
    DATAFLOW = "dataflow"
    DATASET = "dataset"


@dataclass(frozen=True)
class Node:
    """A node.

    Attributes:
        key: A name for it that only it has, of letters and digits.
        layer: What it is.
        label: Its name, as other people have chosen it.
        note: What more is said about it.
        is_off: Whether nothing passes through it: a dataflow that is not enabled.
        has_failed: Whether it did not work last time: a dataflow whose last run has failed.
    """

    key: str
    layer: Layer
    label: str
    note: str = ""
    is_off: bool = False
    has_failed: bool = False


@dataclass(frozen=True)
class Graph:
    """Nodes, and which of them lead to which, by their keys."""

    nodes: Sequence[Node]
    edges: Sequence[tuple[str, str]]

    def of(self, layer: Layer) -> list[Node]:
        """Return the nodes of a layer, in their order."""
        return [node for node in self.nodes if node.layer is layer]


class _Builder:
    """Nodes and edges, each once."""

    def __init__(self) -> None:
        self._nodes: dict[tuple[Layer, object], Node] = {}
        self._edges: dict[tuple[str, str], None] = {}

    def node(
        self,
        layer: Layer,
        identity: object,
        label: str,
        note: str = "",
        *,
        is_off: bool = False,
        has_failed: bool = False,
    ) -> str:
        """Add a node unless it is there, and return its key."""
        known = self._nodes.get((layer, identity))
        if known is None:
            number = sum(each is layer for each, _ in self._nodes) + 1
            known = Node(f"{layer.value}{number}", layer, label, note, is_off, has_failed)
            self._nodes[layer, identity] = known
        return known.key

    def edge(self, start: str, end: str) -> None:
        """Add an edge unless it is there."""
        self._edges[start, end] = None

    def graph(self) -> Graph:
        """Return what was added, layer by layer."""
        layers = list(Layer)
        nodes = sorted(self._nodes.values(), key=lambda node: layers.index(node.layer))
        return Graph(nodes, list(self._edges))


def graph_of(accounts: Mapping[str, str], tables: Mapping[str, Source], flows: Sequence[Dataflow]) -> Graph:
    """Return the graph of a sandbox: what nothing is connected with is a node as well.

    Args:
        accounts: The names of base connections, by their ids.
        tables: Source connections, by their ids.
        flows: The dataflows.
    """
    builder = _Builder()
    for account_id, name in sorted(accounts.items(), key=lambda each: (each[1], each[0])):
        builder.node(Layer.ACCOUNT, account_id, name)
    for source in sorted(tables.values(), key=lambda each: (accounts.get(each.account_id, ""), each.table)):
        _table(builder, accounts, source)
    for flow in sorted(flows, key=lambda each: (each.entity.name or "", each.entity.id)):
        _dataflow(builder, accounts, flow)
    return builder.graph()


def _table(builder: _Builder, accounts: Mapping[str, str], source: Source) -> str:
    # Several source connections may read the same table, which is one node.
    key = builder.node(Layer.TABLE, source, source.table)
    account_id = source.account_id
    if account_id:
        builder.edge(builder.node(Layer.ACCOUNT, account_id, accounts.get(account_id, account_id)), key)
    return key


def _dataflow(builder: _Builder, accounts: Mapping[str, str], flow: Dataflow) -> None:
    entity = flow.entity
    status = (flow.last_run or {}).get("status")
    parts = (entity.state or "", flow.frequency, f"last run: {status}" if status else "")
    note = ", ".join(part for part in parts if part)
    key = builder.node(
        Layer.DATAFLOW,
        entity.id,
        entity.name or entity.id,
        note,
        is_off=entity.state != "enabled",
        has_failed=status == FAILED,
    )
    if flow.source.table:
        builder.edge(_table(builder, accounts, flow.source), key)
    if flow.dataset_id:
        name = flow.dataset_name or flow.dataset_id
        builder.edge(key, builder.node(Layer.DATASET, flow.dataset_id, name))
