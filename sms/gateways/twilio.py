"""Twilio: a form out, signed forms back. For trials and other countries: inside India it carries no incoming texts.

Sending: twilio.com/docs/messaging/api/message-resource; webhooks: twilio.com/docs/messaging/guides/webhook-request and
…/guides/track-outbound-message-status; signatures: twilio.com/docs/usage/security. Texts into India go out from foreign
numbers (twilio.com/en-us/guidelines/in), so DLT's entity and template have no field here and are not sent.

`base_url` is `https://api.twilio.com`, `user` the account's SID, `password` its auth token, which also signs the
webhooks; `token` is not used. `sender` is a number of ours, or the SID of a messaging service (`MG…`). The signature is
over the address as Twilio knows it, so `public_url` must be exactly that. Twilio's own client is not used to send: its
request classes need two HTTP libraries more.
"""

from twilio.request_validator import (
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)

from sms.fields import detail, identifier, named, task, text
from sms.gateways import Accepted, Account, Incoming, Outgoing, Rejected, Report, Sent, Unsure
from wire.asking import Answer, Line, failure, members
from wire.fields import Unfit, caller, check_frame, form_fields, query_fields
from wire.webhook import Refused, WireReply, WireRequest

_INCOMING = "Send MessageSid, From and Body."
_REPORT = "Send MessageSid and MessageStatus, and task in the address."
_STATES = {
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}
_LASTING = {
    21211: "bad_number",
    21214: "bad_number",
    21614: "bad_number",
    21610: "opted_out",
    21602: "bad_text",
    21617: "bad_text",
}
"""Errors that another try does not mend (twilio.com/docs/api/errors)."""
_SERVICE = "MG"


class Twilio:
    """The gateway; stateless."""

    name = "twilio"
    idempotent = False

    def __init__(self, account: Account) -> None:
        self._account = account
        self._line = Line(account.base_url, account.seconds)
        self._signatures = RequestValidator(account.password)

    def send(self, outgoing: Outgoing) -> Sent:
        """POST /2010-04-01/Accounts/{sid}/Messages.json; 201 names the message."""
        account = self._account
        sender = "MessagingServiceSid" if account.sender.startswith(_SERVICE) else "From"
        fields = {
            "To": outgoing.to,
            sender: account.sender,
            "Body": outgoing.text,
            "StatusCallback": f"{account.public_url}/sms/twilio/report?task={outgoing.task}",
        }
        path = f"/2010-04-01/Accounts/{account.user}/Messages.json"
        return _came_of(self._line.form(path, fields, account.user, account.password))

    def incoming(self, request: WireRequest) -> Incoming | Refused:
        """A signed form with MessageSid, From and Body."""
        try:
            fields = self._signed(request, "incoming")
            return Incoming(
                ref=identifier(fields, "MessageSid", _INCOMING),
                msisdn=caller(fields, "From", _INCOMING),
                text=text(fields, "Body", _INCOMING),
            )
        except Unfit as unfit:
            return unfit.refused

    def report(self, request: WireRequest) -> Report | Refused:
        """A signed form with MessageStatus; the task is in the address that it was given."""
        try:
            fields = self._signed(request, "report")
            number = task(query_fields(request), "task", _REPORT)
            status = identifier(fields, "MessageStatus", _REPORT)
            words = detail(status, fields.get("ErrorCode"))
            return Report(number, _STATES.get(status.lower(), "sent"), named(fields, "MessageSid"), words)
        except Unfit as unfit:
            return unfit.refused

    def _signed(self, request: WireRequest, hook: str) -> dict[str, str]:
        """The form's fields, when the signature is that of this account's auth token."""
        check_frame(request, ("POST",))
        fields = form_fields(request)
        address = f"{self._account.public_url}/sms/twilio/{hook}" + (f"?{request.query}" if request.query else "")
        algorithm = get_signature_algorithm(request.header(SIGNATURE_SETTINGS_HEADER))
        shown = request.header(SIGNATURE_HEADER) or ""
        if not (self._account.password and self._signatures.validate(address, fields, shown, algorithm)):
            raise Unfit(403, "The signature is missing or wrong. Sign the public address and the fields.")
        return fields

    def taken(self) -> WireReply:
        """TwiML without a verb: nothing is sent back."""
        body = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
        return WireReply(200, body, (("Content-Type", "text/xml; charset=utf-8"),))


def _came_of(answer: Answer | Rejected | Unsure) -> Sent:
    if not isinstance(answer, Answer):
        return answer
    said = members(answer)
    if answer.status in (200, 201):
        sid = named(said, "sid")
        return Accepted(sid) if sid else Unsure("broken_answer")
    code = said.get("code")
    if answer.status == 400 and isinstance(code, int):
        return Rejected(_LASTING.get(code, f"twilio_{code}"), lasting=code in _LASTING)
    return failure(answer.status)


def gateway(account: Account) -> Twilio:
    """This gateway for an account."""
    return Twilio(account)
