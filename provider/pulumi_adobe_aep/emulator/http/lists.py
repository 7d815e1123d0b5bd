"""The responses to list calls, the same for every collection."""

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlencode

from pulumi_adobe_aep.emulator.flow_service.fields import FIELDS
from pulumi_adobe_aep.emulator.flow_service.lists import MAXIMUM_LIMIT, ListQuery, count, page, require_fields
from pulumi_adobe_aep.emulator.flow_service.rules import Rules
from pulumi_adobe_aep.emulator.http.bodies import Count, PageOfItems
from pulumi_adobe_aep.emulator.http.responses import Json
from pulumi_adobe_aep.emulator.store.entities import JsonObject

LIST_MODEL = PageOfItems | Count


def list_response(
    items: Iterable[JsonObject], query: ListQuery, path: str, rules: Rules, maximum: int = MAXIMUM_LIMIT
) -> Json:
    """Return a page of the items, or their number.

    Args:
        items: all items.
        query: what is asked for.
        path: of the collection, relative to the base of Flow Service, for the link to the next page.
        rules: what the service goes by.
        maximum: the largest limit.
    """
    fields = FIELDS.get(path.split("/")[1])
    if fields is not None and not rules.loose:
        require_fields(query, fields)
    if query.count:
        return Json({"count": count(items, query)})
    found = page(items, replace(query, count=False), int(rules.switches.page_size), maximum)
    if found.token is None:
        return Json({"items": found.items, "_links": {}})
    parameters: list[tuple[str, str]] = [("property", each) for each in query.filters]
    if query.order is not None:
        parameters.append(("orderby", query.order))
    if query.limit is not None:
        parameters.append(("limit", str(query.limit)))
    parameters.append(("continuationToken", found.token))
    return Json({"items": found.items, "_links": {"next": {"href": f"{path}?{urlencode(parameters)}"}}})
