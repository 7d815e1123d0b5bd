# ruff: noqa: INP001
"""A dynamic resource that does nothing, pickled by reference: what the engine and the SDK take for any."""

import os

from pulumi import ComponentResource, ResourceOptions
from pulumi.dynamic import CreateResult, ReadResult, Resource, ResourceProvider, UpdateResult

OUTPUTS = {
    "connectionId": "6535317e-fc40-4637-86cc-dfdf416cd6e1",
    "state": "enabled",
    "createdAt": "2026-01-31T23:59:59Z",
    "updatedAt": "2026-01-31T23:59:59Z",
    "orgId": "0A1B2C3D4E5F60718293A4B5@AdobeOrg",
    "authSpecName": "Connection String Based Authentication",
}
"""What a connection has beyond its inputs, of the same length."""


class BareProvider(ResourceProvider):
    """Returns at once."""

    serialize_as_secret_always = False

    def create(self, props):
        """Return the inputs back."""
        return CreateResult(props["name"], props)

    def update(self, _id, _olds, _news):
        """Return the inputs back."""
        return UpdateResult(_news)


class BareResource(Resource):
    """Has the inputs that it is given."""

    def __init__(self, name, properties, opts=None):
        super().__init__(BareProvider(), name, properties, opts)


class BareConnectionProvider(BareProvider):
    """Returns at once, with the outputs of a connection."""

    def create(self, props):
        """Return the inputs and the outputs."""
        return CreateResult(props["name"], {**props, **OUTPUTS})

    def read(self, id_, props):
        """Return what there is, and the inputs for the engine to compare."""
        return ReadResult(id_, props, {key: value for key, value in props.items() if key not in OUTPUTS})

    def update(self, _id, _olds, _news):
        """Return the inputs and the outputs."""
        return UpdateResult({**_news, **OUTPUTS})


class BareConnection(Resource):
    """Has every input and every output that a connection has."""

    def __init__(self, name, properties):
        others = {"sandboxName": "dev", "verify": False, "existingConnectionId": None}
        outputs = {key: None for key in OUTPUTS if key != "connectionId"}
        super().__init__(BareConnectionProvider(), name, {**properties, **others, **outputs})


class BareChain(ComponentResource):
    """Has four resources with the inputs of a chain, in the order in which a chain's entities are made."""

    def __init__(self, resource_name, name):
        super().__init__("bare:index:Chain", resource_name)
        child = ResourceOptions(parent=self)
        schema = {
            "schemaId": os.environ["BENCH_SCHEMA"],
            "schemaVersion": "application/vnd.adobe.xed-full+json;version=1",
        }
        inputs = {
            "source": {"baseConnectionId": os.environ["BENCH_CONNECTION"], "table": "crm.customers"},
            "target": {"datasetId": os.environ["BENCH_DATASET"], **schema},
            "mapping": {"mappings": {"_acme.email": "email"}, **schema},
        }
        made = {
            each: BareResource(f"{resource_name}-{each}", {"name": name, **properties}, child)
            for each, properties in inputs.items()
        }
        references = {f"{each}Id": resource.id for each, resource in made.items()}
        schedule = {"frequency": "hour", "interval": 1, "backfill": True}
        flow = {"name": name, "schedule": schedule, "deltaColumn": "updated_at", "enabled": True, **references}
        BareResource(f"{resource_name}-flow", flow, child)
        self.register_outputs({})
