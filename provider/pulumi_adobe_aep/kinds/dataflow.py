"""Dataflows, which copy the rows of a table into a dataset on a schedule.

Source: Adobe, "Create a dataflow for database sources", "Update dataflows" and the catalogue "Sources error messages".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, ModelWrapValidatorHandler, model_validator
from pydantic_core import InitErrorDetails
from typing_extensions import Self

from pulumi_adobe_aep.kinds import schedule as schedules
from pulumi_adobe_aep.kinds.kind import (
    CREATED_AT,
    ORG_ID,
    Action,
    Comparison,
    EntityKind,
    FieldChange,
    Match,
    Operation,
    Output,
    Shown,
    look_up,
)
from pulumi_adobe_aep.kinds.model import (
    REPLACES,
    RESOURCE_NAME,
    TAKES_OVER,
    UNKNOWN,
    FieldFacts,
    Inputs,
    Properties,
    at,
    default_is,
    needed,
)
from pulumi_adobe_aep.kinds.problems import Problem
from pulumi_adobe_aep.kinds.schedule import ONCE, ScheduleModel, seconds_of
from pulumi_adobe_aep.kinds.state import State
from pulumi_adobe_aep.kinds.values import (
    Line,
    Lines,
    SandboxName,
    Switch,
    bad_value,
    new_error,
    validate_with,
    whole_number,
)

CRM_TO_AEP = "14518937-270c-4525-bdec-c2ba7cce3860"
"""The flow spec of every source with tables."""
START_MARGIN = timedelta(minutes=5)
"""How long after the create a dataflow starts whose declaration names no time. A start in the past is refused; the
clocks of this machine and of the service differ by seconds, and a create that lost its response may take a minute."""

_SCHEDULE = ("scheduleParams",)
_MAPPING = ("transformations", "Mapping")
"""Stands for the transformation with this name, whose position differs between dataflows."""
_OPTIONS = frozenset({"errorDiagnostics", "partialIngestionPercent"})
_MAXIMUM_PERCENT = 100


def _check_version(value: object) -> int:
    number = whole_number(value)
    if number is None or number < 0:
        raise bad_value("must be a whole number, 0 or more: the version of a mapping set")
    return number


def _check_percent(value: object) -> object:
    if value is None:
        return None
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or not 0 < float(str(value)) <= _MAXIMUM_PERCENT:
        raise bad_value("must be a number above 0, and 100 at most")
    return whole_number(value) or value


class DataflowInputs(Inputs):
    """What a program declares of a dataflow."""

    name: Annotated[Line, at("name"), RESOURCE_NAME] = Field(description="The dataflow's name. It need not be unique.")
    description: Annotated[Lines | None, at("description")] = Field(default=None, description="A description.")
    sandbox_name: Annotated[
        SandboxName, REPLACES, default_is("that of `source`, `target` or `mapping`, or the one in the settings")
    ] = Field(description="The sandbox.")
    source_connection_id: Annotated[Line, at("sourceConnectionIds", "0"), REPLACES, needed("or `source`")] = Field(
        description="The id of the source connection."
    )
    target_connection_id: Annotated[Line, at("targetConnectionIds", "0"), REPLACES, needed("or `target`")] = Field(
        description="The id of the target connection."
    )
    mapping_id: Annotated[Line, needed("or `mapping`")] = Field(
        description="The id of the mapping set. Changed in place, for later runs; replaces a "
        "dataflow with the frequency `once`."
    )
    mapping_version: Annotated[
        int, BeforeValidator(_check_version), default_is("that of `mapping`, or 0, the first one")
    ] = Field(default=0, description="The mapping set's version. Changed as `mapping_id` is.")
    schedule: ScheduleModel = Field(description="When it runs.")
    delta_column: Annotated[Line | None, REPLACES, needed("unless `once`")] = Field(
        default=None, description="The column that tells which rows are new: of a date or time type, in UTC."
    )
    enabled: Switch = Field(
        default=True,
        description="Whether it runs. Adobe disables a dataflow that has failed for 30 days; the next update "
        "after a refresh enables it again.",
    )
    error_diagnostics: Annotated[
        Switch | None, at("options", "errorDiagnosticsEnabled"), REPLACES, default_is("Adobe's")
    ] = Field(default=None, description="Keep what was wrong with rows that fail.")
    partial_ingestion_percent: Annotated[
        float | None,
        BeforeValidator(_check_percent),
        at("options", "partialIngestionPercent"),
        REPLACES,
        default_is("Adobe's"),
    ] = Field(default=None, description="How many percent of the rows may fail.")
    existing_flow_id: Annotated[Line | None, REPLACES, TAKES_OVER] = Field(
        default=None, description="Take over this dataflow instead of creating one."
    )

    @model_validator(mode="wrap")
    @classmethod
    def _check_together(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Check the fields and how they go together, so that all failures are reported at once."""
        details = [*_delta_column(value)] if isinstance(value, Mapping) else []
        return validate_with(details, value, handler, title=cls.__name__)


