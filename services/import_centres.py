"""`python -m services.import_centres FILE.csv`: an operator's list of Common Service Centres becomes the one in use.

The file is CSV in UTF-8 with the columns csc_id, name, vle (the operator's name), address, village, pin, phone, state,
district, in any order. When any row is bad, every bad row is told with its line and reason and nothing changes, unless
`--leave-out-bad-rows` is given. State and district are taken from the PIN code, so that their spelling always fits.
"""

import argparse
import os
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import msgspec

from services.centre_rows import COLUMNS, Refused, centre
from services.configuration import ServiceSettings
from services.csc import Listed, cell
from services.labelled import Malformed, labelled
from services.places import Places
from services.readonly import NotBuilt, stamp

DEMO = Path(__file__).resolve().parent / "sandbox" / "centres_demo.csv"
"""Made-up centres, labelled as such, for trying things out."""
_SHOWN = 50

_TABLES = """
CREATE TABLE stamp (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE listed (id TEXT PRIMARY KEY, pin INTEGER NOT NULL, packed BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE place (pin INTEGER PRIMARY KEY, north INTEGER, east INTEGER, latitude REAL, longitude REAL,
                    many INTEGER NOT NULL, state TEXT NOT NULL, district TEXT NOT NULL, centres BLOB NOT NULL);
"""
_INDEXES = """
CREATE INDEX place_cell ON place (north, east) WHERE north IS NOT NULL;
CREATE INDEX place_district ON place (state, district);
"""


@dataclass(slots=True)
class Imported:
    """What came of an import: rows taken, and (line, reason) of every bad one."""

    rows: int = 0
    bad: list[tuple[int, str]] = field(default_factory=list)
    demo: bool = False


def import_centres(source: Path, path: Path, places: Path, *, leave_out_bad_rows: bool = False) -> Imported:
    """Makes the centres file at `path` anew from the CSV file, in one step; with bad rows it stays as it was.

    Raises Malformed, and NotBuilt when the places file is missing.
    """
    known = Places(places)
    if problem := known.problem():
        raise NotBuilt(problem)
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    new.unlink(missing_ok=True)
    connection = sqlite3.connect(new, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA synchronous=OFF")
        connection.executescript(_TABLES)
        with labelled(source, COLUMNS) as (demo, rows):
            imported = Imported(demo=demo)
            connection.execute("BEGIN")
            _take(connection, rows, known, imported)
            if imported.bad and not leave_out_bad_rows:
                return imported
            connection.executemany("INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", _placed(connection, known))
            connection.executemany(
                "INSERT INTO stamp VALUES (?, ?)",
                {
                    "source": source.name,
                    "demo": "1" if demo else "0",
                    "rows": str(imported.rows),
                    "places": _edition(places),
                }.items(),
            )
            connection.execute("DROP TABLE listed")
        connection.executescript(_INDEXES)  # commits first
        connection.execute("VACUUM")
        connection.close()
        os.replace(new, path)
        return imported
    finally:
        connection.close()
        new.unlink(missing_ok=True)


def import_demo(path: Path, places: Path) -> int:
    """Imports the demo centres where nothing else was imported and they are not current; returns how many then."""
    found = stamp(path)
    if path.exists() and found.get("demo") != "1":
        return 0
    if found.get("places") == _edition(places) and path.stat().st_mtime >= DEMO.stat().st_mtime:
        return 0
    return import_centres(DEMO, path, places).rows


def _edition(places: Path) -> str:
    found = stamp(places)
    return f"{found.get('source')} {found.get('format')}"


def _take(
    connection: sqlite3.Connection, rows: Iterator[tuple[int, Mapping[str, str]]], known: Places, imported: Imported
) -> None:
    pins: set[str] = set()
    unknown: set[str] = set()
    pack = msgspec.msgpack.encode
    for line, row in rows:
        try:
            pin, listed = centre(row)
            if pin not in pins:
                if pin in unknown or known.place(pin) is None:
                    unknown.add(pin)
                    raise Refused("pin: no post office has this PIN code")
                pins.add(pin)
            connection.execute("INSERT INTO listed VALUES (?, ?, ?)", (listed.id, int(pin), pack(listed)))
        except sqlite3.IntegrityError:
            imported.bad.append((line, "csc_id stands in an earlier row already"))
        except Refused as refused:
            imported.bad.append((line, str(refused)))
        else:
            imported.rows += 1


def _placed(connection: sqlite3.Connection, known: Places) -> Iterator[tuple[object, ...]]:
    pack, unpack = msgspec.msgpack.encode, msgspec.msgpack.Decoder(Listed).decode
    for pin, group in groupby(connection.execute("SELECT pin, packed FROM listed ORDER BY pin, id"), itemgetter(0)):
        place = known.place(str(pin))
        assert place is not None, "only rows of known PIN codes were taken"
        centres = [unpack(packed) for _, packed in group]
        latitude, longitude = place.position or (None, None)
        north, east = (None, None) if latitude is None or longitude is None else cell(latitude, longitude)
        yield pin, north, east, latitude, longitude, len(centres), place.state, place.district, pack(centres)


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    settings = ServiceSettings()
    parser = argparse.ArgumentParser(prog="python -m services.import_centres", description="Import a list of centres.")
    parser.add_argument("file", type=Path, help=f"CSV in UTF-8 with the columns {', '.join(COLUMNS)}")
    parser.add_argument("--into", type=Path, default=settings.centres, help="default: %(default)s")
    parser.add_argument("--places", type=Path, default=settings.places, help="default: %(default)s")
    parser.add_argument("--leave-out-bad-rows", action="store_true", help="import the others all the same")
    asked = parser.parse_args(arguments)
    try:
        imported = import_centres(asked.file, asked.into, asked.places, leave_out_bad_rows=asked.leave_out_bad_rows)
    except (Malformed, NotBuilt, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    for line, reason in imported.bad[:_SHOWN]:
        print(f"{asked.file.name}:{line}: {reason}", file=sys.stderr)
    if len(imported.bad) > _SHOWN:
        print(f"… and {len(imported.bad) - _SHOWN:,} more bad rows", file=sys.stderr)
    if imported.bad and not asked.leave_out_bad_rows:
        print(
            f"Nothing was imported: {len(imported.bad):,} bad rows. Correct them, or give --leave-out-bad-rows.",
            file=sys.stderr,
        )
        return 1
    made_up = ", all made up" if imported.demo else ""
    print(f"{imported.rows:,} centres imported{made_up}; {len(imported.bad):,} rows left out.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
