"""A small SMPP 3.4 SMSC for tests: it lets everybody bind and keeps what it is given to deliver."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_SUBMIT, _RESPONSE = 0x00000004, 0x80000000
_NAMED = {0x00000001: b"smsc\0", 0x00000002: b"smsc\0", 0x00000009: b"smsc\0", _SUBMIT: b"id1\0"}
"""What the responses to the three binds and to submit_sm carry (SMPP 3.4, sections 4.1 and 4.4)."""


class Smsc:
    """The SMSC on a free port of 127.0.0.1; `submitted` are the bodies of the submit_sm that came."""

    def __init__(self) -> None:
        self.submitted: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as stream, suppress(OSError):
            while len(head := stream.read(16)) == 16:
                length, command, _, number = struct.unpack(">IIII", head)
                body = stream.read(length - 16)
                if command == _SUBMIT:
                    self.submitted.append(body)
                if command < _RESPONSE:
                    said = _NAMED.get(command, b"")
                    connection.sendall(struct.pack(">IIII", 16 + len(said), command | _RESPONSE, 0, number) + said)

    def close(self) -> None:
        """Nobody connects any more."""
        self._listener.close()


@contextmanager
def listening() -> Iterator[Smsc]:
    """An SMSC for one test."""
    smsc = Smsc()
    try:
        yield smsc
    finally:
        smsc.close()


def parameters(submitted: bytes) -> dict[int, bytes]:
    """The optional parameters of a submit_sm by tag (sections 3.2.4 and 4.4.1)."""
    rest = submitted.partition(b"\0")[2]  # service_type
    for _ in ("source", "destination"):
        rest = rest[2:].partition(b"\0")[2]  # type of number, numbering plan, address
    rest = rest[3:]  # esm_class, protocol_id, priority_flag
    for _ in ("scheduled", "valid until"):
        rest = rest.partition(b"\0")[2]
    rest = rest[4:]  # registered_delivery, replace_if_present, data_coding, sm_default_msg_id
    rest = rest[1 + rest[0] :]  # sm_length, short_message
    found = {}
    while rest:
        tag, length = struct.unpack(">HH", rest[:4])
        found[tag] = rest[4 : 4 + length]
        rest = rest[4 + length :]
    return found
