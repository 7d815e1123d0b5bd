"""One of Adobe's services, in one sandbox and within one time limit: requests, and collections of entities.

Knows no kind of entity: a collection has a path and a noun for messages, and five verbs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl, quote, urlsplit

from pydantic import ValidationError

from pulumi_adobe_aep.api import retry
from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.api.entities import ENTITY_ID, Entity
from pulumi_adobe_aep.api.error_responses import to_exception
from pulumi_adobe_aep.api.ims import AccessTokens
from pulumi_adobe_aep.api.transport import HttpClient, Request, Response
from pulumi_adobe_aep.errors import AepError, NotFound, Outcome, ResponseLost, Unauthorized
from pulumi_adobe_aep.settings import Credentials

PAGE_SIZE = 100
"""Entities a page, Adobe's documented maximum."""

Json = Any
"""A JSON value from outside."""
Operation = Mapping[str, Json]
"""One operation of a PATCH: op, path, value."""
EntityT = TypeVar("EntityT", bound=Entity)


@dataclass(frozen=True)
class WriteReceipt:
    """The response to a POST, PATCH or PUT, which names the entity and usually little else."""

    id: str
    at: datetime | None
    """When, by the service's own clock, to the second."""
    shown: Mapping[str, Json] = field(default_factory=dict, repr=False)
    """The whole response. It may hold secrets."""


class ServiceTime:
    """The time by the clock of Adobe's services, as the last response had it. One for all threads."""

    def __init__(self) -> None:
        self._latest: tuple[float, datetime] | None = None

    def tell(self, monotonic: float, time: datetime) -> None:
        """Record the time of a response.

        Args:
            monotonic: When it came, by this process's clock.
            time: Its `Date`.
        """
        self._latest = (monotonic, time)

    def at(self, monotonic: float) -> datetime | None:
        """Return the time at a moment of this process; None if no response had it yet."""
        if self._latest is None:
            return None
        received_at, then = self._latest
        return then - timedelta(seconds=received_at - monotonic)


