import csv
import timeit
from collections import Counter
from pathlib import Path

import pytest

from flows.engine.values import Identifier, Letters, Words
from flows.operations.answer import Answer
from services.catalogue import Catalogue, Found, Gone, Here, HowToGet, Level, Listed, NothingFound
from services.configuration import ServiceSettings
from services.labelled import LABEL, Malformed
from services.sandbox import make_catalogue

HEAD = "n,level,state,department,title,flow,how,helpline,keywords\n"
OWN = "1,central,,India Post,Post offices,post_offices,,,dak\n"
OTHER = "2,state,Kerala,Revenue,Income certificate,,office,0000000002,aay\n"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue(ServiceSettings().catalogue)


def small(tmp_path: Path, rows: str = OWN + OTHER, label: str = "", most: int = 60) -> Catalogue:
    path = tmp_path / "catalogue.csv"
    path.write_text(label + HEAD + rows)
    return Catalogue(path, most=most)


def found(answer: Answer[Found | NothingFound]) -> Found:
    assert isinstance(answer.outcome, Found)
    return answer.outcome


def test_what_ships_has_the_numbers_of_the_announcement(catalogue: Catalogue) -> None:
    everything = found(catalogue.browse())
    assert everything.count == len(everything.services) == 1011
    assert Counter(entry.level for entry in everything.services) == {
        Level.central: 294,
        Level.state: 441,
        Level.bill: 276,
    }
    departments = {level: {e.department for e in everything.services if e.level is level} for level in Level}
    assert (len(departments[Level.central]), len(departments[Level.state])) == (70, 71)
    assert len({entry.state for entry in everything.services if entry.level is Level.state}) == 26
    assert len({entry.id for entry in everything.services}) == 1011
    assert all(len(e.title) <= 60 and len(e.department) <= 60 and len(e.id) <= 20 for e in everything.services)


def test_what_ships_is_labelled_and_its_numbers_cannot_be_dialled() -> None:
    with ServiceSettings().catalogue.open() as file:
        assert file.readline().strip() == LABEL
        rows = list(csv.DictReader(row for row in file if not row.startswith("#")))
    assert all(row["helpline"].startswith("0000") for row in rows)


def test_what_ships_is_what_the_script_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make_catalogue, "FILE", tmp_path / "catalogue_demo.csv")
    make_catalogue.main()
    assert (tmp_path / "catalogue_demo.csv").read_bytes() == ServiceSettings().catalogue.read_bytes()


def test_services_that_ghanti_has_are_called_by_their_flow(catalogue: Catalogue) -> None:
    ids = {entry.id for entry in found(catalogue.browse()).services if not entry.id.startswith("entry:")}
    assert ids == {"post_offices", "csc_nearest", "lpg_book", "mandi_price", "weather", "bill_electricity"}


@pytest.mark.parametrize("words", ["electricity bill", "ELECTRICITY", "electrcity", "bijli", "light bill"])
def test_the_electricity_bill_is_found_however_it_is_typed(catalogue: Catalogue, words: str) -> None:
    assert found(catalogue.find(Words(words))).services[0].id == "bill_electricity"


@pytest.mark.parametrize("letters", ["PENS", "7367"])
def test_first_letters_are_typed_or_keyed(catalogue: Catalogue, letters: str) -> None:
    services = found(catalogue.search(Letters(letters))).services
    assert "Old age pension, Andhra Pradesh" in [entry.title for entry in services]
    assert (
        all(any(word.lower().startswith("pens") for word in entry.title.split()) for entry in services)
        or letters == "7367"
    )


def test_nothing_found_is_said(tmp_path: Path) -> None:
    assert small(tmp_path).find(Words("zzzz")) == Answer(NothingFound(), demo=False)
    assert small(tmp_path).search(Letters("ZZ")) == Answer(NothingFound(), demo=False)


def test_no_more_are_told_than_wanted_and_all_are_counted(tmp_path: Path) -> None:
    rows = "".join(f"{n},bill,,Water,Water bill {n},,phone,0000,\n" for n in range(1, 8))
    outcome = found(small(tmp_path, rows, most=3).find(Words("water")))
    assert ([entry.id for entry in outcome.services], outcome.count) == (["entry:1", "entry:2", "entry:3"], 7)


def test_an_entry_says_how_to_get_it(tmp_path: Path) -> None:
    catalogue = small(tmp_path)
    assert catalogue.entry(Identifier("entry:2")) == Answer(
        Listed("Income certificate", "Revenue", "0000000002", HowToGet.office)  # type: ignore[arg-type]
    )
    assert catalogue.entry(Identifier("post_offices")) == Answer(Here("Post offices", "India Post"))  # type: ignore[arg-type]
    assert catalogue.entry(Identifier("entry:3")) == Answer(Gone())


def test_a_row_says_whose_it_is(tmp_path: Path) -> None:
    own, other = found(small(tmp_path).browse()).services
    assert (own.id, own.title, own.department, own.level, own.state) == (
        "post_offices",
        "Post offices",
        "India Post",
        Level.central,
        "All India",
    )
    assert (other.id, other.level, other.state) == ("entry:2", Level.state, "Kerala")


@pytest.mark.parametrize("words", ["dak", "kerala", "revenue"])
def test_keywords_state_and_department_are_searched_too(tmp_path: Path, words: str) -> None:
    assert found(small(tmp_path).find(Words(words))).count == 1


def test_made_up_entries_are_told_as_such_and_real_ones_are_not(tmp_path: Path) -> None:
    catalogue = small(tmp_path, label=f"{LABEL}\n")
    assert catalogue.find(Words("income")).demo
    assert catalogue.entry(Identifier("entry:2")).demo
    assert catalogue.browse().demo
    assert not catalogue.find(Words("post")).demo
    assert not catalogue.entry(Identifier("post_offices")).demo


def test_a_list_without_the_label_is_not_made_up(tmp_path: Path) -> None:
    catalogue = small(tmp_path)
    assert not catalogue.find(Words("income")).demo
    assert not catalogue.entry(Identifier("entry:2")).demo
    assert not catalogue.browse().demo


@pytest.mark.parametrize(
    "row",
    [
        OTHER,
        "x,state,Kerala,Revenue,Title,,office,0000,\n",
        "3,village,Kerala,Revenue,Title,,office,0000,\n",
        "3,state,Kerala,Revenue,Title,,somehow,0000,\n",
        "3,state,Kerala,,Title,,office,0000,\n",
        "3,state,Kerala,Revenue,,,office,0000,\n",
        "3,state\n",
    ],
)
def test_a_row_that_is_no_entry_is_refused_with_its_line(tmp_path: Path, row: str) -> None:
    with pytest.raises(Malformed, match=r"catalogue\.csv:4: not an entry"):
        small(tmp_path, OWN + OTHER + row)


@pytest.mark.parametrize("words", ["status", "water bill pune", "electrcity", "certificate in kerala"])
def test_searching_takes_less_than_a_millisecond(catalogue: Catalogue, words: str) -> None:
    # The floor of several runs; quiet, it is some 0.01 to 0.15 milliseconds.
    assert min(timeit.repeat(lambda: catalogue.find(Words(words)), number=10, repeat=9)) / 10 < 1e-3
    assert min(timeit.repeat(lambda: catalogue.search(Letters("P")), number=10, repeat=9)) / 10 < 1e-3
