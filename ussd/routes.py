"""`/ussd/<gateway>`: the webhooks of every aggregator.

A well-formed webhook is answered in front of Flask, by the same `answer` that the Flask view uses: Flask's request
object costs as much as the whole turn (decision 0003). Whatever is unusual (an unknown gateway, another method, a body
too long) goes through Flask.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from time import perf_counter
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from figures.tally import FAULT, Tally
from sessions.connection import StoreAway
from ussd.gateways import Ended, Gateway, Turn
from ussd.turn import CHANNEL, Contended, UssdDoor
from wire.fields import MAX_BODY, too_long
from wire.webhook import Refused, WireReply, WireRequest, refusal

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)
PREFIX = "/ussd/"
_STATUS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


class Webhooks:
    """Answers webhooks. `away` says in the language of a service code that nothing works just now."""

    def __init__(
        self, gateways: Mapping[str, Gateway], door: UssdDoor, away: Callable[[str], str], tally: Tally
    ) -> None:
        self._gateways = gateways
        self._by_path = {f"{PREFIX}{name}": gateway for name, gateway in gateways.items()}
        self._door = door
        self._away = away
        self._tally = tally

    def answer(self, gateway: Gateway, wire: WireRequest) -> WireReply:
        """The answer to one webhook; never raises."""
        match gateway.parse(wire):
            case Refused() as refused:
                return refusal(refused)
            case Ended() as ended:
                self._hang_up(ended)
                return gateway.farewell(ended)
            case Turn() as turn:
                begun = perf_counter()
                text, goes_on = self._take(turn, gateway)
                self._tally.took(CHANNEL, perf_counter() - begun)
                return gateway.render(text, goes_on, turn)

    def _take(self, turn: Turn, gateway: Gateway) -> tuple[str, bool]:
        try:
            return self._door.take(turn, gateway)
        except (StoreAway, Contended) as gone:
            self._tally.count(FAULT, CHANNEL, place=type(gone).__name__)
            log.warning("a turn could not be kept: %s", type(gone).__name__)
        except Exception as fault:
            self._tally.count(FAULT, CHANNEL, place=type(fault).__name__)
            log.error("a turn failed: %s", type(fault).__name__, exc_info=_without_message(fault))
        return self._away(turn.code), False

    def _hang_up(self, ended: Ended) -> None:
        try:
            self._door.hang_up(ended)
        except StoreAway:
            log.warning("redis away: the end of a session was not noted")
        except Exception as fault:
            log.error("the end of a session was not noted", exc_info=_without_message(fault))

    def blueprint(self) -> Blueprint:
        """The same webhooks as a Flask view."""
        ussd = Blueprint("ussd", __name__)

        @ussd.route(f"{PREFIX}<gateway>", methods=["GET", "POST"])
        def webhook(gateway: str) -> Response:
            found = self._gateways.get(gateway)
            if found is None:
                known = ", ".join(sorted(self._gateways))
                return _response(refusal(Refused(404, f"There is no gateway of this name. Known: {known}.")))
            refused = too_long(request.content_length)
            if refused is not None:
                return _response(refusal(refused))
            wire = WireRequest(
                request.method,
                request.environ.get("QUERY_STRING", ""),
                request.stream.read(MAX_BODY + 1),
                request.content_type or "",
                request.headers.get,
            )
            return _response(self.answer(found, wire))

        return ussd

    def in_front_of(self, flask: "WSGIApplication") -> "WSGIApplication":
        """The WSGI application that takes well-formed webhooks itself and leaves all else to Flask."""
        by_path, answer = self._by_path, self.answer

        def serve(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
            gateway = by_path.get(environ["PATH_INFO"])
            method = environ["REQUEST_METHOD"]
            length = environ.get("CONTENT_LENGTH") or ("0" if method == "GET" else "")
            if gateway is None or method not in ("GET", "POST") or not length.isdecimal() or int(length) > MAX_BODY:
                return flask(environ, start_response)
            body = environ["wsgi.input"].read(int(length)) if length != "0" else b""

            def header(name: str) -> str | None:
                return environ.get(f"HTTP_{name.upper().replace('-', '_')}")

            query, content_type = environ.get("QUERY_STRING", ""), environ.get("CONTENT_TYPE", "")
            reply = answer(gateway, WireRequest(method, query, body, content_type, header))
            length_told = ("Content-Length", str(len(reply.body)))
            start_response(_STATUS[reply.status], [*reply.headers, length_told])
            return (reply.body,)

        return serve


def _without_message(fault: Exception) -> BaseException:
    """The fault with its place and without its words, which may hold what a caller typed."""
    return RuntimeError(type(fault).__name__).with_traceback(fault.__traceback__)


def _response(reply: WireReply) -> Response:
    return Response(reply.body, reply.status, reply.headers)
