"""Fixtures for every test: a database on each engine, and the author's console on it.

A test that asks for ``database`` runs on SQLite and on PostgreSQL, there as a
role that owns nothing. ``owned_database`` sees the same rows as their owner, who
may change tables. The names with an engine in them run on that engine only.
"""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from pathlib import Path, PurePath

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis.database import DirectoryBasedExampleDatabase
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import select

from survey.db import Database
from survey.models import Study
from survey.store import schema
from survey.web.security import Application
from tests import worlds
from tests.clients import console
from tests.clients.pages import PageClient
from tests.machinery.databases import in_turn, lent, ways
from tests.machinery.postgres import PostgresServer, Rows, Urls, running_server
from tests.machinery.server import Server, running_service
from tests.worlds import World, rankable

ROOT = Path(__file__).resolve().parents[1]

ENGINES = ("sqlite", "postgresql")

#: Where the subject is not the rows but the pages and what is made of rows.
ONE_DATABASE = ("authors", "browser", "desk", "experts", "readers/rankings", "sign_in")

#: By fixture, the world in which its study is.
STUDIES = {"pilot": worlds.drafted, "small": worlds.small, "example": worlds.example}

MakeFile = Callable[[World], Path]
MakeRows = Callable[[World], Rows]

# Looking for garbage among all that is imported took a fifth of the time.
gc.set_threshold(100_000, 50, 100)

# No test asserts a time: a busy machine is no fault.
for profile, examples in {"every run": 40, "nightly": 1_000}.items():
    settings.register_profile(
        profile,
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        database=DirectoryBasedExampleDatabase(ROOT / ".cache" / "hypothesis"),
    )


class KeptTemplates(BytecodeCache):
    """Nearly every test makes an application; the templates are compiled for the first one."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


Application.jinja_options = {**Application.jinja_options, "bytecode_cache": KeptTemplates()}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--every-combination",
        action="store_true",
        help="page tests on both databases, not on one in turn; browser tests in every combination "
        "of database, language, script, width and scheme, not every pair only",
    )
    parser.addoption(
        "--nightly", action="store_true", help="also the tests that are too long for every push"
    )


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("nightly" if config.getoption("nightly") else "every run")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    asked = set(metafunc.fixturenames)
    if "engine" in asked:
        if {"language", "scripts"} <= asked:
            metafunc.parametrize(("engine", "language", "scripts"), ways_of(metafunc))
        else:
            metafunc.parametrize("engine", engines_of(metafunc, asked))


def engines_of(metafunc: pytest.Metafunc, asked: set[str]) -> list[str]:
    """Return the databases of a test: both if rows are its subject, else one in turn."""
    if "sqlite_database" in asked:
        return ["sqlite"]
    if asked & {"postgresql_database", "owned_postgresql_database"}:
        return ["postgresql"]
    folder = metafunc.definition.path.relative_to(ROOT / "tests")
    rooms = map(PurePath.as_posix, folder.parents)
    if metafunc.config.getoption("every_combination") or not {*ONE_DATABASE} & {*rooms}:
        return list(ENGINES)
    return [in_turn(ENGINES, metafunc.function.__qualname__)]


def ways_of(metafunc: pytest.Metafunc) -> list[tuple[str, str, bool]]:
    """Return the databases, languages and browsers (with script, without) of a trip."""
    marker = metafunc.definition.get_closest_marker("languages")
    languages = marker.args if marker else ("en", "zh")
    if metafunc.config.getoption("every_combination"):
        return list(product(ENGINES, languages, (True, False)))
    return ways(ENGINES, languages, metafunc.function.__qualname__)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("nightly"):
        left_out = [item for item in items if item.get_closest_marker("nightly")]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture
def database(database_urls: Urls) -> Iterator[Database]:
    with lent(database_urls.application, "test") as database:
        yield database


@pytest.fixture
def owned_database(database: Database, database_urls: Urls) -> Iterator[Database]:
    if database.is_sqlite:
        yield database
        return
    owned = Database(database_urls.owner)
    yield owned
    owned.close()


@pytest.fixture
def sqlite_database(database: Database) -> Database:
    return database


@pytest.fixture
def postgresql_database(database: Database) -> Database:
    return database


@pytest.fixture
def owned_postgresql_database(owned_database: Database) -> Database:
    return owned_database


@pytest.fixture
def live_server(database_url: str, tmp_path: Path) -> Iterator[Server]:
    """The service in a process of its own, on the database that the test sees."""
    with running_service(database_url, tmp_path) as server:
        yield server


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    app = console.application(database_url, tmp_path)
    yield app
    app.extensions["database"].close()


@pytest.fixture
def store(app: Flask) -> Database:
    """The application's own database."""
    found: Database = app.extensions["database"]
    return found


