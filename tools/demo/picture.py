"""The picture of the demonstration: its most important lines, drawn as a terminal shows them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from rich.console import Console

from tools.demo.failure import DemoFailed

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import RenderableType

COLUMNS = 100
TITLE = "make demo, shortened: of what Pulumi prints, only the change of the password"
# rich's own template loads its font from another server, which a picture in a README must not.
TEMPLATE = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<!-- Made by: make demo PICTURE=docs/demo.svg -->
<style>
.{unique_id}-matrix {{
  font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace;
  font-size: {char_height}px;
  line-height: {line_height}px;
}}
.{unique_id}-title {{
  font-family: "Segoe UI", Helvetica, Arial, "DejaVu Sans", sans-serif;
  font-size: 18px;
  font-weight: bold;
}}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix" xml:space="preserve">
{matrix}
</g>
</g>
</svg>
"""
FONT_ASPECT_RATIO = 0.602
"""A letter's width by its height, in Menlo and DejaVu Sans Mono."""


class Picture:
    """Lines of one demonstration, and the SVG of them.

    Two demonstrations have the same picture: no line with an id, a port or a time is to be added.

    Args:
        file: Where the SVG is written.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        # The same with and without a terminal: always this width, always in colours.
        self._console = Console(
            file=io.StringIO(),
            record=True,
            width=COLUMNS,
            force_terminal=True,
            color_system="truecolor",
            highlight=False,
            emoji=False,
            markup=False,
        )

    def add(self, shown: RenderableType) -> None:
        """Add what a terminal would show."""
        self._console.print(shown)

    def save(self) -> None:
        """Write the SVG.

        Raises:
            DemoFailed: It cannot be written there.
        """
        drawn = self._console.export_svg(
            title=TITLE, code_format=TEMPLATE, font_aspect_ratio=FONT_ASPECT_RATIO, unique_id="demo"
        )
        text = "\n".join(line.strip() for line in drawn.replace("</text><text", "</text>\n<text").splitlines())
        try:
            self._file.write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            raise DemoFailed(f"The picture cannot be written to {self._file}: {error.strerror}.") from None
