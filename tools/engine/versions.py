"""The versions of Pulumi and Go that are needed, as the go.mod file beside this pins them."""

import re
from pathlib import Path

from semver import VersionInfo

# The first whose import file takes the inputs and outputs of a dynamic resource.
OLDEST_PULUMI = VersionInfo(3, 254, 0)

_GO_MOD = Path(__file__).with_name("pulumi") / "go.mod"


def pinned_pulumi() -> str:
    """Return the version of Pulumi that is built or installed if PATH has none, without the leading `v`."""
    return _in_go_mod(r"^require github\.com/pulumi/pulumi/pkg/v3 v(\S+)")


def required_go() -> str:
    """Return the oldest version of Go that builds the pinned Pulumi."""
    return _in_go_mod(r"^go (\S+)$")


def parse_pulumi_version(text: str) -> VersionInfo | None:
    """Return the version that `pulumi version` printed, or None if that is not a version."""
    try:
        return VersionInfo.parse(text.strip().removeprefix("v"))
    except ValueError:
        return None


def _in_go_mod(pattern: str) -> str:
    match = re.search(pattern, _GO_MOD.read_text(encoding="utf-8"), re.MULTILINE)
    if match is None:
        raise ValueError(f"{_GO_MOD} has no line like {pattern}")
    return match[1]
