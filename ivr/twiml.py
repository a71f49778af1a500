"""Verbs as TwiML, for the dialects that speak it: Twilio, what is compatible with it, and nearly Exotel.

After twilio.com/docs/voice/twiml (Gather, Say, Play, Pause, Redirect, Enqueue, Dial, Reject, Hangup); the package
`twilio` writes it. (Its TwiML half takes some 2 MB of memory and 15 ms; its REST half is never loaded.)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from twilio.twiml.voice_response import VoiceResponse

from ivr.addresses import Addresses
from ivr.fields import dialable
from ivr.spoken import pieces
from ivr.verbs import Again, Dial, Enqueue, Gather, Hangup, Heard, Pause, Play, Reject, Say, Speak, Verb


@dataclass(frozen=True, slots=True)
class Style:
    """How a provider's TwiML differs from Twilio's. `voices`: what Say needs for each of our language tags."""

    voices: Mapping[str, Mapping[str, str]] = MappingProxyType({})
    asks_on_silence: bool = True
    """Knows `actionOnEmptyResult`; else a Redirect behind Gather brings the silence to us."""
    reject: bool = True
    queue: bool = True


def document(verbs: tuple[Verb, ...], style: Style, addresses: Addresses, number: str) -> str:
    """The whole document. `number`: ours, which whoever is dialled sees instead of the citizen's."""
    response = VoiceResponse()
    for verb in verbs:
        _put(response, verb, style, addresses, number)
    return str(response.to_xml())


def _put(response: Any, verb: Verb, style: Style, addresses: Addresses, number: str) -> None:
    match verb:
        case Gather():
            _gather(response, verb, style, addresses)
        case Say(heard):
            _say(response, heard, style)
        case Again(turn):
            response.redirect(addresses.again(turn), method="POST")
        case Enqueue(queue, turn):
            if style.queue:
                response.enqueue(queue, action=addresses.waited(turn), method="POST")
            else:
                response.redirect(addresses.waited(turn), method="POST")
        case Dial(to, seconds):
            if dialable(to):
                response.dial(to, timeout=seconds, caller_id=number)
        case Reject() if style.reject:
            response.reject()
        case Reject() | Hangup():
            response.hangup()


def _gather(response: Any, verb: Gather, style: Style, addresses: Addresses) -> None:
    there = addresses.answered(verb.turn)
    gather = response.gather(
        action=there,
        method="POST",
        finish_on_key="#",
        timeout=verb.seconds,
        num_digits=verb.digits or None,
        input="dtmf" if style.asks_on_silence else None,
        action_on_empty_result=True if style.asks_on_silence else None,
    )
    _say(gather, verb.heard, style)
    if not style.asks_on_silence:
        response.redirect(there, method="POST")


def _say(parent: Any, heard: tuple[Heard, ...], style: Style) -> None:
    for part in heard:
        match part:
            case Play(url):
                parent.play(url)
            case Pause(seconds):
                parent.pause(length=seconds)
            case Speak(text, language):
                if voice := style.voices.get(language):
                    for piece in pieces(text):
                        parent.say(piece, **voice)
