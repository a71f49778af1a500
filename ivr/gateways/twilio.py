"""Twilio and its compatibles (`ivr.profiles`): signed forms in, TwiML out, calls by REST.

Webhooks: twilio.com/docs/voice/twiml (their fields), …/docs/voice/api/call-resource (statuses, and their
SequenceNumber: they arrive out of order); answering machines: …/docs/voice/answering-machine-detection, in the way that
waits for the verdict, so that the first turn knows `AnsweredBy`. Twilio itself rings nobody from an Indian number.

In the account `user` is the account's SID and `password` its auth token, which signs the webhooks as well; SignalWire
has a signing key for that and Telnyx a public key: they are its `token`. The signature is over the address as the
provider knows it, so `public_url` must be exactly that. Fields of REST: POST …/Calls of Twilio's OpenAPI description.
"""

import json

from ivr.addresses import Addresses, asked_in, turn_of, waited_in
from ivr.fields import citizen, count, dialable, identifier, keyed, ours, task
from ivr.gateways import Account, CallStatus, CallTurn, Hook, MissedCall, Outgoing, Placed, Reject, Verb
from ivr.markup import NOTHING, reply
from ivr.profiles import PROFILES
from ivr.signatures import check_ed25519, check_twilio
from ivr.twiml import document
from wire.asking import Answer, Line, Rejected, Unsure, failure, members
from wire.fields import Unfit, check_frame, form_fields, query_fields
from wire.webhook import Refused, WireReply, WireRequest

_WANTED = "Send CallSid, From, To, Direction and CallStatus."
_STATES = {
    "queued": "ringing",
    "initiated": "ringing",
    "ringing": "ringing",
    "in-progress": "answered",
    "answered": "answered",
    "completed": "done",
    "busy": "busy",
    "no-answer": "no_answer",
    "failed": "failed",
    "canceled": "canceled",
}
_EVENTS = ("initiated", "ringing", "answered", "completed")
_LASTING = {21211: "bad_number", 21214: "bad_number", 21217: "bad_number", 13224: "bad_number"}
"""Errors that another try does not mend (twilio.com/docs/api/errors)."""
_MET = ("bridged", "bridging-in-process", "redirected-from-bridged")
"""Results of a queue in which somebody spoke with the caller (twilio.com/docs/voice/twiml/enqueue)."""


class Twilio:
    """The dialect; stateless."""

    name = "twilio"

    def __init__(self, account: Account) -> None:
        self._account = account
        self._profile = PROFILES[account.profile or "twilio"]
        self._addresses = Addresses(account.public_url, self.name)
        self._line = Line(account.base_url, account.seconds)
        self.capabilities = self._profile.capabilities

    def parse(self, hook: Hook, request: WireRequest) -> CallTurn | CallStatus | MissedCall | Refused:
        """A signed form; the task of a call that we placed, and the turn, are in the address that it was given."""
        try:
            fields = self._signed(hook, request)
            call = identifier(fields, "CallSid", _WANTED)
            came_in = not fields.get("Direction", "").startswith("outbound") and not task(query_fields(request))
            citizen_at, ours_at = ("From", "To") if came_in else ("To", "From")
            msisdn, number = citizen(fields, citizen_at), ours(fields, ours_at)
            if hook == "missed":
                return MissedCall(call, msisdn, number)
            if hook == "call":
                return _turn(call, msisdn, number, came_in, fields, query_fields(request))
            state = _STATES.get(identifier(fields, "CallStatus", _WANTED), "ringing")
            return CallStatus(
                call,
                msisdn,
                number,
                came_in,
                state,
                order=count(fields, "SequenceNumber"),
                seconds=count(fields, "CallDuration"),
                task=task(query_fields(request)),
            )
        except Unfit as unfit:
            return unfit.refused

    def _signed(self, hook: str, request: WireRequest) -> dict[str, str]:
        check_frame(request, ("POST",))
        fields = form_fields(request)
        profile = self._profile
        key: str = getattr(self._account, profile.signed_by)
        if profile.ed25519:
            check_ed25519(request, profile.signature, key)
        else:
            check_twilio(request, profile.signature, self._addresses.signed(hook, request.query), fields, key)
        return fields

    def render(self, verbs: tuple[Verb, ...]) -> WireReply:
        """TwiML."""
        written = document(verbs, self._profile.style, self._addresses, self._account.number)
        return reply(written, self.capabilities.most_bytes)

    def acknowledged(self, heard: CallStatus | MissedCall) -> WireReply:
        """Reject for a missed call, which is then answered and billed to nobody; nothing for a status."""
        return self.render((Reject(),)) if isinstance(heard, MissedCall) else NOTHING

    def place(self, outgoing: Outgoing) -> Placed | Rejected | Unsure:
        """POST …/Calls; the answer names the call."""
        if not dialable(outgoing.to):
            return Rejected("bad_number", lasting=True)
        account, profile = self._account, self._profile
        fields = [
            ("To", outgoing.to),
            ("From", account.number),
            ("Url", self._addresses.placed(outgoing.task)),
            ("StatusCallback", self._addresses.status(outgoing.task)),
            ("Timeout", str(max(profile.ring_at_least, outgoing.ring_seconds))),
            ("TimeLimit", str(max(profile.talk_at_least, outgoing.limit_seconds))),
            ("MachineDetection", "Enable"),
        ]
        if profile.needs_app:
            fields.append(("ApplicationSid", account.app))
        path = profile.calls.format(user=account.user)
        if profile.bearer:
            named = dict(fields)
            seconds = {name: int(named[name]) for name in ("Timeout", "TimeLimit")}
            asked = {**named, **seconds, "StatusCallbackEvent": " ".join(_EVENTS)}
            headers = {"content-type": "application/json", "authorization": f"Bearer {account.password}"}
            return _came_of(self._line.post(path, headers, json.dumps(asked).encode()))
        fields += [("StatusCallbackEvent", event) for event in _EVENTS]
        return _came_of(self._line.form(path, fields, account.user, account.password))


def _turn(
    call: str, msisdn: str, number: str, came_in: bool, fields: dict[str, str], query: dict[str, str]
) -> CallTurn:
    waited = ""
    if waited_in(query):
        waited = "met" if fields.get("QueueResult", "") in _MET else "unmet"
    answered_by = fields.get("AnsweredBy", "")
    return CallTurn(
        call,
        msisdn,
        number,
        came_in,
        turn=turn_of(query),
        keys=keyed(fields, "Digits") if asked_in(query) else None,
        by_machine=answered_by.startswith("machine") or answered_by == "fax",
        task=task(query),
        waited=waited,
    )


def _came_of(answer: Answer | Rejected | Unsure) -> Placed | Rejected | Unsure:
    if not isinstance(answer, Answer):
        return answer
    said = members(answer)
    if answer.status in (200, 201):
        named = [said[name] for name in ("sid", "call_sid") if isinstance(said.get(name), str)]
        if not named and said.get("status") != "queued":
            return Unsure("broken_answer")
        return Placed(next((name for name in named if len(name) <= 128 and name.isprintable()), ""))
    code = said.get("code")
    if answer.status == 400 and isinstance(code, int):
        return Rejected(_LASTING.get(code, f"twilio_{code}"), lasting=code in _LASTING)
    return failure(answer.status)


def gateway(account: Account) -> Twilio:
    """This dialect for an account. Raises KeyError for a profile that there is not."""
    return Twilio(account)
