"""The life of what a table's ingestion is made of, as the engine drives it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Action, Answer, Drop, Truncate
from tests.host.conftest import Start
from tests.support.chain import COLUMNS, KINDS, SCHEDULE, Chain
from tests.support.host import UNKNOWN, Adapter, Host, Wire, failure, running
from tests.support.ingestion import SCHEMA
from tools.database import PostgresServer, SampleDatabase


@pytest.fixture
def chain(host: Host, aep_emulator: Emulator) -> Chain:
    aep_emulator.switch(mapping_delete="supported")
    return Chain.begin(host, aep_emulator)


@pytest.fixture
def real(host: Host, aep_emulator: Emulator, postgres: PostgresServer, crm: SampleDatabase) -> Chain:
    """A chain whose base connection logs in to the sample database."""
    return Chain.begin(host, aep_emulator, connection_string(postgres, crm))


def connection_string(postgres: PostgresServer, crm: SampleDatabase) -> str:
    place = f"Server={postgres.host};Database={crm.name};Port={postgres.port}"
    return f"{place};UID={crm.role};Password={{{crm.password}}}"


def held(chain: Chain, kind: str) -> list[dict[str, Any]]:
    return chain.emulator.entities(kind)  # type: ignore[arg-type]


def _let_the_writes_be_seen(chain: Chain) -> None:
    """Let the service's time pass, so that a 404 counts at once."""
    chain.emulator.advance(60)


# All kinds.


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_created_read_renamed_and_deleted_with_as_few_requests_as_can_be(chain: Chain, kind: str) -> None:
    host, inputs = chain.of(kind), chain.inputs(kind)

    created = host.create(inputs)
    create = {"mappingSets": ["POST /conversion/mappingSets/validate", "POST /conversion/mappingSets"]}
    path = {"mappingSets": "/conversion/mappingSets"}.get(kind, f"/{kind}")
    assert chain.spent() == create.get(kind, [f"POST {path}"])
    assert host.diff(created.id, created.outputs, host.checked(inputs)).is_change is False

    read = host.read(created.id, created.outputs)
    assert chain.spent() == [f"GET {path}/ID"]
    assert read.inputs == host.checked(inputs)
    assert host.diff(created.id, read.outputs, host.checked(inputs)).is_change is False

    renamed = {**inputs, "name": "customers of Berlin"}
    outputs = host.update(created.id, read.outputs, renamed)
    update = {"mappingSets": ["POST /conversion/mappingSets/validate", "PUT /conversion/mappingSets/ID"]}
    assert chain.spent() == update.get(kind, [f"GET {path}/ID", f"PATCH {path}/ID"])
    assert [each["name"] for each in held(chain, kind)] == ["customers of Berlin"]
    assert host.diff(created.id, outputs, host.checked(renamed)).is_change is False

    host.delete(created.id, outputs)
    assert held(chain, kind) == []
    _let_the_writes_be_seen(chain)
    host.delete(created.id, outputs)


@pytest.mark.parametrize("kind", KINDS)
def test_what_somebody_deleted_is_gone_at_the_next_read(chain: Chain, kind: str) -> None:
    created = chain.create(kind)
    chain.emulator.delete(created.id, kind=kind)  # type: ignore[arg-type]
    _let_the_writes_be_seen(chain)

    assert chain.of(kind).read(created.id, created.outputs).id == ""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "fault", [Drop(when="after"), Truncate(), Answer(when="after", status=502, body="<html>")], ids=str
)
def test_a_create_whose_response_is_lost_is_found_and_not_made_twice(chain: Chain, kind: str, fault: Action) -> None:
    inputs = chain.inputs(kind)
    chain.emulator.fault(fault, method="POST", path=f"/{kind}$")

    created = chain.of(kind).create(inputs)

    assert [each["id"] for each in held(chain, kind)] == [created.id]


@pytest.mark.parametrize("kind", KINDS)
def test_a_create_that_was_not_handled_is_sent_again(chain: Chain, kind: str) -> None:
    inputs = chain.inputs(kind)
    chain.emulator.fault(Drop(), method="POST", path=f"/{kind}$")

    created = chain.of(kind).create(inputs)

    assert [each["id"] for each in held(chain, kind)] == [created.id]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "mappingSets"])
