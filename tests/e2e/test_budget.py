"""What a stack's life costs in requests and in bytes of state, with the real engine."""

from __future__ import annotations

import json
from collections import Counter

import pulumi_adobe_aep as aep
from pulumi_adobe_aep.emulator.client import Emulator
from tests.support.ingestion import MAPPINGS, SCHEMA, auth_of, make_dataset, paths
from tests.support.programs import string_auth
from tests.support.stack import Program, Stack
from tools.database import PostgresServer, SampleDatabase

NUMBER = 5
BYTES_OF_STATE = 1_500
"""Of one connection's inputs and outputs, encrypted, in the file that every step of an update rewrites. As much
again is the engine's own, most of it the program's call stack."""

CHAINS = 4
FLOW_SERVICE = ("sourceConnections", "targetConnections", "flows")


def several(**arguments: object) -> Program:
    def program() -> None:
        for number in range(NUMBER):
            aep.PostgresBaseConnection(f"crm-{number}", auth=string_auth(), **arguments)  # type: ignore[arg-type]

    return program


def test_the_life_of_a_stack_costs_what_it_must_and_no_request_more(stack: Stack, aep_emulator: Emulator) -> None:
    def spent() -> dict[str, int]:
        counts: dict[str, int] = {}
        for request in aep_emulator.requests():
            key = "token" if "/ims/" in request.path else request.method
            counts[key] = counts.get(key, 0) + 1
        aep_emulator.forget_requests()
        return counts

    stack.preview(several())
    assert spent() == {}

    stack.up(several())
    assert spent() == {"token": 1, "POST": NUMBER}

    stack.up(expect_no_changes=True)
    assert spent() == {}

    stack.refresh(expect_no_changes=True)
    # One read goes alone, the others share a page.
    assert spent() == {"token": 1, "GET": 2}

    stack.up(several(description="of the sales department"))
    assert spent() == {"token": 1, "GET": NUMBER, "PATCH": NUMBER}

    kept = [{key: each[key] for key in ("inputs", "outputs")} for each in encrypted_resources(stack)]
    assert len(kept) == NUMBER
    assert max(len(json.dumps(each, separators=(",", ":"))) for each in kept) <= BYTES_OF_STATE

    stack.destroy()
    assert spent() == {"token": 1, "DELETE": NUMBER}


def chains(postgres: PostgresServer, crm: SampleDatabase, dataset_id: str, expression: str) -> Program:
    """Return a program with several ingestions from one base connection."""

    def program() -> None:
        connection = aep.PostgresBaseConnection("crm", auth=auth_of(postgres, crm))
        for number in range(CHAINS):
            aep.TableIngestion(
                f"customers-{number}",
                connection=connection,
                table="public.customers",
                dataset_id=dataset_id,
                schema_id=SCHEMA,
                mappings={**MAPPINGS, "_acme.country": aep.Expression(expression)},
                schedule=aep.Schedule("hour", 1),
                delta_column="created_at",
                name=f"customers {expression} {number}",
            )

    return program


def test_the_life_of_several_ingestions_costs_what_it_must_and_no_request_more(
    stack: Stack, aep_emulator: Emulator, postgres: PostgresServer, crm: SampleDatabase
) -> None:
    aep_emulator.switch(mapping_delete="supported")
    dataset_id = make_dataset(aep_emulator)
    flow_service, mapping_sets = "/flowservice", "/conversion/mappingSets"

    def spent() -> dict[str, int]:
        return Counter(line.replace("POST /ims/token/v3", "token") for line in paths(aep_emulator))

    stack.preview(chains(postgres, crm, dataset_id, "country"))
    assert spent() == {}

    stack.up(chains(postgres, crm, dataset_id, "country"))
    assert spent() == {
        "token": 1,
        f"POST {flow_service}/connections": 1,
        f"GET {flow_service}/connections/ID/explore": CHAINS,
        **{f"POST {flow_service}/{each}": CHAINS for each in FLOW_SERVICE},
        f"POST {mapping_sets}": CHAINS,
        f"POST {mapping_sets}/validate": CHAINS,
    }

    stack.up(expect_no_changes=True)
    assert spent() == {}

    stack.refresh(expect_no_changes=True)
    # Of each kind one read goes alone, the others share a page.
    assert spent() == {
        "token": 1,
        f"GET {flow_service}/connections/ID": 1,
        **{f"GET {flow_service}/{each}{rest}": 1 for each in FLOW_SERVICE for rest in ("", "/ID")},
        f"GET {mapping_sets}": 1,
        f"GET {mapping_sets}/ID": 1,
    }

    stack.up(chains(postgres, crm, dataset_id, "upper(country)"))
    assert spent() == {
        "token": 1,
        **{f"{method} {flow_service}/{each}/ID": CHAINS for each in FLOW_SERVICE for method in ("GET", "PATCH")},
        f"PUT {mapping_sets}/ID": CHAINS,
        f"POST {mapping_sets}/validate": CHAINS,
    }

    stack.destroy()
    # The ids are gone, so they are cut off here.
    deleted = {"token": 1}
    for line, count in spent().items():
        if line.startswith("DELETE"):
            collection = line.rpartition("/")[0]
            deleted[collection] = deleted.get(collection, 0) + count
        else:
            assert (line, count) == ("token", 1)
    assert deleted == {
        "token": 1,
        f"DELETE {flow_service}/connections": 1,
        **{f"DELETE {flow_service}/{each}": CHAINS for each in FLOW_SERVICE},
        f"DELETE {mapping_sets}": CHAINS,
    }


def encrypted_resources(stack: Stack) -> list[dict[str, str]]:
    """Return the connections as they lie in the backend."""
    resources: list[dict[str, str]] = json.loads(stack.export())["checkpoint"]["latest"]["resources"]
    return [each for each in resources if each["type"].endswith(":PostgresBaseConnection")]
