"""Prices at agricultural markets (mandis), from the open data platform of the Government of India.

Source: data.gov.in, "Current Daily Price of Various Commodities from Various Markets (Mandi)", resource
9ef84268-d588-465a-a308-a864a43d0070: records of state, district, market, commodity, variety, arrival_date (dd/mm/yyyy),
min_price, max_price, modal_price in rupees a quintal (100 kg). `key` is the platform's api-key.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import msgspec

from flows.engine.values import Day, Name, Paise, Pincode
from flows.operations.answer import Answer
from flows.operations.deadline import Deadline
from flows.operations.registry import operation
from services.http import Upstream, UpstreamDown
from services.place_names import alike, fitting
from services.places import Place, Places
from services.upstream_shape import shaped

_PATH = "/resource/9ef84268-d588-465a-a308-a864a43d0070"
_MOST_RECORDS = "500"


class Crop(StrEnum):
    """Crops that markets all over India trade, each under one name in the source."""

    onion = "onion"
    potato = "potato"
    tomato = "tomato"
    wheat = "wheat"
    paddy = "paddy"
    rice = "rice"
    maize = "maize"
    bajra = "bajra"
    jowar = "jowar"
    gram = "gram"
    tur = "tur"
    soyabean = "soyabean"
    mustard = "mustard"
    groundnut = "groundnut"
    cotton = "cotton"
    green_chilli = "green_chilli"
    banana = "banana"


_COMMODITIES = {
    Crop.paddy: "Paddy(Dhan)(Common)",
    Crop.bajra: "Bajra(Pearl Millet/Cumbu)",
    Crop.jowar: "Jowar(Sorghum)",
    Crop.gram: "Bengal Gram(Gram)(Whole)",
    Crop.tur: "Arhar (Tur/Red Gram)(Whole)",
    Crop.green_chilli: "Green Chilli",
}
STATES = {
    "Chhattisgarh": "Chattisgarh",
    "Delhi": "NCT of Delhi",
    "Uttarakhand": "Uttrakhand",
    "Andaman and Nicobar Islands": "Andaman and Nicobar",
    "Puducherry": "Pondicherry",
}
"""States that the source spells in its own way."""


@dataclass(frozen=True, slots=True)
class CropRow:
    """One crop on offer."""

    id: str
    crop: Crop


@dataclass(frozen=True, slots=True)
class Crops:
    """The crops that can be asked for, those that most ask for first."""

    crops: tuple[CropRow, ...]


@dataclass(frozen=True, slots=True)
class Priced:
    """The prices of a quintal at one market: in the caller's district if any reported, else elsewhere in the state."""

    market: Name
    district: Name
    lowest: Paise
    highest: Paise
    usual: Paise
    day: Day


@dataclass(frozen=True, slots=True)
class NotTraded:
    """No market of the state has reported a price for this crop."""


@dataclass(frozen=True, slots=True)
class UnknownPin:
    """No post office has this PIN code."""


class _Record(msgspec.Struct):
    district: str
    market: str
    arrival_date: str
    min_price: float
    max_price: float
    modal_price: float


class _Records(msgspec.Struct):
    records: list[object]


_CROPS = Crops(tuple(CropRow(crop.value, crop) for crop in Crop))


class Mandi:
    """The markets' prices."""

    def __init__(self, upstream: Upstream, key: str, places: Places) -> None:
        self._upstream = upstream
        self._key = key
        self._place = places.place

    @operation("mandi.crops", recall=True)
    def crops(self) -> Crops:
        """The crops that there are prices of."""
        return _CROPS

    @operation("mandi.price", deadline=4.0)
    def price(self, pin: Pincode, crop: Crop, *, until: Deadline) -> Answer[Priced | NotTraded | UnknownPin]:
        """The latest price of a crop near a PIN code."""
        place = self._place(pin)
        if place is None:
            return Answer(UnknownPin())
        query = {
            "api-key": self._key,
            "format": "json",
            "offset": "0",
            "limit": _MOST_RECORDS,
            "filters[state]": STATES.get(place.state, place.state),
            "filters[commodity]": _COMMODITIES.get(crop, crop.capitalize()),
        }
        heard = self._upstream.read(_PATH, until=until, query=query)
        records = filter(None, map(_record, shaped(heard.data, _Records).records))
        return Answer(_best(records, place), heard.demo)

    OPERATIONS = (crops, price)


def _record(data: object) -> _Record | None:
    # A market sometimes reports "NA": that row is passed over, not the whole answer.
    try:
        return shaped(data, _Record)
    except UpstreamDown:
        return None


def _best(records: Iterable[_Record], place: Place) -> Priced | NotTraded:
    # The latest day of the caller's own district, else of the state; on one day the market that pays best.
    here = alike(place.district)
    reported = [
        (alike(record.district) == here, day, record.modal_price, record.market, record)
        for record in records
        if (day := _day(record.arrival_date)) and 0 < record.min_price <= record.max_price
    ]
    if not reported:
        return NotTraded()
    _, day, _, _, record = max(reported, key=lambda report: report[:4])
    return Priced(
        Name(fitting(record.market)),
        Name(fitting(record.district)),
        _paise(record.min_price),
        _paise(record.max_price),
        _paise(record.modal_price),
        day,
    )


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%d/%m/%Y").date()
    except ValueError:
        return None


def _paise(rupees: float) -> Paise:
    return Paise(round(rupees * 100))
