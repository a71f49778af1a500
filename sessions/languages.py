"""The language that a caller chose last, remembered for all doors together."""

import logging

from sessions.connection import StoreAway
from sessions.store import Store

log = logging.getLogger(__name__)
KEPT = 400 * 24 * 3600
"""Seconds that a choice is remembered."""


def language_key(pseudonym: bytes) -> bytes:
    """Where the language of a caller stands in the store."""
    return b"l" + pseudonym


class ChosenLanguages:
    """Chosen languages for doors whose turns do not read them along with their session."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, pseudonym: bytes) -> str:
        """The language that this caller chose last on any door; "" when none is known, or Redis is away."""
        try:
            value = self._store.load(language_key(pseudonym)).value
        except StoreAway:
            return ""
        return value.decode() if value else ""

    def remember(self, pseudonym: bytes, language: str) -> None:
        """Remember a choice, unless Redis is away: then the door that it was made on still knows it."""
        key = language_key(pseudonym)
        try:
            self._store.save(key, language.encode(), self._store.load(key).version, KEPT)
        except StoreAway:
            log.warning("redis away: a chosen language is not remembered")
