"""Having Flow Service log in to the database, and undoing a change that does not work."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from pulumi_adobe_aep.advice import Advice, AdviceKey, advise
from pulumi_adobe_aep.api.flow_service import FlowService, TestResult
from pulumi_adobe_aep.errors import AepError, ServiceError, VerificationFailed
from pulumi_adobe_aep.kinds.kind import EntityKind, FieldChange
from pulumi_adobe_aep.lifecycle.consistency import RecentWrite
from pulumi_adobe_aep.lifecycle.delete import delete
from pulumi_adobe_aep.lifecycle.update import change

LOGIN_FAILED = frozenset({"1001", "1002", "1008", "1009", "1105", "1106", "1308"})
"""Codes of Adobe's "Sources error messages" for a login that failed, not of a test that could not be tried:
the database's own message, invalid credentials, no permission."""
ADVICE = (
    "Check server, port, database, user name, password and encryption. Adobe's servers must reach the database, so its "
    "firewall must let their addresses of your region in."
)

Credentials = Sequence[FieldChange]
"""What restores credentials: the change of a connection that sets them."""

logger = logging.getLogger(__name__)


def after_create(service: FlowService, kind: EntityKind, connection_id: str, name: str) -> None:
    """Test a new connection, and delete it again when the login fails.

    Raises:
        VerificationFailed: The login failed; the message says what became of the connection.
    """
    reason = _login_failure(service, connection_id)
    if reason is None:
        return
    stays = False
    try:
        delete(service, kind, connection_id, name, RecentWrite.now(service))
        after: str = "deleted again"
        advice: str | Advice = ADVICE
    except AepError as failure:
        stays = True
        after = f"to be deleted again, which failed: {failure.what}"
        advice = advise(AdviceKey.DELETE_FIRST, noun=kind.noun, id=connection_id, sandbox=service.sandbox, then=ADVICE)
    raise VerificationFailed(
        f"Flow Service could not log in to the database of '{name}', so the new connection was {after}.",
        stays=stays,
        why=reason,
        advice=advice,
    )


def after_change(service: FlowService, kind: EntityKind, connection_id: str, old: Credentials | None) -> None:
    """Test a connection whose credentials have changed, and restore the old ones when the login fails.

    Args:
        service: The sandbox, with the time limit.
        kind: The kind of connection.
        connection_id: Which connection.
        old: What restores the credentials before the change; None if they are not known.

    Raises:
        VerificationFailed: The login failed; the message says which credentials are in force.
    """
    reason = _login_failure(service, connection_id)
    if reason is None:
        return
    stays = True
    after = "The old ones are not known, so the new ones stay in force."
    if old is not None:
        try:
            change(service.connections, kind, connection_id, lambda current: kind.operations(old, current.shown))
            stays, after = False, "The old ones were restored."
        except AepError as failure:
            after = f"Restoring the old ones failed, so the new ones may be in force: {failure.what}"
    raise VerificationFailed(
        f"Flow Service could not log in to the database with connection {connection_id}'s new credentials. {after}",
        stays=stays,
        why=reason,
        advice=ADVICE,
    )


def test(service: FlowService, connection_id: str) -> TestResult:
    """Have the service log in to the database, in whichever form it reports a login that failed.

    Raises:
        AepError: It could not be tried.
    """
    try:
        return service.test_connection(connection_id)
    except ServiceError as failure:
        # Depending on the connector, a failed login is a result or an error of the connector.
        if failure.code in LOGIN_FAILED:
            return TestResult(passed=False, reason=failure.why)
        raise


def _login_failure(service: FlowService, connection_id: str) -> str | None:
    """Have the service log in to the database.

    Returns:
        None when it could, or when that could not be tried; otherwise why it could not log in.
    """
    try:
        result = RecentWrite.now(service).wait_and_see(
            lambda: test(service, connection_id), f"connection {connection_id} to appear"
        )
    except AepError as failure:
        logger.warning("Connection %s is not verified, because it could not be tested. %s", connection_id, failure)
        return None
    return None if result.passed else result.reason or "The service gives no reason (result: false)."
