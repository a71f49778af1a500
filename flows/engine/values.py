"""The value types that a service may take and return: what a thing *is* decides how it is shown and spoken.

Operations annotate their parameters and outcome fields with these names; the linter and the renderers read the
annotations. An annotation outside this list (or a `StrEnum`, a tuple of records) is refused when operations are
registered.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import NewType

Pincode = NewType("Pincode", str)
"""Six digits, first not 0 (India Post). Read out digit by digit."""
Digits = NewType("Digits", str)
"""An identifier of digits only. Read out digit by digit in groups."""
Identifier = NewType("Identifier", str)
"""An identifier of letters and digits (a booking number). Spelled out."""
Mobile = NewType("Mobile", str)
"""Ten digits of an Indian mobile number, without +91. Read in groups 5 + 5."""
Phone = NewType("Phone", str)
"""A telephone number to ring, as it is dialled. Read digit by digit."""
Name = NewType("Name", str)
"""The name of a person, place or body: shown as it stands, rendered by a voice when needed. At most 60 characters."""
Words = NewType("Words", str)
"""Free text that a caller typed. At most 60 characters."""
Letters = NewType("Letters", str)
"""Keypad letters: upper-case A–Z as typed, or digits 2–9 as keyed."""
Pin = NewType("Pin", str)
"""A secret PIN or OTP of digits: never shown, spoken, logged."""
Count = NewType("Count", int)
"""A whole number of things."""
Paise = NewType("Paise", int)
"""An amount of money in paise (1/100 rupee)."""
Kilometres = NewType("Kilometres", int)
"""A distance in whole kilometres."""
Celsius = NewType("Celsius", int)
"""A temperature in whole degrees Celsius."""

Day = date
"""A calendar day, without a time."""
Moment = datetime
"""A day and a time in India Standard Time."""

WIDTHS: dict[str, int] = {
    "Pincode": 6,
    "Digits": 20,
    "Identifier": 20,
    "Mobile": 10,
    "Phone": 14,
    "Name": 60,
    "Words": 60,
    "Letters": 20,
    "Pin": 6,
    "Count": 9,
    "Paise": 16,
    "Kilometres": 8,
    "Celsius": 5,
    "date": 14,
    "datetime": 20,
}
"""Every value type and its widest form on a screen, in characters: the linter's worst case."""


def exit_name(outcome: type) -> str:
    """The exit that an outcome's class stands for: `UnknownPin` is `unknown_pin`."""
    return _snake(outcome.__name__)


@cache
def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


@dataclass(frozen=True, slots=True)
class Unavailable:
    """The outcome any operation may have: its service is down, refused us, or answered nonsense."""


@dataclass(frozen=True, slots=True)
class TimedOut:
    """The outcome any operation may have: its service did not answer within the operation's deadline."""


Scalar = str | int | date | datetime
"""What a field may hold at run time (an enumeration member is a `str`)."""
