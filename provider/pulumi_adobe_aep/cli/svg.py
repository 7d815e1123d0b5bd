"""A graph as a picture: a column for each layer, lines from left to right, no two boxes in one place."""

from __future__ import annotations

import math
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence

from pulumi_adobe_aep.cli.graph import Graph, Layer, Node

_WIDTH, _HEIGHT = 250, 46
_COLUMN, _ROW = 330, 62
_MARGIN, _HEAD = 24, 74
_LETTERS, _NOTE_LETTERS = 30, 42
"""How many letters fit into a box, of a name and of a note."""
_HEADINGS = {
    Layer.ACCOUNT: "Accounts",
    Layer.TABLE: "Tables",
    Layer.DATAFLOW: "Dataflows",
    Layer.DATASET: "Datasets",
}
_FILLS = {
    Layer.ACCOUNT: "#dbeafe",
    Layer.TABLE: "#e0f2e9",
    Layer.DATAFLOW: "#fef3c7",
    Layer.DATASET: "#ede9fe",
}
_INK, _GREY, _RED = "#1f2328", "#57606a", "#cf222e"
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"


def draw(graph: Graph, title: str) -> str:
    """Return an SVG file. It holds no script and refers to nothing else.

    Args:
        graph: What is drawn.
        title: What is written above it.
    """
    rows = _rows(graph)
    height = _HEAD + _ROW * (max(rows.values(), default=0.0) + 1) + _MARGIN
    width = 2 * _MARGIN + _COLUMN * (len(Layer) - 1) + _WIDTH
    size = {"width": f"{width}", "height": f"{height:g}", "viewBox": f"0 0 {width} {height:g}"}
    root = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **size, "font-family": _FONT, "role": "img"})
    ET.SubElement(root, "title").text = _printable(title)
    ET.SubElement(root, "rect", {"width": "100%", "height": "100%", "fill": "#ffffff"})
    _text(root, (_MARGIN, 30), title, size=16, weight="600")
    for column, layer in enumerate(Layer):
        _text(root, (_MARGIN + column * _COLUMN, 58), _HEADINGS[layer], size=12, colour=_GREY)
    places = {node.key: _place(node, rows[node.key]) for node in graph.nodes}
    for start, end in graph.edges:
        _line(root, places[start], places[end])
    for node in graph.nodes:
        _box(root, node, places[node.key])
    ET.indent(root)
    return ET.tostring(root, encoding="unicode") + "\n"


def _rows(graph: Graph) -> dict[str, float]:
    """Return the row of each node, by its key: dataflows one below the other, all else beside the middle of its own."""
    before, after = _neighbours(graph)
    accounts = graph.of(Layer.ACCOUNT)
    # From left to right first, so that what belongs together comes one below the other.
    rows = {node.key: float(number) for number, node in enumerate(accounts)}
    for layer in list(Layer)[1:]:
        rows |= _spread(graph.of(layer), before, rows)
    # Then back again, so that tables and accounts are in the middle of what they lead to.
    for layer in (Layer.TABLE, Layer.ACCOUNT):
        rows |= _spread(graph.of(layer), after, rows)
    return rows


def _neighbours(graph: Graph) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    before: dict[str, list[str]] = {node.key: [] for node in graph.nodes}
    after: dict[str, list[str]] = {node.key: [] for node in graph.nodes}
    for start, end in graph.edges:
        after[start].append(end)
        before[end].append(start)
    return before, after


def _spread(nodes: Sequence[Node], beside: Mapping[str, Sequence[str]], rows: Mapping[str, float]) -> dict[str, float]:
    """Return rows for the nodes of one layer, near their neighbours and at least one apart."""
    wished = {}
    for node in nodes:
        near = [rows[key] for key in beside[node.key]]
        # What has no neighbours comes last.
        wished[node.key] = sum(near) / len(near) if near else rows.get(node.key, math.inf)
    found: dict[str, float] = {}
    free = 0.0
    for key in sorted(wished, key=lambda each: wished[each]):
        found[key] = free if math.isinf(wished[key]) else max(wished[key], free)
        free = found[key] + 1
    return found


def _place(node: Node, row: float) -> tuple[float, float]:
    """Return the left upper corner of a node's box."""
    return _MARGIN + list(Layer).index(node.layer) * _COLUMN, _HEAD + row * _ROW


def _line(root: ET.Element, start: tuple[float, float], end: tuple[float, float]) -> None:
    left, right = start[0] + _WIDTH, end[0]
    top, bottom = start[1] + _HEIGHT / 2, end[1] + _HEIGHT / 2
    middle = (left + right) / 2
    path = f"M {left:g} {top:g} C {middle:g} {top:g}, {middle:g} {bottom:g}, {right:g} {bottom:g}"
    ET.SubElement(root, "path", {"d": path, "fill": "none", "stroke": "#8c959f", "stroke-width": "1.5"})


def _box(root: ET.Element, node: Node, place: tuple[float, float]) -> None:
    left, top = place
    group = ET.SubElement(root, "g")
    ET.SubElement(group, "title").text = _printable("\n".join(part for part in (node.label, node.note) if part))
    shape = {"x": f"{left:g}", "y": f"{top:g}", "width": f"{_WIDTH}", "height": f"{_HEIGHT}", "rx": "6"}
    fill, stroke = "#f6f8fa" if node.is_off else _FILLS[node.layer], _RED if node.has_failed else "#8c959f"
    colours = {"fill": fill, "stroke": stroke}
    ET.SubElement(group, "rect", {**shape, **colours, **({"stroke-dasharray": "4 4"} if node.is_off else {})})
    height = 19 if node.note else 28
    _text(group, (left + 12, top + height), _cut(node.label, _LETTERS), size=13)
    if node.note:
        _text(group, (left + 12, top + 36), _cut(node.note, _NOTE_LETTERS), size=11, colour=_GREY)


def _text(
    parent: ET.Element, place: tuple[float, float], text: str, *, size: int, colour: str = _INK, weight: str = "400"
) -> None:
    attributes = {"x": f"{place[0]:g}", "y": f"{place[1]:g}", "font-size": f"{size}"}
    element = ET.SubElement(parent, "text", {**attributes, "fill": colour, "font-weight": weight})
    element.text = _printable(text)


def _printable(text: str) -> str:
    """Return a string without the characters that XML cannot hold, such as escapes of terminals."""
    return "".join(character if character.isprintable() or character == "\n" else " " for character in text)


def _cut(text: str, letters: int) -> str:
    """Return as much of a string as a box can hold; ideographs are as wide as two letters."""
    width = 0
    for position, character in enumerate(text):
        width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if width > letters:
            return text[: max(0, position - 1)] + "…"
    return text
