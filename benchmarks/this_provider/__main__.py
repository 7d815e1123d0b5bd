# ruff: noqa: INP001
"""BENCH_COUNT connections or chains, by this provider."""

import os

import chains
import pulumi

import pulumi_adobe_aep as aep


def connections() -> None:
    """Declare the connections."""
    for number in range(int(os.environ["BENCH_COUNT"])):
        aep.PostgresBaseConnection(
            f"crm-{number}",
            description=os.environ["BENCH_DESCRIPTION"],
            auth=aep.ConnectionStringAuth(
                server="db.example.com",
                database="crm",
                username="aep_reader",
                password=pulumi.Output.secret(f"password {number}"),
                encryption="verify",
            ),
        )


if os.environ.get("BENCH_WHAT") == "chains":
    chains.declare()
else:
    connections()
