"""Who calls in these tests."""

from flows.engine.values import Digits
from flows.operations import Caller
from records.facts import Task

LPG_ID = Digits("12345678901234567")


def caller(request: str = "r1", service: str = "lpg_book", number: int = 1) -> Caller:
    return Caller(bytes([number]) * 16, f"+91987654321{number % 10}", "ussd", "hi", service, request)


def task(key: str = "t1", due: int = 0, lane: str = "", unasked: bool = False) -> Task:
    return Task("sms.send", key, {"text": "Your cylinder is booked."}, due, lane, unasked)
