"""The tree of errors: each message has its parts on a line each, and no secret in any."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

import pytest

from pulumi_adobe_aep import errors
from pulumi_adobe_aep.errors import (
    AepError,
    AmbiguousEntities,
    Outcome,
    ServiceError,
    WrongOrganization,
)
from pulumi_adobe_aep.pulumi_sdk.wording import PYTHON
from pulumi_adobe_aep.redaction import register

SECRET = 'pä"ss\\w;rd}&+'


def tree(kind: type[AepError] = AepError) -> Iterator[type[AepError]]:
    yield kind
    for below in kind.__subclasses__():
        # Pulumi's own class of a program's error is not this module's.
        if below.__name__ in vars(errors):
            yield from tree(below)


def test_the_tree_in_the_docstring_is_the_tree_in_the_code() -> None:
    drawn = re.findall(r"^[ │├└─]+([A-Z]\w+)", errors.__doc__ or "", re.MULTILINE)
    assert drawn == [kind.__name__ for kind in tree()]


def test_every_class_is_named_by_its_public_home_and_says_what_it_means() -> None:
    for kind in tree():
        if kind is not AepError:
            assert kind.__module__ == "pulumi_adobe_aep"
        assert kind.__doc__


def test_a_message_has_what_happened_why_what_to_do_the_request_id_and_where_more_is_written() -> None:
    error = ServiceError("It failed.", status=400, why="Adobe says no.", advice="Say please.", request_id="r-1")
    assert error.tried(5).render(PYTHON) == (
        "It failed. (Tried 5 times.)\nWhy: Adobe says no.\nWhat to do: Say please.\nAdobe's request id: r-1\n"
        "See: pulumi-adobe-aep explain ServiceError"
    )


def test_parts_that_are_not_known_have_no_line() -> None:
    assert AepError("It failed.").render(PYTHON) == "It failed.\nSee: pulumi-adobe-aep explain AepError"


@pytest.mark.parametrize(
    "echoed",
    [SECRET, json.dumps(SECRET), json.dumps(SECRET, ensure_ascii=False), quote(SECRET), quote_plus(SECRET)],
    ids=["plain", "json", "json-unicode", "url", "form"],
)
@pytest.mark.parametrize("part", ["what", "why", "advice", "request_id"])
def test_no_part_of_a_message_shows_a_secret_however_adobe_echoes_it(part: str, echoed: str) -> None:
    register(SECRET)
    text = f"Password {echoed} is too short"
    error = AepError(**{"what": "It failed.", part: text})
    assert echoed not in str(error)
    assert "[secret]" in str(error)


def test_another_organization_names_both() -> None:
    message = str(WrongOrganization("AA@AdobeOrg", "BB@AdobeOrg"))
    assert "belongs to organization AA@AdobeOrg, the settings name organization BB@AdobeOrg" in message
    assert "Set AEP_ORG_ID (or adobe-aep:orgId) to AA@AdobeOrg" in message


def test_ambiguous_connections_keep_their_ids() -> None:
    assert AmbiguousEntities("Two.", ids=["a", "b"]).ids == ("a", "b")


def test_the_outcome_says_what_is_known_of_the_request() -> None:
    outcomes = {kind.__name__: kind.outcome for kind in tree()}
    never = {"InvalidInputs", "SettingsError", "WrongOrganization", "MissingSecret"}
    never |= {"NotSent", "UntrustedCertificate", "ProxyUnusable"}
    unknown = {"ResponseLost", "ServiceUnavailable", "OutcomeUnknown"}
    assert {name for name, outcome in outcomes.items() if outcome is Outcome.NOT_SENT} == never
    assert {name for name, outcome in outcomes.items() if outcome is Outcome.UNKNOWN} == unknown


def test_neither_the_parts_of_an_error_nor_its_repr_nor_its_arguments_hold_a_secret() -> None:
    register(f"Server=db;Password={{{SECRET.replace('}', '}}')}}}")
    error = ServiceError(
        f"It failed for {SECRET}.", status=400, why=f"w {SECRET}", advice=f"a {SECRET}", request_id=SECRET
    )
    for shown in (repr(error), *error.args, error.what, error.why, error.advice, error.request_id):
        assert SECRET not in shown
        assert repr(SECRET)[1:-1] not in shown
        assert "[secret]" in shown
