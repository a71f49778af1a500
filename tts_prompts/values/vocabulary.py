"""Every fixed piece of a language: what must be recorded or rendered ahead, so that any value can be said."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from tts_prompts.values.spoken import Value, spoken

_LAKH, _CRORE = 100_000, 10_000_000


@cache
def vocabulary(language: str) -> tuple[str, ...]:
    """The texts, each once, in the order of first use. Raises KeyError for a language without words.

    They are gathered by saying enough values, so nothing is in the list that no value needs.
    """
    pieces = (piece for kind, value in _values() for piece in spoken(kind, value, language))
    return tuple(dict.fromkeys(piece.text for piece in pieces if piece.fixed and piece.text))


def _values() -> Iterator[tuple[str, Value]]:
    """Values that between them use every word of every rule."""
    for number in _numbers():
        yield "Count", number
        yield "Paise", number * 100
        yield "Kilometres", number
    yield from (("Paise", paise) for paise in range(100))
    yield from (("Celsius", degrees) for degrees in range(-60, 61))
    yield "Kilometres", -1
    for month in range(1, 13):
        yield "date", date(2026, month, 1)
    yield from (("date", date(2026, 1, day)) for day in range(1, 32))
    for century in range(1100, 2200, 100):
        yield from (("date", date(century + rest, 1, 1)) for rest in (0, 1, 26))
    yield from (("datetime", datetime(2026, 1, 1, hour, minute)) for hour in range(24) for minute in (0, 1, 59))
    yield from (("datetime", datetime(2026, 1, 1, 1, minute)) for minute in range(60))
    yield "Letters", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    yield from (("Phone", "+1"), ("Masked", "1234"), ("Pin", "1"), ("yes_no", "yes"), ("yes_no", "no"))
    yield "Kilometres", Decimal("1.5")


def _numbers() -> Iterator[int]:
    """Every number below a hundred, and every larger word alone, before a number and after a number."""
    yield from range(100)
    for scale, most in ((100, 9), (1_000, 99), (_LAKH, 99), (_CRORE, 99)):
        for count in range(1, most + 1):
            yield from (count * scale, count * scale + 1)
    yield from (_CRORE * hundreds for hundreds in range(100, 1_000, 100))
    yield from (_CRORE * thousands for thousands in range(1_000, _LAKH, 1_000))
    for scale in (_LAKH, _CRORE):
        yield from (_CRORE * scale * count + rest for count in (1, 2) for rest in (0, 1, scale, _CRORE))
