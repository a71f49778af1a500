"""How a typed value is shown on a screen and read out in a language: amounts, days, distances, numbers digit by digit.

Digits are always 0-9, since those are the keys. Numbers are grouped as India groups them: 1,23,45,678.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from flows.engine.values import WIDTHS, Scalar


@dataclass(frozen=True, slots=True)
class Counted:
    """A thing that is counted, in its CLDR plural forms; `{n}` is the number."""

    one: str
    other: str


@dataclass(frozen=True, slots=True)
class ScreenForms:
    """How values stand on a screen: patterns with the names given here in braces, `months` from January on."""

    months: tuple[str, ...]
    day: str
    """{day} {month} {year}"""
    moment: str
    """{day} {time}"""
    amount: str
    """{n}, a number of rupees"""
    kilometres: str
    """{n}"""
    celsius: str
    """{n}"""
    yes: str
    no: str


@dataclass(frozen=True, slots=True)
class VoiceForms:
    """How values are read out: patterns with the names given here in braces, `months` from January on."""

    months: tuple[str, ...]
    day: str
    """{day} {month} {year}"""
    moment: str
    """{day} {hours} {minutes}"""
    hours: Counted
    minutes: Counted
    amount: str
    """{rupees} {paise}, where there are both"""
    rupees: Counted
    paise: Counted
    kilometres: Counted
    degrees: Counted
    below_zero: str
    """{value}, a temperature in degrees"""
    minus: str
    """{value}, any other number below nought"""
    plus: str
    ending: str
    """{digits}, the last of a number that is kept secret"""
    secret: str
    yes: str
    no: str


@dataclass(frozen=True, slots=True)
class LanguageForms:
    """The forms of one language; `plural` gives the CLDR plural form of a whole number, `one` or `other`."""

    screen: ScreenForms
    voice: VoiceForms
    plural: Callable[[int], str]


LAST_SHOWN = 4
"""How many digits at the end of a masked number are ever shown."""
_STARS = "****"
_APART = re.compile(r"(?:[^\w+]|_)+")
_MOBILE = re.compile(r"[6-9][0-9]{9}").fullmatch


def shown(kind: str, value: Scalar, forms: LanguageForms) -> str:
    """The value as a screen shows it, by its type. Raises ValueError for a type without a form (an enumeration)."""
    screen = forms.screen
    match kind, value:
        case "datetime", datetime():
            return screen.moment.format(day=_day(value, screen), time=f"{value:%H:%M}")
        case "date", date():
            return _day(value, screen)
        case _, int() if kind in _NUMBERS_SHOWN:
            return _NUMBERS_SHOWN[kind](value, screen)
        case _, str() if kind in _TEXTS_SHOWN:
            return _TEXTS_SHOWN[kind](value, screen)
        case _:
            raise _no_form(kind)


def read_out(kind: str, value: Scalar, forms: LanguageForms) -> str:
    """The value in words for a voice, by its type. Raises ValueError for a type without a form (an enumeration)."""
    voice = forms.voice
    match kind, value:
        case "datetime", datetime():
            hours, minutes = _counted(value.hour, voice.hours, forms), _counted(value.minute, voice.minutes, forms)
            return voice.moment.format(day=_day(value, voice), hours=hours, minutes=minutes)
        case "date", date():
            return _day(value, voice)
        case _, int() if kind in _NUMBERS_READ:
            return _NUMBERS_READ[kind](value, forms)
        case _, str() if kind in _TEXTS_READ:
            return _TEXTS_READ[kind](value, voice)
        case _:
            raise _no_form(kind)


def widest(kind: str, forms: LanguageForms) -> str:
    """A value of this type that takes the most room on a screen in this language: the linter's worst case.

    Raises ValueError for a type without a form.
    """
    match kind:
        case "date":
            samples = [shown(kind, date(2026, month, 28), forms) for month in range(1, 13)]
        case "datetime":
            samples = [shown(kind, datetime(2026, month, 28, 22, 58), forms) for month in range(1, 13)]
        case "yes_no":
            samples = [forms.screen.yes, forms.screen.no]
        case _ if kind in _WIDEST_NUMBERS:
            samples = [shown(kind, _WIDEST_NUMBERS[kind], forms)]
        case _:
            samples = [shown(kind, "0" * WIDTHS.get(kind, WIDTHS["Digits"]), forms)]
    return max(samples, key=len)


def grouped(number: int) -> str:
    """A whole number in thousands, lakhs and crores: 1,23,45,678."""
    if -1000 < number < 1000:
        return str(number)
    thousands, rest = divmod(abs(number), 1000)
    text = f"{rest:03}"
    while thousands >= 100:
        thousands, pair = divmod(thousands, 100)
        text = f"{pair:02},{text}"
    return f"{'-' if number < 0 else ''}{thousands},{text}"


def _no_form(kind: str) -> ValueError:
    return ValueError(f"no form for a value of type {kind}")


def _day(value: date, forms: ScreenForms | VoiceForms) -> str:
    return forms.day.format(day=value.day, month=forms.months[value.month - 1], year=value.year)


def _amount(paise: int, screen: ScreenForms) -> str:
    rupees, rest = divmod(abs(paise), 100)
    number = f"{grouped(rupees)}.{rest:02}" if rest else grouped(rupees)
    return screen.amount.format(n=f"-{number}" if paise < 0 else number)


def _masked(value: str) -> str:
    """The end of a number: at most its last four digits, and never more than half of it."""
    return value[len(value) - min(LAST_SHOWN, len(value) // 2) :]


_NUMBERS_SHOWN: Mapping[str, Callable[[int, ScreenForms], str]] = MappingProxyType(
    {
        "Count": lambda number, screen: grouped(number),
        "Paise": _amount,
        "Kilometres": lambda number, screen: screen.kilometres.format(n=grouped(number)),
        "Celsius": lambda number, screen: screen.celsius.format(n=number),
    }
)
_TEXTS_SHOWN: Mapping[str, Callable[[str, ScreenForms], str]] = MappingProxyType(
    {
        **dict.fromkeys(
            ("Pincode", "Digits", "Identifier", "Mobile", "Phone", "Name", "Words", "Letters"),
            lambda text, screen: text,
        ),
        "Pin": lambda text, screen: _STARS,
        "Masked": lambda text, screen: f"{_STARS}{_masked(text)}",
        "yes_no": lambda text, screen: screen.yes if text == "yes" else screen.no,
    }
)
_WIDEST_NUMBERS = {"Count": 99_99_999, "Paise": -99_99_999_99, "Kilometres": 9_999, "Celsius": -40}


def _counted(number: int, thing: Counted, forms: LanguageForms) -> str:
    pattern = thing.one if forms.plural(number) == "one" else thing.other
    return pattern.format(n=grouped(number))


def _signed(number: int, forms: LanguageForms, below: str, read: Callable[[int], str]) -> str:
    return below.format(value=read(-number)) if number < 0 else read(number)


def _amount_read(paise: int, forms: LanguageForms) -> str:
    whole, rest = divmod(paise, 100)
    rupees, small = _counted(whole, forms.voice.rupees, forms), _counted(rest, forms.voice.paise, forms)
    if whole and rest:
        return forms.voice.amount.format(rupees=rupees, paise=small)
    return small if rest else rupees


def _spelled(text: str, voice: VoiceForms, size: int = 4) -> str:
    """Each character by itself, a pause after so many and wherever there is a separator."""
    parts = [part[i : i + size] for part in _APART.split(text) for i in range(0, len(part), size)]
    return ", ".join(" ".join(voice.plus if c == "+" else c for c in part) for part in parts)


def _masked_read(text: str, voice: VoiceForms) -> str:
    end = _masked(text)
    return voice.ending.format(digits=_spelled(end, voice)) if end else voice.secret


_NUMBERS_READ: Mapping[str, Callable[[int, LanguageForms], str]] = MappingProxyType(
    {
        "Count": lambda number, forms: _signed(number, forms, forms.voice.minus, grouped),
        "Paise": lambda number, forms: _signed(number, forms, forms.voice.minus, lambda n: _amount_read(n, forms)),
        "Kilometres": lambda number, forms: _signed(
            number, forms, forms.voice.minus, lambda n: _counted(n, forms.voice.kilometres, forms)
        ),
        "Celsius": lambda number, forms: _signed(
            number, forms, forms.voice.below_zero, lambda n: _counted(n, forms.voice.degrees, forms)
        ),
    }
)
_TEXTS_READ: Mapping[str, Callable[[str, VoiceForms], str]] = MappingProxyType(
    {
        "Pincode": lambda text, voice: _spelled(text, voice, 3),
        "Mobile": lambda text, voice: _spelled(text, voice, 5),
        "Phone": lambda text, voice: _spelled(text, voice, 5 if _MOBILE(text) else 4),
        **dict.fromkeys(("Digits", "Identifier", "Letters"), _spelled),
        **dict.fromkeys(("Name", "Words"), lambda text, voice: text),
        "Pin": lambda text, voice: voice.secret,
        "Masked": _masked_read,
        "yes_no": lambda text, voice: voice.yes if text == "yes" else voice.no,
    }
)
