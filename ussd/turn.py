"""One USSD turn: find the session, tell a repeat from an answer, let the runner take it, cut the screen, keep it all.

Two Redis commands: one reads the session and the caller's language, one writes both by compare-and-set. A webhook that
comes twice gets the same answer and changes nothing; of two that come at once, one is taken first and the other then
sees its result.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from flows.engine.events import Again, Disconnect, Event, Input, Start
from flows.engine.run import Run
from flows.operations import Caller
from sessions.codec import SessionRecord, decode, encode, fingerprint
from sessions.keyring import Keyring
from sessions.runner import Runner
from sessions.store import Store
from ussd.cumulative import first_inputs, latest
from ussd.gateways import Ended, Gateway, Turn
from ussd.prompts import screens

log = logging.getLogger(__name__)
DOOR = b"u"
CHANNEL = "ussd"
MORE = "01"
_TRIES = 5
_REPEAT_SECONDS = 1
"""The same input in the same session within this time is a repeat, where a gateway sends the latest input only."""


@dataclass(frozen=True, slots=True)
class Times:
    """How long things last, in seconds."""

    session: int = 600
    resume: int = 600
    language: int = 400 * 24 * 3600


class Contended(RuntimeError):
    """Webhooks of one caller overtook each other again and again."""


class UssdDoor:
    """Takes turns for every gateway. `now` gives Unix seconds, `today` the day in India, `new_id` a fresh random id.

    `language_of` gives the language that is tied to a service code, or "".
    """

    def __init__(
        self,
        store: Store,
        keyring: Keyring,
        runner: Runner,
        *,
        now: Callable[[], int],
        today: Callable[[], date],
        new_id: Callable[[], str],
        language_of: Callable[[str], str] = lambda code: "",
        times: Times = Times(),
    ) -> None:
        self._store = store
        self._keyring = keyring
        self._runner = runner
        self._now = now
        self._today = today
        self._new_id = new_id
        self._language_of = language_of
        self._times = times

    def take(self, turn: Turn, gateway: Gateway) -> tuple[str, bool]:
        """The screen that answers this turn, and whether the session goes on. Raises StoreAway, Contended."""
        pseudonym = self._keyring.pseudonym(turn.msisdn)
        key, language_key = DOOR + pseudonym, b"l" + pseudonym
        came = _Came(turn, gateway, fingerprint(turn.session), Caller(pseudonym, turn.msisdn, CHANNEL))
        for _ in range(_TRIES):
            loaded = self._store.load(key, (language_key,))
            record = decode(loaded.value) if loaded.value is not None else None
            if record is None or record.session != came.session:
                if record is not None and record.previous == came.session:
                    return self._old_screen(record.run), False
                language = loaded.extras[0]
                new, chosen = self._opened(record, came, language.decode() if language else "")
            else:
                text = self._typed(record, came)
                if text is None:
                    return record.reply, record.goes_on
                new, chosen = self._answered(record, came, text)
            also = ((language_key, chosen.encode(), self._times.language),) if chosen else ()
            if self._store.save(key, encode(new), loaded.version, self._times.session, also):
                return new.reply, new.goes_on
        raise Contended

    def hang_up(self, ended: Ended) -> None:
        """The network says that this session is over: what must not outlast it is dropped. Raises StoreAway."""
        key = DOOR + self._keyring.pseudonym(ended.msisdn)
        for _ in range(_TRIES):
            loaded = self._store.load(key)
            record = decode(loaded.value) if loaded.value is not None else None
            if record is None or record.session != fingerprint(ended.session) or record.run.ended:
                return
            caller = Caller(b"", ended.msisdn, CHANNEL)
            run = self._runner.turn(record.run, Disconnect(), caller).run
            if self._store.save(key, encode(replace(record, run=run)), loaded.version, self._times.session):
                return

    def _typed(self, record: SessionRecord, came: "_Came") -> str | None:
        """What this webhook of a known session adds; None for one that was answered already, or comes out of order."""
        turn = came.turn
        if turn.cumulative:
            return _latest(record, turn.text)
        if fingerprint(turn.text) == record.typed:
            repeated = self._now() - record.at <= _REPEAT_SECONDS
            return None if repeated or turn.new else turn.text
        return turn.text

    def _answered(self, record: SessionRecord, came: "_Came", text: str) -> tuple[SessionRecord, str]:
        """The record after an input, and the language if one was chosen."""
        if text == MORE and record.rest:
            return self._kept(record, came, record.run, record.rest, stays=record.stays), ""
        return self._ran(record, came, record.run, Input(text, self._today()))

    def _opened(self, record: SessionRecord | None, came: "_Came", language: str) -> tuple[SessionRecord, str]:
        """The record of a session that begins; what was dropped a while ago is offered again."""
        first = came.gateway.opened(came.turn)
        run = record.run if record is not None and self._now() - record.at <= self._times.resume else None
        start = Start(
            self._new_id(),
            CHANNEL,
            self._today(),
            language=language or self._language_of(first.code),
            inputs=first_inputs(first.text) if first.text else (),
        )
        return self._ran(record, came, run, start)

    def _ran(
        self, record: SessionRecord | None, came: "_Came", run: Run | None, event: Event
    ) -> tuple[SessionRecord, str]:
        outcome = self._runner.turn(run, event, came.caller)
        if outcome.prompt is None:
            outcome = self._runner.turn(outcome.run, Again(), came.caller)
        for transfer in outcome.transfers:
            log.info("helpline: %s at %s", transfer.reason, transfer.path[-1])
        catalogue = self._runner.edition(outcome.run).catalogue(outcome.run.language)
        prompt = outcome.prompt
        assert prompt is not None
        shown = screens(prompt, catalogue, came.gateway.budget)
        return self._kept(record, came, outcome.run, shown, stays=not prompt.final), outcome.language

    def _kept(
        self, record: SessionRecord | None, came: "_Came", run: Run, shown: tuple[str, ...], *, stays: bool
    ) -> SessionRecord:
        """The session with the first of these pages on the screen and the rest behind it."""
        same = record is not None and record.session == came.session
        text = came.turn.text
        return SessionRecord(
            session=came.session,
            previous=b"" if record is None else record.previous if same else record.session,
            typed_length=len(text),
            typed=fingerprint(text),
            at=self._now(),
            reply=shown[0],
            rest=shown[1:],
            stays=stays,
            run=run,
        )

    def _old_screen(self, run: Run) -> str:
        return self._runner.edition(run).common("old_screen", run.language)


@dataclass(slots=True)
class _Came:
    """A webhook on its way through one turn."""

    turn: Turn
    gateway: Gateway
    session: bytes
    caller: Caller


def _latest(record: SessionRecord, text: str) -> str | None:
    """What a cumulative text adds to the one before; None for a text that was taken already, or came out of order.

    Of the text before only its length and fingerprint are kept: it may hold a PIN.
    """
    before = text[: record.typed_length]
    if len(text) <= record.typed_length or fingerprint(before) != record.typed:
        return None
    return latest(before, text)
