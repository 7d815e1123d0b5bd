# ruff: noqa: INP001
"""BENCH_COUNT chains from a table to a dataset, by this provider."""

import os

import pulumi_adobe_aep as aep


def declare() -> None:
    """Declare them all, each with a name that an update changes."""
    for number in range(int(os.environ["BENCH_COUNT"])):
        aep.TableIngestion(
            f"customers-{number}",
            name=f"customers-{number} {os.environ['BENCH_DESCRIPTION']}",
            connection=os.environ["BENCH_CONNECTION"],
            connection_spec=os.environ["BENCH_SPEC"],
            table="crm.customers",
            dataset_id=os.environ["BENCH_DATASET"],
            schema_id=os.environ["BENCH_SCHEMA"],
            mappings={"_acme.email": "email"},
            schedule=aep.Schedule("hour", 1),
            delta_column="updated_at",
        )
