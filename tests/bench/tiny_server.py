"""A server of a few lines that answers as told, so that a test knows beforehand what must be seen."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Answer = Callable[[str], tuple[int, bytes] | None]
"""The request's path → status and body; None hangs up."""


def serve_one(connection: socket.socket, answer: Answer, pieces: int) -> None:
    with connection, suppress(OSError):
        while request := connection.recv(4096):
            assert request.count(b"HTTP/1.1") == 1, "a second request before the first was answered"
            told = answer(request.split(b" ")[1].decode())
            if told is None:
                return
            status, body = told
            sent = b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body)
            size = -(-len(sent) // pieces)
            for at in range(0, len(sent), size):
                connection.sendall(sent[at : at + size])
                time.sleep(0.002 * (pieces > 1))


@contextmanager
def server(answer: Answer, pieces: int = 1) -> Iterator[int]:
    listening = socket.create_server(("127.0.0.1", 0), backlog=64)

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=serve_one, args=(connection, answer, pieces), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
