"""The fields that only SMS has: a text, the aggregator's name of it, our task. Raises `Unfit`."""

import re
from collections.abc import Mapping
from typing import Any

from wire.fields import Unfit, given

MOST_TEXT = 1600
"""Characters of an incoming text that are read at most: ten parts of plain GSM-7, which no keyword needs."""

_LONGEST_NAME = 128
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_TASK = re.compile("[1-9][0-9]{0,17}")


def identifier(fields: dict[str, Any], field: str, wanted: str) -> str:
    """The aggregator's id of a text."""
    value = given(fields, field, wanted)
    if not 0 < len(value) <= _LONGEST_NAME or not value.isprintable() or value.isspace():
        raise Unfit(400, f"The field {field} must have 1 to {_LONGEST_NAME} printable characters.")
    return value


def task(fields: dict[str, Any], field: str, wanted: str) -> int:
    """The number of our own that a report brings back."""
    value = given(fields, field, wanted)
    if not _TASK.fullmatch(value):
        raise Unfit(400, f"The field {field} must be the number that we gave.")
    return int(value)


def text(fields: dict[str, Any], field: str, wanted: str) -> str:
    """What somebody wrote; control characters are spaces, for a text must not go unanswered because of one."""
    value = given(fields, field, wanted)
    if len(value) > MOST_TEXT:
        raise Unfit(413, f"The field {field} has more than {MOST_TEXT} characters.")
    return _UNPRINTABLE.sub(" ", value)


def named(fields: Mapping[str, Any], name: str) -> str:
    """A name that the aggregator gave, of 1 to 128 printable characters; "" when there is none."""
    value = fields.get(name)
    return value if isinstance(value, str) and len(value) <= _LONGEST_NAME and value.isprintable() else ""


def detail(*words: object) -> str:
    """The aggregator's own words for what became of a text, as far as they are short and printable."""
    said = " ".join(word for word in words if isinstance(word, str) and word)
    return said[:80] if said.isprintable() else ""
