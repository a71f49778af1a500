import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from redis import Redis

from sessions import embedded
from sessions.embedded import Embedded, EmbeddedFailed
from tests.sessions.processes import ends, lives

HOUSE = Path(__file__).resolve().parents[2]
OWNER = """
import sys, time
from pathlib import Path
from sessions.embedded import Embedded
print(Embedded(Path(sys.argv[1])).start(), flush=True)
time.sleep(60)
"""


def owner_of(folder: Path) -> "subprocess.Popen[str]":
    """Another process that has started a server in this folder."""
    process = subprocess.Popen([sys.executable, "-c", OWNER, folder], cwd=HOUSE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("unix://")
    return process


def server_in(folder: Path) -> int:
    return int((folder / "valkey.pid").read_text())


def test_it_is_ready_to_answer_in_half_a_second(tmp_path: Path) -> None:
    server = Embedded(tmp_path)
    began = time.monotonic()
    url = server.start()
    took = time.monotonic() - began
    with Redis.from_url(url) as client:
        assert client.ping()
    server.stop()
    assert took < 0.5


def test_it_listens_on_no_port_and_lets_nobody_else_in(tmp_path: Path) -> None:
    with Embedded(tmp_path) as server, Redis.from_url(server.url) as client:
        assert client.config_get("port") == {"port": "0"}
        assert (tmp_path / "valkey.sock").stat().st_mode & 0o077 == 0


def test_what_it_holds_is_there_after_the_next_start(tmp_path: Path) -> None:
    server = Embedded(tmp_path / "not there yet")
    for said in (None, b"kept"):
        server.start()
        with Redis.from_url(server.url) as client:
            assert client.get("a") == said
            client.set("a", "kept")
        server.stop()


def test_a_stopped_server_is_gone(tmp_path: Path) -> None:
    server = Embedded(tmp_path)
    server.start()
    pid = server_in(tmp_path)
    server.stop()
    assert not lives(pid)


def test_starting_again_what_runs_changes_nothing(tmp_path: Path) -> None:
    with Embedded(tmp_path) as server:
        pid = server_in(tmp_path)
        assert server.start() == server.url
        assert server_in(tmp_path) == pid


def test_an_owner_whose_server_died_may_start_another(tmp_path: Path) -> None:
    with Embedded(tmp_path) as server:
        first = server_in(tmp_path)
        os.kill(first, signal.SIGKILL)
        assert server._server is not None
        server._server.wait()
        server.start()
        assert server_in(tmp_path) != first
        with Redis.from_url(server.url) as client:
            assert client.ping()


def test_stopping_what_never_ran_is_nothing(tmp_path: Path) -> None:
    Embedded(tmp_path).stop()


def test_a_second_one_in_the_same_folder_uses_the_first_ones_server(tmp_path: Path) -> None:
    with Embedded(tmp_path) as first:
        pid = server_in(tmp_path)
        with Embedded(tmp_path) as second:
            assert second.url == first.url
        assert server_in(tmp_path) == pid
        assert lives(pid)


def test_a_second_one_may_own_the_folder_after_the_first(tmp_path: Path) -> None:
    with Embedded(tmp_path):
        pass
    with Embedded(tmp_path) as second:
        assert lives(server_in(tmp_path))
        assert second._owned is not None


def test_a_living_owner_whose_server_does_not_answer_is_told(tmp_path: Path) -> None:
    with Embedded(tmp_path):
        os.kill(server_in(tmp_path), signal.SIGSTOP)
        try:
            with pytest.raises(EmbeddedFailed, match="another process owns"):
                Embedded(tmp_path, patience=0.1).start()
        finally:
            os.kill(server_in(tmp_path), signal.SIGCONT)


def test_an_owner_that_is_killed_leaves_no_server_and_blocks_no_start(tmp_path: Path) -> None:
    owner = owner_of(tmp_path)
    left = server_in(tmp_path)
    owner.kill()
    owner.wait()
    with Embedded(tmp_path) as server, Redis.from_url(server.url) as client:
        assert client.ping()
        assert not lives(left)
        assert server_in(tmp_path) != left


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a process to its parent")
def test_a_server_ends_with_its_owner_even_if_nobody_starts_again(tmp_path: Path) -> None:
    owner = owner_of(tmp_path)
    left = server_in(tmp_path)
    owner.kill()
    owner.wait()
    assert ends(left, within=3)


@pytest.mark.parametrize("deaf", [False, True])
def test_a_server_that_was_left_behind_is_ended_by_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deaf: bool
) -> None:
    # As where nothing ties it: the owner is gone, its server is not.
    monkeypatch.setattr(embedded, "tied", list)
    first = Embedded(tmp_path)
    first.start()
    left = first._server
    assert left is not None
    with Redis.from_url(first.url) as client:
        client.set("a", "kept")
    embedded._disown(first)
    if deaf:
        os.kill(left.pid, signal.SIGSTOP)
    with Embedded(tmp_path, patience=2) as server, Redis.from_url(server.url) as client:
        assert left.wait(0.1) == (-signal.SIGKILL if deaf else 0)
        assert client.get("a") == b"kept"


