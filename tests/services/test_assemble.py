from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from flows.engine.values import Unavailable
from flows.operations.answer import Answer
from flows.operations.registry import operation
from flows.operations.signatures import OperationRefused
from services.assemble import assemble
from services.configuration import ServiceSettings, UpstreamSettings
from services.import_centres import DEMO, import_centres
from services.labelled import Malformed
from services.perform import Services


@dataclass(frozen=True, slots=True)
class Hello:
    pass


class More:
    @operation("more.hello", caller=True)
    def hello(self, *, caller: object) -> Hello:
        return Hello()

    OPERATIONS = (hello,)


def test_every_operation_of_the_flows_is_there(services: Services) -> None:
    assert set(services.signatures) == {
        "post.offices",
        "csc.nearest",
        "lpg.book",
        "biller.electricity",
        "bill.electricity",
        "bill.how_to_pay",
        "mandi.crops",
        "mandi.price",
        "weather.forecast",
        "catalogue.search",
        "catalogue.find",
        "catalogue.browse",
        "catalogue.entry",
    }


def test_what_is_at_hand_is_recalled_and_what_is_asked_is_kept(services: Services) -> None:
    kept = {name for name, signature in services.signatures.items() if not signature.recall}
    assert kept == {"lpg.book", "bill.electricity", "mandi.price", "weather.forecast"}


def test_only_booking_writes_and_wants_a_known_caller(services: Services) -> None:
    assert [s.name for s in services.signatures.values() if s.write] == ["lpg.book"]
    assert [s.name for s in services.signatures.values() if s.auth != "none"] == ["lpg.book"]


def test_rooms_about_the_caller_join_in(settings: ServiceSettings) -> None:
    services = assemble(settings, [More()])
    assert services.perform("more.hello", {}, caller="somebody") == Answer(Hello())


def test_two_rooms_with_the_same_operation_are_refused(settings: ServiceSettings) -> None:
    with pytest.raises(OperationRefused):
        assemble(settings, [More(), More()])


def test_without_files_and_addresses_it_stands_and_says_what_is_missing(tmp_path: Path) -> None:
    away = {name: UpstreamSettings(name, base_url="") for name in ("lpg", "bbps", "mandi", "weather", "warnings")}
    settings = replace(
        ServiceSettings(),
        places=tmp_path / "places.sqlite",
        centres=tmp_path / "centres.sqlite",
        **away,  # type: ignore[arg-type]
    )
    services = assemble(settings)
    assert len(services.problems()) == 7
    for name, given in (
        ("post.offices", {"pin": "110001"}),
        ("csc.nearest", {"pin": "110001"}),
        ("mandi.price", {"pin": "110001", "crop": "onion"}),
        ("bill.electricity", {"biller": "el-ka-bescom", "consumer": "12345678"}),
    ):
        assert services.perform(name, given) == Answer(Unavailable())


def test_with_everything_there_is_no_problem(settings: ServiceSettings, real_places: Path) -> None:
    import_centres(DEMO, settings.centres, real_places)
    assert assemble(settings).problems() == ()


def test_a_broken_data_file_stops_it(settings: ServiceSettings, tmp_path: Path) -> None:
    (tmp_path / "broken.csv").write_text("nothing\n")
    with pytest.raises(Malformed):
        assemble(replace(settings, billers=tmp_path / "broken.csv"))


def test_no_operation_declares_what_every_one_may_come_to(services: Services) -> None:
    for signature in services.signatures.values():
        assert not {"unavailable", "timed_out"} & set(signature.outcomes)


def test_the_words_that_terms_must_have_are_told(services: Services) -> None:
    assert set(services.enumerations) == {
        "OfficeKind",
        "Delivery",
        "Crop",
        "Sky",
        "WeatherWarning",
        "Level",
        "HowToGet",
    }
