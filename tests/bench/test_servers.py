import os
import sys
from pathlib import Path

import pytest

from bench.servers import cores, free_port, process, rss_mb, server

PYTHON = [sys.executable, "-c"]


def test_a_server_is_up_when_it_answers_and_gone_afterwards(tmp_path: Path) -> None:
    port = free_port()
    (tmp_path / "readyz").write_text("ready")
    command = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "--directory", str(tmp_path), str(port)]
    with server(command, port, {}, None, tmp_path / "log") as up:
        assert up.port == port
        assert 0 < up.start_s < 30
        memory = rss_mb(up.pid)
    assert memory is None or 1 < memory < 500
    with pytest.raises(ProcessLookupError):
        os.kill(up.pid, 0)


def test_a_server_that_ends_at_once_is_told_with_its_last_words(tmp_path: Path) -> None:
    command = [*PYTHON, "raise SystemExit('no such setting')"]
    with pytest.raises(RuntimeError, match="no such setting"), server(command, free_port(), {}, None, tmp_path / "log"):
        pass


def test_a_process_gets_its_environment_and_its_core(tmp_path: Path) -> None:
    core, _ = cores()
    told = "import os; print(os.environ['SAID'], os.sched_getaffinity(0) if hasattr(os, 'sched_getaffinity') else '')"
    with process([*PYTHON, told], {"SAID": "hello"}, core, tmp_path / "log") as child:
        child.wait(20)
    said = (tmp_path / "log").read_text().strip()
    assert said == f"hello {{{core}}}" or (core is None and said.startswith("hello"))
