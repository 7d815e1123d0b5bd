"""The options of an import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from pydantic.alias_generators import to_camel, to_snake

from pulumi_adobe_aep.cli.declaration import PASSWORD
from pulumi_adobe_aep.kinds.base_connection.shown import WHOLE_STRING

NO_OPTION = "none"
"""What `--encryption` and `--ssl-mode` say of credentials that have no such option."""
_PARTS = {
    "server": "server",
    "port": "port",
    "database": "database",
    "username": "username",
    "encryption": "encryption",
    "ssl_mode": "sslMode",
}
"""The options for single parts, and the properties that they set."""
_OF_ONE = ("name", "only", "password_env", "connection_string_env", "secret_env", "part", *_PARTS)
_OF_ALL = ("filters", "source", "secret_env_prefix")


def option_of(part: str) -> str:
    """Return the option that sets a property of an auth."""
    name = next((name for name, key in _PARTS.items() if key == part), None)
    return f"--part {to_snake(part)}=VALUE" if name is None else _option(name)


def _option(name: str) -> str:
    return "--filter" if name == "filters" else f"--{name.replace('_', '-')}"


@dataclass(frozen=True)
class ImportOptions:
    """The options of `import`, under the names that click passes them by."""

    entity_id: str | None
    name: str | None
    every: bool
    only: bool
    password_env: str | None
    connection_string_env: str | None
    secret_env: Sequence[str]
    part: Sequence[str]
    source: str | None
    secret_env_prefix: str | None
    reference: bool
    server: str | None
    port: str | None
    database: str | None
    username: str | None
    encryption: str | None
    ssl_mode: str | None
    filters: Sequence[str]
    states: Sequence[str]
    out: Path
    force: bool
    as_json: bool

    @property
    def parts(self) -> Mapping[str, str]:
        """The parts of an auth that were given, by their names in the state."""
        given = {key: getattr(self, name) for name, key in _PARTS.items()}
        return {**{key: value for key, value in given.items() if value is not None}, **_pairs(self.part, "--part")}

    @property
    def variables(self) -> Mapping[str, str]:
        """The variables with the secrets of one connection, by the properties' names in the state."""
        named = {PASSWORD: self.password_env, WHOLE_STRING: self.connection_string_env}
        given = {key: variable for key, variable in named.items() if variable is not None}
        return {**given, **_pairs(self.secret_env, "--secret-env")}

    def check(self) -> None:
        """Refuse what does not go together, before anything is asked or sent.

        Raises:
            click.UsageError: It does not go together; the message says what to give.
        """
        if self.every == (self.entity_id is not None):
            raise click.UsageError("Give either ID or --all.")
        misplaced = [
            name for name in (_OF_ONE if self.every else _OF_ALL) if getattr(self, name) not in (None, (), False)
        ]
        if misplaced:
            where = "without --all" if self.every else "with --all"
            raise click.UsageError(f"{', '.join(map(_option, misplaced))} is for an import {where}.")
        if not self.every and not (self.name or "").strip():
            raise click.UsageError("Give the resource's name: --name crm")
        self._check_secret()

    @property
    def are_about_secrets(self) -> bool:
        """Whether something of a base connection's credentials was given."""
        return bool(self.variables or self.parts or self.reference)

    def _check_secret(self) -> None:
        if self.password_env and self.connection_string_env:
            raise click.UsageError("Give either --password-env or --connection-string-env.")
        if self.connection_string_env and self.parts:
            raise click.UsageError("--connection-string-env has all parts; leave out the options for single ones.")
        if self.reference and not self.variables and self.secret_env_prefix is None:
            raise click.UsageError("--reference needs to know the variable: --password-env or --connection-string-env.")


def _pairs(texts: Sequence[str], option: str) -> Mapping[str, str]:
    """Return the values of an option that takes NAME=VALUE, by the names in the state."""
    pairs = [text.partition("=") for text in texts]
    if not all(name.strip() and value for name, _, value in pairs):
        raise click.UsageError(f"{option} takes NAME=VALUE, such as {option} private_key=CRM_KEY.")
    # Adobe's own names, which a `BaseConnection` has, are taken as they are.
    return {to_camel(name.strip()) if "_" in name else name.strip(): value for name, _, value in pairs}
