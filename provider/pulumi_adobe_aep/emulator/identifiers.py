"""Identifiers that the service makes up."""

import random
import uuid
from typing import Final

_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Identifiers:
    """A source of ids: unpredictable, or the same ones for the same seed."""

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311 - repeatable on purpose

    def uuid(self) -> str:
        """Return a version 4 UUID, the form of every entity's id."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def hexadecimal(self, digits: int = 32) -> str:
        """Return that many hexadecimal digits, the form of data set and mapping ids."""
        return f"{self._random.getrandbits(digits * 4):0{digits}x}"

    def chance(self) -> float:
        """Return a number from 0 up to, but not including, 1."""
        return self._random.random()


def derived(identifier: str, name: str) -> str:
    """Return a UUID that is always the same for an id and a name."""
    return str(uuid.uuid5(uuid.UUID(identifier), name))


def batch_id(milliseconds: int, name: str) -> str:
    """Return the id of a batch, which is a ULID: the time, then what is always the same for a name."""
    value = (milliseconds << 80) | (uuid.uuid5(uuid.NAMESPACE_OID, name).int & ((1 << 80) - 1))
    return "".join(_CROCKFORD[(value >> shift) & 31] for shift in range(125, -5, -5))
