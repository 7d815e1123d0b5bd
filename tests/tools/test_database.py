"""The throwaway PostgreSQL server: every test here talks to a real one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import psycopg
import pytest
import trustme

from tools.database import SAMPLE_TABLES, DatabaseUnavailable, GuardedProcess, PostgresServer, SampleDatabase

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).parents[2]
ENDS_WITHIN = 20.0
"""Seconds after which a process that should be gone counts as left behind."""

ANNOUNCE = """
import sys
from tools.database import PostgresServer
server = PostgresServer()
server.start()
"""
"""A program that starts a server; each test adds how it goes on."""


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with PostgresServer(tls=True) as started:
        yield started


@pytest.fixture(scope="module")
def sample(server: PostgresServer) -> SampleDatabase:
    return server.create_sample_database()


def connect(server: PostgresServer, sample: SampleDatabase, **options: Any) -> psycopg.Connection[Any]:
    return psycopg.connect(
        **{
            "host": server.host,
            "port": server.port,
            "dbname": sample.name,
            "user": sample.role,
            "password": sample.password,
            "sslmode": "disable",
            "connect_timeout": 10,
            **options,
        }
    )


def start_in_another_process(program: str) -> tuple[subprocess.Popen[str], list[psutil.Process], list[str]]:
    """Run ANNOUNCE and `program`; return it when it printed a line, all processes below it, and the line's words."""
    process = subprocess.Popen(
        [sys.executable, "-c", ANNOUNCE + program],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    words = process.stdout.readline().split()
    return process, psutil.Process(process.pid).children(recursive=True), words


def arguments_of(process: psutil.Process) -> str:
    """Return a process's command line, which is empty when it has ended meanwhile."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


def assert_all_end(processes: list[psutil.Process]) -> None:
    _, alive = psutil.wait_procs(processes, ENDS_WITHIN)
    assert alive == []


def test_a_client_connects_over_tcp_with_the_password(server: PostgresServer, sample: SampleDatabase) -> None:
    with connect(server, sample) as connection:
        assert connection.execute("SELECT current_user, current_database()").fetchone() == ("aep_reader", "crm")


def test_a_wrong_password_is_refused(server: PostgresServer, sample: SampleDatabase) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(server, sample, password="wrong")


def test_nobody_gets_in_without_a_password(server: PostgresServer, sample: SampleDatabase) -> None:
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        connect(server, sample, password="", passfile="/dev/null")


def test_the_passwords_are_stored_as_scram_verifiers(server: PostgresServer, sample: SampleDatabase) -> None:
    rows = server.execute("SELECT rolname, rolpassword FROM pg_authid WHERE rolcanlogin")
    assert {name for name, _ in rows} == {"postgres", sample.role}
    assert all(verifier.startswith("SCRAM-SHA-256$") for _, verifier in rows)


def test_after_a_change_only_the_new_password_opens(server: PostgresServer) -> None:
    sample = server.create_sample_database("rotated", role="rotating_reader")
    server.set_password(sample.role, "it's new; really")
    with connect(server, sample, password="it's new; really") as connection:
        connection.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(server, sample)


def test_the_sample_database_holds_the_tables_it_names_and_rows_in_each(
    server: PostgresServer, sample: SampleDatabase
) -> None:
    with connect(server, sample) as connection:
        rows = connection.execute(
            "SELECT table_schema || '.' || table_name FROM information_schema.tables"
            " WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
        ).fetchall()
        assert tuple(name for (name,) in rows) == SAMPLE_TABLES == sample.tables
        for table in SAMPLE_TABLES:
            assert connection.execute(b"TABLE " + table.encode()).rowcount > 0


def test_the_sample_role_may_read_and_not_write(server: PostgresServer, sample: SampleDatabase) -> None:
    with (
        connect(server, sample) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("DELETE FROM public.consents")


def test_execute_returns_the_rows_of_the_last_statement(server: PostgresServer) -> None:
    assert server.execute("SELECT 1; SELECT 2, 'zwei'") == [(2, "zwei")]
    assert server.execute("SET work_mem = '1MB'") == []


def test_a_client_can_verify_the_certificate_against_its_authority(
    server: PostgresServer, sample: SampleDatabase
) -> None:
    with connect(server, sample, sslmode="verify-full", sslrootcert=str(server.ca_file)) as connection:
        assert connection.pgconn.ssl_in_use


def test_a_client_that_trusts_another_authority_refuses_the_certificate(
    server: PostgresServer, sample: SampleDatabase, tmp_path: Path
) -> None:
    stranger = tmp_path / "stranger.pem"
    trustme.CA().cert_pem.write_to_path(stranger)
    with pytest.raises(psycopg.OperationalError, match="certificate verify failed"):
        connect(server, sample, sslmode="verify-full", sslrootcert=str(stranger))


def test_a_large_response_passes_through_tls(server: PostgresServer, sample: SampleDatabase) -> None:
    with connect(server, sample, sslmode="require") as connection:
        row = connection.execute("SELECT repeat('x', 5000000)").fetchone()
    assert row is not None
    assert len(row[0]) == 5_000_000


def test_a_server_without_tls_refuses_a_client_that_requires_it() -> None:
    with PostgresServer() as plain:
        sample = plain.create_sample_database()
        with pytest.raises(psycopg.OperationalError, match="does not support SSL"):
            connect(plain, sample, sslmode="require")
        with pytest.raises(RuntimeError, match="tls=True"):
            _ = plain.ca_file


@pytest.mark.parametrize("tls", [False, True])
def test_a_stopped_server_refuses_connections_and_comes_back_as_it_was(*, tls: bool) -> None:
    with PostgresServer(tls=tls) as server:
        sample = server.create_sample_database()
        port = server.port
        connect(server, sample).close()
        server.stop()
        with pytest.raises(psycopg.OperationalError, match="Connection refused"):
            connect(server, sample)
        server.start()
        assert server.port == port
        connect(server, sample).close()


def test_a_server_that_runs_is_not_started_twice(server: PostgresServer) -> None:
    with pytest.raises(RuntimeError, match="runs already"):
        server.start()


def test_close_leaves_no_process_and_no_temporary_folder() -> None:
    with PostgresServer() as server:
        folder = server.folder
        processes = psutil.Process().children(recursive=True)
        mine = [process for process in processes if str(folder) in arguments_of(process)]
        assert mine != []
    assert_all_end(mine)
    assert not folder.exists()


def test_a_folder_that_the_caller_gives_keeps_the_data(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("database")
    if os.geteuid() == 0:  # pytest's own folders are closed to the account that runs the server
        for parent in (folder, *folder.parents):
            if parent.stat().st_mode & 0o077 == 0:
                parent.chmod(0o711)
    with PostgresServer(folder) as server:
        assert server.folder == folder
    assert (folder / "data" / "PG_VERSION").exists()
    with pytest.raises(DatabaseUnavailable, match="exists: a new server wants a folder of its own"):
        PostgresServer(folder).start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to run the server as somebody else")
def test_root_hears_that_the_server_cannot_reach_a_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with pytest.raises(DatabaseUnavailable, match="cannot reach"):
        PostgresServer(tmp_path / "database").start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to run the server as somebody else")
def test_root_runs_the_server_as_somebody_else(server: PostgresServer) -> None:
    postmaster = int((server.folder / "data" / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
    assert psutil.Process(postmaster).uids().effective != 0


def test_a_port_that_is_taken_is_named_in_the_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(DatabaseUnavailable, match=rf"did not start on port {port}[^$]*Address already in use"):
            PostgresServer(port=port).start()


def test_a_wanted_port_is_used(server: PostgresServer) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with PostgresServer(port=port) as wanted:
        assert wanted.port == port
        assert wanted.port != server.port


def test_no_password_is_shown_by_repr_arguments_or_log(server: PostgresServer, sample: SampleDatabase) -> None:
    with pytest.raises(psycopg.OperationalError):
        connect(server, sample, password="wrong")
    arguments = [arguments_of(process) for process in psutil.Process().children(recursive=True)]
    log = (server.folder / "postgres.log").read_text(encoding="utf-8")
    for shown in (repr(server), repr(sample), log, *arguments):
        assert server.password not in shown
        assert sample.password not in shown
    assert "password authentication failed" in log


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_the_server_and_its_folder_go_when_its_process_is_ended(number: signal.Signals) -> None:
    process, children, (folder,) = start_in_another_process("print(server.folder, flush=True); sys.stdin.readline()")
    assert len(children) > 2
    process.send_signal(number)
    process.communicate(timeout=ENDS_WITHIN)
    assert process.returncode != 0
    assert_all_end(children)
    assert not Path(folder).exists()


def test_the_server_goes_when_its_process_ends_without_closing_it() -> None:
    process, children, _ = start_in_another_process("print('ready', flush=True); sys.stdin.readline()")
    process.communicate("go on\n", timeout=ENDS_WITHIN)
    assert process.returncode == 0
    assert_all_end(children)


def test_a_released_server_outlives_its_process_and_ends_on_sigterm() -> None:
    process, children, (guard, folder) = start_in_another_process(
        "print(server.release(), server.folder, flush=True); sys.stdin.readline()"
    )
    process.communicate("go on\n", timeout=ENDS_WITHIN)
    assert process.returncode == 0
    assert Path(folder).exists()
    assert all(child.is_running() for child in children)
    os.kill(int(guard), signal.SIGTERM)
    assert_all_end(children)
    assert not Path(folder).exists()


def test_what_a_guarded_command_started_does_not_outlive_it(tmp_path: Path) -> None:
    log = tmp_path / "log"
    guarded = GuardedProcess(["sh", "-c", "tail -f /dev/null & echo ready; exec tail -f /dev/null"], log=log)
    try:
        while log.read_text(encoding="utf-8") != "ready\n":
            assert guarded.poll() is None
        family = psutil.Process(guarded.pid).children(recursive=True)
        assert len(family) == 2
    finally:
        guarded.stop()
    assert_all_end(family)
    assert guarded.poll() == 0


def test_a_guard_ends_with_the_exit_code_of_its_command(tmp_path: Path) -> None:
    log, errors = tmp_path / "log", tmp_path / "errors"
    guarded = GuardedProcess(["sh", "-c", "echo said; echo failed >&2; exit 3"], log=log, errors=errors)
    assert guarded.wait() == 3
    guarded.stop()
    assert (log.read_text(encoding="utf-8"), errors.read_text(encoding="utf-8")) == ("said\n", "failed\n")
