"""How a typed value is said, by its type: the rules that all languages share; their words are in `languages`."""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType

from flows.engine.values import Scalar
from tts_prompts.values.numbers import cardinal, tens, year
from tts_prompts.values.pieces import PAUSE, Piece, filled, fixed
from tts_prompts.values.spelling import end_of, one_by_one
from tts_prompts.values.tables import Counted, Table, table

Value = Scalar | Decimal
"""What can be said. A Decimal is a measure with a fraction: 2.5 kilometres."""


def spoken(kind: str, value: Value, language: str) -> tuple[Piece, ...]:
    """The value as the pieces that a voice says, by its type.

    The types are those of `flows.engine.values`, with `Masked` (the end of a number that is kept secret) and `yes_no`.
    Enumerations are worded elsewhere. Raises ValueError for a type that is not among them or does not go with the
    value, KeyError for a language without words.
    """
    words = table(language)
    match kind, value:
        case _, bool():
            raise _no_words(kind)
        case "datetime", datetime():
            return (*_day(value, words), PAUSE, *_time(value, words))
        case "date", date():
            return _day(value, words)
        case _, int() if kind in _NUMBERS:
            return _NUMBERS[kind](Decimal(value), words)
        case _, Decimal() if kind in _MEASURES and value.is_finite():
            return _NUMBERS[kind](value, words)
        case _, str() if kind in _TEXTS:
            return _TEXTS[kind](value, words)
        case _:
            raise _no_words(kind)


def _no_words(kind: str) -> ValueError:
    return ValueError(f"no words for a value of type {kind}")


def _day(value: date, words: Table) -> tuple[Piece, ...]:
    day = (words.days[value.day - 1],) if words.days else cardinal(value.day, words.number)
    return fixed((*day, words.months[value.month - 1], *year(value.year, words.number)))


def _time(value: datetime, words: Table) -> tuple[Piece, ...]:
    """Of the twelve-hour clock, with the part of the day: nobody says twenty-two hours."""
    part = [name for begins, name in words.parts if begins <= value.hour][-1]
    hours = words.hours_before_minutes if value.minute else words.hours
    holes = {"part": fixed([part]), "hour": fixed([hours[(value.hour - 1) % 12]])}
    if not value.minute:
        return filled(words.on_the_hour, holes)
    number = words.number
    minute = tens(value.minute, number) if number.oh else cardinal(value.minute, number, thing=True)
    holes |= {"minute": fixed(minute), "minutes": fixed([_form(value.minute, words.minute, words)])}
    return filled(words.past_the_hour, holes)


def _number(value: Decimal, words: Table, thing: bool = False) -> tuple[Piece, ...]:
    """A number from nought on; the digits behind the point one by one, without noughts at the end."""
    whole = int(value)
    digits = f"{value - whole:f}".partition(".")[2].rstrip("0")
    if not digits:
        return fixed(cardinal(whole, words.number, thing=thing))
    said = [*cardinal(whole, words.number), words.point]
    return fixed([*said, *(piece for digit in digits for piece in words.number.numbers[int(digit)])])


def _form(number: Decimal | int, thing: Counted, words: Table) -> str:
    return thing.one if number in words.singular else thing.other


def _counted(value: Decimal, thing: Counted, words: Table) -> tuple[Piece, ...]:
    return (*_number(value, words, thing=True), Piece(_form(value, thing, words)))


def _amount(paise: Decimal, words: Table) -> tuple[Piece, ...]:
    """Rupees and paise; noughts are not said where there is the other."""
    whole, rest = divmod(paise, 100)
    rupees = _counted(whole, words.rupee, words) if whole or not rest else ()
    return (*rupees, *_counted(rest, words.paisa, words)) if rest else rupees


def _signed(say: Callable[[Decimal, Table], tuple[Piece, ...]]) -> Callable[[Decimal, Table], tuple[Piece, ...]]:
    def said(value: Decimal, words: Table) -> tuple[Piece, ...]:
        return (Piece(words.minus), *say(-value, words)) if value < 0 else say(value, words)

    return said


def _degrees(value: Decimal, words: Table) -> tuple[Piece, ...]:
    said = _counted(abs(value), words.degree, words)
    return filled(words.below_zero, {"value": said}) if value < 0 else said


def _masked(text: str, words: Table) -> tuple[Piece, ...]:
    end = one_by_one("Digits", end_of(text), words)
    return filled(words.ending, {"digits": end}) if end else fixed([words.secret])


def _free(text: str, words: Table) -> tuple[Piece, ...]:
    said = unicodedata.normalize("NFC", text).strip()
    return (Piece(said, fixed=False),) if said else ()


_NUMBERS: Mapping[str, Callable[[Decimal, Table], tuple[Piece, ...]]] = MappingProxyType(
    {
        "Count": _signed(_number),
        "Paise": _signed(_amount),
        "Kilometres": _signed(lambda value, words: _counted(value, words.kilometre, words)),
        "Celsius": _degrees,
    }
)
_MEASURES = frozenset({"Kilometres", "Celsius"})
_ONE_BY_ONE = ("Pincode", "Digits", "Identifier", "Mobile", "Phone", "Letters")


def _spelling(kind: str) -> Callable[[str, Table], tuple[Piece, ...]]:
    return lambda text, words: one_by_one(kind, text, words)


_TEXTS: Mapping[str, Callable[[str, Table], tuple[Piece, ...]]] = MappingProxyType(
    {
        **{kind: _spelling(kind) for kind in _ONE_BY_ONE},
        **dict.fromkeys(("Name", "Words"), _free),
        "Pin": lambda text, words: fixed([words.secret]),
        "Masked": _masked,
        "yes_no": lambda text, words: fixed([words.yes if text == "yes" else words.no]),
    }
)
