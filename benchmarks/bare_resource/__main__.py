# ruff: noqa: INP001
"""BENCH_COUNT resources or chains that do nothing, with their inputs; BENCH_WHOLE adds a connection's outputs."""

import os

import pulumi
from bare import BareChain, BareConnection, BareResource

kind = BareConnection if os.environ.get("BENCH_WHOLE") else BareResource
count = int(os.environ["BENCH_COUNT"])
chains = count if os.environ.get("BENCH_WHAT") == "chains" else 0
for number in range(chains):
    BareChain(f"customers-{number}", f"customers-{number} {os.environ['BENCH_DESCRIPTION']}")
for number in range(count - chains):
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
