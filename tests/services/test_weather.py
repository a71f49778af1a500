from dataclasses import replace
from datetime import date

import httpx
import pytest

from flows.engine.values import Unavailable
from flows.operations.answer import Answer
from flows.operations.deadline import Deadline
from services.assemble import assemble
from services.configuration import ServiceSettings
from services.http import Heard, UpstreamDown
from services.perform import Services
from services.places import Place
from services.weather import Forecast, NoStation, Sky, UnknownPin, Weather, WeatherWarning, sky


@pytest.fixture(autouse=True)
def fresh(sandbox: str) -> None:
    httpx.post(f"{sandbox}/_sandbox/reset")


def forecast(services: Services, pin: str = "560001") -> Answer[object]:
    return services.perform("weather.forecast", {"pin": pin})


def test_the_weather_at_the_nearest_station(services: Services) -> None:
    answer = forecast(services)
    assert isinstance(answer.outcome, Forecast)
    assert (answer.outcome.station, answer.outcome.away) == ("Demo Station 13N 77E", 64)
    assert answer.outcome.day == date(2026, 11, 24)
    assert answer.outcome.highest == answer.outcome.lowest + 11
    assert answer.outcome.tomorrow_highest == answer.outcome.highest + 1
    assert answer.outcome.warning in tuple(WeatherWarning)
    assert answer.outcome.warning is not WeatherWarning.unknown
    assert answer.demo


def test_a_pin_code_that_nobody_has_is_unknown(services: Services) -> None:
    assert forecast(services, "999999") == Answer(UnknownPin())


def test_without_the_forecast_it_is_unavailable(services: Services, sandbox: str) -> None:
    httpx.post(f"{sandbox}/_sandbox/weather", json={"failure": "down"})
    assert forecast(services).outcome == Unavailable()


@pytest.mark.parametrize("failure", ["down", "nonsense", "empty"])
def test_without_the_warnings_nobody_is_told_that_all_is_well(services: Services, sandbox: str, failure: str) -> None:
    httpx.post(f"{sandbox}/_sandbox/warnings", json={"failure": failure})
    outcome = forecast(services).outcome
    assert isinstance(outcome, Forecast)
    assert outcome.warning is WeatherWarning.unknown


def test_the_stations_are_asked_once_for_all_callers(services: Services, sandbox: str) -> None:
    forecast(services)
    httpx.post(f"{sandbox}/_sandbox/weather", json={"failure": "down"})
    httpx.post(f"{sandbox}/_sandbox/warnings", json={"failure": "down"})
    assert isinstance(forecast(services, "110001").outcome, Forecast)


def test_a_station_out_of_reach_says_nothing(settings: ServiceSettings) -> None:
    assert forecast(assemble(replace(settings, weather_reach_km=63))).outcome == NoStation()
    assert isinstance(forecast(assemble(replace(settings, weather_reach_km=65))).outcome, Forecast)


@pytest.mark.parametrize(
    ("sentence", "comes_to"),
    [
        ("Mainly clear sky", Sky.clear),
        ("Partly cloudy sky", Sky.cloudy),
        ("Generally cloudy sky with one or two spells of rain or thundershowers", Sky.thunderstorm),
        ("Generally cloudy sky with Light Rain", Sky.rain),
        ("Fog/mist in the morning and mainly clear sky later", Sky.fog),
        ("Light snow or rain", Sky.snow),
        ("Isolated hail or lightning", Sky.thunderstorm),
        ("Squall", Sky.thunderstorm),
        ("Drizzle", Sky.rain),
        ("One shower", Sky.rain),
        ("Mist", Sky.fog),
        ("Haze", Sky.fog),
        ("Overcast", Sky.cloudy),
        ("Sunny", Sky.clear),
        ("Hot day", Sky.unclear),
        ("", Sky.unclear),
    ],
)
def test_what_a_sentence_comes_to(sentence: str, comes_to: Sky) -> None:
    assert sky(sentence) is comes_to


