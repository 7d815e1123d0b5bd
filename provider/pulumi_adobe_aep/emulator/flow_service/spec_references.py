"""The ``connectionSpec`` of a body: which spec it names, and in which version."""

from pulumi_adobe_aep.emulator.errors import FlowServiceError, SpecVersionMissingError
from pulumi_adobe_aep.emulator.flow_service.connection_specs import SPEC_IDS, VERSION
from pulumi_adobe_aep.emulator.flow_service.rules import Rules
from pulumi_adobe_aep.emulator.store.entities import JsonObject


def spec_id(fields: JsonObject) -> str | None:
    """Return the id of the connection spec that a body names, None where it names none."""
    reference = fields.get("connectionSpec")
    return str(reference.get("id")) if isinstance(reference, dict) else None


def require_spec(fields: JsonObject, rules: Rules) -> str:
    """Return the id of the connection spec that a body names; a missing version is filled in where that is allowed.

    The sources API's prose says that the newest version is meant when there is none, its schema and the destinations
    API want one.

    Raises:
        FlowServiceError: 1413 for an unknown id or version.
        SpecVersionMissingError: there is no version, and the switch says that there must be.
    """
    reference = fields.get("connectionSpec")
    if not isinstance(reference, dict) or reference.get("id") not in SPEC_IDS:
        raise FlowServiceError("1413-400")
    if "version" not in reference and rules.switches.missing_version == "refuse":
        raise SpecVersionMissingError
    if reference.setdefault("version", VERSION) != VERSION:
        raise FlowServiceError("1413-400")
    return str(reference["id"])
