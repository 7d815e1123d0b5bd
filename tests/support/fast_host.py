"""The SDK's host of dynamic providers, in which every wait takes a moment: `python -m tests.support.fast_host`."""

from __future__ import annotations

import os
import runpy

from pulumi_adobe_aep.pulumi_sdk.provider import process_of
from pulumi_adobe_aep.settings import load
from tests.support.clock import FastClock

if __name__ == "__main__":
    # The providers find it by their settings, which are these as long as the stack configures nothing.
    process_of(load(os.environ), FastClock())
    runpy.run_module("pulumi.dynamic", run_name="__main__", alter_sys=True)
