"""Numbers that must never be typed here: Aadhaar numbers and Virtual IDs, told by their length and check digit.

UIDAI, "A UID Numbering Scheme" (May 2010): twelve digits, the last a check digit by Verhoeff's scheme, the first
neither 0 nor 1. UIDAI, circular of January 2018 on the Virtual ID: sixteen digits, made in the same way. J. Verhoeff,
"Error Detecting Decimal Codes", Mathematical Centre Tracts 29 (1969): digits are multiplied in the dihedral group D5,
each permuted by its place.
"""

from itertools import accumulate, repeat

AADHAAR_DIGITS = 12
VIRTUAL_ID_DIGITS = 16

_PERMUTATION = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)
_PLACES = 8
"""The permutation comes back to itself after so many places."""


def _product(a: int, b: int) -> int:
    """Multiply in D5: 0-4 turn a pentagon, 5-9 turn and mirror it."""
    turned = (a + b if a < 5 else a - b) % 5
    return turned if (a < 5) == (b < 5) else turned + 5


_POWERS = tuple(
    accumulate(repeat(_PERMUTATION, _PLACES - 1), lambda p, q: tuple(p[i] for i in q), initial=tuple(range(10)))
)
_STEP = tuple(
    {str(digit): tuple(_product(so_far, power[digit]) for so_far in range(10)) for digit in range(10)}
    for power in _POWERS
)
"""Place from the right (modulo eight) → digit → what the product so far becomes."""


def verhoeff(digits: str) -> bool:
    """Say whether these digits, 0-9, end with the check digit that Verhoeff's scheme gives the others."""
    product = 0
    for place, digit in enumerate(reversed(digits)):
        product = _STEP[place % _PLACES][digit][product]
    return product == 0


def aadhaar_like(digits: str) -> bool:
    """Say whether this may be an Aadhaar number. About 8 % of all other twelve-digit numbers may too, by chance."""
    return len(digits) == AADHAAR_DIGITS and _like(digits)


def virtual_id_like(digits: str) -> bool:
    """Say whether this may be a Virtual ID. About 8 % of all other sixteen-digit numbers may too, by chance."""
    return len(digits) == VIRTUAL_ID_DIGITS and _like(digits)


def _like(digits: str) -> bool:
    return digits.isascii() and digits.isdigit() and digits[0] not in "01" and verhoeff(digits)
