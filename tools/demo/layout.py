"""Where the demonstration keeps everything: in one folder, which is deleted at its end."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from tools.demo.language import REPOSITORY

DEFAULT_FOLDER = REPOSITORY / ".demo"
STACK = "demo"


@dataclass(frozen=True)
class Layout:
    """The files in the demonstration's folder."""

    folder: Path

    @property
    def project(self) -> Path:
        """The Pulumi project: its program is that of an example."""
        return self.folder / "project"

    @property
    def backend(self) -> Path:
        """Pulumi's state."""
        return self.folder / "state"

    @property
    def pulumi_home(self) -> Path:
        """What Pulumi keeps in ~/.pulumi otherwise."""
        return self.folder / "pulumi-home"

    @property
    def passphrase(self) -> Path:
        """The passphrase that encrypts the secrets in the state."""
        return self.folder / "passphrase"

    @property
    def credentials(self) -> Path:
        """The emulator's client credentials, in the form of the Developer Console's download."""
        return self.folder / "credentials.json"

    @property
    def database_passwords(self) -> Path:
        """A password file for psql."""
        return self.folder / "pgpass"

    @property
    def emulator_ready(self) -> Path:
        """Where the emulator says how to reach it."""
        return self.folder / "emulator.json"

    @property
    def emulator_log(self) -> Path:
        """What the emulator printed."""
        return self.folder / "emulator.log"

    @property
    def pulumi_log(self) -> Path:
        """What the last pulumi command printed."""
        return self.folder / "pulumi.log"

    @property
    def pulumi_errors(self) -> Path:
        """What the last pulumi command wrote to stderr."""
        return self.folder / "pulumi.err"

    @property
    def exports(self) -> Path:
        """Shell code that sets everything for trying things by hand."""
        return self.folder / "exports.sh"

    @property
    def kept(self) -> Path:
        """Which processes a kept demonstration left running."""
        return self.folder / "kept.json"

    @property
    def lock(self) -> Path:
        """Held while a demonstration runs. It stays, because another process may wait for it."""
        return self.folder / "lock"

    def make(self) -> None:
        """Make all folders new, for the owner only."""
        self.clear()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        for folder in (self.project, self.backend, self.pulumi_home):
            folder.mkdir()

    def clear(self) -> None:
        """Remove everything but the lock."""
        if not self.folder.exists():
            return
        for entry in self.folder.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            elif entry != self.lock:
                entry.unlink()

    def shown(self, path: Path) -> str:
        """Return a path as a person in the repository would write it."""
        return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def write_secret(path: Path, text: str) -> None:
    """Write a file that only the owner can read, from its first byte on."""
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
