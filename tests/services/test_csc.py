import csv
import random
import timeit
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.engine.values import Pincode
from flows.operations.answer import Answer
from services.centre_rows import COLUMNS
from services.csc import Centres, Found, NoneNear, SameDistrict, UnknownPin
from services.distance import kilometres
from services.import_centres import DEMO, import_centres
from services.labelled import LABEL
from services.places import Places
from services.readonly import NotBuilt
from tests.services.directory_lines import line

Row = tuple[str, str]
"""csc_id and PIN code."""


@pytest.fixture
def centres(tmp_path: Path) -> Callable[..., Centres]:
    """Imports rows of (csc_id, PIN code) over a places file, and opens the result."""

    def imported(places: Path, rows: list[Row], *, label: str = "", **more: int) -> Centres:
        file = tmp_path / "centres.csv"
        with file.open("w", newline="") as out:
            out.write(f"{label}\n" if label else "")
            writer = csv.writer(out)
            writer.writerow(COLUMNS)
            writer.writerows(
                (id_, f"Name {id_}", "Operator", "Address", "Village", pin, "9999999999", "", "") for id_, pin in rows
            )
        assert import_centres(file, tmp_path / "centres.sqlite", places).bad == []
        return Centres(tmp_path / "centres.sqlite", Places(places), **more)

    return imported


def at(pin: int, north: float | None, **more: object) -> dict[str, object]:
    return line(f"Office {pin}", pin, Latitude=north, Longitude=78.6, **more)


def told(answer: Answer[Found | SameDistrict | NoneNear | UnknownPin]) -> list[tuple[str, int]]:
    assert isinstance(answer.outcome, Found)
    return [(centre.id, centre.away) for centre in answer.outcome.centres]


def test_the_five_nearest_come_first_and_no_more(places: Callable[..., Path], centres: Callable[..., Centres]) -> None:
    path = places(*(at(442000 + step, 20.7 + step / 100) for step in range(1, 9)))
    found = centres(path, [(f"C{step}", str(442000 + step)) for step in (8, 3, 5, 1, 7, 2, 6, 4)])
    assert told(found.nearest(Pincode("442002"))) == [("C2", 0), ("C1", 1), ("C3", 1), ("C4", 2), ("C5", 3)]


def test_a_centre_says_what_a_caller_needs(places: Callable[..., Path], centres: Callable[..., Centres]) -> None:
    outcome = centres(places(at(442001, 20.7)), [("C1", "442001")]).nearest(Pincode("442001")).outcome
    assert isinstance(outcome, Found)
    centre = outcome.centres[0]
    assert (centre.name, centre.vle, centre.address, centre.village, centre.phone, centre.pin, centre.away) == (
        "Name C1",
        "Operator",
        "Address",
        "Village",
        "9999999999",
        "442001",
        0,
    )


def test_centres_of_one_pin_code_come_by_id(places: Callable[..., Path], centres: Callable[..., Centres]) -> None:
    found = centres(places(at(442001, 20.7)), [("B", "442001"), ("A", "442001"), ("C", "442001")], most=2)
    assert told(found.nearest(Pincode("442001"))) == [("A", 0), ("B", 0)]


def test_beyond_reach_is_not_near(places: Callable[..., Path], centres: Callable[..., Centres]) -> None:
    # 0.5 degrees are 55.6 km; the middle of the district lies between, so that both positions are believed.
    path = places(*(at(pin, north) for pin, north in ((442001, 20.7), (442002, 20.7), (442003, 21.2), (442004, 21.2))))
    rows = [("C1", "442003")]
    assert told(centres(path, rows, reach_km=56).nearest(Pincode("442001"))) == [("C1", 56)]
    assert centres(path, rows, reach_km=55).nearest(Pincode("442001")).outcome == NoneNear()


def test_a_pin_code_without_a_position_gets_the_centres_of_its_district(
    places: Callable[..., Path], centres: Callable[..., Centres]
) -> None:
    path = places(at(442001, 20.7), at(442002, None), at(442003, None), at(444001, 20.7, District="AKOLA"))
    found = centres(path, [("A", "442001"), ("B", "442003"), ("C", "444001")])
    outcome = found.nearest(Pincode("442002")).outcome
    assert isinstance(outcome, SameDistrict)
    assert ([centre.id for centre in outcome.centres], outcome.district) == (["A", "B"], "Wardha")
    assert [centre.pin for centre in outcome.centres] == ["442001", "442003"]


