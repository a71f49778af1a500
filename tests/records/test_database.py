"""Tables, migrations, connections: the same on both databases."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Timer
from time import monotonic

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.exc import OperationalError

from flows.engine.values import Unavailable
from flows.operations.registry import collect
from records import database as module
from records.audit import AuditLog
from records.database import Database, parse
from records.durable import DurableCallers
from records.fact_tables import metadata
from records.migrate import configuration, migrate
from records.operations import CallerOperations
from records.tables import REVISION, audit_head
from records.vault import Vault
from services.perform import Services
from tests.house.tree import ROOT
from tests.records.conftest import AUDIT_KEY, RING
from tests.records.people import LPG_ID, caller


def test_the_migrations_make_the_tables_that_the_code_knows(database: Database) -> None:
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_newest_migration_is_the_one_that_is_served_from() -> None:
    assert ScriptDirectory.from_config(configuration()).get_current_head() == REVISION


def test_migrating_twice_changes_nothing(database: Database, operations: CallerOperations) -> None:
    operations.keep_lpg(LPG_ID, caller=caller())
    migrate(database)
    assert operations.callers.read(caller().pseudonym).saved == {"lpg": LPG_ID}


def test_a_migrated_database_has_no_problem(database: Database) -> None:
    assert database.problem() == ""


def test_another_version_of_the_tables_is_told(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    assert "another version" in database.problem()
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :now"), {"now": REVISION})


AWAY = ["sqlite:////proc/none/records.sqlite", "postgresql://nobody:nothing@127.0.0.1:1/none"]


@pytest.mark.parametrize("url", AWAY, ids=["sqlite", "postgresql"])
def test_a_database_that_is_away_is_told_and_makes_operations_unavailable(url: str) -> None:
    database = Database(url, 0.5)
    assert database.problem().startswith("Records cannot be read")
    kept = DurableCallers(database, Vault(RING), AuditLog(AUDIT_KEY), lambda: 0)
    services = Services(collect([CallerOperations(kept, b"pepper", lambda: 0)]), [database.problem])
    assert services.perform("saved.lpg", {}, caller()).outcome == Unavailable()
    assert services.perform("saved.keep_lpg", {"lpg_id": LPG_ID}, caller()).outcome == Unavailable()
    assert services.problems() == (database.problem(),)


def test_a_connection_that_was_cut_is_made_again(database: Database, operations: CallerOperations) -> None:
    operations.keep_lpg(LPG_ID, caller=caller())
    if not database.is_sqlite:
        killer = Database(database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False), 5)
        with killer.read() as connection:
            others = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            connection.execute(text(others + " AND backend_type = 'client backend'"))
        killer.close()
    assert operations.callers.read(caller().pseudonym).saved == {"lpg": LPG_ID}


def test_an_answer_that_comes_too_late_is_never_taken_for_the_next_one(postgresql_url: str) -> None:
    database = Database(postgresql_url, 0.4)
    with pytest.raises(OSError, match="timed out"), database.read() as connection:
        pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        os.kill(pid, signal.SIGSTOP)
        try:
            connection.execute(text("SELECT 'late'"))
        finally:
            os.kill(pid, signal.SIGCONT)
    for _ in range(3):
        with database.read() as connection:
            assert connection.execute(text("SELECT 'next'")).scalar_one() == "next"
            assert connection.execute(text("SELECT pg_backend_pid()")).scalar_one() != pid
    database.close()


def test_a_forked_child_uses_connections_of_its_own(database: Database, operations: CallerOperations) -> None:
    operations.keep_lpg(LPG_ID, caller=caller())
    assert database.engine.pool.checkedin() > 0  # type: ignore[attr-defined]
    child = os.fork()
    if child == 0:
        try:
            inherited = database.engine.pool.checkedin()  # type: ignore[attr-defined]
            saved = operations.callers.read(caller().pseudonym).saved
            operations.give_consent(caller=caller())
            os._exit(0 if saved == {"lpg": LPG_ID} and inherited == 0 else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert set(operations.callers.read(caller().pseudonym).consents) == {"lpg_book"}
    assert operations.callers.read(caller().pseudonym).saved == {"lpg": LPG_ID}


def test_a_write_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write() as connection:
        connection.execute(audit_head.update().values(seq=99))
        raise RuntimeError
    with database.read() as connection:
        assert connection.execute(select(audit_head.c.seq)).scalar() == 0


def test_sqlite_is_durable_private_and_overwrites_what_is_deleted(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/a/records.sqlite")
    migrate(database)
    with database.read() as connection:
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        assert [connection.execute(text(f"PRAGMA {name}")).scalar() for name in pragmas] == ["wal", 2, 1, 1]
    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "a").iterdir()} == {0o600}
    database.close()


@pytest.fixture
def held(migrated: Path, tmp_path: Path) -> Iterator[tuple[Database, sqlite3.Connection]]:
    """A SQLite database, and somebody who is writing to it."""
    (tmp_path / "records.sqlite").write_bytes(migrated.read_bytes())
    database = Database(f"sqlite:///{tmp_path}/records.sqlite", 0.5)
    with database.read() as connection:
        connection.execute(select(audit_head))
    with closing(sqlite3.connect(tmp_path / "records.sqlite", isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield database, other
    database.close()


def test_whoever_waits_to_write_to_sqlite_gets_their_turn_at_once(held: tuple[Database, sqlite3.Connection]) -> None:
    database, other = held
    freed: list[float] = []

    def end() -> None:
        freed.append(monotonic())
        other.execute("COMMIT")

    timer = Timer(0.335, end)
    timer.start()
    with database.write() as connection:
        waited = monotonic() - freed[0]
        assert connection.execute(text("PRAGMA busy_timeout")).scalar() == 500
    timer.join()
    assert waited < 0.08  # SQLite by itself looks at 0.328 s and at 0.428 s


def test_whoever_waits_too_long_to_write_to_sqlite_is_told(held: tuple[Database, sqlite3.Connection]) -> None:
    began = monotonic()
    with pytest.raises(OperationalError), held[0].write():
        pass
    assert 0.5 <= monotonic() - began < 0.9
    held[1].execute("COMMIT")
    with held[0].write() as connection:
        connection.execute(audit_head.update().values(seq=3))
    with held[0].read() as connection:
        assert connection.execute(select(audit_head.c.seq)).scalar() == 3


@pytest.mark.parametrize("url", ["mysql://a/b", "sqlite://", "nonsense", "postgresql+psycopg://a/b", ""])
def test_another_kind_of_database_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(ValueError, match=r"^it must begin with postgresql:// or sqlite:///$"):
        parse(url)


@pytest.mark.parametrize(
    ("mode", "verified", "named"), [("disable", None, None), ("require", False, False), ("verify-full", True, True)]
)
def test_sslmode_says_what_is_checked(
    mode: str, verified: bool | None, named: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, object] = {}

    def remember(url: object, **more: object) -> Engine:
        asked.update(more, url=url)
        return create_engine("sqlite://")

    monkeypatch.setattr(module, "create_engine", remember)
    Database(f"postgresql://a@b/c?sslmode={mode}")
    arguments = asked["connect_args"]
    assert isinstance(arguments, dict)
    context = arguments["ssl_context"]
    assert (context and context.verify_mode == 2) == verified
    assert (context and context.check_hostname) == named
    assert "sslmode" not in str(asked["url"])


def test_an_unknown_sslmode_is_refused() -> None:
    with pytest.raises(ValueError, match="sslmode is"):
        Database("postgresql://a@b/c?sslmode=prefer")


def test_a_web_process_does_not_load_the_migrations() -> None:
    asked = "import app, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {"alembic", "mako"} & set(loaded.split()) == set()
