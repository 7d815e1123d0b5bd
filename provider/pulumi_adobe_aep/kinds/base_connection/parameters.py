"""Auth specs with a parameter for each part of the credentials."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

from pulumi_adobe_aep.kinds.base_connection.auth_parts import on_reach
from pulumi_adobe_aep.kinds.base_connection.kind import AuthModel, ShownAuth
from pulumi_adobe_aep.kinds.base_connection.shown import parts_auth
from pulumi_adobe_aep.kinds.base_connection.string_check import unencrypted
from pulumi_adobe_aep.kinds.model import UNKNOWN, FieldFacts, Properties, Remark
from pulumi_adobe_aep.kinds.secrets import reveal

BASIC: Literal["Basic Authentication"] = "Basic Authentication"


class ParametersAuthModel(AuthModel):
    """What all auth specs of this form have in common. Each source adds the fields.

    A field's parameter has the name of its property in the state, unless `at` says another.
    """

    ssl_modes: ClassVar[tuple[str, ...]] = ()
    """Every spelling of `ssl_mode` on any of Adobe's pages; another one is passed through with a warning."""
    weak_ssl_mode: ClassVar[str] = ""
    """The SSL mode that does not encrypt although its name does not say so, in lower case."""
    best_ssl_mode: ClassVar[str] = ""
    """The SSL mode that encrypts and checks the certificate; `true` only encrypts."""

    @classmethod
    def _parameters(cls) -> tuple[FieldFacts, ...]:
        return tuple(facts for facts in cls.facts() if facts.name != "spec_name")

    def params(self, environment: Mapping[str, str]) -> dict[str, Any]:
        """Return `auth.params`. A port is a string, as in every example of Adobe's.

        Raises:
            MissingSecret: A secret is to be read from a variable that is not set.
        """
        values = ((facts, getattr(self, facts.name)) for facts in self._parameters())
        return {
            _parameter(facts): reveal(value, environment) if facts.marks.secret else str(value)
            for facts, value in values
            if value is not None
        }

    @classmethod
    def merge_observed(cls, recorded: Properties, params: Mapping[str, object]) -> Properties:
        """Return the auth with the parts that the service shows; secrets stay as they are recorded."""
        return {**recorded, **cls.shown(params).values}

    @classmethod
    def shown(cls, params: Mapping[str, object]) -> ShownAuth:
        """Return what the service shows of each part."""
        visible = [facts for facts in cls._parameters() if not facts.marks.secret]
        return parts_auth(
            params,
            {facts.key: _parameter(facts) for facts in visible if facts.required or facts.default is not None},
            {facts.key: _parameter(facts) for facts in visible if not facts.required and facts.default is None},
            [_parameter(facts) for facts in cls._parameters() if facts.marks.secret],
        )

    remarked_on: ClassVar[tuple[str, ...]] = ("server", "host", "ssl_mode")

    def remarks(self) -> Iterator[Remark]:
        """Warn about an unknown or missing SSL mode, and about a server that Adobe cannot reach."""
        for name in ("server", "host"):
            yield from on_reach(f"auth.{name}", getattr(self, name, None))
        if not self.best_ssl_mode:
            return
        ssl_mode = getattr(self, "ssl_mode")  # noqa: B009 - the field is the source's
        # No warning about a mode that somebody chose on purpose, such as Disable and false.
        if ssl_mode is None or str(ssl_mode).lower() == self.weak_ssl_mode:
            remedy = f'`sslMode="{self.best_ssl_mode}"`'
            yield Remark(
                "auth.sslMode",
                unencrypted(remedy, "encrypts") if self.best_ssl_mode == "true" else unencrypted(remedy),
            )
        elif ssl_mode not in (*self.ssl_modes, UNKNOWN):
            yield Remark(
                "auth.sslMode",
                f"'{ssl_mode}' is on none of Adobe's pages and is sent as it is; they have {', '.join(self.ssl_modes)}",
            )


def _parameter(facts: FieldFacts) -> str:
    return facts.marks.at[-1] if facts.marks.at else facts.key
