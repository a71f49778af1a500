"""`python -m flows`: what a flow writer, a translator and a tester type."""

import subprocess
import sys
from pathlib import Path

import pytest

from flows.library import FLOWS


def flows(*arguments: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "flows", *arguments],
        input=typed,
        capture_output=True,
        text=True,
        cwd=FLOWS.parent,
        timeout=50,
        check=False,
    )


def test_check_is_clean_and_prints_what_an_answer_costs() -> None:
    done = flows("check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "flows in 2 languages: clean." in done.stdout
    row = next(line.split() for line in done.stdout.splitlines() if line.startswith("post_offices       ussd     en"))
    assert row[3] == "2"


@pytest.mark.parametrize(
    ("channel", "letters", "told"),
    [("ussd", "gpo", "New Delhi GPO, Head Office."), ("ivr", "476", "Delivers letters: yes.")],
)
def test_play_is_a_conversation(channel: str, letters: str, told: str) -> None:
    typed = f"110001\n{letters}\n1\n"
    done = flows("play", "13", "--channel", channel, "--language", "en", typed=typed)
    assert done.returncode == 0 and told in done.stdout, done.stdout + done.stderr


def test_play_knows_what_there_is() -> None:
    assert "There is no flow nonsense." in flows("play", "nonsense").stderr
    assert "There is no language xx." in flows("play", "--language", "xx").stderr


def test_draw_writes_mermaid_and_svg(tmp_path: Path) -> None:
    assert flows("draw", "post_offices").stdout.startswith("flowchart TD")
    picture = tmp_path / "flow.svg"
    assert flows("draw", "post_offices", "--svg", str(picture)).returncode == 0
    assert picture.read_text(encoding="utf-8").startswith("<svg")
    assert flows("draw", "nonsense").returncode == 2


def test_words_reports_each_language() -> None:
    told = flows("words").stdout
    assert "hi       screen  100 %" in told and "hi       voice   100 %" in told


def test_schema_is_json() -> None:
    assert flows("schema").stdout.startswith("{")
