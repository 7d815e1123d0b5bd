"""The second way: build Pulumi from its Go modules, pinned in the go.mod and go.sum files beside this."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from .command import Workshop
from .engine import WayClosed
from .versions import (
    ENGINE_MODULE,
    FIRST_GO_WITH_TOOLCHAINS,
    LANGUAGE_HOST_MODULE,
    GoVersion,
    pinned_pulumi,
    required_go,
)

_SDK = "github.com/pulumi/pulumi/sdk/v3"
_ENGINE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
_LANGUAGE_HOST = f"{_SDK}/python/cmd/pulumi-language-python"
# Scripts that are no Go: they come along with the sources of the SDK that the engine is built with.
_SCRIPTS = ("python/cmd/pulumi-language-python-exec", "python/dist/pulumi-resource-pulumi-python")

_ANSWER_SECONDS = 60
_DOWNLOAD_SECONDS = 900
_COMPILE_SECONDS = 3600


def build(target: Path, workshop: Workshop) -> None:
    """Build the engine and its Python language host into `target`/bin.

    Raises:
        WayClosed: There is no Go that can do it, or a download or the compiler failed.
    """
    go, version = find_go()
    workshop.report(
        f"Building Pulumi {pinned_pulumi()} with Go {version}, only once: some 5 minutes on two idle cores."
    )
    workshop.report(f"  log: {workshop.log}")
    bin_dir = target / "bin"
    bin_dir.mkdir()
    stamp = f"-X {_SDK}/go/common/version.Version=v{pinned_pulumi()}"
    for module, package, ldflags in (
        (ENGINE_MODULE, _ENGINE, f"-s -w {stamp}"),
        (LANGUAGE_HOST_MODULE, _LANGUAGE_HOST, "-s -w"),
    ):
        name = package.rsplit("/", 1)[1]
        command: list[str | Path] = [
            go,
            "build",
            "-mod=readonly",
            "-trimpath",
            "-v",
            "-ldflags",
            ldflags,
            "-o",
            bin_dir / name,
            package,
        ]
        packages = _download(go, module, package, workshop)
        workshop.run(
            f"compiling {name}",
            command,
            folder=module,
            environment=_environment(),
            seconds=_COMPILE_SECONDS,
            progress=_count_packages(packages),
        )
    sources = _ask_go(go, ["list", "-mod=readonly", "-m", "-f", "{{.Dir}}", _SDK], ENGINE_MODULE)
    for script in _SCRIPTS:
        copy = bin_dir / Path(script).name
        shutil.copyfile(Path(sources) / script, copy)
        copy.chmod(0o755)


def find_go() -> tuple[Path, GoVersion]:
    """The Go of PATH and its version.

    Raises:
        WayClosed: There is none, or it is too old and may not fetch a newer one.
    """
    found = shutil.which("go")
    if found is None:
        raise WayClosed("There is no go on PATH.")
    go = Path(found).absolute()
    # Outside of any module: inside one, go would answer for the version that the module asks for.
    answer = _ask_go(go, ["version"], Path("/"))
    version = GoVersion.parse(answer)
    if version is None:
        raise WayClosed(f"{go} answers {answer[:80]!r} when asked for its version.")
    if version >= required_go():
        return go, version
    needed = f"{go} is {version}, older than {required_go()}"
    if version < FIRST_GO_WITH_TOOLCHAINS:
        raise WayClosed(f"{needed}, and too old to fetch a newer one by itself.")
    toolchain = _ask_go(go, ["env", "GOTOOLCHAIN"], Path("/"))
    if toolchain not in ("auto", "path") and not toolchain.endswith(("+auto", "+path")):
        raise WayClosed(f"{needed}, and GOTOOLCHAIN={toolchain} keeps it from fetching a newer one.")
    return go, version


def _download(go: Path, module: Path, package: str, workshop: Workshop) -> int:
    """Fetch all that the package needs, and say how many packages that is.

    A step of its own, so that a failing network is not reported as a failing compiler.
    """
    packages = workshop.run(
        f"downloading the modules of {package.rsplit('/', 1)[1]}",
        [go, "list", "-mod=readonly", "-deps", package],
        folder=module,
        environment=_environment(),
        seconds=_DOWNLOAD_SECONDS,
        progress=lambda said: f"{said.count('go: downloading ')} modules",
    )
    return len(_packages(packages))


def _count_packages(total: int) -> Callable[[str], str]:
    # With -v, go build names each package it compiles. What its cache holds already it does not name.
    return lambda said: f"{len(_packages(said)):,} of {total:,} packages"


def _packages(said: str) -> list[str]:
    return [line for line in said.splitlines() if line and not line.startswith("go: ")]


def _ask_go(go: Path, arguments: list[str], folder: Path) -> str:
    try:
        answer = subprocess.run(
            [go, *arguments],
            cwd=folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_ANSWER_SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise WayClosed(f"{go} {arguments[0]} does not answer within {_ANSWER_SECONDS} seconds.") from None
    except (OSError, subprocess.CalledProcessError) as error:
        raise WayClosed(f"{go} does not run: {error}.") from None
    return answer.stdout.strip()


def _environment() -> dict[str, str]:
    # No C compiler is needed, and a workspace file somewhere above must not change what is built.
    return {**os.environ, "CGO_ENABLED": "0", "GOWORK": "off"}
