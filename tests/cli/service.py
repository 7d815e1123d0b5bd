"""Connections as others have made them, before the command comes."""

from __future__ import annotations

from pulumi_adobe_aep.emulator.client import POSTGRESQL_SPEC_ID, Emulator

DATA_LAKE_SPEC_ID = "c604ff05-7f1a-43c0-8e18-33bf874cb11c"
PASSWORD = "a-pass;word{}"
STRING = "Server=crm.example.com;Database=crm;Port=5432;UID=reader;Password={a-pass;word{}}}"
"""With PASSWORD, quoted."""


def make_string(emulator: Emulator, name: str = "CRM", string: str = STRING, sandbox: str = "dev") -> str:
    """Make a connection with a connection string, and return its id."""
    return str(emulator.create_connection(name, string, sandbox=sandbox)["id"])


def make_basic(emulator: Emulator, name: str = "ERP", sandbox: str = "dev", **changes: str | None) -> str:
    """Make a connection with Basic Authentication, and return its id."""
    usual = {
        "server": "erp.example.com",
        "port": "5433",
        "database": "erp",
        "username": "reader",
        "password": PASSWORD,
        "sslMode": "Verify Full",
    }
    params = {key: value for key, value in {**usual, **changes}.items() if value is not None}
    fields = {
        "name": name,
        "auth": {"specName": "Basic Authentication", "params": params},
        "connectionSpec": {"id": POSTGRESQL_SPEC_ID, "version": "1.0"},
    }
    return str(emulator.create(fields, sandbox=sandbox)["id"])


def make_other(emulator: Emulator) -> str:
    """Make a connection that is not PostgreSQL's, and return its id."""
    fields = {
        "name": "Lake",
        "auth": {"specName": "None", "params": {}},
        "connectionSpec": {"id": DATA_LAKE_SPEC_ID, "version": "1.0"},
    }
    return str(emulator.create(fields)["id"])
