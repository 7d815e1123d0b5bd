"""What an import is told on its command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

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
"""The options for single parts, and the properties that they give."""
_OF_ONE = ("name", "password_env", "connection_string_env", *_PARTS)
_OF_ALL = ("filters", "secret_env_prefix")


def option_of(part: str) -> str:
    """Return the option that gives a property of an auth."""
    return _option(next(name for name, key in _PARTS.items() if key == part))


def _option(name: str) -> str:
    return "--filter" if name == "filters" else f"--{name.replace('_', '-')}"


@dataclass(frozen=True)
class ImportOptions:
    """The options of `import`, under the names that click passes them by."""

    connection_id: str | None
    name: str | None
    every: bool
    password_env: str | None
    connection_string_env: str | None
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
        return {key: value for key, value in given.items() if value is not None}

    @property
    def secret_env(self) -> str | None:
        """The variable with the secret of one connection."""
        return self.password_env or self.connection_string_env

    def check(self) -> None:
        """Refuse what does not go together, before anything is asked or sent.

        Raises:
            click.UsageError: It does not go together; the message says what to give.
        """
        if self.every == (self.connection_id is not None):
            raise click.UsageError("Give either ID or --all.")
        misplaced = [name for name in (_OF_ONE if self.every else _OF_ALL) if getattr(self, name) not in (None, ())]
        if misplaced:
            where = "without --all" if self.every else "with --all"
            raise click.UsageError(f"{', '.join(map(_option, misplaced))} is for an import {where}.")
        if not self.every and not (self.name or "").strip():
            raise click.UsageError("Give the resource's name: --name crm")
        self._check_secret()

    def _check_secret(self) -> None:
        if self.password_env and self.connection_string_env:
            raise click.UsageError("Give either --password-env or --connection-string-env.")
        if self.connection_string_env and self.parts:
            raise click.UsageError("--connection-string-env has all parts; leave out the options for single ones.")
        if self.reference and self.secret_env is None and self.secret_env_prefix is None:
            raise click.UsageError("--reference needs to know the variable: --password-env or --connection-string-env.")
