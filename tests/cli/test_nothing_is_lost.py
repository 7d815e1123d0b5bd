"""Nothing is lost by an import: after a rotation the service holds what it held before, but for the password.

Any account, shown in any way, imported in any way; or the import has refused, and said what to give. With the emulator
behind it; how a connection is shown is put into its responses, because the emulator masks whole secrets only.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, note, settings
from hypothesis import strategies as st

from pulumi_adobe_aep.cli import main
from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.databases.connection_string import parse
from pulumi_adobe_aep.emulator.faults import Answer
from pulumi_adobe_aep.errors import AepError
from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import POSTGRES
from pulumi_adobe_aep.kinds.model import Properties
from pulumi_adobe_aep.kinds.state import State
from pulumi_adobe_aep.lifecycle.lifecycle import Lifecycle
from pulumi_adobe_aep.lifecycle.plan import Planner
from pulumi_adobe_aep.lifecycle.process import Process
from pulumi_adobe_aep.settings import load
from tests.cli.service import make_basic, make_string

EXAMPLES = int(os.environ.get("IMPORT_EXAMPLES", "50"))
"""How many accounts are imported. Many more: IMPORT_EXAMPLES=2000 make test-cli."""
CONNECTION_STRING = "Connection String Based Authentication"
NEW = "the-new;password{}"
MASKS = ("*****", "••••", "xxxx", "--------", "(hidden)", "<redacted>", "")
ENCRYPTION = {
    "none": {},
    "verify": {"EncryptionMethod": "1", "ValidateServerCertificate": "1"},
    "require": {"EncryptionMethod": "1", "ValidateServerCertificate": "0"},
    "request": {"EncryptionMethod": "6"},
    "disable": {"EncryptionMethod": "0"},
}

names = st.one_of(
    st.sampled_from(["reader", "x", "xxxx", "hidden", "(a)", "a;b", "a}b", "{a}", " a ", "a=b", "READER", "ROLE"]),
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zs", "Zl", "Zp"]), min_size=1, max_size=8
    ),
)
servers = st.sampled_from(["db.example.com", "db", "[2001:db8::1]", "[::1]", "10.0.0.1", "2001:db8::1", "xxxx"])
passwords = st.sampled_from(["a-pass;word{}", "plain-password", "a;EncryptionMethod=1;b", "=a=", "{braced}", "***"])


@dataclass(frozen=True)
class Account:
    """What the service holds."""

    spec_name: str
    params: Mapping[str, str]
    """As they are sent."""
    values: Mapping[str, str]
    """The same for people, by the names of the command line's options; `encryption` and `ssl_mode` may be none."""
    by_parts: bool
    """Whether the parts can say all of it."""

    @property
    def whole(self) -> str | None:
        """The connection string, where there is one."""
        return self.params.get("connectionString")

    def with_password(self, password: str) -> str:
        """Return the connection string with another password, as its owner would write it."""
        pairs = {**parse(self.whole or ""), "Password": password}
        # In braces only what needs them: a word in braces that needs none counts as a placeholder.
        return ";".join(f"{key}={value if _is_plain(value) else _in_braces(value)}" for key, value in pairs.items())


def _is_plain(value: str) -> bool:
    return value == value.strip() and not any(mark in value for mark in ";{}")


def _in_braces(value: str) -> str:
    return "{" + value.replace("}", "}}") + "}"


