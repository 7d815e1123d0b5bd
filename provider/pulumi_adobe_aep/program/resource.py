"""The base of all resources that a Pulumi program declares."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple, get_origin

import pulumi
from pulumi.dynamic import Resource
from typing_extensions import Self

from pulumi_adobe_aep.kinds.kind import EntityKind
from pulumi_adobe_aep.kinds.problems import models_in
from pulumi_adobe_aep.native.tokens import type_token
from pulumi_adobe_aep.program import plugin
from pulumi_adobe_aep.program.arguments import checked_arguments
from pulumi_adobe_aep.program.declaration import (
    check_known,
    check_lookup,
    check_resource,
    holds_objects,
    keep_secrets,
    to_state,
    warn,
)
from pulumi_adobe_aep.program.names import UserKey, name_in_state
from pulumi_adobe_aep.program.take_over import refuse_engine_import, warn_of_take_over
from pulumi_adobe_aep.pulumi_sdk.provider import EntityProvider
from pulumi_adobe_aep.pulumi_sdk.wording import name_in_python

MODULE = "adobe-aep"


class Reference(NamedTuple):
    """An argument that takes a resource."""

    id_argument: str
    """The argument that takes the resource's id instead."""
    brings: frozenset[str] = frozenset({"sandbox_name"})
    """The arguments that the resource makes superfluous."""


class EntityResource(Resource):
    """A resource of one kind of entity. A subclass has the signature and the attributes of its kind, and no logic.

    Args:
        resource_name: The resource's name in the stack.
        declared: The arguments by their names in Python.
        opts: Pulumi's resource options.
        guarded: What takes the place of arguments once they are checked: the same values, which come only when what
            else was checked is right.

    Raises:
        DeclarationError: Values that are known when the program runs are not allowed.
    """

    # The arguments that take a resource in place of an id.
    references: ClassVar[Mapping[str, Reference]] = MappingProxyType({})

    _entity_provider: ClassVar[type[EntityProvider]]
    _declared: Mapping[str, Any] = MappingProxyType({})
    """What the program declared, by names in Python; empty where it only looks at an entity or names secrets itself."""

    def __init_subclass__(cls, *, provider: type[EntityProvider] | None = None, **kwargs: Any) -> None:
        """Prepare a resource's class; a class without a provider is a base class."""
        if provider is None:
            super().__init_subclass__(**kwargs)
            return
        cls._entity_provider = provider
        # The SDK evaluates the annotations of a resource's class again for each resource, which is a tenth of what a
        # declaration takes. It uses those of dicts only: their keys stay as they are.
        dicts = {name: kind for name, kind in cls.__annotations__.items() if "dict[" in str(kind)}
        cls.__annotations__ = dicts
        super().__init_subclass__(module=MODULE, name=provider.kind.name, **kwargs)
        # Under the name of each class, so that the message about a wrong argument names it.
        setattr(cls, "__init__", checked_arguments(cls.__name__)(cls.__init__))  # noqa: B010 - mypy refuses the other
        get: Any = vars(EntityResource)["get"]
        setattr(cls, "get", classmethod(checked_arguments(f"{cls.__name__}.get")(get.__func__)))  # noqa: B010

    def __init__(
        self,
        resource_name: str,
        declared: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None,
        guarded: Mapping[str, pulumi.Output[Any]] | None = None,
    ) -> None:
        kind = self._entity_provider.kind
        check_resource(kind.name, resource_name, opts)
        if not plugin.is_used():
            refuse_engine_import(kind, resource_name, opts)
        given = {**declared, "name": resource_name if declared.get("name") is None else declared["name"]}
        fields = kind.inputs.model_fields
        models = {name: list(models_in(info.annotation)) for name, info in fields.items()}
        # The keys of a dict are the user's own; their values may be models.
        objects = {name for name, info in fields.items() if get_origin(info.annotation) is dict}
        properties = {
            name: to_state(
                value,
                models[name],
                kind.keys[name],
                is_open=holds_objects(fields[name].annotation),
                keys_stay=name in objects,
            )
            for name, value in given.items()
        }
        by_key = {kind.keys[name]: value for name, value in properties.items()}
        known = check_known(kind, resource_name, by_key)
        secret = kind.inputs.marked("secret")
        kept = {
            name: keep_secrets(value, models[name], is_secret=kind.keys[name] in secret, keys_stay=name in objects)
            for name, value in properties.items()
        }
        is_of_plugin = self._register(resource_name, {**kept, **(guarded or {}), **self._outputs()}, opts)
        if not getattr(opts, "additional_secret_outputs", None):
            self._declared = properties
        if not is_of_plugin:
            warn(self, kind, known, by_key)  # The plugin warns itself.
        warn_of_take_over(self, kind, by_key, opts)

    def _register(self, resource_name: str, properties: dict[str, Any], opts: pulumi.ResourceOptions | None) -> bool:
        """Register the resource, and return whether it is one of the plugin."""
        is_of_plugin = plugin.is_used()
        name = self._entity_provider.kind.name
        if is_of_plugin:
            # Not through the SDK's own dynamic resource, which would add a provider to the properties.
            pulumi.CustomResource.__init__(
                self, type_token(name), resource_name, properties, plugin.options(name, opts)
            )
        else:
            super().__init__(self._entity_provider(), resource_name, properties, opts)
        return is_of_plugin

    @classmethod
    def entity_kind(cls) -> EntityKind:
        """Return the kind of entity that the resource is."""
        return cls._entity_provider.kind

    @classmethod
    def _outputs(cls) -> dict[str, None]:
        """Return the outputs that are not inputs; the entity's id is the resource's own."""
        return dict.fromkeys(output.name for output in cls._entity_provider.kind.outputs)

    @classmethod
    def get(
        cls,
        resource_name: str,
        id: pulumi.Input[str],  # noqa: A002 - Pulumi's name for it
        *,
        sandbox_name: pulumi.Input[str | None] = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> Self:
        """Read one that exists, without managing it: it is neither changed nor deleted.

        Its outputs are what the service shows, which is not a secret. Needs `pulumi` 3.272 or newer.

        Args:
            resource_name: The resource's name in the stack.
            id: Its id at Adobe.
            sandbox_name: The sandbox that it is in. Default: the one in the settings.
            opts: Pulumi's resource options.

        Raises:
            DeclarationError: Values that are known when the program runs are not allowed.
        """
        kind = cls._entity_provider.kind
        check_resource(kind.name, resource_name, opts)
        if not plugin.is_used():
            refuse_engine_import(kind, resource_name, opts)
        looked_up = {"id": to_state(id, (), "id"), "sandbox_name": to_state(sandbox_name, (), "sandboxName")}
        check_lookup(f"{kind.name} '{resource_name}' cannot be read", looked_up)
        found = cls.__new__(cls)
        fields = {**dict.fromkeys(kind.inputs.model_fields), **cls._outputs()}
        cls._register(
            found,
            resource_name,
            {**fields, "sandbox_name": looked_up["sandbox_name"]},
            pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=looked_up["id"])),
        )
        return found

    def translate_input_property(self, prop: str) -> str:
        """Return a property's name in the state; also of a path in an option, such as `auth.ssl_mode`."""
        return str(prop) if isinstance(prop, UserKey) else name_in_state(prop)

    def translate_output_property(self, prop: str) -> str:
        """Return a property's name in Python."""
        return name_in_python(prop)
