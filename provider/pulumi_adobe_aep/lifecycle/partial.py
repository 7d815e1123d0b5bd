"""What was created or changed although the operation has failed."""

from __future__ import annotations

from pulumi_adobe_aep.errors import AepError
from pulumi_adobe_aep.kinds.state import State


class PartialFailure(Exception):
    """An operation failed after it had created or changed the entity.

    An adapter whose protocol can record both, records both; another one raises the failure, whose message says what is
    left.

    Args:
        entity_id: The entity.
        state: What there is. Its secrets that are not proven are left out, so that the next update sends them again.
        failure: Why the operation has failed.
    """

    def __init__(self, entity_id: str, state: State, failure: AepError) -> None:
        super().__init__(str(failure))
        self.entity_id = entity_id
        self.state = state
        self.failure = failure
