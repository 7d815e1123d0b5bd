"""Versions of Pulumi and Go: reading them, comparing them, and the ones pinned in the go.mod files beside this."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

MODULES = Path(__file__).parent
ENGINE_MODULE = MODULES / "pulumi"
LANGUAGE_HOST_MODULE = MODULES / "language-python"

_PULUMI = re.compile(r"v?(\d+)\.(\d+)\.(\d+)(-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")
_GO = re.compile(r"\bgo(\d+)\.(\d+)(?:\.(\d+))?")


class PulumiVersion(NamedTuple):
    """A version of Pulumi; compares as semantic versions do, except that pre-releases of one version are equal."""

    major: int
    minor: int
    patch: int
    final: bool = True  # last, so that 3.254.0-alpha comes before 3.254.0

    @classmethod
    def parse(cls, text: str) -> "PulumiVersion | None":
        """The version in the output of `pulumi version`, or None when that is no version."""
        match = _PULUMI.fullmatch(text.strip())
        if match is None:
            return None
        return cls(int(match[1]), int(match[2]), int(match[3]), match[4] is None)


class GoVersion(NamedTuple):
    """A version of Go."""

    major: int
    minor: int
    patch: int = 0

    @classmethod
    def parse(cls, text: str) -> "GoVersion | None":
        """The version in the output of `go version`, release candidates and development builds included."""
        match = _GO.search(text)
        return None if match is None else cls(int(match[1]), int(match[2]), int(match[3] or 0))

    def __str__(self) -> str:
        """As Go writes it, without `go`."""
        return f"{self.major}.{self.minor}.{self.patch}"


# The first whose import file takes the inputs and outputs of a dynamic resource.
OLDEST_PULUMI = PulumiVersion(3, 254, 0)
# The first Go that can fetch a newer one by itself when a module asks for it.
FIRST_GO_WITH_TOOLCHAINS = GoVersion(1, 21)


@cache
def pinned_pulumi() -> str:
    """The version of Pulumi that is built or installed when PATH has none, without the leading `v`."""
    return _in_go_mod(r"^require github\.com/pulumi/pulumi/pkg/v3 v(\S+)")


@cache
def required_go() -> GoVersion:
    """The oldest Go that builds the pinned Pulumi."""
    version = GoVersion.parse("go" + _in_go_mod(r"^go (\S+)$"))
    if version is None:
        raise ValueError(f"{ENGINE_MODULE / 'go.mod'}: the go line holds no version")
    return version


def _in_go_mod(pattern: str) -> str:
    go_mod = ENGINE_MODULE / "go.mod"
    match = re.search(pattern, go_mod.read_text(encoding="utf-8"), re.MULTILINE)
    if match is None:
        raise ValueError(f"{go_mod} holds no line like {pattern}")
    return match[1]
