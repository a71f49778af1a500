"""The fixed keys: the same everywhere, so that a caller learns them once.

Voice: 1-4 options, 5 more, 7 home, 8 back, 9 repeat (again: slower), 0 a person, `*` language, `#` ends input.
Text: 1-9 options, 0 back, 00 home, 01 more, 02 repeat, 05 language, 09 a person.
"""

from collections.abc import Mapping
from types import MappingProxyType

from flows.engine.model import VOICE_CHANNELS

TEXT_KEYS: Mapping[str, str] = MappingProxyType(
    {"0": "back", "00": "home", "01": "more", "02": "repeat", "05": "language", "09": "person"}
)
VOICE_KEYS: Mapping[str, str] = MappingProxyType(
    {"5": "more", "7": "home", "8": "back", "9": "repeat", "0": "person", "*": "language"}
)
KEY_OF: Mapping[bool, Mapping[str, str]] = MappingProxyType(
    {
        True: MappingProxyType({name: key for key, name in VOICE_KEYS.items()}),
        False: MappingProxyType({name: key for key, name in TEXT_KEYS.items()}),
    }
)
"""Voice or not → name of a fixed key → the key."""
TEXT_OPTIONS = 9
"""Options a screen may offer: one digit each, none begins with 0."""
VOICE_OPTIONS = 4
"""Options a voice menu says at once; more follow on 5."""


def is_voice(channel: str) -> bool:
    """Say whether people on this channel listen and press keys instead of reading."""
    return channel in VOICE_CHANNELS


def fixed_key(channel: str, text: str) -> str:
    """Name the fixed key that this input is on this channel, or ""."""
    return (VOICE_KEYS if channel in VOICE_CHANNELS else TEXT_KEYS).get(text, "")


def options_at_once(channel: str) -> int:
    """How many options one prompt of this channel offers."""
    return VOICE_OPTIONS if channel in VOICE_CHANNELS else TEXT_OPTIONS
