"""A SQLite file that is built once and only read: one connection a thread."""

import sqlite3
import threading
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

_CACHE_KIB = 512
"""For each thread: the kernel keeps the file, and a process stays small."""


class NotBuilt(Exception):
    """The file is not there, or is not what it should be."""


class ReadOnly:
    """A built file; it may appear, or be replaced by a rename, while this stands (then new threads read the new one).

    The file is opened as immutable: nothing may ever write into it in place.
    """

    def __init__(self, path: Path, remedy: str) -> None:
        self.path = path
        self._remedy = remedy
        self._threads = threading.local()

    def row(self, sql: str, values: tuple[object, ...] = ()) -> tuple[object, ...] | None:
        """The first row, or None. Raises NotBuilt."""
        try:
            connection: sqlite3.Connection = self._threads.connection
        except AttributeError:
            connection = self._open()
        row: tuple[object, ...] | None = connection.execute(sql, values).fetchone()
        return row

    def rows(self, sql: str, values: tuple[object, ...] = ()) -> Iterable[tuple[object, ...]]:
        """All rows. Raises NotBuilt."""
        try:
            connection: sqlite3.Connection = self._threads.connection
        except AttributeError:
            connection = self._open()
        return connection.execute(sql, values)

    def problem(self) -> str:
        """Why it cannot be read, or ""."""
        try:
            self.row("SELECT 1 FROM stamp")
        except (NotBuilt, sqlite3.Error):
            return f"{self.path.name} is missing or broken; {self._remedy}"
        return ""

    def _open(self) -> sqlite3.Connection:
        if not self.path.is_file():
            raise NotBuilt(self._remedy)
        connection = sqlite3.connect(
            f"file:{quote(str(self.path.resolve()))}?mode=ro&immutable=1", uri=True, isolation_level=None
        )
        connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
        self._threads.connection = connection
        return connection


def stamp(path: Path) -> dict[str, str]:
    """What a built file says about itself; empty when it is missing or broken."""
    try:
        return {str(key): str(value) for key, value in ReadOnly(path, "").rows("SELECT key, value FROM stamp")}
    except (NotBuilt, sqlite3.Error):
        return {}
