"""Secret keys as an operator writes them: made, read, and for development made once and kept.

A key of a ring is written `id:base64`, id 1 to 255, so that an old key decrypts while a new one encrypts.
"""

import base64
import binascii
import fcntl
import json
import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

KEY_BYTES = 32
"""256 bits: AES-256 (NIST FIPS 197) for what is sealed, and more than can be guessed for the keyed hash (RFC 7693)."""

RINGS = ("session_keys", "record_keys")
SECRETS = (*RINGS, "caller_hash_key", "pin_pepper")
"""The settings that production must bring and development makes for itself."""


def new_key(number: int) -> str:
    """A fresh key of a ring; what follows its colon serves wherever a key without a number is wanted."""
    return f"{number}:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"


def read_ring(entries: Iterable[str]) -> dict[int, bytes]:
    """Id → 32 bytes, in the order given. Raises ValueError, which shows no key, for none or a malformed one."""
    ring: dict[int, bytes] = {}
    for entry in entries:
        number, _, encoded = entry.partition(":")
        if not (number.isascii() and number.isdigit() and 1 <= int(number) <= 255) or int(number) in ring:
            raise ValueError("each key needs an id of its own before a colon, a number from 1 to 255")
        ring[int(number)] = read_key(encoded)
        if len(ring[int(number)]) != KEY_BYTES:
            raise ValueError(f"a key with an id has {KEY_BYTES} bytes; `python -m settings key` makes one")
    if not ring:
        raise ValueError("`python -m settings key` makes one")
    return ring


def read_key(encoded: str) -> bytes:
    """The bytes of one key, at least 32. Raises ValueError, which shows no key."""
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("a key is written in base64") from None
    if len(key) < KEY_BYTES:
        raise ValueError(f"a key has at least {KEY_BYTES} bytes; `python -m settings key` makes one")
    return key


def kept_in(file: Path) -> dict[str, str]:
    """The secrets of development by name, made when the file is first asked for: `SECRETS` says which."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(f"{file.name}.{os.getpid()}")
        with open(fresh, "w", opener=_private) as writing:
            json.dump(_fresh(), writing)
        with suppress(FileExistsError):
            os.link(fresh, file)  # web and worker start side by side: the first one's keys are everybody's
        fresh.unlink()
    keys: dict[str, str] = json.loads(file.read_text())
    return keys if keys.keys() >= set(SECRETS) else _completed(file)


def _completed(file: Path) -> dict[str, str]:
    """The keys of a file from before some of them were known, with those added."""
    with open(file, "r+") as both:
        fcntl.flock(both, fcntl.LOCK_EX)
        keys: dict[str, str] = _fresh() | json.load(both)
        both.seek(0)
        json.dump(keys, both)
        both.truncate()
    return keys


def _fresh() -> dict[str, str]:
    return {name: new_key(1) if name in RINGS else new_key(1)[2:] for name in SECRETS}


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