class Service:
    """One of Adobe's services, in one sandbox and within one time limit. Made by `Api`.

    Every method raises an `AepError` that says what happened, why and what to do.

    Args:
        http: Sends the requests.
        tokens: Where access tokens come from.
        credentials: Whose requests they are.
        url: The service's address, without a slash at the end.
        sandbox: The sandbox's name. There is no default: without it Adobe would take `prod`.
        deadline: When the operation ends at the latest.
        process_time: The time by the responses to this process.
    """

    def __init__(  # noqa: PLR0917 - made in one place
        self,
        http: HttpClient,
        tokens: AccessTokens,
        credentials: Credentials,
        url: str,
        sandbox: str,
        deadline: Deadline,
        process_time: ServiceTime | None = None,
    ) -> None:
        self._http = http
        self._tokens = tokens
        self._credentials = credentials
        self._url = url
        self.sandbox = sandbox
        self.deadline = deadline
        self._time = ServiceTime()
        self._process_time = process_time or self._time

    @property
    def client_id(self) -> str:
        """The client that the settings name; the service records it as the creator of entities."""
        return self._credentials.client_id

    @property
    def client_is_certain(self) -> bool:
        """Whether requests are that client's: a ready-made token may be another's."""
        return not self._credentials.access_token

    def time_at(self, monotonic: float) -> datetime | None:
        """Return the service's own time at a moment of this process; None if no response in this operation had it yet.

        Args:
            monotonic: The moment, as the deadline's clock gave it.
        """
        return self._time.at(monotonic)

    def now(self) -> datetime:
        """Return the time by the clock of Adobe's services, or by this machine's if no response had it yet."""
        clock = self.deadline.clock
        return self._process_time.at(clock.monotonic()) or clock.now()

    def collection(self, path: str, noun: str, query: Sequence[tuple[str, str]] = ()) -> Collection[Entity]:
        """Return the entities of any kind.

        Args:
            path: `/sourceConnections`.
            noun: What one of them is called in messages: `source connection`.
            query: What a GET of one asks for beyond its id.
        """
        return Collection(self, path, noun, Entity, query)

    def call(
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
        """Send a request, again where `retry.may_repeat` says so.

        Args:
            method: GET, POST, PATCH, PUT or DELETE.
            path: Below the service's address, quoted.
            doing: What is tried, to go into "<doing> failed".
            query: Names and values.
            body: What is sent as JSON; None for nothing.
            headers: Beyond those that every request has.
            repeatable: Whether doing it twice has the effect of doing it once.
        """
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
        response = self._http.send(request, self.deadline)
        date = response.date
        if date is not None:
            for each in (self._time, self._process_time):
                each.tell(self.deadline.clock.monotonic(), date)
        if HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
            # Read here, so that a response that was cut off counts as lost while the request can still be repeated.
            # A deletion needs no body, but a proxy's page is not a sign of one.
            if response.body or (response.status != HTTPStatus.NO_CONTENT and method != "DELETE"):
                response.json()
            return response
        error = to_exception(response, doing)
        if isinstance(error, NotFound):
            raise error.with_context(what=f"(Sandbox: {self.sandbox}.)")
        raise error


class Collection(Generic[EntityT]):
    """The entities of one kind in a sandbox.

    Args:
        service: The sandbox, with the time limit.
        path: `/connections`.
        noun: What one of them is called in messages: `connection`.
        entity: The model that responses are read with.
        query: What a GET of one asks for beyond its id.
    """

    def __init__(
        self,
        service: Service,
        path: str,
        noun: str,
        entity: type[EntityT],
        query: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.service = service
        self.path = path
        self.noun = noun
        self._entity = entity
        self._query = query

    def create(self, body: Mapping[str, Json]) -> WriteReceipt:
        """POST to the collection. Sent again only if it is certain that it was not handled.

        Raises:
            AepError: Where its `outcome` is unknown, the entity may exist.
        """
        doing = f"Creating the {self.noun} '{body.get('name')}'"
        return receipt_of(self.service.call("POST", self.path, doing=doing, body=body, repeatable=False))

    def get(self, entity_id: str) -> EntityT:
        """GET one of them.

        Raises:
            EntityGone: The service itself says that it does not exist in this sandbox.
        """
        response = self.service.call(
            "GET", self.path_of(entity_id), doing=f"Reading the {self.noun} {entity_id}", query=self._query
        )
        body = response.json()
        # Adobe's pages show an array of one, one of its schemas the bare entity.
        item = body["items"][0] if isinstance(body, dict) and _is_singleton(body.get("items")) else body
        found = self.read_item(item, response)
        if found.id != entity_id:
            raise not_understood(response, f"it is about {found.id}, not {entity_id}")
        return found

    def list(self, *filters: str, order: str = "") -> Iterator[EntityT]:
        """GET all of them, page by page.

        Args:
            filters: Expressions such as `name==crm`; all of them must hold.
            order: A field, with `-` before it for descending order; empty for the service's own order.
        """
        token = ""
        while True:
            entities, token = self.page(*filters, token=token, order=order)
            yield from entities
            if not token:
                return

    def page(self, *filters: str, token: str = "", order: str = "") -> tuple[Sequence[EntityT], str]:
        """GET one page.

        Args:
            filters: As for `list`.
            token: What the page before gave; empty for the first.
            order: As for `list`.

        Returns:
            The entities, and the token of the next page; empty on the last one.
        """
        query = [("limit", str(PAGE_SIZE)), *(("property", expression) for expression in filters)]
        if order:
            query.append(("orderby", order))
        if token:
            query.append(("continuationToken", token))
        response = self.service.call("GET", self.path, doing=f"Listing the {self.noun}s", query=query)
        body = response.json()
        if not isinstance(body, dict) or not isinstance(body.get("items"), list):
            raise not_understood(response, "it has no items")
        following = _continuation(body)
        # The same token again would list the same page again and again.
        return [self.read_item(item, response) for item in body["items"]], "" if following == token else following

    def patch(self, entity_id: str, etag: str, operations: Sequence[Operation]) -> WriteReceipt:
        """PATCH one of them.

        Args:
            entity_id: Which one.
            etag: As it was read, quotes included: Adobe returns 412 for one without.
            operations: What to change.

        Raises:
            VersionConflict: It has changed since the etag was read.
        """
        doing = f"Changing the {self.noun} {entity_id}"
        return receipt_of(
            self.service.call(
                "PATCH", self.path_of(entity_id), doing=doing, body=list(operations), headers={"If-Match": etag}
            )
        )

    def put(self, entity_id: str, body: Mapping[str, Json]) -> WriteReceipt:
        """PUT one of them whole.

        Args:
            entity_id: Which one.
            body: All of it.
        """
        doing = f"Changing the {self.noun} {entity_id}"
        return receipt_of(self.service.call("PUT", self.path_of(entity_id), doing=doing, body=body))

    def act(self, entity_id: str, op: str) -> WriteReceipt:
        """POST an action on one of them.

        Args:
            entity_id: Which one.
            op: `enable`, `disable`.
        """
        doing = f"The action '{op}' on the {self.noun} {entity_id}"
        path = f"{self.path_of(entity_id)}/action"
        return receipt_of(self.service.call("POST", path, doing=doing, query=[("op", op)]))

    def delete(self, entity_id: str) -> bool:
        """DELETE one of them.

        Returns:
            True if it is gone, False if the service has only accepted to delete it (202).

        Raises:
            EntityGone: It did not exist.
        """
        doing = f"Deleting the {self.noun} {entity_id}"
        return self.service.call("DELETE", self.path_of(entity_id), doing=doing).status == HTTPStatus.NO_CONTENT

    def path_of(self, entity_id: str) -> str:
        """Return the path of one of them."""
        return f"{self.path}/{quote(entity_id, safe='')}"

    def read_item(self, item: Json, response: Response) -> EntityT:
        """Read an entity of a response.

        Raises:
            ResponseLost: It is not as documented.
        """
        try:
            return self._entity.read(item)
        except ValidationError as error:
            fields = ", ".join(".".join(map(str, problem["loc"])) or "the whole" for problem in error.errors())
            raise not_understood(response, f"these fields are missing or not as documented: {fields}") from None


@contextmanager
def _nothing_sent() -> Iterator[None]:
    """Keep a lost response of IMS from being taken for a lost response of the service, which would be looked for."""
    try:
        yield
    except AepError as failure:
        failure.outcome = Outcome.NOT_SENT
        raise


def _is_singleton(value: object) -> bool:
    return isinstance(value, list) and len(value) == 1


def receipt_of(response: Response) -> WriteReceipt:
    """Read the response to a POST, PATCH or PUT: the entity, or an array of one, as the tutorial on runs shows it.

    Raises:
        ResponseLost: It names no entity.
    """
    body = response.json()
    if isinstance(body, dict) and _is_singleton(body.get("items")):
        (body,) = body["items"]
    entity_id = body.get("id") if isinstance(body, dict) else None
    if not isinstance(entity_id, str) or not ENTITY_ID.fullmatch(entity_id):
        raise not_understood(response, "it has no id")
    return WriteReceipt(entity_id, response.date, body)


def _continuation(body: Mapping[str, Json]) -> str:
    """Return the token of the next page; the link is relative to an address that differs between Adobe's pages."""
    links = body.get("_links")
    following = links.get("next") if isinstance(links, dict) else None
    href = following.get("href") if isinstance(following, dict) else None
    if not isinstance(href, str):
        return ""
    try:
        return dict(parse_qsl(urlsplit(href).query)).get("continuationToken", "")
    except ValueError:  # not a URL
        return ""


def not_understood(response: Response, why: str) -> ResponseLost:
    """Make the error of a response that is JSON and yet not what is documented.

    Args:
        response: The response.
        why: What is wrong with it: "it has no items".
    """
    request = response.request
    url = re.sub(r"[?#].*", "", request.url)
    return ResponseLost(
        f"The response to {request.method} {url} ({response.status}) is not as documented.",
        why=f"{why[:1].upper()}{why[1:]}.",
        advice="Run the command again; if it stays, Adobe may have changed the service: report it to this project.",
        request_id=response.request_id,
    )
