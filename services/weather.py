"""Forecast and warning for a PIN code, from the India Meteorological Department (IMD).

Shapes: https://city.imd.gov.in/api/cityweather_loc.php gives a list of all stations with Latitude, Longitude, Date and
a forecast (Todays_Forecast, Todays_Forecast_Max_Temp, Todays_Forecast_Min_temp, Day_2_…), temperatures as text;
https://mausam.imd.gov.in/api/warnings_district_api.php a list of all districts with Day1_Color: 1 red, 2 orange,
3 yellow, 4 green. IMD answers only to addresses that it has registered. Both lists are the same for everybody and are
kept: the forecast for half an hour, the warnings for ten minutes.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import msgspec

from flows.engine.values import Celsius, Day, Kilometres, Name, Pincode
from flows.operations.answer import Answer
from flows.operations.deadline import Deadline, DeadlinePassed
from flows.operations.registry import operation
from services.distance import kilometres
from services.http import Upstream, UpstreamDown
from services.kept import Kept
from services.place_names import alike, fitting
from services.places import Places
from services.upstream_shape import S, shaped

_FORECASTS, _WARNINGS = "/api/cityweather_loc.php", "/api/warnings_district_api.php"
_FORECAST_SECONDS, _WARNING_SECONDS = 1800.0, 600.0


class Sky(StrEnum):
    """What the forecast's sentence comes to; `unclear` when none of these words is in it."""

    thunderstorm = "thunderstorm"
    snow = "snow"
    rain = "rain"
    fog = "fog"
    cloudy = "cloudy"
    clear = "clear"
    unclear = "unclear"


class WeatherWarning(StrEnum):
    """IMD's colour of the day for a district; `unknown` when it says nothing about the district."""

    green = "green"
    yellow = "yellow"
    orange = "orange"
    red = "red"
    unknown = "unknown"


_WORDS = {
    Sky.thunderstorm: ("thunder", "lightning", "hail", "squall"),
    Sky.snow: ("snow",),
    Sky.rain: ("rain", "drizzle", "shower"),
    Sky.fog: ("fog", "mist", "haze"),
    Sky.cloudy: ("cloud", "overcast"),
    Sky.clear: ("clear", "sunny"),
}
_COLOURS = {"1": WeatherWarning.red, "2": WeatherWarning.orange, "3": WeatherWarning.yellow, "4": WeatherWarning.green}


@dataclass(frozen=True, slots=True)
class Forecast:
    """Today's and tomorrow's weather at the nearest station, and today's warning for the district."""

    station: Name
    away: Kilometres
    day: Day
    highest: Celsius
    lowest: Celsius
    sky: Sky
    tomorrow_highest: Celsius
    tomorrow_lowest: Celsius
    tomorrow_sky: Sky
    warning: WeatherWarning


@dataclass(frozen=True, slots=True)
class NoStation:
    """No station is near enough, or nobody knows where the PIN code is."""


@dataclass(frozen=True, slots=True)
class UnknownPin:
    """No post office has this PIN code."""


class _Station(msgspec.Struct):
    station: str = msgspec.field(name="Station_Name")
    latitude: float = msgspec.field(name="Latitude")
    longitude: float = msgspec.field(name="Longitude")
    day: date = msgspec.field(name="Date")
    highest: float = msgspec.field(name="Todays_Forecast_Max_Temp")
    lowest: float = msgspec.field(name="Todays_Forecast_Min_temp")
    sky: str = msgspec.field(name="Todays_Forecast")
    tomorrow_highest: float = msgspec.field(name="Day_2_Max_Temp")
    tomorrow_lowest: float = msgspec.field(name="Day_2_Min_temp")
    tomorrow_sky: str = msgspec.field(name="Day_2_Forecast")


class _District(msgspec.Struct):
    district: str = msgspec.field(name="District")
    colour: str = msgspec.field(name="Day1_Color")


class Weather:
    """IMD's forecasts and warnings. `reach_km`: how far a station may be."""

    def __init__(self, forecasts: Upstream, warnings: Upstream, places: Places, *, reach_km: int = 150) -> None:
        self._upstreams = forecasts, warnings
        self._place = places.place
        self._reach = reach_km
        self._stations = Kept(self._fetch_stations, _FORECAST_SECONDS)
        self._colours = Kept(self._fetch_colours, _WARNING_SECONDS)

    @operation("weather.forecast", deadline=4.0)
    def forecast(self, pin: Pincode, *, until: Deadline) -> Answer[Forecast | NoStation | UnknownPin]:
        """The weather near a PIN code."""
        place = self._place(pin)
        if place is None:
            return Answer(UnknownPin())
        stations, demo = self._stations.value(until)
        if place.position is None or not stations:
            return Answer(NoStation(), demo)
        position = place.position
        away, nearest = min(
            ((kilometres(*position, station.latitude, station.longitude), station) for station in stations),
            key=lambda found: found[0],
        )
        if away > self._reach:
            return Answer(NoStation(), demo)
        warning, warning_demo = self._warning(place.district, until)
        return Answer(_told(nearest, away, warning), demo or warning_demo)

    OPERATIONS = (forecast,)

    def _warning(self, district: str, until: Deadline) -> tuple[WeatherWarning, bool]:
        # A forecast without a warning colour is worth telling; what must not happen is a green that nobody said.
        try:
            colours, demo = self._colours.value(until)
        except (UpstreamDown, DeadlinePassed):
            return WeatherWarning.unknown, False
        return colours.get(alike(district), WeatherWarning.unknown), demo

    def _fetch_stations(self, until: Deadline) -> tuple[list[_Station], bool]:
        heard = self._upstreams[0].read(_FORECASTS, until=until)
        return [found for row in shaped(heard.data, list[object]) if (found := _fitting(row, _Station))], heard.demo

    def _fetch_colours(self, until: Deadline) -> tuple[dict[str, WeatherWarning], bool]:
        heard = self._upstreams[1].read(_WARNINGS, until=until)
        colours: dict[str, WeatherWarning] = {}
        for row in shaped(heard.data, list[object]):
            if found := _fitting(row, _District):
                name, colour = alike(found.district), _COLOURS.get(found.colour, WeatherWarning.unknown)
                # Two states have districts of one name, and the list names no state: then nobody can tell.
                colours[name] = colour if colours.get(name, colour) is colour else WeatherWarning.unknown
        return colours, heard.demo


def sky(sentence: str) -> Sky:
    """The weightiest thing that a forecast's sentence speaks of."""
    said = sentence.casefold()
    return next((sky for sky, words in _WORDS.items() if any(word in said for word in words)), Sky.unclear)


def _told(station: _Station, away: float, warning: WeatherWarning) -> Forecast:
    return Forecast(
        Name(fitting(station.station)),
        Kilometres(round(away)),
        station.day,
        Celsius(round(station.highest)),
        Celsius(round(station.lowest)),
        sky(station.sky),
        Celsius(round(station.tomorrow_highest)),
        Celsius(round(station.tomorrow_lowest)),
        sky(station.tomorrow_sky),
        warning,
    )


def _fitting(row: object, shape: type[S]) -> S | None:
    # A station without a forecast has null in its place: it is passed over.
    try:
        return shaped(row, shape)
    except UpstreamDown:
        return None
