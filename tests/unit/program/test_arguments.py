"""What a call cannot take is one sentence, without a traceback that prints a line of the program."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

import pulumi
import pytest
from pydantic.alias_generators import to_snake

import pulumi_adobe_aep as aep
from pulumi_adobe_aep.program.arguments import checked_arguments
from pulumi_adobe_aep.program.resource import EntityResource
from tests.support.ingestion import MAPPINGS, SCHEMA
from tests.support.mocked_engine import declare
from tests.support.sources import DECLARED
from tests.unit.kinds.test_value_types import PYTHONS_OWN

SECRET = "s3cr3t-of-a-test"
PARTS: Mapping[str, Any] = {"server": "db", "database": "crm", "username": "reader", "password": SECRET}
STRING: Any = aep.ConnectionStringAuth
BASIC: Any = aep.BasicAuth
CONNECTION: Any = aep.PostgresBaseConnection
REFERENCE: Any = aep.SecretFromEnv
SOURCE: Any = aep.TableSourceConnection
FLOW: Any = aep.Dataflow
INGESTION: Any = aep.TableIngestion
TABLES: Any = aep.get_tables
COLUMNS: Any = aep.get_columns
DATASET: Any = aep.get_dataset
HOURLY = aep.Schedule("hour", 1)

_PUBLIC = [getattr(aep, name) for name in dir(aep) if not name.startswith("_")]
RESOURCES: list[Any] = [each for each in _PUBLIC if inspect.isclass(each) and issubclass(each, EntityResource)]
VALUES: list[Any] = [each for each in _PUBLIC if inspect.isclass(each) and hasattr(each, "to_state")]
CALLABLES: list[Any] = [*RESOURCES, *VALUES, aep.TableIngestion, *filter(inspect.isfunction, _PUBLIC)]
"""All that a program calls."""


def _required(public: Callable[..., object]) -> list[str]:
    return [each.name for each in inspect.signature(public).parameters.values() if each.default is each.empty]


DECLARATIONS: Mapping[str, Mapping[str, Any]] = {
    **{each.resource: {to_snake(key): value for key, value in each.inputs.items()} for each in DECLARED},
    "TableSourceConnection": {"base_connection_id": "b", "table": "public.customers"},
    "DataLakeTargetConnection": {"dataset_id": "d", "schema_id": SCHEMA},
    "MappingSet": {"schema_id": SCHEMA, "mappings": MAPPINGS},
    "Dataflow": {
        "source_connection_id": "s",
        "target_connection_id": "t",
        "mapping_id": "m",
        "schedule": HOURLY,
        "delta_column": "created_at",
    },
    "TableIngestion": {
        "connection": "b",
        "table": "public.customers",
        "dataset_id": "d",
        "schema_id": SCHEMA,
        "mappings": MAPPINGS,
        "schedule": HOURLY,
        "delta_column": "created_at",
    },
}
"""What each resource takes."""


@pytest.mark.parametrize(
    ("call", "reported"),
    [
        (
            lambda: CONNECTION("crm", auth=PARTS, sandboxname="dev"),
            "PostgresBaseConnection() has no argument 'sandboxname'; did you mean 'sandbox_name'?",
        ),
        (
            lambda: CONNECTION("crm", auth=PARTS, sandboxName="dev"),
            "PostgresBaseConnection() has no argument 'sandboxName'; did you mean 'sandbox_name'?",
        ),
        (lambda: CONNECTION("crm"), "PostgresBaseConnection() needs 'auth'."),
        (lambda: CONNECTION(auth=PARTS), "PostgresBaseConnection() needs 'resource_name'."),
        (
            lambda: CONNECTION("crm", PARTS),
            (
                "PostgresBaseConnection() takes 'auth', 'name', 'description', 'sandbox_name', 'verify', "
                "'existing_connection_id', 'opts' by keyword only."
            ),
        ),
        (
            lambda: CONNECTION("crm", auth=PARTS, resource_name=SECRET),
            "PostgresBaseConnection() is given 'resource_name' twice.",
        ),
        (
            lambda: CONNECTION.get("crm", "id", sandbox="dev"),
            "PostgresBaseConnection.get() has no argument 'sandbox'; did you mean 'sandbox_name'?",
        ),
        (lambda: CONNECTION.get("crm"), "PostgresBaseConnection.get() needs 'id'."),
        (
            lambda: STRING(**PARTS, user=SECRET),
            "ConnectionStringAuth() has no argument 'user'; did you mean 'username'?",
        ),
        (lambda: STRING(host=SECRET), "ConnectionStringAuth() has no argument 'host'; did you mean 'server'?"),
        (lambda: STRING(pwd=SECRET), "ConnectionStringAuth() has no argument 'pwd'; did you mean 'password'?"),
        (
            lambda: STRING(xyz=SECRET),
            (
                "ConnectionStringAuth() has no argument 'xyz'; there are 'server', 'port', 'database', 'username', "
                "'password', 'encryption', 'connection_string'."
            ),
        ),
        (
            lambda: STRING(SECRET),
            (
                "ConnectionStringAuth() takes 'server', 'port', 'database', 'username', 'password', 'encryption', "
                "'connection_string' by keyword only."
            ),
        ),
        (lambda: BASIC(server="db", password=SECRET), "BasicAuth() needs 'database', 'username'."),
        (lambda: BASIC(**PARTS, sslmode="x"), "BasicAuth() has no argument 'sslmode'; did you mean 'ssl_mode'?"),
        (lambda: REFERENCE(names=SECRET), "SecretFromEnv() has no argument 'names'; did you mean 'name'?"),
        (REFERENCE, "SecretFromEnv() needs 'name'."),
        (lambda: REFERENCE("X", 1, SECRET), "SecretFromEnv() takes only 'name', 'version'."),
    ],
)
def test_a_wrong_argument_is_one_sentence_with_the_right_name(call: Callable[[], object], reported: str) -> None:
    with pytest.raises(aep.DeclarationError) as caught:
        call()
    assert caught.value.what == reported
    assert SECRET not in str(caught.value) + repr(caught.value)
    assert isinstance(caught.value, pulumi.RunError)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_type_error_that_is_none_of_the_arguments_stays_one() -> None:
    @checked_arguments("fails")
    def fails(number: int) -> None:
        raise TypeError(f"{number} of its own")

    with pytest.raises(TypeError, match="5 of its own"):
        fails(5)


@pytest.mark.parametrize("public", CALLABLES, ids=lambda each: each.__name__)
def test_a_misspelled_argument_of_anything_that_a_program_calls_is_reported_with_the_right_one(
    public: Callable[..., object],
) -> None:
    *_, last = inspect.signature(public).parameters
    with pytest.raises(aep.DeclarationError) as caught:
        public(**{f"{last}_": SECRET})
    assert caught.value.what == f"{public.__name__}() has no argument '{last}_'; did you mean '{last}'?"
    assert SECRET not in str(caught.value) + repr(caught.value)


@pytest.mark.parametrize("public", [each for each in CALLABLES if _required(each)], ids=lambda each: each.__name__)
def test_all_arguments_that_are_missing_are_reported_at_once(public: Callable[..., object]) -> None:
    with pytest.raises(aep.DeclarationError) as caught:
        public()
    assert caught.value.what == f"{public.__name__}() needs {', '.join(map(repr, _required(public)))}."


@pytest.mark.parametrize("public", CALLABLES, ids=lambda each: each.__name__)
def test_an_editor_still_sees_the_arguments(public: Callable[..., object]) -> None:
    parameters = inspect.signature(public).parameters.values()
    assert parameters
    assert all(each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY) for each in parameters)
    assert all(each.annotation is not each.empty for each in parameters)


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda each: each.__name__)
def test_a_wrong_argument_of_a_read_is_reported_with_the_class_that_was_called(resource: Any) -> None:
    with pytest.raises(aep.DeclarationError) as caught:
        resource.get("crm", "an-id", sandbox="dev")
    assert caught.value.what == f"{resource.__name__}.get() has no argument 'sandbox'; did you mean 'sandbox_name'?"


@pytest.mark.parametrize(("value", "reported"), PYTHONS_OWN, ids=[reported for _, reported in PYTHONS_OWN])
@pytest.mark.parametrize("field", ["server", "database", "username", "password"])
def test_a_value_of_pythons_own_is_refused_at_the_declaration(field: str, value: object, reported: str) -> None:
    with pytest.raises(aep.DeclarationError) as caught:
        CONNECTION("crm", auth={**PARTS, field: value})
    assert f"auth.{field} must be a string, got {reported}." in str(caught.value)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(("value", "reported"), PYTHONS_OWN, ids=[reported for _, reported in PYTHONS_OWN])
def test_neither_an_id_nor_a_name_nor_a_whole_string_is_taken_of_such_a_type(value: object, reported: str) -> None:
    with pytest.raises(aep.DeclarationError) as caught:
        CONNECTION(
            "crm", auth={"connection_string": value}, existing_connection_id=value, name=value, description=value
        )
    for field in ("auth.connection_string", "existing_connection_id", "name", "description"):
        assert f"{field} must be a string, got {reported}." in str(caught.value)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(("value", "reported"), PYTHONS_OWN, ids=[reported for _, reported in PYTHONS_OWN])
def test_a_read_takes_an_id_and_a_sandbox_of_such_a_type_no_more_than_a_declaration(
    value: object, reported: str
) -> None:
    for arguments in ({"id": value}, {"id": "an-id", "sandbox_name": value}):
        with pytest.raises(aep.DeclarationError) as caught:
            CONNECTION.get("crm", **arguments)
        assert f"{[*arguments][-1]} must be a string, got {reported}." in str(caught.value)
        assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("wrong", "reported"),
    [
        ({"opts": {"protect": True}}, "opts must be a pulumi.ResourceOptions, got an object."),
        ({"opts": "protect"}, "opts must be a pulumi.ResourceOptions, got a string."),
        ({"resource_name": None}, "must be a string, got nothing."),
        ({"resource_name": 5}, "must be a string, got a number."),
        ({"resource_name": ""}, "must be a string, got an empty one."),
    ],
)
@pytest.mark.parametrize(
    ("resource", "reads"),
    [*product(RESOURCES, (False, True)), (aep.TableIngestion, False)],
    ids=lambda each: ("declared", "read")[each] if isinstance(each, bool) else each.__name__,
)
def test_what_pulumi_itself_takes_is_reported_without_a_traceback_as_well(
    resource: Any, reads: bool, wrong: Mapping[str, object], reported: str
) -> None:
    arguments = {"id": "an-id"} if reads else DECLARATIONS[resource.__name__]
    with pytest.raises(aep.DeclarationError) as caught:
        (resource.get if reads else resource)(**{"resource_name": "crm", **arguments, **wrong})
    assert caught.value.what.endswith(reported)
    assert resource.__name__ in caught.value.what
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("call", "reported"),
    [
        (
            lambda: SOURCE("customers", table="public.customers", connection="an-id"),
            (
                "TableSourceConnection 'customers' cannot be declared like this:\n  - connection must be a "
                "base connection, got a string; base_connection_id takes an id."
            ),
        ),
        (
            lambda: SOURCE("customers", table="public.customers"),
            (
                "TableSourceConnection 'customers' cannot be declared like this:\n  - give either connection or "
                "base_connection_id, not neither."
            ),
        ),
        (
            lambda: FLOW("customers", schedule=HOURLY, source="an-id", target_connection_id="t", mapping_id="m"),
            (
                "Dataflow 'customers' cannot be declared like this:\n  - source must be a TableSourceConnection, "
                "got a string; source_connection_id takes an id."
            ),
        ),
        (
            lambda: FLOW("customers", schedule=HOURLY, source_connection_id="s", target_connection_id="t", mapping=5),
            (
                "Dataflow 'customers' cannot be declared like this:\n  - mapping must be a MappingSet, got a number; "
                "mapping_id takes an id."
            ),
        ),
        (
            lambda: INGESTION("customers", **{**DECLARATIONS["TableIngestion"], "connection": None}),
            "TableIngestion 'customers' cannot be declared like this: connection must be a string, got nothing.",
        ),
        (
            lambda: FLOW("customers", **{**DECLARATIONS["Dataflow"], "schedule": "hourly"}),
            "Dataflow 'customers' cannot be declared like this:\n  - schedule must be an object with properties.",
        ),
        (lambda: TABLES(5), "get_tables() cannot be called like this: connection must be a string, got a number."),
        (
            lambda: COLUMNS("an-id", None),
            "get_columns() cannot be called like this: table must be a string, got nothing.",
        ),
        (DATASET, "get_dataset() cannot be called like this: give either name or id, not neither."),
        (
            lambda: DATASET("Customers", id="an-id"),
            "get_dataset() cannot be called like this: give either name or id, not both.",
        ),
    ],
)
def test_a_value_that_refers_to_nothing_is_reported_with_what_the_argument_takes(
    call: Callable[[], object], reported: str
) -> None:
    with pytest.raises(aep.DeclarationError) as caught:
        call()
    assert caught.value.what == reported


def test_a_resource_of_another_kind_is_not_a_reference() -> None:
    found: list[str] = []

    def program() -> None:
        target = aep.DataLakeTargetConnection("lake", **DECLARATIONS["DataLakeTargetConnection"])
        calls: list[Callable[[], object]] = [
            lambda: SOURCE("customers", table="public.customers", connection=target),
            lambda: INGESTION("customers", **{**DECLARATIONS["TableIngestion"], "connection": target}),
            lambda: TABLES(target),
        ]
        for call in calls:
            with pytest.raises(aep.DeclarationError) as caught:
                call()
            found.append(caught.value.what.replace("\n  -", ""))

    declare(program)
    another = "got a DataLakeTargetConnection"
    assert found == [
        (
            "TableSourceConnection 'customers' cannot be declared like this: connection must be a base connection, "
            f"{another}; base_connection_id takes an id."
        ),
        (
            "TableIngestion 'customers' cannot be declared like this: connection must be a base connection or its id, "
            f"{another}."
        ),
        f"get_tables() cannot be called like this: connection must be a base connection or its id, {another}.",
    ]
