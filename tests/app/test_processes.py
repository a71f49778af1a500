"""`python app.py`: begins or says in one sentence why not, and leaves nothing behind."""

import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from time import monotonic, sleep

import pytest

from processes import Household, port_problems, serve_everything, wait_until_ready
from settings import Settings
from tests.house.tree import ROOT
from welcome import welcome

NOWHERE = "redis://127.0.0.1:1/0"


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as trial:
        return int(trial.getsockname()[1])


def _settings(**given: object) -> Settings:
    return Settings(_env_file=None, **{"PORT": _free(), "sandbox_port": _free(), "REDIS_URL": NOWHERE, **given})  # type: ignore[arg-type]


@pytest.fixture
def busy() -> Iterator[int]:
    """A port on which somebody else listens."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield int(other.getsockname()[1])


@pytest.mark.parametrize(("setting", "named"), [("PORT", "PORT"), ("sandbox_port", "GHANTI_SANDBOX_PORT")])
def test_a_port_that_is_taken_is_told_in_one_sentence(setting: str, named: str, busy: int) -> None:
    with pytest.raises(SystemExit) as refused:
        serve_everything(_settings(**{setting: busy}))
    said = str(refused.value.code)
    assert f"cannot have port {busy}: something else listens there already" in said
    assert f"{named}=" in said
    assert "\n" not in said


def test_one_port_for_both_servers_is_refused() -> None:
    port = _free()
    (said,) = port_problems(_settings(PORT=port, sandbox_port=port))
    assert said.startswith(f"The sandbox cannot have port {port}: the web server is to have it.")


def test_a_taken_port_of_the_sandbox_is_nothing_without_a_sandbox(busy: int) -> None:
    assert list(port_problems(_settings(sandbox_port=busy, sandbox=False))) == []


def test_an_address_of_another_machine_is_told() -> None:
    (said,) = port_problems(_settings(host="192.0.2.1"))
    assert "Cannot assign requested address" in said or "assign" in said


def test_the_other_port_that_is_named_is_a_port() -> None:
    port = 65_535
    said = list(port_problems(_settings(PORT=port, sandbox_port=port)))[-1]
    assert "GHANTI_SANDBOX_PORT=64535 " in said


def test_the_printed_line_dials_with_the_number_and_the_code_as_they_are() -> None:
    (line,) = [line for line in welcome(_settings(PORT=8123)).splitlines() if line.startswith("  Dial ")]
    words = shlex.split(line)[1:]
    assert words[:2] == ["curl", "http://127.0.0.1:8123/ussd/africastalking?token=local"]
    after = dict(zip(words[3::2], words[2::2], strict=True))
    assert after["phoneNumber=+919876543210"] == after["serviceCode=*123#"] == "--data-urlencode"
    assert after["text="] == "-d"
    assert "'serviceCode=*123#'" in line


def test_the_printed_line_goes_where_the_server_listens() -> None:
    assert "http://[::1]:8123/ussd/" in welcome(_settings(PORT=8123, host="::"))
    assert "http://127.0.0.1:8123/ussd/" in welcome(_settings(PORT=8123, host="0.0.0.0"))
    assert "http://192.0.2.1:8123/ussd/" in welcome(_settings(PORT=8123, host="192.0.2.1"))


def test_a_child_that_ended_is_named_with_its_status() -> None:
    household = Household({})
    household.start("web", "-c", "raise SystemExit(3)")
    try:
        until = monotonic() + 10
        while not list(household.ended()) and monotonic() < until:
            sleep(0.01)
        assert list(household.ended()) == ["web ended with 3"]
    finally:
        household.stop()


@contextmanager
def _answering(*answers: tuple[int, bytes]) -> Iterator[str]:
    """A server that gives these answers one after another, and the last for ever."""
    left = list(answers)

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = left.pop(0) if len(left) > 1 else left[0]
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing in the test's output."""

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/readyz"
        server.shutdown()


def test_what_is_missing_is_told_once_while_it_is_waited_for(capsys: pytest.CaptureFixture[str]) -> None:
    missing = (503, b'{"missing": ["Redis does not answer."]}')
    with _answering(missing, missing, (200, b"{}")) as url:
        assert wait_until_ready(url, seconds=10)
    assert capsys.readouterr().out == "Not ready yet. Redis does not answer.\n"


def test_nobody_waits_for_what_is_not_alive_any_more() -> None:
    begun = monotonic()
    assert not wait_until_ready(f"http://127.0.0.1:{_free()}/readyz", alive=lambda: False, seconds=30)
    assert monotonic() - begun < 5


@pytest.fixture
def places() -> Path:
    """The post offices that `make setup` builds."""
    return ROOT / "var" / "places.sqlite"


@pytest.fixture
def everything(tmp_path: Path, places: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """`python app.py` in a group of its own, with a folder of its own; and what it prints."""
    with open(tmp_path / "printed", "w") as printed:
        begun = subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=ROOT,
            stdout=printed,
            stderr=printed,
            text=True,
            start_new_session=True,
            env={
                **os.environ,
                "PORT": str(_free()),
                "GHANTI_SANDBOX_PORT": str(_free()),
                "GHANTI_VAR_DIR": str(tmp_path / "var"),
                "GHANTI_CENTRES_FILE": str(tmp_path / "centres.sqlite"),
                "REDIS_URL": "",
            },
        )
    yield begun, tmp_path / "printed"
    if begun.poll() is None:
        begun.kill()
        begun.wait()


def _wait_for(words: str, printed: Path, seconds: float) -> bool:
    until = monotonic() + seconds
    while words not in printed.read_text() and monotonic() < until:
        sleep(0.05)
    return words in printed.read_text()


def _living(folder: Path) -> list[str]:
    """The processes that know this folder from their environment: what was started, and what that started."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder).encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text())
        except OSError:
            continue
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_ctrl_c_ends_everything_that_was_started(everything: tuple[subprocess.Popen[str], Path]) -> None:
    begun, printed = everything
    assert _wait_for("Ghanti is ready.", printed, 30), printed.read_text()
    assert len(_living(printed.parent)) >= 5  # this one, Valkey, the sandbox, web, worker
    os.killpg(begun.pid, signal.SIGINT)
    assert begun.wait(15) == 0
    assert _living(printed.parent) == []
    assert "Traceback" not in printed.read_text()
    assert "started again" not in printed.read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_valkey_that_is_killed_comes_back(everything: tuple[subprocess.Popen[str], Path]) -> None:
    _, printed = everything
    assert _wait_for("Ghanti is ready.", printed, 30), printed.read_text()
    pid_file = printed.parent / "var" / "valkey" / "valkey.pid"
    before = int(pid_file.read_text())
    os.kill(before, signal.SIGKILL)
    until = monotonic() + 10
    while monotonic() < until and (not pid_file.exists() or pid_file.read_text().strip() in ("", str(before))):
        sleep(0.05)
    assert int(pid_file.read_text()) != before
    ready = printed.read_text().partition("curl ")[2].split()[0]
    assert wait_until_ready(ready, seconds=10)
