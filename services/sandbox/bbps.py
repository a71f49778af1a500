"""The made-up Bharat Bill Payment System, in the shape of Razorpay's Bill Payments interface: ask, then look again."""

import itertools
import threading
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any
from zlib import crc32

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from services.sandbox.faults import Faults

_IST = timezone(timedelta(hours=5, minutes=30))
_MOST_KEPT = 10_000


class Fetches:
    """Bills that are being fetched; each is ready some seconds after it was asked for."""

    def __init__(self, seconds: tuple[float, float], clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._clock = clock
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._asked: dict[str, tuple[float, str]] = {}

    def ask(self, consumer: str) -> str:
        """Begins to fetch the consumer's bill; the same consumer always waits equally long."""
        least, most = self.seconds
        share = crc32(consumer.encode()) % 101 / 100
        with self._lock:
            id_ = f"billreq_DEMO{next(self._numbers):08}"
            self._asked[id_] = (self._clock() + least + share * (most - least), consumer)
            if len(self._asked) > _MOST_KEPT:
                self._asked.pop(next(iter(self._asked)))
        return id_

    def look(self, id_: str) -> tuple[bool, str]:
        """Whether it is ready, and whose bill it is. Raises KeyError."""
        ready, consumer = self._asked[id_]
        return self._clock() >= ready, consumer


def blueprint(faults: Faults, fetches: Fetches, today: Callable[[], date]) -> Blueprint:
    """The system's routes."""
    routes = Blueprint("bbps", __name__, url_prefix="/v1/bill_payments")

    @routes.post("/bill_requests")
    def ask() -> ResponseReturnValue:
        body: Any = request.get_json(silent=True)
        try:
            consumer, biller = str(body["biller_data"]["account_holder"]["consumer_number"]), str(body["biller_id"])
        except (KeyError, TypeError):
            return _refused("invalid_request", "biller_id and biller_data are needed"), 400
        if struck := faults.strike("bbps", consumer):
            return struck
        return jsonify(_entity(fetches.ask(consumer), "processing", biller_id=biller))

    @routes.get("/bill_requests/<id_>")
    def look(id_: str) -> ResponseReturnValue:
        try:
            ready, consumer = fetches.look(id_)
        except KeyError:
            return _refused("not_found", "no such bill request"), 404
        if struck := faults.strike("bbps"):
            return struck
        if not ready:
            return jsonify(_entity(id_, "processing"))
        if consumer.endswith("0404"):
            return jsonify(
                _entity(id_, "failed", error_code="BAD_REQUEST_ERROR", error_reason="invalid_customer_details")
            )
        if consumer.endswith("0200"):
            return jsonify(_entity(id_, "failed", error_code="BAD_REQUEST_ERROR", error_reason="no_bill_due"))
        return jsonify(_entity(id_, "success", bills=[_bill(consumer, today())]))

    return routes


def _refused(reason: str, sentence: str) -> Response:
    return jsonify(error={"code": "BAD_REQUEST_ERROR", "description": sentence, "reason": reason}, demo=True)


def _entity(id_: str, status: str, **more: object) -> dict[str, object]:
    return {"id": id_, "entity": "bill_payment.bill_request", "status": status, "bills": [], "demo": True, **more}


def _bill(consumer: str, today: date) -> dict[str, object]:
    number = crc32(consumer.encode())
    midnight = datetime(today.year, today.month, today.day, tzinfo=_IST)
    return {
        "bill_number": f"DEMO{number:010}",
        "amount": 10_000 + number % 490_000,
        "currency": "INR",
        "account_holder_name": "Demo Kumar",
        "bill_date": int((midnight - timedelta(days=10)).timestamp()),
        "due_date": int((midnight + timedelta(days=1 + number % 20)).timestamp()),
        "bill_period": "monthly",
    }
