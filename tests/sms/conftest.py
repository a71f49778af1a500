"""Tests of the SMS door have the whole house of the transcripts, and the records of both databases."""

import pytest

from tests.conversation import Conversation
from tests.sms.texting import Texting
from tests.transcripts.conftest import centres as centres
from tests.transcripts.conftest import conversation as conversation
from tests.transcripts.conftest import sandbox as sandbox


@pytest.fixture
def texting(conversation: Conversation) -> Texting:
    """A phone whose texts are kept instead of sent."""
    return Texting(conversation)
