"""Figures on both databases and on a real Valkey."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from figures.drain import Drain
from figures.tally import Tally
from records.database import Database
from records.migrate import migrate
from records.tables import metadata
from sessions.connection import Connection
from tests.conversation import TODAY, Clock
from tests.postgresql import serving, why_not


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    if reason := why_not():
        pytest.skip(reason)
    with serving() as url:
        database = Database(url, 20)
        migrate(database)
        database.close()
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database with the newest tables and nothing in them."""
    if request.param == "sqlite":
        migrated: Path = request.getfixturevalue("migrated")
        (tmp_path / "records.sqlite").write_bytes(migrated.read_bytes())
        return f"sqlite:///{tmp_path}/records.sqlite"
    found: str = request.getfixturevalue("postgresql_url")
    database = Database(found, 5)
    names = ", ".join(name for name in metadata.tables if name != "audit_head")
    with database.write() as connection:
        connection.execute(text(f"TRUNCATE {names} CASCADE"))
    database.close()
    return found


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    database = Database(url, 10)
    yield database
    database.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def connection(redis_url: str) -> Iterator[Connection]:
    connection = Connection(redis_url, 2)
    yield connection
    connection.close()


@pytest.fixture
def tally(connection: Connection) -> Tally:
    return Tally(connection.ask, lambda: TODAY)


@pytest.fixture
def drain(connection: Connection, database: Database, clock: Clock) -> Drain:
    return Drain(connection.ask, database, clock)
