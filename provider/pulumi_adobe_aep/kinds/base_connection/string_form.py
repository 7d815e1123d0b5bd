"""How a source writes a connection string: its keys in order and its words for encryption, as data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pulumi_adobe_aep.kinds.base_connection.dialects import ODBC, Dialect
from pulumi_adobe_aep.kinds.base_connection.odbc import Pair

PARTS = ("server", "port", "database", "username", "password")
"""The parts that a connection string may have, in the order in which messages name them."""
_PART = re.compile(r"\{(\w+)\}")
_SERVER_AND_PORT = re.compile(r"(?:tcp:)?(?P<server>[^,]*?)(?:,\s*(?P<port>.*))?", re.IGNORECASE)
"""What SqlClient takes as its data source (Microsoft, "SqlConnection.ConnectionString", Data Source)."""


@dataclass(frozen=True, kw_only=True)
class StringForm:
    """How a source writes a connection string.

    Args:
        pattern: Adobe's pattern: keys in order, each with its value, with parts in braces: `{server},{port}`.
        encryption: The options in a string for each value of `encryption`. The first key switches encryption on or off.
        switch: The key of `pattern` that asks for encryption, where there is no `encryption` because the pattern does.
        spellings: Further keys for parts, in lower case.
        default_port: The port that the driver uses for a string without one; None where there is none.
        defaults: What the driver assumes of an option of `encryption` that is not there, keys in lower case.
        misspelled: Options as Adobe's pages misspell them, with the right spelling.
        foreign: Options of other drivers for TLS that this driver is known not to have.
        dialect: How values are quoted.
    """

    pattern: tuple[Pair, ...]
    encryption: Mapping[str, tuple[Pair, ...]] = field(default_factory=dict)
    switch: str = ""
    spellings: Mapping[str, str] = field(default_factory=dict)
    default_port: int | None = None
    defaults: Mapping[str, str] = field(default_factory=dict)
    misspelled: Mapping[str, str] = field(default_factory=dict)
    foreign: tuple[str, ...] = ()
    dialect: Dialect = ODBC

    @cached_property
    def keys(self) -> Mapping[str, str]:
        """The key of each part, in order; a port within the server's value has none."""
        return {_PART.findall(template)[0]: key for key, template in self.pattern if _PART.search(template)}

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The parts that every string has, the password among them."""
        there = {part for _, template in self.pattern for part in _PART.findall(template)}
        return tuple(part for part in PARTS if part in there)

    @cached_property
    def visible_parts(self) -> tuple[str, ...]:
        """The parts without the password."""
        return tuple(part for part in self.parts if part != "password")

    @cached_property
    def part_of_key(self) -> Mapping[str, str]:
        """The part that each key is, keys in lower case."""
        return {**{key.lower(): part for part, key in self.keys.items()}, **self.spellings}

    @cached_property
    def constants(self) -> Mapping[str, str]:
        """What Adobe's pattern has besides the parts, keys and values in lower case."""
        return {key.lower(): text.lower() for key, text in self.pattern if not _PART.search(text)}

    @cached_property
    def encryption_keys(self) -> frozenset[str]:
        """The keys of options that `encryption` sets, in lower case."""
        return frozenset(key.lower() for pairs in self.encryption.values() for key, _ in pairs)

    @cached_property
    def option_names(self) -> Mapping[str, str]:
        """The options that this form knows, by their lower case, as a message may name them."""
        known = [key for pairs in self.encryption.values() for key, _ in pairs]
        known += [key for key, text in self.pattern if not _PART.search(text)]
        return {key.lower(): key for key in known}

    @cached_property
    def misspelled_names(self) -> Mapping[str, str]:
        """What Adobe's pages misspell, by its lower case."""
        return {key.lower(): key for key in self.misspelled}

    @property
    def has_port_in_server(self) -> bool:
        """Whether the port is in the server's value."""
        return "port" in self.parts and "port" not in self.keys

    @cached_property
    def encrypting(self) -> tuple[Pair, ...]:
        """The options that ask for encryption and a check of the certificate; empty where there are none."""
        return self.encryption.get("verify", tuple(pair for pair in self.pattern if pair[0] == self.switch))

    @property
    def remedy(self) -> str:
        """These options as a string has them."""
        return ";".join(f"{key}={value}" for key, value in self.encrypting)

    def build(self, values: Mapping[str, str], encryption: str | None) -> str:
        """Write a string.

        Args:
            values: The parts.
            encryption: One of the names of `encryption`; None adds no option.
        """
        pairs = [(key, template.format_map(values)) for key, template in self.pattern]
        return self.dialect.build([*pairs, *self.encryption.get(encryption or "", ())])

    def read(self, text: str) -> list[Pair]:
        """Return the pairs in a string: the part, or the key in lower case, and the value. All of them, in any order.

        Raises:
            MalformedConnectionString: It is not a connection string.
        """
        return [pair for key, value in self.dialect.parse(text) for pair in self._read(key.lower(), value)]

    def encryption_of(self, options: Mapping[str, str]) -> str | None:
        """Return the `encryption` that says exactly these options; None where none does."""
        return next(
            (
                name
                for name, pairs in self.encryption.items()
                if options == {key.lower(): value for key, value in pairs}
            ),
            None,
        )

    def observed_encryption(self, options: Mapping[str, str]) -> str | None:
        """Return the `encryption` that options are equal to, for a refresh; any other option shows as drift."""
        switch = next((key for pairs in self.encryption.values() for key, _ in pairs), "")
        if switch.lower() not in options:
            return None
        said = {**self.defaults, **options}
        for name, pairs in self.encryption.items():
            if all(said.get(key.lower(), "").lower() == value.lower() for key, value in pairs):
                return name
        return f"{switch}={options[switch.lower()]}"

    def _read(self, key: str, value: str) -> Iterator[Pair]:
        part = self.part_of_key.get(key)
        both = _SERVER_AND_PORT.fullmatch(value) if part == "server" and self.has_port_in_server else None
        if both is None:
            if part is not None or self.constants.get(key) != value.lower():
                yield part or key, value
            return
        yield "server", both["server"].strip()
        yield "port", str(self.default_port) if both["port"] is None else both["port"].strip()
