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
from flows.engine.wording import text_of
from flows.operations import Caller
from sessions.codec import SessionRecord, decode, encode, fingerprint
from sessions.keyring import Keyring
from sessions.runner import Runner
from sessions.store import Store
from ussd.cumulative import first_inputs, latest
from ussd.gateways import Ended, Gateway, Turn
from ussd.screen import pages

log = logging.getLogger(__name__)
DOOR = b"u"
CHANNEL = "ussd"
MORE = "01"
_TRIES = 5
_REQUIRED = frozenset({"more", "narrow_list", "back"})
"""Fixed keys that are always shown where they do something; the others where there is room."""
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
        for _ in range(_TRIES):
            loaded = self._store.load(key, (language_key,))
            record = decode(loaded.value) if loaded.value is not None else None
            answered = self._again(record, turn)
            if answered is not None:
                return answered
            caller = Caller(pseudonym, turn.msisdn, CHANNEL)
            language = loaded.extras[0]
            new, chosen = self._next(record, turn, gateway, caller, language.decode() if language else "")
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

    def _again(self, record: SessionRecord | None, turn: Turn) -> tuple[str, bool] | None:
        """The answer that this webhook got before, if it is a repeat, late or of a session that is over; else None."""
        if record is None:
            return None
        session = fingerprint(turn.session)
        if session != record.session:
            return self._old_screen(record.run) if session == record.previous else None
        if turn.cumulative:
            return None if _latest(record, turn.text) is not None else (record.reply, record.goes_on)
        same = fingerprint(turn.text) == record.typed
        soon = self._now() - record.at <= _REPEAT_SECONDS
        repeated = same and (soon or (turn.new is True and not record.run.ended))
        return (record.reply, record.goes_on) if repeated else None

    def _next(
        self, record: SessionRecord | None, turn: Turn, gateway: Gateway, caller: Caller, language: str
    ) -> tuple[SessionRecord, str]:
        """The record after this turn, and the language if one was chosen."""
        session = fingerprint(turn.session)
        if record is None or record.session != session or (turn.new and not turn.cumulative):
            return self._opened(record, turn, gateway, caller, language)
        text = _latest(record, turn.text) if turn.cumulative else turn.text
        assert text is not None
        if text == MORE and record.rest:
            return self._kept(record, turn, record.run, record.rest, goes_on=record.stays), ""
        return self._ran(record, turn, gateway, record.run, Input(text, self._today()), caller)

    def _opened(
        self, record: SessionRecord | None, turn: Turn, gateway: Gateway, caller: Caller, language: str
    ) -> tuple[SessionRecord, str]:
        first = gateway.opened(turn)
        run = record.run if record is not None and self._now() - record.at <= self._times.resume else None
        start = Start(
            self._new_id(),
            CHANNEL,
            self._today(),
            language=language or self._language_of(first.code),
            inputs=first_inputs(first.text),
        )
        return self._ran(record, turn, gateway, run, start, caller)

    def _ran(
        self,
        record: SessionRecord | None,
        turn: Turn,
        gateway: Gateway,
        run: Run | None,
        event: Event,
        caller: Caller,
    ) -> tuple[SessionRecord, str]:
        outcome = self._runner.turn(run, event, caller)
        if outcome.prompt is None:
            outcome = self._runner.turn(outcome.run, Again(), caller)
        for transfer in outcome.transfers:
            log.info("helpline: %s at %s", transfer.reason, transfer.path[-1])
        edition = self._runner.edition(outcome.run)
        catalogue = edition.catalogue(outcome.run.language)
        assert outcome.prompt is not None
        text = text_of(outcome.prompt, catalogue)
        required = tuple(line for name, line in text.keys if name in _REQUIRED)
        optional = tuple(line for name, line in text.keys if name not in _REQUIRED)
        more = f"{MORE} {edition.common('more', catalogue.tag)}"
        shown = pages(text.body, gateway.budget, more=more, required=required, optional=optional)
        stays = not outcome.prompt.final
        return self._kept(record, turn, outcome.run, shown, goes_on=stays), outcome.language

    def _kept(
        self, record: SessionRecord | None, turn: Turn, run: Run, shown: tuple[str, ...], *, goes_on: bool
    ) -> SessionRecord:
        """The session with the first of these pages on the screen and the rest behind it."""
        session = fingerprint(turn.session)
        changed = record is not None and record.session != session
        previous = record.session if changed and record is not None else (record.previous if record else b"")
        return SessionRecord(
            session=session,
            previous=previous,
            typed_length=len(turn.text),
            typed=fingerprint(turn.text),
            at=self._now(),
            reply=shown[0],
            rest=shown[1:],
            stays=goes_on,
            run=run,
        )

    def _old_screen(self, run: Run) -> tuple[str, bool]:
        edition = self._runner.edition(run)
        return edition.common("old_screen", run.language), False


def _latest(record: SessionRecord, text: str) -> str | None:
    """What a cumulative text adds to the one before; None for a text that was taken already, or came out of order.

    Of the text before only its length and fingerprint are kept: it may hold a PIN.
    """
    before = text[: record.typed_length]
    if len(text) <= record.typed_length or fingerprint(before) != record.typed:
        return None
    return latest(before, text)
