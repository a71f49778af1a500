import threading
import timeit
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.engine.values import Pincode
from services.places import Places
from services.post import Delivery, Found, OfficeKind, PostOffices, UnknownPin
from services.readonly import NotBuilt
from tests.services.directory_lines import line


@pytest.fixture
def india(real_places: Path) -> PostOffices:
    return PostOffices(Places(real_places))


def found(offices: PostOffices, pin: str) -> Found:
    outcome = offices.offices(Pincode(pin))
    assert isinstance(outcome, Found)
    return outcome


def test_a_pin_code_in_the_middle_of_delhi(india: PostOffices) -> None:
    outcome = found(india, "110001")
    assert (outcome.count, len(outcome.offices), outcome.district) == (23, 23, "New Delhi")
    first = outcome.offices[0]
    assert (first.name, first.kind, first.delivery, first.district) == (
        "New Delhi GPO",
        OfficeKind.head,
        Delivery.yes,
        "New Delhi",
    )
    assert "Connaught Place" in [office.name for office in outcome.offices]


def test_the_longest_list_of_all(india: PostOffices) -> None:
    outcome = found(india, "791122")
    assert outcome.count == 153
    assert len({office.id for office in outcome.offices}) == 153


@pytest.mark.parametrize("pin", ["999999", "110000", "", "abcdef", "११०००१", "0x1AF01"])
def test_what_is_no_pin_code_is_unknown(india: PostOffices, pin: str) -> None:
    assert india.offices(Pincode(pin)) == UnknownPin()


def test_head_offices_come_first_then_sub_then_branch_each_by_name(places: Callable[..., Path]) -> None:
    path = places(
        line("beta BO", 442001),
        line("Alpha BO", 442001),
        line("Omega SO", 442001, BranchType="PO"),
        line("Zeta HO", 442001, BranchType="HO", DeliveryStatus="Non Delivery"),
    )
    outcome = found(PostOffices(Places(path)), "442001")
    assert [(office.name, office.kind, office.delivery) for office in outcome.offices] == [
        ("Zeta", OfficeKind.head, Delivery.no),
        ("Omega", OfficeKind.sub, Delivery.yes),
        ("Alpha", OfficeKind.branch, Delivery.yes),
        ("Beta", OfficeKind.branch, Delivery.yes),
    ]


def test_an_id_stays_with_its_office_when_a_new_edition_has_more(places: Callable[..., Path]) -> None:
    before = {str(o.name): o.id for o in found(PostOffices(Places(places(line("Beta BO", 442001)))), "442001").offices}
    path = places(line("Alpha BO", 442001), line("Beta BO", 442001))
    after = {str(o.name): o.id for o in found(PostOffices(Places(path)), "442001").offices}
    assert after["Beta"] == before["Beta"]
    assert after["Alpha"] != after["Beta"]


def test_two_offices_of_one_name_have_two_ids(places: Callable[..., Path]) -> None:
    outcome = found(PostOffices(Places(places(line("Beta BO", 442001), line("Beta BO", 442001)))), "442001")
    assert len({office.id for office in outcome.offices}) == 2


def test_every_thread_reads_for_itself(india: PostOffices) -> None:
    counts: list[int] = []
    threads = [threading.Thread(target=lambda: counts.append(found(india, "110001").count)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [23, 23, 23, 23]


def test_a_missing_file_is_a_problem_until_it_is_built(tmp_path: Path, places: Callable[..., Path]) -> None:
    missing = Places(tmp_path / "places.sqlite")
    assert missing.problem() == "places.sqlite is missing or broken; build it with: python -m services.build_places"
    with pytest.raises(NotBuilt):
        missing.offices("442001")
    places(line("One", 442001))
    assert missing.problem() == ""
    assert missing.offices("442001") is not None


def test_a_file_that_is_something_else_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "places.sqlite").write_text("not a database at all")
    assert "missing or broken" in Places(tmp_path / "places.sqlite").problem()


@pytest.mark.parametrize(("pin", "microseconds"), [("110001", 250), ("791122", 1000)])
def test_looking_up_takes_far_less_than_a_millisecond(real_places: Path, pin: str, microseconds: float) -> None:
    # For a PIN code that is not at hand yet; the floor of several runs; quiet, it is some 10 and 40 microseconds.
    places = Places(real_places)
    took = min(timeit.repeat(lambda: PostOffices(places).offices(Pincode(pin)), number=50, repeat=9)) / 50
    assert took < microseconds / 1e6
