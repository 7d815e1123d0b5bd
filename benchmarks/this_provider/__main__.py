# ruff: noqa: INP001
"""BENCH_COUNT connections, by this provider."""

import os

import pulumi

import pulumi_adobe_aep as aep

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
