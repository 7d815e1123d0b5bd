"""Who may call: organizations with their sandboxes, and the clients of the Developer Console."""

import re
import secrets
import uuid
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic.alias_generators import to_camel

DEFAULT_ORG_ID: Final = "0A1B2C3D4E5F60718293A4B5@AdobeOrg"
DEFAULT_CLIENT_ID: Final = "5e1f0a7c3b9d4e2f8a6c1d0b7e4f9a23"
DEFAULT_SCOPES: Final = (
    "openid",
    "session",
    "AdobeID",
    "read_organizations",
    "additional_info.projectedProductContext",
)
"""The scopes in the environment template of Adobe's Postman collections for Experience Platform."""

DEFAULT_SANDBOXES: Final = ("prod", "dev", "stage")
SANDBOX_NAME: Final = "[a-z0-9][a-z0-9-]*"
DEFAULT_TOKEN_LIFETIME: Final = 86399
"""Seconds; the value in Adobe's guide to OAuth server-to-server authentication."""

Permission = Literal["read", "write"]


class _Settings(BaseModel):
    # hide_input_in_errors: a value may be a client's secret.
    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True, hide_input_in_errors=True
    )


class Sandbox(_Settings):
    """One sandbox of an organization, named as the Sandbox API's documentation names its attributes."""

    name: str = Field(pattern=f"^{SANDBOX_NAME}$")
    title: str = ""
    type: Literal["production", "development"] = "development"
    state: Literal["creating", "active", "deleting", "resetting", "deleted", "failed"] = "active"
    region: str = "VA7"
    is_default: bool = False

    def id_in(self, org_id: str) -> str:
        """Return the sandbox's UUID, the same for the same name in the same organization."""
        return _sandbox_id(org_id, self.name)


@lru_cache(maxsize=1024)
def _sandbox_id(org_id: str, name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{org_id}/{name}"))


class Organization(_Settings):
    """An organization and its sandboxes."""

    id: str = Field(pattern=r"^[0-9A-Za-z]+@AdobeOrg$")
    sandboxes: tuple[Sandbox, ...]

    @field_validator("sandboxes")
    @classmethod
    def _names_are_unique(cls, sandboxes: tuple[Sandbox, ...]) -> tuple[Sandbox, ...]:
        if len({sandbox.name for sandbox in sandboxes}) != len(sandboxes):
            raise ValueError("two sandboxes have the same name")
        return sandboxes

    def sandbox(self, name: str) -> Sandbox | None:
        """Return the active sandbox with that name."""
        return next((each for each in self.sandboxes if each.name == name and each.state == "active"), None)

    @property
    def default_sandbox(self) -> Sandbox | None:
        """The sandbox that a request without x-sandbox-name reaches."""
        return next((each for each in self.sandboxes if each.is_default and each.state == "active"), None)


class RateLimit(_Settings):
    """So many requests in so many seconds."""

    requests: int = Field(ge=1)
    seconds: float = Field(gt=0)


class Client(_Settings):
    """An OAuth server-to-server credential of the Developer Console.

    Attributes:
        client_secrets: any of them is taken, as while a secret is being rotated.
        permissions: what the client's role allows on the resource EnterpriseSource.
        token_lifetime: seconds.
        is_user: whether its tokens count as a person's, for the rules that Adobe has for those.
        enabled: a disabled client gets no token.
    """

    client_id: str
    client_secrets: tuple[str, ...] = Field(min_length=1, repr=False)
    organizations: tuple[str, ...]
    scopes: tuple[str, ...] = DEFAULT_SCOPES
    permissions: frozenset[Permission] = frozenset({"read", "write"})
    token_lifetime: int = Field(default=DEFAULT_TOKEN_LIFETIME, ge=1)
    is_user: bool = False
    enabled: bool = True
    rate_limit: RateLimit | None = None
    token_rate_limit: RateLimit | None = None


class Directory(_Settings):
    """All organizations and clients."""

    organizations: tuple[Organization, ...] = Field(min_length=1)
    clients: tuple[Client, ...] = Field(min_length=1)

    def organization(self, org_id: str) -> Organization | None:
        """Return the organization with that id."""
        return next((each for each in self.organizations if each.id == org_id), None)

    def client(self, client_id: str) -> Client | None:
        """Return the client with that id."""
        return next((each for each in self.clients if each.client_id == client_id), None)

    def with_sandboxes(self, names: Iterable[str]) -> "Directory":
        """Return a directory in which every organization has these sandboxes, too.

        Raises:
            DirectoryError: a name is not one that a sandbox can have.
        """
        wanted = tuple(names)
        for name in wanted:
            if not re.fullmatch(SANDBOX_NAME, name):
                raise DirectoryError(
                    f"{name!r} is not a name that a sandbox can have: lower-case letters, digits and dashes"
                )
        organizations = tuple(
            Organization(
                id=each.id,
                sandboxes=(
                    *each.sandboxes,
                    *(Sandbox(name=name, title=name) for name in dict.fromkeys(wanted) if not each.sandbox(name)),
                ),
            )
            for each in self.organizations
        )
        return Directory(organizations=organizations, clients=self.clients)


class DirectoryError(ValueError):
    """A configuration file that cannot be used; the message says why, without a secret."""


def default_directory() -> Directory:
    """Return one organization with three sandboxes and one client with a new secret."""
    sandboxes = tuple(
        Sandbox(
            name=name,
            title=name.capitalize(),
            type="production" if name == "prod" else "development",
            is_default=name == "prod",
        )
        for name in DEFAULT_SANDBOXES
    )
    client = Client(
        client_id=DEFAULT_CLIENT_ID,
        client_secrets=(f"p8e-{secrets.token_urlsafe(24)}",),
        organizations=(DEFAULT_ORG_ID,),
    )
    return Directory(organizations=(Organization(id=DEFAULT_ORG_ID, sandboxes=sandboxes),), clients=(client,))


def read_directory(path: Path) -> Directory:
    """Read organizations and clients from a JSON file.

    Args:
        path: the file; its keys are those of `Directory` in camelCase.

    Raises:
        DirectoryError: the file cannot be read or does not describe a directory.
    """
    try:
        directory = Directory.model_validate_json(path.read_bytes())
    except OSError as error:
        raise DirectoryError(f"{path} cannot be read: {error.strerror}") from None
    except ValidationError as error:
        raise DirectoryError(_explain(path, error)) from None
    known = {organization.id for organization in directory.organizations}
    for client in directory.clients:
        for org_id in client.organizations:
            if org_id not in known:
                raise DirectoryError(f"{path}: client {client.client_id} names the unknown organization {org_id}")
    return directory


def _explain(path: Path, error: ValidationError) -> str:
    lines: list[str] = []
    details: list[Mapping[str, object]] = [dict(each) for each in error.errors(include_input=False, include_url=False)]
    for each in details:
        location = each["loc"]
        place = ".".join(str(part) for part in location) if isinstance(location, tuple) else ""
        lines.append(f"{place}: {each['msg']}" if place else str(each["msg"]))
    return f"{path}: " + "; ".join(lines)