def test_a_change_begins_again_when_somebody_else_was_faster(chain: Chain, kind: str) -> None:
    created, inputs = chain.create(kind), chain.inputs(kind) if kind != "flows" else None
    inputs = inputs or {key: created.outputs[key] for key in created.outputs if key in _FLOW_INPUTS}
    chain.emulator.fault(Answer(status=412, body="{}"), method="PATCH", path=f"/{kind}/")

    chain.of(kind).update(created.id, created.outputs, {**inputs, "description": "rows of the CRM"})

    assert [each["description"] for each in held(chain, kind)] == ["rows of the CRM"]


_FLOW_INPUTS = (
    "name",
    "sandboxName",
    "sourceConnectionId",
    "targetConnectionId",
    "mappingId",
    "mappingVersion",
    "schedule",
    "deltaColumn",
    "enabled",
)


@pytest.mark.parametrize("kind", KINDS)
def test_a_refresh_of_many_reads_pages(chain: Chain, kind: str) -> None:
    made = [chain.create(kind, name=f"customers {number}") for number in range(12)]
    chain.spent()

    found = [chain.of(kind).read(each.id, each.outputs).id for each in made]

    assert found == [each.id for each in made]
    path = {"mappingSets": "/conversion/mappingSets"}.get(kind, f"/{kind}")
    assert chain.spent() == [f"GET {path}/ID", f"GET {path}"]


# Source connections.


def test_a_table_without_columns_is_explored_once_at_the_create_and_what_was_sent_is_recorded(real: Chain) -> None:
    inputs = real.inputs("sourceConnections", columns=None)
    created = real.of("sourceConnections").create(inputs)

    assert real.spent() == ["GET /connections/ID/explore", "POST /sourceConnections"]
    (entity,) = held(real, "sourceConnections")
    names = [column["name"] for column in entity["params"]["columns"]]
    assert names[:3] == ["customer_id", "external_id", "email"]
    assert created.outputs["tableColumns"] == entity["params"]["columns"]
    assert "columns" not in created.outputs


def test_columns_that_are_named_are_looked_up_in_the_table_in_their_order(real: Chain) -> None:
    inputs = real.inputs("sourceConnections", columns=["created_at", "email"])
    host = real.of("sourceConnections")
    created = host.create(inputs)

    (entity,) = held(real, "sourceConnections")
    assert [column["name"] for column in entity["params"]["columns"]] == ["created_at", "email"]
    assert entity["params"]["columns"][0]["xdm"] == {"type": "string", "format": "date-time"}
    assert created.outputs["columns"] == ["created_at", "email"]
    read = host.read(created.id, created.outputs)
    assert read.inputs == host.checked(inputs)


def test_a_column_that_the_table_lacks_is_refused_before_anything_is_created(real: Chain) -> None:
    inputs = real.inputs("sourceConnections", columns=["email", "emial"])

    text = failure(real.of("sourceConnections").create, inputs)

    assert "The table public.customers has no column emial" in text
    assert "columns: it has customer_id, external_id, email" in text
    assert real.spent() == ["GET /connections/ID/explore"]


def test_all_but_name_and_description_of_a_source_connection_replaces_it(chain: Chain) -> None:
    host, created = chain.of("sourceConnections"), chain.create("sourceConnections")
    old = chain.inputs("sourceConnections")
    for key, value in {
        "baseConnectionId": UNKNOWN,
        "table": "public.consents",
        "columns": COLUMNS[:1],
        "connectionSpec": "26d738e0-8963-47ea-aadf-c60de735468a",
        "sandboxName": "stage",
    }.items():
        assert host.diff(created.id, created.outputs, host.checked({**old, key: value})).replaces == [key]
    for key in ("name", "description"):
        assert host.diff(created.id, created.outputs, host.checked({**old, key: "x"})).replaces == []


# Mapping sets.


def test_each_change_of_a_mapping_set_is_a_new_version(chain: Chain) -> None:
    host, inputs = chain.of("mappingSets"), chain.inputs("mappingSets")
    created = host.create(inputs)
    assert created.outputs["version"] == 0

    changed = {**inputs, "mappings": {"_acme.email": {"expression": "upper(email)"}}}
    outputs = host.update(created.id, created.outputs, changed)

    assert outputs["version"] == 1
    (entity,) = held(chain, "mappingSets")
    assert entity["mappings"] == [
        {"sourceType": "EXPRESSION", "source": "upper(email)", "destination": "_acme.email"},
    ]


