"""A made-up SMS centre: it keeps texts for a developer to read, reports them as delivered, and takes in texts to us.

It reaches no phone. Numbers and texts are kept in memory only, and shown only to this machine.
"""

import logging
import threading
import time
from collections import OrderedDict
from dataclasses import asdict, dataclass, field
from itertools import islice
from queue import Full, Queue
from typing import Any
from uuid import uuid4

import httpx
from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from services.sandbox.faults import Faults

_log = logging.getLogger(__name__)

_MOST_KEPT = 10_000
_SHOWN = 100
_MOST_TEXT = 2_000
_POST_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Text:
    """A text that was taken; `state` is what its report says."""

    ref: str
    to: str = field(repr=False)
    text: str = field(repr=False)
    template: str
    state: str


class Centre:
    """The texts by idempotency key, the newest 10,000; `report_seconds` after each its report is posted."""

    def __init__(self, report_seconds: float = 1.0) -> None:
        self._report_seconds = report_seconds
        self._lock = threading.Lock()
        self._texts: OrderedDict[str, Text] = OrderedDict()
        self._reports: Queue[tuple[float, str, Text]] = Queue(_MOST_KEPT)
        self._reporter: threading.Thread | None = None

    def take(self, key: str, to: str, text: str, template: str, report_url: str) -> str:
        """Its reference; the same key again sends nothing and gives the same one."""
        with self._lock:
            if key in self._texts:
                return self._texts[key].ref
            state = "failed" if to.endswith("0409") else "delivered"
            taken = self._texts[key] = Text(f"DEMO{uuid4().hex}", to, text, template, state)
            if len(self._texts) > _MOST_KEPT:
                self._texts.popitem(last=False)
            if report_url:
                self._report(report_url, taken)
            return taken.ref

    def newest(self) -> list[Text]:
        """The newest 100 texts, the newest first."""
        with self._lock:
            return list(islice(reversed(self._texts.values()), _SHOWN))

    def reset(self) -> None:
        """Forgets all texts; reports that wait are posted all the same."""
        with self._lock:
            self._texts.clear()

    def _report(self, url: str, taken: Text) -> None:
        if self._reporter is None:
            self._reporter = threading.Thread(target=self._post_reports, daemon=True)
            self._reporter.start()
        try:
            self._reports.put_nowait((time.monotonic() + self._report_seconds, url, taken))
        except Full:
            _log.warning("a delivery report was dropped: too many wait")

    def _post_reports(self) -> None:
        while True:
            due, url, taken = self._reports.get()
            time.sleep(max(0.0, due - time.monotonic()))
            if _post(url, {"ref": taken.ref, "state": taken.state}) is None:
                _log.warning("a delivery report was not taken")


def blueprint(faults: Faults, centre: Centre) -> Blueprint:
    """The centre's routes, and the developer's side of it under `/_sandbox/sms`."""
    routes = Blueprint("sms", __name__)

    @routes.post("/sms/messages")
    def send() -> ResponseReturnValue:
        key, body = request.headers.get("Idempotency-Key", ""), request.get_json(silent=True)
        match body:
            case {"to": str(to), "text": str(text), **more} if key and 0 < len(text) <= _MOST_TEXT:
                pass
            case _:
                return jsonify(error="to, text and an Idempotency-Key are needed", demo=True), 400
        if to.endswith("0404") or not (to.startswith("+") and to[1:].isdecimal()):
            return jsonify(error="bad_number", demo=True), 400
        if struck := faults.strike("sms", to):
            return struck
        template, url = str(more.get("template", "")), str(more.get("report_url", ""))
        return jsonify(ref=centre.take(key, to, text, template, url), demo=True), 202

    @routes.get("/_sandbox/sms")
    def newest() -> ResponseReturnValue:
        return jsonify([asdict(text) for text in centre.newest()])

    @routes.post("/_sandbox/sms/incoming")
    def incoming() -> ResponseReturnValue:
        match request.get_json(silent=True):
            case {"msisdn": str(msisdn), "text": str(text), "url": str(url)}:
                ref = f"DEMO{uuid4().hex}"
                answered = _post(url, {"ref": ref, "from": msisdn, "text": text})
                return jsonify(ref=ref, answered=answered), 200 if answered is not None else 502
        return jsonify(error="msisdn, text and url are needed: whose text it is, and our webhook with its token"), 400

    return routes


def _post(url: str, members: dict[str, Any]) -> int | None:
    """The status that was answered, or None when nobody was there."""
    try:
        return httpx.post(url, json=members, timeout=_POST_SECONDS, follow_redirects=False, trust_env=False).status_code
    except (httpx.HTTPError, httpx.InvalidURL):
        return None
