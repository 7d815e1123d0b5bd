"""A bar chart as SVG: for each step a group of bars, one for each contender."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import cycle

COLOURS = (
    "#1f6feb", "#79c0ff", "#1a7f37", "#3fb950", "#8250df", "#d2a8ff",
    "#d29922", "#6e7781", "#afb8c1", "#cf222e", "#fd8c73", "#0a3069",
)  # fmt: skip
"""One for each contender that there can be."""
_IN_A_ROW, _ROW = 3, 22
_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 900, 300, 60, 46, 34


@dataclass(frozen=True)
class Bar:
    """One figure and its spread, in seconds."""

    median: float
    lowest: float
    highest: float


@dataclass(frozen=True)
class Panel:
    """One case: bars by contender, within groups by step."""

    title: str
    groups: Mapping[str, Mapping[str, Bar]]


def draw(panels: Sequence[Panel], contenders: Sequence[str]) -> str:
    """Return the chart, the panels one below the other, each with a scale of its own."""
    colours = dict(zip(contenders, cycle(COLOURS), strict=False))
    top = _ROW * math.ceil(len(contenders) / _IN_A_ROW) + 8
    height = len(panels) * _HEIGHT + top
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" '
        f'font-size="13" role="img"><rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>'
    )
    parts = [head]
    for place, name in enumerate(contenders):
        x, y = _LEFT + 275 * (place % _IN_A_ROW), 10 + _ROW * (place // _IN_A_ROW)
        parts.append(f'<rect x="{x}" y="{y}" width="12" height="12" fill="{colours[name]}"/>')
        parts.append(f'<text x="{x + 18}" y="{y + 11}">{escape(name)}</text>')
    for place, panel in enumerate(panels):
        there = [name for name in contenders if any(name in bars for bars in panel.groups.values())]
        parts.append(f'<g transform="translate(0 {top + place * _HEIGHT})">{_panel(panel, there, colours)}</g>')
    return "\n".join([*parts, "</svg>", ""])


def _panel(panel: Panel, contenders: Sequence[str], colours: Mapping[str, str]) -> str:
    top = max((bar.highest for bars in panel.groups.values() for bar in bars.values()), default=1.0) or 1.0
    scale = (_HEIGHT - _TOP - _BOTTOM) / top
    floor = _HEIGHT - _BOTTOM
    group_width = (_WIDTH - _LEFT - 10) / max(1, len(panel.groups))
    bar_width = group_width * 0.8 / len(contenders)
    parts = [f'<text x="{_LEFT}" y="24" font-weight="bold">{escape(panel.title)}</text>']
    for share in (0.0, 0.5, 1.0):
        y = floor - top * share * scale
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - 10}" stroke="#d0d7de"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{top * share:.3g} s</text>')
    for group, (step, bars) in enumerate(panel.groups.items()):
        left = _LEFT + group * group_width
        parts.append(
            f'<text x="{left + group_width * 0.4:.1f}" y="{floor + 20}" text-anchor="middle">{escape(step)}</text>'
        )
        for place, name in enumerate(contenders):
            if name not in bars:
                continue
            bar, x = bars[name], left + place * bar_width
            parts.append(
                f'<rect x="{x:.1f}" y="{floor - bar.median * scale:.1f}" width="{bar_width * 0.9:.1f}" '
                f'height="{bar.median * scale:.1f}" fill="{colours[name]}">'
                f"<title>{escape(name)}, {escape(step)}: {bar.median:.2f} s</title></rect>"
                f'<path d="M{x + bar_width * 0.45:.1f} {floor - bar.lowest * scale:.1f}'
                f'V{floor - bar.highest * scale:.1f}" stroke="#24292f"/>'
            )
    return "".join(parts)
