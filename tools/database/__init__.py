"""A real PostgreSQL server for the tests and the demonstration, as an ordinary user and as root."""

from tools.database.errors import DatabaseUnavailable
from tools.database.guarded import GuardedProcess
from tools.database.server import SAMPLE_TABLES, PostgresServer, SampleDatabase

__all__ = ["SAMPLE_TABLES", "DatabaseUnavailable", "GuardedProcess", "PostgresServer", "SampleDatabase"]
