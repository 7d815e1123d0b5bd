"""The bodies of requests and responses, which are also what the OpenAPI page shows."""

from typing import Annotated, Any, Literal

from fastapi import Body
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from pulumi_adobe_aep.emulator.errors import ConnectorError
from pulumi_adobe_aep.emulator.flow_service.rules import Rules
from pulumi_adobe_aep.emulator.store.entities import JsonObject


class _Body(BaseModel):
    # Unknown fields are read so that `documented` can refuse them in Adobe's words, or a loose emulator keep them.
    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="allow",
        strict=True,
        hide_input_in_errors=True,
        json_schema_extra={"additionalProperties": False},
    )


class _ResponseBody(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)


class SpecReference(_Body):
    """A connection spec or flow spec."""

    model_config = ConfigDict(json_schema_extra={"additionalProperties": False, "required": ["id", "version"]})

    id: str
    version: str | None = Field(default=None, description="Always `1.0` at present.")


class Auth(_Body):
    """Credentials of a base connection."""

    spec_name: str = Field(description="The name of one of the auth specs of the connection spec.")
    params: JsonObject = Field(description="What the auth spec's JSON Schema asks for.")
    type: str | None = Field(default=None, description="`OAuth2.0` with Google BigQuery's Basic Authentication.")


class ConnectionBody(_Body):
    """A base connection."""

    name: str
    description: str | None = None
    auth: Auth | None = Field(default=None, description="Required but for drafts.")
    connection_spec: SpecReference


class SourceConnectionBody(_Body):
    """A source connection."""

    name: str
    description: str | None = None
    base_connection_id: str | None = None
    data: JsonObject | None = None
    params: JsonObject | None = None
    connection_spec: SpecReference


class TargetConnectionBody(_Body):
    """A target connection."""

    name: str
    description: str | None = None
    data: JsonObject | None = None
    params: JsonObject | None = None
    connection_spec: SpecReference


class FlowBody(_Body):
    """A flow. Adobe's examples write the scalars of the schedule as strings; numbers are taken, too."""

    name: str
    description: str | None = None
    flow_spec: SpecReference
    source_connection_ids: list[str | None] | None = None
    target_connection_ids: list[str | None] | None = None
    transformations: list[JsonObject] | None = None
    schedule_params: JsonObject | None = None
    options: JsonObject | None = Field(
        default=None, description="`errorDiagnosticsEnabled`, `partialIngestionPercent`."
    )
    labels: list[str] | None = None
    record_types: list[JsonObject] | None = None


class SearchBody(_Body):
    """A search.

    Attributes:
        query_string: filters, written as in the query of a list call.
    """

    query_string: str | None = None
    limit: int | None = None
    orderby: str | None = None
    count: bool = False


class RunBody(_Body):
    """A run on demand. Times are seconds, as numbers or strings; milliseconds are recognized by their size."""

    flow_id: str
    params: JsonObject | None = Field(
        default=None, description="`startTime`, `windowStartTime`, `windowEndTime`, `deltaColumn`."
    )


class DataSetBody(_Body):
    """A data set."""

    name: str
    schema_ref: JsonObject
    tags: JsonObject | None = None
    description: str | None = None
    enable_error_diagnostics: bool | None = None
    file_description: JsonObject | None = None
    observable_schema: JsonObject | None = None


class MappingSetBody(_Body):
    """A mapping set, in either of Adobe's forms: the schema is `xdmSchema` or in `outputSchema`.

    What the service adds when it is read may be sent back, and has no effect.
    """

    version: int | None = None
    name: str | None = None
    xdm_schema: str | None = None
    xdm_version: str | None = None
    schema_ref: JsonObject | None = None
    input_schema: JsonObject | None = None
    output_schema: JsonObject | None = None
    id: str | None = None
    mappings: list[JsonObject] | None = None
    allow_null_values: bool | None = None
    strict_mapping: bool | None = None
    support_version: str | None = None
    status: str | None = None
    tags: list[JsonObject] | None = None
    created_date: int | None = None
    modified_date: int | None = None
    created_by: str | None = None
    modified_by: str | None = None


class PreviewBody(_Body):
    """A mapping set and the data to try it with: one object, or an array of them, of which the first is taken."""

    data: JsonObject | list[JsonObject]
    mapping_set: MappingSetBody


class ValidationResponse(_ResponseBody):
    """Whether one mapping can be used."""

    status: Literal["SUCCESS", "FAILED"]
    errors: list[JsonObject] | None = None


class ValidationResponses(_ResponseBody):
    """The results for all mappings, in their order."""

    validation_response: list[ValidationResponse]


class Preview(_ResponseBody):
    """The record that a mapping set makes."""

    data: JsonObject
    errors: list[JsonObject] | None = None


class SchemaPage(_ResponseBody):
    """A list of schemas."""

    results: list[JsonObject]
    page: JsonObject = Field(alias="_page")
    links: JsonObject = Field(alias="_links")


class PatchInstruction(_Body):
    """One change of a PATCH."""

    op: str = Field(description="`add`, `replace` or `remove`, in any case.")
    path: str = Field(description="A JSON Pointer.")
    value: Any = None


