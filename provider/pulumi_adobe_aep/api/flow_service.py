"""Flow Service's REST API: one method an endpoint.

Source of the endpoints: Adobe's OpenAPI document "Flow Service API - Sources" and the tutorials on base connections.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import parse_qsl, quote, urlsplit

from pydantic import ValidationError

from pulumi_adobe_aep.api import retry
from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.api.entities import ENTITY_ID, Connection, Entity, Flow
from pulumi_adobe_aep.api.error_responses import http_date, shorten, to_exception
from pulumi_adobe_aep.api.ims import AccessTokens, tokens_for
from pulumi_adobe_aep.api.transport import HttpClient, Request, Response
from pulumi_adobe_aep.errors import AepError, NotFound, Outcome, ResponseLost, Unauthorized
from pulumi_adobe_aep.settings import Credentials, Settings

BASE_PATH = "/data/foundation/flowservice"
PAGE = 100
"""Entities a page, Adobe's documented maximum."""

Json = Any
"""A JSON value of somebody else's making."""
Operation = Mapping[str, Json]
"""One operation of a PATCH: op, path, value."""
EntityT = TypeVar("EntityT", bound=Entity)


@dataclass(frozen=True)
class WriteReceipt:
    """The answer to a POST or PATCH, which names the entity and little else."""

    id: str
    at: datetime | None
    """When, by the service's own clock, to the second."""


@dataclass(frozen=True)
class TestResult:
    """What Flow Service found when it logged in to the database."""

    passed: bool
    reason: str
    """The service's own words on a failure; mostly empty, because Adobe documents only true and false."""


class Api:
    """What all operations of a process share: connections kept open and tokens.

    Args:
        settings: Addresses, credentials, concurrency.

    Raises:
        SettingsError: Credentials are missing.
    """

    def __init__(self, settings: Settings) -> None:
        self.credentials: Credentials = settings.credentials()
        self._settings = settings
        self._http = HttpClient(settings.max_concurrency)
        self._tokens = tokens_for(self._http, settings.ims_url, self.credentials)

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._http.close()

    def flow_service(self, sandbox: str, deadline: Deadline) -> FlowService:
        """Return the Flow Service of one sandbox, for one operation.

        Args:
            sandbox: The sandbox's name. There is no default: without it Adobe would take `prod`.
            deadline: When the operation ends at the latest.
        """
        return FlowService(
            self._http, self._tokens, self.credentials, self._settings.base_url + BASE_PATH, sandbox, deadline
        )