@st.composite
def _strings(draw: st.DrawFn) -> Account:
    values = {
        "server": draw(servers),
        "port": str(draw(st.integers(1, 65535))),
        "database": draw(names),
        "username": draw(names),
        "password": draw(passwords),
    }
    encryption = draw(st.sampled_from([*ENCRYPTION, "odd"]))
    options = ENCRYPTION.get(encryption) or draw(
        st.sampled_from([{"EncryptionMethod": "1"}, {"EncryptionMethod": "6", "ValidateServerCertificate": "1"}])
        if encryption == "odd"
        else st.just(dict[str, str]())
    )
    more = draw(
        st.sampled_from(
            [{}, {}, {}, {}, {"HostNameInCertificate": "db.example.com"}, {"ConnectTimeout": "7"}, {"Of Us": "1"}]
        )
    )
    keys = {"server": "Server", "port": "Port", "database": "Database", "username": "UID"}
    keys["password"] = draw(st.sampled_from(["Password", "PWD"]))
    pairs = [*((key, values[name]) for name, key in keys.items()), *options.items(), *more.items()]
    written = [_written(draw, key, value) for key, value in draw(st.permutations(pairs))]
    string = ";".join(written) + draw(st.sampled_from(["", ";"]))
    return Account(
        CONNECTION_STRING,
        {"connectionString": string},
        {**values, "encryption": encryption},
        by_parts=encryption != "odd" and not more,
    )


def _written(draw: st.DrawFn, key: str, value: str) -> str:
    key = draw(st.sampled_from([key, key.lower(), key.upper()])) if key != "Of Us" else key
    return f"{key}={value if _is_plain(value) and draw(st.booleans()) else _in_braces(value)}"


@st.composite
def _basics(draw: st.DrawFn) -> Account:
    params = {
        "server": draw(servers),
        "port": str(draw(st.integers(1, 65535))),
        "database": draw(names),
        "username": draw(names),
        "password": draw(passwords),
    }
    ssl_mode = draw(st.sampled_from(["Verify Full", "Verify-Ca", "Require", "Disable", "true", "none"]))
    more = draw(st.sampled_from([{}, {}, {}, {}, {}, {"applicationIntent": "ReadOnly"}]))
    shown = {} if ssl_mode == "none" else {"sslMode": ssl_mode}
    return Account(
        "Basic Authentication", {**params, **shown, **more}, {**params, "ssl_mode": ssl_mode}, by_parts=not more
    )


@dataclass(frozen=True)
class Shown:
    """How the service shows an account.

    Attributes:
        hidden: the parts that are hidden beside the password; empty for a service that shows the others.
        mask: what is shown in their place; None leaves them out, the password as well.
        password: whether the password is shown.
        all_of_it: whether a connection string is hidden as a whole.
    """

    hidden: frozenset[str]
    mask: str | None
    password: bool
    all_of_it: bool

    def params(self, account: Account) -> dict[str, object]:
        """Return `auth.params` as the service shows them."""
        hidden = self.hidden if self.password else self.hidden | {"password"}
        if account.whole is None:
            return self._masked(account.params, {"sslMode" if key == "ssl_mode" else key for key in hidden})
        if self.all_of_it:
            return {} if self.mask is None else {"connectionString": self.mask}
        keys = {"server": "Server", "port": "Port", "database": "Database", "username": "UID", "password": "Password"}
        pairs = self._masked(parse(account.whole), {keys[part] for part in hidden if part in keys})
        shown = (f"{key}={value if value == self.mask else _in_braces(str(value))}" for key, value in pairs.items())
        return {"connectionString": ";".join(shown)}

    def _masked(self, pairs: Mapping[str, str], hidden: set[str]) -> dict[str, object]:
        masked = {key: self.mask if key in hidden else value for key, value in pairs.items()}
        return {key: value for key, value in masked.items() if value is not None}


