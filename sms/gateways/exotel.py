"""Exotel: a form out with DLT's entity and template, a form back for each report.

Sending and reports: developer.exotel.com/api/sms; the meaning of the states: support.exotel.com, "SMS message status
codes" (`sent` is theirs for delivered) and "Glossary for SMS stats"; HTTP errors: support.exotel.com, "Sending an SMS",
which tells to go by the HTTP status alone. Incoming texts: support.exotel.com, "Send a SMS reply in response to an
incoming SMS"; that page now says that Exotel offers no incoming texts, so that half is after the page and was seen by
nobody here. Nothing of this file was tried with a real account: not confirmed are the JSON answer's exact form
(`SMSMessage.Sid`, from Exotel's samples), and that reports come for `submitted` as well as for the last state.

`base_url` ends with the account: `https://api.in.exotel.com/v1/Accounts/SID` (Mumbai; `api.exotel.com` is Singapore);
`user` and `password` are the API key and token. Exotel signs nothing: the webhooks' token is the only proof.
"""

from urllib.parse import quote

from sms.fields import detail, identifier, named, task, text
from sms.gateways import Accepted, Account, Incoming, Outgoing, Rejected, Report, Sent, Unsure
from wire.asking import Answer, Line, failure, members
from wire.fields import Unfit, caller, check_frame, check_token, form_fields, query_fields
from wire.gsm7 import septets
from wire.webhook import Refused, WireReply, WireRequest

_INCOMING = "Send SmsSid, From and Body."
_REPORT = "Send SmsSid, Status and CustomField."
_STATES = {"sent": "delivered", "failed": "failed", "failed_dnd": "failed", "failed-dnd": "failed"}


class Exotel:
    """The gateway; stateless."""

    name = "exotel"
    idempotent = False

    def __init__(self, account: Account) -> None:
        self._account = account
        self._line = Line(account.base_url, account.seconds)

    def send(self, outgoing: Outgoing) -> Sent:
        """POST …/Sms/send.json; accepted when the answer names the text."""
        account = self._account
        fields = {
            "From": account.sender,
            "To": outgoing.to,
            "Body": outgoing.text,
            "EncodingType": "unicode" if septets(outgoing.text) is None else "plain",
            "SmsType": "transactional",
            "StatusCallback": f"{account.public_url}/sms/exotel/report?token={quote(account.token, safe='')}",
            "CustomField": str(outgoing.task),
        }
        if outgoing.template:
            fields |= {"DltEntityId": account.entity, "DltTemplateId": outgoing.template}
        return _came_of(self._line.form("/Sms/send.json", fields, account.user, account.password))

    def incoming(self, request: WireRequest) -> Incoming | Refused:
        """SmsSid, From and Body, by GET in the query or by POST in a form."""
        try:
            fields = self._fields(request, ("GET", "POST"))
            return Incoming(
                ref=identifier(fields, "SmsSid", _INCOMING),
                msisdn=caller(fields, "From", _INCOMING),
                text=text(fields, "Body", _INCOMING),
            )
        except Unfit as unfit:
            return unfit.refused

    def report(self, request: WireRequest) -> Report | Refused:
        """A form; `CustomField` is the task as it was given out."""
        try:
            fields = self._fields(request, ("POST",))
            number = task(fields, "CustomField", _REPORT)
            status = identifier(fields, "Status", _REPORT)
            words = detail(status, fields.get("DetailedStatus"))
            return Report(number, _STATES.get(status.lower(), "sent"), named(fields, "SmsSid"), words)
        except Unfit as unfit:
            return unfit.refused

    def _fields(self, request: WireRequest, methods: tuple[str, ...]) -> dict[str, str]:
        check_frame(request, methods)
        query = query_fields(request)
        check_token(request, query, self._account.token)
        return form_fields(request) if request.method == "POST" else query

    def taken(self) -> WireReply:
        """An empty 200 as text/plain, the one type that Exotel takes; without a body it sends nothing back."""
        return WireReply(200, b"", (("Content-Type", "text/plain"),))


def _came_of(answer: Answer | Rejected | Unsure) -> Sent:
    if not isinstance(answer, Answer):
        return answer
    if answer.status in (200, 202):
        message = members(answer).get("SMSMessage")
        sid = named(message, "Sid") if isinstance(message, dict) else ""
        return Accepted(sid) if sid else Unsure("broken_answer")
    if answer.status == 400:
        # An invalid number, parameter or sender: which one only a sentence tells that is not to be relied on.
        return Rejected("bad_request", lasting=True)
    return failure(answer.status)


def gateway(account: Account) -> Exotel:
    """This gateway for an account."""
    return Exotel(account)
