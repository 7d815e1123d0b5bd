"""Questions to a person at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from pulumi_adobe_aep.cli.output import showable


def can_ask() -> bool:
    """Return whether standard input is a terminal, so that a person can be asked."""
    return sys.stdin.isatty()


def ask_secret(question: str, *, may_be_empty: bool = False) -> str:
    """Ask for a secret without showing what is typed.

    Args:
        question: What is asked for, without the colon.
        may_be_empty: Whether Enter alone is accepted, too.
    """
    typed: str = click.prompt(
        showable(question, sys.stderr),
        hide_input=True,
        err=True,
        default="" if may_be_empty else None,
        show_default=False,
    )
    return typed


def ask(question: str, default: str | None = None, choices: Sequence[str] = ()) -> str:
    """Ask for a value that is not secret.

    Args:
        question: What is asked for, without the colon.
        default: The value for Enter alone; None accepts no empty value.
        choices: What may be typed; empty for anything.
    """
    typed: str = click.prompt(
        showable(question, sys.stderr), err=True, default=default, type=click.Choice(choices) if choices else str
    )
    return typed


def confirm(question: str) -> bool:
    """Ask a question that is answered with yes or no; Enter alone is no."""
    return click.confirm(showable(question, sys.stderr), err=True)
