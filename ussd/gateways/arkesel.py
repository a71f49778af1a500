"""Arkesel: a JSON object a turn, the latest input only, `continueSession` in the answer.

After developers.arkesel.com (USSD) and Arkesel's own samples, github.com/ArkeselDev/php-ussd-sample and
fastapi-ussd-sample. The first `userData` is what was dialled, or empty. It never tells that a session ended.
"""

import json
from dataclasses import replace

from ussd.dialled import split
from ussd.fields import session
from ussd.gateways import Account, Budget, Ended, Turn
from wire.fields import Unfit, caller, check_frame, check_token, given, json_fields, query_fields, typed
from wire.webhook import Refused, WireReply, WireRequest

_WANTED = "Send sessionID, userID, newSession, msisdn, userData and network."
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_HEADERS = (("Content-Type", "application/json"),)


class Arkesel:
    """The gateway; stateless."""

    name = "arkesel"
    methods: tuple[str, ...] = ("POST",)
    budget = Budget()

    def __init__(self, account: Account) -> None:
        self._account = account

    def parse(self, request: WireRequest) -> Turn | Ended | Refused:
        """A turn, the first one with `*123*13*110001#` taken apart: code `123`, text `13*110001`.

        `echo` is the userID and the msisdn as they came, which the answer repeats.
        """
        try:
            check_frame(request, self.methods)
            check_token(request, query_fields(request), self._account.token)
            fields = json_fields(request)
            new = fields.get("newSession")
            if not isinstance(new, bool):
                raise Unfit(400, f"The field newSession must be true or false. {_WANTED}")
            if fields.get("userData") is None:
                fields["userData"] = ""
            text = typed(fields, "userData", _WANTED)
            code, text = split(text, self._account.codes) if new else ("", text)
            return Turn(
                session=session(fields, "sessionID", _WANTED),
                msisdn=caller(fields, "msisdn", _WANTED),
                code=code,
                text=text,
                cumulative=False,
                new=new,
                echo=(typed(fields, "userID", _WANTED), given(fields, "msisdn", _WANTED)),
            )
        except Unfit as unfit:
            return unfit.refused

    def opened(self, turn: Turn) -> Turn:
        """The same turn when it opens the session; else an answer in a session that is gone, which answers nothing."""
        return turn if turn.new else replace(turn, text="")

    def render(self, text: str, goes_on: bool, turn: Turn) -> WireReply:
        """The screen as `message`."""
        user, msisdn = turn.echo
        answer = {
            "sessionID": turn.session,
            "userID": user,
            "msisdn": msisdn,
            "message": text,
            "continueSession": goes_on,
        }
        return WireReply(200, _encode(answer).encode(), _HEADERS)

    def farewell(self, ended: Ended) -> WireReply:
        """An empty object."""
        return WireReply(200, b"{}", _HEADERS)


def gateway(account: Account) -> Arkesel:
    """This gateway for an account."""
    return Arkesel(account)
