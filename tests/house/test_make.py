"""`make run` and `make test` do everything by themselves, and continuous integration does no more and no less."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT


def _plan(target: str) -> str:
    """What make would do from nothing, without doing it."""
    asked = ["make", "--dry-run", "--always-make", f"PYTHON={sys.executable}", target]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True, env=clean).stdout


def test_run_makes_the_environment_and_the_data_first() -> None:
    plan = _plan("run")
    steps = ["-m venv .venv", "--require-hashes -r requirements.txt", "services.build_places", "python app.py"]
    assert [plan.find(step) for step in steps] == sorted(plan.find(step) for step in steps)
    assert plan.find(steps[0]) >= 0


def test_run_installs_nothing_from_debian() -> None:
    assert "apt-get" not in _plan("run")


@pytest.mark.parametrize(
    "step",
    [
        "--require-hashes -r requirements.txt",
        "--require-hashes -r requirements-dev.txt",
        "ruff check .",
        "ruff format --check .",
        "bin/mypy",
        "bin/lint-imports",
        "-m flows check",
        "-m pytest -n auto",
    ],
)
def test_test_runs_every_check(step: str) -> None:
    assert step in _plan("test")


def test_nothing_is_installed_without_its_hash() -> None:
    installs = re.findall(r"^.*pip .*\binstall\b.*$", _plan("test"), re.MULTILINE)
    assert len(installs) == 3
    assert all("--require-hashes" in line for line in installs)


def test_continuous_integration_runs_make_test() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").rstrip().endswith("exec make test")


SKIPPING = """
import pytest
@pytest.mark.skip(reason="no such thing here")
def test_skipped(): ...
@pytest.mark.xfail(strict=True)
def test_expected(): assert False
def test_passed(): ...
"""


def _pytest(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_one.py").write_text(SKIPPING)
    asked = [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", str(folder), "-p", "no:cacheprovider"]
    return subprocess.run([*asked, *more, str(folder)], cwd=ROOT, capture_output=True, text=True)


def test_a_skipped_test_passes_where_not_everything_can_be_installed(tmp_path: Path) -> None:
    assert _pytest(tmp_path).returncode == 0


def test_a_skipped_test_fails_where_everything_can_be_installed(tmp_path: Path) -> None:
    run = _pytest(tmp_path, "-p", "tests.house.no_skips")
    assert run.returncode == 1
    assert "1 passed, 1 xfailed, 1 error" in run.stdout
    assert "no such thing here" in run.stdout
