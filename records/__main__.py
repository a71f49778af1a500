"""`python -m records`: what an operator does with records; an entry point, which knows the settings and other rooms.

migrate            bring the database to the newest tables
verify [HEAD]      prove the audit log, and that a head which was printed earlier is still in it; prints today's head
rotate             seal every data key with the first key of GHANTI_RECORD_KEYS
erase NUMBER       remove a person; `-` reads the number from standard input
breach FROM TO     whom a breach between two times (2026-11-24, 2026-11-24T10:30; India's) touched, as CSV
retain             delete what is past its time; to be run each day
"""

import argparse
import csv
import sys
from dataclasses import astuple
from datetime import datetime, timedelta, timezone
from time import time

from records.audit import AuditLog, Broken
from records.database import AWAY, Database
from records.durable import DurableCallers
from records.migrate import migrate
from records.upkeep import DAY, Upkeep
from records.vault import CannotOpen, Vault
from sessions.keyring import Keyring
from settings import Settings, SettingsError, load
from wire.numbers import msisdn

_INDIA = timezone(timedelta(hours=5, minutes=30), "IST")
_PATIENCE = 60.0
"""Seconds: no caller waits for what is done here."""


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
    given = parser.parse_args(arguments)
    try:
        settings = load()
        database = Database(settings.records_url(), _PATIENCE)
        return _do(given, settings, database)
    except (SettingsError, Broken) as error:
        print(error, file=sys.stderr)
    except (*AWAY, CannotOpen) as error:
        # Its text may hold what was asked for.
        print(f"The records cannot be worked on: {type(error).__name__}.", file=sys.stderr)
    return 1


def _do(given: argparse.Namespace, settings: Settings, database: Database) -> int:
    if given.verb == "migrate":
        migrate(database)
        print("The tables are the newest.")
        return 0
    now, audit = int(time()), AuditLog(settings.caller_key())
    kept = DurableCallers(database, Vault(settings.record_key_ring()), audit, lambda: int(time()))
    upkeep = Upkeep(kept)
    match given.verb:
        case "verify":
            with database.read(snapshot=True) as connection:
                print(f"The audit log holds. Keep this head elsewhere: {audit.verify(connection, given.head)}")
        case "rotate":
            print(f"{upkeep.rotate(now)} data keys were sealed anew.")
        case "erase":
            number = msisdn((sys.stdin.readline() if given.number == "-" else given.number).strip())
            ring = Keyring(settings.session_key_ring(), settings.caller_key())
            if number is None or not upkeep.erase(ring.pseudonym(number), now):
                print("Nobody with this number is kept.", file=sys.stderr)
                return 1
            print("The person is removed.")
        case "breach":
            _list(upkeep, given.begin[0], given.end[1], now)
        case _:
            gone = upkeep.retain(now, settings.keep_callers_days, settings.keep_audit_days)
            print(", ".join(f"{what}: {count} deleted" for what, count in gone.items()) + ".")
    return 0


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
