"""Which pages are generated, and whether they are as they should be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tools.docs.api_page import render as render_api
from tools.docs.database_page import render as render_databases
from tools.docs.error_page import render as render_errors
from tools.docs.field_page import render as render_fields
from tools.docs.settings_page import render as render_settings

FOLDER = Path(__file__).parents[2] / "docs"
PAGES: Mapping[str, Callable[[], str]] = {
    "api.md": render_api,
    "databases.md": render_databases,
    "errors.md": render_errors,
    "inputs-and-outputs.md": render_fields,
    "settings.md": render_settings,
}
_NOTE = "<!-- Generated from the code by `make docs`; a test fails when it is stale. -->\n\n"


def render(name: str) -> str:
    """Return the whole page."""
    return _NOTE + PAGES[name]()


def write(folder: Path = FOLDER) -> list[Path]:
    """Write the pages that are stale, and return their paths."""
    paths = stale(folder)
    for path in paths:
        path.write_text(render(path.name), encoding="utf-8")
    return paths


def stale(folder: Path = FOLDER) -> list[Path]:
    """Return the pages that differ from what the code makes, or do not exist."""
    paths = [folder / name for name in PAGES]
    return [path for path in paths if not path.exists() or path.read_text(encoding="utf-8") != render(path.name)]
