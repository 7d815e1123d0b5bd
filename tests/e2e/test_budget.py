"""What a stack's life costs in requests and in bytes of state, with the real engine."""

from __future__ import annotations

import json

import pulumi_adobe_aep as aep
from pulumi_adobe_aep.emulator.client import Emulator
from tests.support.programs import string_auth
from tests.support.stack import Program, Stack

NUMBER = 5
BYTES_OF_STATE = 1_500
"""Of one connection's inputs and outputs, encrypted, in the file that every step of an update writes anew. As much
again is the engine's own, most of it the program's call stack."""


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


def encrypted_resources(stack: Stack) -> list[dict[str, str]]:
    """Return the connections as they lie in the backend."""
    resources: list[dict[str, str]] = json.loads(stack.export())["checkpoint"]["latest"]["resources"]
    return [each for each in resources if each["type"].endswith(":PostgresBaseConnection")]
