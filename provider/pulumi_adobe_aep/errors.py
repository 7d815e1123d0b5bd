"""All errors of this package, as one tree.

    AepError
    ├── InvalidInputs        the properties of a resource cannot be sent as they are
    ├── SettingsError        a setting is missing or malformed
    │   └── WrongOrganization  the settings name another organization than the state
    ├── MissingSecret        an environment variable that a secret is read from is not set
    ├── TokenRefused         IMS returns no access token
    ├── NotSent              no connection to the server: nothing was handled
    │   ├── UntrustedCertificate
    │   └── ProxyUnusable    the proxy's URL, its credentials or its rules let nothing through
    ├── ResponseLost         the request may have been handled, no whole response came back
    ├── DeadlineExceeded     the time limit of the operation ended a wait
    ├── Cancelled            a person or the engine ended a wait
    ├── ServiceError         the service returned an error
    │   ├── Unauthorized     401
    │   ├── Forbidden        403
    │   ├── NotFound         404
    │   │   └── EntityGone   a 404 that Flow Service itself gave for this very entity
    │   ├── VersionConflict  412: the entity has changed since its etag was read
    │   ├── TooManyRequests  429
    │   ├── TransientState   the entity is in a state that ends by itself
    │   └── ServiceUnavailable  5xx
    ├── EntityInUse          it cannot be deleted while dataflows use it
    ├── EntityMismatch       a connection exists, but is not the one that was meant
    ├── OutcomeUnknown       whether a connection was created could not be found out
    ├── AmbiguousEntities    several connections may be the one that was created
    └── VerificationFailed   the service could not log in to the database

Each message has up to five parts, a line each: what happened, why, what to do, the request id that Adobe's support
asks for, and where more is written. No message holds a secret: every string that came from outside goes through
`redaction.mask`.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from typing_extensions import Self

from pulumi_adobe_aep._addresses import ISSUES
from pulumi_adobe_aep.advice import NEUTRAL, Advice, AdviceKey, Wording, advise
from pulumi_adobe_aep.redaction import mask

if TYPE_CHECKING:
    from collections.abc import Sequence


class Outcome(enum.Enum):
    """What is known of a request that failed."""

    NOT_SENT = "never sent"
    """The service has not seen it: repeating it is always safe."""
    REJECTED = "rejected"
    """The service has seen it and did not do it."""
    UNKNOWN = "unknown"
    """It may or may not have been done."""


class AepError(Exception):
    """The root of the tree.

    Args:
        what: What happened, one sentence.
        why: The reason as far as it is known, where possible in Adobe's own words.
        advice: What to do next; a string names properties as in the state, between backticks.
        request_id: The id under which Adobe's support finds the request.
    """

    outcome: Outcome = Outcome.REJECTED
    wording: Wording = NEUTRAL
    """Whose words the message has: those of the adapter that lets the error out."""

    def __init_subclass__(cls) -> None:
        # Tracebacks and the engine's console name the class by its public home.
        cls.__module__ = "pulumi_adobe_aep"

    def __init__(self, what: str, *, why: str = "", advice: str | Advice = "", request_id: str = "") -> None:
        # Here already, because `repr` and a log of somebody else's show the arguments and not the message.
        super().__init__(mask(what))
        self.what = mask(what)
        self.why = mask(why)
        self._advice = mask(advice) if isinstance(advice, str) else advice
        self.request_id = mask(request_id)
        self.tries = 0
        """How often the request was sent; 0 when that was not counted, because it was not repeated."""
        self._tries_note = ""
        self.follows_unknown_outcome = False
        """Whether the same request was sent before and may have been handled then."""

    def tried(self, times: int, note: str = "") -> Self:
        """Record how often the request was sent.

        Args:
            times: How often.
            note: What the message says after the number.

        Returns:
            The same error, so that it can be raised in the same line.
        """
        self.tries, self._tries_note = times, note
        return self

    def with_context(self, *, what: str = "", advice: str | Advice = "") -> Self:
        """Add what only the caller knows.

        Args:
            what: A further sentence about what happened.
            advice: What to do instead of what the error says.

        Returns:
            The same error, so that it can be raised in the same line.
        """
        self.what = f"{self.what} {mask(what)}".strip()
        self._advice = (mask(advice) if isinstance(advice, str) else advice) or self._advice
        return self

    def worded(self, wording: Wording) -> Self:
        """Set the wording of the message, wherever it is printed.

        Args:
            wording: The adapter's.

        Returns:
            The same error, so that it can be raised in the same line.
        """
        self.wording = wording
        return self

    def __reduce__(self) -> tuple[object, ...]:
        # The constructors take keywords, which an exception's own pickling would lose.
        return _unpickle, (type(self), self.args, self.__dict__)

    def __str__(self) -> str:
        return self.render(self.wording)

    def render(self, wording: Wording) -> str:
        """Return the whole message.

        Args:
            wording: How the adapter that prints it says what to do.
        """
        times = "once" if self.tries == 1 else f"{self.tries} times"
        lines = [f"{self.what} (Tried {times}{self._tries_note}.)" if self.tries else self.what]
        if self.why:
            lines.append(f"Why: {self.why}")
        if self._advice:
            lines.append(f"What to do: {wording.of(self._advice)}")
        if self.request_id:
            lines.append(f"Adobe's request id: {self.request_id}")
        lines.append(f"See: {wording.of(self.see)}")
        return mask("\n".join(lines))

    @property
    def advice(self) -> str:
        """What to do next; empty if nothing is known that helps."""
        return self.wording.of(self._advice)

    @property
    def see(self) -> Advice:
        """Where more is written: docs/errors.md has a section for every class of this tree."""
        name = type(self).__name__
        return advise(AdviceKey.READ_MORE, name=name, anchor=name.lower())


def defect_message(error: Exception) -> str:
    """Return the message for an error that this package does not foresee.

    Args:
        error: Its message may quote anything, so it is masked.
    """
    return (
        mask(f"{type(error).__name__}: {error}")
        + "\nWhat to do: this is a defect of pulumi-adobe-aep. Run the command again with AEP_LOG=debug and report "
        f"what it prints: {ISSUES}"
    )


def _unpickle(cls: type[AepError], args: tuple[object, ...], attributes: dict[str, object]) -> AepError:
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(attributes)
    return error


class InvalidInputs(AepError):
    """The properties of a resource cannot be sent as they are; nothing was sent."""

    outcome = Outcome.NOT_SENT


class SettingsError(AepError):
    """A setting is missing or malformed; nothing was sent."""

    outcome = Outcome.NOT_SENT


class WrongOrganization(SettingsError):
    """The settings name another organization than the one that the state was written for.

    Args:
        recorded: The organization in the state.
        current: The organization in the settings.
    """

    def __init__(self, recorded: str, current: str) -> None:
        super().__init__(
            f"This connection belongs to organization {recorded}, the settings name organization {current}.",
            why="A connection can only be read, changed or deleted in the organization that it was created in.",
            advice=f"Set AEP_ORG_ID (or adobe-aep:orgId) to {recorded}, with credentials of that organization; "
            "to move to another organization, use a stack of its own.",
        )


class MissingSecret(AepError):
    """A secret is to be read from an environment variable that is not set; nothing was sent."""

    outcome = Outcome.NOT_SENT


class TokenRefused(AepError):
    """Adobe's identity service (IMS) returns no access token."""


