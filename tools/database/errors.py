"""What can go wrong with the throwaway PostgreSQL server."""


class DatabaseUnavailable(Exception):  # noqa: N818 - a state of the machine, not an error of the program
    """There is no PostgreSQL server to be had; the message says why and what to do."""
