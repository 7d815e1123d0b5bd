"""Questions to a person at a terminal."""

from __future__ import annotations

import sys

import click


def can_ask() -> bool:
    """Return whether a person is there to answer."""
    return sys.stdin.isatty()


def ask_secret(question: str, *, may_be_empty: bool = False) -> str:
    """Ask for a secret without showing what is typed.

    Args:
        question: What is asked for, without the colon.
        may_be_empty: Whether Enter alone is an answer, too.
    """
    answer: str = click.prompt(
        question, hide_input=True, err=True, default="" if may_be_empty else None, show_default=False
    )
    return answer


def ask(question: str, default: str | None = None) -> str:
    """Ask for a value that is no secret."""
    answer: str = click.prompt(question, err=True, default=default)
    return answer
