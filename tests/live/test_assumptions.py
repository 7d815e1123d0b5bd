"""What Adobe's documents leave open, looked at; the session's summary tells what was seen."""

from __future__ import annotations

import time

from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import (
    POSTGRES,
)
from pulumi_adobe_aep.lifecycle.delete import delete
from tests.live.conftest import Database, NewService

SECRETS = ("password", "connectionString")


def test_what_the_documents_leave_open(name: str, database: Database, new_service: NewService, seen: list[str]) -> None:
    auth = POSTGRES.inputs.model_validate(
        {"name": name, "sandboxName": new_service().sandbox, "auth": database.auth().to_state()}
    ).declared_auth
    sent = auth.params({})

    began = time.monotonic()
    created = new_service().connections.create(
        {
            "name": name,
            "auth": {"specName": auth.spec_name, "params": sent},
            "connectionSpec": {"id": POSTGRES.spec_id, "version": POSTGRES.spec_version},
        }
    )
    seen.append(f"A create took {time.monotonic() - began:.1f} s.")
    first = new_service().connections.get(created.id)
    seen.append(f"The first read after it says '{first.state}', created by client '{first.created_client}'.")
    began = time.monotonic()
    while (now := new_service().connections.get(created.id)).state == "initializing":
        assert time.monotonic() - began < 120
        time.sleep(0.5)
    seen.append(
        f"The state was '{now.state}' {time.monotonic() - began:.1f} s later; etag rewritten: {now.etag != first.etag}."
    )
    for key in SECRETS:
        if key in sent:
            shown = now.auth.params.get(key)
            how = "plain" if shown == sent[key] else "omitted" if shown is None else "masked"
            seen.append(f"A read shows {key} {how}.")
    seen.append(f"auth.params has keys that were not sent: {sorted(now.auth.params.keys() - sent.keys())}.")
    seen.append(f"A test of the connection: {new_service().test_connection(created.id).passed}.")
    by_name = [each.id for each in new_service().connections.list(f"name=={name}")]
    seen.append(f"A filter on the name finds it: {by_name == [created.id]}.")
    done = new_service().connections.delete(created.id)
    seen.append(f"A delete is {'done (204)' if done else 'accepted (not 204)'} when the response comes.")
    delete(new_service(), POSTGRES, created.id, name)

    assert by_name == [created.id]
