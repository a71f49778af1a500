"""The fields that only calls have: a call's id, a turn, keys, the numbers of both sides. Raises `Unfit`."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from phonenumbers import PhoneNumber, PhoneNumberType, number_type

from wire.fields import Unfit, given
from wire.numbers import msisdn

_LONGEST = 128
_KEYS = re.compile("[0-9*#A-D]{0,64}", re.ASCII)
_COUNT = re.compile("[0-9]{1,9}", re.ASCII)
_TASK = re.compile("[1-9][0-9]{0,17}", re.ASCII)
_DIALLED = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


def identifier(fields: Mapping[str, Any], name: str, wanted: str) -> str:
    """The provider's id of a call."""
    value = given(dict(fields), name, wanted)
    if not 0 < len(value) <= _LONGEST or not value.isprintable() or value.isspace():
        raise Unfit(400, f"The field {name} must have 1 to {_LONGEST} printable characters.")
    return value


def citizen(fields: Mapping[str, Any], name: str) -> str:
    """A number in E.164; "" when it is withheld, not there or no valid Indian number: such a call is taken too."""
    value = fields.get(name)
    return msisdn(value) or "" if isinstance(value, str) else ""


def ours(fields: Mapping[str, Any], name: str) -> str:
    """Our own number in E.164 where it is an Indian one, else as it came when that is short and printable, else ""."""
    value = fields.get(name)
    if not isinstance(value, str):
        return ""
    return msisdn(value) or (value if len(value) <= 32 and value.isprintable() else "")


def keyed(fields: Mapping[str, Any], name: str) -> str:
    """What was keyed; "" when nothing was. Some providers put it in double quotes."""
    value = fields.get(name, "")
    keys = value.strip('" ') if isinstance(value, str) else None
    if keys is None or not _KEYS.fullmatch(keys):
        raise Unfit(400, f"The field {name} must be what a keypad has: digits, * and #, at most 64.")
    return keys


def count(fields: Mapping[str, Any], name: str) -> int:
    """A number of something; 0 when it is not there or none."""
    value = fields.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return max(0, min(value, 999_999_999))
    return int(value) if isinstance(value, str) and _COUNT.fullmatch(value) else 0


def task(fields: Mapping[str, Any], name: str = "task") -> int:
    """Our own number of a call that we placed; 0 when it is not there or not of our making."""
    value = fields.get(name)
    return int(value) if isinstance(value, str) and _TASK.fullmatch(value) else 0


@lru_cache(maxsize=4096)
def dialable(number: str) -> bool:
    """Whether this is an Indian mobile or fixed number in E.164: no other one is ever dialled (nor paid for)."""
    if msisdn(number) != number:
        return False
    return number_type(PhoneNumber(country_code=91, national_number=int(number[3:]))) in _DIALLED
