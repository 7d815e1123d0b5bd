"""The auth among a resource's outputs: its parts by key, secret only where they are secrets."""

from __future__ import annotations

import difflib
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from typing import Any, cast

import pulumi
from pulumi.output import Unknown
from pydantic.alias_generators import to_camel, to_snake

from pulumi_adobe_aep.kinds.base_connection.kind import AuthModel


class _NoSuchAttribute(AttributeError, pulumi.RunError):
    """The engine prints its message without a traceback."""


class AuthOutput(pulumi.Output[dict[str, Any]]):
    """An auth that the engine returned.

    The whole is a secret where a part is, because the engine marks whole properties. A part that is read by its key,
    `auth["server"]`, is a secret only if it is the password or the connection string, or if the program passed a
    secret for it. Numbers are whole numbers again, which the engine returns as floats.

    Args:
        returned: What the engine returned.
        declared: The auth that the program declared, under the state's names; None where it declared none, or wants
            all of it secret.
        kinds: The kinds of auth that it may be.
    """

    def __init__(
        self, returned: pulumi.Output[dict[str, Any]], declared: object, kinds: Sequence[type[AuthModel]]
    ) -> None:
        whole = returned.apply(_restore_whole_numbers, run_with_unknowns=True)
        value = cast(Awaitable[dict[str, Any]], whole.future(with_unknowns=True))
        super().__init__(whole.resources(), value, whole.is_known(), whole.is_secret())
        self._declared = declared
        self._secrets = frozenset().union(*(kind.marked("secret") for kind in kinds))
        self._keys = frozenset(to_camel(name) for kind in kinds for name in kind.model_fields)

    def __getitem__(self, key: str) -> pulumi.Output[Any]:
        """Return a part; None where the auth has none of that name.

        Args:
            key: `server`, `port`, `database`, `username`, `password`, `encryption`, `connectionString`, `sslMode` or
                `specName`; `connection_string`, `ssl_mode` and `spec_name` as well.

        Raises:
            pulumi.RunError: No kind of auth has such a part.
        """
        name = to_camel(key)
        if name not in self._keys:
            raise pulumi.RunError(f"auth has no part '{key}'; {_advise(key, self._keys)}.")

        def part(auth: Any) -> Any:
            return auth if isinstance(auth, Unknown) else auth.get(to_snake(name))

        if name in self._secrets or self._declared is None:
            return self.apply(part, run_with_unknowns=True)
        plain = pulumi.Output.unsecret(self).apply(part, run_with_unknowns=True)
        origin = self._declared.get(name) if isinstance(self._declared, Mapping) else self._declared
        if not isinstance(origin, pulumi.Output):
            return plain
        # What the program passed as a secret stays one.
        return pulumi.Output.all(plain, origin).apply(lambda both: both[0])

    def __getattr__(self, item: str) -> pulumi.Output[Any]:
        """Refuse an attribute; an Output would otherwise look for it in the dict, and fail much later.

        Raises:
            AttributeError: Always; its message says what to write.
        """
        if item.startswith("_"):
            raise AttributeError(item)
        raise _NoSuchAttribute(
            f"auth has no attribute '{item}', its parts are read by key; {_advise(item, self._keys)}."
        )


def _advise(name: str, keys: Iterable[str]) -> str:
    known = {key.lower(): to_snake(key) for key in keys}
    nearest = difflib.get_close_matches(to_camel(name).lower(), known, n=1)
    return f'write auth["{known[nearest[0]]}"]' if nearest else f"there are {', '.join(sorted(known.values()))}"


def _restore_whole_numbers(value: Any) -> Any:
    """Return a value with numbers as they were declared: the engine has only floats."""
    if isinstance(value, Mapping):
        return {key: _restore_whole_numbers(item) for key, item in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value
