"""The database: SQLite in a file of its own, or PostgreSQL. Safe to share between threads, and to fork."""

import os
import sqlite3
import ssl
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import random
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from records.tables import REVISION

AWAY = (SQLAlchemyError, OSError)
"""What is raised when the database does not answer, answers too late, or refuses."""
_WRITES = "ghanti_writes"
_LOOK_AGAIN = 0.002
"""Seconds between two looks whether SQLite can be written to, on average: about as long as somebody writes."""
_PRIMARY = 0xFF
"""The part of SQLite's result codes that says what happened (sqlite.org/rescode.html)."""
_CONNECTIONS = 8
"""As many as a web process has threads; PostgreSQL's own limit is 100 for all together."""


class Database:
    """One database and its connections, made when they are first wanted.

    `url` is `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME?sslmode=verify-full`; `timeout` is in seconds,
    for a connection, an answer and a lock. Raises ValueError, which shows nothing of the URL, for another kind.
    """

    def __init__(self, url: str, timeout: float = 0.8) -> None:
        parsed = parse(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self.engine = _sqlite(parsed, timeout) if self.is_sqlite else _postgresql(parsed, timeout)
        # A child must not speak on its parent's connections: it forgets them, and closes nothing.
        engine = weakref.ref(self.engine)
        os.register_at_fork(after_in_child=lambda: _forget(engine()))

    @contextmanager
    def read(self, snapshot: bool = False) -> Iterator[Connection]:
        """Read what is there; a snapshot shows one moment from first to last, as SQLite does by itself.

        Raises what `AWAY` names when the database is away.
        """
        with self.engine.connect() as connection:
            if snapshot and not self.is_sqlite:
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Change something: all of it, or nothing. On SQLite one writes at a time."""
        with self.engine.connect().execution_options(**{_WRITES: True}) as connection, connection.begin():
            yield connection

    def problem(self) -> str:
        """Why records cannot be kept just now, in a sentence; "" when they can."""
        try:
            with self.read() as connection:
                found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        except AWAY:
            return "Records cannot be read: look at GHANTI_DATABASE_URL, or run `python -m records migrate`."
        return "" if found == REVISION else "Records are of another version: run `python -m records migrate`."

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def parse(url: str) -> URL:
    """The URL of a database. Raises ValueError, which shows nothing of it."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise ValueError("it must begin with postgresql:// or sqlite:///") from None
    match parsed.drivername:
        case "sqlite" if parsed.database:
            return parsed
        case "postgresql" | "postgres":
            return parsed.set(drivername="postgresql+pg8000")
    raise ValueError("it must begin with postgresql:// or sqlite:///")


def _sqlite(url: URL, timeout: float) -> Engine:
    engine = create_engine(url, pool_size=_CONNECTIONS, pool_timeout=timeout, connect_args={"timeout": timeout})

    @event.listens_for(engine, "do_connect")
    def private(dialect: Any, record: Any, arguments: Any, keywords: Any) -> None:
        file = Path(str(url.database))
        with suppress(OSError):  # SQLite says it in its own way
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # the module begins nothing by itself: `begin` below does
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get(_WRITES):
            _begin_writing(connection, timeout)
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def _begin_writing(connection: Connection, timeout: float) -> None:
    """Wait for SQLite's one place to write, looking often.

    SQLite's own waiting (sqlite.org/c3ref/busy_timeout.html) looks ever more rarely, every 100 ms in the end: whoever
    has waited long is overtaken again and again, and gives up.
    """
    raw: Any = connection.connection.dbapi_connection
    until = monotonic() + timeout
    raw.execute("PRAGMA busy_timeout=0")
    try:
        while monotonic() < until:
            try:
                raw.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & _PRIMARY != sqlite3.SQLITE_BUSY:
                    break
            sleep(_LOOK_AGAIN * (0.5 + random()))
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # the last time: what is raised is SQLAlchemy's
    finally:
        raw.execute(f"PRAGMA busy_timeout={round(timeout * 1000)}")


def _postgresql(url: URL, timeout: float) -> Engine:
    milliseconds = str(round(timeout * 1000))
    limits = {"statement_timeout": milliseconds, "lock_timeout": milliseconds}
    arguments: dict[str, object] = {"timeout": timeout, "startup_params": limits, "application_name": "ghanti"}
    if (mode := url.query.get("sslmode")) is not None:
        authority = url.query.get("sslrootcert")
        arguments["ssl_context"] = _tls(str(mode), str(authority) if authority else None)
    return create_engine(
        url.difference_update_query(["sslmode", "sslrootcert"]),
        pool_size=_CONNECTIONS,
        pool_timeout=timeout,
        pool_pre_ping=True,
        connect_args=arguments,
    )


def _tls(mode: str, authority: str | None) -> ssl.SSLContext | None:
    """As libpq's sslmode (postgresql.org/docs/current/libpq-ssl.html), those three that say what one gets."""
    if mode not in ("disable", "require", "verify-full"):
        raise ValueError("sslmode is disable, require or verify-full")
    if mode == "disable":
        return None
    context = ssl.create_default_context(cafile=authority)
    if mode == "require":
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _forget(engine: Engine | None) -> None:
    if engine is not None:
        engine.dispose(close=False)
