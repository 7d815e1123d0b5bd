"""Entities of Flow Service: what they are, how they change with time, and where they are kept."""
