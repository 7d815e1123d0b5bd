"""Base connections: how Experience Platform logs in to a database."""
