"""`/sms/<gateway>/incoming` and `/sms/<gateway>/report`: the webhooks of every SMS aggregator."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol

from flask import Blueprint, Response, request

from records.database import AWAY
from sms.gateways import Gateway, Incoming, Report
from wire.fields import MAX_BODY, Unfit, query_fields, too_long
from wire.webhook import Refused, WireReply, WireRequest, refusal

log = logging.getLogger(__name__)
_AGAIN = Refused(503, "This cannot be kept just now. Send it again in a minute.")

_AGAIN_WHATEVER = frozenset({"kannel"})
"""Gateways that send again whatever is refused, for as long as they try at all (Kannel: `http-request-retry`)."""
_BEFORE_THE_TOKEN = frozenset({401, 403, 405})


class Came(Protocol):
    """Keeps an incoming text (`sms.door.SmsDoor.came`)."""

    def __call__(self, gateway: str, incoming: Incoming, pseudonym: bytes) -> None:
        """Keep it once. Raises what `records.database.AWAY` names."""


class SmsWebhooks:
    """Answers webhooks. `confirm` notes a delivery report: the task's number, what became of it, the gateway's name."""

    def __init__(
        self,
        gateways: Mapping[str, Gateway],
        came: Came,
        confirm: Callable[[int, str, str], bool],
        pseudonym: Callable[[str], bytes],
    ) -> None:
        self._gateways = gateways
        self._came = came
        self._confirm = confirm
        self._pseudonym = pseudonym

    def blueprint(self) -> Blueprint:
        """The Flask views."""
        sms = Blueprint("sms", __name__)

        @sms.route("/sms/<gateway>/incoming", methods=["GET", "POST"])
        def incoming(gateway: str) -> Response:
            return _response(self._answer(gateway, self._incoming))

        @sms.route("/sms/<gateway>/report", methods=["GET", "POST"])
        def report(gateway: str) -> Response:
            return _response(self._answer(gateway, self._report))

        return sms

    def _answer(self, name: str, take: Callable[[Gateway, WireRequest], WireReply]) -> WireReply:
        gateway = self._gateways.get(name)
        if gateway is None:
            known = ", ".join(sorted(self._gateways))
            return refusal(Refused(404, f"There is no gateway of this name. Known: {known}."))
        refused = too_long(request.content_length)
        if refused is not None:
            return refusal(refused)
        if request.method == "HEAD":  # Exotel looks whether somebody is there, and takes a refusal for nobody
            return replace(gateway.taken(), body=b"")
        wire = WireRequest(
            request.method,
            request.environ.get("QUERY_STRING", ""),
            request.stream.read(MAX_BODY + 1),
            request.content_type or "",
            request.headers.get,
        )
        try:
            return take(gateway, wire)
        except AWAY as away:
            log.warning("an SMS webhook could not be kept: %s", type(away).__name__)
            return refusal(_AGAIN)

    def _incoming(self, gateway: Gateway, wire: WireRequest) -> WireReply:
        match gateway.incoming(wire):
            case Refused() as refused:
                return _refused(gateway, wire, refused)
            case Incoming() as incoming:
                self._came(gateway.name, incoming, self._pseudonym(incoming.msisdn))
                return gateway.taken()

    def _report(self, gateway: Gateway, wire: WireRequest) -> WireReply:
        match gateway.report(wire):
            case Refused() as refused:
                return _refused(gateway, wire, refused)
            case Report() as report:
                self._confirm(report.task, report.state, report.ref)
                return gateway.taken()


def _refused(gateway: Gateway, wire: WireRequest, refused: Refused) -> WireReply:
    """The refusal; to whoever was let in and would only send the same again, that it is taken."""
    if gateway.name in _AGAIN_WHATEVER and _was_let_in(wire, refused):
        log.error("a webhook of %s cannot be read, and is let go: %d", gateway.name, refused.status)
        return gateway.taken()
    return refusal(refused)


def _was_let_in(wire: WireRequest, refused: Refused) -> bool:
    """Whether a refusal came after the token was shown: the frame and the query are all that is looked at before."""
    if refused.status in _BEFORE_THE_TOKEN or max(len(wire.body), len(wire.query)) > MAX_BODY:
        return False
    try:
        query_fields(wire)
    except Unfit:
        return False
    return True


def _response(reply: WireReply) -> Response:
    return Response(reply.body, reply.status, reply.headers)
