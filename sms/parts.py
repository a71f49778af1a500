"""How many SMS a text takes, how much room is left, and how a name is made shorter.

A text alone has 160 GSM-7 septets or 70 UTF-16 units. A longer one is sent in parts of 153 or 67, because each begins
with a header of 6 octets (3GPP TS 23.040, section 9.2.3.24.1). A character of two septets or two units is never split
between parts.
"""

import regex

from wire.gsm7 import SEPTETS, septets, units

MOST_PARTS = 2
"""What a text of ours may take: each part is paid for, and arrives by itself."""
GSM7_ALONE, GSM7_PART = 160, 153
UCS2_ALONE, UCS2_PART = 70, 67

_LETTER = regex.compile(r"\X(?:(?<=\p{ccc=9}[\u200c\u200d]?)(?!\s)\X)*")
"""A grapheme cluster, and with a virama at its end the next one: some scripts' conjuncts are two (UAX #29, GB9c)."""


def parts(text: str) -> int:
    """How many SMS the text takes; 1 for an empty one."""
    gsm7 = septets(text)
    alone = gsm7 <= GSM7_ALONE if gsm7 is not None else units(text) <= UCS2_ALONE
    return 1 if alone else len(_packed(text, gsm7 is not None))


def room(text: str, most: int = MOST_PARTS) -> int:
    """How many septets (or UTF-16 units, where the text is not GSM-7) may follow within `most` parts; below 0 for none.

    `most` is 2 or more: a text that is alone may grow into parts.
    """
    gsm7 = septets(text) is not None
    packed = _packed(text, gsm7)
    size = GSM7_PART if gsm7 else UCS2_PART
    return (most - len(packed)) * size + size - packed[-1]


def shortened(name: str, most: int) -> str:
    """The name on one line in at most so many characters, cut between letters; a full stop says that it was cut."""
    name = " ".join(name.split())
    if len(name) <= most:
        return name
    end = 0
    for letter in _LETTER.finditer(name):
        if letter.end() > most - 1:
            break
        end = letter.end()
    return name[: end or most - 1].rstrip(" ,.;:-(") + "."


def _packed(text: str, gsm7: bool) -> list[int]:
    """What each part holds, in septets or units."""
    size = GSM7_PART if gsm7 else UCS2_PART
    packed = [0]
    for character in text:
        width = SEPTETS[character] if gsm7 else 1 + (character > "\uffff")
        if packed[-1] + width > size:
            packed.append(0)
        packed[-1] += width
    return packed
