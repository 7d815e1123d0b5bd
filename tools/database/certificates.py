"""A certificate authority made for one server, so that TLS can be verified without trusting anything for long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import trustme

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Certificates:
    """PEM files: the authority to trust, and the server's certificate and key."""

    authority: Path
    certificate: Path
    key: Path


def make_certificates(folder: Path, *names: str) -> Certificates:
    """Write an authority and a certificate for the host names or addresses `names` into `folder`."""
    files = Certificates(folder / "ca.pem", folder / "server.pem", folder / "server.key")
    authority = trustme.CA()
    issued = authority.issue_cert(*names)
    authority.cert_pem.write_to_path(files.authority)
    for position, blob in enumerate(issued.cert_chain_pems):
        blob.write_to_path(files.certificate, append=position > 0)
    files.key.touch(mode=0o600)  # before the key is in it
    issued.private_key_pem.write_to_path(files.key)
    return files
