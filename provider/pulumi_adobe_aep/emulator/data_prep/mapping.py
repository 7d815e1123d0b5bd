"""A mapping: for each field of the record, where its value comes from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pulumi_adobe_aep.emulator.data_prep import schemas
from pulumi_adobe_aep.emulator.data_prep.expressions import Evaluate, ExpressionError, Row, field, parse
from pulumi_adobe_aep.emulator.data_prep.functions import EvaluationError
from pulumi_adobe_aep.emulator.data_prep.schemas import JsonObject, Path, SchemaError, XdmSchema

ATTRIBUTE: Final = "ATTRIBUTE"
_TYPES: Final[Mapping[str, str]] = {
    ATTRIBUTE: ATTRIBUTE,
    "EXPRESSION": "EXPRESSION",
    "STATIC": "STATIC",
    # What mapping sets that were read show.
    "text/x.schema-path": ATTRIBUTE,
    "text/x.aep-xl": "EXPRESSION",
}


@dataclass(frozen=True)
class Problem:
    """What is wrong with one mapping.

    Attributes:
        reason: holds no value of a row.
    """

    source: str
    destination: str
    source_type: str
    reason: str

    def item(self) -> JsonObject:
        """Return it as Data Prep's TransformErrorInfo."""
        return {
            "source": self.source,
            "destination": self.destination,
            "sourceType": self.source_type,
            "exception": self.reason,
        }


class MappingError(Exception):
    """A row that cannot be mapped."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.reason)
        self.problem = problem


@dataclass(frozen=True)
class Rule:
    """One mapping that has been understood."""

    source: str
    destination: str
    source_type: str
    path: Path
    evaluate: Evaluate

    def problem(self, reason: str) -> Problem:
        """Return a problem of this mapping."""
        return Problem(self.source, self.destination, self.source_type, reason)


@dataclass(frozen=True)
class RecordMapping:
    """All mappings of a set, for one schema.

    Attributes:
        schema: what the records have to fit; None where it is not known.
        keeps_null: whether a null is a field of the record, as with ``allowNullValues``.
    """

    rules: tuple[Rule, ...]
    schema: XdmSchema | None = None
    keeps_null: bool = False

    def record(self, row: Row) -> JsonObject:
        """Return the record of a row.

        Raises:
            MappingError: an expression fails, a value has the wrong type, or the record does not fit the schema.
        """
        record: JsonObject = {}
        for rule in self.rules:
            try:
                value = schemas.converted(rule.evaluate(row), self._field(rule.path))
                if value is not None or self.keeps_null:
                    schemas.put(record, rule.path, value)
            except EvaluationError as error:
                raise MappingError(rule.problem(str(error))) from None
        if self.schema is not None and (found := self.schema.problem(record)) is not None:
            raise MappingError(self._problem_at(*found))
        return record

    def _field(self, path: Path) -> Mapping[str, object] | None:
        return None if self.schema is None else self.schema.at(path)

    def _problem_at(self, where: str, reason: str) -> Problem:
        rule = next((each for each in self.rules if where and each.destination == where), None)
        return Problem("", where, "", reason) if rule is None else rule.problem(reason)


def understand(
    mappings: Iterable[Mapping[str, object]], schema: XdmSchema | None = None, *, keeps_null: bool = False
) -> tuple[RecordMapping, list[Problem | None]]:
    """Return the mappings that can be used, and for each mapping its problem, None where there is none.

    Args:
        mappings: as in a mapping set, in either of Adobe's spellings.
        schema: what the destinations have to be in; None where it is not known.
        keeps_null: whether nulls become fields of the record.
    """
    rules: list[Rule] = []
    problems: list[Problem | None] = []
    for each in mappings:
        try:
            rules.append(_rule(each, schema))
            problems.append(None)
        except (ExpressionError, SchemaError) as error:
            problems.append(Problem(source(each), destination(each), _source_type(each), str(error)))
    return RecordMapping(tuple(rules), schema, keeps_null), problems


def source(mapping: Mapping[str, object]) -> str:
    """Return where a mapping's value comes from, in either spelling."""
    return str(mapping.get("source", mapping.get("sourceAttribute", "")) or "")


def destination(mapping: Mapping[str, object]) -> str:
    """Return the path that a mapping's value goes to, in either spelling."""
    return str(mapping.get("destination", mapping.get("destinationXdmPath", "")) or "")


def _source_type(mapping: Mapping[str, object]) -> str:
    return str(mapping.get("sourceType") or ATTRIBUTE)


def _rule(mapping: Mapping[str, object], schema: XdmSchema | None) -> Rule:
    text, target, given = source(mapping), destination(mapping), _source_type(mapping)
    kind = _TYPES.get(given)
    if kind is None:
        raise SchemaError(f"the source type is not one of {', '.join(_TYPES)}")
    if not text and kind != "STATIC":
        raise SchemaError("the source is missing")
    path = schemas.read_path(target)
    if schema is not None and schema.at(path) is None:
        raise SchemaError("the schema has no such field")
    return Rule(text, target, given, path, _evaluate(kind, text))


def _evaluate(kind: str, text: str) -> Evaluate:
    if kind == "STATIC":
        return lambda _: text
    if kind == ATTRIBUTE:
        return field(text)
    return parse(text).evaluate
