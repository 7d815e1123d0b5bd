"""The plugin's schema as it is kept in the repository, and the command that writes it from the models."""

from pathlib import Path

SCHEMA = Path(__file__).parents[2] / "provider" / "pulumi_adobe_aep" / "native" / "schema.json"
"""Where it is kept."""
