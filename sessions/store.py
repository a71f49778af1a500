"""Values that expire, sealed, and changed by compare-and-set: at most two Redis commands a turn."""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from redis.exceptions import NoScriptError

from figures.transactions import LIST_KEY
from sessions.connection import Connection
from sessions.keyring import VERSION_BYTES, CannotOpen, Keyring

log = logging.getLogger(__name__)
_SAVE = f"""
if redis.call('GETRANGE', KEYS[1], 0, {VERSION_BYTES - 1}) ~= ARGV[1] then return 0 end
for i = 1, #KEYS do redis.call('SET', KEYS[i], ARGV[2 * i], 'EX', ARGV[2 * i + 1]) end
for i = 2 * #KEYS + 2, #ARGV do redis.call('RPUSH', '{LIST_KEY.decode()}', ARGV[i]) end
return 1
"""
"""Compare the version that was read with the one that is there; if they are the same, set everything, and put what
ended into the list that `figures.drain` reads."""
_COMPARES = """
local tried = redis.pcall('SET', KEYS[1] .. ':never', '', 'IFEQ', 'x')
return type(tried) == 'table' and tried.err and 0 or 1
"""
"""Whether this server knows SET … IFEQ (Valkey 8.1, Redis 8.4): on a key that is not there it sets nothing."""
_SAVE_NAME = hashlib.sha1(_SAVE.encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was read: the value (None when none is there, or none that opens), its version for `save`, the extras."""

    value: bytes | None
    version: bytes
    extras: tuple[bytes | None, ...] = ()


class Store:
    """Sealed values in Redis, each bound to its key; `ttl` is how long one is kept, in seconds.

    Everything here raises StoreAway when Redis does not answer.
    """

    def __init__(self, connection: Connection, keyring: Keyring, ttl: int = 600) -> None:
        self._ask = connection.ask
        self._keyring = keyring
        self._ttl = ttl
        self._compares: bool | None = None
        """Whether this Redis compares by itself (SET … IFEQ), which costs it half of what the script does."""

    def load(self, key: bytes, extra_keys: Sequence[bytes] = ()) -> Loaded:
        """The value under a key, and those under the extra keys, in one round trip."""
        if not extra_keys:
            sealed = self._ask("GET", key)
            return Loaded(self._opened(sealed, key), sealed or b"")
        sealed, *extras = self._ask("MGET", key, *extra_keys)
        return Loaded(
            self._opened(sealed, key),
            sealed or b"",
            tuple([self._opened(extra, name) for extra, name in zip(extras, extra_keys, strict=True)]),
        )

    def save(
        self,
        key: bytes,
        plain: bytes,
        version: bytes,
        ttl: int = 0,
        also: Sequence[tuple[bytes, bytes, int]] = (),
        ended: Sequence[bytes] = (),
    ) -> bool:
        """Put a value under a key if what is there still has this version (`b""`: nothing is there); False if not.

        `also` are (key, value, ttl) put with it, whatever is there. `ttl` in seconds, 0 for the store's own.
        `ended` are transactions, packed, that this ends.
        False as well when the answer to a saving that was done got lost: whoever reads again finds it done.
        """
        seal = self._keyring.seal
        if not also and not ended:
            sealed = seal(plain, key)
            if not version:
                return self._ask("SET", key, sealed, "NX", "EX", ttl or self._ttl) is not None
            if self._compares is None:
                self._compares = self._ask("EVAL", _COMPARES, 1, key) == 1
            if self._compares:
                return self._ask("SET", key, sealed, "IFEQ", version, "EX", ttl or self._ttl) is not None
        arguments: list[bytes | int] = [version[:VERSION_BYTES], seal(plain, key), ttl or self._ttl]
        for name, value, seconds in also:
            arguments += (seal(value, name), seconds)
        arguments += ended
        keys = [key, *[name for name, _, _ in also]] if also else (key,)
        try:
            return bool(self._ask("EVALSHA", _SAVE_NAME, len(keys), *keys, *arguments) == 1)
        except NoScriptError:
            return bool(self._ask("EVAL", _SAVE, len(keys), *keys, *arguments) == 1)

    def _opened(self, sealed: bytes | None, key: bytes) -> bytes | None:
        if sealed is None:
            return None
        try:
            return self._keyring.open(sealed, key)
        except CannotOpen:
            # A key that was taken away too early, or somebody wrote into Redis: the caller begins anew.
            log.warning("a stored value does not open, and is taken for none")
            return None
