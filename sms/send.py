"""The job that sends a text: to the first gateway that takes it, and never twice on purpose.

A text whose fate is not known (`Claimed.unsure`) goes to the same gateway again only, under the same key, and where the
gateway does not know keys, only after its delivery report had time to come.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from records.outbox import Claimed, Dead, Done, Later, Result
from sms.gateways import Accepted, Gateway, Outgoing, Rejected, Sent, Unsure
from sms.templates import Templates
from sms.texts import Message

log = logging.getLogger(__name__)
TOO_OLD = 6 * 3600
"""Seconds after which nobody waits for a text any more."""
REPORT_SECONDS = 60
"""How long a delivery report may take before a text whose fate is not known is sent again."""


def held(message: Message, *, last: bool = False) -> Mapping[str, Any]:
    """A message as its task holds it; `last`: it answers STOP itself, and is sent all the same."""
    return {"key": message.key, "text": message.text, "demo": message.demo, "last": last}


class Sending:
    """Sends texts. `gateways`: the first is asked first, the next when that one does not take it.

    `demo` says that texts may be sent that are of a demonstration, or whose template is not registered yet.
    """

    def __init__(
        self, gateways: Sequence[Gateway], templates: Templates, *, now: Callable[[], int], demo: bool
    ) -> None:
        self._gateways = gateways
        self._templates = templates
        self._now = now
        self._demo = demo

    def __call__(self, task: Claimed) -> Result:
        """Send the text of a task, or say why not."""
        held = task.held
        if task.blocked or not (task.wanted or held["last"]):
            return Done("stopped")
        if self._now() - task.made_at > TOO_OLD:
            return Dead("too_old")
        message = Message(held["key"], task.caller.language, held["text"], held["demo"])
        template = self._templates.of(message, demo=self._demo)
        if template is None:
            log.error("a text of %s in %s equals no template, and is not sent", message.key, message.language)
            return Dead("no_template")
        if not template.id and not self._demo:
            return Dead("not_registered")
        return self._send(task, Outgoing(task.number, task.key, task.caller.msisdn, message.text, template.id))

    def _to_ask(self, task: Claimed) -> Sequence[Gateway]:
        """All of them in order; of a text that one may have already, that one alone."""
        if not task.unsure:
            return self._gateways
        before = task.reason.partition(":")[0]
        return [gateway for gateway in self._gateways if gateway.name == before] or self._gateways[:1]

    def _send(self, task: Claimed, outgoing: Outgoing) -> Result:
        if task.unsure and not task.reason and not self._gateways[0].idempotent:
            # Whoever tried was killed over it, and could not wait for the report.
            return Later(f"{self._gateways[0].name}:killed", unsure=True, seconds=REPORT_SECONDS)
        reason = ""
        for gateway in self._to_ask(task):
            match _asked(gateway, outgoing):
                case Accepted(ref=ref):
                    return Done(f"{gateway.name}:{ref}")
                case Unsure(reason=why):
                    pause = 0 if gateway.idempotent else REPORT_SECONDS
                    return Later(f"{gateway.name}:{why}", unsure=True, seconds=pause)
                case Rejected(reason=why, lasting=True):
                    return Dead(f"{gateway.name}:{why}")
                case Rejected(reason=why):
                    reason = f"{gateway.name}:{why}"
        return Later(reason)


def _asked(gateway: Gateway, outgoing: Outgoing) -> Sent:
    try:
        return gateway.send(outgoing)
    except Exception as fault:
        # Its text may hold the number.
        log.error("gateway %s failed: %s", gateway.name, type(fault).__name__)
        return Unsure(f"fault_{type(fault).__name__}")
