"""The environment of everything that is run, by the demonstration and by hand. It names files and holds no secret."""

from __future__ import annotations

import os
import secrets
import shlex
from typing import TYPE_CHECKING

from tools.demo.layout import Layout, write_secret
from tools.demo.services import SANDBOX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_adobe_aep.emulator.client import Emulator
    from tools.database import PostgresServer, SampleDatabase
    from tools.engine import Engine


def pulumi_variables(layout: Layout, emulator: Emulator) -> dict[str, str]:
    """Return the variables that keep Pulumi's files in the folder and point the provider to the emulator."""
    return {
        "PULUMI_BACKEND_URL": layout.backend.as_uri(),
        "PULUMI_HOME": str(layout.pulumi_home),
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(layout.passphrase),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        # The plugin is in Pulumi's store; that of another environment on PATH would come before it.
        "PULUMI_IGNORE_AMBIENT_PLUGINS": "true",
        "AEP_BASE_URL": emulator.base_url,
        "AEP_IMS_URL": emulator.ims_url,
        "AEP_CREDENTIALS_FILE": str(layout.credentials),
        "AEP_SANDBOX_NAME": SANDBOX,
    }


def for_the_engine(engine: Engine, variables: Mapping[str, str]) -> dict[str, str]:
    """Return a whole environment, in which no setting of the caller's own Pulumi or Adobe credentials is left."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "AEP_"))}
    return engine.environment(clean) | dict(variables)


def write_passphrase(layout: Layout) -> None:
    """Make a passphrase for the secrets in the state."""
    write_secret(layout.passphrase, secrets.token_urlsafe(32) + "\n")


def write_exports(
    layout: Layout,
    engine: Engine,
    variables: Mapping[str, str],
    postgres: PostgresServer,
    sample: SampleDatabase,
) -> str:
    """Write shell code for trying things by hand, and return it."""
    write_secret(layout.database_passwords, f"{postgres.host}:{postgres.port}:*:{postgres.user}:{postgres.password}\n")
    database = {
        "PGHOST": postgres.host,
        "PGPORT": str(postgres.port),
        "PGUSER": postgres.user,
        "PGDATABASE": sample.name,
        "PGPASSFILE": str(layout.database_passwords),
    }
    engines = engine.environment({})
    path = engines.pop("PATH")
    lines = [
        f'export PATH={shlex.quote(path)}:"$PATH"',
        *(f"export {name}={shlex.quote(value)}" for name, value in {**engines, **variables, **database}.items()),
        f"cd {shlex.quote(str(layout.project))}",
    ]
    text = "\n".join(lines) + "\n"
    write_secret(layout.exports, text)
    return text