STATION = {
    "Station_Name": "Nashik",
    "Latitude": "19.997500000",
    "Longitude": "73.789800000",
    "Date": "2026-11-24",
    "Todays_Forecast": "Mainly clear sky",
    "Todays_Forecast_Max_Temp": "30.5",
    "Todays_Forecast_Min_temp": "-2.6",
    "Day_2_Forecast": "Partly cloudy sky",
    "Day_2_Max_Temp": "29.6",
    "Day_2_Min_temp": "22.8",
    "Today_Max_temp": None,
}


class Office:
    """The department, answering these lists, and the place of every PIN code."""

    def __init__(self, stations: object, warnings: object, place: Place | None = None) -> None:
        self._answers = {"/api/cityweather_loc.php": stations, "/api/warnings_district_api.php": warnings}
        self._place = place or Place((20.0, 73.8), "Nashik", "Maharashtra")

    def read(self, path: str, *, until: Deadline) -> Heard:
        return Heard(200, self._answers[path], demo=False)

    def place(self, pin: str) -> Place:
        return self._place

    def told(self) -> Answer[Forecast | NoStation | UnknownPin]:
        return Weather(self, self, self).forecast("422001", until=Deadline.after(1.0))  # type: ignore[arg-type]


def test_temperatures_are_whole_degrees_and_may_be_below_zero() -> None:
    outcome = Office([STATION], [{"District": "NASHIK", "Day1_Color": "3"}]).told().outcome
    assert outcome == Forecast(
        "Nashik",  # type: ignore[arg-type]
        1,  # type: ignore[arg-type]
        date(2026, 11, 24),
        30,  # type: ignore[arg-type]
        -3,  # type: ignore[arg-type]
        Sky.clear,
        30,  # type: ignore[arg-type]
        23,  # type: ignore[arg-type]
        Sky.cloudy,
        WeatherWarning.yellow,
    )


def test_a_station_without_a_forecast_is_passed_over() -> None:
    mute = {**STATION, "Station_Name": "Mute", "Todays_Forecast_Max_Temp": None, "Latitude": "20.0"}
    outcome = Office([mute, STATION], []).told().outcome
    assert isinstance(outcome, Forecast)
    assert outcome.station == "Nashik"


@pytest.mark.parametrize(
    ("colour", "warning"),
    [
        ("1", WeatherWarning.red),
        ("2", WeatherWarning.orange),
        ("3", WeatherWarning.yellow),
        ("4", WeatherWarning.green),
        ("7", WeatherWarning.unknown),
    ],
)
def test_the_departments_colours(colour: str, warning: WeatherWarning) -> None:
    outcome = Office([STATION], [{"District": "Nashik", "Day1_Color": colour}]).told().outcome
    assert isinstance(outcome, Forecast)
    assert outcome.warning is warning


def test_without_warnings_a_real_forecast_is_no_demo() -> None:
    answer = Office([STATION], {"error": "x"}).told()
    assert isinstance(answer.outcome, Forecast)
    assert not answer.demo


def test_members_are_called_by_their_own_name() -> None:
    assert all(member.name == member.value for member in (*Sky, *WeatherWarning))


def test_two_districts_of_one_name_and_two_colours_tell_nothing() -> None:
    warnings = [{"District": "Nashik", "Day1_Color": "4"}, {"District": "NASHIK", "Day1_Color": "1"}]
    for listed in (warnings, warnings[::-1], [*warnings, warnings[0]]):
        outcome = Office([STATION], listed).told().outcome
        assert isinstance(outcome, Forecast)
        assert outcome.warning is WeatherWarning.unknown


def test_a_pin_code_without_a_position_has_no_station() -> None:
    assert Office([STATION], [], Place(None, "Nashik", "Maharashtra")).told().outcome == NoStation()


def test_no_stations_at_all_is_no_station() -> None:
    assert Office([], []).told().outcome == NoStation()


def test_a_list_that_is_none_is_down() -> None:
    with pytest.raises(UpstreamDown):
        Office({"error": "x"}, []).told()


def test_made_up_warnings_make_the_whole_answer_made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office([STATION], [{"District": "Nashik", "Day1_Color": "1"}])
    plain = office.read

    def read(path: str, *, until: Deadline) -> Heard:
        heard = plain(path, until=until)
        return replace(heard, demo=path.startswith("/api/warnings"))

    monkeypatch.setattr(office, "read", read)
    assert office.told().demo
