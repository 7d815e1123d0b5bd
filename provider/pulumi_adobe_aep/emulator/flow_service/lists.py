"""Lists: their order and their pages."""

import base64
import binascii
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any, Final

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


def require_fields(query: ListQuery, fields: Collection[str]) -> None:
    """Check that the fields which the query names are fields of the entities.

    Args:
        query: what is asked for.
        fields: the first parts of the paths to the fields.

    Raises:
        FlowServiceError: 1449 for a filter, 1433 for the order, or what reading either raises.
    """
    for condition in read_filters(query.filters):
        if condition.path[0].removesuffix("[]") not in fields:
            raise FlowServiceError("1449-400", field=".".join(condition.path))
    for order in [] if query.order is None else _read_order(query.order):
        if order.path[0] not in fields:
            raise FlowServiceError("1433-400", field=".".join(order.path))


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
    filters = read_filters(query.filters)
    found = _in_order(items, order)
    if query.token is not None:
        last = _read_token(query.token, query, len(order))
        found = (item for item in found if _follows(item, last, order))
    # Only as many as the page shows, and one more, are looked at: most of a long list is on other pages.
    chosen = list(islice(select(found, filters), limit + 1))
    if len(chosen) <= limit:
        return Page(chosen, None)
    del chosen[limit:]
    return Page(chosen, _write_token(chosen[-1], order, query))


_OTHER_DIRECTION: Final = re.compile(r"[ :](asc|desc)(ending)?$|[+-]$", re.IGNORECASE)
"""The direction of an order as other services write it."""
_TIMES: Final = {("createdAt",), ("updatedAt",)}
_Rank = tuple[int, float | str]


@dataclass(frozen=True)
class _Order:
    path: tuple[str, ...]
    descending: bool

    def rank(self, item: JsonObject) -> _Rank:
        """Return what to sort an item by."""
        value: object = item
        for part in self.path:
            value = value.get(part) if isinstance(value, dict) else None
        return _rank(value)

    @property
    def key(self) -> Callable[[JsonObject], Any]:
        """What to sort by: `rank`, or for speed the plain value of what is a number wherever it is."""
        name = self.path[0]
        return (lambda item: item.get(name, 0)) if self.path in _TIMES else self.rank


def _in_order(items: Iterable[JsonObject], order: Sequence[_Order]) -> Iterator[JsonObject]:
    """Sort, by the id where all else is the same, which makes the order a total one."""
    ordered = list(items)
    # Sorting is stable, so one pass for each key, the last one first. The items come in the order of their making:
    # nearly sorted already by most keys, so the id is not such a pass of its own.
    for each in reversed(order):
        ordered.sort(key=each.key, reverse=each.descending)
    for _, same in groupby(ordered, key=lambda item: [each.rank(item) for each in order]):
        yield from sorted(same, key=_id)


def _read_order(text: str) -> list[_Order]:
    orders: list[_Order] = []
    for part in text.split(","):
        # A plus sign that nobody encoded arrives as a space.
        field = part.removeprefix("-").removeprefix("+").removeprefix(" ")
        if not field or _OTHER_DIRECTION.search(field):
            raise FlowServiceError("1432-400")
        if not all(name.replace("_", "").replace("-", "").isalnum() for name in field.split(".")):
            raise FlowServiceError("1433-400", field=field)
        orders.append(_Order(tuple(field.split(".")), part.startswith("-")))
    return orders


def _id(item: JsonObject) -> str:
    return str(item["id"])


def _rank(value: object) -> _Rank:
    """Rank numbers as numbers and the rest as strings; what is missing comes first."""
    # Not `int | float`, which makes a union for each of thousands of items.
    if isinstance(value, (int, float)):
        return (1, value)
    return (2, value) if isinstance(value, str) else (0, 0)


def _follows(item: JsonObject, last: tuple[list[_Rank], str], order: Sequence[_Order]) -> bool:
    """Return whether an item comes after the one that a token was written for."""
    ranks, last_id = last
    for each, before in zip(order, ranks, strict=True):
        rank = each.rank(item)
        if rank != before:
            return (rank > before) != each.descending
    return _id(item) > last_id


def _write_token(item: JsonObject, order: Sequence[_Order], query: ListQuery) -> str:
    text = json.dumps([[each.rank(item) for each in order], _id(item), query.order])
    return base64.urlsafe_b64encode(text.encode()).decode("ascii").rstrip("=")


def _read_token(token: str, query: ListQuery, length: int) -> tuple[list[_Rank], str]:
    """Return the sort keys in a token, which must come from a list in the same order."""
    try:
        written, last_id, order = json.loads(base64.urlsafe_b64decode(token + "=="))
        ranks = [_rank(value if kind else None) for kind, value in written]
    except (ValueError, TypeError, binascii.Error):
        raise FlowServiceError("1453-400", value="continuationToken") from None
    if len(ranks) != length or order != query.order:
        raise FlowServiceError("1453-400", value="continuationToken")
    return ranks, str(last_id)
