from dataclasses import replace
from datetime import date

import httpx
import pytest

from flows.engine.values import TimedOut, Unavailable
from flows.operations.answer import Answer
from flows.operations.deadline import Deadline
from services.assemble import assemble
from services.configuration import ServiceSettings
from services.http import Heard
from services.mandi import Crop, Mandi, NotTraded, Priced, UnknownPin
from services.perform import Services
from services.places import Place


@pytest.fixture(autouse=True)
def fresh(sandbox: str) -> None:
    httpx.post(f"{sandbox}/_sandbox/reset")


def price(services: Services, pin: str = "560001", crop: str = "onion") -> Answer[object]:
    return services.perform("mandi.price", {"pin": pin, "crop": crop})


def test_a_price_in_the_callers_own_district(services: Services) -> None:
    answer = price(services)
    assert isinstance(answer.outcome, Priced)
    assert (answer.outcome.market, answer.outcome.district) == ("Demo Mandi Bengaluru Urban", "Bengaluru Urban")
    assert answer.outcome.lowest + 35_000 == answer.outcome.highest
    assert answer.outcome.day == date(2026, 11, 24)
    assert answer.demo


@pytest.mark.parametrize("pin", ["490001", "110001", "248001", "605001"])
def test_states_that_the_source_spells_in_its_own_way_have_prices(services: Services, pin: str) -> None:
    assert isinstance(price(services, pin).outcome, Priced)


@pytest.mark.parametrize("crop", list(Crop))
def test_every_crop_has_a_price(services: Services, crop: Crop) -> None:
    assert isinstance(price(services, crop=crop.value).outcome, Priced)


def test_a_crop_is_called_by_its_own_name() -> None:
    assert all(crop.name == crop.value for crop in Crop)
    assert len(Crop) == 17


def test_a_pin_code_that_nobody_has_is_unknown(services: Services) -> None:
    assert price(services, "999999") == Answer(UnknownPin())


@pytest.mark.parametrize(
    ("failure", "outcome"), [("empty", NotTraded()), ("down", Unavailable()), ("nonsense", Unavailable())]
)
def test_what_else_may_come_of_it(services: Services, sandbox: str, failure: str, outcome: object) -> None:
    httpx.post(f"{sandbox}/_sandbox/mandi", json={"failure": failure})
    assert price(services).outcome == outcome


def test_a_slow_source_is_timed_out(settings: ServiceSettings, sandbox: str) -> None:
    httpx.post(f"{sandbox}/_sandbox/mandi", json={"delay": 0.5})
    services = assemble(replace(settings, mandi=replace(settings.mandi, answer_seconds=0.1)))
    assert price(services).outcome == TimedOut()


class Source:
    """An upstream that gives these records, and the place of every PIN code."""

    def __init__(self, *records: object) -> None:
        self.records = list(records)
        self.query: dict[str, str] = {}

    def read(self, path: str, *, until: Deadline, query: dict[str, str]) -> Heard:
        self.query = query
        return Heard(200, {"records": self.records}, demo=False)

    def place(self, pin: str) -> Place:
        return Place(None, "Durg", "Chhattisgarh")


def record(district: str = "Durg", **more: object) -> dict[str, object]:
    return {
        "state": "Chattisgarh",
        "district": district,
        "market": f"{district} Mandi",
        "commodity": "Onion",
        "arrival_date": "23/11/2026",
        "min_price": 1800,
        "max_price": 2450,
        "modal_price": 2250.5,
        **more,
    }


def asked(source: Source, crop: Crop = Crop.onion) -> object:
    return Mandi(source, "k", source).price("490001", crop, until=Deadline.after(1.0)).outcome  # type: ignore[arg-type]


def test_rupees_become_paise() -> None:
    assert asked(Source(record())) == Priced("Durg Mandi", "Durg", 180000, 245000, 225050, date(2026, 11, 23))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("records", "market"),
    [
        ([record("Raipur", arrival_date="24/11/2026"), record("DURG")], "DURG Mandi"),
        ([record("Raipur"), record("Bastar", arrival_date="24/11/2026")], "Bastar Mandi"),
        ([record("Raipur"), record("Bastar", modal_price=2300)], "Bastar Mandi"),
        ([record("Raipur"), record("Raipur", variety="Red")], "Raipur Mandi"),
        ([record("Durg", arrival_date="22/11/2026"), record("Durg", market="New Mandi")], "New Mandi"),
    ],
    ids=[
        "own district before a later day",
        "later day",
        "better price",
        "the same twice",
        "later day of the own district",
    ],
)
def test_which_market_is_told(records: list[object], market: str) -> None:
    for listed in (records, records[::-1]):
        outcome = asked(Source(*listed))
        assert isinstance(outcome, Priced)
        assert outcome.market == market


@pytest.mark.parametrize(
    "bad",
    [
        record(min_price="NA"),
        record(arrival_date="2026-11-24"),
        record(min_price=0),
        record(min_price=3000),
        record(market=None),
        "not a record",
    ],
)
def test_a_record_that_cannot_be_used_is_passed_over(bad: object) -> None:
    outcome = asked(Source(bad, record("Raipur")))
    assert isinstance(outcome, Priced)
    assert outcome.market == "Raipur Mandi"
    assert asked(Source(bad)) == NotTraded()


@pytest.mark.parametrize(
    ("crop", "commodity"),
    [(Crop.onion, "Onion"), (Crop.tur, "Arhar (Tur/Red Gram)(Whole)"), (Crop.green_chilli, "Green Chilli")],
)
def test_the_question_uses_the_sources_own_names(crop: Crop, commodity: str) -> None:
    source = Source()
    asked(source, crop)
    assert source.query == {
        "api-key": "k",
        "format": "json",
        "offset": "0",
        "limit": "500",
        "filters[state]": "Chattisgarh",
        "filters[commodity]": commodity,
    }
