import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from bench import node
from flows.engine.values import Name
from services.post import Delivery, Office, OfficeKind


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "peer"
    monkeypatch.setattr(node, "INSTALLED", folder)
    return folder


def npm(folder: Path, code: int, asked: list[Sequence[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    def run(arguments: Sequence[str]) -> "subprocess.CompletedProcess[str]":
        asked.append(arguments)
        (folder / "node_modules").mkdir(exist_ok=True)
        return subprocess.CompletedProcess(arguments, code, "", "no network")

    monkeypatch.setattr(node, "_run", run)


def test_a_machine_without_node_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert node.missing() == "node and npm not found"


def test_the_packages_of_the_lock_file_are_installed_once(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Sequence[str]] = []
    npm(installed, 0, asked, monkeypatch)
    assert (node.install(), node.install()) == ("", "")
    assert [arguments[:2] for arguments in asked] == [["npm", "ci"]]
    assert (installed / "package-lock.json").read_text() == (node.SOURCE / "package-lock.json").read_text()


def test_a_failed_installation_is_told_and_tried_again(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Sequence[str]] = []
    npm(installed, 1, asked, monkeypatch)
    assert node.install() == "npm could not install the peer: no network"
    assert node.install() != ""
    assert len(asked) == 2


def test_the_lock_file_pins_versions_and_names_no_host() -> None:
    lock = json.loads((node.SOURCE / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert {"node_modules/ussd-menu-builder", "node_modules/@redis/client"} <= packages.keys()
    assert all(package["integrity"] and "resolved" not in package for package in packages.values())


def test_the_peer_is_given_the_post_offices(installed: Path) -> None:
    installed.mkdir()
    office = Office("1", Name("Mohan"), OfficeKind.branch, Delivery.yes, Name("Dumka"))
    assert node.command({"814133": (office,)})[0] == "node"
    assert json.loads((installed / "offices.json").read_text()) == {"814133": [["Mohan", "branch", "yes", "Dumka"]]}
