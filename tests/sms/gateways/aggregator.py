"""What tests of the wires stand on: an aggregator that says what a test wants, and a door that reads our webhooks."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

from sms.gateways import Account, Gateway, Incoming, Outgoing, Report, load
from wire.webhook import Refused, WireRequest, refusal

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
TOKEN = "t+k%é/n"
SHOWN = "token=t%2Bk%25%C3%A9%2Fn"
CALLER = "+919876543210"
PUBLIC = "https://ghanti.example"
HINDI = "ठीक है। आपकी मंडी का भाव ₹2,150 है।"
LONG = "आपके पास का केंद्र 2 किमी दूर है। " * 8
Talk = Callable[[socket.socket], None]


def account(base_url: str, **changed: str | float) -> Account:
    """The account of one test's aggregator."""
    usual = {"sender": "GHANTI", "token": TOKEN, "public_url": PUBLIC, "user": "AC1", "password": "pä:ss"}
    return Account(base_url, **{**usual, "entity": "1101", "seconds": 0.5, **changed})  # type: ignore[arg-type]


def gateway(name: str, base_url: str = "http://127.0.0.1:9", **changed: str | float) -> Gateway:
    """This gateway, for that account."""
    return load({name: account(base_url, **changed)})[name]


def outgoing(text: str = HINDI, template: str = "1107", task: int = 7) -> Outgoing:
    """The text of our one caller."""
    return Outgoing(task=task, key="key-7", to=CALLER, text=text, template=template)


def request(
    method: str, query: str = SHOWN, body: str | bytes = b"", content_type: str = "", **headers: str
) -> WireRequest:
    """A webhook; a header is written with _ for -."""
    named = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    raw = body if isinstance(body, bytes) else body.encode()
    return WireRequest(method, query, raw, content_type, lambda name: named.get(name.lower()))


class Heard:
    """A request that the aggregator got."""

    def __init__(self, raw: bytes) -> None:
        head, _, self.body = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        self.method, self.target, _ = first.split(" ")
        self.headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}

    @property
    def form(self) -> dict[str, str]:
        """The fields of the form that it holds."""
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True, strict_parsing=True))


class Aggregator:
    """A server that keeps every request that it hears, and answers each with the next talk."""

    def __init__(self, *talks: Talk) -> None:
        self.heard: list[Heard] = []
        self._talks = list(talks)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                with connection, suppress(OSError):
                    self.heard.append(Heard(_whole(connection)))
                    self._talks.pop(0)(connection)

    def close(self) -> None:
        """No more is heard."""
        self._listener.close()


@contextmanager
def answering(*talks: Talk) -> Iterator[Aggregator]:
    """An aggregator for one test."""
    aggregator = Aggregator(*talks)
    try:
        yield aggregator
    finally:
        aggregator.close()


def _whole(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = next((int(h.split(b":")[1]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length")), 0)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def says(status: int, body: str | bytes = b"", head: str = "") -> Talk:
    """Answers this at once."""
    raw = body if isinstance(body, bytes) else body.encode()
    length = f"Content-Length: {len(raw)}\r\n"
    return lambda connection: connection.sendall(f"HTTP/1.1 {status} X\r\n{head}{length}\r\n".encode() + raw)


def hangs(connection: socket.socket) -> None:
    """Says nothing until the other side has gone."""
    connection.settimeout(5)
    connection.recv(1)


def hangs_up(connection: socket.socket) -> None:
    """Ends the connection without a word."""


def drips(connection: socket.socket) -> None:
    """Never ends its answer, and is never silent for long."""
    connection.sendall(b"HTTP/1.1 200 X\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(100):
        connection.sendall(b"x")
        time.sleep(0.05)


def breaks_off(connection: socket.socket) -> None:
    """Ends in the midst of an answer that began well."""
    connection.sendall(b'HTTP/1.1 202 X\r\nContent-Length: 100\r\n\r\n{"ref": "a"')


def floods(connection: socket.socket) -> None:
    """Answers more than anybody reads."""
    connection.sendall(b"HTTP/1.1 202 X\r\nContent-Length: 1000000\r\n\r\n" + b"0" * 1_000_000)


class Door:
    """A small web server that gives every webhook to a gateway and keeps what it made of it.

    The next `away` webhooks it answers with 503, as our door does while it cannot keep anything.
    """

    def __init__(self) -> None:
        self.gateway: Gateway | None = None
        self.incoming: list[Incoming] = []
        self.reports: list[Report] = []
        self.refused: list[Refused] = []
        self.targets: list[str] = []
        self.away = 0
        self.url = ""

    def hear(self, handler: BaseHTTPRequestHandler) -> None:
        """Reads one webhook, and answers it as a door does."""
        assert self.gateway is not None
        path, _, query = handler.path.partition("?")
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        type_ = handler.headers.get("Content-Type") or ""
        asked = WireRequest(handler.command, query, body, type_, lambda name: handler.headers.get(name))
        self.targets.append(handler.path)
        if self.away > 0:
            self.away -= 1
            handler.send_error(503)
            return
        hook = self.gateway.incoming if path.endswith("/incoming") else self.gateway.report
        heard = hook(asked)
        match heard:
            case Refused():
                self.refused.append(heard)
            case Incoming():
                self.incoming.append(heard)
            case Report():
                self.reports.append(heard)
        reply = refusal(heard) if isinstance(heard, Refused) else self.gateway.taken()
        handler.send_response(reply.status)
        for name, value in (*reply.headers, ("Content-Length", str(len(reply.body)))):
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(reply.body)


@contextmanager
def a_door() -> Iterator[Door]:
    """A door on a free port; its gateway is set once its address is known."""
    door = Door()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            door.hear(self)

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    door.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield door
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
