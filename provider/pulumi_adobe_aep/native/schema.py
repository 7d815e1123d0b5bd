"""The package's schema, made from the models. Every language's SDK is generated from it.

A field that takes one of several models, such as an auth, becomes one object type with the properties of all of them,
each optional where one of them does not need it; Check reports what does not belong together. A union would be untyped
in Go (`pulumi.Input`, `interface{}`), is at most of two types in .NET and Java, and would break programs when another
kind of auth is added. A secret is a union of two, a string or a reference to an environment variable: every language
lets a program write the string as it is. A choice of strings is a union, too: after a drift the state may have another
string.
"""

from __future__ import annotations

import json
import re
import types
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import SecretStr
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo

from pulumi_adobe_aep.kinds.functions import EntityArguments, Function
from pulumi_adobe_aep.kinds.kind import EntityKind, Output
from pulumi_adobe_aep.kinds.model import FieldFacts, Inputs, Model, plain
from pulumi_adobe_aep.kinds.secrets import SecretReference
from pulumi_adobe_aep.native.tokens import PACKAGE, dynamic_type_token, functions, type_token
from pulumi_adobe_aep.settings import NAMES, Name

Spec = dict[str, Any]
_SCALARS: Mapping[Any, str] = {str: "string", SecretStr: "string", bool: "boolean", int: "integer", float: "number"}
_PYTHON_NAME = re.compile(r"(?<=`)[a-z]+(?:_[a-z]+)+(?=`)")
"""A name of a property or a function in a description: all languages but Python have it in camelCase."""
_REFERENCE = "SecretFromEnv"
"""What a reference to a secret is called in a program, in every language."""
# Check fills them in: from the resource's name, and from the settings.
_FILLED_IN = frozenset(Inputs.model_fields)


def schema(kinds: Sequence[EntityKind]) -> Spec:
    """Return the schema without a version; the plugin adds its own.

    Args:
        kinds: The kinds whose resources it has.
    """
    built = _Types()
    resources = {type_token(kind.name): _resource(kind, built) for kind in kinds}
    found = {token: _function(each, built) for token, each in functions({kind.name: kind for kind in kinds}).items()}
    variables = {name.config: _setting(name, "The environment variable {} comes before it.") for name in NAMES}
    properties = {name.config: _setting(name, "It comes before the environment variable {}.") for name in NAMES}
    return {
        "name": PACKAGE,
        "displayName": "Adobe Experience Platform",
        "description": "What Adobe Experience Platform's Flow Service has: base connections and what is built on them.",
        "keywords": ["pulumi", "adobe", "experience-platform", "aep", "flow-service", "category/infrastructure"],
        "license": "Apache-2.0",
        "publisher": "pulumi-adobe-aep",
        "meta": {"moduleFormat": "(.*)"},
        "config": {"variables": variables},
        "provider": {
            "description": "The settings of one organization. What is not given is taken from the environment.",
            "inputProperties": properties,
        },
        "types": built.types,
        "resources": resources,
        "functions": found,
        "language": _LANGUAGES,
    }


_LANGUAGES: Spec = {
    # Another name than that of the handwritten package, which `pulumi package add` would otherwise uninstall.
    "python": {"packageName": "pulumi_adobe_aep_native", "respectSchemaVersion": True, "pyproject": {"enabled": True}},
    "nodejs": {"packageName": "@pulumi-adobe-aep/native", "respectSchemaVersion": True},
    "go": {
        "importBasePath": "github.com/pulumi-adobe-aep/sdk/go/adobeaep",
        "packageImportAliases": {"github.com/pulumi-adobe-aep/sdk/go/adobeaep": "adobeaep"},
        "rootPackageName": "adobeaep",
        "generateResourceContainerTypes": True,
        "respectSchemaVersion": True,
    },
    "csharp": {"rootNamespace": "PulumiAdobeAep", "namespaces": {PACKAGE: "AdobeAep"}, "respectSchemaVersion": True},
    "java": {"basePackage": "io.github.pulumiadobeaep", "buildFiles": "gradle"},
}