ways_of_showing = st.builds(
    Shown,
    hidden=st.one_of(
        st.just(frozenset[str]()),
        st.frozensets(st.sampled_from(["server", "port", "database", "username", "ssl_mode"])),
    ),
    mask=st.sampled_from([*MASKS, None]),
    password=st.booleans(),
    all_of_it=st.booleans(),
)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    account=_strings() | _strings() | _basics(),
    shown=ways_of_showing,
    way=st.sampled_from(["parts", "parts", "password", "whole", "all", "take over by parts", "take over"]),
    reference=st.booleans(),
)
def test_after_an_import_and_a_rotation_the_service_holds_what_it_held_or_the_import_has_said_what_to_give(
    aep_emulator: Emulator, account: Account, shown: Shown, way: str, reference: bool
) -> None:
    aep_emulator.reset()
    aep_emulator.switch(settle_seconds=0, secrets="plain")
    if account.whole is None:
        make_basic(aep_emulator, "CRM", sandbox="dev", **{"sslMode": None, **account.params})
    else:
        make_string(aep_emulator, "CRM", account.whole)
    note(f"held: {account.params}\nshown: {shown.params(account)}")
    scene = Scene(aep_emulator, account, shown)

    if way.startswith("take over"):
        said = scene.take_over(by_parts=account.whole is None or way == "take over by parts")
    else:
        said = scene.import_(way, reference=reference)

    (held,) = aep_emulator.connections(secrets=True)
    before = meaning(account.params)
    event(f"{way}: {'changed' if said is None else 'refused'}")
    if said is None:
        assert {**meaning(held["auth"]["params"]), "password": ""} == {**before, "password": ""}
        assert meaning(held["auth"]["params"])["password"] == NEW
        assert (held["name"], held.get("description")) == ("CRM", None)
    else:
        note(said)
        assert said.strip()
        assert held["auth"]["params"] == account.params


def meaning(params: Mapping[str, str]) -> dict[str, str]:
    """Return what credentials mean, however they are written."""
    if "connectionString" in params:
        pairs = parse(params["connectionString"])
        return {key.lower(): value for key, value in pairs.items()}
    return dict(params)


