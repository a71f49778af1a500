"""`/ussd/<gateway>`: the webhooks of every aggregator, in one lean view."""

import logging
from collections.abc import Callable, Mapping

from flask import Blueprint, Response, request

from sessions.connection import StoreAway
from ussd.fields import too_long
from ussd.gateways import Ended, Gateway, Refused, Turn, WireReply, WireRequest, refusal
from ussd.turn import Contended, UssdDoor

log = logging.getLogger(__name__)


def blueprint(gateways: Mapping[str, Gateway], door: UssdDoor, away: Callable[[str], str]) -> Blueprint:
    """The door's webhooks; `away` says in the language of a service code that nothing works just now."""
    ussd = Blueprint("ussd", __name__)

    @ussd.route("/ussd/<gateway>", methods=["GET", "POST"])
    def webhook(gateway: str) -> Response:
        known_as = gateways.get(gateway)
        if known_as is None:
            known = ", ".join(sorted(gateways))
            return _response(refusal(Refused(404, f"There is no gateway of this name. Known: {known}.")))
        refused = too_long(request.content_length)
        if refused is not None:
            return _response(refusal(refused))
        wire = WireRequest(
            request.method,
            request.environ.get("QUERY_STRING", ""),
            request.get_data(cache=False),
            request.content_type or "",
            request.headers.get,
        )
        return _response(answer(known_as, wire))

    def answer(gateway: Gateway, wire: WireRequest) -> WireReply:
        match gateway.parse(wire):
            case Refused() as refused:
                return refusal(refused)
            case Ended() as ended:
                try:
                    door.hang_up(ended)
                except StoreAway:
                    log.warning("redis away: the end of a session was not noted")
                return gateway.farewell(ended)
            case Turn() as turn:
                try:
                    text, goes_on = door.take(turn, gateway)
                except (StoreAway, Contended) as gone:
                    log.warning("a turn could not be kept: %s", type(gone).__name__)
                    text, goes_on = away(turn.code), False
                return gateway.render(text, goes_on, turn)

    return ussd


def _response(reply: WireReply) -> Response:
    return Response(reply.body, reply.status, reply.headers)
