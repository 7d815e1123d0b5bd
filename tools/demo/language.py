"""The languages of the demonstration: which examples are its programs."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
PROJECT = "aep-demo"


@dataclass(frozen=True)
class Language:
    """A language, and the examples in it.

    Attributes:
        name: What Pulumi calls it.
        quickstart: The folder of the program with the account alone.
        ingestion: That of the program with the ingestion as well.
        declared: What the ingestion is declared with, to begin a sentence.
        declaration: What the second program has and the first has not, in a line.
        by_plugin: Whether the plugin serves it; else the dynamic provider does.
        write: Writes an example's program into a project's folder.
    """

    name: str
    quickstart: str
    ingestion: str
    declared: str
    declaration: str
    by_plugin: bool
    write: Callable[[Path, Path], None]


def _link(example: Path, project: Path) -> None:
    # No `virtualenv` option: the Python of PATH is used. `main` would not do: the options of the example's own
    # Pulumi.yaml would apply.
    (project / "Pulumi.yaml").write_text(f"name: {PROJECT}\nruntime: python\n", encoding="utf-8")
    main = project / "__main__.py"
    main.unlink(missing_ok=True)
    main.symlink_to(os.path.relpath(example / "__main__.py", project))


def _rename(example: Path, project: Path) -> None:
    # The program is in the project's file, and a stack that goes from one program to the next keeps its project.
    text = (example / "Pulumi.yaml").read_text(encoding="utf-8")
    renamed = re.sub(r"^name: .*$", f"name: {PROJECT}", text, count=1, flags=re.MULTILINE)
    (project / "Pulumi.yaml").write_text(renamed, encoding="utf-8")


LANGUAGES: Mapping[str, Language] = {
    each.name: each
    for each in (
        Language(
            name="python",
            quickstart="examples/quickstart",
            ingestion="examples/ingestion",
            declared="TableIngestion brings",
            declaration='customers = aep.TableIngestion("customers", connection=crm, table="public.customers", ...)',
            by_plugin=False,
            write=_link,
        ),
        Language(
            name="yaml",
            quickstart="examples/yaml",
            ingestion="examples/yaml-ingestion",
            declared="Four resources bring",
            declaration="customers: { type: adobe-aep:Dataflow, properties: { sourceConnectionId: ... } }",
            by_plugin=True,
            write=_rename,
        ),
    )
}
