"""Nothing in the repository names the machine that it was written on, or a host that packages were fetched from."""

import re
from pathlib import Path

import pytest

from tests.house.tree import ROOT, files, shown

# Written in pieces, so that this file does not hold what it looks for.
_PLACES = "|".join(
    ("/wo" + "rk/", r"/\.libr" + "ary", "/ro" + "ot/", "/opt/" + "pypi", "/opt/" + "wheels", "/tmp/" + "brief")
)
_HOSTS = "|".join(
    ("pypi" + r"\.org", "python" + r"hosted\.org", r"registry\.np" + r"mjs\.org", r"deb\.deb" + r"ian\.org")
)
_KEYS = "|".join(("BEGIN [A-Z ]*PRIVATE " + "KEY", "AKIA" + "[0-9A-Z]{16}", "ghp_" + "[0-9A-Za-z]{36}"))
LOOKED_FOR = re.compile("|".join((_PLACES, _HOSTS, _KEYS)))
_TEXT = tuple(file for file in files() if file.suffix not in {".png", ".svg", ".bz2", ".sqlite", ".ico", ".woff2"})


@pytest.mark.parametrize("file", _TEXT, ids=shown)
def test_a_file_names_no_machine_and_no_package_host(file: Path) -> None:
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    assert [f"{number}: {line[:100]}" for number, line in enumerate(lines, 1) if LOOKED_FOR.search(line)] == []


def test_no_settings_of_one_machine_are_kept() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert {".env", "var/", ".venv/"} <= set(ignored)
