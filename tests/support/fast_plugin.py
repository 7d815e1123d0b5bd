"""The plugin's process, in which every wait takes a moment: `python -m tests.support.fast_plugin`."""

from __future__ import annotations

from pulumi_adobe_aep.native.server import main
from tests.support.clock import FastClock
from tests.support.plugin_process import SERVED

if __name__ == "__main__":
    main(SERVED, FastClock())
