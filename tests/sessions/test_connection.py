import gc
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import NoScriptError

from sessions.connection import PAUSE, Connection, StoreAway
from sessions.embedded import Embedded

TOLD_WITHIN = 2.0


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Embedded]:
    """A server that a test may stop."""
    with Embedded(tmp_path) as server:
        yield server


def seconds_until_away(connection: Connection) -> float:
    began = time.monotonic()
    with pytest.raises(StoreAway):
        connection.ask("GET", b"a")
    return time.monotonic() - began


def healed(connection: Connection, within: float) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            connection.ask("GET", b"a")
        except StoreAway:
            time.sleep(0.02)
        else:
            return True
    return False


def test_a_question_gets_its_answer(redis_url: str) -> None:
    connection = Connection(redis_url)
    assert connection.ask("SET", b"a", "é", "EX", 60) == b"OK"
    assert connection.ask("GET", b"a") == "é".encode()
    assert connection.ask("MGET", b"a", b"b") == ["é".encode(), None]
    assert connection.ask("STRLEN", b"a") == 2


def test_a_large_value_comes_whole(redis_url: str) -> None:
    connection = Connection(redis_url)
    connection.ask("SET", b"a", bytes(1_000_000))
    assert connection.ask("GET", b"a") == bytes(1_000_000)


def test_the_database_that_the_url_names_is_used(redis_url: str) -> None:
    Connection(f"{redis_url}?db=3").ask("SET", b"a", b"in three")
    with Redis.from_url(f"{redis_url}?db=3") as three:
        assert three.get(b"a") == b"in three"
    assert Connection(redis_url).ask("GET", b"a") is None


def test_a_thread_keeps_its_connection(redis_url: str) -> None:
    connection = Connection(redis_url)
    assert connection.ask("CLIENT", "ID") == connection.ask("CLIENT", "ID")


def test_two_threads_have_two_connections(redis_url: str) -> None:
    connection = Connection(redis_url)
    found: list[int] = [connection.ask("CLIENT", "ID")]
    thread = threading.Thread(target=lambda: found.append(connection.ask("CLIENT", "ID")))
    thread.start()
    thread.join()
    assert len(set(found)) == 2


