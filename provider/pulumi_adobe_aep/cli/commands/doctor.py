"""`pulumi-adobe-aep doctor`: what the provider would work with, and whether it would."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import NamedTuple

import click

from pulumi_adobe_aep.cli import options
from pulumi_adobe_aep.cli.check import Check, Verdict
from pulumi_adobe_aep.cli.checks import checks
from pulumi_adobe_aep.cli.exit_codes import ExitCode
from pulumi_adobe_aep.cli.output import print_json, print_line, print_table
from pulumi_adobe_aep.cli.session import Session
from pulumi_adobe_aep.redaction import MASK, mask
from pulumi_adobe_aep.settings import (
    ACCESS_TOKEN,
    BASE_URL_NAME,
    CLIENT_ID,
    CLIENT_SECRET,
    CREDENTIALS_FILE,
    IMS_URL_NAME,
    LOG,
    MAX_CONCURRENCY,
    ORG_ID,
    SANDBOX,
    SCOPES_NAME,
    TIMEOUT,
)

_COLOURS = {Verdict.PASSED: "green", Verdict.WARNING: "yellow", Verdict.FAILED: "red", Verdict.SKIPPED: "bright_black"}


@click.command("doctor", short_help="Check settings, credentials, permissions, versions.")
@options.as_json
@functools.partial(options.with_session, needs_stack=False)
def command(session: Session, *, as_json: bool) -> ExitCode:
    """Check settings, credentials, permissions and versions, without changing anything.

    Exit code 1 if a check fails.
    """
    settings = list(_settings(session))
    if not as_json:
        print_table(("SETTING", "VALUE", "FROM"), settings)
        print_line()
    found: list[Check] = []
    for check in checks(session):
        found.append(check)
        if not as_json:
            _tell(check)
    passed = all(check.verdict is not Verdict.FAILED for check in found)
    if as_json:
        print_json(
            {
                "passed": passed,
                "settings": [setting._asdict() for setting in settings],
                "checks": [
                    {
                        "name": check.name,
                        "verdict": check.verdict.value,
                        "text": mask(check.text),
                        "advice": check.advice or None,
                    }
                    for check in found
                ],
            }
        )
    return ExitCode.OK if passed else ExitCode.FAILURE


class _Setting(NamedTuple):
    name: str
    value: str
    source: str


def _settings(session: Session) -> Iterator[_Setting]:
    settings = session.settings
    values = {
        CLIENT_ID: settings.client_id,
        CLIENT_SECRET: _length(settings.client_secret),
        ACCESS_TOKEN: _length(settings.access_token),
        ORG_ID: settings.org_id,
        SCOPES_NAME: settings.scopes,
        SANDBOX: settings.sandbox_name,
        BASE_URL_NAME: settings.base_url,
        IMS_URL_NAME: settings.ims_url,
        TIMEOUT: f"{settings.timeout:g}",
        MAX_CONCURRENCY: str(settings.max_concurrency),
        LOG: settings.log,
        # Every setting that came from the file names it.
        CREDENTIALS_FILE: "read" if CREDENTIALS_FILE.environment in settings.sources else "",
    }
    for name, value in values.items():
        source = settings.sources.get(name.environment, "default" if value else "not set")
        yield _Setting(name.environment, value, source)


def _length(secret: str) -> str:
    """Return what shows that a secret was cut off or pasted twice, and nothing of it."""
    return f"{MASK} ({len(secret)} characters)" if secret else ""


def _tell(check: Check) -> None:
    word = click.style(f"{check.verdict.value:8}", fg=_COLOURS[check.verdict])
    # click takes the colours away again where there is no terminal.
    print_line(f"{word} {check.name}: {mask(check.text)}")
    if check.advice:
        print_line(f"{'':8} What to do: {check.advice}")
