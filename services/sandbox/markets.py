"""The made-up market prices, in the shape of data.gov.in's resource of mandi prices."""

from collections.abc import Callable, Sequence
from datetime import date
from zlib import crc32

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from services.mandi import STATES
from services.sandbox.faults import Faults

RESOURCE = "/resource/9ef84268-d588-465a-a308-a864a43d0070"


def blueprint(faults: Faults, districts: Sequence[tuple[str, str]], today: Callable[[], date]) -> Blueprint:
    """The platform's route; `districts` are (state, district) pairs, each with one made-up market."""
    routes = Blueprint("mandi", __name__)

    @routes.get(RESOURCE)
    def records() -> ResponseReturnValue:
        state, commodity = request.args.get("filters[state]", ""), request.args.get("filters[commodity]", "")
        if struck := faults.strike("mandi"):
            return struck
        own = next((name for name, spelt in STATES.items() if spelt == state), state)
        found = [
            _record(state, district, commodity, today())
            for of_state, district in districts
            if of_state == own and faults.mood("mandi").failure != "empty"
        ]
        return jsonify(title="Made-up prices", total=len(found), count=len(found), records=found, demo=True)

    return routes


def _record(state: str, district: str, commodity: str, today: date) -> dict[str, object]:
    usual = 800 + crc32(f"{district} {commodity}".encode()) % 4000
    return {
        "state": state,
        "district": district,
        "market": f"Demo Mandi {district}",
        "commodity": commodity,
        "variety": "Demo",
        "arrival_date": today.strftime("%d/%m/%Y"),
        "min_price": str(usual - 150),
        "max_price": str(usual + 200),
        "modal_price": str(usual),
    }
