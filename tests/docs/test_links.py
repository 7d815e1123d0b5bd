"""Every link leads somewhere."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.support.documents import ROOT, documents, name_of
from tests.support.markdown import anchors, links


@pytest.mark.parametrize("page", documents(), ids=name_of)
def test_every_link_leads_to_a_file_and_a_heading_that_exist(page: Path) -> None:
    assert [link for link in links(page) if _is_broken(page, link)] == []


def test_every_page_of_the_documentation_can_be_reached_from_its_index() -> None:
    index = ROOT / "docs" / "README.md"
    reached = {(index.parent / urlsplit(link).path).resolve() for link in links(index)}
    pages = {page for page in documents() if page.parent == index.parent and page != index}
    assert {name_of(page) for page in pages - reached} == set()


def test_every_example_can_be_reached_from_their_index() -> None:
    index = ROOT / "examples" / "README.md"
    reached = {link.split("/")[0] for link in links(index)}
    assert {folder.name for folder in index.parent.iterdir() if folder.is_dir()} - reached == set()


def _is_broken(page: Path, link: str) -> bool:
    parts = urlsplit(link)
    if parts.scheme:
        return parts.scheme != "https"
    target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if not target.is_relative_to(ROOT) or not target.exists():
        return True
    return bool(parts.fragment) and parts.fragment not in anchors(target)
