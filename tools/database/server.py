"""A real PostgreSQL server on TCP, made in seconds and thrown away after use."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from tools.database.account import Account, run_as, server_account
from tools.database.binaries import find_binaries
from tools.database.certificates import Certificates, make_certificates
from tools.database.errors import DatabaseUnavailable
from tools.database.guarded import GuardedProcess
from tools.database.tls_front import TlsFront

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

HOST = "127.0.0.1"
SUPERUSER = "postgres"
SAMPLE_SQL = Path(__file__).with_name("crm.sql")
SAMPLE_TABLES = ("public.consents", "public.customers", "sales.order_lines", "sales.orders", "sales.revenue_by_country")
"""What the sample database holds, views included, in alphabetical order."""

START_TIMEOUT = 60.0
"""Seconds from starting `postgres` to its readiness; it takes 0.1 on an idle machine."""
READY_LINE = 7
"""The line of postmaster.pid, from 0, in which the server says that it takes connections (pg_ctl reads it too)."""
PORT_ATTEMPTS = 5
LOG_LINES = 5

SETTINGS = {
    "listen_addresses": HOST,
    # No socket: its path would have to be short, and TCP is what a connector uses.
    "unix_socket_directories": "",
    # Nothing here needs to survive a crash of the machine.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "16MB",
    # A statement that fails may hold a password.
    "log_min_error_statement": "panic",
}


@dataclass(frozen=True)
class SampleDatabase:
    """The sample database and the role that may read it."""

    name: str
    role: str
    password: str = field(repr=False)
    tables: tuple[str, ...] = SAMPLE_TABLES


class PostgresServer:
    """A PostgreSQL server of its own on 127.0.0.1, with password authentication (SCRAM).

    It takes about a second to make. As root the server runs as `nobody`, because `postgres` refuses root. It ends with
    `close()`, with the `with` block, and in any case with this process, even if that is killed.

    Args:
        folder: An empty or new folder for its data, which is left there; by default a temporary one, which is removed.
        port: The port; by default a free one.
        tls: Offer TLS, with a certificate for 127.0.0.1 and localhost from an authority of its own (`ca_file`).

    Raises:
        DatabaseUnavailable: From `start()`: no programs, or the server does not come up.
    """

    host = HOST
    user = SUPERUSER

    def __init__(self, folder: Path | None = None, *, port: int | None = None, tls: bool = False) -> None:
        self.password = secrets.token_urlsafe(24)
        self._folder = folder
        self._wanted_port = port
        self._port: int | None = None
        self._tls = tls
        self._front: TlsFront | None = None
        self._front_port = (port or 0) if tls else 0
        self._certificates: Certificates | None = None
        self._account: Account | None = None
        self._binaries: Path | None = None
        self._process: GuardedProcess | None = None
        self._temporary: Path | None = None
        self._made = ExitStack()

    def __repr__(self) -> str:
        where = f"{self.host}:{self.port}" if self._port else self.host
        return f"PostgresServer({where}, {'running' if self.running else 'stopped'})"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def running(self) -> bool:
        """Whether the server runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def port(self) -> int:
        """The port it listens on; the same after `stop()` and `start()`."""
        if self._port is None:
            raise RuntimeError("The server has no port before its first start.")
        return self._front_port or self._port

    @property
    def ca_file(self) -> Path:
        """The PEM file of the authority that issued the server's certificate."""
        if self._certificates is None:
            raise RuntimeError("The server has no certificate: ask for one with PostgresServer(tls=True) and start it.")
        return self._certificates.authority

    @property
    def folder(self) -> Path:
        """Where its data (`data/`) and its log (`postgres.log`) are."""
        if self._folder is None:
            raise RuntimeError("The server has no folder before its first start.")
        return self._folder

    @property
    def dsn(self) -> str:
        """How to connect as the superuser. Holds the password: not to be shown."""
        return self.dsn_for("postgres")

    def dsn_for(self, database: str) -> str:
        """Return how to connect to `database` as the superuser. Holds the password: not to be shown."""
        trust = {"sslmode": "verify-full", "sslrootcert": str(self.ca_file)} if self._tls else {"sslmode": "disable"}
        return psycopg.conninfo.make_conninfo(
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password,
            dbname=database,
            connect_timeout=10,
            **trust,
        )

    def start(self) -> None:
        """Start the server, making its data at the first time; return when it takes connections.

        Raises:
            DatabaseUnavailable: No programs, or the server does not come up.
        """
        if self.running:
            raise RuntimeError("The server runs already.")
        if self._port is not None:
            self._start_process()
            return
        try:
            self._make()
            self._start_process()
        except BaseException:
            self.close()
            raise

    def stop(self) -> None:
        """Stop the server and keep its data and port for the next `start()`."""
        if self._front is not None:
            self._front.stop()
            self._front = None
        if self._process is not None:
            self._process.stop()
            self._process = None

    def close(self) -> None:
        """Stop the server and remove what was made for it; a folder that the caller gave stays."""
        self.stop()
        self._made.close()

    def release(self) -> int:
        """Keep the server running after this process; return the id of the process that SIGTERM ends, with its data."""
        if self._process is None:
            raise RuntimeError("The server does not run.")
        if self._front is not None:
            raise RuntimeError("TLS is done by this process: a server with tls=True cannot outlive it.")
        self._process.release()
        return self._process.pid

    def execute(self, statement: str, *, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run SQL as the superuser, several statements too; return the rows of the last one (none: empty)."""
        with psycopg.connect(self.dsn_for(database), autocommit=True) as connection:
            # The statements come from this repository's own code, never from input.
            cursor = connection.execute(statement.encode())
            while cursor.nextset():
                pass
            return cursor.fetchall() if cursor.description else []

    def set_password(self, role: str, password: str) -> None:
        """Set the password of `role`. Only its SCRAM verifier is sent, so that no log can show the password."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            self._set_password(connection, role, password)

    def create_sample_database(
        self, name: str = "crm", *, role: str = "aep_reader", password: str | None = None
    ) -> SampleDatabase:
        """Make a database with the tables of `crm.sql` and a role that may read them.

        Args:
            name: The name of the new database.
            role: The role, made if there is none of this name.
            password: The role's password; by default a random one.
        """
        sample = SampleDatabase(name, role, password or secrets.token_urlsafe(18))
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).rowcount:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
            self._set_password(connection, role, sample.password)
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        with psycopg.connect(self.dsn_for(name)) as connection:
            connection.execute(SAMPLE_SQL.read_bytes())
            for schema in sorted({table.partition(".")[0] for table in SAMPLE_TABLES}):
                for right in ("USAGE ON SCHEMA {}", "SELECT ON ALL TABLES IN SCHEMA {}"):
                    grant = sql.SQL("GRANT ") + sql.SQL(right).format(sql.Identifier(schema))
                    connection.execute(grant + sql.SQL(" TO {}").format(sql.Identifier(role)))
        return sample

    @staticmethod
    def _set_password(connection: psycopg.Connection[Any], role: str, password: str) -> None:
        verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
        connection.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier.decode()))
        )

    def _make(self) -> None:
        """Make the folder, the database cluster in it and the certificates."""
        try:
            self._account = server_account()
        except LookupError as error:
            raise DatabaseUnavailable(str(error)) from None
        work = Path(tempfile.mkdtemp(prefix="postgres-", dir=self._temporary_root()))
        self._made.callback(shutil.rmtree, work, ignore_errors=True)
        folder = self._folder or work
        folder.mkdir(parents=True, exist_ok=True)
        if self._account is not None:
            if not self._account.reaches(folder):
                raise DatabaseUnavailable(
                    f"Root runs PostgreSQL as {self._account.name}, who cannot reach {folder}: give a folder whose"
                    " parents are open to everybody, or none for a temporary one."
                )
            folder.chmod(0o755)
            work.chmod(0o755)
        binaries = find_binaries(self._account, work / "postgresql")
        self._initialize(binaries, folder / "data", work)
        if self._tls:
            self._certificates = make_certificates(folder, HOST, "localhost")
        self._folder = folder
        self._temporary = work
        self._binaries = binaries

    def _temporary_root(self) -> str | None:
        """Return where to make the temporary folder; None is the usual place."""
        usual = Path(tempfile.gettempdir())
        if self._account is None or self._account.reaches(usual / "postgres"):
            return None
        return "/tmp"  # noqa: S108 - mkdtemp makes a folder of our own in it

    def _initialize(self, binaries: Path, data: Path, work: Path) -> None:
        """Run initdb."""
        try:
            data.mkdir(mode=0o700)
        except FileExistsError:
            raise DatabaseUnavailable(f"{data} exists: a new server wants a folder of its own.") from None
        password_file = work / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(self.password + "\n", encoding="utf-8")
        if self._account is not None:
            self._account.own(data)
            self._account.own(password_file)
        command = [str(binaries / "initdb"), "-D", str(data), "-U", SUPERUSER, "-A", "scram-sha-256"]
        try:
            subprocess.run(
                [*command, "-E", "UTF8", "--locale=C", "--no-sync", f"--pwfile={password_file}"],
                check=True,
                capture_output=True,
                text=True,
                env=_environment(),
                cwd=work,
                **run_as(self._account),
            )
        except subprocess.CalledProcessError as error:
            raise DatabaseUnavailable(f"initdb failed: {error.stderr.strip()}") from None
        finally:
            password_file.unlink()

    def _start_front(self) -> None:
        if self._certificates is not None and self._port is not None:
            self._front = TlsFront(HOST, self._front_port, self._port, self._certificates)
            self._front_port = self._front.port

    def _start_process(self) -> None:
        wanted = self._port or (None if self._tls else self._wanted_port)
        for attempt in range(1, PORT_ATTEMPTS + 1):
            port = wanted or _free_port()
            self._launch(port)
            if self._became_ready():
                self._port = port
                self._start_front()
                return
            # Between the look for a free port and the start, another program may have taken it.
            if wanted or "Address already in use" not in self._log_end() or attempt == PORT_ATTEMPTS:
                raise DatabaseUnavailable(f"PostgreSQL did not start on port {port}. Its log ends:\n{self._log_end()}")

    def _launch(self, port: int) -> None:
        if self._binaries is None:
            raise RuntimeError("The server is not made yet.")
        data = self.folder / "data"
        # After a kill the file of the last life would say "ready" at once.
        (data / "postmaster.pid").unlink(missing_ok=True)
        self._log.unlink(missing_ok=True)
        self._process = GuardedProcess(
            [
                self._binaries / "postgres",
                *("-D", data),
                *("-p", str(port)),
                *(word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")),
            ],
            log=self._log,
            stop_signal=signal.SIGINT,  # PostgreSQL's "fast shutdown": ends the sessions, then itself
            account=self._account,
            env=_environment(),
            remove=self._temporary,
        )

    def _became_ready(self) -> bool:
        """Wait until the server takes connections; return whether it does."""
        deadline = time.monotonic() + START_TIMEOUT
        while self.running and time.monotonic() < deadline:
            try:
                lines = (self.folder / "data" / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            except FileNotFoundError:
                lines = []
            if len(lines) > READY_LINE and lines[READY_LINE].strip() == "ready":
                return True
            time.sleep(0.02)
        self.stop()
        return False

    @property
    def _log(self) -> Path:
        return self.folder / "postgres.log"

    def _log_end(self) -> str:
        return "\n".join(self._log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_LINES:])


def _environment() -> dict[str, str]:
    """Return the own environment without the variables that steer PostgreSQL's programs."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))} | {"LC_ALL": "C"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
