"""Where the engine comes from: from PATH, built or installed.

`pulumi`, `go` and Pulumi's installer are small shell scripts here; everything of ours is real, processes included.
"""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tools.engine import LANGUAGES, Engine, EngineUnavailable, ensure_engine
from tools.engine.engine import SourceUnavailable
from tools.engine.path import find_on_path
from tools.engine.versions import parse_pulumi_version, pinned_pulumi, required_go

REPOSITORY = Path(__file__).parents[2]
PYTHON = LANGUAGES["python"]
SDK_SCRIPTS = ("python/cmd/pulumi-language-python-exec", "python/dist/pulumi-resource-pulumi-python")

FAKE_PULUMI = f"#!/bin/sh\necho v{pinned_pulumi()}\n"

# Does what tools.engine asks of Go. Hooks are shell lines, run before the output of a subcommand.
FAKE_GO = """#!/bin/sh
PATH=/usr/bin:/bin
here={here}
echo "$@" >> "$here/go.calls"
case "$1 $3" in
"list -m") echo "$here/sdk" ;;
"list -deps") {download}
    printf 'errors\\nfmt\\n' ;;
"build -trimpath") {compile}
    while [ "$1" != -o ]; do shift; done
    cp "$here/compiled" "$2" && chmod 755 "$2" ;;
*) echo "go: unknown: $*"; exit 2 ;;
esac
"""

# What Python gets from the network: every URL is Pulumi's install.sh.
FAKE_NETWORK = '''
import io, urllib.request
INSTALLER = b"""#!/bin/sh
PATH=/usr/bin:/bin
while [ $# -gt 0 ]; do
    case "$1" in --install-root) root=$2 ;; --version) version=$2 ;; esac
    shift
done
mkdir -p "$root/bin"
printf '#!/bin/sh\\\\necho v%s\\\\n' "$version" > "$root/bin/pulumi"
for host in python python-exec nodejs go yaml; do touch "$root/bin/pulumi-language-$host"; done
touch "$root/bin/pulumi-resource-pulumi-python"
chmod 755 "$root"/bin/*
"""
urllib.request.urlopen = lambda url: io.BytesIO(INSTALLER)
'''


def executable(path: Path, text: str = "#!/bin/sh\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return path


def pulumi_in(folder: Path, version: str, *beside: str) -> Path:
    for name in beside:
        executable(folder / name)
    return executable(folder / "pulumi", f"#!/bin/sh\necho '{version}'\n")


@dataclass
class Machine:
    """A machine of its own: its PATH, its caches, its network."""

    root: Path
    environment: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.bin = self.root / "bin"
        self.bin.mkdir()
        self.engines = self.root / "cache" / "pulumi-adobe-aep" / "engine"
        self.place = self.engines / pinned_pulumi()
        self.environment = {
            "PATH": str(self.bin),
            "HOME": str(self.root / "home"),
            "XDG_CACHE_HOME": str(self.root / "cache"),
            # Nobody listens on the port of the discard service: get.pulumi.com is out of reach.
            "https_proxy": "http://127.0.0.1:9",
        }

    def has_go(self, *, download: str = "", compile_: str = "") -> None:
        for script in SDK_SCRIPTS:
            (self.root / "sdk" / script).parent.mkdir(parents=True, exist_ok=True)
            (self.root / "sdk" / script).write_text("#!/bin/sh\n", encoding="utf-8")
        self.compiles_to(FAKE_PULUMI)
        executable(self.bin / "go", FAKE_GO.format(here=self.root, download=download, compile=compile_ or ":"))

    def compiles_to(self, text: str) -> None:
        (self.root / "compiled").write_text(text, encoding="utf-8")

    def has_go_that_stops_while_compiling(self) -> None:
        """Its compiler says its process id into `compiling`, then goes on when somebody writes into `go-on`."""
        os.mkfifo(self.root / "compiling")
        os.mkfifo(self.root / "go-on")
        self.has_go(compile_='[ -p "$here/go-on" ] && { echo $$ > "$here/compiling"; cat "$here/go-on" > /dev/null; }')

    def wait_for_compiler(self) -> int:
        return int((self.root / "compiling").read_text(encoding="utf-8"))

    def let_compiler_go_on(self) -> None:
        waiting = self.root / "go-on"
        pipe = os.open(waiting, os.O_WRONLY)  # returns when the compiler is there to read
        waiting.unlink()  # the next one does not stop any more
        os.close(pipe)

    def reaches_the_installer(self) -> None:
        (self.root / "network").mkdir()
        (self.root / "network" / "sitecustomize.py").write_text(FAKE_NETWORK, encoding="utf-8")
        self.environment["PYTHONPATH"] = str(self.root / "network")

    def go_calls(self, subcommand: str) -> int:
        calls = (self.root / "go.calls").read_text(encoding="utf-8").splitlines()
        return sum(call.startswith(subcommand) for call in calls)

    def start(self, *languages: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "tools.engine", *languages],
            cwd=REPOSITORY,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *languages: str) -> "subprocess.CompletedProcess[str]":
        with self.start(*languages) as process:
            stdout, stderr = process.communicate()
        return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)

    def remains(self) -> list[str]:
        return sorted(path.name for path in self.engines.iterdir() if path.name.startswith("."))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def assert_whole(engine_bin: Path, *languages: str) -> None:
    hosts = [name for language in ("python", *languages) for name in LANGUAGES[language]]
    assert [name for name in ("pulumi", *hosts) if not os.access(engine_bin / name, os.X_OK)] == []


