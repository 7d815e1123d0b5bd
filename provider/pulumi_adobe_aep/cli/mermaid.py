"""A graph as a Mermaid flowchart, which GitHub, GitLab and many editors draw."""

from __future__ import annotations

from collections.abc import Sequence

from pulumi_adobe_aep.cli.graph import Graph, Layer, Node

_SHAPES = {
    Layer.ACCOUNT: ("[(", ")]"),
    Layer.TABLE: ("[", "]"),
    Layer.DATAFLOW: ("([", "])"),
    Layer.DATASET: ("[(", ")]"),
}
_SPECIAL = {ord(character): f"#{ord(character)};" for character in "#&<>\"'`\\;{}[]()|"}
"""What Mermaid, Markdown or HTML would read as more than a character, as Mermaid's own escapes."""


def draw(graph: Graph) -> str:
    """Return the source of a flowchart, from left to right; it ends with a line break."""
    lines = ["flowchart LR"]
    lines += [f"    {_node(node)}" for node in graph.nodes]
    lines += [f"    {start} --> {end}" for start, end in graph.edges]
    lines += _styled("off", "stroke-dasharray: 4 4,color:#57606a", [node for node in graph.nodes if node.is_off])
    lines += _styled("failed", "stroke:#cf222e", [node for node in graph.nodes if node.has_failed])
    return "\n".join(lines) + "\n"


def _styled(name: str, style: str, nodes: Sequence[Node]) -> list[str]:
    if not nodes:
        return []
    return [f"    classDef {name} {style}", f"    class {','.join(node.key for node in nodes)} {name}"]


def _node(node: Node) -> str:
    opening, closing = _SHAPES[node.layer]
    text = "<br>".join(_escape(part) for part in (node.label, node.note) if part)
    return f'{node.key}{opening}"{text}"{closing}'


def _escape(text: str) -> str:
    shown = "".join(character if character.isprintable() else " " for character in text)
    return shown.translate(_SPECIAL)
