"""The plugin's process, which serves the kind of the tests as well: `python -m tests.support.plugin_process`."""

from __future__ import annotations

from pulumi_adobe_aep.kinds.registry import KINDS
from pulumi_adobe_aep.native.server import main
from tests.support.toy import TOY

SERVED = {**KINDS, TOY.name: TOY}

if __name__ == "__main__":
    main(SERVED)