class FlowService:
    """The endpoints, in one sandbox and within one time limit. Made by `Api.flow_service`.

    Every method raises an `AepError` that says what happened, why and what to do.
    """

    def __init__(  # noqa: PLR0917 - made in one place
        self,
        http: HttpClient,
        tokens: AccessTokens,
        credentials: Credentials,
        url: str,
        sandbox: str,
        deadline: Deadline,
    ) -> None:
        self._http = http
        self._tokens = tokens
        self._credentials = credentials
        self._url = url
        self.sandbox = sandbox
        self.deadline = deadline
        self._clock: tuple[float, datetime] | None = None

    @property
    def client_id(self) -> str:
        """The client that the settings name; the service records it as the creator of entities."""
        return self._credentials.client_id

    @property
    def client_is_certain(self) -> bool:
        """Whether requests are that client's: a ready-made token may be another's."""
        return not self._credentials.access_token

    def time_at(self, monotonic: float) -> datetime | None:
        """Return the service's own time at a moment of this process; None when no answer has told it yet.

        Args:
            monotonic: The moment, as `time.monotonic` gave it.
        """
        if self._clock is None:
            return None
        seen_at, then = self._clock
        return then - timedelta(seconds=seen_at - monotonic)

    # Base connections.

    def create_connection(self, body: Mapping[str, Json]) -> WriteReceipt:
        """POST /connections. Sent again only when it is certain that it was not handled.

        Raises:
            AepError: Where its `outcome` is unknown, the connection may exist.
        """
        doing = f"Creating the connection '{body.get('name')}'"
        return _created(self._call("POST", "/connections", doing=doing, body=body, repeatable=False))

    def get_connection(self, connection_id: str) -> Connection:
        """GET /connections/{id}.

        Raises:
            EntityGone: The service itself says that it does not exist in this sandbox.
        """
        answer = self._call("GET", _path(connection_id), doing=f"Reading the connection {connection_id}")
        body = answer.json()
        # Adobe's pages show an array of one, one of its schemas the bare entity.
        item = body["items"][0] if isinstance(body, dict) and _is_singleton(body.get("items")) else body
        connection = _entity(Connection, item, answer)
        if connection.id != connection_id:
            raise _not_understood(answer, f"it is about {connection.id}, not {connection_id}")
        return connection

    def list_connections(self, *filters: str) -> Iterator[Connection]:
        """GET /connections, page by page.

        Args:
            filters: Expressions such as `name==crm`; all of them must hold.
        """
        return self._list(Connection, "/connections", filters, "Listing the connections")

    def connections_page(self, *filters: str, token: str = "") -> tuple[list[Connection], str]:
        """GET /connections, one page.

        Args:
            filters: As for `list_connections`.
            token: What the page before gave; empty for the first.

        Returns:
            The connections, and the token of the next page; empty on the last one.
        """
        return self._page(Connection, "/connections", filters, "Listing the connections", token)

    def patch_connection(self, connection_id: str, etag: str, operations: Sequence[Operation]) -> WriteReceipt:
        """PATCH /connections/{id}.

        Args:
            connection_id: Which one.
            etag: As it was read, quotes included: Adobe answers 412 to one without.
            operations: What to change.

        Raises:
            VersionConflict: It has changed since the etag was read.
        """
        return _created(
            self._call(
                "PATCH",
                _path(connection_id),
                doing=f"Changing the connection {connection_id}",
                body=list(operations),
                headers={"If-Match": etag},
            )
        )

    def delete_connection(self, connection_id: str) -> bool:
        """DELETE /connections/{id}.

        Returns:
            True when it is gone, False when the service has only accepted to delete it (202).

        Raises:
            EntityGone: It did not exist.
        """
        doing = f"Deleting the connection {connection_id}"
        return self._call("DELETE", _path(connection_id), doing=doing).status == HTTPStatus.NO_CONTENT

    def test_connection(self, connection_id: str) -> TestResult:
        """GET /connections/{id}/test: have the service log in to the database."""
        answer = self._call("GET", f"{_path(connection_id)}/test", doing=f"Testing the connection {connection_id}")
        body = answer.json()
        if not isinstance(body, dict) or not isinstance(body.get("result"), bool):
            raise _not_understood(answer, "it has no result of true or false")
        reasons = (body.get(key) for key in ("errorMessage", "message", "detail", "error"))
        return TestResult(body["result"], shorten(next((reason for reason in reasons if isinstance(reason, str)), "")))

    def explore(self, connection_id: str, table: str | None = None) -> Json:
        """GET /connections/{id}/explore: the tables, or the columns of one.

        Args:
            connection_id: Which connection.
            table: The table's path as the list of tables has it, or None for the list.

        Returns:
            Adobe's answer as it is: an array of tables, or an object with a schema.
        """
        query = [("objectType", "root")] if table is None else [("objectType", "table"), ("object", table)]
        what = "the tables" if table is None else f"the columns of {table}"
        doing = f"Listing {what} of the connection {connection_id}"
        return self._call("GET", f"{_path(connection_id)}/explore", doing=doing, query=query).json()

    # What stands on a base connection.

    def source_connections_of(self, connection_id: str) -> Iterator[Entity]:
        """GET /sourceConnections that use this base connection."""
        return self._list(
            Entity, "/sourceConnections", [f"baseConnectionId=={connection_id}"], "Listing the source connections"
        )

    def flows(self) -> Iterator[Flow]:
        """GET /flows: every dataflow of the sandbox."""
        return self._list(Flow, "/flows", [], "Listing the dataflows")

    # How it is sent.

    def _list(self, kind: type[EntityT], path: str, filters: Sequence[str], doing: str) -> Iterator[EntityT]:
        token = ""
        while True:
            entities, token = self._page(kind, path, filters, doing, token)
            yield from entities
            if not token:
                return

    def _page(
        self, kind: type[EntityT], path: str, filters: Sequence[str], doing: str, token: str
    ) -> tuple[list[EntityT], str]:
        query = [("limit", str(PAGE)), *(("property", expression) for expression in filters)]
        if token:
            query.append(("continuationToken", token))
        answer = self._call("GET", path, doing=doing, query=query)
        body = answer.json()
        if not isinstance(body, dict) or not isinstance(body.get("items"), list):
            raise _not_understood(answer, "it has no items")
        following = _continuation(body)
        # The same token again would list the same page for ever.
        return [_entity(kind, item, answer) for item in body["items"]], "" if following == token else following

    def _call(
        self,
        method: str,
        path: str,
        *,
        doing: str,
        query: Sequence[tuple[str, str]] = (),
        body: Json = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool = True,
    ) -> Response:
        content = None if body is None else json.dumps(body).encode()
        extra = dict(headers or {})
        if content is not None:
            extra["Content-Type"] = "application/json"

        def send() -> Response:
            with _nothing_sent():
                token = self._tokens.get(self.deadline)
            try:
                return self._send(method, path, doing, query, content, extra, token)
            except Unauthorized:
                # It may have expired by the service's clock. 401 says that nothing was done, so one more try is safe.
                with _nothing_sent():
                    fresh = self._tokens.renew(token, self.deadline)
                if fresh is None:
                    raise
                return self._send(method, path, doing, query, content, extra, fresh)

        return retry.run(send, repeatable=repeatable, deadline=self.deadline)

    def _send(  # noqa: PLR0917 - called in two places, side by side
        self,
        method: str,
        path: str,
        doing: str,
        query: Sequence[tuple[str, str]],
        content: bytes | None,
        extra: Mapping[str, str],
        token: str,
    ) -> Response:
        headers = {
            "Authorization": f"Bearer {token}",
            "x-api-key": self._credentials.client_id,
            "x-gw-ims-org-id": self._credentials.org_id,
            "x-sandbox-name": self.sandbox,
            "Accept": "application/json",
            **extra,
        }
        request = Request(method, self._url + path, headers, query, content)
        answer = self._http.send(request, self.deadline)
        date = http_date(answer.headers.get("date", ""))
        if date is not None:
            self._clock = (time.monotonic(), date)
        if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            # Read here, so that an answer that was cut off counts as lost while the request can still be repeated.
            # A deletion needs no body, but a proxy's page is no sign of one.
            if answer.body or (answer.status != HTTPStatus.NO_CONTENT and method != "DELETE"):
                answer.json()
            return answer
        error = to_exception(answer, doing)
        if isinstance(error, NotFound):
            error.what += f" (Sandbox: {self.sandbox}.)"
        raise error


