import csv
import os
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import import_centres as importing
from services.centre_rows import COLUMNS, Refused, centre
from services.import_centres import import_centres, import_demo, main
from services.labelled import LABEL, Malformed
from services.readonly import NotBuilt, stamp
from tests.services.directory_lines import line

GOOD = {
    "csc_id": "123",
    "name": "A Kendra",
    "vle": "Somebody",
    "address": "Main Road",
    "village": "A Village",
    "pin": "442001",
    "phone": "9999999999",
    "state": "x",
    "district": "y",
}


def written(path: Path, *rows: Mapping[str, str], head: str = "") -> Path:
    with path.open("w", newline="") as file:
        file.write(head)
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def known(places: Callable[..., Path]) -> Path:
    return places(line("One", 442001), line("Two", 442002))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"csc_id": ""}, "csc_id must be 1 to 20 letters and digits"),
        ({"csc_id": "x" * 21}, "csc_id must be 1 to 20 letters and digits"),
        ({"csc_id": "१२३"}, "csc_id must be 1 to 20 letters and digits"),
        ({"pin": "44200"}, "pin must be 6 digits, the first not 0"),
        ({"pin": "042001"}, "pin must be 6 digits, the first not 0"),
        ({"pin": "४४२००१"}, "pin must be 6 digits, the first not 0"),
        ({"name": ""}, "name is empty"),
        ({"vle": ""}, "vle is empty"),
        ({"village": ""}, "village is empty"),
        ({"address": ""}, "address is empty"),
        ({"name": "x" * 61}, "name has more than 60 characters"),
        ({"vle": "x" * 61}, "vle has more than 60 characters"),
        ({"phone": "123"}, "phone must be 5 to 14 digits"),
        ({"phone": "12345678901234567"}, "phone must be 5 to 14 digits"),
        ({"phone": "call me"}, "phone must be 5 to 14 digits"),
        ({"address": "a\x07b"}, "a column holds characters that cannot be printed"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(change: dict[str, str], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        centre({**GOOD, **change})


@pytest.mark.parametrize("phone", ["+91 99999 99999", "99999-99999", "(99999)99999", "99999.99999"])
def test_a_telephone_number_may_be_written_in_groups(phone: str) -> None:
    assert centre({**GOOD, "phone": phone})[1].phone == "9999999999"


def test_a_long_address_is_cut_and_not_refused() -> None:
    assert (
        centre({**GOOD, "address": "Ward 12, " * 20})[1].address
        == "Ward 12, Ward 12, Ward 12, Ward 12, Ward 12, Ward 12, Ward"
    )


def test_sixty_characters_are_not_too_many() -> None:
    assert centre({**GOOD, "name": "x" * 60})[1].name == "x" * 60


@given(st.fixed_dictionaries({column: st.text(max_size=70) for column in COLUMNS}))
def test_any_row_is_taken_or_refused_without_repeating_it(row: dict[str, str]) -> None:
    try:
        pin, taken = centre(row)
    except Refused as refused:
        assert not any(len(value) > 12 and value in str(refused) for value in row.values())
    else:
        assert len(pin) == 6
        assert taken.name and len(taken.address) <= 60


def test_good_rows_are_imported(tmp_path: Path, known: Path) -> None:
    source = written(tmp_path / "c.csv", GOOD, {**GOOD, "csc_id": "124", "pin": "442002"})
    imported = import_centres(source, tmp_path / "centres.sqlite", known)
    assert (imported.rows, imported.bad, imported.demo) == (2, [], False)
    assert stamp(tmp_path / "centres.sqlite") == {
        "source": "c.csv",
        "demo": "0",
        "rows": "2",
        "places": f"{tmp_path / 'pins.json.bz2'} 1",
    }


def test_every_bad_row_is_told_and_nothing_is_imported(
    tmp_path: Path, known: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = tmp_path / "centres.sqlite"
    import_centres(written(tmp_path / "first.csv", GOOD), into, known)
    before = into.read_bytes()
    source = written(
        tmp_path / "c.csv",
        GOOD,
        {**GOOD, "csc_id": "124", "pin": "999999"},
        {**GOOD, "csc_id": "125", "phone": ""},
        GOOD,
        {**GOOD, "csc_id": "126", "pin": "999999"},
    )
    assert main([str(source), "--into", str(into), "--places", str(known)]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "c.csv:3: pin: no post office has this PIN code",
        "c.csv:4: phone must be 5 to 14 digits",
        "c.csv:5: csc_id stands in an earlier row already",
        "c.csv:6: pin: no post office has this PIN code",
        "Nothing was imported: 4 bad rows. Correct them, or give --leave-out-bad-rows.",
    ]
    assert into.read_bytes() == before
    assert not list(tmp_path.glob("*.new*"))


def test_bad_rows_may_be_left_out(tmp_path: Path, known: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = written(tmp_path / "c.csv", GOOD, {**GOOD, "csc_id": "124", "pin": "999999"})
    arguments = [str(source), "--into", str(tmp_path / "centres.sqlite"), "--places", str(known)]
    assert main([*arguments, "--leave-out-bad-rows"]) == 0
    assert "1 centres imported; 1 rows left out." in capsys.readouterr().out
    assert stamp(tmp_path / "centres.sqlite")["rows"] == "1"


def test_only_the_first_bad_rows_are_shown_one_by_one(
    tmp_path: Path, known: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = written(tmp_path / "c.csv", *({**GOOD, "csc_id": str(n), "phone": ""} for n in range(60)))
    assert main([str(source), "--into", str(tmp_path / "centres.sqlite"), "--places", str(known)]) == 1
    shown = capsys.readouterr().err.splitlines()
    assert len(shown) == 52
    assert shown[50] == "… and 10 more bad rows"


def test_a_row_that_is_too_short_is_a_bad_row(tmp_path: Path, known: Path) -> None:
    source = written(tmp_path / "c.csv", GOOD)
    source.write_text(source.read_text() + "1,2\n")
    imported = import_centres(source, tmp_path / "centres.sqlite", known)
    assert imported.bad == [(3, "the row does not have as many columns as the heading")]


@pytest.mark.parametrize("content", ["a,b\n1,2\n", ""])
def test_a_file_that_is_no_list_of_centres_is_refused(
    tmp_path: Path, known: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "c.csv").write_text(content)
    with pytest.raises(Malformed):
        import_centres(tmp_path / "c.csv", tmp_path / "centres.sqlite", known)
    assert main([str(tmp_path / "c.csv"), "--into", str(tmp_path / "x.sqlite"), "--places", str(known)]) == 1
    assert "c.csv: " in capsys.readouterr().err
    assert not list(tmp_path.glob("*.new*"))


def test_without_the_places_file_nothing_can_be_imported(tmp_path: Path) -> None:
    with pytest.raises(NotBuilt, match=r"places\.sqlite is missing or broken"):
        import_centres(written(tmp_path / "c.csv", GOOD), tmp_path / "centres.sqlite", tmp_path / "places.sqlite")


def test_state_and_district_are_those_of_the_pin_code(tmp_path: Path, known: Path) -> None:
    into = tmp_path / "centres.sqlite"
    import_centres(written(tmp_path / "c.csv", GOOD), into, known)
    with sqlite3.connect(into) as connection:
        assert connection.execute("SELECT pin, state, district, many FROM place").fetchall() == [
            (442001, "Maharashtra", "Wardha", 1)
        ]


@pytest.fixture
def few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands in for the demo file that ships."""
    file = written(tmp_path / "demo.csv", GOOD, head=f"{LABEL}\n")
    monkeypatch.setattr(importing, "DEMO", file)
    return file


def test_demo_centres_fill_an_empty_place_once(tmp_path: Path, known: Path, few: Path) -> None:
    into = tmp_path / "centres.sqlite"
    assert import_demo(into, known) == 1
    assert stamp(into)["demo"] == "1"
    assert import_demo(into, known) == 0


def test_demo_centres_never_replace_an_operators(tmp_path: Path, known: Path, few: Path) -> None:
    into = tmp_path / "centres.sqlite"
    import_centres(written(tmp_path / "c.csv", GOOD, {**GOOD, "csc_id": "124"}), into, known)
    assert import_demo(into, known) == 0
    assert stamp(into)["rows"] == "2"


def test_demo_centres_never_replace_an_operators_over_another_edition(tmp_path: Path, known: Path, few: Path) -> None:
    into = tmp_path / "centres.sqlite"
    import_centres(written(tmp_path / "c.csv", GOOD, {**GOOD, "csc_id": "124"}), into, known)
    with sqlite3.connect(known) as connection:
        connection.execute("UPDATE stamp SET value = 'next' WHERE key = 'source'")
    assert import_demo(into, known) == 0
    assert stamp(into)["rows"] == "2"


def test_what_an_interrupted_import_left_is_no_hindrance(tmp_path: Path, known: Path) -> None:
    (tmp_path / f"centres.sqlite.{os.getpid()}.new").write_text("half of something")
    assert import_centres(written(tmp_path / "c.csv", GOOD), tmp_path / "centres.sqlite", known).rows == 1


def test_demo_centres_are_imported_anew_over_another_edition_of_the_places(
    tmp_path: Path, known: Path, few: Path
) -> None:
    into = tmp_path / "centres.sqlite"
    import_demo(into, known)
    with sqlite3.connect(known) as connection:
        connection.execute("UPDATE stamp SET value = 'next' WHERE key = 'source'")
    assert import_demo(into, known) == 1


def test_the_command_tells_that_made_up_centres_are_made_up(
    tmp_path: Path, known: Path, few: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(few), "--into", str(tmp_path / "centres.sqlite"), "--places", str(known)]) == 0
    assert "1 centres imported, all made up; 0 rows left out." in capsys.readouterr().out
