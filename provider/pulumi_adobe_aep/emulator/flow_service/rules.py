"""What all resources need: the switches, and who calls."""

from dataclasses import dataclass, field

from pulumi_adobe_aep.emulator.settings import Switches
from pulumi_adobe_aep.emulator.store.entities import Author, Place


@dataclass
class Rules:
    """The switches in force, which may change while the emulator runs, and how strict it is."""

    switches: Switches = field(default_factory=Switches)
    loose: bool = False


@dataclass(frozen=True)
class Caller:
    """Who calls, from where, and in which sandbox."""

    place: Place
    author: Author
    is_user: bool = False