# --- The versions


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("v3.253.9", "v3.254.0"),
        ("v3.254.0-alpha.1", "v3.254.0"),
        ("v3.254.0", "v3.260.0-alpha.x1a2b3c"),
        ("3.99.0", "3.254.0"),
        ("v3.259.0+dirty", "v4.0.0"),
    ],
)
def test_versions_of_pulumi_compare_by_number_and_a_pre_release_comes_before_its_release(
    older: str, newer: str
) -> None:
    low, high = parse_pulumi_version(older), parse_pulumi_version(newer)
    assert low is not None
    assert high is not None
    assert low < high


@pytest.mark.parametrize("text", ["", "3.254", "pulumi 3.254.0", "v3.x.0", "command not found"])
def test_what_is_not_a_version_of_pulumi_is_not_taken_for_one(text: str) -> None:
    assert parse_pulumi_version(text) is None


# --- From PATH


@pytest.mark.parametrize("version", ["v3.254.0", "3.254.1", "v3.260.0-alpha.x1a2b3c", "v3.259.0+dirty", "v4.0.0"])
def test_a_pulumi_on_path_is_taken_from_3_254_on(version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pulumi = pulumi_in(tmp_path, version, *PYTHON)
    monkeypatch.setenv("PATH", str(tmp_path))

    engine = ensure_engine(report=lambda _: None)

    assert engine == Engine(bin_dir=tmp_path, pulumi=pulumi, version=version.removeprefix("v"), source="path")


@pytest.mark.parametrize("version", ["v3.253.0", "v3.253.99", "v3.254.0-alpha.1", "v2.999.0"])
def test_an_older_pulumi_on_path_is_refused_and_named(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulumi = pulumi_in(tmp_path, version, *PYTHON)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(SourceUnavailable) as refused:
        find_on_path()

    assert str(refused.value) == f"{pulumi} is {version}, older than 3.254."


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("#!/bin/sh\necho hello\n", "prints 'hello' when asked for its version."),
        ("#!/bin/sh\nexit 7\n", "does not run: "),
        ("#!/no/such/interpreter\n", "does not run: "),
    ],
)
def test_a_pulumi_on_path_that_does_not_work_is_refused_with_the_reason(
    script: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    executable(tmp_path / "pulumi", script)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(SourceUnavailable) as refused:
        find_on_path()

    assert reason in str(refused.value)


def test_a_pulumi_on_path_without_the_host_of_a_language_that_is_asked_for_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulumi = pulumi_in(tmp_path, "v3.259.0", *PYTHON, *LANGUAGES["nodejs"])
    monkeypatch.setenv("PATH", str(tmp_path))

    assert find_on_path(["nodejs"]).pulumi == pulumi
    with pytest.raises(SourceUnavailable, match=r"but pulumi-language-yaml is neither beside it nor on PATH\.$"):
        find_on_path(["nodejs", "yaml"])


@pytest.mark.parametrize("missing", PYTHON)
def test_a_pulumi_on_path_without_a_part_of_its_python_language_host_is_refused(
    missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulumi = pulumi_in(tmp_path, "v3.259.0", *(set(PYTHON) - {missing}))
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(SourceUnavailable) as refused:
        find_on_path()

    assert str(refused.value) == f"{pulumi} is v3.259.0, but {missing} is neither beside it nor on PATH."


def test_the_language_host_is_found_beside_the_pulumi_that_a_link_on_path_leads_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = pulumi_in(tmp_path / "versions" / "3.259.0", "v3.259.0", *PYTHON)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "pulumi").symlink_to(real)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))

    assert find_on_path().pulumi == tmp_path / "bin" / "pulumi"