def test_a_version_that_somebody_else_made_is_not_ours_and_no_drift(chain: Chain) -> None:
    host, inputs = chain.of("mappingSets"), chain.inputs("mappingSets")
    created = host.create(inputs)
    others = host.update(created.id, created.outputs, {**inputs, "mappings": {"_acme.email": "other"}})
    assert others["version"] == 1

    read = host.read(created.id, created.outputs)

    assert read.outputs["version"] == 0
    assert read.inputs == host.checked(inputs)


def test_mappings_that_data_prep_refuses_are_reported_with_path_and_nothing_is_written(chain: Chain) -> None:
    inputs = chain.inputs("mappingSets", mappings={"_acme.email": {"expression": "no_such_function(email)"}})

    text = failure(chain.of("mappingSets").create, inputs)

    assert "Data Prep refuses mappings of the mapping set 'customers', so nothing was written." in text
    assert "mappings._acme.email: " in text
    assert "no_such_function" in text
    assert chain.spent() == ["POST /conversion/mappingSets/validate"]
    assert held(chain, "mappingSets") == []


@pytest.mark.parametrize("switch", ["missing", "refused"])
def test_a_mapping_set_that_cannot_be_deleted_is_forgotten_with_a_warning(
    aep_emulator: Emulator, tmp_path: Path, switch: str, adapter: Adapter
) -> None:
    with running(aep_emulator.environment(), tmp_path, adapter) as host:
        chain = Chain.begin(host, aep_emulator)
        created = chain.create("mappingSets")
        aep_emulator.switch(mapping_delete=switch)

        chain.of("mappingSets").delete(created.id, created.outputs)

        assert f"Mapping set 'customers' ({created.id}) stays in sandbox dev" in host.log()


# Dataflows.


def flow(chain: Chain) -> dict[str, Any]:
    (entity,) = held(chain, "flows")
    return entity


def shown_flow(chain: Chain) -> dict[str, Any]:
    """Return the one dataflow as the service shows it, past the log."""
    response = chain.emulator.session().get(f"{chain.emulator.flow_service_url}/flows", timeout=30)
    (item,) = response.json()["items"]
    return dict(item)


def test_a_dataflow_is_sent_as_adobes_pages_show_it(chain: Chain) -> None:
    before = int(time.time())
    created = chain.create("flows", errorDiagnostics=True, partialIngestionPercent=5, description="hourly")

    entity = flow(chain)
    assert entity["flowSpec"] == {"id": "14518937-270c-4525-bdec-c2ba7cce3860", "version": "1.0"}
    assert entity["transformations"] == [
        {"name": "Copy", "params": {"deltaColumn": {"name": "created_at"}}},
        {"name": "Mapping", "params": {"mappingId": created.outputs["mappingId"], "mappingVersion": 0}},
    ]
    schedule = dict(entity["scheduleParams"])
    assert before + 300 <= int(schedule.pop("startTime")) <= time.time() + 300
    assert schedule == {"frequency": "hour", "interval": "1", "backfill": "true"}
    assert entity["options"] == {"errorDiagnosticsEnabled": True, "partialIngestionPercent": 5}
    assert set(created.outputs) == {
        *_FLOW_INPUTS,
        "description",
        "errorDiagnostics",
        "partialIngestionPercent",
        "flowId",
        "state",
        "effectiveStartTime",
        "createdAt",
        "changedAt",
        "orgId",
    }


def test_a_start_time_that_is_left_out_is_not_a_difference_later_and_a_run_is_not_drift(real: Chain) -> None:
    inputs = real.inputs("flows")
    host = real.of("flows")
    created = host.create(inputs)
    real.emulator.advance(3 * 3600)
    assert flow(real)["lastRunDetails"]

    read = host.read(created.id, created.outputs)

    assert read.inputs == host.checked(inputs)
    assert read.outputs == created.outputs
    assert host.diff(created.id, read.outputs, host.checked(inputs)).is_change is False


