"""Every connection of a sandbox at once, each with its secret."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import click
from pydantic.alias_generators import to_snake

from pulumi_adobe_aep.api.entities import Connection
from pulumi_adobe_aep.cli.declaration import Declaration, ObservedConnection, declare, show
from pulumi_adobe_aep.cli.import_options import option_of
from pulumi_adobe_aep.cli.listing import source_connections
from pulumi_adobe_aep.cli.names import to_environment_name, to_resource_name, unique
from pulumi_adobe_aep.cli.questions import can_ask
from pulumi_adobe_aep.cli.secret_input import from_environment, from_person
from pulumi_adobe_aep.cli.session import Session
from pulumi_adobe_aep.errors import InvalidInputs, MissingSecret

Secret = str | Mapping[str, object]
Secrets = Mapping[str, Secret]
"""The secrets of one connection by property."""


@dataclass(frozen=True)
class LeftOut:
    """An entity that is not imported."""

    id: str
    name: str | None
    reason: str
    is_failure: bool
    """Whether the user did not ask for that."""
    noun: str = "connection"
    """What it is."""

    @property
    def title(self) -> str:
        """Its name in messages."""
        return f"{self.noun} {self.id}" if self.name is None else f"'{self.name}' ({self.id})"


@dataclass(frozen=True)
class _Named:
    shown: ObservedConnection
    resource_name: str

    @property
    def secrets(self) -> tuple[str, ...]:
        return self.shown.secrets


def declare_all(
    session: Session,
    source: str | None,
    filters: Sequence[str],
    managed: Collection[str],
    prefix: str | None,
    *,
    reference: bool,
) -> tuple[list[Declaration], list[LeftOut]]:
    """Declare the connections of a sandbox.

    Args:
        session: The sandbox.
        source: Only those of one source; None for every source.
        filters: Further expressions, which the service evaluates.
        managed: Connections that a stack manages already; they are left out.
        prefix: What the names of the variables with the secrets begin with; None asks for each secret.
        reference: Refer to the variables instead of taking their values.

    Raises:
        MissingSecret: Variables are not set; the message names all of them.
    """
    # Oldest first, so that a repeated import gives the same names, whatever the order of the service is.
    connections = sorted(
        source_connections(session.service(), source, filters), key=lambda each: (str(each.created_at), each.id)
    )
    left_out = [
        _left_out(each, "the state has it already.", is_failure=False) for each in connections if each.id in managed
    ]
    named: list[_Named] = []
    for connection in (each for each in connections if each.id not in managed):
        try:
            shown = _show(session, connection)
        except InvalidInputs as error:
            left_out.append(_left_out(connection, error.why, is_failure=True))
        else:
            taken = {each.resource_name for each in named}
            named.append(_Named(shown, unique(to_resource_name(connection.name), taken, "-")))
    secrets = _from_variables(named, prefix, reference=reference) if prefix is not None else _from_person(named)
    declarations: list[Declaration] = []
    for each, given in zip(named, secrets, strict=True):
        connection = each.shown.connection
        if not all(given.values()):
            left_out.append(_left_out(connection, "no secret was given.", is_failure=False))
            continue
        parts = each.shown.auth.values if each.secrets != (each.shown.auth.whole,) else {}
        auth = {"specName": each.shown.spec_name, **parts, **given}
        try:
            lifecycle = session.lifecycle(each.shown.source)
            declarations.append(declare(lifecycle, each.shown, each.resource_name, auth, each.secrets))
        except InvalidInputs as error:
            left_out.append(_left_out(connection, error.why, is_failure=True))
    return declarations, left_out


def _show(session: Session, connection: Connection) -> ObservedConnection:
    """Return what the service shows of a connection that can be imported together with others.

    Raises:
        InvalidInputs: It cannot be declared, or more than its secret would have to be given.
    """
    shown = show(session, connection)
    if shown.auth.whole is None and shown.auth.hidden:
        raise InvalidInputs(
            f"Connection {shown.title} is not shown in full.",
            why=f"the service does not show its {', '.join(shown.auth.hidden)}; import it alone, with "
            f"{', '.join(map(option_of, shown.auth.hidden))}.",
        )
    return shown


def _from_variables(named: Sequence[_Named], prefix: str, *, reference: bool) -> list[Secrets]:
    secrets: list[Secrets] = []
    missing: list[str] = []
    for each in named:
        given: dict[str, Secret] = {}
        for name in each.secrets:
            variable = prefix + to_environment_name(each.resource_name, to_snake(name))
            try:
                given[name] = from_environment(variable, reference=reference)
            except MissingSecret as error:
                missing.append(f"{error.what} It is for connection {each.shown.title}.")
        secrets.append(given)
    if missing:
        raise MissingSecret(
            " ".join(missing),
            advice="Set the variables for this command, or choose connections with --filter. Those of which the "
            "service does not show the parts need the whole connection string.",
        )
    return secrets


def _from_person(named: Sequence[_Named]) -> Iterator[Secrets]:
    if named and not can_ask():
        raise click.UsageError(
            "Standard input is not a terminal, so the secrets cannot be prompted for; pass --secret-env-prefix."
        )
    return ({name: from_person(each.shown, name, may_be_empty=True) for name in each.secrets} for each in named)


def _left_out(connection: Connection, reason: str, *, is_failure: bool) -> LeftOut:
    return LeftOut(connection.id, connection.name, reason, is_failure)
