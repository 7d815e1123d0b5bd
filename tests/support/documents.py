"""Which pages this repository has."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
MYPY_CACHE = ROOT / ".mypy_cache" / "users"
"""What mypy has learned about Pulumi, for the tests that check programs as their authors would."""


def documents() -> list[Path]:
    """Return every Markdown page of the repository."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]
    return sorted(found)


def name_of(path: Path) -> str:
    """Return a page's path from the root, to name a test."""
    return str(path.relative_to(ROOT))