@contextmanager
def _nothing_sent() -> Iterator[None]:
    """Keep a lost answer of IMS from being taken for a lost answer of Flow Service, which would be looked for."""
    try:
        yield
    except AepError as failure:
        failure.outcome = Outcome.NOT_SENT
        raise


def _path(connection_id: str) -> str:
    return f"/connections/{quote(connection_id, safe='')}"


def _is_singleton(value: object) -> bool:
    return isinstance(value, list) and len(value) == 1


def _entity(kind: type[EntityT], item: Json, answer: Response) -> EntityT:
    try:
        return kind.model_validate(item)
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, problem["loc"])) or "the whole" for problem in error.errors())
        raise _not_understood(answer, f"these fields are missing or not as documented: {fields}") from None


def _created(answer: Response) -> WriteReceipt:
    body = answer.json()
    entity_id = body.get("id") if isinstance(body, dict) else None
    if not isinstance(entity_id, str) or not ENTITY_ID.fullmatch(entity_id):
        raise _not_understood(answer, "it has no id")
    return WriteReceipt(entity_id, http_date(answer.headers.get("date", "")))


def _continuation(body: Mapping[str, Json]) -> str:
    """Return the token of the next page; the link is relative to an address that differs between Adobe's pages."""
    links = body.get("_links")
    following = links.get("next") if isinstance(links, dict) else None
    href = following.get("href") if isinstance(following, dict) else None
    if not isinstance(href, str):
        return ""
    try:
        return dict(parse_qsl(urlsplit(href).query)).get("continuationToken", "")
    except ValueError:  # no address
        return ""


def _not_understood(answer: Response, why: str) -> ResponseLost:
    request = answer.request
    return ResponseLost(
        f"The answer to {request.method} {re.sub(r'[?#].*', '', request.url)} ({answer.status}) is not as documented.",
        why=f"{why[:1].upper()}{why[1:]}.",
        advice="Run the command again; if it stays, Adobe may have changed the service: report it to this project.",
        request_id=answer.request_id,
    )
