"""What the callers of the benchmark do: the one place to change when the menus change.

A new caller dials, chooses English, opens the post offices, enters a PIN code and picks the first office: five turns,
as Africa's Talking sends them (form posts with the cumulative text, one input after another joined by `*`).
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import count, cycle

from bench.load import Dialogue, Turn
from bench.wire import form_post

PATH = "/ussd/africastalking"
TOKEN = "local"
"""The door's local default; the floor and the peer look at no token."""
SERVICE_CODE = "*123#"
HINDI, ENGLISH = "1", "2"
POST_OFFICES = "1"
FIRST = "1"
LIST = MORE = "01"
"""What a caller keys to see a long list nine by nine instead of typing letters."""
ONE_MENU = 9
"""A list that is longer is narrowed first."""

_SESSION = "s" * 32
_NUMBER = "n" * 9


def inputs(pin: str) -> tuple[str, ...]:
    """What the caller keys after dialling, one input a turn."""
    return (ENGLISH, POST_OFFICES, pin, FIRST)


def ways(pin: str, names: Sequence[str]) -> list[tuple[str, ...]]:
    """All that callers may key on their way to an office, in either language; a long list has two ways.

    One goes to the second page of the list, the other types the first letters of the name that comes last.
    """
    letters = "".join(letter for letter in names[-1] if letter.isalpha())[:3]
    ends = [(FIRST,)] if len(names) <= ONE_MENU else [(LIST, MORE, FIRST), (letters, FIRST)]
    return [(language, POST_OFFICES, pin, *end) for end in ends for language in (ENGLISH, HINDI)]


def texts(keyed: Sequence[str]) -> tuple[str, ...]:
    """The cumulative text of each turn, the dialling first: "", "2", "2*1" …"""
    return tuple("*".join(keyed[:turns]) for turns in range(len(keyed) + 1))


def rendered(text: str) -> bytes:
    """The request of a turn as a template for `%`: the caller's number twice, as session and as msisdn (+91 9…)."""
    form = {
        "sessionId": f"ATUid_{_SESSION}",
        "serviceCode": SERVICE_CODE,
        "phoneNumber": f"+919{_NUMBER}",
        "networkCode": "40410",
        "text": text,
    }
    request = form_post(f"{PATH}?token={TOKEN}", form)
    return request.replace(b"%", b"%%").replace(_SESSION.encode(), b"%032x").replace(_NUMBER.encode(), b"%09d")


def new_callers() -> Iterator[int]:
    """Numbers of callers who have never dialled in this run: +91 9 and nine digits, all valid Indian mobiles."""
    return count(100_000_000)


def dialogues(answers: Mapping[str, Sequence[bytes | None]], callers: Iterator[int]) -> Iterator[Dialogue]:
    """Whole dialogues for ever, the PIN codes in turn; `answers` are the expected bodies of each PIN code's turns."""
    scripts = [
        [(rendered(text), answer) for text, answer in zip(texts(inputs(pin)), expected, strict=True)]
        for pin, expected in answers.items()
    ]
    for script, caller in zip(cycle(scripts), callers, strict=False):
        yield [Turn(template % (caller, caller), answer) for template, answer in script]
