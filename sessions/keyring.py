"""Seals what is kept of callers, and names callers without their numbers."""

import base64
import binascii
import hashlib
import os
import threading
from collections.abc import Mapping
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
"""96 bits, the length that GCM takes as it is (NIST SP 800-38D, section 5.2.1.1)."""
TAG_BYTES = 16
"""128 bits, the longest tag and the only one made here (NIST SP 800-38D, section 5.2.1.2)."""
VERSION_BYTES = 1 + NONCE_BYTES
"""Key id and nonce: the first bytes of a sealed value, different for every sealing, so they name it."""
PSEUDONYM_BYTES = 16
_LONGEST_HASH_KEY = 64


class _Nonces(threading.local):
    """Random bytes drawn from the system in advance, for each thread its own.

    To ask the system lets another thread run, which costs more than the sealing. A forked child draws anew.
    """

    drawn = b""
    used = 0

    def take(self) -> bytes:
        """A nonce that nobody else gets."""
        if self.used == len(self.drawn):
            self.drawn, self.used = os.urandom(_DRAWN_BYTES), 0
        begin, self.used = self.used, self.used + NONCE_BYTES
        return self.drawn[begin : self.used]

    def forget(self) -> None:
        """Draw anew at the next take."""
        self.drawn, self.used = b"", 0


_DRAWN_BYTES = 128 * NONCE_BYTES
_nonces = _Nonces()
os.register_at_fork(after_in_child=_nonces.forget)


class CannotOpen(Exception):
    """A sealed value is of an unknown key, was changed, or belongs elsewhere. Says nothing about what is inside."""


class Keyring:
    """Keys that seal (AES-GCM, NIST SP 800-38D) and the key of the callers' hash; safe to share between threads.

    `keys` is id (1 to 255) → 16, 24 or 32 bytes: the first seals, all open. So a new key is put first, the old one
    stays behind it until everything that it sealed has expired, and then goes. `caller_key` has 32 bytes or more; with
    another one, every caller is somebody new.

    Nonces are random. For one key that is safe up to 2^32 sealings (NIST SP 800-38D, section 8.3). A turn seals once or
    twice; at 700 turns a second, day and night, one key reaches the bound after 35 days. So put a new key first each
    month.

    Raises ValueError, which shows no key, for none, a wrong id or a wrong length.
    """

    def __init__(self, keys: Mapping[int, bytes], caller_key: bytes) -> None:
        if not keys or not all(1 <= number <= 255 for number in keys):
            raise ValueError("a keyring needs a key, and ids from 1 to 255")
        if len(caller_key) < 32:
            raise ValueError("the key of the callers' hash has 32 bytes or more")
        self._ciphers = {bytes((number,)): AESGCM(key) for number, key in keys.items()}
        self._seals_with, self._encrypt = next((number, cipher.encrypt) for number, cipher in self._ciphers.items())
        # BLAKE2b takes no longer key (RFC 7693, section 2.1); hashing a longer one first keeps all its strength.
        long = len(caller_key) > _LONGEST_HASH_KEY
        self._hash = hashlib.blake2b(
            key=hashlib.blake2b(caller_key).digest() if long else caller_key,
            digest_size=PSEUDONYM_BYTES,
            person=b"ghanti caller",
        )

    @classmethod
    def parse(cls, text: str, caller_key: bytes) -> Self:
        """A keyring from `id:base64` entries with commas between them, the sealing key first. Raises ValueError."""
        keys: dict[int, bytes] = {}
        for entry in text.split(","):
            number, _, encoded = entry.strip().partition(":")
            try:
                key = base64.b64decode(encoded, validate=True)
            except (binascii.Error, ValueError):
                raise ValueError("a key is written in base64") from None
            if not (number.isascii() and number.isdigit()) or int(number) in keys:
                raise ValueError("each key needs an id of its own before a colon")
            keys[int(number)] = key
        return cls(keys, caller_key)

    def seal(self, plain: bytes, context: bytes) -> bytes:
        """`plain` sealed for this place only: key id (1 byte), nonce (12), ciphertext, tag (16)."""
        nonce = _nonces.take()
        return self._seals_with + nonce + self._encrypt(nonce, plain, context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """What was sealed for this place. Raises CannotOpen."""
        cipher = self._ciphers.get(sealed[:1])
        if cipher is None or len(sealed) < VERSION_BYTES + TAG_BYTES:
            raise CannotOpen
        try:
            return cipher.decrypt(sealed[1:VERSION_BYTES], sealed[VERSION_BYTES:], context)
        except InvalidTag:
            raise CannotOpen from None

    def pseudonym(self, msisdn: str) -> bytes:
        """The 16 bytes that stand for a number (BLAKE2b with a key, RFC 7693): the same each time, and no way back."""
        hashed = self._hash.copy()
        hashed.update(msisdn.encode())
        return hashed.digest()
