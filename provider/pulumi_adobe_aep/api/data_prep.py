"""Data Prep: mapping sets.

Source of the endpoints: Adobe's OpenAPI document "Data Prep API" and its page "Mapping sets endpoint". A list takes
`limit`, `start` and `name` and returns `{"data": [...]}`; no document says how a mapping set is deleted.
"""

from __future__ import annotations

from collections.abc import Sequence

from pulumi_adobe_aep.api.entities import Entity, MappingSet
from pulumi_adobe_aep.api.service import PAGE_SIZE, Collection, Service, not_understood

BASE_PATH = "/data/foundation/conversion"


class DataPrep(Service):
    """Data Prep, in one sandbox and within one time limit. Made by `Api.data_prep`."""

    def collection(self, path: str, noun: str, query: Sequence[tuple[str, str]] = ()) -> Collection[Entity]:
        """Return the mapping sets.

        Args:
            path: `/mappingSets`.
            noun: What one of them is called in messages: `mapping set`.
            query: What a GET of one asks for beyond its id: `version`.
        """
        return _MappingSets(self, path, noun, MappingSet, query)


class _MappingSets(Collection[Entity]):
    """Mapping sets, whose lists have a form of their own."""

    def page(
        self,
        *filters: str,
        token: str = "",
        order: str = "",  # noqa: ARG002 - no document names an order of mapping sets
    ) -> tuple[Sequence[Entity], str]:
        """GET one page.

        Args:
            filters: `name==crm`; Data Prep filters by nothing else.
            token: How many mapping sets the pages before had; empty for the first.
            order: Has no effect.

        Returns:
            The mapping sets, and the token of the next page; empty on the last one.
        """
        query = [("limit", str(PAGE_SIZE)), ("start", token or "0")]
        query += [tuple(each.split("==", 1)) for each in filters]  # type: ignore[misc]
        response = self.service.call("GET", self.path, doing=f"Listing the {self.noun}s", query=query)
        body = response.json()
        if not isinstance(body, dict) or not isinstance(body.get("data"), list):
            raise not_understood(response, "it has no data")
        found = [self.read_item(item, response) for item in body["data"]]
        # The page names no way to see that there is another one.
        return found, str(int(token or "0") + len(found)) if len(found) == PAGE_SIZE else ""
