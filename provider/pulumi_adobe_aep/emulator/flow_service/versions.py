"""If-Match: a change is for the version that the caller has seen."""

from pulumi_adobe_aep.emulator.errors import FlowServiceError
from pulumi_adobe_aep.emulator.flow_service.rules import Rules
from pulumi_adobe_aep.emulator.store.entities import Entity


def require_match(entity: Entity, if_match: str | None, rules: Rules) -> None:
    """Check the header If-Match against the entity's etag.

    Adobe's pages write the header without quotes as often as with them; the OpenAPI document of the destinations API
    says that the quotes belong to it and that a wrongly quoted one leads to 412.

    Raises:
        FlowServiceError: 1403 without the header, 1404 for another version.
    """
    if not if_match:
        raise FlowServiceError("1403-400")
    supplied = if_match
    if rules.switches.if_match == "any" and not supplied.startswith('"'):
        supplied = f'"{supplied}"'
    if supplied != entity.etag:
        raise FlowServiceError("1404-412", supplied=if_match, current=entity.etag)
