"""The demonstration, as a person and as a pipeline runs it: with the real engine and a real PostgreSQL."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import select
import stat
import struct
import subprocess
import sys
import termios
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import psutil
import pytest
import requests
from filelock import FileLock

from pulumi_adobe_aep.emulator.client import Emulator
from tools.demo.language import LANGUAGES
from tools.engine import Engine, ensure_engine

REPOSITORY = Path(__file__).parents[2]
UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
STEPS = (
    "Preview",
    "Create",
    "Test the connection",
    "List its tables",
    "Declare the ingestion",
    "First run",
    "Add rows",
    "Next run",
    "Change the password",
    "Run with the old password",
    "Rotate",
    "Run after the rotation",
    "Up without changes",
    "Refresh",
    "Destroy",
)
WHOLE_RUN = 240.0
"""Seconds for a whole demonstration; it takes 35 on an idle machine with two cores."""
ENDS_WITHIN = 30.0
MARK = "DEMO_TEST_MARK"
# Makes its standard input its terminal, so that a Ctrl-C written there reaches it as a signal, and runs the rest.
AS_FOREGROUND = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
)


@dataclass(frozen=True)
class Demo:
    """How one test runs the demonstration, and how it knows the processes again that come of it."""

    folder: Path
    home: Path
    mark: str

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-m", "tools.demo", "--folder", str(self.folder)]

    @property
    def environment(self) -> dict[str, str]:
        cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "AEP_"))}
        return {**inherited, "XDG_CACHE_HOME": cache, "HOME": str(self.home), MARK: self.mark, "TERM": "xterm-256color"}

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.command, *arguments],
            cwd=REPOSITORY,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=WHOLE_RUN,
            check=False,
        )

    def processes(self) -> list[psutil.Process]:
        """Return what runs with this test's mark in its environment, and what that started."""
        found: set[psutil.Process] = set()
        for process in psutil.process_iter():
            try:
                if process.environ().get(MARK) == self.mark:
                    # PostgreSQL writes over its environment to show what it is doing.
                    found |= {process, *process.children(recursive=True)}
            except psutil.Error:  # somebody else's, or gone
                continue
        return list(found)

    def assert_nothing_is_left(self, seen: list[psutil.Process] | None = None) -> None:
        _, alive = psutil.wait_procs([*self.processes(), *(seen or [])], ENDS_WITHIN)
        assert alive == []


@pytest.fixture(scope="session")
def engine() -> Engine:
    """Return the engine with the hosts of the languages of the demonstration."""
    return ensure_engine(languages=[*LANGUAGES])


@pytest.fixture
def demo(tmp_path: Path, engine: Engine) -> Iterator[Demo]:
    assert engine.version  # it is made before the clock of a test runs
    home = tmp_path / "home"
    home.mkdir()
    demo = Demo(tmp_path / "demo", home, uuid.uuid4().hex)
    yield demo
    for process in demo.processes():
        process.kill()


class Terminal:
    """A demonstration on a terminal of its own."""

    def __init__(self, demo: Demo, *, columns: int = 100) -> None:
        self._master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-c", AS_FOREGROUND, *demo.command],
            cwd=REPOSITORY,
            env=demo.environment,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        self.text = ""

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._master)

    def read_until(self, pattern: str) -> None:
        """Read until the pattern is on the screen."""
        self._read(lambda: re.search(pattern, self.text) is not None)
        assert re.search(pattern, self.text), self.text

    def read_to_the_end(self) -> int:
        """Read until the demonstration ends; return its exit code."""
        self._read(lambda: False)
        return self.process.wait(ENDS_WITHIN)

    def press_ctrl_c(self) -> None:
        os.write(self._master, b"\x03")

    def _read(self, enough: Callable[[], bool]) -> None:
        deadline = time.monotonic() + WHOLE_RUN
        while not enough() and time.monotonic() < deadline:
            if not select.select([self._master], [], [], 1)[0]:
                continue
            try:
                data = os.read(self._master, 65536)
            except OSError:  # Linux's way to say that nobody has the terminal open any more
                return
            if not data:
                return
            self.text += data.decode(errors="replace")


