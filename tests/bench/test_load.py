"""The generator against a small server that answers as told, so that what it counts is known beforehand."""

import time
from collections.abc import Callable
from itertools import repeat

import pytest

from bench.load import Turn, at_rate, saturate
from tests.bench.tiny_server import server


def turn(path: str, answer: bytes | None) -> Turn:
    return Turn(f"GET /{path} HTTP/1.1\r\n\r\n".encode(), answer)


def echo(path: str) -> tuple[int, bytes]:
    return 200, path.encode()


DIALOGUE = [turn("dial", b"/dial"), turn("key", b"/key"), turn("end", b"/end")]


def test_saturation_counts_what_the_server_answered() -> None:
    served: list[str] = []

    def answer(path: str) -> tuple[int, bytes]:
        served.append(path)
        return echo(path)

    with server(answer) as port:
        load = saturate(port, repeat(DIALOGUE), 0.2, connections=4)
    assert load.answered == load.statuses[200] == len(served) > 50
    assert (load.wrong, load.refused) == (0, 0)
    assert load.turns_per_s == pytest.approx(len(served) / load.seconds)
    assert 0.2 <= load.seconds < 2


def test_saturation_takes_each_dialogue_in_order_on_one_connection() -> None:
    served: list[str] = []

    def answer(path: str) -> tuple[int, bytes]:
        served.append(path)
        return echo(path)

    with server(answer) as port:
        saturate(port, repeat(DIALOGUE), 0.05, connections=1)
    assert served[:6] == ["/dial", "/key", "/end", "/dial", "/key", "/end"]


def test_an_answer_in_pieces_is_one_answer() -> None:
    with server(echo, pieces=3) as port:
        load = saturate(port, repeat(DIALOGUE), 0.1, connections=2)
    assert load.answered > 0
    assert load.wrong == 0


def test_answers_that_are_not_the_expected_ones_are_counted_and_the_first_is_kept() -> None:
    with server(lambda path: (200, b"/kez" if path == "/key" else path.encode())) as port:
        load = saturate(port, iter([DIALOGUE, [turn("end", None)] * 10_000]), 0.1, connections=1)
    assert (load.wrong, load.first_wrong) == (1, b"/kez")


def test_statuses_other_than_200_are_refusals() -> None:
    with server(lambda path: (500 if path == "/key" else 200, path.encode())) as port:
        load = saturate(port, repeat(DIALOGUE), 0.1, connections=3)
    assert load.refused == load.statuses[500] > 0
    assert load.statuses[200] >= load.statuses[500]
    assert load.wrong == 0


@pytest.mark.parametrize(
    "measure", [lambda port: saturate(port, repeat(DIALOGUE), 1), lambda port: at_rate(port, repeat(DIALOGUE), 50, 1)]
)
def test_a_server_that_hangs_up_is_a_fault(measure: Callable[[int], object]) -> None:
    with server(lambda path: None if path == "/dial" else echo(path)) as port, pytest.raises(ConnectionError):
        measure(port)


def test_a_steady_rate_gives_exactly_the_turns_that_were_due() -> None:
    with server(echo) as port:
        load = at_rate(port, repeat(DIALOGUE), 500, 0.4, callers=20, connections=8)
    assert load.answered == len(load.delays) == 200
    assert load.wrong == 0
    assert 0.4 - 1 / 500 <= load.seconds < 1
    assert 0 < min(load.delays) <= sorted(load.delays)[100] < 0.1


def test_a_steady_rate_counts_the_wait_behind_a_slow_answer() -> None:
    # One caller, a turn due every 10 ms, each answered after 30 ms: the third waits 20 + 20 ms behind the first two.
    def slow(path: str) -> tuple[int, bytes]:
        time.sleep(0.03)
        return echo(path)

    with server(slow) as port:
        load = at_rate(port, repeat(DIALOGUE), 100, 0.05, callers=1, connections=2)
    assert len(load.delays) == 5
    assert load.delays == sorted(load.delays)
    assert [delay > least for delay, least in zip(load.delays, (0.03, 0.05, 0.07, 0.09, 0.11), strict=True)] == [
        True
    ] * 5


def test_a_steady_rate_counts_the_wait_for_a_free_connection_which_comes_in_turn() -> None:
    served: list[str] = []

    def slow(path: str) -> tuple[int, bytes]:
        served.append(path)
        time.sleep(0.03)
        return echo(path)

    with server(slow) as port:
        load = at_rate(port, iter([[turn(caller, None)] for caller in "ABCD"]), 1000, 0.004, callers=4, connections=1)
    assert len(load.delays) == 4
    assert max(load.delays) > 0.11
    assert served == ["/A", "/B", "/C", "/D"]


def test_a_steady_rate_keeps_each_callers_turns_in_order() -> None:
    served: list[str] = []

    def answer(path: str) -> tuple[int, bytes]:
        served.append(path)
        return echo(path)

    talk = iter([[turn(f"{caller}{at}", None) for at in "abc"] for caller in "XY"])
    with server(answer) as port:
        at_rate(port, talk, 200, 0.03, callers=2, connections=2)
    assert [path for path in served if "X" in path] == ["/Xa", "/Xb", "/Xc"]
    assert [path for path in served if "Y" in path] == ["/Ya", "/Yb", "/Yc"]
