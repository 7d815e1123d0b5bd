"""The entities in Flow Service's responses. Unknown fields are ignored, and nearly every known one may be missing."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel
from typing_extensions import Self

ENTITY_ID = re.compile(r"[\x21-\x7e]+")
"""Adobe's are UUIDs; whatever a path, a message and a state can hold is taken."""
_SENDABLE = re.compile(r"[\x20-\x7e]+")
"""What an HTTP header can hold."""


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _etag_or_none(value: object) -> str | None:
    return value if isinstance(value, str) and _SENDABLE.fullmatch(value) else None


def _dict_or_empty(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _milliseconds(value: object) -> datetime | None:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return None
    try:
        return datetime.fromtimestamp(value / 1000, tz=timezone.utc)
    except (ValueError, OverflowError, OSError):
        return None


MaybeText = Annotated[str | None, BeforeValidator(_text_or_none)]
MaybeDict = Annotated[dict[str, Any], BeforeValidator(_dict_or_empty)]
MaybeTime = Annotated[datetime | None, BeforeValidator(_milliseconds)]


class Entity(BaseModel):
    """What connections, source connections and flows have in common."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    id: str = Field(pattern=f"^{ENTITY_ID.pattern}$")
    name: MaybeText = None
    description: MaybeText = None
    state: MaybeText = None
    etag: Annotated[str | None, BeforeValidator(_etag_or_none)] = None
    created_at: MaybeTime = None
    updated_at: MaybeTime = None
    created_client: MaybeText = None
    sandbox_name: MaybeText = None
    ims_org_id: MaybeText = None
    shown: MaybeDict = Field(default_factory=dict, repr=False)
    """The whole entity as the service shows it. It may hold secrets."""

    @classmethod
    def read(cls, item: object) -> Self:
        """Read an entity.

        Raises:
            ValidationError: It is not an object, or has no id.
        """
        return cls.model_validate({**item, "shown": item} if isinstance(item, dict) else item)


class Spec(BaseModel):
    """The id and version of a connection spec, as entities refer to it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: MaybeText = None
    version: MaybeText = None


class Auth(BaseModel):
    """The authentication of a base connection. Its params may hold secrets, so they are left out of its repr."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore", frozen=True)

    spec_name: MaybeText = None
    params: MaybeDict = Field(default_factory=dict, repr=False)


class Connection(Entity):
    """A base connection."""

    connection_spec: Annotated[Spec, BeforeValidator(_dict_or_empty)] = Field(default_factory=Spec)
    auth: Annotated[Auth, BeforeValidator(_dict_or_empty)] = Field(default_factory=Auth)


class MappingSet(Entity):
    """A mapping set of Data Prep, which spells times otherwise than Flow Service and shows no client."""

    @classmethod
    def read(cls, item: object) -> Self:
        """Read a mapping set.

        Raises:
            ValidationError: It is not an object, or has no id.
        """
        if not isinstance(item, dict):
            return cls.model_validate(item)
        times = {"createdAt": item.get("createdDate"), "updatedAt": item.get("modifiedDate")}
        return cls.model_validate({**item, **times, "shown": item})
