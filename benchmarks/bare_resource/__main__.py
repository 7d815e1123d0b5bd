# ruff: noqa: INP001
"""BENCH_COUNT resources that do nothing, with the inputs of a connection; with BENCH_WHOLE, with its outputs, too."""

import os

import pulumi
from bare import BareConnection, BareResource

kind = BareConnection if os.environ.get("BENCH_WHOLE") else BareResource
for number in range(int(os.environ["BENCH_COUNT"])):
    kind(
        f"crm-{number}",
        {
            "name": f"crm-{number}",
            "description": os.environ["BENCH_DESCRIPTION"],
            "auth": {
                "server": "db.example.com",
                "database": "crm",
                "username": "aep_reader",
                "password": pulumi.Output.secret(f"password {number}"),
                "encryption": "verify",
            },
        },
    )
