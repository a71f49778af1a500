"""TEMPORARY: re-exports until the move."""

from dataclasses import dataclass, field, replace

from services.answer import Answer as Answer
from services.registry import Operation as Operation
from services.registry import operation as operation


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking, as the runner passes it to operations about the caller.

    `pseudonym` is the keyed hash of the number, `service` the flow on whose behalf is asked, `request` the
    request's token.
    """

    pseudonym: bytes
    msisdn: str = field(repr=False)
    channel: str
    language: str = ""
    service: str = ""
    request: str = ""

    def asking(self, service: str, request: str, language: str) -> "Caller":
        """The same caller with what is being asked now."""
        return replace(self, service=service, request=request, language=language)
