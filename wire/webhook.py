"""A webhook as it came, and what goes back: the same for every door, whatever web server stands in front."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WireRequest:
    """A webhook as it came. `query` is the raw query string; `header` gives a header's value or None."""

    method: str
    query: str
    body: bytes
    content_type: str
    header: Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class WireReply:
    """What goes back; `headers` hold the content type."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """The webhook cannot be understood or is not let in: an HTTP status and what to send, without anything typed."""

    status: int
    sentence: str


def refusal(refused: Refused) -> WireReply:
    """The answer to a webhook that was refused."""
    return WireReply(refused.status, refused.sentence.encode(), (("Content-Type", "text/plain; charset=utf-8"),))