def test_the_start_counts_from_the_clock_of_the_service(chain: Chain) -> None:
    chain.emulator.advance(30 * 24 * 3600)
    inputs = chain.inputs("flows")

    created = chain.of("flows").create(inputs)

    assert int(flow(chain)["scheduleParams"]["startTime"]) > chain.emulator.now()
    assert created.outputs["effectiveStartTime"]


def test_a_process_that_does_not_know_the_services_time_yet_learns_it_from_the_refusal(
    chain: Chain, start: Start
) -> None:
    inputs = chain.inputs("flows")
    chain.emulator.advance(30 * 24 * 3600)
    fresh = Chain(start(), chain.emulator, chain.connection_id, chain.dataset_id)

    fresh.of("flows").create(inputs)

    assert chain.spent() == ["POST /flows", "POST /flows"]
    assert int(flow(chain)["scheduleParams"]["startTime"]) > chain.emulator.now()


@pytest.mark.parametrize(
    ("changes", "operations"),
    [
        (
            {"schedule": {"frequency": "day", "interval": 2}},
            {"/scheduleParams/frequency": "day", "/scheduleParams/interval": "2"},
        ),
        ({"description": "hourly"}, {"/description": "hourly"}),
        ({"schedule": {**SCHEDULE, "backfill": False}}, {"/scheduleParams/backfill": "false"}),
    ],
    ids=["schedule", "description", "backfill before the start"],
)
def test_what_adobe_lets_change_is_changed_in_place(chain: Chain, changes: Wire, operations: dict[str, str]) -> None:
    inputs, host = chain.inputs("flows"), chain.of("flows")
    created = host.create(inputs)
    start = flow(chain)["scheduleParams"]["startTime"]

    assert host.diff(created.id, created.outputs, host.checked({**inputs, **changes})).replaces == []
    outputs = host.update(created.id, created.outputs, {**inputs, **changes})

    done = shown_flow(chain)["lastOperation"]["ops"]
    assert {each["path"]: each["value"] for each in done} == operations
    assert flow(chain)["scheduleParams"]["startTime"] == start
    assert outputs["effectiveStartTime"] == created.outputs["effectiveStartTime"]
    assert host.diff(created.id, outputs, host.checked({**inputs, **changes})).is_change is False


def test_a_new_mapping_version_takes_the_place_of_the_old_one_wherever_it_stands(chain: Chain) -> None:
    inputs, host = chain.inputs("flows"), chain.of("flows")
    created = host.create(inputs)
    chain.emulator.change(created.id, kind="flows", fields={"transformations": flow(chain)["transformations"][::-1]})
    mapping = chain.of("mappingSets")
    recorded = mapping.read(inputs["mappingId"], {"mappingId": inputs["mappingId"], "version": 0}).outputs
    mapping.update(inputs["mappingId"], recorded, chain.inputs("mappingSets", mappings={"_acme.email": "email"}))

    host.update(created.id, created.outputs, {**inputs, "mappingVersion": 1})

    copies, mappings = flow(chain)["transformations"][::-1]
    assert copies["name"] == "Copy"
    assert mappings["params"]["mappingVersion"] == 1


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"sourceConnectionId": UNKNOWN}, "sourceConnectionId"),
        ({"targetConnectionId": "another"}, "targetConnectionId"),
        ({"deltaColumn": "updated_at"}, "deltaColumn"),
        ({"schedule": {"frequency": "once"}, "deltaColumn": None}, "schedule.frequency"),
        ({"errorDiagnostics": True}, "errorDiagnostics"),
        ({"partialIngestionPercent": 7}, "partialIngestionPercent"),
    ],
    ids=str,
)
def test_what_adobe_does_not_let_change_replaces_and_deletes_first(chain: Chain, changes: Wire, path: str) -> None:
    inputs, host = chain.inputs("flows"), chain.of("flows")
    created = host.create(inputs)
    declared = {key: value for key, value in {**inputs, **changes}.items() if value is not None}

    diff = host.diff(created.id, created.outputs, host.checked(declared))

    assert path in diff.replaces
    assert diff.deletes_first


