"""Import of the entities that bring a table into a dataset: one by its id, or all that a dataflow is made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from pulumi_adobe_aep.cli.declaration import Declaration, declare_entity
from pulumi_adobe_aep.cli.import_all import LeftOut
from pulumi_adobe_aep.cli.session import Session
from pulumi_adobe_aep.errors import EntityGone, EntityMismatch, InvalidInputs
from pulumi_adobe_aep.kinds.dataflow import DATAFLOW
from pulumi_adobe_aep.kinds.kind import EntityKind
from pulumi_adobe_aep.kinds.mapping_set import MAPPING_SET
from pulumi_adobe_aep.kinds.model import Properties
from pulumi_adobe_aep.kinds.registry import INGESTION
from pulumi_adobe_aep.kinds.source_connection import TABLE_SOURCE_CONNECTION
from pulumi_adobe_aep.kinds.state import State
from pulumi_adobe_aep.kinds.target_connection import DATA_LAKE_TARGET_CONNECTION
from pulumi_adobe_aep.lifecycle.lifecycle import Lifecycle

_MAPPING_SET_ID = re.compile(r"[0-9a-f]{32}")
"""Flow Service's ids are UUIDs, so that Data Prep, which is a permission of its own, is asked for no other id."""
DeclareConnection = Callable[[str], Declaration]
"""Return the declaration of the base connection with an id."""


def find(session: Session, entity_id: str) -> tuple[Lifecycle, State] | None:
    """Return the entity with an id that is not a base connection, with the rules for its kind; None if there is none.

    Args:
        session: The sandbox.
        entity_id: The id.

    Raises:
        EntityMismatch: It is one that has nothing to do with tables.
    """
    service = "data-prep" if _MAPPING_SET_ID.fullmatch(entity_id) else "flow-service"
    for kind in (each for each in INGESTION if each.service == service):
        lifecycle = session.lifecycle(kind)
        try:
            return lifecycle, lifecycle.adopt(entity_id, session.sandbox)
        except EntityGone:
            continue
    return None


def declare_chain(
    session: Session,
    flow: State,
    resource_name: str,
    managed: Collection[str],
    declare_connection: DeclareConnection,
) -> tuple[list[Declaration], list[LeftOut]]:
    """Declare a dataflow with all that it is made of; what another comes before it.

    Args:
        session: The sandbox.
        flow: The dataflow, as `find` returned it.
        resource_name: The name of the resources, but for that of the base connection.
        managed: The ids of what a stack manages already; it is left out.
        declare_connection: Declares the base connection, with its secrets.

    Raises:
        InvalidInputs: A program could not declare the dataflow.
    """
    left_out: list[LeftOut] = []

    def take(noun: str, entity_id: str, declare: Callable[[str], Declaration]) -> Declaration | None:
        # What is left out is referred to by its id.
        if entity_id in managed:
            left_out.append(LeftOut(entity_id, None, "the state has it already.", is_failure=False, noun=noun))
            return None
        try:
            return declare(entity_id)
        except (EntityGone, EntityMismatch, InvalidInputs) as error:
            left_out.append(LeftOut(entity_id, None, error.why or error.what, is_failure=True, noun=noun))
            return None

    def part(kind: EntityKind, id_key: str, role: str, known: Properties | None = None) -> Declaration | None:
        lifecycle = session.lifecycle(kind)

        def declare(entity_id: str) -> Declaration:
            return declare_entity(lifecycle, lifecycle.adopt(entity_id, session.sandbox, known), resource_name, role)

        return take(kind.noun, dataflow.inputs[id_key], declare)

    dataflow = declare_entity(session.lifecycle(DATAFLOW), flow, resource_name)
    source = part(TABLE_SOURCE_CONNECTION, "sourceConnectionId", "source")
    target = part(DATA_LAKE_TARGET_CONNECTION, "targetConnectionId", "target")
    # The version that the dataflow maps with, which need not be the newest.
    mapping = part(MAPPING_SET, "mappingId", "mapping", {"version": dataflow.inputs["mappingVersion"]})
    # The last one that is read, because a person may be asked for its secret.
    connection = take("connection", source.inputs["baseConnectionId"], declare_connection) if source else None
    found = (connection, source, target, mapping, dataflow)
    return [each for each in found if each is not None], left_out
