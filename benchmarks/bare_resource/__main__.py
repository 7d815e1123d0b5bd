# ruff: noqa: INP001
"""BENCH_COUNT resources that do nothing, with the inputs of a connection."""

import os

import pulumi
from bare import BareResource

for number in range(int(os.environ["BENCH_COUNT"])):
    BareResource(
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