def row(output: str, title: str) -> str:
    """Return a step's line in the summary."""
    lines = re.findall(rf"^ *\d+ +{re.escape(title)} .*$", output, re.MULTILINE)
    assert len(lines) == 1, f"{title}: {lines}"
    return str(lines[0])


def shown_in(picture: Path) -> list[str]:
    """Return the lines of a picture, without the blanks that align them."""
    lines: dict[str, list[str]] = {}
    for text in ET.parse(picture).iter("{http://www.w3.org/2000/svg}text"):  # noqa: S314 - our own file
        lines.setdefault(text.attrib["y"], []).append("".join(text.itertext()))
    return [" ".join(" ".join(parts).split()) for parts in lines.values()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pipeline_sees_a_whole_life_in_plain_lines_and_nothing_is_left(demo: Demo, language: str) -> None:
    picture = demo.home / "demo.svg"
    done = demo.run("--language", language, "--picture", str(picture))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    assert "\x1b" not in done.stdout
    assert re.search(r"~ password\s*: \[secret\] => \[secret\]", done.stdout)
    assert {title: row(done.stdout, title) for title in STEPS}.keys() == set(STEPS)
    assert row(done.stdout, "Create").endswith("1 token, 1 POST")
    assert row(done.stdout, "Up without changes").endswith(" 0")
    assert '"result": true' in row(done.stdout, "Test the connection")
    assert row(done.stdout, "Declare the ingestion").endswith("1 token, 1 GET, 5 POST")
    assert "3 rows read and written, 3 in all" in row(done.stdout, "First run")
    assert "2 rows read and written, 5 in all" in row(done.stdout, "Next run")
    assert "Failed with CONNECTOR-1001-500" in row(done.stdout, "Run with the old password")
    assert "1 row read and written, 6 in all" in row(done.stdout, "Run after the rotation")
    assert re.search(rf"^Connection id: {UUID}$", done.stdout, re.MULTILINE)
    assert re.search(rf"^Dataflow id: {UUID}$", done.stdout, re.MULTILINE)
    demo.assert_nothing_is_left()
    assert [path.name for path in demo.folder.iterdir()] == ["lock"]
    assert not (demo.home / ".pulumi").exists()
    assert not (REPOSITORY / "Pulumi.demo.yaml").exists()
    assert "warning" not in done.stdout
    if language == "python":
        # Where this fails, the demonstration shows something else than its picture: make demo PICTURE=docs/demo.svg
        assert shown_in(picture) == shown_in(REPOSITORY / "docs" / "demo.svg")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_kept_demonstration_can_be_used_by_hand_until_it_is_ended(demo: Demo, language: str) -> None:
    done = demo.run("--language", language, "--keep")
    assert done.returncode == 0, done.stderr
    running = demo.processes()
    assert running != []

    by_hand = subprocess.run(
        ["sh", "-ec", done.stdout + "pulumi stack output connectionId; pulumi preview --expect-no-changes >/dev/null"],
        env={"PATH": os.environ["PATH"], "HOME": str(demo.home)},
        capture_output=True,
        text=True,
        timeout=WHOLE_RUN,
        check=False,
    )
    assert by_hand.returncode == 0, by_hand.stderr
    assert f"Connection id: {by_hand.stdout.strip()}\n" in done.stderr

    emulator = Emulator.from_ready_file(demo.folder / "emulator.json")
    address = re.search(r"^Accounts, dataflows, runs and rows, in a browser:  (http://\S+)$", done.stderr, re.MULTILINE)
    assert address is not None
    page = requests.get(address[1], timeout=30).text
    assert "annie@example.com" in page
    assert "CONNECTOR-1001-500" in page

    role_password = re.search(r"Password=([\w-]+)", json.dumps(emulator.connections(secrets=True)))
    assert role_password is not None
    secret_files = [demo.folder / name for name in ("credentials.json", "passphrase", "pgpass")]
    secrets = (
        role_password[1],
        json.loads(secret_files[0].read_text(encoding="utf-8"))["CLIENT_SECRET"],
        secret_files[1].read_text(encoding="utf-8").strip(),
        secret_files[2].read_text(encoding="utf-8").strip().rpartition(":")[2],
    )
    for secret in secrets:
        assert len(secret) > 10
        assert secret not in done.stdout + done.stderr
    assert {stat.S_IMODE(path.stat().st_mode) for path in secret_files} == {0o600}
    assert stat.S_IMODE(demo.folder.stat().st_mode) == 0o700

    again = demo.run()
    assert again.returncode == 1
    assert "make demo-down" in again.stdout

    down = demo.run("down")
    assert (down.returncode, down.stdout) == (0, "The demonstration is ended.\n")
    demo.assert_nothing_is_left(running)
    assert [path.name for path in demo.folder.iterdir()] == ["lock"]


def test_there_may_be_nothing_to_end(demo: Demo) -> None:
    down = demo.run("down")
    assert (down.returncode, down.stdout) == (0, "No demonstration is running.\n")


def test_ctrl_c_in_an_update_leaves_no_process_behind_and_the_terminal_as_it_was(demo: Demo) -> None:
    with Terminal(demo, columns=80) as terminal:
        terminal.read_until("crm .*creating")
        running = demo.processes()
        terminal.press_ctrl_c()
        assert terminal.read_to_the_end() == 130
    assert "\x1b[1;36m1/15  Preview" in terminal.text
    assert "⠋" in terminal.text
    assert "Interrupted: " in terminal.text
    assert "Traceback" not in terminal.text
    assert terminal.text.rstrip().endswith("nothing is left running.")
    assert terminal.text.rfind("\x1b[?25h") > terminal.text.rfind("\x1b[?25l")  # the cursor is back
    demo.assert_nothing_is_left(running)
    assert [path.name for path in demo.folder.iterdir()] == ["lock"]


def test_a_step_that_fails_ends_the_demonstration_with_the_reason(demo: Demo) -> None:
    process = subprocess.Popen(demo.command, cwd=REPOSITORY, env=demo.environment, stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdout is not None
        printed = ""
        for line in process.stdout:
            printed += line
            if line.startswith("2/15"):
                servers = [each for each in demo.processes() if each.name() == "postgres"]
                for server in servers:
                    with contextlib.suppress(psutil.NoSuchProcess):  # its parent was killed before it
                        server.kill()
    assert process.returncode == 1
    assert "3/15" in printed
    assert "4/15" not in printed
    assert re.search(r"^Failed: The test of the connection fails: ", printed, re.MULTILINE)
    assert f"The logs are in {demo.folder}." in printed
    demo.assert_nothing_is_left(servers)


def test_without_an_engine_the_ways_to_one_are_named(demo: Demo) -> None:
    # A cache that cannot be: otherwise an engine would be made, and that takes minutes.
    done = demo.run(PATH="", XDG_CACHE_HOME="/dev/null/cache")
    assert done.returncode == 1
    assert "Failed: The Pulumi engine cannot be kept in /dev/null/cache" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_two_demonstrations_do_not_share_a_folder(demo: Demo) -> None:
    demo.folder.mkdir()
    with FileLock(demo.folder / "lock"):
        second = demo.run()
    assert second.returncode == 1
    assert "Another demonstration runs" in second.stdout


def test_a_picture_needs_a_folder_that_is_there(demo: Demo) -> None:
    missing = demo.home / "missing"
    done = demo.run("--picture", str(missing / "demo.svg"))
    assert done.returncode == 2
    assert f"--picture: there is no folder {missing}" in done.stderr
    assert not demo.folder.exists()
