"""The benchmark itself works, from the command line to the page, so that its numbers can be made again."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.__main__ import main
from benchmarks.cases import STEPS, Case


def test_a_tiny_run_measures_every_contender_and_brings_the_page_up_to_date(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    page.write_text("before\n<!-- begin: measured -->old<!-- end: measured -->\nafter\n", encoding="utf-8")

    arguments = ["--calls", "10", "--cost-runs", "1", "--folder", str(tmp_path / "results"), "--docs", str(page)]
    main(arguments, of=[Case(2, 10, None, runs=1)])

    raw = json.loads((tmp_path / "results" / "latest.json").read_text(encoding="utf-8"))
    requests = {
        contender: [
            each["requests"] for each in raw["measurements"] if each["contender"] == contender and each["step"] in STEPS
        ]
        for contender in ("this provider", "documentation style", "bare resource", "a sequential script")
    }
    assert requests == {
        # A token and a POST each, nothing, a token and one GET and a page, a token and GET and PATCH each, a token and
        # a DELETE each.
        "this provider": [3, 0, 3, 5, 3],
        "documentation style": [2, 0, 2, 4, 2],
        "bare resource": [0, 0, 0, 0, 0],
        "a sequential script": [2, 2, 4, 2],
    }
    assert all(each["seconds"] > 0 and each["cpu_seconds"] > 0 for each in raw["measurements"])
    assert {each["what"] for each in raw["cost"]} >= {"provider: check", "provider: read", "program: one resource more"}
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
    assert "2 connections, 10 ms latency" in text
    assert "| this provider | **" in text
    assert page.with_suffix(".svg").read_text(encoding="utf-8").count("<title>") == 4 * len(STEPS) - 1
