"""The person's own PIN: hashed with argon2id and a pepper, never kept, shown or logged."""

import hashlib
import hmac

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""argon2id with 19 MiB, two passes, one lane: OWASP's Password Storage Cheat Sheet; small enough for threads."""
_RUNS = "01234567890", "09876543210"


def hashed(pin: str, pepper: bytes) -> str:
    """The hash to keep of a PIN."""
    return _HASHER.hash(_peppered(pin, pepper))


def is_right(pin: str, kept: str, pepper: bytes) -> bool:
    """Say whether this is the PIN behind the hash."""
    try:
        return _HASHER.verify(kept, _peppered(pin, pepper))
    except (VerifyMismatchError, InvalidHashError):
        return False


def is_too_easy(pin: str) -> bool:
    """Say whether a PIN is among the first that anybody would try: one digit, a pair repeated, or a run."""
    pairs = len(set(pin[::2])) == 1 and len(set(pin[1::2])) == 1
    return len(set(pin)) == 1 or pairs or any(pin in run for run in _RUNS)


def _peppered(pin: str, pepper: bytes) -> str:
    return hmac.new(pepper, pin.encode(), hashlib.sha256).hexdigest()
