"""Asking one upstream over HTTP, within limits: time, size, and how often it may fail before it is left alone."""

import logging
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpcore
import httpx
import msgspec

from flows.operations.deadline import Deadline, DeadlinePassed
from services.breaker import Breaker
from services.configuration import UpstreamSettings
from services.transport import DeadlineTransport

_log = logging.getLogger(__name__)

DEMO_HEADER = "X-Ghanti-Demo"
"""What the sandbox marks every answer with."""
_REFUSALS = (401, 403, 407, 429)
_WIRE_LOGGERS = (
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "httpcore.socks",
)


class UpstreamDown(Exception):
    """The upstream is away, refused us, or answered nonsense. The text is a reason of ours, never theirs."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the upstream answered: a status below 500 and decoded JSON; `demo` when it marks it as made up."""

    status: int
    data: object
    demo: bool


class Upstream:
    """One upstream's client; safe to share between threads.

    A read is tried a second time when the upstream was away or failed, if as much time is left as the first try took;
    a write never is, for nobody knows whether the first one arrived. Redirections are not followed, cookies not kept.
    """

    def __init__(
        self,
        settings: UpstreamSettings,
        *,
        breaker: Breaker | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = settings.name
        self.real = settings.real
        self._settings = settings
        self._clock = clock
        self._breaker = breaker or Breaker(
            failures=settings.breaker_failures, window=settings.breaker_window, rest=settings.breaker_rest, clock=clock
        )
        self._transport: DeadlineTransport | None = None
        self._client: httpx.Client | None = None
        if settings.base_url:
            tls = _tls() if settings.base_url.startswith("https:") else None
            self._transport = DeadlineTransport(tls=tls, connections=settings.connections)
            self._client = httpx.Client(
                transport=self._transport,
                trust_env=False,
                follow_redirects=False,
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
                timeout=httpx.Timeout(
                    settings.answer_seconds, connect=settings.connect_seconds, pool=settings.connect_seconds
                ),
                headers={"accept": "application/json", "accept-encoding": "identity", "user-agent": "Ghanti"},
            )
        _silence()

    def read(
        self,
        path: str,
        *,
        until: Deadline,
        query: Mapping[str, str] | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Heard:
        """Asks without changing anything: GET, or POST when there is a body. Raises UpstreamDown, DeadlinePassed."""
        began = self._clock()
        try:
            return self._exchange(path, until, query, body, headers)
        except _TryAgain:
            if until.left() < self._clock() - began:
                raise
        return self._exchange(path, until, query, body, headers)

    def write(self, path: str, *, until: Deadline, body: object, headers: Mapping[str, str] | None = None) -> Heard:
        """Changes something at the upstream, at most once: POST. Raises UpstreamDown, DeadlinePassed."""
        return self._exchange(path, until, None, body, headers)

    def problem(self) -> str:
        """Why it cannot be asked at all, or ""."""
        return "" if self._client else f"{self.name}: no address is set for it"

    def close(self) -> None:
        """Closes the kept connections."""
        if self._client:
            self._client.close()

    def _exchange(
        self,
        path: str,
        until: Deadline,
        query: Mapping[str, str] | None,
        body: object,
        headers: Mapping[str, str] | None,
    ) -> Heard:
        if self._client is None:
            raise UpstreamDown("no address is set")
        if not self._breaker.admits():
            raise UpstreamDown("left alone after repeated failures")
        try:
            heard = self._listen(self._client, path, until, query, body, headers)
        except BaseException as error:
            if isinstance(error, _Refused):
                self._breaker.succeeded()
            else:
                self._breaker.failed()
            _log.warning(
                "%s: %s", self.name, error.args[0] if isinstance(error, UpstreamDown) else type(error).__name__
            )
            raise
        self._breaker.succeeded()
        return heard

    def _listen(
        self,
        client: httpx.Client,
        path: str,
        until: Deadline,
        query: Mapping[str, str] | None,
        body: object,
        headers: Mapping[str, str] | None,
    ) -> Heard:
        content = None if body is None else msgspec.json.encode(body)
        sent = {**(headers or {}), **({"content-type": "application/json"} if content is not None else {})}
        request = client.build_request(
            "GET" if content is None else "POST",
            self._settings.base_url.rstrip("/") + path,
            params=query,
            content=content,
            headers=sent,
        )
        assert self._transport is not None
        try:
            with self._transport.within(until):
                response = client.send(request, stream=True)
                try:
                    return self._heard(response)
                finally:
                    response.close()
        except (httpcore.ConnectTimeout, httpcore.ConnectError, httpcore.PoolTimeout) as error:
            # The deadline may be what cut the attempt short.
            until.left()
            raise _TryAgain(type(error).__name__) from None
        except httpcore.TimeoutException:
            raise DeadlinePassed from None
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise _TryAgain(type(error).__name__) from None

    def _heard(self, response: httpx.Response) -> Heard:
        if response.status_code in _REFUSALS:
            raise _Refused(f"refused us with {response.status_code}")
        if response.status_code >= 500:
            raise _TryAgain(f"answered {response.status_code}")
        if response.status_code < 200 or 300 <= response.status_code < 400:
            raise UpstreamDown(f"answered {response.status_code}")
        if response.headers.get("content-encoding", "identity") != "identity":
            raise UpstreamDown("answered in an encoding that was not asked for")
        text = bytearray()
        for piece in response.iter_raw():
            text += piece
            if len(text) > self._settings.most_bytes:
                raise UpstreamDown("answered too much")
        try:
            data = msgspec.json.decode(bytes(text))
        except (msgspec.DecodeError, RecursionError):
            raise UpstreamDown(f"answered {response.status_code} without JSON") from None
        return Heard(response.status_code, data, DEMO_HEADER in response.headers or not self.real)


class _TryAgain(UpstreamDown):
    """Worth one more try, if it was a read."""


class _Refused(UpstreamDown):
    """It is up, but our key or our pace does not suit it."""


@cache
def _tls() -> ssl.SSLContext:
    # Reading the certificate authorities takes some 20 ms: once for all upstreams.
    return httpx.create_ssl_context(trust_env=False)


def _dropped(record: logging.LogRecord) -> bool:
    return False


def _silence() -> None:
    # These loggers write whole URLs and headers, and upstreams want identifiers and keys in there.
    for name in _WIRE_LOGGERS:
        logging.getLogger(name).addFilter(_dropped)
