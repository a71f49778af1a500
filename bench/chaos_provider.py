"""The provider of a chaos run: an SMS centre and a gas department with one ledger, in a process that is never killed.

    python -m bench.chaos_provider PORT SEED

It speaks the wires of the sandbox (services/sandbox/README.md), and is less kind: it is slow, says 503, and takes a
request and drops the line before it answers. Unlike the sandbox's department it does not look whose booking it is: one
idempotency key is one booking, so a write under two keys is seen. Delivery reports come late, twice and out of order.
Other departments are the sandbox's own.
"""

import random
import socket
import sys
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any, NoReturn

import httpx
from flask import Flask, abort, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.serving import make_server

from services.http import DEMO_HEADER
from services.sandbox.server import LOOPBACK, create_sandbox

OWN = ("/sms/messages", "/umang/apisetu/dept/lpgapi/ws1/bookRefill", "/ledger", "/phone")
_REPORT_TRIES = 5


class Ledger:
    """Texts and bookings by idempotency key, in order; each key is done once, and how often it came is noted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._texts: dict[str, dict[str, Any]] = {}
        self._bookings: dict[str, dict[str, Any]] = {}

    def send(self, key: str, to: str, text: str) -> bool:
        """Note a text; whether it is a new one."""
        with self._lock:
            return self._noted(self._texts, key, {"to": to, "text": text, "times": 1})

    def book(self, key: str, lpg_id: str) -> str:
        """Note a booking; its number."""
        with self._lock:
            self._noted(self._bookings, key, {"lpg_id": lpg_id, "number": f"CHAOS{len(self._bookings) + 1:06}"})
            return str(self._bookings[key]["number"])

    def _noted(self, book: dict[str, dict[str, Any]], key: str, row: dict[str, Any]) -> bool:
        new = key not in book
        entry = book.setdefault(key, {"key": key, "at": time.time(), "repeats": -1, **row})
        entry["repeats"] += 1
        if entry.get("text") != row.get("text") or entry.get("to") != row.get("to"):
            entry["times"] += 1  # another text under the same key: nobody can tell which was meant
        return new

    def all(self) -> dict[str, list[dict[str, Any]]]:
        """Everything, in order."""
        with self._lock:
            return {"texts": list(self._texts.values()), "bookings": list(self._bookings.values())}

    def phone(self, to: str) -> list[str]:
        """The texts that this phone got, in order."""
        with self._lock:
            return [row["text"] for row in self._texts.values() if row["to"] == to]


class Temper:
    """How unkind the provider is to one request. `drops` says that the line is dropped once the request is taken."""

    def __init__(self, seed: str) -> None:
        self._draw = random.Random(seed)
        self._lock = threading.Lock()

    def meet(self, refuses: float) -> bool:
        """Wait, refuse or lose this request, each now and then; whether its answer is to be dropped."""
        with self._lock:
            chance, slow, long = self._draw.random(), self._draw.random(), self._draw.uniform(1.0, 6.0)
        if chance < refuses:
            abort(503)
        if chance < refuses + 0.01:
            drop()
        if slow < 0.1:
            time.sleep(long if slow < 0.01 else long / 5)
        return refuses + 0.01 <= chance < refuses + 0.04

    def spread(self, least: float, most: float) -> float:
        """A random number of seconds between these."""
        with self._lock:
            return self._draw.uniform(least, most)


def drop() -> NoReturn:
    """Close the line without an answer: what is answered after that reaches nobody."""
    line: socket.socket = request.environ["werkzeug.socket"]
    line.shutdown(socket.SHUT_RDWR)
    abort(503)


def create_provider(seed: str) -> Flask:
    """The SMS centre, the gas department, and the ledger of both."""
    app = Flask(__name__, static_folder=None)
    ledger, temper, reports = Ledger(), Temper(seed), ThreadPoolExecutor(16)

    @app.post(OWN[0])
    def send() -> ResponseReturnValue:
        body, key = request.get_json(), request.headers["Idempotency-Key"]
        drops = temper.meet(0.04)
        if ledger.send(key, body["to"], body["text"]):
            for state in ("sent", "delivered"):
                for _ in range(2 if temper.spread(0, 1) < 0.1 else 1):
                    reports.submit(_report, body["report_url"], f"C{key}"[:60], state, temper.spread(0.2, 6.0))
        if drops:
            drop()
        return jsonify(ref=f"C{key}"[:60], demo=True), 202

    @app.post(OWN[1])
    def book() -> ResponseReturnValue:
        body = request.get_json()
        drops = temper.meet(0.02)
        number = ledger.book(body["trkr"], body["bookRefill"]["lpgId"])
        if drops:
            drop()
        made = {"bookingNumber": number, "deliveryBy": (date.today() + timedelta(days=3)).isoformat()}
        answer = jsonify(rs="S", rd="Success", pd=[made], demo=True)
        answer.headers[DEMO_HEADER] = "1"
        return answer

    @app.get(OWN[2])
    def everything() -> ResponseReturnValue:
        return jsonify(ledger.all())

    @app.get(OWN[3])
    def phone() -> ResponseReturnValue:
        return jsonify(ledger.phone(request.args["to"]))

    return app


def _report(url: str, ref: str, state: str, seconds: float) -> None:
    """Post a delivery report after a while, again until it is taken."""
    time.sleep(seconds)
    for _ in range(_REPORT_TRIES):
        try:
            if httpx.post(url, json={"ref": ref, "state": state}, timeout=5.0, trust_env=False).is_success:
                return
        except httpx.HTTPError:
            pass
        time.sleep(1.0)


def serve(port: int, seed: str) -> None:
    """Serve until told to stop."""
    own, sandbox = create_provider(seed), create_sandbox()

    def application(environ: Any, start_response: Any) -> Iterable[bytes]:
        return (own if environ["PATH_INFO"] in OWN else sandbox)(environ, start_response)

    make_server(LOOPBACK, port, application, threaded=True).serve_forever()


if __name__ == "__main__":
    import logging

    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # its lines would hold whole queries
    serve(int(sys.argv[1]), sys.argv[2])
