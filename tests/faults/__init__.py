"""Faults, and what the state and the service look like afterwards."""