@pytest.fixture
def author(app: Flask) -> PageClient:
    """The signed-in author's browser."""
    return console.signed_in(app)


@pytest.fixture
def world(request: pytest.FixtureRequest) -> World:
    """Content of the database when a test begins: the study that it asks for, or nothing."""
    (found,) = [make for name, make in STUDIES.items() if name in request.fixturenames] or [
        worlds.nothing
    ]
    return found


@pytest.fixture
def beginning(request: pytest.FixtureRequest) -> World:
    """The world that the test or its file is marked with, else the one of its folder."""
    marker = request.node.get_closest_marker("world")
    found: World = getattr(worlds, marker.args[0]) if marker else request.getfixturevalue("world")
    return found


@pytest.fixture
def pilot(store: Database) -> str:
    """A study of the author's, its round a draft; where it is found."""
    return "/author/studies/pilot"


@pytest.fixture
def small(database: Database) -> Study:
    """A small study that can be ranked, its weights frozen."""
    return study_of(database, "small")


@pytest.fixture
def example(database: Database) -> Study:
    """The first edition, its weights frozen."""
    return study_of(database, rankable.EXAMPLE.name)


def study_of(database: Database, code: str) -> Study:
    with database.reading() as session:
        study = session.scalars(select(Study).where(Study.code == code)).one()
        assert study.rounds  # loaded, to be read after the session
        return study


@pytest.fixture
def database_url(database_urls: Urls) -> str:
    """Where the application finds its database: migrated and empty."""
    return database_urls.application


@pytest.fixture
def database_urls(engine: str, request: pytest.FixtureRequest) -> Urls:
    urls: Urls = request.getfixturevalue(f"{engine}_urls")
    return urls


@pytest.fixture
def sqlite_urls(beginning: World, sqlite_worlds: MakeFile, sqlite_place: Path) -> Urls:
    shutil.rmtree(sqlite_place.parent, ignore_errors=True)  # whatever the test before left
    sqlite_place.parent.mkdir(mode=0o700)  # the service refuses what others can read
    shutil.copy(sqlite_worlds(beginning), sqlite_place)
    return Urls(f"sqlite:///{sqlite_place}", f"sqlite:///{sqlite_place}")


@pytest.fixture(scope="session")
def sqlite_worlds(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> MakeFile:
    @cache
    def make(world: World) -> Path:
        if world is worlds.nothing:
            return migrated_file
        path = tmp_path_factory.mktemp("world") / "steelyard.sqlite3"
        shutil.copy(migrated_file, path)
        fill(f"sqlite:///{path}", world)
        return path

    return make


@pytest.fixture(scope="session")
def sqlite_place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the SQLite database of each test is: in the same place, for its engine is kept."""
    return tmp_path_factory.mktemp("database") / "steelyard.sqlite3"


@pytest.fixture
def postgresql_urls(
    beginning: World,
    postgresql_worlds: MakeRows,
    postgres_server: PostgresServer,
    shared_database: str,
    request: pytest.FixtureRequest,
) -> Iterator[Urls]:
    rows = postgresql_worlds(beginning)
    # Only an owner changes tables; after other tests, removing the rows is enough.
    if "owned_database" in request.fixturenames:
        name = postgres_server.create_database()
        postgres_server.put_rows(name, rows)
        yield postgres_server.urls(name)
        postgres_server.drop_database(name)
    else:
        postgres_server.put_rows(shared_database, rows)
        yield postgres_server.urls(shared_database)
        postgres_server.empty_database(shared_database)


@pytest.fixture(scope="session")
def postgresql_worlds(postgres_server: PostgresServer, shared_database: str) -> MakeRows:
    """Make a world in the shared database, which is empty between two tests."""

    @cache
    def make(world: World) -> Rows:
        if world is worlds.nothing:
            return Rows({}, {})
        fill(postgres_server.urls(shared_database).application, world)
        rows = postgres_server.copy_rows(shared_database)
        postgres_server.empty_database(shared_database)
        return rows

    return make


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "steelyard.sqlite3"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A server with a migrated database to copy, called ``template``."""
    with running_server(os.environ.get("STEELYARD_TEST_POSTGRES", "18")) as server:
        _migrate(server.urls("template").owner)
        yield server


@pytest.fixture(scope="session")
def shared_database(postgres_server: PostgresServer) -> str:
    return postgres_server.create_database()


def fill(url: str, world: World) -> None:
    database = Database(url)
    with database.writing() as session:
        world(session)
    database.close()


def _migrate(url: str) -> None:
    database = Database(url)
    schema.upgrade(database)
    database.close()