PatchBody = Annotated[list[JsonObject], Body(json_schema_extra={"items": PatchInstruction.model_json_schema()})]


class Created(_ResponseBody):
    """The response to a create, a change or an action."""

    id: str
    etag: str = Field(description="With its double quotes.")


class LastOperation(_ResponseBody):
    """What was done last."""

    started: int
    updated: int
    operation: str


class Item(_ResponseBody):
    """What every entity has. Times are milliseconds since 1970."""

    model_config = ConfigDict(extra="allow")

    id: str
    created_at: int
    updated_at: int
    created_by: str
    updated_by: str
    created_client: str
    updated_client: str
    sandbox_id: str
    sandbox_name: str
    ims_org_id: str
    state: str
    version: str
    etag: str
    last_operation: LastOperation


class ItemList(_ResponseBody):
    """An array of one, even for one entity."""

    items: list[Item] = Field(min_length=1, max_length=1)


class Link(_ResponseBody):
    """A link relative to the base of Flow Service."""

    href: str


class Links(_ResponseBody):
    """Empty on the last page."""

    next: Link | None = None


class PageOfItems(_ResponseBody):
    """A page of a list."""

    items: list[Item]
    links: Links = Field(alias="_links")


class SpecItem(_ResponseBody):
    """A connection spec or flow spec."""

    model_config = ConfigDict(extra="allow")

    id: str
    name: str
    version: str


class SpecList(_ResponseBody):
    """An array of one."""

    items: list[SpecItem] = Field(min_length=1, max_length=1)


class SpecPage(_ResponseBody):
    """A page of specs."""

    items: list[SpecItem]
    links: Links = Field(alias="_links")


class ConfigItem(_ResponseBody):
    """A column, as configs shows it."""

    column_name: str
    column_type: str


class ConfigList(_ResponseBody):
    """The columns of a table."""

    items: list[ConfigItem]


class ErrorReport(_ResponseBody):
    """What the message is about."""

    model_config = ConfigDict(extra="allow", alias_generator=lambda name: name.replace("_", "-"))

    detailed_message: str
    request_id: str


class ErrorBody(_ResponseBody):
    """An error of Flow Service, in its current shape."""

    type: str = Field(description="Ends in the catalogue's code, such as `FLOW-1404-412`.")
    title: str
    status: int
    report: ErrorReport
    error_message: str
    error_details: str


class OlderErrorBody(_ResponseBody):
    """An error of Flow Service, in its older shape."""

    error_message: str
    error_details: str


class GatewayErrorBody(BaseModel):
    """An error of the gateway. The status is the first three digits of the code."""

    error_code: str | int
    message: str


class ImsErrorBody(BaseModel):
    """An error of IMS."""

    error: str
    error_description: str


class MappingSet(_ResponseBody):
    """A mapping set. Times are milliseconds."""

    model_config = ConfigDict(extra="allow")

    id: str
    version: int
    created_date: int
    modified_date: int
    created_by: str
    modified_by: str


class MappingSetPage(_ResponseBody):
    """A page of mapping sets."""

    data: list[MappingSet]


class SandboxItem(_ResponseBody):
    """A sandbox."""

    id: str
    name: str
    title: str
    type: str
    state: str
    region: str
    is_default: bool


class Count(_ResponseBody):
    """The response to a list call with ``count=true``."""

    count: int


class TestResult(_ResponseBody):
    """Whether the credentials work. The status is 200 even when they do not."""

    __test__ = False

    result: bool


class ExploredTable(_ResponseBody):
    """A table or view."""

    type: Literal["table"]
    name: str
    path: str
    can_preview: bool
    can_fetch_schema: bool


class ExploredColumn(_ResponseBody):
    """A column."""

    name: str
    type: str
    xdm_type: str | None = Field(default=None, alias="meta:xdmType")
    xdm: JsonObject


class ExploredColumns(_ResponseBody):
    """The columns of a table."""

    columns: list[ExploredColumn]


class ExploredSchema(_ResponseBody):
    """The structure of one table, and with a preview its first rows."""

    format: Literal["flat"]
    table_schema: ExploredColumns = Field(alias="schema")
    data: list[JsonObject] | None = None


def documented(body: BaseModel, rules: Rules) -> JsonObject:
    """Return a body's fields.

    Raises:
        ConnectorError: 1318 for fields that Adobe does not document, unless the emulator is loose.
    """
    unknown = [] if rules.loose else list(_unknown_fields(body, ""))
    if unknown:
        raise ConnectorError("1318-400", text=f"unknown fields: {', '.join(unknown)}")
    return body.model_dump(exclude_unset=True, exclude_none=True, by_alias=True)


def _unknown_fields(body: BaseModel, prefix: str) -> list[str]:
    found = [f"{prefix}{name}" for name in body.model_extra or {}]
    for name, field in type(body).model_fields.items():
        value = getattr(body, name)
        nested = value if isinstance(value, list) else [value]
        for each in nested:
            if isinstance(each, BaseModel):
                found += _unknown_fields(each, f"{prefix}{field.alias or name}.")
    return found
