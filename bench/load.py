"""The load: one process, raw sockets, keep-alive; one caller at a time on a lane, and each caller's turns in order.

`saturate` keeps every connection busy (closed loop) and gives turns a second. `at_rate` sends turns when they are due,
come what may (open loop), and gives delays. Both compare every answer, byte for byte, with the expected one.
"""

import gc
import select
import socket
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

from bench.wire import take_answer

PATIENCE = 10.0
"""Seconds without any answer after which a server counts as dead."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One request, rendered, and the body that it must be answered with (None: any)."""

    request: bytes
    answer: bytes | None


Dialogue = Sequence[Turn]


@dataclass(slots=True)
class Load:
    """What a spell of load saw. `delays` are seconds in order of arrival; `seconds` is how long the spell was."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: int = 0
    first_wrong: bytes = b""
    delays: list[float] = field(default_factory=list)

    @property
    def answered(self) -> int:
        """Answers of any status."""
        return self.statuses.total()

    @property
    def refused(self) -> int:
        """Answers whose status is not 200."""
        return self.answered - self.statuses[200]

    @property
    def turns_per_s(self) -> float:
        """Answers a second over the whole spell."""
        return self.answered / self.seconds

    def check(self, turn: Turn, status: int, body: bytes) -> None:
        """Count one answer, and whether it is the expected one."""
        self.statuses[status] += 1
        if turn.answer is not None and body != turn.answer:
            self.wrong += 1
            self.first_wrong = self.first_wrong or body


class _Connections:
    """Non-blocking keep-alive connections to one server, polled together; at most one request is out on each."""

    def __init__(self, port: int, many: int) -> None:
        self._poll = select.epoll()
        self.sockets: dict[int, socket.socket] = {}
        self._partial: dict[int, bytes] = {}
        for _ in range(many):
            sock = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.setblocking(False)
            self.sockets[sock.fileno()] = sock
            self._poll.register(sock.fileno(), select.EPOLLIN)

    def close(self) -> None:
        """Close them all."""
        self._poll.close()
        for sock in self.sockets.values():
            sock.close()

    def send(self, lane: int, request: bytes) -> None:
        """Send one request; a turn is far smaller than a socket's buffer, so anything but all of it is a fault."""
        if self.sockets[lane].send(request) != len(request):
            raise ConnectionError("the socket's buffer is full: the server has stopped reading")

    def answers(self, wait: float) -> list[tuple[int, int, bytes]]:
        """(lane, status, body) of each whole answer that arrives within `wait` seconds; raises when one hangs up."""
        whole = []
        for lane, _ in self._poll.poll(wait):
            received = self.sockets[lane].recv(65536)
            if not received:
                raise ConnectionError("the server closed a connection in mid-dialogue")
            if lane in self._partial:
                received = self._partial.pop(lane) + received
            answer = take_answer(received)
            if answer is None:
                self._partial[lane] = received
            else:
                whole.append((lane, *answer))
        return whole


@contextmanager
def _connected(port: int, many: int) -> Iterator[_Connections]:
    connections = _Connections(port, many)
    collecting = gc.isenabled()
    # A collection in here would be measured as a delay of the server's.
    gc.disable()
    try:
        yield connections
    finally:
        if collecting:
            gc.enable()
        connections.close()


def saturate(
    port: int,
    dialogues: Iterator[Dialogue],
    seconds: float,
    connections: int = 16,
    clock: Callable[[], float] = perf_counter,
) -> Load:
    """Closed loop: each connection goes through one dialogue after another for `seconds`; whatever is out is awaited.

    Raises ConnectionError when the server hangs up, or answers nothing for `PATIENCE` seconds.
    """
    load = Load()
    with _connected(port, connections) as lanes:
        talking: dict[int, tuple[Iterator[Turn], Turn]] = {}
        started = clock()
        for lane in lanes.sockets:
            turns = iter(next(dialogues))
            turn = next(turns)
            talking[lane] = turns, turn
            lanes.send(lane, turn.request)
        now, last = started, started
        while talking:
            answers = lanes.answers(1.0)
            now = clock()
            if answers:
                last = now
            elif now - last > PATIENCE:
                raise ConnectionError(f"no answer for {PATIENCE:.0f} seconds")
            for lane, status, body in answers:
                turns, turn = talking.pop(lane)
                load.check(turn, status, body)
                if now - started >= seconds:
                    continue
                following = next(turns, None)
                if following is None:
                    turns = iter(next(dialogues))
                    following = next(turns)
                talking[lane] = turns, following
                lanes.send(lane, following.request)
        load.seconds = now - started
    return load


def at_rate(
    port: int, dialogues: Iterator[Dialogue], rate: float, seconds: float, callers: int = 350, connections: int = 64
) -> Load:
    """Open loop: `rate` turns a second are due at even intervals, a caller's own `callers / rate` seconds apart.

    A delay runs from the moment a turn was due, whether or not a connection was free or its caller's earlier answer
    was there. Raises ConnectionError when the server hangs up, or answers nothing for `PATIENCE` seconds.
    """
    load = Load()
    total = int(rate * seconds)
    # Each turn that is due: its number; a caller's turns wait for each other in `behind`, ready ones for a connection.
    scripts: list[Iterator[Turn]] = [iter(()) for _ in range(callers)]
    busy = [False] * callers
    behind: list[deque[int]] = [deque() for _ in range(callers)]
    ready: deque[int] = deque()
    with _connected(port, connections) as lanes:
        free = list(lanes.sockets)
        out: dict[int, tuple[int, Turn]] = {}
        started = perf_counter()
        due, last = 0, started
        while load.answered < total:
            now = perf_counter()
            while due < total and started + due / rate <= now:
                caller = due % callers
                if busy[caller]:
                    behind[caller].append(due)
                else:
                    busy[caller] = True
                    ready.append(due)
                due += 1
            while ready and free:
                number, lane = ready.popleft(), free.pop()
                turn = next(scripts[number % callers], None)
                if turn is None:
                    scripts[number % callers] = iter(next(dialogues))
                    turn = next(scripts[number % callers])
                out[lane] = number, turn
                lanes.send(lane, turn.request)
            # Never sleep: epoll rounds a wait up to whole milliseconds, and this core has nothing else to do.
            answers = lanes.answers(0)
            if answers:
                last = now = perf_counter()
            elif now - last > PATIENCE:
                raise ConnectionError(f"no answer for {PATIENCE:.0f} seconds")
            for lane, status, body in answers:
                number, turn = out.pop(lane)
                free.append(lane)
                load.check(turn, status, body)
                load.delays.append(now - (started + number / rate))
                caller = number % callers
                if behind[caller]:
                    ready.append(behind[caller].popleft())
                else:
                    busy[caller] = False
        load.seconds = perf_counter() - started
    return load
