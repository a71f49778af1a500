import sys
from collections import Counter
from pathlib import Path

import pytest

from bench import __main__ as command
from bench import places
from bench.load import Load
from bench.turns import WrongAnswer, sound


def test_a_load_without_a_fault_passes() -> None:
    load = Load(statuses=Counter({200: 5}))
    assert sound("ghanti", load) is load


@pytest.mark.parametrize(
    "load",
    [Load(statuses=Counter({200: 5}), wrong=1, first_wrong=b"END \xff"), Load(statuses=Counter({200: 5, 500: 1}))],
)
def test_one_wrong_answer_or_refusal_fails_the_run(load: Load) -> None:
    with pytest.raises(WrongAnswer, match="ghanti"):
        sound("ghanti", load)


def test_what_hinders_a_run_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["bench", "turns", "--json", "figures.json"])
    assert not places.BUILT.exists()
    assert command.main() == 1
    assert "make setup" in capsys.readouterr().err
    assert not Path("figures.json").exists()


@pytest.mark.parametrize("wrong", [["--rounds", "0"], ["--seconds", "0"]])
def test_a_run_of_nothing_is_refused(wrong: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", "turns", *wrong])
    with pytest.raises(SystemExit):
        command.main()
