"""The fields that only USSD has: the aggregator's session and the service code. Raises `Unfit`."""

from typing import Any

from ussd.dialled import service_code
from wire.fields import Unfit, given


def session(fields: dict[str, Any], name: str, wanted: str) -> str:
    """The aggregator's session id."""
    value = given(fields, name, wanted)
    if not 0 < len(value) <= 128 or not value.isprintable() or value.isspace():
        raise Unfit(400, f"The field {name} must have 1 to 128 printable characters.")
    return value


def code(fields: dict[str, Any], name: str, wanted: str) -> str:
    """The service code as digits with `*` inside."""
    digits = service_code(given(fields, name, wanted))
    if digits is None:
        raise Unfit(400, f"The field {name} must be a service code such as *123#.")
    return digits
