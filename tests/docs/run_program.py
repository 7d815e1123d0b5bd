"""Run a Pulumi program with mocks, and print what it declares: `python run_program.py PROGRAM`."""

from __future__ import annotations

import json
import re
import runpy
import sys
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks, set_all_config, set_mocks

_CONFIG = re.compile(r"""config\.(?:get|require)(?:_secret)?(_int|_bool|_object)?(?:_secret)?\(\s*"(\w+)""")
_NAMED = {"crmEncryption": "verify", "crmPort": "5432"}
_VALUES = {"": "a-value", "_int": "5432", "_bool": "true", "_object": '["dev"]'}


class _Service(Mocks):
    def __init__(self) -> None:
        self.declared: list[str] = []

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.declared.append(args.name)
        return f"{args.name}-id", args.inputs

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], None]:
        return args.args, None


def main() -> None:
    """Run the program that the command line names, with a value for each configuration key that it reads."""
    program = Path(sys.argv[1])
    keys = _CONFIG.findall(program.read_text(encoding="utf-8").replace("pulumi.Config()", "config"))
    service = _Service()
    set_mocks(service, preview=False)
    set_all_config({f"project:{key}": _NAMED.get(key, _VALUES[kind]) for kind, key in keys})

    def run() -> pulumi.Output[None]:
        runpy.run_path(str(program), run_name="__main__")
        return pulumi.Output.from_input(None)

    pulumi.runtime.test(run)()  # type: ignore[no-untyped-call]
    sys.stdout.write(json.dumps(service.declared))


if __name__ == "__main__":
    main()
