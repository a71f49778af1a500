"""Reading one line of an operator's list of centres: what is taken over, and why a line is refused."""

import re
from collections.abc import Mapping

from services.csc import Listed
from services.place_names import fitting

COLUMNS = ("csc_id", "name", "vle", "address", "village", "pin", "phone", "state", "district")

_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,19}")
_PIN = re.compile(r"[1-9][0-9]{5}", re.ASCII)
_BETWEEN_DIGITS = re.compile(r"[\s()./-]+")
_PHONE = re.compile(r"[0-9]{5,14}", re.ASCII)
_MOST = 60


class Refused(Exception):
    """A row cannot be taken; the reason names the column, and never repeats what stands in it."""


def centre(row: Mapping[str, str]) -> tuple[str, Listed]:
    """The PIN code and the centre of a row. Raises Refused."""
    if not row:
        raise Refused("the row does not have as many columns as the heading")
    if not _ID.fullmatch(row["csc_id"]):
        raise Refused("csc_id must be 1 to 20 letters and digits")
    if not _PIN.fullmatch(row["pin"]):
        raise Refused("pin must be 6 digits, the first not 0")
    for column in ("name", "vle", "village"):
        if not row[column]:
            raise Refused(f"{column} is empty")
        if len(row[column]) > _MOST:
            raise Refused(f"{column} has more than {_MOST} characters")
    if not row["address"]:
        raise Refused("address is empty")
    if any(not value.isprintable() for value in row.values()):
        raise Refused("a column holds characters that cannot be printed")
    phone = _BETWEEN_DIGITS.sub("", row["phone"].removeprefix("+91"))
    if not _PHONE.fullmatch(phone):
        raise Refused("phone must be 5 to 14 digits")
    return row["pin"], Listed(
        row["csc_id"],
        fitting(row["name"]),
        fitting(row["vle"]),
        fitting(row["address"]),
        fitting(row["village"]),
        phone,
    )
