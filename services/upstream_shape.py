"""Reading what an upstream answered into a shape of ours, or refusing it as nonsense."""

from typing import TypeVar

import msgspec

from services.http import UpstreamDown

S = TypeVar("S")


def shaped(data: object, shape: type[S]) -> S:
    """The decoded JSON as this msgspec type; unknown fields are passed over, numbers in strings understood.

    Raises UpstreamDown. What does not fit may be personal, so it is in no message.
    """
    try:
        return msgspec.convert(data, shape, strict=False)
    except msgspec.ValidationError:
        raise UpstreamDown("answered in a shape that we do not know") from None
