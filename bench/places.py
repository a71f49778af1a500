"""PIN codes and their post offices for the callers, drawn from the real data that `make setup` builds."""

import random
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import msgspec

from bench.dialogue import ONE_MENU
from services.post import Found, Office

BUILT = Path("var/places.sqlite")
SEED = 2026
"""The same PIN codes in every run, so that two runs can be compared."""

Places = Mapping[str, tuple[Office, ...]]


def read(file: Path = BUILT) -> Places:
    """The drawn PIN codes with all their offices, in the order in which a menu lists them.

    Raises FileNotFoundError, saying what to do, when the data is not built.
    """
    if not file.exists():
        raise FileNotFoundError(f"{file} is not there; `make setup` builds it")
    decode = msgspec.msgpack.Decoder(Found).decode
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as places:
        counts = {str(pin): count for pin, count in places.execute("SELECT pin, count FROM pin")}
        packed = "SELECT offices FROM pin WHERE pin = ?"
        return {pin: decode(places.execute(packed, (pin,)).fetchone()[0]).offices for pin in drawn(counts)}


def drawn(counts: Mapping[str, int]) -> list[str]:
    """PIN codes by how many offices they have: 15 with one, 30 with two to nine, 14 with more, and the largest."""
    draw = random.Random(SEED)
    largest = max(sorted(counts), key=counts.__getitem__)
    chosen = []
    for fewest, most, many in ((1, 1, 15), (2, 9, 30), (10, counts[largest] - 1, 14)):
        fitting = sorted(pin for pin, offices in counts.items() if fewest <= offices <= most)
        chosen += draw.sample(fitting, min(many, len(fitting)))
    return list(dict.fromkeys([*chosen, largest]))


def timed(places: Places) -> Places:
    """Those whose offices fit one menu, so that every dialogue has the same five turns."""
    return {pin: offices for pin, offices in places.items() if len(offices) <= ONE_MENU}
