"""Fetching a bill through the Bharat Bill Payment System (BBPS): ask, then look again until it is there.

Shape: Razorpay's Bill Payments interface (https://razorpay.com/docs/api/bills/bill-payments/): POST bill_requests gives
an id; GET bill_requests/{id} is looked at every 2 to 5 seconds and is done in 10 to 30. Amounts are in paise, times in
Unix seconds. Why none came is told by its `error_reason`, or by NPCI's own codes (BFR001 …). `key` is "id:secret".
No money passes through here: `how_to_pay` names the number to ring.
"""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from urllib.parse import quote

import msgspec

from flows.engine.values import Day, Digits, Identifier, Name, Paise, Phone
from flows.operations.answer import Answer
from flows.operations.deadline import Deadline
from flows.operations.registry import operation
from services.http import Upstream, UpstreamDown
from services.masking import masked_name
from services.upstream_shape import shaped

_PATH = "/v1/bill_payments/bill_requests"
_IST = timezone(timedelta(hours=5, minutes=30))
_UNKNOWN_CUSTOMER = frozenset({"invalid_customer_details", "BFR001", "BFR002"})
_NOTHING_DUE = frozenset({"no_bill_due", "bill_not_available", "bill_already_paid", "BFR003", "BFR004"})


@dataclass(frozen=True, slots=True)
class Due:
    """A bill is due. `name` is the account holder's, masked; `due` the last day to pay."""

    name: Name
    amount: Paise
    due: Day
    bill_number: Identifier


@dataclass(frozen=True, slots=True)
class NothingDue:
    """The company knows the customer, and nothing is to pay."""


@dataclass(frozen=True, slots=True)
class UnknownCustomer:
    """The company does not know this consumer number."""


@dataclass(frozen=True, slots=True)
class ByPhone:
    """How to pay without a smartphone: by ringing this number (UPI 123PAY)."""

    number: Phone


class _Bill(msgspec.Struct):
    bill_number: str
    amount: int
    due_date: int
    account_holder_name: str = ""


class _Fetched(msgspec.Struct):
    id: str
    status: str
    bills: list[_Bill] = []
    error_code: str | None = None
    error_reason: str | None = None


class Bills:
    """BBPS. `bbps_ids` is our biller id → the payment system's; `poll_seconds` between two looks."""

    def __init__(
        self, upstream: Upstream, key: str, bbps_ids: Mapping[str, str], *, poll_seconds: float, pay_number: str
    ) -> None:
        self._upstream = upstream
        self._headers = {"authorization": f"Basic {b64encode(key.encode()).decode()}"} if key else {}
        self._bbps_ids = bbps_ids
        self._poll_seconds = poll_seconds
        self._by_phone = ByPhone(Phone(pay_number))

    @operation("bill.electricity", deadline=45.0)
    def electricity(
        self, biller: Identifier, consumer: Digits, *, until: Deadline
    ) -> Answer[Due | NothingDue | UnknownCustomer]:
        """The electricity bill of a consumer number; takes 10 to 30 seconds."""
        asked = {"biller_id": self._biller_id(biller), "biller_data": {"account_holder": {"consumer_number": consumer}}}
        heard = self._upstream.read(_PATH, until=until, body=asked, headers=self._headers)
        fetched = shaped(heard.data, _Fetched)
        while fetched.status == "processing":
            until.rest(self._poll_seconds)
            path = f"{_PATH}/{quote(fetched.id, safe='')}"
            heard = self._upstream.read(path, until=until, headers=self._headers)
            fetched = shaped(heard.data, _Fetched)
        return Answer(_outcome(fetched), heard.demo)

    @operation("bill.how_to_pay", recall=True)
    def how_to_pay(self) -> ByPhone:
        """How any bill is paid by phone."""
        return self._by_phone

    OPERATIONS = (electricity, how_to_pay)

    def _biller_id(self, biller: str) -> str:
        known = self._bbps_ids[biller]
        if self._upstream.real and not known:
            raise UpstreamDown("the biller's BBPS id is not filled in")
        return known or biller


def _outcome(fetched: _Fetched) -> Due | NothingDue | UnknownCustomer:
    reasons = {fetched.error_code, fetched.error_reason}
    if fetched.status == "failed" and reasons & _UNKNOWN_CUSTOMER:
        return UnknownCustomer()
    if fetched.status == "failed" and reasons & _NOTHING_DUE:
        return NothingDue()
    if fetched.status != "success":
        raise UpstreamDown("could not fetch the bill")
    if not fetched.bills or fetched.bills[0].amount <= 0:
        return NothingDue()
    bill = fetched.bills[0]
    due = datetime.fromtimestamp(bill.due_date, _IST).date()
    return Due(Name(masked_name(bill.account_holder_name)), Paise(bill.amount), due, Identifier(bill.bill_number[:20]))
