"""The advice that the core leaves to its adapter, for a program in any language: properties have the schema's names."""

from __future__ import annotations

from pulumi_adobe_aep.advice import AdviceKey, Wording

ANY_LANGUAGE = Wording(
    str,
    {
        AdviceKey.FIND_LOST: "Before the next pulumi up, list what the service has and the stack has not: "
        "pulumi-adobe-aep connections --orphans --sandbox {sandbox}",
        AdviceKey.FIND_TWIN: "Look for the second one with: pulumi-adobe-aep connections --orphans --sandbox {sandbox}",
        AdviceKey.TAKE_OVER: "Take the one that is yours over, and delete what nobody needs in Experience Platform: "
        "pulumi import adobe-aep:index:{kind} {name!q} {id}, with AEP_SANDBOX_NAME={sandbox}",
        AdviceKey.FREE_OR_FORGET: "Delete the dataflows first, then their source and target connections, in Experience "
        "Platform or with what made them; then run the command again. To leave the {noun} {id} in place and only "
        "forget it: pulumi state delete URN, or the option retainOnDelete before it is to be deleted.",
        AdviceKey.REPLACE: "{why} Replace the resource: pulumi up --replace URN.",
        AdviceKey.REFRESH: "Run pulumi refresh; pulumi up then creates the {noun} again, with another id.",
        AdviceKey.REPEAT_UPDATE: "Run pulumi up again with the same program. Do not go back to the old credentials "
        "before that: the new ones may be in force.",
        AdviceKey.DELETE_FIRST: "Delete {noun} {id} in sandbox {sandbox} before the next pulumi up. {then}",
        AdviceKey.ENABLE: "{noun} '{name}' ({id}) is disabled in Experience Platform. No documented request enables "
        "it: enable it there, then run pulumi refresh.",
        AdviceKey.READ_MORE: "pulumi-adobe-aep explain {name}",
    },
)
"""The words of the plugin."""
