"""One request to a carrier: its answer, or whether it may have done what it was asked although none came.

The whole exchange ends with the account's seconds. No redirection is followed and no proxy of the environment is used.
Each request has a connection of its own: when a kept one turns out to be closed, nobody knows if the request went out.
"""

import base64
import json
import logging
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

import httpcore
import httpx

from flows.operations.deadline import Deadline, DeadlinePassed
from services.transport import DeadlineTransport

MOST_BYTES = 64 * 1024
"""Bytes of an answer that are read at most; the longest real one has some two kilobytes."""
_MAYBE_PASSED_ON = (502, 504)
"""What a proxy says when the server behind it broke off or was late (RFC 9110, sections 15.6.3 and 15.6.5)."""
_HEADERS = {"accept-encoding": "identity", "connection": "close", "user-agent": "Ghanti"}


@dataclass(frozen=True, slots=True)
class Rejected:
    """The carrier does not do it. `lasting`: trying again, here or elsewhere, changes nothing (a bad number)."""

    reason: str
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class Unsure:
    """No answer: it may do it. `reason` names what happened, never what was asked."""

    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the carrier answered, whole."""

    status: int
    body: bytes = field(repr=False)


class Line:
    """The way to one carrier; safe to share between threads. `seconds`: how long one request may take."""

    def __init__(self, base_url: str, seconds: float) -> None:
        self._base_url = base_url.rstrip("/")
        self._seconds = seconds
        self._transport = DeadlineTransport(tls=_tls() if base_url.startswith("https:") else None)
        self._client = httpx.Client(
            transport=self._transport, trust_env=False, follow_redirects=False, timeout=seconds, headers=_HEADERS
        )
        # Its lines hold whole URLs, and an operator may have written a password into the address.
        logging.getLogger("httpx").addFilter(_dropped)

    def post(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer | Rejected | Unsure:
        """The answer to this POST; Rejected when nothing was sent, Unsure when it was and no whole answer came."""
        sent = [(name.encode(), value.encode()) for name, value in headers.items()]
        request = self._client.build_request("POST", self._base_url + path, headers=sent, content=body)
        try:
            with self._transport.within(Deadline.after(self._seconds)):
                response = self._client.send(request, stream=True)
                try:
                    return _read(response)
                finally:
                    response.close()
        except (httpcore.ConnectTimeout, httpcore.ConnectError, httpcore.PoolTimeout, httpcore.UnsupportedProtocol):
            return Rejected("no_connection")
        except (httpcore.TimeoutException, DeadlinePassed):
            return Unsure("timeout")
        except (httpcore.NetworkError, httpcore.ProtocolError):
            return Unsure("no_answer")

    def form(
        self, path: str, fields: Mapping[str, str] | Sequence[tuple[str, str]], user: str, password: str
    ) -> Answer | Rejected | Unsure:
        """The same for a form, with basic authentication; pairs where a field comes more than once."""
        headers = {"content-type": "application/x-www-form-urlencoded", "authorization": basic(user, password)}
        return self.post(path, headers, urlencode(fields).encode())


def basic(user: str, password: str) -> str:
    """The value of the header Authorization (RFC 7617, in UTF-8)."""
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


def failure(status: int) -> Rejected | Unsure:
    """What an HTTP status means that is no success and says nothing of what was asked."""
    reason = f"http_{status}"
    return Unsure(reason) if status in _MAYBE_PASSED_ON else Rejected(reason)


def members(answer: Answer) -> dict[str, Any]:
    """The members of the JSON object that was answered; none when it is something else."""
    try:
        decoded = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return decoded if isinstance(decoded, dict) else {}


def _read(response: httpx.Response) -> Answer | Unsure:
    body = bytearray()
    for piece in response.iter_raw():
        body += piece
        if len(body) > MOST_BYTES:
            return Unsure("too_much")
    return Answer(response.status_code, bytes(body))


@cache
def _tls() -> ssl.SSLContext:
    # Reading the certificate authorities takes some 20 ms: once for all carriers.
    return httpx.create_ssl_context(trust_env=False)


def _dropped(record: logging.LogRecord) -> bool:
    return False
