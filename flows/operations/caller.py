"""Who is asking: what the runner passes to operations about the caller."""

from dataclasses import dataclass, field, replace


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
