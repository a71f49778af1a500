"""Versions of the flows: a session stays on the one that it began with, also across a deploy.

Every process puts the sources of its version into Redis when it starts; one that meets a session of another version reads
that version's sources from there, once, and goes on with them.
"""

import json
import logging
import zlib
from collections.abc import Callable, Mapping
from typing import Protocol

from sessions.runner import Edition

log = logging.getLogger(__name__)
KEPT = 5
"""Versions whose sources stay in Redis: far more than can have live sessions at once."""
_VERSIONS = "flows"


class Keeper(Protocol):
    """The part of a Redis client that is needed here (`redis.Redis`)."""

    def hset(self, name: str, key: str, value: bytes) -> object:
        """Set a field."""

    def hget(self, name: str, key: str) -> bytes | None:
        """Read a field."""

    def hdel(self, name: str, *keys: str) -> object:
        """Remove fields."""

    def rpush(self, name: str, *values: str) -> object:
        """Append."""

    def lrange(self, name: str, start: int, end: int) -> list[bytes]:
        """Read a list."""

    def lrem(self, name: str, count: int, value: str) -> object:
        """Remove values from a list."""


class Editions:
    """Finds the edition of a version; `build` makes one from sources, or gives None when they no longer fit."""

    def __init__(self, keeper: Keeper, build: Callable[[Mapping[str, str]], Edition | None]) -> None:
        self._keeper = keeper
        self._build = build
        self._known: dict[str, Edition | None] = {}

    def publish(self, version: str, sources: Mapping[str, str]) -> None:
        """Put this version's sources where other processes find them, and drop what nobody can need any more."""
        self._keeper.hset(_VERSIONS, version, zlib.compress(json.dumps(dict(sources)).encode()))
        order = f"{_VERSIONS}:order"
        self._keeper.lrem(order, 0, version)
        self._keeper.rpush(order, version)
        for old in self._keeper.lrange(order, 0, -1 - KEPT):
            self._keeper.lrem(order, 0, old.decode())
            self._keeper.hdel(_VERSIONS, old.decode())

    def __call__(self, version: str) -> Edition | None:
        """The edition of this version, or None when it is gone."""
        if version not in self._known:
            packed = self._keeper.hget(_VERSIONS, version)
            self._known[version] = self._build(json.loads(zlib.decompress(packed))) if packed else None
            log.info("flows of version %s %s", version, "read" if self._known[version] else "are gone")
        return self._known[version]
