"""What tests of several rooms want: a real Valkey, empty at the start of each test, and a file of fresh records."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from records.database import Database
from records.migrate import migrate
from sessions.embedded import Embedded


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[str]:
    """The URL of this test process's own server."""
    with tempfile.TemporaryDirectory(prefix="ghanti-test-") as folder, Embedded(Path(folder)) as server:
        yield server.url


@pytest.fixture
def redis_url(valkey_server: str) -> str:
    """The URL of a Valkey with nothing in it."""
    with Redis.from_url(valkey_server) as client:
        client.flushall()
    return valkey_server


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the newest tables and nothing in them, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "records.sqlite"
    database = Database(f"sqlite:///{file}")
    migrate(database)
    database.close()
    return file


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    """redis-py's client of that Valkey."""
    with Redis.from_url(redis_url) as client:
        yield client


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite", action="store_true", help="write the transcripts anew, as the conversations go now")