def test_a_thread_that_ends_closes_its_connection(redis_url: str, redis: Redis) -> None:
    connection = Connection(redis_url)
    its: list[int] = []
    thread = threading.Thread(target=lambda: its.append(connection.ask("CLIENT", "ID")))
    thread.start()
    thread.join()
    gc.collect()
    until = time.monotonic() + 2
    while str(its[0]) in {client["id"] for client in redis.client_list()}:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_many_threads_get_their_own_answers(redis_url: str) -> None:
    connection = Connection(redis_url)
    wrong: list[bytes] = []

    def echo(me: int) -> None:
        for number in range(200):
            said = b"%d.%d" % (me, number)
            if (heard := connection.ask("ECHO", said)) != said:
                wrong.append(heard)

    threads = [threading.Thread(target=echo, args=(me,)) for me in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_forked_child_has_a_connection_of_its_own(redis_url: str) -> None:
    connection = Connection(redis_url)
    mine = connection.ask("CLIENT", "ID")
    reading, writing = os.pipe()
    if not (child := os.fork()):
        os.write(writing, str(connection.ask("CLIENT", "ID")).encode())
        os._exit(0)
    os.waitpid(child, 0)
    its = int(os.read(reading, 20))
    os.close(reading)
    os.close(writing)
    assert its != mine
    assert connection.ask("CLIENT", "ID") == mine


def test_a_connection_that_the_server_closed_is_opened_again(redis_url: str, redis: Redis) -> None:
    connection = Connection(redis_url)
    first = connection.ask("CLIENT", "ID")
    redis.client_kill_filter(_id=first)
    assert connection.ask("CLIENT", "ID") != first


def test_a_closed_connection_is_opened_by_the_next_question(redis_url: str) -> None:
    connection = Connection(redis_url)
    first = connection.ask("CLIENT", "ID")
    connection.close()
    assert connection.ask("CLIENT", "ID") != first


def test_closing_what_was_never_opened_is_nothing(redis_url: str) -> None:
    Connection(redis_url).close()


def test_an_answer_that_nobody_waited_for_is_given_to_nobody_else(redis_url: str) -> None:
    connection = Connection(redis_url)
    connection.ask("PING")

    class Stopped(BaseException):
        pass

    def stop(*_: object) -> None:
        raise Stopped

    line = connection._of_thread.line
    line.read_response = stop
    with pytest.raises(Stopped):
        connection.ask("ECHO", "for another caller")
    del line.read_response
    assert connection.ask("ECHO", "mine") == b"mine"


def test_an_unknown_script_is_told_as_such(redis_url: str) -> None:
    connection = Connection(redis_url)
    with pytest.raises(NoScriptError):
        connection.ask("EVALSHA", "0" * 40, 0)
    with pytest.raises(NoScriptError):
        connection.ask("EVALSHA", "0" * 40, 0)
    assert connection.ask("PING") == b"PONG"


def test_a_refusal_is_away_for_this_question_only(redis_url: str, caplog: pytest.LogCaptureFixture) -> None:
    connection = Connection(redis_url)
    connection.ask("SET", b"a caller", b"1")
    with caplog.at_level(logging.WARNING), pytest.raises(StoreAway):
        connection.ask("LPUSH", b"a caller", b"2")
    assert connection.ask("GET", b"a caller") == b"1"
    assert "WRONGTYPE" in caplog.text
    assert "a caller" not in caplog.text


def test_a_refusal_is_told_by_its_code_alone(redis_url: str, caplog: pytest.LogCaptureFixture) -> None:
    connection = Connection(redis_url)
    connection.ask("PING")
    with caplog.at_level(logging.WARNING), pytest.raises(StoreAway) as away:
        connection.ask("NOSUCH", "98765")
    assert "98765" not in str(away.value) + caplog.text


def test_a_first_question_that_is_refused_closes_nothing_for_others(redis_url: str, redis: Redis) -> None:
    redis.set(b"a", b"1")
    connection = Connection(redis_url)
    with pytest.raises(StoreAway):
        connection.ask("LPUSH", b"a", b"2")
    assert connection.ask("GET", b"a") == b"1"


def test_a_server_that_is_gone_is_told_at_once(own: Embedded) -> None:
    connection = Connection(own.url)
    connection.ask("PING")
    own.stop()
    assert seconds_until_away(connection) < 0.5


def test_a_server_that_was_never_there_is_told_at_once(tmp_path: Path) -> None:
    assert seconds_until_away(Connection(f"unix://{tmp_path}/nothing.sock")) < 0.5


def test_a_server_that_is_back_is_found_again(own: Embedded) -> None:
    connection = Connection(own.url)
    connection.ask("PING")
    own.stop()
    seconds_until_away(connection)
    own.start()
    assert healed(connection, within=PAUSE + 1)


def test_a_server_that_is_back_is_back_for_every_thread(own: Embedded) -> None:
    connection = Connection(own.url)
    own.stop()
    seconds_until_away(connection)
    own.start()
    assert healed(connection, within=PAUSE + 1)
    found: list[bytes] = []
    other = threading.Thread(target=lambda: found.append(connection.ask("ECHO", "here")))
    other.start()
    other.join()
    assert found == [b"here"]


def test_a_restart_between_two_questions_is_not_noticed(own: Embedded) -> None:
    connection = Connection(own.url)
    connection.ask("SET", b"a", b"1")
    own.stop()
    own.start()
    assert connection.ask("GET", b"a") == b"1"


@pytest.mark.parametrize("connected", [True, False])
def test_a_server_that_hangs_is_given_up_after_the_timeout(own: Embedded, connected: bool) -> None:
    connection = Connection(own.url, timeout=0.4)
    if connected:
        connection.ask("PING")
    pid = int(Path(own.url.removeprefix("unix://")).with_name("valkey.pid").read_text())
    os.kill(pid, signal.SIGSTOP)
    try:
        # Given up once: a second try would take as long again.
        assert 0.35 < seconds_until_away(connection) < 0.75
        assert seconds_until_away(connection) < 0.1
    finally:
        os.kill(pid, signal.SIGCONT)
    assert healed(connection, within=2)


def test_with_the_default_timeout_the_caller_learns_it_within_two_seconds(own: Embedded) -> None:
    connection = Connection(own.url)
    connection.ask("PING")
    pid = int(Path(own.url.removeprefix("unix://")).with_name("valkey.pid").read_text())
    os.kill(pid, signal.SIGSTOP)
    try:
        assert seconds_until_away(connection) < TOLD_WITHIN
    finally:
        os.kill(pid, signal.SIGCONT)


def test_while_one_looks_whether_it_is_back_the_others_do_not_wait() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        connection = Connection(f"redis://127.0.0.1:{silent.getsockname()[1]}", timeout=0.3)
        seconds_until_away(connection)
        time.sleep(PAUSE + 0.05)
        one = threading.Thread(target=lambda: seconds_until_away(connection))
        one.start()
        time.sleep(0.1)
        assert seconds_until_away(connection) < 0.1
        one.join()


def test_a_server_that_still_reads_its_files_is_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as loading:

        def answer() -> None:
            line, _ = loading.accept()
            with line:
                line.recv(1000)
                line.sendall(b"-LOADING Redis is loading the dataset in memory\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        seconds_until_away(Connection(f"redis://127.0.0.1:{loading.getsockname()[1]}"))
        thread.join()


def test_an_error_names_no_address(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING), pytest.raises(StoreAway) as away:
        Connection(f"unix://:secret@{tmp_path}/nothing.sock").ask("PING")
    assert "ConnectionError" in str(away.value)
    assert "nothing.sock" not in str(away.value) + caplog.text
    assert away.value.__suppress_context__


def test_the_ordinary_client_reaches_the_same_server(redis_url: str) -> None:
    connection = Connection(redis_url)
    with connection.client() as client:
        client.set("a", "1")
    assert connection.ask("GET", "a") == b"1"


def test_the_ordinary_client_gives_up_as_soon_and_may_be_told_otherwise(redis_url: str) -> None:
    connection = Connection(redis_url, timeout=0.3)
    assert connection.client().connection_pool.connection_kwargs["socket_timeout"] == 0.3
    assert connection.client(socket_timeout=9).connection_pool.connection_kwargs["socket_timeout"] == 9
