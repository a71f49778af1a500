"""Who calls: Indian numbers in E.164, whatever way a gateway writes them, and how a number may be shown in a log."""

import re
from functools import lru_cache

from phonenumbers import PhoneNumber, is_valid_number

_WRITTEN = re.compile(r"(?:[+ ]?91|0091|0)?([1-9][0-9]{9})", re.ASCII)
"""`+91…`, `91…`, `0091…`, `0…`, ten digits; a space is the plus of a form that was not percent-encoded."""


@lru_cache(maxsize=4096)
def msisdn(raw: str) -> str | None:
    """The number as `+91` and ten digits (ITU-T E.164), or None when it is no valid Indian number."""
    written = _WRITTEN.fullmatch(raw)
    if written is None or not is_valid_number(PhoneNumber(country_code=91, national_number=int(written[1]))):
        return None
    return f"+91{written[1]}"


def masked(number: str) -> str:
    """The number with all but its last four digits hidden, for logs and agents' screens."""
    return f"{'*' * (len(number) - 4)}{number[-4:]}"
