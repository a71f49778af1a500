"""The sweeper's process: does its steps one after another, again and again, until it is told to stop."""

import logging
import signal
import threading
from collections.abc import Callable, Sequence

from records.audit import AuditLog
from records.database import AWAY, Database
from records.durable import DurableCallers
from records.retention import Periods, Retention
from records.vault import Vault
from sessions.connection import StoreAway
from settings import Settings

log = logging.getLogger(__name__)
_PATIENCE = 60.0
"""Seconds that deleting waits for the database: no caller waits for it."""


def run_sweeper(steps: Sequence[Callable[[], object]], seconds: float) -> None:
    """Do all steps every so many seconds until SIGTERM or SIGINT; what is away is tried again. Main thread only."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    while not ended.is_set():
        for step in steps:
            try:
                step()
            except (*AWAY, StoreAway) as away:
                log.warning("a sweep could not be done: %s", type(away).__name__)
            except Exception as fault:
                # Where, never what: its words may hold what a caller typed.
                log.error("a sweep failed: %s", type(fault).__name__, exc_info=_without_message(fault))
        ended.wait(seconds)


def _without_message(fault: Exception) -> BaseException:
    return RuntimeError(type(fault).__name__).with_traceback(fault.__traceback__)


def periods(settings: Settings) -> Periods:
    """How long what is kept, as the settings say."""
    return Periods(
        settings.keep_callers_days,
        settings.keep_audit_days,
        settings.keep_logs_days,
        settings.keep_outbox_days,
        settings.keep_inbox_days,
        settings.keep_conversations_hours,
    )


def retention(settings: Settings, now: Callable[[], int]) -> Callable[[], object]:
    """The step that deletes what is past its time, once a day."""
    database = Database(settings.records_url(), _PATIENCE)
    kept = DurableCallers(database, Vault(settings.record_key_ring()), AuditLog(settings.caller_key()), now)
    due = Retention(kept, periods(settings))
    return lambda: due.run_if_due(now())
