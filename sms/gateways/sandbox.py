"""The SMS centre of the sandbox: JSON out and back. It is made up, keeps what it gets in memory, and reaches no phone.

Its other side is services/sandbox/sms.py. The shape is nobody's; what it shows is an aggregator with idempotency keys
(draft-ietf-httpapi-idempotency-key-header): the same key again sends nothing and answers the same `ref`.
"""

import json
from urllib.parse import quote

from sms.fields import detail, identifier, named, task, text
from sms.gateways import Accepted, Account, Incoming, Outgoing, Rejected, Report, Sent, Unsure
from wire.asking import Answer, Line, failure, members
from wire.fields import Unfit, caller, check_frame, check_token, json_fields, query_fields
from wire.webhook import Refused, WireReply, WireRequest

_INCOMING = "Send ref, from and text."
_REPORT = "Send ref and state, and task in the address."
_STATES = ("sent", "delivered", "failed")


class Sandbox:
    """The gateway; stateless."""

    name = "sandbox"
    idempotent = True

    def __init__(self, account: Account) -> None:
        self._account = account
        self._line = Line(account.base_url, account.seconds)

    def send(self, outgoing: Outgoing) -> Sent:
        """POST /sms/messages; 202 names the text."""
        account = self._account
        token = quote(account.token, safe="")
        asked = {
            "to": outgoing.to,
            "text": outgoing.text,
            "template": outgoing.template,
            "report_url": f"{account.public_url}/sms/sandbox/report?token={token}&task={outgoing.task}",
        }
        headers = {"content-type": "application/json", "idempotency-key": outgoing.key}
        return _came_of(self._line.post("/sms/messages", headers, json.dumps(asked).encode()))

    def incoming(self, request: WireRequest) -> Incoming | Refused:
        """A JSON object with ref, from and text."""
        try:
            check_frame(request, ("POST",))
            check_token(request, query_fields(request), self._account.token)
            fields = json_fields(request)
            return Incoming(
                ref=identifier(fields, "ref", _INCOMING),
                msisdn=caller(fields, "from", _INCOMING),
                text=text(fields, "text", _INCOMING),
            )
        except Unfit as unfit:
            return unfit.refused

    def report(self, request: WireRequest) -> Report | Refused:
        """A JSON object with ref and state; the task is in the address that it was given."""
        try:
            check_frame(request, ("POST",))
            query = query_fields(request)
            check_token(request, query, self._account.token)
            fields = json_fields(request)
            number = task(query, "task", _REPORT)
            state = identifier(fields, "state", _REPORT)
            return Report(number, state if state in _STATES else "sent", named(fields, "ref"), detail(state))
        except Unfit as unfit:
            return unfit.refused

    def taken(self) -> WireReply:
        """An empty 200."""
        return WireReply(200, b"", (("Content-Type", "text/plain; charset=utf-8"),))


def _came_of(answer: Answer | Rejected | Unsure) -> Sent:
    if not isinstance(answer, Answer):
        return answer
    said = members(answer)
    if answer.status == 202:
        ref = named(said, "ref")
        return Accepted(ref) if ref else Unsure("broken_answer")
    if answer.status == 400 and said.get("error") == "bad_number":
        return Rejected("bad_number", lasting=True)
    return failure(answer.status)


def gateway(account: Account) -> Sandbox:
    """This gateway for an account."""
    return Sandbox(account)