def test_backfill_replaces_once_the_dataflow_has_started_and_another_start_has_no_effect(chain: Chain) -> None:
    inputs, host = chain.inputs("flows", name="that has started"), chain.of("flows")
    created = host.create(inputs)
    started = {**created.outputs, "effectiveStartTime": "2026-01-31T23:59:59Z"}

    other = host.checked({**inputs, "schedule": {**SCHEDULE, "backfill": False}})
    assert host.diff(created.id, started, other).replaces == ["schedule.backfill"]
    later = host.checked({**inputs, "schedule": {**SCHEDULE, "startTime": "2126-01-01T00:00:00Z"}})
    assert host.diff(created.id, started, later).is_change is False
    (line,) = (line for line in host.log().splitlines() if "Dataflow 'that has started' has started" in line)
    assert "so schedule.startTime has no effect any more" in line


def test_another_start_time_is_sent_before_the_dataflow_has_started(chain: Chain) -> None:
    inputs, host = chain.inputs("flows"), chain.of("flows")
    created = host.create(inputs)
    later = {**inputs, "schedule": {**SCHEDULE, "startTime": "2126-01-01T00:00:00+01:00"}}

    outputs = host.update(created.id, created.outputs, later)

    assert outputs["effectiveStartTime"] == "2125-12-31T23:00:00Z"
    assert flow(chain)["scheduleParams"]["startTime"] == "4922895600"
    assert host.diff(created.id, outputs, host.checked(later)).is_change is False


@pytest.mark.parametrize(
    ("backfill", "says"),
    [(True, "The new one reads the whole table again"), (False, "are never read: docs/replacement.md")],
)
def test_a_replacement_says_what_it_does_to_the_data(chain: Chain, backfill: bool, says: str) -> None:
    name = f"with backfill {backfill}"
    inputs = chain.inputs("flows", name=name, schedule={**SCHEDULE, "backfill": backfill})
    host = chain.of("flows")
    created = host.create(inputs)

    host.diff(created.id, created.outputs, host.checked({**inputs, "deltaColumn": "updated_at"}))

    (line,) = (line for line in host.log().splitlines() if f"Dataflow '{name}'" in line)
    assert "is replaced because of deltaColumn. The old one is deleted first." in line
    assert says in line


def test_a_replacement_with_a_start_time_in_the_past_is_refused_before_anything_is_deleted(chain: Chain) -> None:
    inputs, host = chain.inputs("flows"), chain.of("flows")
    created = host.create(inputs)
    past = {**SCHEDULE, "startTime": "2026-01-31T23:59:59Z"}
    declared = host.check({**inputs, "schedule": past, "deltaColumn": "updated_at"}, inputs).inputs

    text = failure(host.diff, created.id, created.outputs, declared)

    assert "schedule.startTime lies in the past (2026-01-31T23:59:59Z)" in text


def test_enabled_is_put_through_the_action_and_corrects_what_adobe_disabled(chain: Chain) -> None:
    inputs, host = chain.inputs("flows", enabled=False), chain.of("flows")
    created = host.create(inputs)
    assert chain.spent() == ["POST /flows", "POST /flows/ID/action"]
    assert (flow(chain)["state"], created.outputs["state"]) == ("disabled", "disabled")

    enabled = host.update(created.id, created.outputs, {**inputs, "enabled": True})
    assert chain.spent() == ["GET /flows/ID", "POST /flows/ID/action"]
    assert (flow(chain)["state"], enabled["state"]) == ("enabled", "enabled")

    chain.emulator.change(created.id, kind="flows", state="disabled", by="acp_core_flow")
    read = host.read(created.id, enabled)
    assert read.inputs is not None
    assert read.inputs["enabled"] is False
    corrected = host.update(created.id, read.outputs, {**inputs, "enabled": True})
    assert (flow(chain)["state"], corrected["enabled"]) == ("enabled", True)


def test_an_action_that_has_nothing_to_do_is_fine(chain: Chain) -> None:
    inputs, host = chain.inputs("flows"), chain.of("flows")
    created = host.create(inputs)
    chain.spent()
    chain.emulator.fault(Answer(when="after", status=502, body="<html>"), method="POST", path="/action$")

    host.update(created.id, created.outputs, {**inputs, "enabled": False})

    assert flow(chain)["state"] == "disabled"
    assert chain.spent() == ["GET /flows/ID", "POST /flows/ID/action", "POST /flows/ID/action"]