def to_text(spec: Spec) -> str:
    """Return a schema as it is kept in the repository."""
    return json.dumps(spec, indent=2, ensure_ascii=False) + "\n"


class _Types:
    """Collects the object and enum types that properties refer to."""

    def __init__(self) -> None:
        self.types: Spec = {}

    def property(self, owner: str, name: str, infos: Sequence[FieldInfo]) -> Spec:
        """Return one property for the field of that name in each of some models.

        Args:
            owner: The name of the type that has it.
            name: The field's, in Python.
            infos: The field, in each model that has it.
        """
        variants = [variant for info in infos for variant in _variants(info.annotation)]
        spec = self._type(owner + _pascal(name), list(dict.fromkeys(variants)))
        descriptions = list(dict.fromkeys(info.description or "" for info in infos))
        return {**spec, "description": _PYTHON_NAME.sub(lambda name: to_camel(name[0]), " ".join(descriptions))}

    def output(self, owner: str, output: Output) -> Spec:
        """Return the property for an output."""
        spec = self._type(owner + _pascal(output.name), list(_variants(output.annotation)))
        return {**spec, "description": output.description}

    def _type(self, name: str, variants: Sequence[Any]) -> Spec:
        models = [each for each in variants if _is_model(each) and each is not SecretReference]
        others = [
            self._simple(name, each) for each in variants if each not in models and get_origin(each) is not Literal
        ]
        values = [value for each in variants if get_origin(each) is Literal for value in get_args(each)]
        found = [
            *others,
            *([self._object(name, models)] if models else []),
            *([{"type": "string"}, self._enum(name, values)] if values else []),
        ]
        unique = sorted((each for index, each in enumerate(found) if each not in found[:index]), key=_is_reference)
        return unique[0] if len(unique) == 1 else {"oneOf": unique}

    def _simple(self, name: str, variant: Any) -> Spec:
        if variant is SecretReference:
            return self._object(_REFERENCE, [SecretReference])
        if variant in _SCALARS:
            return {"type": _SCALARS[variant]}
        origin = get_origin(variant)
        if origin in (list, Sequence) or variant is list:
            items = list(_variants(get_args(variant)[0] if get_args(variant) else Any))
            # An item's type is named after its model, not after the list.
            item_name = items[0].__name__ if _is_model(items[0]) else name
            return {"type": "array", "items": self._type(item_name, items)}
        if origin in (dict, Mapping) or variant in (dict, Mapping):
            values = get_args(variant)[1] if get_args(variant) else Any
            return {"type": "object", "additionalProperties": self._type(name, list(_variants(values)))}
        if variant is Any or variant is object:
            return {"$ref": "pulumi.json#/Any"}
        raise TypeError(f"{name}: a field of the type {variant} has no form in a schema yet")

    def _object(self, name: str, models: Sequence[type[Model]]) -> Spec:
        names = list(dict.fromkeys(field for model in models for field in model.model_fields))
        facts = {field: [each for model in models for each in model.facts() if each.name == field] for field in names}
        properties: Spec = {}
        for field in names:
            infos = [model.model_fields[field] for model in models if field in model.model_fields]
            properties[to_camel(field)] = {
                **self.property(name, field, infos),
                **_marks(facts[field], is_in_all=len(infos) == len(models)),
            }
        required = [to_camel(field) for field in names if _is_required(facts[field], len(models))]
        doc = " Or: ".join(dict.fromkeys(" ".join((model.__doc__ or "").split()) for model in models))
        self.types[type_token(name)] = {
            "type": "object",
            "description": doc,
            "properties": properties,
            **({"required": required} if required else {}),
        }
        return {"$ref": f"#/types/{type_token(name)}"}

    def _enum(self, name: str, values: Sequence[str]) -> Spec:
        self.types[type_token(name)] = {
            "type": "string",
            "enum": [{"name": _pascal(value.replace(" ", "_")), "value": value} for value in dict.fromkeys(values)],
        }
        return {"$ref": f"#/types/{type_token(name)}"}


