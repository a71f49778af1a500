"""Africa's Talking and the aggregators that copied its wire: a form in, `CON …` or `END …` out, text cumulative.

Requests: developers.africastalking.com/docs/ussd/handle_sessions; the note at the end of a session, which some send to
the same address: developers.africastalking.com/docs/ussd/notifications. Aggregators that copied it send GET as well.
An HTTP 4xx, or an answer that begins with neither word, closes the session at their side.
"""

from ussd.fields import code, session
from ussd.gateways import Account, Budget, Ended, Turn
from wire.fields import Unfit, caller, check_frame, check_token, form_fields, query_fields, typed
from wire.webhook import Refused, WireReply, WireRequest

_WANTED = "Send sessionId, serviceCode, phoneNumber and text."
_HEADERS = (("Content-Type", "text/plain; charset=utf-8"),)
_REASONS = {"success": "done", "failed": "failed"}
"""Their `status` in lower case; the third, Incomplete, is a caller who left at a menu."""


class AfricasTalking:
    """The gateway; stateless."""

    name = "africastalking"
    methods: tuple[str, ...] = ("POST", "GET")
    budget = Budget()

    def __init__(self, account: Account) -> None:
        self._account = account

    def parse(self, request: WireRequest) -> Turn | Ended | Refused:
        """A turn, or the note that a session ended: that one has a `status` and no `text`."""
        try:
            check_frame(request, self.methods)
            query = query_fields(request)
            check_token(request, query, self._account.token)
            fields = form_fields(request) if request.method == "POST" else query
            if "status" in fields and "text" not in fields:
                return _ended(fields)
            return Turn(
                session=session(fields, "sessionId", _WANTED),
                msisdn=caller(fields, "phoneNumber", _WANTED),
                code=code(fields, "serviceCode", _WANTED),
                text=typed(fields, "text", _WANTED),
                cumulative=True,
                new=None if fields["text"] else True,
            )
        except Unfit as unfit:
            return unfit.refused

    def opened(self, turn: Turn) -> Turn:
        """The same turn: this wire keeps the code apart from what was dialled after it."""
        return turn

    def render(self, text: str, goes_on: bool, turn: Turn) -> WireReply:
        """`CON` before a screen that waits for input, `END` before the last one."""
        return WireReply(200, f"{'CON' if goes_on else 'END'} {text}".encode(), _HEADERS)

    def farewell(self, ended: Ended) -> WireReply:
        """An empty 200: nothing is shown any more."""
        return WireReply(200, b"", _HEADERS)


def _ended(fields: dict[str, str]) -> Ended:
    status = fields["status"]
    detail = fields.get("errorMessage") or status
    return Ended(
        session=session(fields, "sessionId", "Send sessionId and phoneNumber."),
        msisdn=caller(fields, "phoneNumber", "Send sessionId and phoneNumber."),
        reason=_REASONS.get(status.lower(), "dropped"),
        detail=detail[:80] if detail.isprintable() else "",
    )


def gateway(account: Account) -> AfricasTalking:
    """This gateway for an account."""
    return AfricasTalking(account)