def test_the_only_line_on_stdout_is_the_folder_to_put_on_path(machine: Machine) -> None:
    pulumi_in(machine.bin, "v3.259.0", *PYTHON)

    result = machine.run()

    assert result.stdout == f"{machine.bin}\n"
    assert result.stderr == f"Pulumi 3.259.0 from PATH: {machine.bin / 'pulumi'}\n"
    assert result.returncode == 0


# --- Built


def test_without_pulumi_it_is_built_with_go_and_every_step_prints_its_seconds(machine: Machine) -> None:
    machine.has_go()

    result = machine.run()

    assert result.returncode == 0, result.stderr
    assert result.stdout == f"{machine.place / 'bin'}\n"
    assert_whole(machine.place / "bin")
    assert f"Building Pulumi {pinned_pulumi()}, only once" in result.stderr
    assert "  compiling pulumi: done in 0 s" in result.stderr
    assert machine.remains() == []


def test_an_old_pulumi_on_path_is_passed_over_with_a_sentence_and_one_is_built(machine: Machine) -> None:
    pulumi_in(machine.bin, "v3.253.0", *PYTHON)
    machine.has_go()

    result = machine.run()

    assert result.stdout == f"{machine.place / 'bin'}\n"
    assert f"{machine.bin / 'pulumi'} is v3.253.0, older than 3.254." in result.stderr


def test_a_second_call_finds_what_the_first_has_built_and_starts_nothing(machine: Machine) -> None:
    machine.has_go()
    first = machine.run()
    (machine.bin / "go").unlink()
    executable(machine.place / "bin" / "pulumi", "#!/bin/sh\nexit 1\n")  # would show if it were asked for anything

    second = machine.run()

    assert second.stdout == first.stdout
    assert f"Pulumi {pinned_pulumi()}, built earlier: " in second.stderr


def test_two_at_once_build_only_once(machine: Machine) -> None:
    machine.has_go_that_stops_while_compiling()
    with machine.start() as first:
        machine.wait_for_compiler()
        with machine.start() as second:
            assert second.stderr is not None
            said = iter(second.stderr.readline, "")
            assert any(line.startswith("Another process is getting Pulumi") for line in said)
            machine.let_compiler_go_on()
            first_out, _ = first.communicate()
            second_out, _ = second.communicate()

    assert (first.returncode, second.returncode) == (0, 0)
    assert first_out == second_out == f"{machine.place / 'bin'}\n"
    assert machine.go_calls("build") == 3  # the engine, its language host and what starts that