def _resource(kind: EntityKind, built: _Types) -> Spec:
    inputs = _inputs(kind, built)
    outputs = {kind.keys[output.name]: built.output(kind.name, output) for output in (kind.id_output, *kind.outputs)}
    required = [facts.key for facts in kind.inputs.facts() if facts.required]
    return {
        "description": f"A {kind.title} of Adobe Experience Platform.",
        "inputProperties": inputs,
        "requiredInputs": [key for key in required if key not in _FILLED_IN_KEYS],
        "properties": {**{key: _without_default(spec) for key, spec in inputs.items()}, **outputs},
        "required": sorted({*required, *kind.inputs.defaults(), kind.id_key, *_ALWAYS_KNOWN.intersection(outputs)}),
        # A state that the dynamic provider has written is taken over as it is.
        "aliases": [{"type": dynamic_type_token(kind.name)}],
    }


_FILLED_IN_KEYS = frozenset(map(to_camel, _FILLED_IN))
_ALWAYS_KNOWN = frozenset({"orgId"})


def _inputs(kind: EntityKind, built: _Types) -> Spec:
    fields = kind.inputs.model_fields
    return {
        facts.key: {**built.property(kind.name, facts.name, [fields[facts.name]]), **_marks([facts], is_in_all=True)}
        for facts in kind.inputs.facts()
    }


def _function(function: EntityKind | Function, built: _Types) -> Spec:
    if isinstance(function, Function):
        owner = _pascal(function.results.__name__)
        return {
            "description": function.description,
            "inputs": _fields(_pascal(function.name), function.arguments, built),
            "outputs": _fields(owner, function.results, built),
        }
    resource, inputs = _resource(function, built), _fields(_pascal(function.name), EntityArguments, built)
    inputs["properties"]["id"]["description"] = function.id_output.description
    return {
        "description": f"Read a {function.title} that exists, without managing it. No secret can be read, and of a "
        "connection string only what the service shows.",
        "inputs": inputs,
        "outputs": {
            "properties": resource["properties"],
            "required": ["name", "sandboxName", function.id_key, "orgId"],
        },
    }


def _fields(owner: str, model: type[Model], built: _Types) -> Spec:
    """Return the properties of a function's arguments or results."""
    required = [facts.key for facts in model.facts() if facts.required]
    return {
        "properties": {
            facts.key: built.property(owner, facts.name, [model.model_fields[facts.name]]) for facts in model.facts()
        },
        **({"required": required} if required else {}),
    }


def _setting(name: Name, order: str) -> Spec:
    return {
        "type": "string",
        "description": f"{name.meaning} {order.format(name.environment)}",
        **({"secret": True} if name.is_secret else {}),
    }


def _marks(facts: Sequence[FieldFacts], *, is_in_all: bool) -> Spec:
    defaults = [plain(each.default) for each in facts]
    is_same = is_in_all and all(each == defaults[0] for each in defaults)
    default = defaults[0] if is_same and isinstance(defaults[0], (str, int, bool)) else None
    return {
        **({"secret": True} if any(each.marks.secret for each in facts) else {}),
        # Not replaceOnChanges, which would also replace where the provider does not: a program may remove the id of an
        # entity that was taken over.
        **({"willReplaceOnChanges": True} if any(each.marks.replaces for each in facts) else {}),
        **({} if default is None else {"default": default}),
    }


def _is_required(facts: Sequence[FieldFacts], models: int) -> bool:
    return len(facts) == models and all(each.required for each in facts)


def _without_default(spec: Spec) -> Spec:
    return {key: value for key, value in spec.items() if key not in ("default", "willReplaceOnChanges")}


def _variants(annotation: Any) -> Iterator[Any]:
    """Return the types that a field may hold: the members of unions, without None and without validators."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _variants(get_args(annotation)[0])
    elif origin in (Union, types.UnionType):
        for member in get_args(annotation):
            yield from _variants(member)
    elif annotation is not type(None):
        yield annotation


def _is_reference(spec: Spec) -> bool:
    return "$ref" in spec


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Model)


def _pascal(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.replace("-", "_").split("_"))
