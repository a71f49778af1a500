"""`python -m services.sandbox.make_catalogue`: writes data/catalogue_demo.csv anew, the same on every machine.

The numbers are those of the announcement of UMANG at service centres (Ministry of Electronics and IT, 26 August 2020);
the entries are invented: kinds of service that exist somewhere, dealt out to departments that exist somewhere. Only
the first six are services that Ghanti has. Helpline numbers begin with 0000, which nobody can dial.
"""

import csv
import sys
from collections.abc import Iterator
from itertools import chain, cycle, islice, product
from pathlib import Path

from services.catalogue import COLUMNS
from services.labelled import LABEL
from services.sandbox.catalogue_words import (
    BILL_KINDS,
    CENTRAL_DEPARTMENTS,
    CENTRAL_SERVICES,
    CITIES,
    STATE_DEPARTMENTS,
    STATE_SERVICES,
    STATES,
)

FILE = Path(__file__).resolve().parents[1] / "data" / "catalogue_demo.csv"
CENTRAL, STATE, BILLS = 294, 441, 276

_OWN = (
    ("central", "India Post", "Post offices by PIN code", "post_offices", "post office dak ghar pin"),
    ("central", "Common Service Centres", "Nearest service centre", "csc_nearest", "csc jan seva kendra vle centre"),
    ("central", "Petroleum", "Gas refill booking", "lpg_book", "lpg cylinder indane bharat hp gas cooking"),
    ("central", "Agriculture Marketing", "Market price of a crop", "mandi_price", "mandi bhav kisan enam price"),
    ("central", "Meteorological Department", "Weather and warning", "weather", "mausam rain imd forecast"),
    ("bill", "Electricity", "Electricity bill", "bill_electricity", "bijli light power bill"),
)
_HOWS = ("centre", "office", "phone")

Row = tuple[str, str, str, str, str, str]
"""level, state, department, title, flow, keywords."""


def rows() -> Iterator[Row]:
    """All entries: Ghanti's own first, then central, state and bills."""
    own = [(level, "", department, title, flow, words) for level, department, title, flow, words in _OWN]
    fewer = {level: sum(1 for row in own if row[0] == level) for level in ("central", "bill")}
    return chain(
        own,
        islice(_central(), CENTRAL - fewer["central"]),
        islice(_state(), STATE),
        islice(_bills(), BILLS - fewer["bill"]),
    )


def _central() -> Iterator[Row]:
    # A department's own turn comes again and again, each time with the next kind of service.
    for turn in range(len(CENTRAL_SERVICES)):
        for place, department in enumerate(CENTRAL_DEPARTMENTS):
            service, words = CENTRAL_SERVICES[(turn + place) % len(CENTRAL_SERVICES)]
            yield "central", "", department, f"{service} - {department}", "", words


def _state() -> Iterator[Row]:
    offices = list(islice(zip(cycle(STATES), cycle(STATE_DEPARTMENTS), strict=False), 71))
    for turn in range(len(STATE_SERVICES["Revenue"])):
        for state, department in offices:
            service, words = STATE_SERVICES[department][turn]
            yield "state", state, f"{department}, {state}", f"{service}, {state}", "", words


def _bills() -> Iterator[Row]:
    for city, (kind, department, words) in product(CITIES, BILL_KINDS):
        yield "bill", "", department, f"{kind}, {city}", "", words


def main() -> int:
    """Writes the file; returns the exit status."""
    with FILE.open("w", encoding="utf-8", newline="") as file:
        file.write(
            f"{LABEL}\n# Invented by services/sandbox/make_catalogue.py, all but the entries that have a flow.\n"
        )
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for n, (level, state, department, title, flow, words) in enumerate(rows(), start=1):
            how = "" if flow else _HOWS[n % len(_HOWS)]
            writer.writerow((n, level, state, department, title, flow, how, f"0000{n:06}", words))
    return 0


if __name__ == "__main__":
    sys.exit(main())
