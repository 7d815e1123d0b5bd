# ruff: noqa: INP001
"""A dynamic resource that does nothing, pickled by reference: what the engine and the SDK take for any."""

from pulumi.dynamic import CreateResult, Resource, ResourceProvider, UpdateResult


class BareProvider(ResourceProvider):
    """Answers at once."""

    serialize_as_secret_always = False

    def create(self, props):
        """Give the inputs back."""
        return CreateResult(props["name"], props)

    def update(self, _id, _olds, _news):
        """Give the inputs back."""
        return UpdateResult(_news)


class BareResource(Resource):
    """Has the inputs that it is given."""

    def __init__(self, name, properties):
        super().__init__(BareProvider(), name, properties)
