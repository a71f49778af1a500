"""An httpx transport on which no single wait outlasts the deadline of the operation that waits.

httpx limits each read by itself, so an upstream that sends one byte now and then could be listened to for ever. Here
every wait on the network is cut to what is left of the deadline of the thread that waits. (Looking up a host's name is
the one wait that the operating system does not let us cut.)
"""

import math
import ssl
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import httpcore
import httpx

from flows.operations.deadline import Deadline


class Waits(threading.local):
    """The deadline of this thread's exchange; outside of any, one that never comes."""

    until = Deadline(math.inf)

    def cut(self, timeout: float | None) -> float:
        """The shorter of this timeout and what is left. Raises DeadlinePassed."""
        left = self.until.left()
        return left if timeout is None else min(timeout, left)


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, waits: Waits) -> None:
        self._inner = inner
        self._waits = waits

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._waits.cut(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._waits.cut(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, self._waits.cut(timeout)), self._waits)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


class _Network(httpcore.SyncBackend):
    def __init__(self, waits: Waits) -> None:
        self._waits = waits

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        stream = super().connect_tcp(host, port, self._waits.cut(timeout), local_address, socket_options)
        return _Stream(stream, self._waits)


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        return self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


class DeadlineTransport(httpx.BaseTransport):
    """Sends what httpx sends, through a pool of kept connections; errors are httpcore's own."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, connections: int = 20) -> None:
        self._waits = Waits()
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls,
            max_connections=connections,
            keepalive_expiry=20.0,
            network_backend=_Network(self._waits),
        )

    @contextmanager
    def within(self, until: Deadline) -> Iterator[None]:
        """Everything this thread sends and hears inside is bound to the deadline."""
        self._waits.until = until
        try:
            yield
        finally:
            self._waits.until = Waits.until

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One exchange, as httpx asks for it. Raises httpcore's errors, and DeadlinePassed."""
        url = request.url
        response = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            response.status, headers=response.headers, stream=_Body(response), extensions=response.extensions
        )

    def close(self) -> None:
        """Closes the kept connections."""
        self._pool.close()