def test_at_most_five_of_a_district_are_told(places: Callable[..., Path], centres: Callable[..., Centres]) -> None:
    found = centres(places(at(442001, None), at(442002, None)), [(f"C{n}", "442002") for n in range(7)])
    outcome = found.nearest(Pincode("442001")).outcome
    assert isinstance(outcome, SameDistrict)
    assert [centre.id for centre in outcome.centres] == ["C0", "C1", "C2", "C3", "C4"]


def test_a_district_of_the_same_name_in_another_state_is_another(
    places: Callable[..., Path], centres: Callable[..., Centres]
) -> None:
    path = places(at(442001, None), at(495001, None, State="CHHATTISGARH"))
    assert centres(path, [("A", "495001")]).nearest(Pincode("442001")).outcome == NoneNear()


def test_a_pin_code_that_nobody_has_is_unknown(places: Callable[..., Path], centres: Callable[..., Centres]) -> None:
    assert centres(places(at(442001, 20.7)), []).nearest(Pincode("442009")) == Answer(UnknownPin(), demo=False)


@pytest.mark.parametrize(("label", "demo"), [(LABEL, True), ("# just a comment", False), ("", False)])
def test_made_up_centres_are_told_as_such(
    places: Callable[..., Path], centres: Callable[..., Centres], label: str, demo: bool
) -> None:
    path = places(at(442001, 20.7), at(442002, None))
    found = centres(path, [("A", "442001")], label=label)
    assert found.nearest(Pincode("442001")).demo is demo
    assert found.nearest(Pincode("442002")).demo is demo


def test_without_centres_it_is_unavailable_and_says_what_to_do(
    tmp_path: Path, places: Callable[..., Path], centres: Callable[..., Centres]
) -> None:
    path = places(at(442001, 20.7))
    missing = Centres(tmp_path / "centres.sqlite", Places(path))
    assert missing.problem() == (
        "centres.sqlite is missing or broken; import centres with: python -m services.import_centres FILE.csv"
    )
    with pytest.raises(NotBuilt):
        missing.nearest(Pincode("442001"))
    centres(path, [("A", "442001")])
    assert missing.problem() == ""


@pytest.fixture(scope="module")
def demo(real_places: Path, tmp_path_factory: pytest.TempPathFactory) -> Centres:
    path = tmp_path_factory.mktemp("demo") / "centres.sqlite"
    assert import_centres(DEMO, path, real_places).bad == []
    return Centres(path, Places(real_places))


def test_over_all_of_india_it_finds_what_a_look_at_every_centre_finds(demo: Centres, real_places: Path) -> None:
    places, draw = Places(real_places), random.Random(2026)
    with DEMO.open() as file:
        listed = [(row["csc_id"], row["pin"]) for row in csv.DictReader(r for r in file if not r.startswith("#"))]
    placed = [(id_, p.position) for id_, pin in listed if (p := places.place(pin)) and p.position]
    for _, pin in draw.sample(listed, 60) + [("", str(draw.randrange(110001, 855999))) for _ in range(200)]:
        place = places.place(pin)
        if place is None or place.position is None:
            continue
        every = sorted((kilometres(*place.position, *position), id_) for id_, position in placed)
        near = [round(away) for away, _ in every if away <= 100][:5]
        outcome = demo.nearest(Pincode(pin)).outcome
        assert [centre.away for centre in getattr(outcome, "centres", ())] == near


def test_every_state_has_a_made_up_centre_and_nobody_can_mistake_it(real_places: Path) -> None:
    with DEMO.open() as file:
        assert file.readline().strip() == LABEL
        rows = list(csv.DictReader(r for r in file if not r.startswith("#")))
    assert len(rows) == 600
    assert len({row["state"] for row in rows}) == 36
    for row in rows:
        assert row["name"].startswith(f"CSC Demo {row['csc_id'][-4:]}")
        assert row["phone"].startswith("0000")


def test_looking_up_takes_far_less_than_five_milliseconds(demo: Centres) -> None:
    # The floor of several runs; quiet, it is some 0.05 milliseconds, and 0.13 among 375,000 centres.
    took = min(timeit.repeat(lambda: demo.nearest(Pincode("110001")), number=20, repeat=9)) / 20
    assert took < 2e-3