class NotSent(AepError):
    """There was no connection to the server, so it has not seen the request."""

    outcome = Outcome.NOT_SENT


class UntrustedCertificate(NotSent):
    """The server's certificate is not trusted. A retry does not help."""


class ProxyUnusable(NotSent):
    """No request gets through the proxy, because of its rules, its URL or its credentials. A retry does not help."""


class ResponseLost(AepError):
    """The request was sent, but no whole response came back: it may or may not have been handled.

    Args:
        what: What happened, one sentence.
        location: The address of what was created, where the head of the response has come and says so.
    """

    outcome = Outcome.UNKNOWN

    def __init__(self, what: str, *, why: str = "", advice: str = "", request_id: str = "", location: str = "") -> None:
        super().__init__(what, why=why, advice=advice, request_id=request_id)
        self.location = location


class DeadlineExceeded(AepError):
    """A wait reached the time limit of the whole operation (`AEP_TIMEOUT`, or `customTimeouts` of the resource)."""


class Cancelled(AepError):
    """A wait ended because the command was cancelled. No further request is sent."""


class ServiceError(AepError):
    """The service returned an error.

    Args:
        status: The HTTP status.
        code: Adobe's error code without the status, such as `1418` or `401013`; empty when the response has none.
    """

    def __init__(
        self,
        what: str,
        *,
        status: int,
        code: str = "",
        why: str = "",
        advice: str | Advice = "",
        request_id: str = "",
    ) -> None:
        super().__init__(what, why=why, advice=advice, request_id=request_id)
        self.status = status
        self.code = code
        self.retry_after: float | None = None
        """`Retry-After` of the response, in seconds; None if it has none."""


class Unauthorized(ServiceError):
    """401: the access token is missing, expired or not valid here."""


class Forbidden(ServiceError):
    """403: the credentials lack a permission."""


class NotFound(ServiceError):
    """A 404 with any cause: a sandbox that does not exist, a proxy, a wrong address."""


class EntityGone(NotFound):
    """A 404 in which Flow Service itself says that this very entity does not exist."""


class VersionConflict(ServiceError):
    """412: the entity has changed since its etag was read."""


class TooManyRequests(ServiceError):
    """429: the service asks for a pause; the request was not handled."""


class TransientState(ServiceError):
    """The entity is in a state (initializing, updating, disabling) that ends by itself; the request was not handled."""


class ServiceUnavailable(ServiceError):
    """5xx or 408: the request may or may not have been handled."""

    outcome = Outcome.UNKNOWN


class EntityInUse(AepError):
    """The connection cannot be deleted while dataflows use it."""


class EntityMismatch(AepError):
    """A connection exists, but it is not the one that was meant."""


class OutcomeUnknown(AepError):
    """The response to a create was lost, and whether the connection exists could not be found out."""

    outcome = Outcome.UNKNOWN


class AmbiguousEntities(AepError):
    """Several connections may be the one that a lost request created.

    Args:
        what: What happened, one sentence.
        ids: The connections in question.
    """

    def __init__(self, what: str, *, ids: Sequence[str], why: str = "", advice: str | Advice = "") -> None:
        super().__init__(what, why=why, advice=advice)
        self.ids = tuple(ids)


class VerificationFailed(AepError):
    """Flow Service could not log in to the database with these credentials.

    Args:
        what: What happened, one sentence.
        stays: Whether what failed is, or may be, in force all the same: it could not be taken back.
    """

    def __init__(self, what: str, *, stays: bool, why: str = "", advice: str | Advice = "") -> None:
        super().__init__(what, why=why, advice=advice)
        self.stays = stays
