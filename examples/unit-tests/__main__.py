"""A program with tests of its own: what it declares is in `sources.py`, so that tests can import it."""

import pulumi
from sources import declare_sources

config = pulumi.Config()

for name, connection in declare_sources(
    {"crm": "crm-db.example.com", "shop": "shop-db.example.com"}, password=config.require_secret("password")
).items():
    pulumi.export(name, connection.connection_id)
