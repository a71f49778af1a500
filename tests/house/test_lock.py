"""What is installed is what was locked: exact versions, with hashes, under licences that this project can live with."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata

import pytest

from tests.house.tree import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-data.txt")


def pinned(lock: str) -> dict[str, str]:
    """Package → version in a lock file."""
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))


def _declared(lines: list[str]) -> set[str]:
    return {re.split(r"[<>=\[; ]", line)[0].lower() for line in lines}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_an_exact_version_and_a_hash(lock: str) -> None:
    text = re.sub(r"#.*", "", (ROOT / lock).read_text(encoding="utf-8")).replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip()]
    assert lines
    assert [
        line[:60] for line in lines if not re.fullmatch(r"[a-z0-9._-]+==\S+(\s+--hash=sha256:[0-9a-f]{64})+\s*", line)
    ] == []


def test_everything_that_the_project_declares_is_locked() -> None:
    assert _declared(PROJECT["dependencies"]) <= pinned("requirements.txt").keys()
    assert _declared(PROJECT["optional-dependencies"]["dev"]) <= pinned("requirements-dev.txt").keys()


def test_the_tests_run_on_the_versions_that_are_served() -> None:
    assert pinned("requirements.txt").items() <= pinned("requirements-dev.txt").items()


def _licence(package: str) -> str:
    about = metadata(package)
    texts = [*about.get_all("License-Expression", []), *about.get_all("License", []), *about.get_all("Classifier", [])]
    return " ".join(text[:80] for text in texts)


@pytest.mark.parametrize("package", sorted({**pinned("requirements.txt"), **pinned("requirements-data.txt")}))
def test_nothing_that_is_served_is_under_a_licence_that_binds_us(package: str) -> None:
    try:
        licence = _licence(package)
    except PackageNotFoundError:
        pytest.fail(f"{package} is locked and not installed: make setup")
    assert not re.search(r"\b[AL]?GPL|General Public|Server Side Public|Business Source", licence)
