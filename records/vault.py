"""Envelopes: a data key for each caller seals what is personal, and a key of the ring seals the data key.

So a new key of the ring means sealing data keys anew and nothing else, and without its data key a row says nothing.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12
"""96 bits, the length that GCM takes as it is (NIST SP 800-38D, section 5.2.1.1)."""
_DATA_KEY_BITS = 256


class CannotOpen(Exception):
    """A sealed value is of a key that is not in the ring, was changed, or belongs elsewhere."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """The key of one caller's personal columns. `place` is column and caller: a value opens nowhere else."""

    sealed: bytes
    key_id: int
    _cipher: AESGCM = field(repr=False)

    def seal(self, text: str, place: bytes) -> bytes:
        """A personal value as it is kept: nonce (12 bytes), ciphertext, tag (16)."""
        return _sealed(self._cipher, text.encode(), place)

    def open(self, sealed: bytes, place: bytes) -> str:
        """What was sealed for this place. Raises CannotOpen."""
        return _opened(self._cipher, sealed, place).decode()


class Vault:
    """The ring of keys that seal data keys: id (1 to 255) → 32 bytes; the first seals, all open.

    Nonces are random; a key of the ring seals one data key a caller, far from the 2^32 that are safe (NIST SP 800-38D,
    section 8.3). Raises ValueError for an empty ring.
    """

    def __init__(self, ring: Mapping[int, bytes]) -> None:
        if not ring:
            raise ValueError("a vault needs a key")
        self._ciphers = {number: AESGCM(key) for number, key in ring.items()}
        self.key_id = next(iter(ring))

    def new(self, pseudonym: bytes) -> DataKey:
        """A fresh data key for this caller."""
        return self._envelope(AESGCM.generate_key(_DATA_KEY_BITS), pseudonym)

    def open(self, sealed: bytes, key_id: int, pseudonym: bytes) -> DataKey:
        """The caller's data key. Raises CannotOpen."""
        return DataKey(sealed, key_id, AESGCM(self._plain(sealed, key_id, pseudonym)))

    def seal_anew(self, sealed: bytes, key_id: int, pseudonym: bytes) -> DataKey:
        """The same data key, sealed by the first key of the ring. Raises CannotOpen."""
        return self._envelope(self._plain(sealed, key_id, pseudonym), pseudonym)

    def _envelope(self, plain: bytes, pseudonym: bytes) -> DataKey:
        return DataKey(_sealed(self._ciphers[self.key_id], plain, pseudonym), self.key_id, AESGCM(plain))

    def _plain(self, sealed: bytes, key_id: int, pseudonym: bytes) -> bytes:
        if (cipher := self._ciphers.get(key_id)) is None:
            raise CannotOpen
        return _opened(cipher, sealed, pseudonym)


def _sealed(cipher: AESGCM, plain: bytes, place: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, plain, place)


def _opened(cipher: AESGCM, sealed: bytes, place: bytes) -> bytes:
    try:
        return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place)
    except (InvalidTag, ValueError):
        raise CannotOpen from None
