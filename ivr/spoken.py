"""A sentence for a provider's own voice: nothing that XML cannot hold, and in pieces that the provider takes."""

import re
import textwrap

MOST_CHARACTERS = 500
"""Of one piece: what Twilio's voices take of an Indian script in the worst case."""

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def pieces(text: str) -> tuple[str, ...]:
    """The sentence in pieces of at most 500 characters, cut between words; runs of white space are one space."""
    return tuple(textwrap.wrap(_NOT_IN_XML.sub(" ", text), MOST_CHARACTERS, break_on_hyphens=False))
