"""What can go wrong with the throwaway PostgreSQL server."""


class DatabaseUnavailable(Exception):
    """There is no PostgreSQL server to be had; the message says why and what to do."""
