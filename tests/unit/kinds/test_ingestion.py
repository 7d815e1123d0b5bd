"""What is checked and compared of an ingestion before anything is sent."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from pulumi_adobe_aep.errors import InvalidInputs
from pulumi_adobe_aep.kinds.dataflow import DATAFLOW
from pulumi_adobe_aep.kinds.kind import EntityKind, Match
from pulumi_adobe_aep.kinds.mapping_set import MAPPING_SET
from pulumi_adobe_aep.kinds.model import UNKNOWN, Properties
from pulumi_adobe_aep.kinds.source_connection import TABLE_SOURCE_CONNECTION
from pulumi_adobe_aep.kinds.state import State
from pulumi_adobe_aep.kinds.target_connection import DATA_LAKE_TARGET_CONNECTION
from pulumi_adobe_aep.lifecycle.plan import Difference, Planner
from pulumi_adobe_aep.settings import load

NOW = datetime(2026, 6, 1, 12, 0, 0, tzinfo=timezone.utc)
HOURLY = {"frequency": "hour", "interval": 1}
SOURCE: Properties = {
    "name": "customers",
    "sandboxName": "dev",
    "baseConnectionId": "base",
    "table": "public.customers",
}
FLOW: Properties = {
    "name": "customers",
    "sandboxName": "dev",
    "sourceConnectionId": "source",
    "targetConnectionId": "target",
    "mappingId": "mapping",
    "schedule": HOURLY,
    "deltaColumn": "updated_at",
}
MAPPING: Properties = {"name": "customers", "sandboxName": "dev", "schemaId": "schema", "mappings": {"_acme.id": "id"}}


def planner(kind: EntityKind) -> Planner:
    return Planner(kind, load({"AEP_ORG_ID": "AA@AdobeOrg"}), lambda: NOW)


def reported(kind: EntityKind, declared: Properties, *, is_new: bool = True) -> list[str]:
    """Return what is wrong with a declaration."""
    given = {key: value for key, value in declared.items() if value is not None}
    return [problem.sentence() for problem in planner(kind).check(given, is_new=is_new).problems]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            {"deltaColumn": None},
            (
                "deltaColumn is missing: name the column of a date or time type that tells which rows are new, or use "
                "the frequency once."
            ),
        ),
        (
            {"schedule": {"frequency": "once"}},
            "deltaColumn has no meaning with the frequency once; leave it out.",
        ),
        (
            {"schedule": {"frequency": "once", "interval": 1}, "deltaColumn": None},
            "schedule.interval has no meaning with the frequency once; leave it out.",
        ),
        (
            {"schedule": {"frequency": "once", "backfill": False}, "deltaColumn": None},
            "schedule.backfill has no meaning with the frequency once; leave it out.",
        ),
        (
            {"schedule": {"frequency": "minute", "interval": 14}},
            "schedule.interval must be 15 minutes at least, not 14.",
        ),
        ({"schedule": {"frequency": "day"}}, "schedule.interval is missing: every how many days does it run?"),
        ({"schedule": {"frequency": "day", "interval": 0}}, "schedule.interval must be a whole number, 1 or more."),
        ({"schedule": {"frequency": "day", "interval": 1.5}}, "schedule.interval must be a whole number, 1 or more."),
        (
            {"schedule": {"frequency": "month", "interval": 1}},
            "schedule.frequency must be one of once, minute, hour, day, week, not 'month'.",
        ),
        (
            {"schedule": {**HOURLY, "startTime": "2026-06-01T12:00:00Z"}},
            (
                "schedule.startTime lies in the past (2026-06-01T12:00:00Z), which Adobe refuses for a new dataflow; "
                "leave it out, or give a later one."
            ),
        ),
        (
            {"schedule": {**HOURLY, "startTime": "2026-06-02 06:00"}},
            "schedule.startTime must be a time with its zone, such as 2026-01-31T06:00:00Z, or seconds since 1970.",
        ),
        ({"schedule": {**HOURLY, "start": 1}}, "schedule.start is not a property; did you mean startTime?"),
        ({"schedule": "hourly"}, "schedule must be an object with properties."),
        (
            {"mappingVersion": -1},
            "mappingVersion must be a whole number, 0 or more: the version of a mapping set.",
        ),
        ({"partialIngestionPercent": 0}, "partialIngestionPercent must be a number above 0, and 100 at most."),
        ({"partialIngestionPercent": 101}, "partialIngestionPercent must be a number above 0, and 100 at most."),
        ({"enabled": "yes"}, "enabled must be true or false, got a string."),
        ({"sourceConnectionId": None}, "sourceConnectionId is missing."),
    ],
    ids=str,
)
def test_a_dataflow_that_cannot_be_is_reported_with_path_with_what_is_allowed(changes: Properties, says: str) -> None:
    assert reported(DATAFLOW, {**FLOW, **changes}) == [says]


def test_all_that_is_wrong_with_a_dataflow_is_reported_at_once() -> None:
    wrong = {**FLOW, "deltaColumn": None, "enabled": 1, "schedule": {"frequency": "minute", "interval": 1}}
    assert {sentence.split()[0] for sentence in reported(DATAFLOW, wrong)} == {
        "deltaColumn",
        "enabled",
        "schedule.interval",
    }


def test_what_a_preview_does_not_know_yet_is_not_wrong() -> None:
    unknown = {**dict.fromkeys(FLOW, UNKNOWN), "name": "customers"}
    assert reported(DATAFLOW, unknown) == []
    assert reported(DATAFLOW, {**FLOW, "schedule": {"frequency": UNKNOWN, "interval": UNKNOWN}}) == []
    assert reported(TABLE_SOURCE_CONNECTION, {**SOURCE, "columns": [UNKNOWN, {"name": UNKNOWN, "xdm": UNKNOWN}]}) == []
    assert (
        reported(MAPPING_SET, {**MAPPING, "mappings": {"_acme.id": UNKNOWN, "_acme.x": {"expression": UNKNOWN}}}) == []
    )


def test_a_start_time_in_the_past_is_right_for_a_dataflow_that_is_there() -> None:
    started = {**FLOW, "schedule": {**HOURLY, "startTime": "2026-01-31T23:59:59Z"}}
    assert reported(DATAFLOW, started, is_new=False) == []


@pytest.mark.parametrize(
    ("given", "recorded"),
    [
        ("2026-06-02T06:00:00Z", "2026-06-02T06:00:00Z"),
        ("2026-06-02T06:00:00+02:00", "2026-06-02T04:00:00Z"),
        (1780380000, "2026-06-02T06:00:00Z"),
        (1780380000.0, "2026-06-02T06:00:00Z"),
        ("1780380000", "2026-06-02T06:00:00Z"),
    ],
    ids=str,
)
def test_a_start_time_is_recorded_in_one_form_however_it_is_written(given: object, recorded: str) -> None:
    inputs = planner(DATAFLOW).require({**FLOW, "schedule": {**HOURLY, "startTime": given}})
    assert inputs.to_state()["schedule"]["startTime"] == recorded


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"cdcEnabled": True}, "cdcEnabled is not offered for PostgreSQL; leave it out."),
        ({"filters": {"type": "PQL"}}, "filters are not offered for PostgreSQL; leave them out."),
        ({"columns": []}, "columns must be a list of columns; leave it out to have all columns of the table."),
        ({"columns": "id"}, "columns must be a list of columns; leave it out to have all columns of the table."),
        ({"columns": ["id", "id"]}, "columns names id more than once."),
        (
            {"columns": [{"name": "id"}]},
            "columns has an object without xdm; a column is a name, or what get_columns returns: name, type, xdm.",
        ),
        ({"columns": [1]}, "columns must be a string, got a number."),
        ({"table": " "}, "table is empty; give a string, or leave it out where it has a default."),
    ],
    ids=str,
)
def test_a_source_connection_that_cannot_be_is_reported_with_what_is_allowed(changes: Properties, says: str) -> None:
    assert reported(TABLE_SOURCE_CONNECTION, {**SOURCE, **changes}) == [says]


def test_other_sources_may_have_filters_and_change_data_capture() -> None:
    snowflake = "b2e08744-4f1a-40ce-af30-7abac3e23cf3"
    declared = {**SOURCE, "connectionSpec": snowflake, "cdcEnabled": True, "filters": {"type": "PQL"}}
    inputs = planner(TABLE_SOURCE_CONNECTION).require(declared)
    body = TABLE_SOURCE_CONNECTION.body(inputs, {})
    assert body["params"] == {"tableName": "public.customers", "cdcEnabled": True, "filters": {"type": "PQL"}}
    assert body["connectionSpec"] == {"id": snowflake, "version": "1.0"}


@pytest.mark.parametrize(
    ("mappings", "says"),
    [
        ({}, 'mappings must be an object of XDM paths and what becomes of them: {"_acme.email": "email"}.'),
        (["email"], 'mappings must be an object of XDM paths and what becomes of them: {"_acme.email": "email"}.'),
        (
            {"_acme.id": ""},
            "mappings has no column or expression at _acme.id; give a column's name or an expression.",
        ),
        ({"_acme.id": {"exp": "x"}}, "mappings has an object at _acme.id; give a column's name or an expression."),
        (
            {"_acme.id": {"expression": " "}},
            "mappings has no column or expression at _acme.id; give a column's name or an expression.",
        ),
        ({" _acme.id": "id"}, "mappings begins or ends with whitespace or a line break."),
    ],
    ids=str,
)
def test_mappings_that_cannot_be_are_reported_with_what_is_allowed(mappings: object, says: str) -> None:
    assert reported(MAPPING_SET, {**MAPPING, "mappings": mappings}) == [says]


def test_a_mapping_set_is_sent_in_the_form_of_adobes_page_on_mapping_sets() -> None:
    mappings = {"person.name.fullName": {"expression": "concat(first, last)"}, "_acme.email": "email"}
    inputs = planner(MAPPING_SET).require({**MAPPING, "mappings": mappings})
    assert MAPPING_SET.body(inputs, {}) == {
        "name": "customers",
        "outputSchema": {
            "schemaRef": {"id": "schema", "contentType": "application/vnd.adobe.xed-full+json;version=1"},
        },
        "mappings": [
            {"sourceType": "ATTRIBUTE", "source": "email", "destination": "_acme.email"},
            {"sourceType": "EXPRESSION", "source": "concat(first, last)", "destination": "person.name.fullName"},
        ],
    }


def test_a_target_connection_is_sent_as_adobes_pages_show_it() -> None:
    declared = {"name": "lake", "sandboxName": "dev", "datasetId": "data", "schemaId": "schema"}
    inputs = planner(DATA_LAKE_TARGET_CONNECTION).require(declared)
    assert DATA_LAKE_TARGET_CONNECTION.body(inputs, {}) == {
        "name": "lake",
        "data": {"schema": {"id": "schema", "version": "application/vnd.adobe.xed-full+json;version=1"}},
        "params": {"dataSetId": "data"},
        "connectionSpec": {"id": "c604ff05-7f1a-43c0-8e18-33bf874cb11c", "version": "1.0"},
    }


def test_mappings_are_read_in_each_of_data_preps_spellings() -> None:
    shown = {
        "mappings": [
            {"sourceAttribute": "email", "destinationXdmPath": "_acme.email", "sourceType": "text/x.schema-path"},
            {"source": "lower(name)", "destination": "_acme.name", "sourceType": "EXPRESSION"},
            {"source": "crm", "destination": "_acme.origin", "sourceType": "STATIC"},
            {"destination": "_acme.nothing"},
            "no mapping",
        ]
    }
    assert MAPPING_SET.observe(State(), shown)["mappings"] == {
        "_acme.email": "email",
        "_acme.name": {"expression": "lower(name)"},
        "_acme.origin": {"expression": '"crm"'},
    }


def test_a_validation_without_results_is_taken_for_none_that_failed() -> None:
    body = {"name": "customers", "mappings": [{"destination": "_acme.id"}]}
    for response in ({}, {"validationResponse": None}, {"validationResponse": [{"status": "SUCCESS"}]}):
        assert MAPPING_SET.apply_preflight(body, response) == body
    with pytest.raises(InvalidInputs, match=r"mappings\._acme\.id: refused without a reason"):
        MAPPING_SET.apply_preflight(body, {"validationResponse": [{"status": "FAILED"}]})


def test_a_table_without_columns_makes_no_source_connection() -> None:
    body = {"baseConnectionId": "base", "params": {"tableName": "public.customers"}}
    responses: list[Any] = [{}, {"schema": {"columns": []}}, {"schema": None}, []]
    for response in responses:
        with pytest.raises(InvalidInputs, match=r"The table public\.customers shows no columns"):
            TABLE_SOURCE_CONNECTION.apply_preflight(body, response)


# Comparing.


def recorded(**changes: Any) -> State:
    outputs = {"flowId": "flow", "state": "enabled", "effectiveStartTime": "2026-05-01T00:00:00Z"}
    inputs = planner(DATAFLOW).require(FLOW).to_state()
    return State({**inputs, **outputs, **changes})


def compare(declared: Properties, **changes: Any) -> Difference:
    return planner(DATAFLOW).diff(recorded(**changes), declared)


FUTURE = {"effectiveStartTime": "2026-07-01T00:00:00Z"}
ONCE = {"schedule": {"frequency": "once"}, "deltaColumn": None}


def declare(**changes: Any) -> Properties:
    inputs = planner(DATAFLOW).require({key: each for key, each in {**FLOW, **changes}.items() if each is not None})
    return inputs.to_state()


@pytest.mark.parametrize(
    ("changes", "before", "changed", "replaces"),
    [
        ({}, {}, (), ()),
        ({"schedule": {"frequency": "week", "interval": 2}}, {}, ("schedule",), ()),
        ({"schedule": {**HOURLY, "backfill": False}}, {}, ("schedule",), ("schedule.backfill",)),
        ({"schedule": {**HOURLY, "backfill": False}}, FUTURE, ("schedule",), ()),
        ({"schedule": {**HOURLY, "startTime": "2026-07-01T00:00:00Z"}}, FUTURE, (), ()),
        ({"schedule": {**HOURLY, "startTime": "2026-08-01T00:00:00Z"}}, FUTURE, ("schedule",), ()),
        ({"schedule": {**HOURLY, "startTime": "2026-08-01T00:00:00Z"}}, {}, (), ()),
        ({"mappingVersion": 1}, {}, ("mappingVersion",), ()),
        ({"mappingId": "another"}, {}, ("mappingId",), ()),
        ({"enabled": False}, {}, ("enabled",), ()),
        (ONCE, {}, ("deltaColumn", "schedule"), ("deltaColumn", "schedule.frequency")),
        ({**ONCE, "mappingVersion": 1}, ONCE, ("mappingVersion",), ("mappingVersion",)),
        ({}, ONCE, ("deltaColumn", "schedule"), ("deltaColumn", "schedule.frequency")),
    ],
    ids=str,
)
def test_a_difference_is_changed_in_place_or_replaces_as_adobes_pages_say(
    changes: Properties, before: Properties, changed: tuple[str, ...], replaces: tuple[str, ...]
) -> None:
    found = compare(declare(**changes), **before)
    assert (tuple(sorted(found.changed)), found.replaces) == (changed, replaces)


def test_an_unknown_version_of_the_mapping_is_a_change_in_place() -> None:
    found = compare({**declare(), "mappingVersion": UNKNOWN})
    assert (found.changed, found.replaces) == (frozenset({"mappingVersion"}), ())


def test_a_start_time_without_effect_is_said() -> None:
    later = declare(schedule={**HOURLY, "startTime": "2026-08-01T00:00:00Z"})
    (warning,) = compare(later).warnings
    assert warning == (
        "Dataflow 'customers' has started at 2026-05-01T00:00:00Z, so schedule.startTime has no effect any more; leave "
        "it out."
    )
    assert compare(later, **FUTURE).warnings == ()


def test_a_disabled_dataflow_is_a_difference_of_enabled_and_no_warning() -> None:
    found = compare(declare(), enabled=False, state="disabled")
    assert (found.changed, found.is_disabled, found.warnings) == (frozenset({"enabled"}), False, ())


@pytest.mark.parametrize(
    ("shown", "match"),
    [
        ({"name": "customers", "sourceConnectionIds": ["source"]}, Match.CERTAIN),
        ({"name": "customers", "sourceConnectionIds": ["another"]}, Match.NO),
        ({"name": "customers"}, Match.CERTAIN),
    ],
    ids=str,
)
def test_a_dataflow_is_known_by_its_source_connection(shown: Properties, match: Match) -> None:
    body = DATAFLOW.body(planner(DATAFLOW).require(FLOW), {})
    assert DATAFLOW.match(body, shown) is match


def test_what_a_server_fills_in_is_not_drift_where_nothing_is_declared() -> None:
    shown = {
        "id": "flow",
        "name": "customers",
        "state": "enabled",
        "sourceConnectionIds": ["source"],
        "targetConnectionIds": ["target"],
        "options": {"errorDiagnosticsEnabled": False, "partialIngestionPercent": 5, "isSampleDataflow": False},
        "scheduleParams": {"startTime": 1777593600, "frequency": "hour", "interval": "1"},
        "transformations": [
            {"name": "Mapping", "params": {"mappingId": "mapping", "mappingVersion": "0"}},
            {"name": "Copy", "params": {"deltaColumn": {"name": "updated_at", "dateFormat": "YYYY-MM-DD"}}},
        ],
    }
    assert DATAFLOW.observe(recorded(), shown) == declare()
    assert DATAFLOW.observe(State(), shown)["errorDiagnostics"] is False


def test_a_start_time_that_has_passed_is_not_declared_by_an_import_and_a_later_one_is() -> None:
    passed, later = ({**HOURLY, "startTime": each} for each in ("2026-01-31T06:00:00Z", "2999-01-31T06:00:00Z"))
    assert DATAFLOW.declarable({**FLOW, "schedule": passed}, {})["schedule"] == HOURLY
    assert DATAFLOW.declarable({**FLOW, "schedule": later}, {})["schedule"] == later


def test_an_import_declares_the_columns_by_name_where_the_service_shows_them() -> None:
    shown = {"params": {"columns": [{"name": "id", "type": "string", "xdm": {"type": "string"}}, {"name": "email"}]}}
    assert TABLE_SOURCE_CONNECTION.declarable(SOURCE, shown)["columns"] == ["id", "email"]
    assert TABLE_SOURCE_CONNECTION.declarable(SOURCE, {}) == SOURCE


def test_a_schedule_that_is_shown_without_a_start_time_is_read() -> None:
    shown = {"scheduleParams": {"frequency": "hour", "interval": "1"}}
    assert DATAFLOW.observe(recorded(), shown)["schedule"] == {**HOURLY, "backfill": True}
