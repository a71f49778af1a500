import gzip
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import httpcore
import pytest

from flows.operations.deadline import Deadline, DeadlinePassed
from services.configuration import UpstreamSettings
from services.http import Heard, Upstream, UpstreamDown

Talk = Callable[[socket.socket, bytes], None]
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


class Wire:
    """A server of one thread a connection that says exactly what a test wants; it keeps every request it heard."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.talks: list[Talk] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            while request := _request(connection):
                self.heard.append(request)
                try:
                    self.talks.pop(0)(connection, request)
                except (OSError, IndexError):
                    return

    def close(self) -> None:
        self._listener.close()


def _request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = next((int(h.split(b":")[1]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length")), 0)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def says(body: bytes = b'{"a":1}', head: bytes = OK, more: bytes = b"") -> Talk:
    def talk(connection: socket.socket, request: bytes) -> None:
        connection.sendall(head + more + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)

    return talk


def status(code: int, more: bytes = b"") -> Talk:
    return says(b'{"error":"x"}', f"HTTP/1.1 {code} X\r\n".encode(), more)


def hangs_up(connection: socket.socket, request: bytes) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def drips(before: bytes, drop: bytes) -> Talk:
    def talk(connection: socket.socket, request: bytes) -> None:
        connection.sendall(before)
        for _ in range(200):
            time.sleep(0.03)
            connection.sendall(drop)

    return talk


@pytest.fixture
def wire() -> Iterator[Wire]:
    made = Wire()
    yield made
    made.close()


@pytest.fixture
def upstream(wire: Wire) -> Iterator[Upstream]:
    made = Upstream(UpstreamSettings("test", base_url=wire.url, real=True, most_bytes=1000))
    yield made
    made.close()


def soon() -> Deadline:
    return Deadline.after(2.0)


def test_a_read_gives_status_and_data(wire: Wire, upstream: Upstream) -> None:
    wire.talks = [says()]
    assert upstream.read("/x", until=soon(), query={"q": "a b"}) == Heard(200, {"a": 1}, demo=False)
    assert wire.heard[0].startswith(b"GET /x?q=a+b HTTP/1.1\r\n")


def test_a_read_with_a_body_posts_json(wire: Wire, upstream: Upstream) -> None:
    wire.talks = [says()]
    upstream.read("/x", until=soon(), body={"n": [1]}, headers={"x-api-key": "k"})
    head, _, body = wire.heard[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /x ")
    assert b"content-type: application/json" in head.lower()
    assert b"x-api-key: k" in head.lower()
    assert body == b'{"n":[1]}'


def test_a_status_below_500_is_the_departments_to_read(wire: Wire, upstream: Upstream) -> None:
    wire.talks = [status(404)]
    assert upstream.read("/x", until=soon()).status == 404


@pytest.mark.parametrize(
    "talk",
    [
        status(301, b"Location: /y\r\n"),
        status(401),
        status(403),
        status(429),
        says(b"<html>"),
        says(b'{"a":'),
        says(b"[" * 500),
        says(b'"' + b"x" * 1000 + b'"'),
        says(gzip.compress(b"{}"), OK, b"Content-Encoding: gzip\r\n"),
        says(b"{}", OK, b"Content-Encoding: br\r\n"),
    ],
    ids=["moved", "401", "403", "429", "html", "cut", "deep", "too much", "compressed", "said to be compressed"],
)
def test_what_cannot_be_used_is_down_and_not_asked_for_again(wire: Wire, upstream: Upstream, talk: Talk) -> None:
    wire.talks = [talk, says()]
    with pytest.raises(UpstreamDown):
        upstream.read("/x", until=soon())
    assert len(wire.heard) == 1


@pytest.mark.parametrize("talk", [status(500), status(503), hangs_up], ids=["500", "503", "hangs up"])
def test_a_read_is_tried_once_more(wire: Wire, upstream: Upstream, talk: Talk) -> None:
    wire.talks = [talk, says()]
    assert upstream.read("/x", until=soon()).data == {"a": 1}
    assert len(wire.heard) == 2


def test_a_read_is_not_tried_a_third_time(wire: Wire, upstream: Upstream) -> None:
    wire.talks = [status(500), status(500), says()]
    with pytest.raises(UpstreamDown, match="answered 500"):
        upstream.read("/x", until=soon())
    assert len(wire.heard) == 2


def test_a_read_is_not_tried_again_when_too_little_time_is_left(wire: Wire) -> None:
    def slow(connection: socket.socket, request: bytes) -> None:
        time.sleep(0.3)
        status(500)(connection, request)

    wire.talks = [slow, says()]
    with pytest.raises(UpstreamDown, match="answered 500"):
        Upstream(UpstreamSettings("test", base_url=wire.url)).read("/x", until=Deadline.after(0.45))
    assert len(wire.heard) == 1


@pytest.mark.parametrize("talk", [status(500), status(503), hangs_up], ids=["500", "503", "hangs up"])
def test_a_write_is_never_tried_again(wire: Wire, upstream: Upstream, talk: Talk) -> None:
    wire.talks = [talk, says()]
    with pytest.raises(UpstreamDown):
        upstream.write("/x", until=soon(), body={})
    assert len(wire.heard) == 1


@pytest.mark.parametrize(
    "talk",
    [drips(b"", b""), drips(OK, b"X-More: 1\r\n"), drips(OK + b"Content-Length: 900\r\n\r\n", b" ")],
    ids=["silence", "dripping head", "dripping body"],
)
def test_nothing_outlasts_the_deadline(wire: Wire, upstream: Upstream, talk: Talk) -> None:
    wire.talks = [talk]
    began = time.monotonic()
    with pytest.raises(DeadlinePassed):
        upstream.read("/x", until=Deadline.after(0.2))
    assert time.monotonic() - began < 0.5


def test_an_upstream_may_be_given_less_time_than_the_deadline(wire: Wire) -> None:
    wire.talks = [drips(b"", b"")]
    began = time.monotonic()
    with pytest.raises(DeadlinePassed):
        Upstream(UpstreamSettings("test", base_url=wire.url, answer_seconds=0.1)).read("/x", until=soon())
    assert time.monotonic() - began < 0.5


def test_an_address_where_nobody_listens_is_down() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(UpstreamDown, match="ConnectError"):
        Upstream(UpstreamSettings("test", base_url=f"http://127.0.0.1:{port}")).read("/x", until=soon())


def test_a_deadline_that_has_passed_sends_nothing(wire: Wire, upstream: Upstream) -> None:
    with pytest.raises(DeadlinePassed):
        upstream.write("/x", until=Deadline(0.0), body={})
    assert wire.heard == []


def test_after_repeated_failures_it_is_left_alone_and_then_tried_again(wire: Wire) -> None:
    now = 0.0
    made = Upstream(
        UpstreamSettings("test", base_url=wire.url, breaker_failures=2, breaker_rest=30.0), clock=lambda: now
    )
    wire.talks = [status(500), status(500), says()]
    for _ in range(2):
        with pytest.raises(UpstreamDown):
            made.write("/x", until=soon(), body={})
    with pytest.raises(UpstreamDown, match="left alone"):
        made.write("/x", until=soon(), body={})
    assert len(wire.heard) == 2
    now = 30.0
    assert made.write("/x", until=soon(), body={}).status == 200


@pytest.mark.parametrize("code", [200, 401, 403, 404, 407, 429])
def test_an_upstream_that_answers_or_refuses_is_up(wire: Wire, code: int) -> None:
    now = 0.0
    made = Upstream(UpstreamSettings("test", base_url=wire.url, breaker_failures=2), clock=lambda: now)
    wire.talks = [status(500), status(code), status(500), says()]
    for _ in range(3):
        with suppress(UpstreamDown):
            made.write("/x", until=soon(), body={})
    assert made.write("/x", until=soon(), body={}).status == 200


def test_a_refusal_closes_a_breaker_that_was_open(wire: Wire) -> None:
    now = 0.0
    made = Upstream(UpstreamSettings("test", base_url=wire.url, breaker_failures=1), clock=lambda: now)
    wire.talks = [status(500), status(429), says()]
    with pytest.raises(UpstreamDown):
        made.write("/x", until=soon(), body={})
    now = 30.0
    with pytest.raises(UpstreamDown, match="refused us with 429"):
        made.write("/x", until=soon(), body={})
    assert made.write("/x", until=soon(), body={}).status == 200


def test_a_connection_that_the_deadline_cut_short_is_late_and_not_down(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(self: object, host: str, port: int, timeout: float, *rest: object) -> None:
        time.sleep(timeout)
        raise httpcore.ConnectTimeout

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    with pytest.raises(DeadlinePassed):
        upstream.write("/x", until=Deadline.after(0.1), body={})


def test_an_answer_may_be_as_long_as_the_limit(wire: Wire, upstream: Upstream) -> None:
    wire.talks = [says(b'"' + b"x" * 998 + b'"')]
    assert upstream.read("/x", until=soon()).data == "x" * 998


def test_an_address_may_end_in_a_slash(wire: Wire) -> None:
    wire.talks = [says()]
    Upstream(UpstreamSettings("test", base_url=f"{wire.url}/")).read("/x", until=soon())
    assert wire.heard[0].startswith(b"GET /x ")


def test_only_json_and_no_compression_is_asked_for(wire: Wire, upstream: Upstream) -> None:
    wire.talks = [says()]
    upstream.read("/x", until=soon())
    head = wire.heard[0].lower()
    assert b"accept: application/json" in head
    assert b"accept-encoding: identity\r\n" in head


def test_a_closed_upstream_lets_go_of_its_connections(wire: Wire) -> None:
    ended = threading.Event()

    def talk(connection: socket.socket, request: bytes) -> None:
        says()(connection, request)
        if not connection.recv(1):
            ended.set()

    wire.talks = [talk]
    made = Upstream(UpstreamSettings("test", base_url=wire.url))
    made.read("/x", until=soon())
    made.close()
    assert ended.wait(2.0)


@pytest.mark.parametrize(
    ("real", "more", "demo"),
    [(True, b"", False), (True, b"X-Ghanti-Demo: 1\r\n", True), (False, b"", True)],
    ids=["real", "real, but marked", "sandbox"],
)
def test_made_up_answers_are_known_as_such(wire: Wire, real: bool, more: bytes, demo: bool) -> None:
    wire.talks = [says(more=more)]
    heard = Upstream(UpstreamSettings("test", base_url=wire.url, real=real)).read("/x", until=soon())
    assert heard.demo is demo


def test_a_cookie_of_one_caller_is_not_sent_with_the_next(wire: Wire, upstream: Upstream) -> None:
    wire.talks = [says(more=b"Set-Cookie: session=1; Path=/\r\n"), says()]
    upstream.read("/x", until=soon())
    upstream.read("/x", until=soon())
    assert b"cookie" not in wire.heard[1].lower()


def test_a_kept_connection_is_used_again(wire: Wire, upstream: Upstream) -> None:
    ports: list[int] = []

    def talk(connection: socket.socket, request: bytes) -> None:
        ports.append(connection.getpeername()[1])
        says()(connection, request)

    wire.talks = [talk, talk]
    upstream.read("/x", until=soon())
    upstream.read("/x", until=soon())
    assert ports[0] == ports[1]


def test_no_address_is_a_problem_and_unavailable() -> None:
    made = Upstream(UpstreamSettings("test", base_url=""))
    assert made.problem() == "test: no address is set for it"
    with pytest.raises(UpstreamDown, match="no address is set"):
        made.read("/x", until=soon())
    made.close()


def test_an_address_is_no_problem(upstream: Upstream) -> None:
    assert upstream.problem() == ""


def test_a_secure_address_gets_the_usual_authorities() -> None:
    made = Upstream(UpstreamSettings("test", base_url="https://127.0.0.1:1"))
    with pytest.raises(UpstreamDown, match="ConnectError"):
        made.read("/x", until=soon())


@pytest.mark.parametrize("talk", [says(), status(500), hangs_up, drips(b"", b"")])
def test_no_log_holds_what_was_asked(wire: Wire, talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    made = Upstream(UpstreamSettings("test", base_url=wire.url))
    wire.talks = [talk, talk]
    with caplog.at_level(logging.DEBUG):
        try:
            made.read("/x/11223344", until=Deadline.after(0.2), query={"q": "55667788"}, headers={"x-api-key": "99aa"})
        except (UpstreamDown, DeadlinePassed) as error:
            assert not {"11223344", "55667788", "99aa"} & set(str(error).split())
    assert not any(secret in caplog.text for secret in ("11223344", "55667788", "99aa"))


def test_settings_do_not_show_their_keys() -> None:
    assert "sesame" not in repr(UpstreamSettings("test", key="sesame"))