class Scene:
    """One connection, and what is done to it."""

    def __init__(self, emulator: Emulator, account: Account, shown: Shown) -> None:
        self._emulator = emulator
        self._account = account
        self._shown = shown
        self._environment = emulator.environment()
        (connection,) = emulator.connections()
        self._id = str(connection["id"])

    def _show(self) -> None:
        """Have the service show the connection in its way from now on."""
        (connection,) = self._emulator.connections(secrets=True)
        connection["auth"]["params"] = self._shown.params(self._account)
        body = json.dumps({"items": [connection]})
        for path in (f"/connections/{self._id}$", "/connections$"):
            self._emulator.fault(Answer(status=200, body=body), method="GET", path=path, times=None)

    def import_(self, way: str, *, reference: bool) -> str | None:
        """Import it and rotate its password; return what the import said when it refused."""
        self._show()
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "import.json")
            secrets = {"P_CRM_PASSWORD": self._account.values["password"]}
            if self._account.whole is not None:
                secrets["P_CRM_CONNECTION_STRING"] = self._account.whole
            arguments = ["import", *self._arguments(way), "--out", str(file), *(["--reference"] if reference else [])]
            note(" ".join(arguments))
            code, out, said = run(arguments, {**self._environment, **secrets})
            left_out = "Left out:" in said
            if code or left_out:
                assert code in {1, 2, 3}
                assert "defect" not in said
                assert not file.exists()
                return said
            compile(out, "__main__.py", "exec")
            (resource,) = json.loads(file.read_text())["resources"]
        if "It is assumed to have nothing but these parts" in said and not self._account.by_parts:
            assert "It is assumed to have nothing but these parts" in out
            return said
        outputs, inputs = _plain(resource["outputs"]), _plain(resource["inputs"])
        self._rotate(outputs, inputs)
        return None

    def _arguments(self, way: str) -> list[str]:
        if way == "all":
            return ["--all", "--secret-env-prefix", "P_"]
        one = [self._id, "--name", "crm"]
        if way == "whole":
            return [*one, "--connection-string-env", "P_CRM_CONNECTION_STRING"]
        by_password = [*one, "--password-env", "P_CRM_PASSWORD"]
        if way == "password":
            return by_password
        hidden = self._hidden()
        given = {name: value for name, value in self._account.values.items() if name in hidden}
        return [*by_password, *(f"--{name.replace('_', '-')}={value}" for name, value in given.items())]

    def _hidden(self) -> set[str]:
        """Return the options that a person gives after the refusals, as they name them."""
        code, _, said = run(
            ["import", self._id, "--name", "crm", "--password-env", "P", "--out", "/nonexistent/x"], self._environment
        )
        assert code == 1, said
        with tempfile.TemporaryDirectory() as folder:
            _, _, said = run(
                ["import", self._id, "--name", "crm", "--password-env", "P", "--out", f"{folder}/x"],
                {**self._environment, "P": "any-password"},
            )
        named = said.partition("Give ")[2].partition(".")[0]
        values = self._account.values
        known = {name for name in values if f"--{name.replace('_', '-')}" in named}
        return known - ({"encryption"} if values.get("encryption") == "odd" else set())

    def take_over(self, *, by_parts: bool) -> str | None:
        """Take it over with a program that declares what it has, and rotate its password."""
        values = self._account.values
        auth: Properties = {"specName": self._account.spec_name, "connectionString": self._account.whole}
        if by_parts:
            auth = {key: values[key] for key in ("server", "port", "database", "username", "password")}
            auth["specName"] = self._account.spec_name
            for option, key in (("encryption", "encryption"), ("ssl_mode", "sslMode")):
                if values.get(option, "none") not in {"none", "odd"}:
                    auth[key] = values[option]
            if not self._account.by_parts and (self._shown.all_of_it or values.get("encryption") == "odd"):
                return "A program that declares another encryption, or less than nobody can see, means it."
        declared = {"name": "CRM", "sandboxName": "dev", "auth": auth, "existingConnectionId": self._id}
        lifecycle = self._lifecycle()
        checked = lifecycle.planner.check(declared)
        if checked.inputs is None:
            return " ".join(problem.sentence() for problem in checked.problems)
        self._show()
        try:
            recorded = lifecycle.create(declared)
        except AepError as refused:
            return str(refused)
        self._rotate(recorded.properties, checked.inputs.to_state())
        return None

    def _rotate(self, outputs: Properties, inputs: Properties) -> None:
        """Declare another password, as a person would in the program, and bring the service to it."""
        lifecycle = self._lifecycle()
        recorded = State(outputs)
        assert not lifecycle.planner.diff(recorded, lifecycle.planner.require(inputs).to_state()).changed
        self._emulator.lift_faults()
        self._show()
        auth = dict(inputs["auth"])
        key = "connectionString" if "connectionString" in auth else "password"
        new = NEW if key == "password" else self._account.with_password(NEW)
        if isinstance(auth[key], dict):
            self._environment[auth[key]["fromEnv"]] = new
            auth[key] = {**auth[key], "version": 2}
        else:
            auth[key] = new
        declared = lifecycle.planner.require({**inputs, "auth": auth}).to_state()
        self._lifecycle().update(self._id, recorded, declared)

    def _lifecycle(self) -> Lifecycle:
        settings_in_force = load(self._environment)
        return Lifecycle(Planner(POSTGRES, settings_in_force), Process(settings_in_force, self._environment))


def run(arguments: list[str], environment: Mapping[str, str]) -> tuple[int, str, str]:
    """Run the command line in this process without a terminal; return its exit code and what it prints."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("AEP_", "P_"))]:
            patch.delenv(name)
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.setattr("sys.stdin", io.StringIO())
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(arguments)
    return code, out.getvalue(), err.getvalue()


def _plain(properties: Properties) -> Properties:
    """Return the properties of an import file as the provider gets them."""
    unwrap: Callable[[Any], Any] = lambda value: (  # noqa: E731
        json.loads(value["plaintext"]) if isinstance(value, dict) and "plaintext" in value else value
    )
    auth = {key: unwrap(value) for key, value in properties["auth"].items()}
    return {**{key: value for key, value in properties.items() if key != "__provider"}, "auth": auth}
