"""The made-up petroleum department, in the shape of UMANG's department interfaces."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from zlib import crc32

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from services.sandbox.faults import Faults

_DELIVERY = timedelta(days=3)


class Ledger:
    """What was booked, by idempotency key: one booking a key, one open booking an LPG ID."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_key: dict[str, tuple[str, str, bool]] = {}
        self._open: dict[str, str] = {}

    def book(self, key: str, lpg_id: str) -> tuple[str, bool]:
        """The booking number, and whether this key made it (else another key had)."""
        with self._lock:
            if key in self._by_key:
                return self._by_key[key][1:]
            earlier = self._open.get(lpg_id)
            number = earlier or f"DEMO{crc32(key.encode()):010}"
            self._open[lpg_id] = number
            self._by_key[key] = (lpg_id, number, earlier is None)
            return number, earlier is None

    def bookings(self) -> list[str]:
        """The numbers of all bookings that were made."""
        with self._lock:
            return [number for _, number, made in self._by_key.values() if made]

    def reset(self) -> None:
        """Forgets everything."""
        with self._lock:
            self._by_key.clear()
            self._open.clear()


def blueprint(faults: Faults, ledger: Ledger, today: Callable[[], date]) -> Blueprint:
    """The department's routes."""
    routes = Blueprint("lpg", __name__)

    @routes.post("/umang/apisetu/dept/lpgapi/ws1/bookRefill")
    def book_refill() -> ResponseReturnValue:
        body = request.get_json(silent=True)
        asked = body.get("bookRefill") if isinstance(body, dict) else None
        lpg_id = str(asked.get("lpgId", "")) if isinstance(asked, dict) else ""
        if not (isinstance(body, dict) and body.get("trkr") and len(lpg_id) == 17 and lpg_id.isdecimal()):
            return jsonify(rs="F", rd="MALFORMED REQUEST", pd=[], demo=True), 400
        if struck := faults.strike("lpg", lpg_id):
            return struck
        if lpg_id.endswith("0404"):
            return jsonify(rs="F", rd="LPG ID NOT FOUND", pd=[], demo=True)
        key = "made-up earlier booking" if lpg_id.endswith("0409") else str(body["trkr"])
        number, made = ledger.book(key, lpg_id)
        made = made and not lpg_id.endswith("0409")
        booking = {"bookingNumber": number, "deliveryBy": (today() + _DELIVERY).isoformat()}
        return jsonify(
            rs="S" if made else "F", rd="Success" if made else "REFILL ALREADY BOOKED", pd=[booking], demo=True
        )

    return routes