def test_a_killed_build_leaves_nothing_that_is_taken_for_an_engine_and_the_next_call_builds_one(
    machine: Machine,
) -> None:
    machine.has_go_that_stops_while_compiling()
    with machine.start() as killed:
        machine.wait_for_compiler()
        killed.kill()
        killed.wait()
    left_behind = machine.remains()
    place_of_the_killed = machine.place.exists()
    machine.let_compiler_go_on()

    result = machine.run()

    assert len(left_behind) == 1
    assert not place_of_the_killed
    assert result.returncode == 0, result.stderr
    assert_whole(machine.place / "bin")
    assert machine.remains() == []


@pytest.mark.parametrize(("ending", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_ending_the_process_ends_the_compiler_and_removes_what_was_made(
    ending: signal.Signals, code: int, machine: Machine
) -> None:
    machine.has_go_that_stops_while_compiling()
    with machine.start() as process:
        compiler = machine.wait_for_compiler()
        process.send_signal(ending)
        stdout, stderr = process.communicate()

    assert (process.returncode, stdout) == (code, "")
    assert "Traceback" not in stderr
    with pytest.raises(ProcessLookupError):
        os.kill(compiler, 0)
    assert machine.remains() == []
    assert not machine.place.exists()


def test_an_engine_that_lost_a_part_is_made_again(machine: Machine) -> None:
    machine.has_go()
    machine.run()
    (machine.place / "bin" / "pulumi-language-python").unlink()

    result = machine.run()

    assert result.returncode == 0, result.stderr
    assert_whole(machine.place / "bin")
    assert machine.remains() == []


def test_a_build_that_came_out_as_another_version_is_not_kept(machine: Machine) -> None:
    machine.has_go()
    machine.compiles_to("#!/bin/sh\necho v3.1.0\n")

    result = machine.run()

    assert result.returncode == 1
    assert f"What was made prints the version 'v3.1.0', not v{pinned_pulumi()}." in result.stderr
    assert not machine.place.exists()


def test_a_go_that_is_too_old_is_passed_over_with_what_it_says_itself(machine: Machine) -> None:
    too_old = f"go: go.mod requires go >= {required_go()} (running go 1.24.2; GOTOOLCHAIN=local)"
    machine.has_go(download=f"echo '{too_old}'; exit 1;")
    machine.reaches_the_installer()

    result = machine.run()

    assert f"Downloading the modules of pulumi failed: {too_old} (see " in result.stderr
    assert f"Pulumi {pinned_pulumi()}, installed in " in result.stderr


def test_the_host_of_a_language_is_added_to_an_engine_that_was_built_without_it(machine: Machine) -> None:
    machine.has_go()
    machine.run()
    built = machine.go_calls("build")

    result = machine.run("yaml", "nodejs")

    assert result.returncode == 0, result.stderr
    assert_whole(machine.place / "bin", "yaml", "nodejs")
    assert machine.go_calls("build") - built == 2
    assert f"Pulumi {pinned_pulumi()}, built earlier: " in machine.run("nodejs").stderr


def test_only_what_was_built_from_other_pins_is_built_again(machine: Machine) -> None:
    machine.has_go()
    machine.run("yaml", "go")
    built = machine.go_calls("build")
    record = machine.place / "engine.json"
    content = json.loads(record.read_text(encoding="utf-8"))
    content["digests"]["language-yaml"] = "of a go.mod of last year"
    record.write_text(json.dumps(content), encoding="utf-8")

    result = machine.run("yaml", "go")

    assert "compiling pulumi-language-yaml: done" in result.stderr
    assert machine.go_calls("build") - built == 1
    assert f"Pulumi {pinned_pulumi()}, built earlier: " in machine.run("yaml", "go").stderr


def test_a_language_that_does_not_exist_is_refused_with_those_that_do(machine: Machine) -> None:
    result = machine.run("yaml", "cobol")

    assert result.returncode == 2
    assert "unknown language: cobol (there are python, yaml, nodejs, go)" in result.stderr


# --- Installed


def test_without_go_pulumis_own_installer_is_run(machine: Machine) -> None:
    machine.reaches_the_installer()

    result = machine.run()

    assert result.returncode == 0, result.stderr
    assert result.stdout == f"{machine.place / 'bin'}\n"
    assert_whole(machine.place / "bin")
    assert not (machine.root / "home").exists()
    assert f"Pulumi {pinned_pulumi()}, installed earlier: " in machine.run().stderr


def test_the_installer_brings_the_hosts_of_all_languages(machine: Machine) -> None:
    machine.reaches_the_installer()
    machine.run()

    result = machine.run("yaml", "nodejs", "go")

    assert_whole(machine.place / "bin", "yaml", "nodejs", "go")
    assert f"Pulumi {pinned_pulumi()}, installed earlier: " in result.stderr


def test_a_failing_build_says_why_and_where_its_log_is_and_the_installer_is_tried(machine: Machine) -> None:
    machine.has_go(download="echo 'proxy.golang.org: connection refused'; exit 1;")
    machine.reaches_the_installer()

    result = machine.run()

    log = machine.engines / f"{pinned_pulumi()}.log"
    reason = f"Downloading the modules of pulumi failed: proxy.golang.org: connection refused (see {log})"
    assert reason in result.stderr
    assert "connection refused" in log.read_text(encoding="utf-8")
    assert f"Pulumi {pinned_pulumi()}, installed in " in result.stderr


# --- No source


def test_without_pulumi_go_and_network_one_error_names_the_three_sources_and_why_none_of_them_works(
    machine: Machine,
) -> None:
    result = machine.run()

    assert (result.returncode, result.stdout) == (1, "")
    _, _, error = result.stderr.partition("There is no Pulumi engine here.")
    lines = error.splitlines()
    assert lines[1].startswith("  1. pulumi 3.254 or newer on PATH")
    assert lines[2] == "     Now: There is no pulumi on PATH."
    assert lines[3].startswith(f"  2. Go {required_go()} or newer on PATH")
    assert lines[4] == "     Now: There is no go on PATH."
    assert lines[5].startswith("  3. get.pulumi.com within reach")
    assert lines[6].startswith("     Now: Running the official installer failed: get.pulumi.com: ")
    assert "Traceback" not in result.stderr


def test_a_cache_that_cannot_be_written_is_an_error_that_names_the_folder_and_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))

    with pytest.raises(EngineUnavailable, match=r"cannot be kept in .*/file/pulumi-adobe-aep/engine.*XDG_CACHE_HOME"):
        ensure_engine(report=lambda _: None)


