"""Versions of the flows: a session stays on the one that it began with, also across a deploy.

Every process puts the sources of its version into Redis when it starts; one that meets a session of another version
reads that version's sources from there, once, and goes on with them.
"""

import json
import logging
import zlib
from collections.abc import Callable, Mapping

from sessions.connection import Connection
from sessions.runner import Edition

log = logging.getLogger(__name__)
KEPT = 5
"""Versions whose sources stay in Redis: far more than can have live sessions at once."""
_VERSIONS = b"flows"
_ORDER = b"flows:order"


class Editions:
    """Finds the edition of a version; `build` makes one from sources, or gives None when they no longer fit."""

    def __init__(self, connection: Connection, build: Callable[[Mapping[str, str]], Edition | None]) -> None:
        self._ask = connection.ask
        self._build = build
        self._known: dict[str, Edition | None] = {}

    def publish(self, version: str, sources: Mapping[str, str]) -> None:
        """Put this version's sources where others find them, and drop what nobody can need. Raises StoreAway."""
        self._ask("HSET", _VERSIONS, version, zlib.compress(json.dumps(dict(sources)).encode()))
        self._ask("LREM", _ORDER, 0, version)
        self._ask("RPUSH", _ORDER, version)
        for old in self._ask("LRANGE", _ORDER, 0, -1 - KEPT):
            self._ask("LREM", _ORDER, 0, old)
            self._ask("HDEL", _VERSIONS, old)

    def __call__(self, version: str) -> Edition | None:
        """The edition of this version, or None when it is gone. Raises StoreAway."""
        if version not in self._known:
            packed = self._ask("HGET", _VERSIONS, version)
            self._known[version] = self._build(json.loads(zlib.decompress(packed))) if packed else None
            log.info("flows of version %s %s", version, "read" if self._known[version] else "are gone")
        return self._known[version]
