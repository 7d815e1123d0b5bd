"""A peer: OpenTofu with the REST provider of Mastercard, where both are installed (`--tofu`, `--tofu-restapi`).

The provider knows create, read and delete of any REST resource. It cannot change a base connection: that takes the etag
of a read in a header of the PATCH.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.cases import Case
from benchmarks.contender import ASIDE

_PROVIDER = "mastercard/restapi"


@dataclass(frozen=True)
class OpenTofu:
    """OpenTofu, its program written as JSON.

    Attributes:
        tofu: the executable.
        provider: the folder with the executable `terraform-provider-restapi...`.
    """

    tofu: Path
    provider: Path
    name: str = "OpenTofu with a REST provider"
    sends_requests: bool = True
    is_steady: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)

    def prepare(self, case: Case, folder: Path) -> None:
        """Write the program and the settings that name the provider's folder instead of a registry."""
        (folder / "main.tf.json").write_text(json.dumps(program(case.connections)), encoding="utf-8")
        settings = {"provider_installation": [{"dev_overrides": {_PROVIDER: str(self.provider)}, "direct": {}}]}
        (folder / "tofu.rc.json").write_text(json.dumps(settings), encoding="utf-8")

    def command(self, step: str, case: Case, folder: Path) -> list[str] | None:  # noqa: ARG002
        """Return a command of OpenTofu."""
        if step in (ASIDE, "update"):
            return None
        words = {"refresh": ["apply", "-refresh-only"], "destroy": ["destroy"]}.get(step, ["apply"])
        if step == "no-change up":
            # It reads every resource before a plan; an up does not.
            words = ["apply", "-refresh=false"]
        parallel = [] if case.parallel is None else [f"-parallelism={case.parallel}"]
        return [str(self.tofu), *words, "-auto-approve", "-no-color", "-input=false", *parallel]

    def environment(self, folder: Path) -> Mapping[str, str]:
        """Return this process's environment with OpenTofu's settings."""
        return {**os.environ, "TF_CLI_CONFIG_FILE": str(folder / "tofu.rc.json"), "CHECKPOINT_DISABLE": "1"}


def program(connections: int) -> dict[str, object]:
    """Return the program; what differs from run to run comes from variables that the environment sets (TF_VAR_...)."""
    body = {
        "name": "crm-${count.index}",
        "description": "${var.description}",
        "auth": {
            "specName": "Connection String Based Authentication",
            "params": {
                "connectionString": "Server=db.example.com;Database=crm;Port=5432;UID=aep_reader;"
                "Password=password ${count.index}"
            },
        },
        "connectionSpec": {"id": "74a1c565-4e59-48d7-9d67-7c03b8a13137", "version": "1.0"},
    }
    return {
        "terraform": {"required_providers": {"restapi": {"source": _PROVIDER}}},
        "variable": {"uri": {}, "description": {}, "headers": {"type": "map(string)", "sensitive": True}},
        "provider": {
            "restapi": {
                "uri": "${var.uri}",
                "headers": "${var.headers}",
                "id_attribute": "id",
                "write_returns_object": True,
            }
        },
        "resource": {
            "restapi_object": {
                "crm": {
                    "count": connections,
                    "path": "/connections",
                    "data": json.dumps(body),
                    "ignore_all_server_changes": True,
                }
            }
        },
    }
