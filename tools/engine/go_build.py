"""The second source: executables built with Go from modules that go.mod and go.sum files pin."""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tools.engine.command import Commands
from tools.engine.engine import SourceUnavailable
from tools.engine.versions import pinned_pulumi

_MODULES = Path(__file__).parent
_SDK = "github.com/pulumi/pulumi/sdk/v3"


@dataclass(frozen=True)
class Component:
    """What is built from one Go module.

    Attributes:
        module: The folder with its go.mod, go.sum and perhaps Go sources of our own.
        executables: The package of each executable, by file name.
        ldflags: More flags of the linker.
        scripts: Files to copy from a module that it requires, as `{module path: (files...)}`.
    """

    module: Path
    executables: Mapping[str, str]
    ldflags: str = ""
    scripts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the folder."""
        return self.module.name

    @property
    def files(self) -> list[str]:
        """The names of the files that building it makes."""
        return [*self.executables, *(Path(script).name for scripts in self.scripts.values() for script in scripts)]

    def digest(self) -> str:
        """Return a hash of all that is built from: it differs when a pin or a source differs."""
        digest = hashlib.sha256(repr(self.executables).encode() + self.ldflags.encode())
        for file in sorted(self.module.iterdir()):
            digest.update(file.name.encode() + file.read_bytes())
        return digest.hexdigest()


def engine_components(languages: Iterable[str]) -> list[Component]:
    """Return what the engine with the hosts of Python and of `languages` is built from."""
    return [_pulumi(), *(_HOSTS[language] for language in {"python": None, **dict.fromkeys(languages)})]


def _pulumi() -> Component:
    return Component(
        _MODULES / "pulumi",
        {"pulumi": "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"},
        ldflags=f"-X {_SDK}/go/common/version.Version=v{pinned_pulumi()}",
        # Scripts that are not Go. Of the SDK that the engine is built with, because that of the host is older.
        scripts={_SDK: ("python/cmd/pulumi-language-python-exec", "python/dist/pulumi-resource-pulumi-python")},
    )


_HOSTS = {
    "python": Component(
        _MODULES / "language-python",
        {
            "pulumi-language-python-host": f"{_SDK}/python/cmd/pulumi-language-python",
            "pulumi-language-python": "pulumi-adobe-aep/tools/engine/language-python",
        },
    ),
    "yaml": Component(
        _MODULES / "language-yaml",
        {"pulumi-language-yaml": "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"},
    ),
    "nodejs": Component(
        _MODULES / "language-nodejs", {"pulumi-language-nodejs": f"{_SDK}/nodejs/cmd/pulumi-language-nodejs"}
    ),
    "go": Component(_MODULES / "language-go", {"pulumi-language-go": f"{_SDK}/go/pulumi-language-go"}),
}


@dataclass(frozen=True)
class GoBuild:
    """Builds components with the Go of PATH.

    Attributes:
        commands: Run the compiler.
    """

    commands: Commands

    def build(self, components: Iterable[Component], bin_dir: Path) -> None:
        """Build components into `bin_dir`.

        Raises:
            SourceUnavailable: There is no Go, it is too old, or a download or the compiler failed.
        """
        if shutil.which("go") is None:
            raise SourceUnavailable("There is no go on PATH.")
        for component in components:
            for name, package in component.executables.items():
                self._compile(component, package, bin_dir / name)
            for module, scripts in component.scripts.items():
                (sources,) = self._go(
                    f"finding the sources of {module}", component, "list", "-m", "-f", "{{.Dir}}", module
                )
                for script in scripts:
                    copy = bin_dir / Path(script).name
                    shutil.copyfile(Path(sources) / script, copy)
                    copy.chmod(0o755)

    def _compile(self, component: Component, package: str, executable: Path) -> None:
        # Downloading is a step of its own, so that a failing network is not reported as a failing compiler.
        listed = self._go(
            f"downloading the modules of {executable.name}",
            component,
            "list",
            "-deps",
            package,
            progress=lambda output: f"{output.count('go: downloading ')} modules",
        )
        total = len(listed)
        flags = ("-trimpath", "-v", "-ldflags", f"-s -w {component.ldflags}".strip())
        self._go(
            f"compiling {executable.name}",
            component,
            "build",
            *flags,
            "-o",
            str(executable),
            package,
            # With -v, go build names each package that it compiles, but not what its cache holds already.
            progress=lambda output: f"{len(_lines(output)):,} of {total:,} packages",
        )

    def _go(
        self,
        what: str,
        component: Component,
        subcommand: str,
        *arguments: str,
        progress: Callable[[str], str] = lambda _: "",
    ) -> list[str]:
        """Run a subcommand of Go, and return the lines of its output that are not about downloads."""
        output = self.commands.run(
            what,
            ["go", subcommand, "-mod=readonly", *arguments],
            folder=component.module,
            # No C compiler is needed, and a workspace file somewhere above must not change what is built.
            environment={**os.environ, "CGO_ENABLED": "0", "GOWORK": "off"},
            progress=progress,
        )
        return _lines(output)


def _lines(output: str) -> list[str]:
    return [line for line in output.splitlines() if line and not line.startswith("go: ")]