def _delta_column(value: Mapping[str, Any]) -> Iterator[InitErrorDetails]:
    frequency = look_up(value.get("schedule"), ("frequency",))
    has_column = value.get("deltaColumn") is not None
    if frequency == ONCE and has_column:
        yield new_error("has no meaning with the frequency once; leave it out", "deltaColumn")
    if frequency in schedules.FREQUENCIES and frequency != ONCE and not has_column:
        yield new_error(
            "is missing: name the column of a date or time type that tells which rows are new, or use the frequency "
            "once",
            "deltaColumn",
        )


@dataclass(frozen=True, kw_only=True)
class DataflowKind(EntityKind):
    """The dataflows from tables."""

    too_late: ClassVar[frozenset[str]] = frozenset({"1360"})

    # What is sent.

    def body(self, inputs: Inputs, environment: Mapping[str, str]) -> dict[str, Any]:
        """Return the body of a create; a start time that is left out is filled in when it is sent."""
        declared = _dataflow(inputs)
        copied = {"deltaColumn": {"name": declared.delta_column}}
        copy = [{"name": "Copy", "params": copied}] if declared.delta_column is not None else []
        return {
            **super().body(inputs, environment),
            "transformations": [*copy, _mapping(declared)],
            "scheduleParams": declared.schedule.to_adobe(environment),
        }

    def timed(self, body: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        """Return the body with the start time that counts from the create."""
        start = {"startTime": str(int((now + START_MARGIN).timestamp()))}
        return {**body, "scheduleParams": {**start, **body["scheduleParams"]}}

    def changes(
        self, changed: frozenset[str], inputs: Inputs, environment: Mapping[str, str]
    ) -> tuple[FieldChange, ...]:
        """Return the fields that are changed in place; of a schedule, `operations` finds which of its parts."""
        declared, found = _dataflow(inputs), [*super().changes(changed, inputs, environment)]
        if changed & {"mappingId", "mappingVersion"}:
            found.append(FieldChange(_MAPPING, _mapping(declared), required=True))
        if "schedule" in changed:
            found.append(FieldChange(_SCHEDULE, declared.schedule.to_adobe(environment), required=True))
        return tuple(found)

    def operations(self, changes: Sequence[FieldChange], shown: Shown) -> list[Operation]:
        """Return the operations of a PATCH: the mapping at its position, and what differs of the schedule."""
        plain = [change for change in changes if change.path not in (_MAPPING, _SCHEDULE)]
        operations = super().operations(plain, shown)
        for change in changes:
            if change.path == _MAPPING:
                operations.append(_mapping_operation(change.value, shown))
            if change.path == _SCHEDULE:
                operations += _schedule_operations(change.value, look_up(shown, _SCHEDULE) or {})
        return operations

    def actions(self, inputs: Inputs, state: str | None) -> tuple[Action, ...]:
        """Return what makes the dataflow run or stop, unless it does."""
        done = frozenset({"1422"})
        if _dataflow(inputs).enabled:
            return (Action("enable", "enabled", done),) if state == "disabled" else ()
        return () if state == "disabled" else (Action("disable", "disabled", done),)

    # What is read.

    def observe(self, recorded: State, shown: Shown) -> Properties:
        """Return the inputs that fit what the service shows, whether it runs included."""
        observed = super().observe(recorded, shown)
        mapping = _transformation(shown, "Mapping")
        column = look_up(_transformation(shown, "Copy"), ("params", "deltaColumn", "name"))
        found = {
            "mappingId": look_up(mapping, ("params", "mappingId")),
            "mappingVersion": whole_number(look_up(mapping, ("params", "mappingVersion"))),
            "deltaColumn": column,
            "schedule": self._observed_schedule(recorded, look_up(shown, _SCHEDULE)),
            "enabled": {"enabled": True, "disabled": False}.get(str(shown.get("state"))),
        }
        observed.update({key: value for key, value in found.items() if value is not None})
        if column is None and look_up(shown, ("transformations",)) is not None:
            observed.pop("deltaColumn", None)
        return observed

    def _observed_schedule(self, recorded: State, shown: Any) -> Properties | None:
        if not isinstance(shown, Mapping):
            return None
        found = schedules.state_form(shown)
        before = recorded.properties.get("schedule")
        if isinstance(before, Mapping) and "startTime" not in before:
            found.pop("startTime", None)
        return found

    def declarable(self, observed: Properties, shown: Shown) -> Properties:  # noqa: ARG002 - other kinds look at it
        """Return observed inputs without a start time that has passed, which a new dataflow could not have."""
        schedule = observed.get("schedule")
        start = seconds_of(look_up(schedule, ("startTime",)))
        if not isinstance(schedule, Mapping) or start is None or start > datetime.now(timezone.utc).timestamp():
            return observed
        return {**observed, "schedule": _without_start(schedule)}

    def merge_observed(self, facts: FieldFacts, recorded: State, shown: Any) -> Any:
        """Return a field's value that fits what the service shows; an option that is left out is Adobe's."""
        if facts.key in _OPTIONS and recorded.string(self.id_key) and recorded.properties.get(facts.key) is None:
            return None
        return super().merge_observed(facts, recorded, shown)

    def computed(self, entity: Shown) -> Properties:
        """Return when it starts."""
        start = whole_number(look_up(entity, (*_SCHEDULE, "startTime")))
        return {} if start is None else {"effectiveStartTime": schedules.iso(start)}

    def is_whole(self, shown: Shown) -> bool:
        """Return whether a list shows what a GET would."""
        paths = (_SCHEDULE, ("transformations",), ("state",))
        return super().is_whole(shown) and all(look_up(shown, path) is not None for path in paths)

    # Identity: whether it is the entity in question.

    def wrong_kind(self, shown: Shown) -> str:
        """Return why a dataflow has another flow spec; empty if it has not, as far as the service shows it."""
        spec = look_up(shown, ("flowSpec", "id"))
        return "" if spec in (None, CRM_TO_AEP) else f"Its flow spec is {spec}, that of tables is {CRM_TO_AEP}."

    def match(self, body: Mapping[str, Any], shown: Shown) -> Match:
        """Return whether a dataflow is what a request with this body has created: one source connection has one."""
        sources = shown.get("sourceConnectionIds")
        if sources is None:
            return super().match(body, shown)
        return Match.CERTAIN if sources == body["sourceConnectionIds"] else Match.NO

    def is_rival(self, recorded: State, shown: Shown) -> bool:
        """Return whether a dataflow has the recorded one's source connection."""
        sources = shown.get("sourceConnectionIds")
        return isinstance(sources, list) and recorded.string("sourceConnectionId") in sources

    # What a plan needs.

    def problems_of_new(self, inputs: Inputs, now: datetime) -> Sequence[Problem]:
        """Refuse a start time in the past, which Adobe refuses for a new dataflow (1360)."""
        start = getattr(_dataflow(inputs).schedule, "start_time", None)
        seconds = None if start in (None, UNKNOWN) or inputs.existing_id is not None else seconds_of(start)
        if seconds is None or seconds > now.timestamp():
            return ()
        text = f"lies in the past ({start}), which Adobe refuses for a new dataflow; leave it out, or give a later one"
        return (Problem(("schedule", "startTime"), text),)

    def is_same(self, key: str, old: Any, new: Any, compared: Comparison) -> bool:
        """Return whether an input is unchanged; a start time that is left out or has passed counts as unchanged."""
        if key == "schedule" and isinstance(old, Mapping) and isinstance(new, Mapping):
            is_rest_same = _without_start(old) == _without_start(new)
            return is_rest_same and not _is_start_changed(new, compared)
        return super().is_same(key, old, new, compared)

    def replaced_by(self, key: str, old: Any, new: Any, compared: Comparison) -> str | None:
        """Return the path because of which a changed input replaces the dataflow."""
        if key == "schedule" and isinstance(new, Mapping):
            return _replaced_by_schedule(old if isinstance(old, Mapping) else {}, new, compared)
        frequency = look_up(compared.recorded.properties, ("schedule", "frequency"))
        if key in ("mappingId", "mappingVersion") and frequency == ONCE:
            return key
        return super().replaced_by(key, old, new, compared)

    def warnings(self, declared: Properties, replaces: Sequence[str], compared: Comparison) -> Sequence[str]:
        """Return warnings: what a replacement does to the data, and that a start time has no effect."""
        called = f"{self.noun.capitalize()} '{compared.recorded.name}'"
        if replaces:
            return (f"{called} is replaced because of {', '.join(replaces)}. {_what_it_does(declared)}",)
        start = look_up(declared, ("schedule", "startTime"))
        effective = compared.recorded.string("effectiveStartTime")
        if start in (None, UNKNOWN) or not effective or seconds_of(start) == seconds_of(effective):
            return ()
        if not _has_started(compared):
            return ()
        return (f"{called} has started at {effective}, so schedule.startTime has no effect any more; leave it out.",)


def _dataflow(inputs: Inputs) -> DataflowInputs:
    assert isinstance(inputs, DataflowInputs)  # noqa: S101 - the kind's own inputs
    return inputs


def _mapping(declared: DataflowInputs) -> dict[str, Any]:
    params = {"mappingId": declared.mapping_id, "mappingVersion": declared.mapping_version}
    return {"name": "Mapping", "params": params}


def _transformation(shown: Shown, name: str) -> Any:
    given = shown.get("transformations")
    named = (each for each in given if look_up(each, ("name",)) == name) if isinstance(given, list) else iter(())
    return next(named, None)


def _mapping_operation(value: Any, shown: Shown) -> Operation:
    given = shown.get("transformations")
    names = [look_up(each, ("name",)) for each in given] if isinstance(given, list) else []
    if "Mapping" in names:
        return {"op": "replace", "path": f"/transformations/{names.index('Mapping')}", "value": value}
    return {"op": "add", "path": "/transformations/-", "value": value}


def _schedule_operations(wanted: Mapping[str, str], shown: Mapping[str, Any]) -> Iterator[Operation]:
    has = schedules.adobe_form({"frequency": "", **schedules.state_form(shown)})
    start = whole_number(shown.get("startTime"))
    # Adobe refuses another start time once it has passed (1366); the plan has said that it has no effect.
    has_started = start is not None and start <= datetime.now(timezone.utc).timestamp()
    for key, value in wanted.items():
        if has.get(key) != value and not (key == "startTime" and has_started):
            yield {"op": "replace" if key in shown else "add", "path": f"/scheduleParams/{key}", "value": value}


def _without_start(schedule: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in schedule.items() if key != "startTime"}


def _has_started(compared: Comparison) -> bool:
    start = seconds_of(compared.recorded.string("effectiveStartTime"))
    return start is not None and start <= compared.now.timestamp()


def _is_start_changed(new: Mapping[str, Any], compared: Comparison) -> bool:
    start = new.get("startTime")
    if start is None or _has_started(compared):
        return False
    effective = compared.recorded.string("effectiveStartTime")
    return start is UNKNOWN or seconds_of(start) != seconds_of(effective)


def _replaced_by_schedule(old: Mapping[str, Any], new: Mapping[str, Any], compared: Comparison) -> str | None:
    frequencies = {old.get("frequency"), new.get("frequency")}
    if len(frequencies) > 1 and ONCE in frequencies:
        return "schedule.frequency"
    if frequencies == {ONCE} and _has_started(compared):
        return "schedule"
    is_backfill_same = old.get("backfill") == new.get("backfill")
    return None if is_backfill_same or not _has_started(compared) else "schedule.backfill"


def _what_it_does(declared: Properties) -> str:
    schedule = declared.get("schedule")
    if look_up(schedule, ("backfill",)) is False:
        return (
            "The old one is deleted first. The new one has backfill=False, so rows that change between the old one's "
            "last run and the new one's start are never read: docs/replacement.md"
        )
    return (
        "The old one is deleted first. The new one reads the whole table again, so the dataset gets rows that it has "
        "already: docs/replacement.md"
    )


CHANGED_AT = Output("changed_at", "When an update created or changed it last, UTC. Runs do not move it.")

DATAFLOW = DataflowKind(
    name="Dataflow",
    title="dataflow of a table",
    noun="dataflow",
    path="/flows",
    inputs=DataflowInputs,
    id_output=Output("flow_id", "The dataflow's id."),
    # Its updatedAt and etag move with each run, so they are not outputs.
    outputs=(
        Output("state", "Flow Service's state of it when it was last read: `enabled`, `disabled`."),
        Output("effective_start_time", "When it runs first, UTC, as `2026-01-31T23:59:59Z`."),
        CREATED_AT,
        CHANGED_AT,
        ORG_ID,
    ),
    constants={"flowSpec": {"id": CRM_TO_AEP, "version": "1.0"}},
    list_filters=(f"flowSpec.id=={CRM_TO_AEP}",),
    acted_on=frozenset({"enabled"}),
    delete_before_replace=True,
    may_be_hidden=(
        "Adobe's response is the same for a dataflow that is gone and for one whose access label the role of these "
        "credentials lacks. Give the role the label, or, if the dataflow is gone, take it out of the stack's state."
    ),
)
