"""The file that `pulumi import --file` takes.

For a dynamic resource it carries the inputs and the outputs themselves, because the engine's own import cannot read one
without them (engine 3.254 and newer).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from pulumi.dynamic.dynamic import serialize_provider

from pulumi_adobe_aep import dynamic
from pulumi_adobe_aep.cli.declaration import Declaration
from pulumi_adobe_aep.cli.errors import FileInTheWay
from pulumi_adobe_aep.kinds.model import Properties
from pulumi_adobe_aep.native.tokens import dynamic_type_token
from pulumi_adobe_aep.pulumi_sdk.provider import PROVIDER_KEY

PRIVATE = 0o600
# How the engine writes a secret into JSON: pulumi/pulumi, sdk/go/common/resource/sig.
_SIGNATURE_KEY = "4dabf18193072939515e22adb298388d"
_SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a mark, no secret


def to_document(declarations: Iterable[Declaration]) -> Properties:
    """Return the file's content, secrets in the engine's own form, which it encrypts when it reads the file."""

    def properties(wire: Properties, declaration: Declaration) -> Properties:
        # The same reference that the resource would register; with another one the next up would show a change.
        provider = getattr(dynamic, f"{declaration.kind.name}Provider")
        properties = {PROVIDER_KEY: serialize_provider(provider()), **wire}
        if declaration.secrets:
            properties[declaration.secrets_in] = dict(wire[declaration.secrets_in])
        for name in declaration.secrets:
            if declaration.reference(name) is None:
                properties[declaration.secrets_in][name] = _secret(wire[declaration.secrets_in][name])
        return properties

    return {
        "resources": [
            {
                "type": dynamic_type_token(each.kind.name),
                "name": each.resource_name,
                "id": each.id,
                "inputs": properties(each.inputs, each),
                "outputs": properties(each.outputs, each),
            }
            for each in declarations
        ]
    }


def _secret(value: object) -> Properties:
    return {_SIGNATURE_KEY: _SECRET_SIGNATURE, "plaintext": json.dumps(value)}


def refuse_to_overwrite(path: Path, *, force: bool) -> None:
    """Refuse what `write` would refuse, before anything is asked or sent.

    Raises:
        FileInTheWay: Something has that name, or its folder does not exist.
    """
    if not force and (path.exists() or path.is_symlink()):
        raise _in_the_way(path)
    if not path.parent.is_dir():
        raise FileInTheWay(f"{path} cannot be written: there is no folder {path.parent}.")


def write(path: Path, document: Properties, *, force: bool) -> None:
    """Write the file so that at no moment anybody else can read it.

    Args:
        path: Where.
        document: Its content.
        force: Replace what has that name.

    Raises:
        FileInTheWay: Something has that name, or the folder cannot be written.
    """
    try:
        if force:
            path.unlink(missing_ok=True)
        # Created with its mode, and only if nothing has that name: neither a link nor a readable file is ever written.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(document, file, indent=2)
            file.write("\n")
    except FileExistsError:
        raise _in_the_way(path) from None
    except OSError as error:
        raise FileInTheWay(f"{path} cannot be written: {error.strerror}.") from None


def _in_the_way(path: Path) -> FileInTheWay:
    return FileInTheWay(f"{path} exists.", advice="Name another file with --out, or replace it with --force.")
