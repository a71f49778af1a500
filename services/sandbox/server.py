"""The sandbox as one Flask application: its departments, and the control that only this machine can reach."""

import csv
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.serving import BaseWSGIServer, make_server

from services.http import DEMO_HEADER
from services.sandbox import bbps, lpg, markets, sms, weather
from services.sandbox.faults import UPSTREAMS, Faults

_CENTRES = Path(__file__).resolve().parent / "centres_demo.csv"
_LOOPBACK = ("127.0.0.1", "::1")
LOOPBACK = _LOOPBACK[0]


def create_sandbox(
    *,
    bill_seconds: tuple[float, float] = (10.0, 30.0),
    hang_seconds: float = 60.0,
    report_seconds: float = 1.0,
    today: Callable[[], date] = date.today,
) -> Flask:
    """The sandbox. `bill_seconds`: the least and the most that fetching a bill takes; `report_seconds`: how
    long after a text its delivery report is posted; `today` gives the date.
    """
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = 65_536
    faults, ledger, fetches = Faults(hang_seconds), lpg.Ledger(), bbps.Fetches(bill_seconds)
    centre = sms.Centre(report_seconds)
    districts = _districts()
    app.register_blueprint(lpg.blueprint(faults, ledger, today))
    app.register_blueprint(bbps.blueprint(faults, fetches, today))
    app.register_blueprint(markets.blueprint(faults, districts, today))
    app.register_blueprint(weather.blueprint(faults, districts, today))
    app.register_blueprint(sms.blueprint(faults, centre))
    _control(app, faults, ledger, fetches, bill_seconds, centre)

    @app.after_request
    def label(response: Response) -> Response:
        response.headers[DEMO_HEADER] = "1"
        return response

    return app


def _control(
    app: Flask,
    faults: Faults,
    ledger: lpg.Ledger,
    fetches: bbps.Fetches,
    bill_seconds: tuple[float, float],
    centre: sms.Centre,
) -> None:
    @app.before_request
    def only_from_here() -> ResponseReturnValue | None:
        if request.path.startswith("/_sandbox") and request.remote_addr not in _LOOPBACK:
            return jsonify(error="only from this machine"), 403
        return None

    @app.get("/_sandbox")
    def state() -> ResponseReturnValue:
        moods = {name: {"delay": m.delay, "failure": m.failure} for name in UPSTREAMS for m in (faults.mood(name),)}
        return jsonify(upstreams=moods, bookings=ledger.bookings(), bill_seconds=list(fetches.seconds))

    @app.post("/_sandbox/reset")
    def reset() -> ResponseReturnValue:
        faults.reset()
        ledger.reset()
        centre.reset()
        fetches.seconds = bill_seconds
        return jsonify(done=True)

    @app.post("/_sandbox/bill_seconds")
    def bill_times() -> ResponseReturnValue:
        asked = request.get_json(silent=True)
        match asked:
            case [int() | float() as least, int() | float() as most] if 0 <= least <= most <= 120:
                fetches.seconds = (float(least), float(most))
                return jsonify(done=True)
        return jsonify(error="a list of two numbers of seconds is needed, the least and the most"), 400

    @app.post("/_sandbox/<upstream>")
    def change(upstream: str) -> ResponseReturnValue:
        asked: Any = request.get_json(silent=True)
        try:
            faults.set(upstream, delay=float(asked.get("delay", 0)), failure=str(asked.get("failure", "")))
        except (KeyError, ValueError, TypeError, AttributeError):
            return jsonify(error="unknown upstream, or not like {delay: seconds, failure: down}"), 400
        return jsonify(done=True)


def serve(app: Flask, port: int = 0) -> BaseWSGIServer:
    """A server on loopback, bound and not yet running; port 0 takes a free one (`server_port`)."""
    return make_server(LOOPBACK, port, app, threaded=True)


@contextmanager
def running(app: Flask) -> Iterator[str]:
    """The sandbox's address while it runs on a free port, in a thread of this process."""
    server = serve(app)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _districts() -> list[tuple[str, str]]:
    with _CENTRES.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return sorted({(row["state"], row["district"]) for row in rows})
