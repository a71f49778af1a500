"""Kannel, the gateway that operators run themselves in front of an operator's SMSC: a POST out, POST and GET in.

After the Kannel 1.4.5 User's Guide, chapters "Setting up a SMS Gateway" (sms-service, sendsms-user, smpp-tlv) and
"SMS delivery reports", and its smsbox. Texts and numbers travel in bodies and headers, never in an address, which
servers write to their logs: so `post-url` and a POST to sendsms, not their GET forms. In kannel.conf:

    group = core
    ...
    log-level = 2               # below 2 both boxes write numbers and texts to their logs; set no access-log either

    group = smsbox
    ...
    log-level = 2
    http-request-retry = 720    # the default is 0: while our door is away, incoming texts and reports would be lost
    http-queue-delay = 5        # seconds between two tries

    group = sendsms-user
    username = ghanti           # the account's user and password
    password = ...
    max-messages = 10           # the default is 1 part: longer texts would be cut
    concatenation = true

    group = sms-service
    keyword = default
    max-messages = 0            # nothing of our HTTP answer, nor Kannel's own error sentence, goes out as a text
    send-sender = true          # else the number of the sender does not reach us
    post-url = "https://OUR-ADDRESS/sms/kannel/incoming?token=...&id=%I"

    group = smpp-tlv            # what DLT wants with each text; operators name other tags in some contracts
    name = PEID
    tag = 0x1400
    type = octetstring
    length = 30

    group = smpp-tlv
    name = TEMPLATE_ID
    tag = 0x1401
    type = octetstring
    length = 30

`%I` is the UUID that the bearerbox gives an incoming text, the same in each try. (`%a` of a GET takes a text for words
between white space, byte by byte; each Devanagari letter of UTF-16BE begins with the byte of a tab: they are lost.)
Whoever reads smsbox's errors reads the token: it names the whole address of a webhook that it did not reach.
Kannel's answer to sendsms names no id; the SMSC's own comes with the reports. A report with state 8 (the SMSC has it)
may arrive after the one with state 1 (delivered). Of a text of several parts it asks for the report of the first.
"""

from typing import Any
from urllib.parse import quote

from sms.fields import detail, identifier, named, task, text
from sms.gateways import Accepted, Account, Incoming, Outgoing, Rejected, Report, Sent, Unsure
from wire.asking import Answer, Line, failure
from wire.fields import Unfit, caller, check_frame, check_token, query_fields
from wire.gsm7 import septets
from wire.webhook import Refused, WireReply, WireRequest

_INCOMING = "Send the text by post-url with send-sender = true and &id=%I in its address."
_REPORT = "Send task and state."
_ALL_REPORTS = "31"
_STATES = {"1": "delivered", "2": "failed", "16": "failed"}
"""States of dlr-mask; 4 (queued at the SMSC) and 8 (accepted by it) are only on the way."""
_DENIED = b"Number(s) has/have been denied"


class Kannel:
    """The gateway; stateless."""

    name = "kannel"
    idempotent = False

    def __init__(self, account: Account) -> None:
        self._account = account
        self._line = Line(account.base_url, account.seconds)

    def send(self, outgoing: Outgoing) -> Sent:
        """POST /cgi-bin/sendsms, GSM-7 where the text is GSM-7, else UCS-2; 202 is Kannel's word for having it."""
        account = self._account
        headers = {
            "Content-Type": "text/plain; charset=UTF-8",
            "X-Kannel-Username": account.user,
            "X-Kannel-Password": account.password,
            "X-Kannel-From": account.sender,
            "X-Kannel-To": outgoing.to,
            "X-Kannel-Coding": "2" if septets(outgoing.text) is None else "0",
            "X-Kannel-DLR-Mask": _ALL_REPORTS,
            "X-Kannel-DLR-Url": self._report_url(outgoing.task),
        }
        if outgoing.template:
            tags = f"PEID={quote(account.entity, safe='')}&TEMPLATE_ID={quote(outgoing.template, safe='')}"
            headers["X-Kannel-Meta-Data"] = f"?smpp?{tags}"
        return _came_of(self._line.post("/cgi-bin/sendsms", headers, outgoing.text.encode()))

    def _report_url(self, number: int) -> str:
        # Kannel fills %d (the state) and %F (the SMSC's id) in; every other percent sign must be doubled for it.
        token = quote(self._account.token, safe="").replace("%", "%%")
        return f"{self._account.public_url}/sms/kannel/report?token={token}&task={number}&state=%d&ref=%F"

    def incoming(self, request: WireRequest) -> Incoming | Refused:
        """What post-url sends: the text as the body, UTF-8 or UTF-16BE, the sender in X-Kannel-From."""
        try:
            check_frame(request, ("POST",))
            fields: dict[str, Any] = dict(query_fields(request))
            check_token(request, fields, self._account.token)
            fields["X-Kannel-From"] = request.header("X-Kannel-From")
            fields["text"] = _decoded(request)
            return Incoming(
                ref=identifier(fields, "id", _INCOMING),
                msisdn=caller(fields, "X-Kannel-From", _INCOMING),
                text=text(fields, "text", _INCOMING),
            )
        except Unfit as unfit:
            return unfit.refused

    def report(self, request: WireRequest) -> Report | Refused:
        """What it gets from the address in X-Kannel-DLR-Url.

        Its escape %A, the SMSC's receipt, is not asked for: that begins with the first words of the text.
        """
        try:
            check_frame(request, ("GET",))
            fields = query_fields(request)
            check_token(request, fields, self._account.token)
            number = task(fields, "task", _REPORT)
            state = identifier(fields, "state", _REPORT)
            return Report(number, _STATES.get(state, "sent"), named(fields, "ref"), detail("dlr", state))
        except Unfit as unfit:
            return unfit.refused

    def taken(self) -> WireReply:
        """An empty 200."""
        return WireReply(200, b"", (("Content-Type", "text/plain; charset=utf-8"),))


def _came_of(answer: Answer | Rejected | Unsure) -> Sent:
    if not isinstance(answer, Answer):
        return answer
    match answer.status:
        case 202:
            return Accepted("")
        case 400 if answer.body.startswith(_DENIED):
            return Rejected("bad_number", lasting=True)
        case 400:
            return Rejected("bad_request", lasting=True)
        case 403 if answer.body.startswith(b"Not routable"):
            return Rejected("not_routable")
    return failure(answer.status)


def _decoded(request: WireRequest) -> str:
    """The body as smsbox names it: UTF-16BE for UCS-2, UTF-8 for GSM-7; binary texts (coding 1) are not for us."""
    type_, _, parameters = request.content_type.lower().partition(";")
    if type_.strip() != "text/plain":
        raise Unfit(415, "Send the text as text/plain.")
    if "utf-16be" in parameters:
        return request.body.decode("utf-16-be", "replace")
    return request.body.decode("utf-8", "replace")


def gateway(account: Account) -> Kannel:
    """This gateway for an account."""
    return Kannel(account)
