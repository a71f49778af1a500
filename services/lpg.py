"""Booking a refill of cooking gas, at the petroleum department's interface on UMANG.

The operation's name, its fields and its reasons are this project's proposal in UMANG's shape: the department's own
become known with the access, and then only this file changes.
"""

from dataclasses import dataclass
from datetime import date

import msgspec

from flows.engine.values import Day, Digits, Identifier
from flows.operations.answer import Answer
from flows.operations.deadline import Deadline
from flows.operations.registry import operation
from services.http import UpstreamDown
from services.umang import UmangDepartment
from services.upstream_shape import shaped

_BOOK = "bookRefill"
_NOT_FOUND = "LPG ID NOT FOUND"
_ALREADY = "REFILL ALREADY BOOKED"


@dataclass(frozen=True, slots=True)
class Booked:
    """A refill is booked now."""

    booking: Identifier
    delivery_by: Day


@dataclass(frozen=True, slots=True)
class NotFound:
    """No connection has this LPG ID."""


@dataclass(frozen=True, slots=True)
class AlreadyBooked:
    """A refill was booked before and is not delivered yet."""

    booking: Identifier
    delivery_by: Day


class _Booking(msgspec.Struct, rename="camel"):
    booking_number: str
    delivery_by: date


class Lpg:
    """The petroleum department."""

    def __init__(self, department: UmangDepartment) -> None:
        self._department = department

    @operation("lpg.book", write=True, auth="known", deadline=10.0)
    def book(self, lpg_id: Digits, *, key: str, until: Deadline) -> Answer[Booked | NotFound | AlreadyBooked]:
        """Books a refill for the 17-digit LPG ID; the same key books once, however often it is sent."""
        reply = self._department.write(_BOOK, {"lpgId": lpg_id}, tracker=key, until=until)
        if not reply.success and reply.reason == _NOT_FOUND:
            return Answer(NotFound(), reply.demo)
        if not reply.success and reply.reason != _ALREADY:
            raise UpstreamDown("refused the booking for a reason that we do not know")
        if not reply.blocks:
            raise UpstreamDown("answered without a booking")
        booking = shaped(reply.blocks[0], _Booking)
        kind = Booked if reply.success else AlreadyBooked
        return Answer(kind(Identifier(booking.booking_number[:20]), booking.delivery_by), reply.demo)

    OPERATIONS = (book,)