def test_a_pid_that_is_somebody_elses_by_now_is_left_alone(tmp_path: Path) -> None:
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    (tmp_path / "valkey.pid").write_text(f"{other.pid}\n")
    with Embedded(tmp_path):
        assert lives(other.pid)
    assert other.stdin is not None
    other.stdin.close()
    other.wait()


def test_an_old_pid_is_not_there_while_the_next_server_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "valkey.pid").write_text("1\n")
    there: list[bool] = []
    monkeypatch.setattr(Embedded, "_launch", lambda self, lock, until: there.append((tmp_path / "valkey.pid").exists()))
    Embedded(tmp_path).start()
    assert there == [False]


def test_an_interrupt_from_the_keyboard_is_for_the_owner(tmp_path: Path) -> None:
    with Embedded(tmp_path):
        assert os.getpgid(server_in(tmp_path)) != os.getpgid(0)


def test_a_server_that_does_not_end_is_told(tmp_path: Path) -> None:
    lock = embedded._lock(tmp_path / "server.lock")
    assert lock is not None
    with pytest.raises(EmbeddedFailed, match="does not end"):
        Embedded(tmp_path, patience=0.1).start()
    os.close(lock)
    with Embedded(tmp_path) as server:
        assert server.url


def test_a_forked_child_does_not_end_its_parents_server(tmp_path: Path) -> None:
    with Embedded(tmp_path) as server, Redis.from_url(server.url) as client:
        if not (child := os.fork()):
            server.stop()
            os._exit(0)
        os.waitpid(child, 0)
        assert client.ping()


def test_a_forked_child_does_not_keep_the_folder(tmp_path: Path) -> None:
    server = Embedded(tmp_path)
    server.start()
    reading, writing = os.pipe()
    if not (child := os.fork()):
        os.close(writing)
        os.read(reading, 1)
        os._exit(0)
    server.stop()
    with Embedded(tmp_path) as second:
        assert second._owned is not None
    os.close(writing)
    os.close(reading)
    os.waitpid(child, 0)


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    broken = tmp_path / "appendonlydir"
    broken.mkdir()
    (broken / "appendonly.aof.manifest").write_text("nonsense\n")
    began = time.monotonic()
    with pytest.raises(EmbeddedFailed, match="manifest"):
        Embedded(tmp_path).start()
    assert time.monotonic() - began < 3
    (broken / "appendonly.aof.manifest").unlink()
    with Embedded(tmp_path) as server:
        assert server.url


def test_a_long_folder_has_its_socket_elsewhere(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 25)
    with Embedded(folder) as server, Redis.from_url(server.url) as client:
        assert client.ping()
        elsewhere = Path(server.url.removeprefix("unix://")).parent
        assert elsewhere.stat().st_mode & 0o777 == 0o700
        assert Embedded(folder).url == server.url
    elsewhere.rmdir()


def test_a_directory_for_sockets_that_others_can_open_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = tmp_path / ("long" * 25)
    private = Path(Embedded(folder).url.removeprefix("unix://")).parent
    private.chmod(0o755)
    with pytest.raises(EmbeddedFailed, match="open to others"):
        Embedded(folder)


def test_a_folder_with_odd_characters_has_a_url_that_works(tmp_path: Path) -> None:
    with Embedded(tmp_path / "a b%20?c#d") as server, Redis.from_url(server.url) as client:
        assert client.ping()


def test_without_a_program_the_message_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(EmbeddedFailed, match="REDIS_URL"):
        embedded.server_program()
