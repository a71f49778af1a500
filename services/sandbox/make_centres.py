"""`python -m services.sandbox.make_centres`: writes centres_demo.csv anew, the same on every machine.

The PIN codes are real, so that a caller anywhere finds a centre; names, people and telephone numbers are invented, and
the numbers begin with 0000, which nobody can dial.
"""

import csv
import sqlite3
import sys
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from services.centre_rows import COLUMNS
from services.configuration import ServiceSettings
from services.labelled import LABEL

FILE = Path(__file__).resolve().parent / "centres_demo.csv"
CENTRES = 600

_PLACES = """
SELECT pin, state, district FROM pin WHERE latitude IS NOT NULL AND district NOT LIKE '%Division%'
GROUP BY state, district HAVING pin = MIN(pin)
UNION ALL
SELECT pin, state, district FROM pin WHERE latitude IS NULL AND district NOT LIKE '%Division%'
GROUP BY state HAVING pin = MIN(pin)
"""


def rows(places: Path) -> Iterator[tuple[str, ...]]:
    """The rows of the file: the states in turn, a PIN code of another district each time."""
    of_state: dict[str, list[tuple[int, str, str]]] = {}
    with sqlite3.connect(f"file:{places}?mode=ro", uri=True) as connection:
        for pin, state, district in sorted(connection.execute(_PLACES)):
            of_state.setdefault(state, []).append((pin, state, district))
    in_turn = [place for turn in zip_longest(*of_state.values()) for place in turn if place]
    for number, (pin, state, district) in enumerate(in_turn[:CENTRES], start=1):
        yield (
            f"DEMO{number:04}",
            f"CSC Demo {number:04} {district}"[:60],
            f"Demo Operator {number:04}",
            f"Demo Road {number}, {district}",
            f"Demo Village {number:04}",
            str(pin),
            f"0000{number:06}",
            state,
            district,
        )


def main() -> int:
    """Writes the file; returns the exit status."""
    with FILE.open("w", encoding="utf-8", newline="") as file:
        file.write(
            f"{LABEL}\n# Invented by services/sandbox/make_centres.py; no such centre, person or number exists.\n"
        )
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows(ServiceSettings().places))
    return 0


if __name__ == "__main__":
    sys.exit(main())
