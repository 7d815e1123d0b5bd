"""Options that several commands have."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from contextlib import closing
from typing import Concatenate, ParamSpec, TypeVar

import click

from pulumi_adobe_aep.cli.session import Session
from pulumi_adobe_aep.kinds.base_connection.catalog import KNOWN_SPECS
from pulumi_adobe_aep.sandbox import RULE, is_sandbox_name

P = ParamSpec("P")
R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., object])


def _check_sandbox(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not is_sandbox_name(value):
        raise click.BadParameter(f"'{value}' is not a sandbox name: {RULE}. It is not the sandbox's title.")
    return value


def with_session(command: Callable[Concatenate[Session, P], R], *, needs_stack: bool = True) -> Callable[P, R]:
    """Return a command with the options `--sandbox` and `--stack`, and their session as its first argument.

    Args:
        command: The command.
        needs_stack: Whether it fails when the stack's configuration cannot be read.
    """

    @click.option("--sandbox", metavar="NAME", callback=_check_sandbox, help="The sandbox. Default: AEP_SANDBOX_NAME.")
    @click.option(
        "--stack",
        metavar="STACK",
        help="A Pulumi stack. Settings that the environment lacks are read from its configuration (adobe-aep:*).",
    )
    @functools.wraps(command)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        session = Session(_text(kwargs.pop("sandbox")), _text(kwargs.pop("stack")), needs_stack=needs_stack)
        with closing(session):
            return command(session, *args, **kwargs)

    return wrapper


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def as_json(command: F) -> F:
    """Add `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON with documented, stable keys.")(command)


def filters(command: F) -> F:
    """Add `--filter`."""
    return click.option(
        "--filter",
        "filters",
        metavar="EXPR",
        multiple=True,
        help="A filter expression of Flow Service, such as state==enabled. Repeatable; all filters must match.",
    )(command)


def source(command: F) -> F:
    """Add `--source`."""
    return click.option(
        "--source",
        type=click.Choice(tuple(KNOWN_SPECS)),
        help="Only connections to this kind of source. Default: every source with tables.",
    )(command)


def states(command: F) -> F:
    """Add `--state`."""
    return click.option(
        "--state",
        "states",
        metavar="FILE",
        multiple=True,
        type=click.Path(exists=True, dir_okay=False, allow_dash=True),
        help="The output of `pulumi stack export`; - reads standard input. Repeatable, once for each stack.",
    )(command)


def waiting(command: F) -> F:
    """Add `--every` and `--timeout`."""
    every = click.option(
        "--every",
        metavar="SECONDS",
        type=click.FloatRange(min=0.05),
        default=10.0,
        show_default=True,
        help="The time between two requests while waiting.",
    )
    limit = click.option(
        "--timeout",
        metavar="SECONDS",
        type=click.FloatRange(min=0),
        default=math.inf,
        show_default="none",
        help="The longest time to wait. After it, the command ends with exit code 1.",
    )
    return every(limit(command))


connection_id = click.argument("connection_id", metavar="ID")
"""The argument ID of a connection."""
entity_id = click.argument("entity_id", metavar="ID")
"""The argument ID of any entity."""

flow = click.argument("flow", metavar="FLOW")
"""The argument FLOW: a dataflow's id, or its name."""
