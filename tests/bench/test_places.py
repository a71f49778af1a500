import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bench.places import drawn, read, timed
from flows.engine.values import Count, Name
from services.post import Delivery, Found, Office, OfficeKind, packed

OFFICE = Office("1", Name("A"), OfficeKind.head, Delivery.yes, Name("C"))
COUNTS = {f"{600_000 + at}": at % 40 + 1 for at in range(4000)} | {"799999": 153}


def test_the_draw_spans_the_sizes_of_lists() -> None:
    chosen = drawn(COUNTS)
    sizes = [COUNTS[pin] for pin in chosen]
    assert len(set(chosen)) == len(chosen) == 60
    assert [sum(fewest <= size <= most for size in sizes) for fewest, most in ((1, 1), (2, 9), (10, 152))] == [
        15,
        30,
        14,
    ]
    assert chosen[-1] == "799999"


def test_the_draw_is_the_same_in_every_run() -> None:
    assert drawn(COUNTS) == drawn(dict(reversed(COUNTS.items())))


def test_a_small_country_is_drawn_whole() -> None:
    assert sorted(drawn({"600001": 1, "600002": 4, "600003": 12})) == ["600001", "600002", "600003"]


def test_timed_dialogues_are_those_with_one_menu() -> None:
    places = {"600001": (OFFICE,) * 9, "600002": (OFFICE,) * 10}
    assert list(timed(places)) == ["600001"]


def test_the_offices_of_the_drawn_pin_codes_are_read(tmp_path: Path) -> None:
    file = tmp_path / "places.sqlite"
    with closing(sqlite3.connect(file)) as places:
        places.execute("CREATE TABLE pin (pin INTEGER, count INTEGER, offices BLOB)")
        places.execute("INSERT INTO pin VALUES (600001, 2, ?)", (packed(Found((OFFICE,) * 2, Count(2), Name("C"))),))
        places.commit()
    assert read(file) == {"600001": (OFFICE, OFFICE)}


def test_data_that_is_not_built_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="make setup"):
        read(tmp_path / "places.sqlite")
