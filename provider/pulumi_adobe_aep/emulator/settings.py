"""The emulator's options: the switches for what Adobe's documents leave open, and the process's own settings."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final, Literal

_MAXIMUM_PORT: Final = 65535


def _switch(default: str | float, choices: tuple[str, ...] | None, why: str, *, least: int = 0) -> Any:
    return field(default=default, metadata={"choices": choices, "why": why, "least": least})


@dataclass(frozen=True)
class Switches:
    """How the service behaves where Adobe's documents are silent or disagree.

    Each is an option of the command line with dashes for underscores, and can be changed while the emulator runs.
    The reason for each default is in docs/emulator.md.
    """

    secrets: Literal["mask", "omit", "plain"] = _switch(
        "mask", ("mask", "omit", "plain"), "how secrets look when a connection is read"
    )
    settle_seconds: float = _switch(2.0, None, "how long a new connection is initializing; 0 means not at all")
    delete_mode: Literal["204", "202"] = _switch(
        "204", ("204", "202"), "whether the response to a deletion says that it is done (204) or accepted (202)"
    )
    delete_seconds: float = _switch(2.0, None, "how long an accepted deletion takes")
    test_failure: Literal["result", "error"] = _switch(
        "result", ("result", "error"), 'whether a failed test is {"result": false} or the error 1308-400'
    )
    create_check: Literal["none", "refuse"] = _switch(
        "none", ("none", "refuse"), "whether a create or update whose database cannot be reached is refused"
    )
    missing_sandbox: Literal["default", "error"] = _switch(
        "default", ("default", "error"), "whether a request without x-sandbox-name goes to the default sandbox"
    )
    missing_version: Literal["refuse", "newest"] = _switch(
        "refuse", ("refuse", "newest"), "whether a connectionSpec without version is refused with 422"
    )
    if_match: Literal["quoted", "any"] = _switch(
        "quoted", ("quoted", "any"), "whether If-Match must have its double quotes"
    )
    patch_auth: Literal["whole", "parts"] = _switch(
        "whole", ("whole", "parts"), "whether PATCH takes paths below /auth/params, and /auth/specName"
    )
    port_type: Literal["string", "any"] = _switch(
        "string", ("string", "any"), "whether a port must have the JSON type that Adobe shows"
    )
    ssl_modes: Literal["all", "tutorial", "overview", "boolean"] = _switch(
        "all", ("all", "tutorial", "overview", "boolean"), "which of Adobe's lists of PostgreSQL's sslMode is taken"
    )
    server_keys: Literal["none", "authorized-date"] = _switch(
        "none", ("none", "authorized-date"), "which keys the service itself adds to auth.params"
    )
    drafts: Literal["supported", "unsupported"] = _switch(
        "supported", ("supported", "unsupported"), "whether the sources support drafts"
    )
    in_use_by: Literal["flows", "source-connections"] = _switch(
        "flows", ("flows", "source-connections"), "what keeps a connection from being deleted"
    )
    write_denied: Literal["2118", "2121"] = _switch(
        "2118", ("2118", "2121"), "the error for a client that may only read"
    )
    patch: Literal["enabled", "disabled"] = _switch(
        "enabled", ("enabled", "disabled"), "whether connections can be changed at all, else 1445-400"
    )
    error_shape: Literal["current", "older"] = _switch("current", ("current", "older"), "the shape of error bodies")
    connector_errors: Literal["own", "wrapped"] = _switch(
        "own", ("own", "wrapped"), "whether a connector's error has its own code or is inside 1100-400"
    )
    gateway_code: Literal["string", "integer"] = _switch(
        "string", ("string", "integer"), "the JSON type of the gateway's error_code"
    )
    retry_after: Literal["seconds", "date", "none"] = _switch(
        "seconds", ("seconds", "date", "none"), "the form of Retry-After with 429"
    )
    other_databases: Literal["reachable", "unreachable"] = _switch(
        "reachable", ("reachable", "unreachable"), "whether databases other than PostgreSQL seem to be there"
    )
    page_size: float = _switch(20, None, "how many items a list without limit has", least=1)
    read_lag_seconds: float = _switch(0.0, None, "how far lagging replicas are behind; 0 means that none is")
    replicas: float = _switch(2, None, "how many replicas serve reads, in turn", least=1)
    lagging_replicas: float = _switch(1, None, "how many of the replicas lag, the first ones")
    database_seconds: float = _switch(
        10.0, None, "how long a test, an explore or a part of a run may take in the database"
    )
    run_delay_seconds: float = _switch(150.0, None, "how long after a run's time its result is there")
    start_tolerance_seconds: float = _switch(0.0, None, "how far in the past the start time of a new flow may be")
    unknown_connection: Literal["flow-service", "connector"] = _switch(
        "flow-service",
        ("flow-service", "connector"),
        "whether a flow's source or target connection that is not there is 1439-404, or 1322-400 and 1306-400",
    )
    source_columns: Literal["optional", "required"] = _switch(
        "optional", ("optional", "required"), "whether a source connection must name the columns of its table"
    )
    flow_options: Literal["accept", "refuse"] = _switch(
        "accept", ("accept", "refuse"), "whether a new flow may have options, labels and recordTypes"
    )
    flow_update_seconds: float = _switch(0.0, None, "how long a changed flow is updating; 0 means not at all")
    tolerated_percent: float = _switch(
        0.0, None, "how many percent of its rows may fail in a run whose flow has no partialIngestionPercent"
    )
    partial_status: Literal["success", "partialSuccess"] = _switch(
        "success", ("success", "partialSuccess"), "the status of a run some of whose rows failed"
    )
    missed_windows: Literal["skip", "read"] = _switch(
        "skip", ("skip", "read"), "whether the first run after a pause also reads the windows that were missed"
    )
    run_created: Literal["flat", "items"] = _switch(
        "flat", ("flat", "items"), "whether a created run is {id, etag} or an array of one in items"
    )
    mapping_version: Literal["newest", "first"] = _switch(
        "newest", ("newest", "first"), "which version of a mapping set is read when none is asked for"
    )
    mapping_delete: Literal["missing", "supported", "refused"] = _switch(
        "missing", ("missing", "supported", "refused"), "whether a mapping set can be deleted, else 404 or 405"
    )

    def changed(self, values: dict[str, object]) -> "Switches":
        """Return switches with some values changed; the names are those of the attributes or of the options.

        Raises:
            ValueError: there is no such switch, or it does not take that value.
        """
        known = {each.name: each for each in fields(self)}
        accepted: dict[str, Any] = {}
        for given, value in values.items():
            name = given.replace("-", "_")
            if name not in known:
                raise ValueError(f"there is no switch {given}; there are {', '.join(known)}")
            choices, least = known[name].metadata["choices"], known[name].metadata["least"]
            if choices is None and (isinstance(value, bool) or not isinstance(value, int | float) or value < least):
                raise ValueError(f"{name} is a number, {least} or more")
            if choices is not None and value not in choices:
                raise ValueError(f"{name} is one of {', '.join(choices)}")
            accepted[name] = value
        return replace(self, **accepted)


@dataclass(frozen=True)
class Settings:
    """The options of one process.

    Attributes:
        ready_file: where to write the JSON line that says how to reach the emulator.
        data: the SQLite file; None keeps everything in memory.
        config: the JSON file with organizations and clients.
        sandboxes: names of sandboxes that every organization has beside the usual ones.
        control: whether ``/_emulator/`` is there.
        allowed_hosts: names under which callers from other computers may use the control API, in lower case.
        tls_certificate: the PEM file with the certificate to serve HTTPS with; None serves HTTP.
        tls_key: the PEM file with its key, where that is another one.
        loose: whether undocumented headers, parameters and body fields pass.
        latency: milliseconds added to every response.
    """

    host: str = "127.0.0.1"
    port: int = 0
    ready_file: Path | None = None
    data: Path | None = None
    config: Path | None = None
    sandboxes: tuple[str, ...] = ()
    control: bool = False
    allowed_hosts: frozenset[str] = frozenset()
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    loose: bool = False
    latency: float = 0.0
    switches: Switches = field(default_factory=Switches)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the emulator's command line."""
    parser = argparse.ArgumentParser(
        prog="python -m pulumi_adobe_aep.emulator",
        description="Emulates Adobe Experience Platform's Flow Service and the token endpoint of IMS on one port.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=0, help="port to listen on; 0 takes a free one (default)")
    parser.add_argument("--ready-file", type=Path, metavar="FILE", help="written when the emulator takes requests")
    parser.add_argument("--data", type=Path, metavar="FILE", help="keep everything in this SQLite file")
    parser.add_argument("--config", type=Path, metavar="FILE", help="organizations and clients, as JSON")
    parser.add_argument("--sandbox", action="append", default=[], metavar="NAME", help="one more sandbox; repeatable")
    parser.add_argument("--control", action="store_true", help="offer /_emulator/ to callers on this computer")
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="offer /_emulator/ under this name to callers from elsewhere, too; repeatable",
    )
    parser.add_argument("--tls-certificate", type=Path, metavar="FILE", help="serve HTTPS with this certificate (PEM)")
    parser.add_argument("--tls-key", type=Path, metavar="FILE", help="its key, where it is not in the same file")
    parser.add_argument("--loose", action="store_true", help="let undocumented headers, parameters and fields pass")
    parser.add_argument(
        "--latency", type=_number(0), default=0.0, metavar="MS", help="milliseconds before each response"
    )
    switches = parser.add_argument_group("switches, for what Adobe's documents leave open")
    for each in fields(Switches):
        choices = each.metadata["choices"]
        switches.add_argument(
            f"--{each.name.replace('_', '-')}",
            dest=each.name,
            default=each.default,
            choices=choices,
            type=str if choices else _number(each.metadata["least"]),
            metavar=None if choices else "N",
            help=f"{each.metadata['why']} (default: %(default)s)",
        )
    return parser


def parse(arguments: list[str] | None) -> Settings:
    """Return the settings of a command line; a wrong one ends the process with a message."""
    options = parser()
    given = options.parse_args(arguments)
    if given.tls_key is not None and given.tls_certificate is None:
        options.error("--tls-key needs --tls-certificate")
    return Settings(
        host=given.host,
        port=given.port,
        ready_file=given.ready_file,
        data=given.data,
        config=given.config,
        sandboxes=tuple(given.sandbox),
        control=given.control,
        allowed_hosts=frozenset(name.lower() for name in given.allow_host),
        tls_certificate=given.tls_certificate,
        tls_key=given.tls_key,
        loose=given.loose,
        latency=given.latency,
        switches=Switches(**{each.name: getattr(given, each.name) for each in fields(Switches)}),
    )


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > _MAXIMUM_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: a port is a number from 0 to {_MAXIMUM_PORT}")
    return int(text)


def _number(least: int) -> Callable[[str], float]:
    """Return what reads a number that is not smaller than the least one."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = -1.0
        if not least <= value < float("inf"):
            raise argparse.ArgumentTypeError(f"{text!r} is not a number that is {least} or more")
        return value

    return read
