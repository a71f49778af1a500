"""Comviva Flares, HTTP pull (Airtel): a GET a turn, the latest input only, `Freeflow: FC` to go on and `FB` to end.

After "HTTP Pull API" of Flares 1.5.0, document version 1.2.0, and what Airtel was seen to send (vumi, pull requests 550
and 559 of github.com/praekeltfoundation/vumi). The first input is the code as dialled, without the outer `*` and `#`.
A session that broke off is told by `clean` and an `error` such as 522 or 523; it is answered by 200.
"""

from dataclasses import replace

from ussd.dialled import split
from ussd.fields import session
from ussd.gateways import Account, Budget, Ended, Turn
from wire.fields import Unfit, caller, check_frame, check_token, query_fields, same, typed
from wire.webhook import Refused, WireReply, WireRequest

_WANTED = "Send SessionID, MSISDN, MSC and input."
_CLEAN = "Send SessionID, msisdn, clean and error."
_TYPE = ("Content-Type", "text/plain; charset=utf-8")
_FREE = (("charge", "N"), ("amount", "0"))
"""A government service costs the caller nothing here."""
_GOES_ON = (_TYPE, ("Freeflow", "FC"), *_FREE)
_ENDS = (_TYPE, ("Freeflow", "FB"), *_FREE)


class Comviva:
    """The gateway; stateless. With a `userid` in its account, that and the password let in, else the token."""

    name = "comviva"
    methods: tuple[str, ...] = ("GET",)
    budget = Budget()

    def __init__(self, account: Account) -> None:
        self._account = account

    def parse(self, request: WireRequest) -> Turn | Ended | Refused:
        """A turn without a code, or the end of a session. Only the store knows whether a session is new."""
        try:
            check_frame(request, self.methods)
            fields = query_fields(request)
            self._check_account(request, fields)
            if "clean" in fields:
                return _ended(fields)
            return Turn(
                session=session(fields, "SessionID", _WANTED),
                msisdn=caller(fields, "MSISDN", _WANTED),
                code="",
                text=typed(fields, "input", _WANTED),
                cumulative=False,
                new=None,
            )
        except Unfit as unfit:
            return unfit.refused

    def _check_account(self, request: WireRequest, fields: dict[str, str]) -> None:
        account = self._account
        if not account.userid:
            check_token(request, fields, account.token)
            return
        known = same(fields.get("userid", ""), account.userid)
        if not (same(fields.get("password", ""), account.password) and known):
            raise Unfit(403, "The userid or the password is missing or wrong.")

    def opened(self, turn: Turn) -> Turn:
        """Takes `123*13*110001` apart: code `123`, text `13*110001`."""
        code, rest = split(turn.text, self._account.codes)
        return replace(turn, code=code, text=rest)

    def render(self, text: str, goes_on: bool, turn: Turn) -> WireReply:
        """The screen as the body, whether it goes on in a header."""
        return WireReply(200, text.encode(), _GOES_ON if goes_on else _ENDS)

    def farewell(self, ended: Ended) -> WireReply:
        """An empty 200."""
        return WireReply(200, b"", (_TYPE,))


def _ended(fields: dict[str, str]) -> Ended:
    error = fields.get("error", "")
    return Ended(
        session=session(fields, "SessionID", _CLEAN),
        msisdn=caller(fields, "msisdn" if "msisdn" in fields else "MSISDN", _CLEAN),
        reason="dropped",
        detail=error[:80] if error.isprintable() else "",
    )


def gateway(account: Account) -> Comviva:
    """This gateway for an account."""
    return Comviva(account)
