"""The carrier between pretend callers and the webhooks: it delays, repeats and reorders what it brings.

A USSD turn that nobody answers is brought again a few times, or the caller sees that the line is dead. A text is
brought again until it is acknowledged, as SMS aggregators do.
"""

import json
import random
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

from bench.dialogue import PATH, SERVICE_CODE, TOKEN

PATIENCE = 10.0
"""Seconds that the carrier waits for one answer."""
AWAY = "cannot answer now"
"""What is on the screen when nothing works."""
_AGAIN, _DELAYED = 0.1, 0.1
"""Shares of webhooks that come twice, and of those that come late."""
_LATEST = 8.0
"""Seconds after which a second copy comes at the latest."""
_GIVES_UP_S = 150.0


@dataclass(frozen=True, slots=True)
class Screen:
    """What the phone shows, and whether the session goes on."""

    text: str
    goes_on: bool


class Carrier:
    """Brings webhooks to the web server at `port`. `answered` and `screens`: when those were sent that were answered.

    Each entry is (sent, answered) in Unix seconds; `screens` are those that needed Redis and had it.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._copies = ThreadPoolExecutor(24, thread_name_prefix="copies")
        self._lock = threading.Lock()
        self.answered: list[tuple[float, float]] = []
        self.screens: list[tuple[float, float]] = []
        self.brought = self.repeated = 0

    def close(self) -> None:
        """Wait for the copies that are still on their way."""
        self._copies.shutdown()

    def ussd(self, form: Mapping[str, str], draw: random.Random) -> Screen | None:
        """The screen that answers a turn; None when the caller sees none."""
        path, body = f"{PATH}?token={TOKEN}", urlencode(form).encode()
        kind = "application/x-www-form-urlencoded"
        self._disturb(path, kind, body, draw)
        for _ in range(draw.choice((1, 1, 4))):
            sent = time.time()
            came = self._post(path, kind, body)
            if came is not None and came[0] == 200:
                word, _, text = came[1].decode().partition(" ")
                if AWAY not in text and word in ("CON", "END"):
                    self._note(self.screens, sent)
                return Screen(text, word == "CON")
            time.sleep(draw.uniform(0.1, 1.0))
        return None

    def sms(self, ref: str, msisdn: str, text: str, draw: random.Random) -> bool:
        """Whether this text was acknowledged before the carrier gave up."""
        path, body = f"/sms/sandbox/incoming?token={TOKEN}", json.dumps({"ref": ref, "from": msisdn, "text": text})
        self._disturb(path, "application/json", body.encode(), draw)
        until = time.monotonic() + _GIVES_UP_S
        while time.monotonic() < until:
            came = self._post(path, "application/json", body.encode())
            if came is not None and 200 <= came[0] < 300:
                return True
            time.sleep(draw.uniform(0.3, 2.0))
        return False

    def _disturb(self, path: str, kind: str, body: bytes, draw: random.Random) -> None:
        self.brought += 1
        if draw.random() < _AGAIN:
            self.repeated += 1
            later = draw.choice((0.0, 0.05, draw.uniform(0.1, _LATEST)))
            self._copies.submit(self._later, later, path, kind, body)
        if draw.random() < _DELAYED:
            time.sleep(draw.uniform(0.1, 1.5))

    def _later(self, seconds: float, path: str, kind: str, body: bytes) -> None:
        time.sleep(seconds)
        self._post(path, kind, body)

    def _post(self, path: str, kind: str, body: bytes) -> tuple[int, bytes] | None:
        sent = time.time()
        line = HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        try:
            line.request("POST", path, body, {"Content-Type": kind, "Connection": "close"})
            answer = line.getresponse()
            came = answer.status, answer.read()
        except (OSError, HTTPException):
            return None
        finally:
            line.close()
        if came[0] < 300:
            self._note(self.answered, sent)
        return came

    def _note(self, where: list[tuple[float, float]], sent: float) -> None:
        with self._lock:
            where.append((sent, time.time()))


class Handset:
    """One caller's phone on USSD."""

    def __init__(self, carrier: Carrier, serial: int, msisdn: str, draw: random.Random) -> None:
        self._carrier = carrier
        self._serial = serial
        self._msisdn = msisdn
        self._draw = draw
        self._dialled = 0
        self._typed = ""

    def dial(self, code: str) -> Screen | None:
        """Dial the service code with this behind it, in a session of its own."""
        self._dialled += 1
        self._typed = code
        return self._show()

    def key(self, text: str) -> Screen | None:
        """Answer the screen."""
        self._typed = f"{self._typed}*{text}" if self._typed else text
        return self._show()

    def hang_up(self) -> None:
        """End the session; the network says so in most cases."""
        if self._draw.random() < 0.7:
            self._carrier.ussd(self._named() | {"status": "Incomplete"}, self._draw)

    def _show(self) -> Screen | None:
        return self._carrier.ussd(self._named() | {"serviceCode": SERVICE_CODE, "text": self._typed}, self._draw)

    def _named(self) -> dict[str, str]:
        return {"sessionId": f"chaos{self._serial}-{self._dialled}", "phoneNumber": self._msisdn}
