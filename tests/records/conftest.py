"""Records on both databases: SQLite in a fresh file, and a real PostgreSQL, empty at the start of each test."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import text

from records.audit import AuditLog
from records.database import Database
from records.durable import DurableCallers
from records.fact_tables import metadata
from records.facts import Facts
from records.migrate import migrate
from records.operations import CallerOperations
from records.outbox import Claimed, Done, Outbox, Result
from records.sweep import Sweeper
from records.upkeep import Upkeep
from records.vault import Vault
from tests.conversation import Clock
from tests.postgresql import serving, why_not

RING = {1: bytes(range(32))}
AUDIT_KEY = b"a" * 32


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
        folder: Path = request.getfixturevalue("migrated")
        (tmp_path / "records.sqlite").write_bytes(folder.read_bytes())
        return f"sqlite:///{tmp_path}/records.sqlite"
    found: str = request.getfixturevalue("postgresql_url")
    database = Database(found, 5)
    names = ", ".join(name for name in metadata.tables if name != "audit_head")
    with database.write() as connection:
        connection.execute(text(f"TRUNCATE {names} CASCADE"))
        connection.execute(text("UPDATE audit_head SET seq = 0, hash = decode(repeat('00', 32), 'hex')"))
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
def kept(database: Database, clock: Clock) -> DurableCallers:
    return DurableCallers(database, Vault(RING), AuditLog(AUDIT_KEY), clock)


@pytest.fixture
def operations(kept: DurableCallers, clock: Clock) -> CallerOperations:
    return CallerOperations(kept, b"pepper" * 6, clock)


@pytest.fixture
def upkeep(kept: DurableCallers) -> Upkeep:
    return Upkeep(kept)


@dataclass
class Hands:
    """Does tasks as a test says: the next of `results`, then `Done`. `seen` is what it was given."""

    results: list[Result] = field(default_factory=list)
    seen: list[Claimed] = field(default_factory=list)

    def __call__(self, task: Claimed) -> Result:
        self.seen.append(task)
        return self.results.pop(0) if self.results else Done("ref1")


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def hurried() -> list[int]:
    """The tasks that somebody was told of."""
    return []


@pytest.fixture
def facts(kept: DurableCallers, clock: Clock, hurried: list[int]) -> Facts:
    return Facts(kept.database, kept.vault, kept.audit, clock, hurried.append)


@pytest.fixture
def box(facts: Facts, hands: Hands) -> Outbox:
    return Outbox(facts, {"sms.send": hands}, lambda: 1.0)


@pytest.fixture
def handed() -> list[int]:
    """What the sweeper handed over."""
    return []


@pytest.fixture
def sweeper(box: Outbox, handed: list[int]) -> Sweeper:
    def take(number: int) -> bool:
        handed.append(number)
        return True

    return Sweeper(box, take)