@pytest.mark.parametrize("variable", [None, "", "relative/folder"])
def test_without_a_usable_xdg_cache_home_the_engine_is_kept_in_the_home_folder(
    variable: str | None, machine: Machine
) -> None:
    machine.has_go()
    del machine.environment["XDG_CACHE_HOME"]
    if variable is not None:
        machine.environment["XDG_CACHE_HOME"] = variable

    result = machine.run()

    home = Path(machine.environment["HOME"])
    assert result.stdout == f"{home / '.cache/pulumi-adobe-aep/engine' / pinned_pulumi() / 'bin'}\n"


# --- For callers


def test_the_environment_finds_this_python_first_then_the_engine_then_what_was_there(tmp_path: Path) -> None:
    engine = Engine(bin_dir=tmp_path, pulumi=tmp_path / "pulumi", version="3.259.0", source="built")

    environment = engine.environment({"PATH": "/usr/bin:/bin", "LANG": "C"})

    assert environment["PATH"] == f"{Path(sys.executable).parent}:{tmp_path}:/usr/bin:/bin"
    assert environment["LANG"] == "C"
    assert engine.environment({})["PATH"] == f"{Path(sys.executable).parent}:{tmp_path}"


def test_importing_it_does_not_import_the_pulumi_sdk() -> None:
    code = "import sys, tools.engine; sys.exit('pulumi' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, check=False).returncode == 0
