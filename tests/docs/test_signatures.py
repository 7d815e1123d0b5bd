"""What a program passes is what the models have: the same names, the same words."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

import pulumi_adobe_aep as aep
from pulumi_adobe_aep.kinds.secrets import SecretReference
from pulumi_adobe_aep.program.resource import EntityResource
from tests.support.signatures import differences, differences_of_resource
from tests.support.toy import ToyTable

_PUBLIC = [getattr(aep, name) for name in dir(aep)]
RESOURCES = [each for each in _PUBLIC if inspect.isclass(each) and issubclass(each, EntityResource)]
AUTHS = [each for each in _PUBLIC if hasattr(each, "_model")]


def test_there_are_resources_and_auths_to_look_at() -> None:
    assert aep.PostgresBaseConnection in RESOURCES
    assert aep.BasicAuth in AUTHS


@pytest.mark.parametrize("resource", [*RESOURCES, ToyTable], ids=lambda each: each.__name__)
def test_the_constructor_of_a_resource_has_the_fields_of_its_kind(resource: type[EntityResource]) -> None:
    assert differences_of_resource(resource) == []


@pytest.mark.parametrize("auth", AUTHS, ids=lambda each: each.__name__)
def test_the_constructor_of_an_auth_has_the_fields_of_its_model(auth: Any) -> None:
    assert differences(auth, tuple(facts for facts in auth._model.facts() if facts.name != "spec_name")) == []


def test_a_reference_to_a_secret_has_the_fields_of_its_model() -> None:
    fields = (facts._replace(name="name") if facts.name == "from_env" else facts for facts in SecretReference.facts())
    assert differences(aep.SecretFromEnv, tuple(fields)) == []
