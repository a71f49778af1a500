"""`python -m records`: what an operator does with records; an entry point, which knows the settings and other rooms.

migrate            bring the database to the newest tables
verify [HEAD]      prove the audit log, and that a head which was printed earlier is still in it; prints today's head
rotate             seal every data key with the first key of GHANTI_RECORD_KEYS
erase NUMBER       remove a person; `-` reads the number from standard input
breach FROM TO     whom a breach between two times (2026-11-24, 2026-11-24T10:30; India's) touched, as CSV
retain             delete what is past its time, now; the sweepers do it each night
dead               list the tasks of the outbox that could not be done
replay [NUMBER …]  try these dead tasks anew; --all instead of numbers tries every one
"""

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from datetime import datetime, timedelta, timezone
from random import random
from time import time

from records.audit import AuditLog, Broken
from records.database import AWAY, Database
from records.durable import DurableCallers
from records.facts import Facts
from records.migrate import migrate
from records.outbox import Outbox
from records.retention import Retention
from records.sweep import Sweeper
from records.upkeep import DAY, Upkeep
from records.vault import CannotOpen, Vault
from sessions.connection import Connection, StoreAway
from sessions.embedded import Embedded, EmbeddedFailed
from sessions.keyring import Keyring
from settings import Settings, SettingsError, load
from sweeping import periods
from wire.numbers import msisdn

_INDIA = timezone(timedelta(hours=5, minutes=30), "IST")
_PATIENCE = 60.0
"""Seconds: no caller waits for what is done here."""
_IN_REDIS = (b"u", b"s", b"l")
"""What stands before a pseudonym in Redis: a USSD session, one by SMS, the language that was chosen."""


def main(arguments: list[str]) -> int:
    """Do what the arguments say; the exit status is 1 when it could not be done."""
    parser = argparse.ArgumentParser(prog="python -m records", description="Callers' records.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("migrate", help="bring the database to the newest tables")
    verifier = verbs.add_parser("verify", help="prove the audit log")
    verifier.add_argument("head", nargs="?", default="", help="what an earlier verify printed, NUMBER:HASH")
    verbs.add_parser("rotate", help="seal every data key with the first key")
    eraser = verbs.add_parser("erase", help="remove a person")
    eraser.add_argument("number", help="the person's number, or - to read it from standard input")
    lister = verbs.add_parser("breach", help="whom a breach touched")
    lister.add_argument("begin", type=_moment, metavar="FROM")
    lister.add_argument("end", type=_moment, metavar="TO", help="a day without a time is meant to its end")
    verbs.add_parser("retain", help="delete what is past its time")
    verbs.add_parser("dead", help="list the tasks that could not be done")
    replayer = verbs.add_parser("replay", help="try dead tasks anew")
    replayer.add_argument("numbers", nargs="*", type=int, metavar="NUMBER", help="as `dead` lists them")
    replayer.add_argument("--all", action="store_true", help="every task that is dead")
    given = parser.parse_args(arguments)
    if given.verb == "replay" and bool(given.numbers) == given.all:
        replayer.error("name the tasks by their numbers, or say --all")
    try:
        settings = load()
        database = Database(settings.records_url(), _PATIENCE)
        return _do(given, settings, database)
    except (SettingsError, Broken) as error:
        print(error, file=sys.stderr)
    except (*AWAY, CannotOpen) as error:
        # Its text may hold what was asked for.
        print(f"The records cannot be worked on: {type(error).__name__}.", file=sys.stderr)
    except (StoreAway, EmbeddedFailed):
        print("The records are done with, but Redis is away: erase again when it is back.", file=sys.stderr)
    return 1


def _do(given: argparse.Namespace, settings: Settings, database: Database) -> int:
    if given.verb == "migrate":
        migrate(database)
        print("The tables are the newest.")
        return 0
    now, audit = int(time()), AuditLog(settings.caller_key())
    kept = DurableCallers(database, Vault(settings.record_key_ring()), audit, lambda: int(time()))
    match given.verb:
        case "verify":
            with database.read(snapshot=True) as connection:
                print(f"The audit log holds. Keep this head elsewhere: {audit.verify(connection, given.head)}")
        case "rotate":
            print(f"{Upkeep(kept).rotate(now)} data keys were sealed anew.")
        case "erase":
            number = msisdn((sys.stdin.readline() if given.number == "-" else given.number).strip())
            if number is None or not _erase(settings, kept, number, now):
                print("Nobody with this number is kept.", file=sys.stderr)
                return 1
            print("The person is removed.")
        case "breach":
            _list(Upkeep(kept), given.begin[0], given.end[1], now)
        case "retain":
            gone = Retention(kept, periods(settings)).run(now)
            print(", ".join(f"{what}: {count} deleted" for what, count in gone.items()) + ".")
        case _:
            facts = Facts(database, kept.vault, audit, lambda: int(time()))
            # Nobody is here to do anything: the sweepers that run find what is to be tried anew.
            sweeper = Sweeper(Outbox(facts, {}, random), lambda number: False)
            return _list_dead(sweeper) if given.verb == "dead" else _replay(sweeper, given.numbers)
    return 0


def _erase(settings: Settings, kept: DurableCallers, number: str, now: int) -> bool:
    pseudonym = Keyring(settings.session_key_ring(), settings.caller_key()).pseudonym(number)

    def forget(pseudonym: bytes) -> None:
        with _redis(settings) as redis:
            redis.ask("DEL", *(prefix + pseudonym for prefix in _IN_REDIS))

    return Upkeep(kept, forget).erase(pseudonym, now)


@contextmanager
def _redis(settings: Settings) -> Iterator[Connection]:
    """The Redis of these settings; the embedded one is started where it does not run, because its files stay."""
    if url := settings.redis_url.get_secret_value():
        yield Connection(url, _PATIENCE)
    else:
        with Embedded(settings.var_dir / "valkey") as embedded:
            yield Connection(embedded.url, _PATIENCE)


def _list_dead(sweeper: Sweeper) -> int:
    if not (dead := sweeper.dead()):
        print("No task is dead.")
        return 0
    rows = [("number", "kind", "reason", "tries", "made", "ended")]
    for task in dead:
        made, ended = (f"{datetime.fromtimestamp(at, _INDIA):%Y-%m-%d %H:%M}" for at in (task.made_at, task.ended_at))
        rows.append((str(task.number), task.kind, task.reason, str(task.tries), made, ended))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return 0


def _replay(sweeper: Sweeper, numbers: Sequence[int]) -> int:
    tried = sweeper.replay(numbers)
    print(f"{tried} tasks are tried anew.")
    if left := len(set(numbers)) - tried if numbers else 0:
        print(f"{left} of these numbers are of no dead task.", file=sys.stderr)
    return 1 if left else 0


def _list(upkeep: Upkeep, begin: int, end: int, now: int) -> None:
    table = csv.writer(sys.stdout)
    table.writerow(("number", "language", "channel", "kept_since", "last_changed"))
    for touched in upkeep.touched(begin, end, now):
        *contact, made_at, changed_at = astuple(touched)
        table.writerow((*contact, *(datetime.fromtimestamp(at, _INDIA).isoformat() for at in (made_at, changed_at))))
    print(f"{upkeep.out_of_reach(begin)} more were removed since, and cannot be reached.", file=sys.stderr)


def _moment(written: str) -> tuple[int, int]:
    """The first and the last second that are meant."""
    moment = datetime.fromisoformat(written)
    begin = int((moment if moment.tzinfo else moment.replace(tzinfo=_INDIA)).timestamp())
    return begin, begin + DAY - 1 if len(written) <= len("2026-11-24") else begin


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
