"""What can go wrong in the command line alone; docs/command-line.md has a section for each class."""

from __future__ import annotations

from pulumi_adobe_aep.errors import AepError


class CommandFailed(AepError):
    """A command cannot do what it was asked for, for a reason on this machine."""


class PulumiFailed(CommandFailed):
    """The `pulumi` on PATH is missing or could not do what it was asked for."""


class PluginMissing(CommandFailed):
    """The plugin is not installed beside this Python."""


class UnreadableState(CommandFailed):
    """A file or standard input does not hold the state of a stack."""


class CannotForget(CommandFailed):
    """A resource cannot be taken out of a state: it is not there, or others depend on it."""


class FileInTheWay(CommandFailed):
    """The import file cannot be written where it was asked for."""
