"""Every transcript of this folder, replayed on the real channel code; `pytest --rewrite` writes them anew."""

from pathlib import Path

import pytest

from tests.conversation import Conversation

HERE = Path(__file__).parent
TRANSCRIPTS = sorted(HERE.rglob("*.txt"))


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.relative_to(HERE).with_suffix("").as_posix())
def test_the_conversation_goes_as_written(
    path: Path, conversation: Conversation, request: pytest.FixtureRequest
) -> None:
    written = path.read_text(encoding="utf-8")
    told = conversation.replay(written)
    if request.config.getoption("--rewrite"):
        path.write_text(told, encoding="utf-8")
    else:
        assert told == written
