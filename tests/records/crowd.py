"""Several at the same moment."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from time import sleep
from typing import Any

from sqlalchemy import event

from records.database import Database

_WHILE = 0.15
"""Seconds: long enough for everybody to be at the same place, short enough to wait for."""


def together(count: int, do: Callable[[int], object]) -> list[object]:
    """What these give that begin at the same moment, each in a thread."""
    barrier = Barrier(count)

    def one(number: int) -> object:
        barrier.wait()
        return do(number)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(one, range(count)))


@contextmanager
def lingering(database: Database, after: str) -> Iterator[None]:
    """Whoever sends a statement that begins like this stays there for a while: what they read may grow old."""

    def linger(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(after):
            sleep(_WHILE)

    event.listen(database.engine, "after_cursor_execute", linger)
    try:
        yield
    finally:
        event.remove(database.engine, "after_cursor_execute", linger)
