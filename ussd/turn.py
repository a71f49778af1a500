"""One USSD turn: find the session, tell a repeat from an answer, let the runner take it, cut the screen, keep it all.

Two Redis commands: one reads the session and the caller's language, one writes both by compare-and-set. A webhook that
comes twice gets the same answer and changes nothing; of two that come at once, one is taken first and the other then
sees its result.
"""

import logging
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date

from figures.tally import Tally
from figures.transactions import NO_USE, Use, followed, packed
from figures.turns import count_turn
from flows.engine.events import Again, Disconnect, Event, Input, Start
from flows.engine.run import Run
from flows.operations import Caller
from sessions.codec import SessionRecord, decode, encode, fingerprint
from sessions.keyring import Keyring
from sessions.languages import KEPT as LANGUAGE_KEPT
from sessions.languages import language_key
from sessions.promises import NotKept, Promises
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


_Went = tuple[SessionRecord, str, tuple[bytes, ...]]
"""A session, the language that was chosen or "", and the transactions that ended, packed."""


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
        promises: Promises,
        *,
        now: Callable[[], int],
        today: Callable[[], date],
        new_id: Callable[[], str],
        language_of: Callable[[str], str] = lambda code: "",
        times: Times = Times(),
        tally: Tally,
        services: AbstractSet[str],
    ) -> None:
        self._store = store
        self._keyring = keyring
        self._runner = runner
        self._now = now
        self._today = today
        self._new_id = new_id
        self._language_of = language_of
        self._times = times
        self._tally = tally
        self._services = services
        self._promises = promises

    def take(self, turn: Turn, gateway: Gateway) -> tuple[str, bool]:
        """The screen that answers this turn, and whether the session goes on. Raises StoreAway, Contended.

        When the turn promises something that cannot be kept, that is said, and the session stands where it stood.
        """
        try:
            return self._taken(turn, gateway)
        except NotKept as not_kept:
            return not_kept.sentence, False

    def live(self, pseudonym: bytes) -> tuple[Run, int] | None:
        """The Run of a caller's session here and when it was last touched, in Unix seconds. Raises StoreAway."""
        loaded = self._store.load(DOOR + pseudonym)
        record = decode(loaded.value) if loaded.value is not None else None
        return None if record is None else (record.run, record.at)

    def _taken(self, turn: Turn, gateway: Gateway) -> tuple[str, bool]:
        pseudonym = self._keyring.pseudonym(turn.msisdn)
        key, chosen_key = DOOR + pseudonym, language_key(pseudonym)
        came = _Came(turn, gateway, fingerprint(turn.session), Caller(pseudonym, turn.msisdn, CHANNEL))
        for _ in range(_TRIES):
            loaded = self._store.load(key, (chosen_key,))
            record = decode(loaded.value) if loaded.value is not None else None
            if record is None or record.session != came.session:
                if record is not None and record.previous == came.session:
                    return self._old_screen(record.run), False
                language = loaded.extras[0]
                new, chosen, ended = self._opened(record, came, language.decode() if language else "")
            else:
                text = self._typed(record, came)
                if text is None:
                    return record.reply, record.goes_on
                new, chosen, ended = self._answered(record, came, text)
            also = ((chosen_key, chosen.encode(), LANGUAGE_KEPT),) if chosen else ()
            if self._store.save(key, encode(new), loaded.version, self._times.session, also, ended):
                self._count(record, new)
                return new.reply, new.goes_on
        raise Contended

    def _count(self, record: SessionRecord | None, new: SessionRecord) -> None:
        """Count a turn that was kept."""
        before = record.run if record is not None and record.session == new.session else None
        paged = before is new.run
        answered = before if record is not None and record.stays and not paged else None
        count_turn(self._tally, new.run, answered=answered, prompted=new.stays and not paged)

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

    def _answered(self, record: SessionRecord, came: "_Came", text: str) -> _Went:
        """The record after an input, the language if one was chosen, and the transactions that it ended."""
        if text == MORE and record.rest:
            return self._kept(record, came, record.run, record.rest, record.use, stays=record.stays), "", ()
        return self._ran(record, came, record.run, Input(text, self._today()))

    def _opened(self, record: SessionRecord | None, came: "_Came", language: str) -> _Went:
        """The record of a session that begins; what was dropped a while ago is offered again."""
        first = came.gateway.opened(came.turn)
        run = record.run if record is not None and self._now() - record.at <= self._times.resume else None
        start = Start(
            self._new_id(),
            CHANNEL,
            self._today(),
            language=language or self._language_of(first.code),
            inputs=first_inputs(first.text) if first.text else (),
            sms=True,
        )
        return self._ran(record, came, run, start)

    def _ran(self, record: SessionRecord | None, came: "_Came", run: Run | None, event: Event) -> _Went:
        outcome = self._runner.turn(run, event, came.caller)
        if outcome.prompt is None:
            ended = outcome.ended
            outcome = self._runner.turn(outcome.run, Again(), came.caller)
            outcome = replace(outcome, ended=outcome.ended or ended)
        edition = self._runner.edition(outcome.run)
        outcome = self._promises.keep(outcome, edition, came.caller, CHANNEL)
        catalogue = edition.catalogue(outcome.run.language)
        prompt = outcome.prompt
        assert prompt is not None
        shown = screens(prompt, catalogue, came.gateway.budget)
        use, transactions = followed(
            record.run if record is not None else None,
            record.use if record is not None else NO_USE,
            outcome.run,
            outcome.ended,
            now=self._now(),
            services=self._services,
            pseudonym=came.caller.pseudonym,
        )
        kept = self._kept(record, came, outcome.run, shown, use, stays=not prompt.final)
        return kept, outcome.language, tuple(map(packed, transactions))

    def _kept(
        self, record: SessionRecord | None, came: "_Came", run: Run, shown: tuple[str, ...], use: Use, *, stays: bool
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
            use=use,
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
