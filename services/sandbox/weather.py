"""The made-up Meteorological Department: stations on a grid over India, and a colour for each district."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import product
from zlib import crc32

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from services.sandbox.faults import Faults

_SENTENCES = (
    "Mainly clear sky",
    "Partly cloudy sky",
    "Generally cloudy sky with one or two spells of rain or thundershowers",
    "Fog or mist in the morning",
    "Generally cloudy sky with light rain",
)


def blueprint(faults: Faults, districts: Sequence[tuple[str, str]], today: Callable[[], date]) -> Blueprint:
    """The department's routes; `districts` are (state, district) pairs."""
    routes = Blueprint("weather", __name__, url_prefix="/api")

    @routes.get("/cityweather_loc.php")
    def forecasts() -> ResponseReturnValue:
        if struck := faults.strike("weather"):
            return struck
        return jsonify([] if faults.mood("weather").failure == "empty" else list(_stations(today())))

    @routes.get("/warnings_district_api.php")
    def warnings() -> ResponseReturnValue:
        if struck := faults.strike("warnings"):
            return struck
        names = () if faults.mood("warnings").failure == "empty" else sorted({district for _, district in districts})
        return jsonify([_warning(number, name, today()) for number, name in enumerate(names, start=1)])

    return routes


def _stations(today: date) -> Iterator[dict[str, object]]:
    for number, (north, east) in enumerate(product(range(7, 38, 2), range(69, 98, 2)), start=1):
        name = f"Demo Station {north}N {east}E"
        chance = crc32(name.encode())
        highest = 40 - (north - 7) // 2 - chance % 5
        yield {
            "Station_Code": f"9{number:04}",
            "Station_Name": name,
            "Latitude": f"{north}.000000000",
            "Longitude": f"{east}.000000000",
            "Date": today.isoformat(),
            "Today_Max_temp": None,
            "Todays_Forecast": _SENTENCES[chance % 5],
            "Todays_Forecast_Max_Temp": f"{highest}.0",
            "Todays_Forecast_Min_temp": f"{highest - 11}.0",
            "Day_2_Forecast": _SENTENCES[chance // 5 % 5],
            "Day_2_Max_Temp": f"{highest + 1}.0",
            "Day_2_Min_temp": f"{highest - 10}.4",
            "demo": True,
        }


def _warning(number: int, district: str, today: date) -> dict[str, object]:
    colour = str(4 - min(3, crc32(district.encode()) % 8))
    return {
        "Obj_id": str(number),
        "Date": today.isoformat(),
        "District": district,
        "Day_1": "1" if colour == "4" else "2,4",
        "Day1_Color": colour,
        "demo": True,
    }
