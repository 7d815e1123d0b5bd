"""Pulumi programs as functions, built from the little that a test cares about."""

from __future__ import annotations

from typing import Any

import pulumi

import pulumi_adobe_aep as aep
from tests.support.stack import Program

PASSWORD = "a-first-pass;word{}"
"""With every character that a connection string must quote."""


def string_auth(**parts: Any) -> aep.ConnectionStringAuth:
    """Return a valid auth, with `parts` different."""
    usual: dict[str, Any] = {"server": "db.example.com", "database": "crm", "username": "aep_reader"}
    return aep.ConnectionStringAuth(**{**usual, "password": PASSWORD, "encryption": "verify", **parts})


def basic_auth(**parts: Any) -> aep.BasicAuth:
    """Return a valid auth, with `parts` different."""
    usual: dict[str, Any] = {"server": "db.example.com", "database": "crm", "username": "aep_reader"}
    return aep.BasicAuth(**{**usual, "password": PASSWORD, "ssl_mode": "Verify Full", **parts})


def connection(**arguments: Any) -> Program:
    """Return a program that declares the connection `crm` and exports its id."""

    def program() -> None:
        crm = aep.PostgresBaseConnection("crm", **{"auth": string_auth(), **arguments})
        pulumi.export("connectionId", crm.connection_id)

    return program
