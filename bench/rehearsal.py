"""The expected answers: each PIN code's dialogue once, slowly, and judged by what the data says.

The load then compares every answer with these, byte for byte. That is sound because two callers with the same inputs
must get the same screens, which the rehearsal proves by going through each dialogue with two of them.
"""

import socket
from collections.abc import Iterator, Sequence

from bench.dialogue import inputs, rendered, texts
from bench.load import PATIENCE
from bench.places import Places
from bench.wire import take_answer
from services.post import Office


def ask(port: int, template: bytes, caller: int) -> bytes:
    """The body that answers this turn of this caller. Raises RuntimeError for any status but 200."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(template % (caller, caller))
        received = b""
        while (answer := take_answer(received)) is None:
            more = connection.recv(65536)
            if not more:
                raise RuntimeError("the server hung up in the middle of an answer")
            received += more
    status, body = answer
    if status != 200:
        raise RuntimeError(f"a turn of the rehearsal was answered with status {status}: {body[:200]!r}")
    return body


def rehearse(port: int, places: Places, callers: Iterator[int], judged: bool) -> dict[str, tuple[bytes, ...]]:
    """The bodies of every PIN code's turns; `judged` unless the server knows nothing of post offices (the floor).

    Raises RuntimeError when an answer is wrong, or two callers are answered differently.
    """
    answers = {}
    for pin, offices in places.items():
        templates = [rendered(text) for text in texts(inputs(pin))]
        first, second = (
            tuple(ask(port, template, caller) for template in templates) for caller in (next(callers), next(callers))
        )
        if first != second:
            raise RuntimeError(f"two callers who keyed the same for {pin} were answered differently: {first} {second}")
        fault = fault_of(pin, offices, first) if judged else ""
        if fault:
            raise RuntimeError(f"PIN code {pin}: {fault}: {[body.decode() for body in first]}")
        answers[pin] = first
    return answers


def fault_of(pin: str, offices: Sequence[Office], bodies: Sequence[bytes]) -> str:
    """What is wrong with these screens, "" for nothing: the last is about the office that the menu names first."""
    *earlier, last = (body.decode() for body in bodies)
    if not all(screen.startswith("CON ") for screen in earlier):
        return "it ended too early"
    if not last.startswith("END ") and "1 Send by SMS" not in last:
        return "the last turn neither ends it nor offers the answer by SMS"
    menu = earlier[-1]
    if pin not in menu:
        return "the menu does not say which PIN code it is about"
    shown = [office for office in offices if office.name in menu]
    if not shown:
        return "the menu shows none of its post offices"
    # "Mohan" also stands within "Mohanpur": of the names that begin earliest, the longest is the one on offer.
    office = min(shown, key=lambda office: (menu.index(office.name), -len(office.name)))
    if not all(value in last for value in (office.name, office.district)):
        return f"the result is not about {office.name}"
    return ""
