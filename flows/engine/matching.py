"""What was typed, as the canonical string of a grammar, or None where it is no match.

Each function takes the text and the day on which it was typed. Separators are taken as people write them: spaces,
hyphens, dots and slashes between digits, commas in amounts, an idle `#` at the end.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime

from flows.engine import scripts
from flows.engine.keypad import folded
from flows.engine.scripts import ascii_digits

Match = Callable[[str, date], str | None]

_PINCODE = re.compile(r"[1-9][0-9]{5}").fullmatch
_MOBILE = re.compile(r"(?:\+91|0091|91|0)?([6-9][0-9]{9})").fullmatch
_NUMBER = re.compile(r"[0-9]+(?:[\s./-]+[0-9]+)*").fullmatch
_NUMBERS = re.compile(r"[0-9]{1,14}(?:[\s./:*,T-]+[0-9]{1,14})*").fullmatch
_GAPS = re.compile(r"[\s./-]+")
_DIGITS = re.compile(r"[0-9]+")
_AMOUNT = re.compile(
    r"(?:(?:rs|inr|₹|रु|रू)\.? ?)?"
    r"([1-9][0-9]{0,2}(?:[, ][0-9]{2,3})*[, ][0-9]{3}|[1-9][0-9]{0,8})(?:\.([0-9]{0,2}))?"
    r"(?: ?(?:rs|rupees?|रुपये|रुपए|रु|/-)\.?)?",
    re.IGNORECASE,
).fullmatch
_LETTERS = re.compile(r"[A-Z]+|[2-9]+").fullmatch
_BETWEEN_LETTERS = re.compile(r"[\s.'-]+")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\uf8ff\ufff0-\uffff]")

_YEARS = range(1900, 2100)
_YEARS_AHEAD = 1
"""A year of two digits is at most so far ahead: people key their births far more often than distant days to come."""


def pincode(text: str, today: date) -> str | None:
    """Six digits, the first not 0 (India Post)."""
    if _PINCODE(text):
        return text
    digits = _run(text)
    return digits if _PINCODE(digits) else None


def digits(fewest: int, most: int) -> Match:
    """Make the match for so many digits."""

    def match(text: str, today: date) -> str | None:
        if not (text.isascii() and text.isdigit()):
            text = _run(text)
        return text if fewest <= len(text) <= most else None

    return match


def mobile(text: str, today: date) -> str | None:
    """Ten digits, the first 6 to 9 (DoT, National Numbering Plan), with or without +91, 0091, 91 or 0 before them."""
    number = _MOBILE(text)
    if number is None:
        text = ascii_digits(text).strip()
        number = _MOBILE(f"+{_run(text[1:])}" if text.startswith("+") else _run(text))
    return number[1] if number else None


def day(text: str, today: date) -> str | None:
    """A day that exists, in the order day, month, year; also as ISO 8601 writes it."""
    found, rest = _day(_parts(text), today)
    return found.isoformat() if found and not rest else None


def moment(text: str, today: date) -> str | None:
    """A day and a time in 24 hours, with or without separators and seconds.

    An Aadhaar enrolment slip prints `dd/mm/yyyy hh:mm:ss`; the enrolment number in one piece has `yyyymmddhhmmss`.
    Both are understood, and no text means one day by the first and another by the second.
    """
    parts = _parts(text)
    if len(parts) == 1 and len(parts[0]) in (12, 14):
        parts = [parts[0][:8], parts[0][8:]]
    found, rest = _day(parts, today)
    if found is None or not rest:
        return None
    if len(rest) == 1 and len(rest[0]) in (4, 6):
        rest = [rest[0][i : i + 2] for i in range(0, len(rest[0]), 2)]
    if len(rest) not in (2, 3) or max(map(len, rest)) > 2:
        return None
    hour, minute, second = map(int, (*rest, "0")[:3])
    try:
        return datetime(found.year, found.month, found.day, hour, minute, second).isoformat()
    except ValueError:
        return None


def amount(least: int, most: int) -> Match:
    """Make the match for an amount of money between these whole rupees; its canonical string is in paise."""

    def match(text: str, today: date) -> str | None:
        typed = _AMOUNT(" ".join(ascii_digits(text).split()).rstrip(" #"))
        if typed is None:
            return None
        rupees = int(re.sub("[, ]", "", typed[1]))
        paise = rupees * 100 + int((typed[2] or "").ljust(2, "0"))
        return str(paise) if least * 100 <= paise <= most * 100 else None

    return match


def yes_no(text: str, today: date) -> str | None:
    """A usual spelling of yes or no."""
    return {True: "yes", False: "no", None: None}[scripts.yes_no(text)]


def words(fewest: int, most: int) -> Match:
    """Make the match for free text of so many characters with at least one letter, so never a key or a bare number."""

    def match(text: str, today: date) -> str | None:
        text = " ".join(ascii_digits(text).split()).rstrip(" #")
        if not fewest <= len(text) <= most or _UNSEEN.search(text):
            return None
        return text if any(map(str.isalpha, text)) else None

    return match


def letters(fewest: int, most: int) -> Match:
    """Make the match for the letters A-Z as typed, or the keys 2-9 that they stand on."""

    def match(text: str, today: date) -> str | None:
        text = _BETWEEN_LETTERS.sub("", folded(ascii_digits(text))).rstrip("#").upper()
        return text if fewest <= len(text) <= most and _LETTERS(text) else None

    return match


def _run(text: str) -> str:
    """The digits of a number typed in one piece or in groups, or "" where there is anything else."""
    text = ascii_digits(text).strip(" \t\r\n.#")
    return _GAPS.sub("", text) if _NUMBER(text) else ""


def _parts(text: str) -> list[str]:
    """The numbers of a day or a time, none where there is anything else."""
    text = ascii_digits(text).strip(" \t\r\n.#")
    return _DIGITS.findall(text) if _NUMBERS(text) else []


def _day(parts: Sequence[str], today: date) -> tuple[date | None, Sequence[str]]:
    """The day that these numbers begin with, and the numbers after it."""
    match [len(part) for part in parts]:
        case [8, *_]:
            run, rest = parts[0], parts[1:]
            return _exists(run[4:], run[2:4], run[:2]) or _exists(run[:4], run[4:6], run[6:]), rest
        case [6, *_]:
            run, rest = parts[0], parts[1:]
            return _exists(_full_year(run[4:], today), run[2:4], run[:2]), rest
        case [4, 1 | 2, 1 | 2, *_]:
            return _exists(*parts[:3]), parts[3:]
        case [1 | 2, 1 | 2, 2 | 4, *_]:
            return _exists(_full_year(parts[2], today), parts[1], parts[0]), parts[3:]
        case _:
            return None, ()


def _full_year(year: str, today: date) -> str:
    """The year of these two digits in the hundred years that end next year; four digits as they are."""
    if len(year) == 4:
        return year
    last = today.year + _YEARS_AHEAD
    return str(last - (last - int(year)) % 100)


def _exists(year: str, month: str, day: str) -> date | None:
    if int(year) not in _YEARS:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
