"""One text of a caller: what it means, the turns that it makes, and the texts that answer it.

Nothing is kept here: `Turned` says what is to be kept, and the job keeps it in the transaction that ends its task.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import regex

from flows.engine.effects import Transfer
from flows.engine.events import Input, Reply, Start
from flows.engine.keys import KEY_OF
from flows.engine.model import Ask, Block, Menu
from flows.engine.run import Run
from flows.engine.scripts import yes_no
from flows.languages import Language
from flows.operations import Caller
from sessions.runner import Edition, Outcome, Runner
from sms.answers import Answers, block_of, options_of
from sms.conversation import Conversation
from sms.inbound import Open, Vocabulary, Wish, Words, plain
from sms.texts import MORE, Message, messages

CHANNEL = "sms"
FINDER = "find_service"
"""The flow that looks for a service by words."""
_MORE = "01"
_NOTHING = f"{FINDER}.nothing"
_FEWEST = 2
"""Letters of the shortest word that is looked for: PF."""


@dataclass(frozen=True, slots=True)
class Turned:
    """What a text came to: the conversation as it is now, what is sent, and what is owed besides."""

    conversation: Conversation
    sent: tuple[Message, ...]
    transfers: tuple[Transfer, ...] = ()
    late: tuple[str, ...] = ()
    language: str = ""
    """A language that was chosen in this turn, to be remembered."""


class SmsTurns:
    """Takes texts. `new_id` gives a fresh random id, `today` the day in India; `silence` is in seconds."""

    def __init__(
        self,
        runner: Runner,
        languages: Mapping[str, Language],
        *,
        now: Callable[[], int],
        today: Callable[[], date],
        new_id: Callable[[], str],
        silence: int,
    ) -> None:
        self._runner = runner
        self._languages = languages
        self._now = now
        self._today = today
        self._answers = Answers(runner, today)
        self._new_id = new_id
        self._silence = silence
        edition = runner.current
        self.vocabulary = Vocabulary(edition.flows, edition.catalogues.values())

    def language(self, text: str, known: str) -> str:
        """The language to answer in: the caller's own, unless they write in another one's script."""
        letters = regex.findall(r"\p{L}", text)
        if known and (not letters or self._is_in(known, text)):
            return known
        written = [tag for tag in self._languages if self._is_in(tag, text)]
        # Latin letters are how many people write their own language.
        foreign = [tag for tag in written if self._languages[tag].script != "Latn"]
        return next(iter([*foreign, *([known] if known else written)]), "en")

    def _is_in(self, tag: str, text: str) -> bool:
        return regex.search(rf"\p{{Script={self._languages[tag].script}}}", text) is not None

    def turn(self, before: Conversation | None, text: str, caller: Caller, known: str) -> Turned:
        """Take a text; `known` is the language that the caller used last, or ""."""
        live = before if before is not None and self._is_live(before) else None
        if live is not None and live.rest and self._means_more(text, live):
            return Turned(self._with(live, rest=live.rest[1:]), live.rest[:1])
        if tag := self._asks_for(text, live):
            return self._in_language(live, tag, caller)
        wish = self.vocabulary.read(text, awaited=live is not None)
        if live is not None and not self._is_new(wish, text, live):
            outcome = self._answers.taken(live.run, live.options, text, caller)
            wish = wish if isinstance(wish, Open) else self._dialled(text, live)
            if not (isinstance(wish, Open) and outcome.run.no_match):
                return self._told(live, outcome)
        language = self.language(text, before.run.language if before else known)
        match wish:
            case Open(flow=flow, inputs=inputs):
                words: Sequence[str] = inputs
            case Words(text=said) if len(plain(said)) >= _FEWEST and not plain(said).isdigit():
                flow, words = FINDER, (said,)
            case _:
                flow, words = "", ()
        started = self._answers.fed(self._started(language, flow, caller), words, caller)
        if flow == FINDER and live is not None and self._found_nothing(started) and not self._finds(live):
            # Words that name nothing are no other need: what was asked is still waited for.
            return self._told(live, self._answers.taken(live.run, live.options, text, caller))
        return self._told(None, started)

    def _started(self, language: str, flow: str, caller: Caller) -> Outcome:
        return self._runner.turn(
            None, Start(self._new_id(), CHANNEL, self._today(), language=language, flow=flow), caller
        )

    def _found_nothing(self, outcome: Outcome) -> bool:
        return outcome.prompt is not None and outcome.prompt.place == _NOTHING

    def _finds(self, live: Conversation) -> bool:
        return live.run.frames[0].flow == FINDER

    def _asks_for(self, text: str, live: Conversation | None) -> str:
        """The language whose name this text is, where no words are awaited; "" for any other text."""
        if live is not None and self._awaits_words(live) and not isinstance(self._block(live), Menu):
            return ""
        word = plain(text)
        named = (tag for tag, one in self._languages.items() if word in (plain(one.native), plain(one.english)))
        return next(named, "")

    def _in_language(self, live: Conversation | None, tag: str, caller: Caller) -> Turned:
        """Go on in this language, as if it had been chosen by the language key."""
        run = live.run if live is not None else self._started(tag, "", caller).run
        outcome = self._runner.turn(run, Input(KEY_OF[False]["language"], self._today()), caller)
        for option in outcome.prompt.options if outcome.prompt is not None else ():
            if option.label.language == tag:
                outcome = self._runner.turn(outcome.run, Input(option.key, self._today()), caller)
                break
        return self._told(None, outcome)

    def _dialled(self, text: str, live: Conversation) -> Wish:
        """What a text that is no answer means as a service's code: a bare one only where choices are on offer."""
        block = self._block(live)
        wish = self.vocabulary.read(text, awaited=False)
        bare = isinstance(wish, Open) and not wish.inputs and plain(text).isdigit()
        return Words(text) if isinstance(block, Ask) and (bare or block.secret) else wish

    def answered(self, before: Conversation, answer: Reply, caller: Caller) -> Turned:
        """Take the answer of a service that the conversation waits for."""
        return self._told(before, self._runner.turn(before.run, answer, caller))

    def edition(self, run: Run) -> Edition:
        """The flows that a Run began with."""
        return self._runner.edition(run)

    def _is_live(self, one: Conversation) -> bool:
        return not one.run.ended and self._now() - one.at <= self._silence

    def _means_more(self, text: str, live: Conversation) -> bool:
        return self._answers.reading(live.run).fixed_key(text) == _MORE or plain(text) == _MORE

    def _block(self, live: Conversation) -> Block | None:
        return block_of(live.run, self.edition(live.run))

    def _is_new(self, wish: Wish, text: str, live: Conversation) -> bool:
        """Whether this is another need than the one that is being talked about: its words answer nothing here."""
        if self._awaits_words(live) or self._answers.reading(live.run).meant(text, live.options) != text:
            return False
        if not isinstance(wish, Words):
            return True
        said = plain(text)
        return len(said) >= _FEWEST and not any(sign.isdigit() for sign in said) and yes_no(said) is None

    def _awaits_words(self, live: Conversation) -> bool:
        """Whether words are an answer here: a choice by its name, a search, a name."""
        block = self._block(live)
        if isinstance(block, Menu):
            return not live.options  # a long list waits for the letters of a name
        return isinstance(block, Ask) and block.expect.startswith(("words", "letters"))

    def _told(self, before: Conversation | None, outcome: Outcome) -> Turned:
        run, prompt = outcome.run, outcome.prompt
        catalogue = self.edition(run).catalogue(run.language)
        told = messages(prompt, catalogue, before.place if before else "") if prompt is not None else ()
        if prompt is not None and prompt.waiting and outcome.late:
            told = ()  # the answer is the next text; that we are looking is not worth one
        first = next((number for number, one in enumerate(told) if one.key == MORE), len(told))
        place = prompt.place if prompt is not None and not prompt.final else ""
        options = options_of(prompt, catalogue) if prompt is not None else ()
        kept = Conversation(run, self._now(), place, options, told[first:])
        return Turned(kept, told[:first], outcome.transfers, outcome.late, outcome.language)

    def _with(self, one: Conversation, rest: tuple[Message, ...]) -> Conversation:
        return Conversation(one.run, self._now(), one.place, one.options, rest)
