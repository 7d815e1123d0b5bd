"""The ``property`` filters of list calls.

Source: "Sorting and filtering responses in the Flow Service API". A filter is a path, an operator and a value; several
values after ``==`` mean any of them, several filters mean all of them, and ``[]`` after a name looks into an array.
Two further forms of Adobe's documents are taken: a value in double quotes, and several filters in one parameter,
separated by commas.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_plus

from pulumi_adobe_aep.emulator.errors import FlowServiceError
from pulumi_adobe_aep.emulator.store.entities import JsonObject

_FILTER: Final = re.compile(r"(?P<path>[^=<>!~]*)(?P<operator>[=<>!~]+)(?P<value>.*)", re.DOTALL)
_PATH: Final = re.compile(r"[\w.@:$-]+(\[\])?(\.[\w.@:$-]+(\[\])?)*")
_NEXT_FILTER: Final = re.compile(r",(?=[A-Za-z][\w.\[\]]*(?:==|>=|<=|>|<))")
_COMPARISONS: Final[dict[str, Callable[[float, float], bool]]] = {
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
}
_NOT_IMPLEMENTED: Final = frozenset({"~", "!=", "=~"})


@dataclass(frozen=True)
class Filter:
    """One condition on an item."""

    path: tuple[str, ...]
    operator: str
    values: tuple[str, ...]

    def matches(self, item: JsonObject) -> bool:
        """Return whether the item meets the condition."""
        found = _look_up(item, self.path)
        if self.operator == "==":
            return any(_spell(each) in self.values for each in found)
        limit = float(self.values[0])
        compare = _COMPARISONS[self.operator]
        return any(
            compare(float(each), limit)
            for each in found
            if isinstance(each, int | float) and not isinstance(each, bool)
        )


def read_filters(parameters: Iterable[str]) -> list[Filter]:
    """Return the filters of all ``property`` parameters.

    Raises:
        FlowServiceError: 1440, 1443, 1448, 1449, 1450, 1452 or 1453, as Adobe's catalogue has them.
    """
    return [_read(text) for parameter in parameters for text in _NEXT_FILTER.split(parameter)]


def search_filters(query_string: str | None) -> tuple[str, ...]:
    """Return the ``property`` filters in the query string of a search.

    Adobe documents the field but not its form; it is read like the query of a list call, ``property=`` being optional.
    """
    parts = (query_string or "").removeprefix("?").split("&")
    return tuple(unquote_plus(part.removeprefix("property=")) for part in parts if part)


def select(items: Iterable[JsonObject], filters: Sequence[Filter]) -> Iterator[JsonObject]:
    """Return the items that meet every filter."""
    return (item for item in items if all(each.matches(item) for each in filters))


def _read(text: str) -> Filter:
    match = _FILTER.fullmatch(text)
    if match is None or not match["value"]:
        raise FlowServiceError("1453-400", value=text)
    path, operator = match["path"], match["operator"]
    if operator in _NOT_IMPLEMENTED:
        raise FlowServiceError("1440-400", operator=operator)
    if operator != "==" and operator not in _COMPARISONS:
        raise FlowServiceError("1450-400", operator=operator)
    if not _PATH.fullmatch(path):
        raise FlowServiceError("1449-400", field=path)
    values = tuple(_split(match["value"]))
    if operator != "==":
        _check_comparison(path, operator, values)
    return Filter(tuple(path.split(".")), operator, values)


def _check_comparison(path: str, operator: str, values: Sequence[str]) -> None:
    if len(values) > 1:
        raise FlowServiceError("1443-400", operator=operator)
    if path in {"id", "name", "description", "state", "connectionSpec.id", "flowSpec.id"}:
        raise FlowServiceError("1448-400", operator=operator, field=path)
    try:
        float(values[0])
    except ValueError:
        raise FlowServiceError("1452-400", value=values[0], field=path) from None


def _split(value: str) -> Iterator[str]:
    """Split a value at its commas, except those within double quotes, and take the quotes off."""
    for part in re.findall(r'"(?:[^"\\]|\\.)*"|[^,]+', value):
        if len(part) > 1 and part.startswith('"') and part.endswith('"'):
            try:
                yield str(json.loads(part, strict=False))
            except ValueError:
                raise FlowServiceError("1453-400", value=value) from None
        else:
            yield part


def _look_up(item: JsonObject, path: Sequence[str]) -> Sequence[object]:
    plain: object = item
    for part in path:
        if not isinstance(plain, dict) or part not in plain:
            break
        plain = plain[part]
    else:
        return (plain,)
    found: list[object] = [item]
    for part in path:
        name = part.removesuffix("[]")
        found = [each[name] for each in found if isinstance(each, dict) and name in each]
        if name is not part:
            found = [element for each in found if isinstance(each, list) for element in each]
    return found


def _spell(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
