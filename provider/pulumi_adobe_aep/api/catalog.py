"""Catalog: datasets.

Source of the endpoints: Adobe's OpenAPI document "Catalog Service API". A response is an object whose keys are ids.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from pulumi_adobe_aep.api.service import PAGE_SIZE, Service, not_understood

BASE_PATH = "/data/foundation/catalog"


class Catalog(Service):
    """Catalog, in one sandbox and within one time limit. Made by `Api.catalog`."""

    def dataset(self, dataset_id: str) -> dict[str, dict[str, Any]]:
        """GET /dataSets/{id}: one dataset, under its id."""
        path = f"/dataSets/{quote(dataset_id, safe='')}"
        return self._datasets(path, f"Reading the dataset {dataset_id}", [])

    def datasets(self, name: str) -> dict[str, dict[str, Any]]:
        """GET /dataSets?name=: the datasets of a name, by their ids."""
        return self._datasets("/dataSets", f"Looking for the dataset '{name}'", [("name", name)])

    def names(self) -> dict[str, str]:
        """GET /dataSets?properties=name, page by page: the names of all datasets, by their ids."""
        names: dict[str, str] = {}
        while True:
            query = [("properties", "name"), ("limit", str(PAGE_SIZE)), ("start", str(len(names)))]
            page = self._datasets("/dataSets", "Listing the datasets", query)
            is_new = not page.keys() <= names.keys()
            names |= {dataset_id: str(shown.get("name") or "") for dataset_id, shown in page.items()}
            # A page says nowhere whether there is another one; the same one would come again and again.
            if len(page) < PAGE_SIZE or not is_new:
                return names

    def _datasets(self, path: str, doing: str, query: list[tuple[str, str]]) -> dict[str, dict[str, Any]]:
        response = self.call("GET", path, doing=doing, query=query)
        body = response.json()
        if not isinstance(body, dict) or not all(isinstance(each, dict) for each in body.values()):
            raise not_understood(response, "it is not an object of datasets")
        return body
