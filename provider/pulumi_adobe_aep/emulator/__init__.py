"""An emulator of Adobe Experience Platform's Flow Service, with the part of IMS that it needs.

It runs as ``python -m pulumi_adobe_aep.emulator`` and is driven from tests by `pulumi_adobe_aep.emulator.client`.
The packages, each of which knows only those above it:

- ``store``: entities, their etags and states, kept in memory or in SQLite, and the replicas that readers see;
- ``databases``: what a connection finds in the PostgreSQL it names, and what simulates other databases;
- ``flow_service``: the rules of each resource, without HTTP, and the sources with their credentials as data;
- ``http``: the routes, the gateway's checks and the faults.

The emulator imports nothing from Pulumi and nothing from the provider.
"""
