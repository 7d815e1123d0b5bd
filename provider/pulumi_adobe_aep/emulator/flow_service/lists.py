"""Lists: their order and their pages."""

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cmp_to_key
from typing import Final

from pulumi_adobe_aep.emulator.errors import FlowServiceError
from pulumi_adobe_aep.emulator.flow_service.filters import read_filters, select
from pulumi_adobe_aep.emulator.store.entities import JsonObject

MAXIMUM_LIMIT: Final = 100
"""Of GET; the destinations API documents "a maximum of 100 entities"."""
MAXIMUM_SEARCH_LIMIT: Final = 1000
DEFAULT_ORDER: Final = "-updatedAt"
"""The destinations API: "most recently created or updated first"."""


@dataclass(frozen=True)
class ListQuery:
    """What a list call asks for.

    Attributes:
        filters: the ``property`` parameters.
        order: the ``orderby`` parameter.
        limit: items on a page, None for the service's own choice.
        token: the continuation token of the page wanted, None for the first.
        count: whether only the number of items is wanted.
    """

    filters: tuple[str, ...] = ()
    order: str | None = None
    limit: int | None = None
    token: str | None = None
    count: bool = False


@dataclass(frozen=True)
class Page:
    """A page of items; ``token`` continues it, None on the last one."""

    items: list[JsonObject]
    token: str | None


def count(items: Iterable[JsonObject], query: ListQuery) -> int:
    """Return how many items the query finds.

    Raises:
        FlowServiceError: 1401 together with a limit, or what `read_filters` raises.
    """
    if query.limit is not None:
        raise FlowServiceError("1401-400")
    return sum(1 for _ in select(items, read_filters(query.filters)))


def page(items: Iterable[JsonObject], query: ListQuery, default_limit: int, maximum: int = MAXIMUM_LIMIT) -> Page:
    """Return one page of the items that the query finds.

    The token holds the sort key of the last item rather than a position, so that items which come and go between two
    calls move nothing onto or off a later page.

    Raises:
        FlowServiceError: 1432 or 1433 for the order, 1452 for the limit, 1453 for the token, or what `read_filters`
            raises.
    """
    limit = default_limit if query.limit is None else query.limit
    if not 1 <= limit <= maximum:
        raise FlowServiceError("1452-400", value=limit, field="limit")
    order = _read_order(query.order or DEFAULT_ORDER)
    compare = cmp_to_key(_comparison(order))
    found = sorted(
        ((_key(item, order), item) for item in select(items, read_filters(query.filters))),
        key=lambda pair: compare(pair[0]),
    )
    if query.token is not None:
        last = _read_token(query.token, query, len(order))
        found = [pair for pair in found if _compare(pair[0], last, order) > 0]
    chosen = found[:limit]
    more = len(found) > limit
    return Page([item for _, item in chosen], _write_token(chosen[-1][0], query) if more else None)


@dataclass(frozen=True)
class _Order:
    path: tuple[str, ...]
    descending: bool


def _read_order(text: str) -> list[_Order]:
    orders: list[_Order] = []
    for part in text.split(","):
        # A plus sign that nobody encoded arrives as a space.
        field = part.removeprefix("-").removeprefix("+").removeprefix(" ")
        if not field:
            raise FlowServiceError("1432-400")
        if not all(name.replace("_", "").replace("-", "").isalnum() for name in field.split(".")):
            raise FlowServiceError("1433-400", field=field)
        orders.append(_Order(tuple(field.split(".")), part.startswith("-")))
    return orders


_Key = list[object]


def _key(item: JsonObject, order: Sequence[_Order]) -> _Key:
    """Return the values to sort by; the id makes every key different."""
    return [*(_value(item, each.path) for each in order), item["id"]]


def _value(item: JsonObject, path: Sequence[str]) -> object:
    found: object = item
    for part in path:
        found = found.get(part) if isinstance(found, dict) else None
    return found if isinstance(found, str | int | float) else None


def _comparison(order: Sequence[_Order]) -> Callable[[_Key, _Key], int]:
    def compare(left: _Key, right: _Key) -> int:
        return _compare(left, right, order)

    return compare


def _compare(left: _Key, right: _Key, order: Sequence[_Order]) -> int:
    for position, (one, other) in enumerate(zip(left, right, strict=True)):
        result = _compare_values(one, other)
        if result:
            descending = position < len(order) and order[position].descending
            return -result if descending else result
    return 0


def _compare_values(one: object, other: object) -> int:
    """Compare numbers as numbers and the rest as text; what is missing comes first."""
    left, right = _rank(one), _rank(other)
    return (left > right) - (left < right)


def _rank(value: object) -> tuple[int, float, str]:
    if value is None:
        return (0, 0.0, "")
    if isinstance(value, int | float):
        return (1, float(value), "")
    return (2, 0.0, str(value))


def _write_token(key: _Key, query: ListQuery) -> str:
    text = json.dumps([key, query.order, query.filters])
    return base64.urlsafe_b64encode(text.encode()).decode("ascii").rstrip("=")


def _read_token(token: str, query: ListQuery, length: int) -> _Key:
    """Return the sort key in a token, which must come from the same order."""
    try:
        key, order, _ = json.loads(base64.urlsafe_b64decode(token + "=="))
    except (ValueError, TypeError, binascii.Error):
        raise FlowServiceError("1453-400", value="continuationToken") from None
    if not isinstance(key, list) or len(key) != length + 1 or order != query.order:
        raise FlowServiceError("1453-400", value="continuationToken")
    return key
