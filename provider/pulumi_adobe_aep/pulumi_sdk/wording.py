"""The wording of a Python program: advice and names of properties."""

from __future__ import annotations

import re
from functools import lru_cache

from pydantic.alias_generators import to_snake

from pulumi_adobe_aep.advice import AdviceKey, Wording

_NAME = re.compile(r"\w+")


# Names are translated with regular expressions, and the SDK asks for each name of each resource several times.
@lru_cache(maxsize=512)
def name_in_python(path: str) -> str:
    """Return a name of the state as a program has it; also of a path, such as `auth.sslMode`."""
    return _NAME.sub(lambda name: to_snake(name[0]), path)


PYTHON = Wording(
    name_in_python,
    {
        AdviceKey.NAME_SANDBOX: "Give `sandboxName`, or set AEP_SANDBOX_NAME or adobe-aep:sandboxName. {why}",
        AdviceKey.ADD_SANDBOX: "give `sandboxName`, or set AEP_SANDBOX_NAME or adobe-aep:sandboxName ({why})",
        AdviceKey.FIND_LOST: "Before the next pulumi up, list what the service has and the stack has not: "
        "pulumi-adobe-aep connections --orphans --sandbox {sandbox}",
        AdviceKey.FIND_TWIN: "Look for the second one with: pulumi-adobe-aep connections --orphans --sandbox {sandbox}",
        AdviceKey.TAKE_OVER: "Take the one that is yours over, and delete what nobody needs in Experience Platform: "
        "pulumi-adobe-aep import {id} --name {name!q} --sandbox {sandbox}",
        AdviceKey.FREE_OR_FORGET: "Delete the dataflows first, then their source and target connections, in Experience "
        "Platform or with what made them; then run the command again. To leave the {noun} in place and only forget "
        "it: pulumi-adobe-aep forget {id}, or retain_on_delete=True before it is to be deleted.",
        AdviceKey.REPLACE: "{why} Replace the resource: pulumi up --replace URN.",
        AdviceKey.OTHER_AUTH: "Use another kind of auth that the source has.",
        AdviceKey.AUTH_NOT_OFFERED: "This organization may lack this kind of auth: some are documented for "
        "Azure only, some for AWS only.",
        AdviceKey.REFRESH: "Run pulumi refresh; pulumi up then creates the {noun} again, with another id.",
        AdviceKey.REPEAT_UPDATE: "Run pulumi up again with the same program. Do not go back to the old credentials "
        "before that: the new ones may be in force.",
        AdviceKey.DELETE_FIRST: "Delete {noun} {id} in sandbox {sandbox} before the next pulumi up. {then}",
        AdviceKey.ENABLE: "{noun} '{name}' ({id}) is disabled in Experience Platform. No documented request enables "
        "it: enable it there, then run pulumi refresh.",
        AdviceKey.DELETED_AFTER_REPLACEMENT: "{noun} '{name}' is replaced because of {paths}. After the new one is "
        "created, the old one ({id}) is deleted, which Flow Service refuses as long as something uses it: delete what "
        "uses it first.",
        AdviceKey.READ_MORE: "pulumi-adobe-aep explain {name}",
    },
)
"""The wording of a Python program that Pulumi runs."""