def test_a_new_dataflow_that_cannot_be_disabled_is_deleted_again(chain: Chain) -> None:
    inputs, host = chain.inputs("flows", enabled=False), chain.of("flows")
    chain.emulator.fault(Answer(status=403, body="{}"), method="POST", path="/action$")

    text = failure(host.create, inputs)

    assert "The action 'disable' on the dataflow" in text
    assert "was deleted again." in text
    assert held(chain, "flows") == []


def test_a_dataflow_that_a_label_hides_is_neither_forgotten_nor_made_again(chain: Chain) -> None:
    inputs, host = chain.inputs("flows"), chain.of("flows")
    created = host.create(inputs)
    chain.emulator.hide_flow(created.id)
    _let_the_writes_be_seen(chain)

    for text in (
        failure(host.read, created.id, created.outputs),
        failure(host.update, created.id, created.outputs, {**inputs, "name": "x"}),
    ):
        assert (
            "Adobe's response is the same for a dataflow that is gone and for one whose access label the role" in text
        )
        assert "out of the stack's state" in text
    text = failure(host.delete, created.id, created.outputs)
    assert "Give the role of these credentials the access labels of the dataflow. If it has none: An admin" in text
    assert [(each["id"], each["name"]) for each in held(chain, "flows")] == [(created.id, "customers")]


@pytest.mark.parametrize(
    ("kind", "reference"),
    [("sourceConnections", "baseConnectionId"), ("flows", "sourceConnectionId"), ("flows", "targetConnectionId")],
)
def test_what_a_new_entity_refers_to_and_is_not_there_is_reported_with_its_id(
    chain: Chain, kind: str, reference: str
) -> None:
    missing = "11111111-2222-4333-8444-555555555555"

    text = failure(chain.of(kind).create, chain.inputs(kind, **{reference: missing}))

    assert f"resource {missing} is not found" in text
    assert "Check the id that the message names" in text
    assert "what is referred to must be in the same sandbox" in text


def test_a_dataset_that_is_not_there_is_reported_by_its_id(chain: Chain) -> None:
    missing = "5f0000000000000000000000"

    text = failure(chain.of("targetConnections").create, chain.inputs("targetConnections", datasetId=missing))

    assert missing in text
    assert "What to do: Correct the value that the message names." in text


def test_a_dataflow_is_not_given_up_while_another_one_has_its_source_connection(chain: Chain) -> None:
    inputs, host = chain.inputs("flows"), chain.of("flows")
    created = host.create(inputs)
    other = host.create({**inputs, "name": "made by hand"})
    chain.emulator.delete(created.id, kind="flows")
    _let_the_writes_be_seen(chain)

    text = failure(host.read, created.id, created.outputs)

    assert f"another dataflow does what it did: 'made by hand' ({other.id})" in text


def test_a_dataflow_of_another_spec_is_not_read_as_one_of_a_table(chain: Chain) -> None:
    created = chain.create("flows")
    chain.emulator.change(created.id, kind="flows", fields={"flowSpec": {"id": "another", "version": "1.0"}})

    text = failure(chain.of("flows").read, created.id, created.outputs)

    assert "is not a dataflow of a table" in text
    assert "Its flow spec is another" in text


def test_a_base_connection_with_an_ingestion_is_not_deleted_and_what_is_in_the_way_is_named(chain: Chain) -> None:
    created = chain.create("flows", name="customers every hour")
    recorded = {"name": "crm", "sandboxName": "dev", "connectionId": chain.connection_id}

    text = failure(chain.host.delete, chain.connection_id, recorded)

    assert f"dataflow 'customers every hour' ({created.id})" in text


def test_all_but_name_and_description_of_a_target_connection_replaces_it(chain: Chain) -> None:
    host, created = chain.of("targetConnections"), chain.create("targetConnections")
    inputs = chain.inputs("targetConnections")
    assert created.outputs["schemaId"] == SCHEMA
    for key in ("datasetId", "schemaId", "schemaVersion", "sandboxName"):
        assert host.diff(created.id, created.outputs, host.checked({**inputs, key: "other"})).replaces == [key]
