"""Runs Pulumi's generators: a Go program, built once from pinned modules and kept, as the engine is."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from tools.engine.cache import Cache, Record
from tools.engine.command import Commands
from tools.engine.engine import Report, SourceUnavailable, report_to_stderr
from tools.engine.go_build import Component, GoBuild

LANGUAGES = ("dotnet", "go", "java", "nodejs", "python")

_NAME = "sdk-generator"
_GENERATOR = Component(Path(__file__).with_name("generator"), {_NAME: "pulumi-adobe-aep/tools/sdks/generator"})


class SdksNotGenerated(Exception):
    """The SDKs could not be generated. The message says why."""


def generate_sdks(schema: Path, folder: Path, languages: Sequence[str], report: Report = report_to_stderr) -> None:
    """Write the SDK of each language into `folder`/<language>, in place of what is there.

    Args:
        schema: The package's schema, a JSON file.
        folder: The folder of the SDKs; made if it is not there.
        languages: Of `LANGUAGES`.
        report: Takes sentences about what happens. By default they go to stderr.

    Raises:
        SdksNotGenerated: The generator cannot be built here, or does not accept the schema.
    """
    try:
        generator = _ensure_generator(report)
    except (SourceUnavailable, OSError) as error:
        raise SdksNotGenerated(f"Pulumi's generators cannot be built here: {error}") from error
    ended = subprocess.run(
        [generator, schema, folder, *languages], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if ended.returncode != 0:
        raise SdksNotGenerated(ended.stderr.strip() or f"{generator} ended with exit code {ended.returncode}.")


def _ensure_generator(report: Report) -> Path:
    digest = _GENERATOR.digest()
    # By its content, so that two checkouts with different pins do not replace each other's.
    cache = Cache(_NAME, digest[:12])
    if not cache.holds([_NAME]):
        with cache.locked("the generator of SDKs", report):
            if not cache.holds([_NAME]):
                report("Building Pulumi's generators of SDKs, only once: some 3 minutes on two idle cores.")
                report(f"  log: {cache.log}")
                with cache.temporary_folder() as made:
                    GoBuild(Commands(cache.log, report)).build([_GENERATOR], made / "bin")
                    cache.put(made / "bin", Record("built", {_GENERATOR.name: digest}))
    return cache.bin_dir / _NAME
