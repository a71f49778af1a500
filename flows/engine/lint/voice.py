"""What a voice says in one go: menus short enough to be remembered, sentences short enough to be one clip."""

import re
from collections.abc import Iterator

from flows.engine.keys import VOICE_OPTIONS, is_voice
from flows.engine.lint.case import Case
from flows.engine.lint.sentences import at_block, kinds, label_kinds
from flows.engine.lint.words import Words
from flows.engine.lookup import PARTS
from flows.engine.model import Ask, Block, Menu, Query, Tell, Wording
from flows.engine.problems import Problem
from flows.engine.wording import SAY

_SENTENCES = re.compile(r"(?<=[.?!\u0964\u06d4])\s+")


def check(case: Case, words: Words) -> Iterator[Problem]:
    """Every prompt of a flow that is offered by voice."""
    if not any(map(is_voice, case.flow.channels)):
        return
    bounds = case.settings.bounds
    for language, facts in case.settings.languages.items():
        for name in case.knowledge:
            block = case.flow.blocks[name]
            for wording in _sentences(block):
                if isinstance(block, Tell) and wording == block.sms_wording:
                    continue  # written, never spoken
                said = words.spoken(case.flow, wording, kinds(case, name, wording), language)
                longest = max(words.seconds(sentence, language) for sentence in _SENTENCES.split(said))
                if longest > bounds.clip_seconds:
                    told = f"in {facts.english} a voice needs {longest:.1f} s for one sentence of this"
                    hint = f"{bounds.clip_seconds:.0f} s are allowed. Make two sentences of it"
                    yield case.said_at(wording, "long-sentence", f"{told}; {hint}.")
            if isinstance(block, Menu):
                seconds = words.seconds(" ".join(said_at(case, words, block, language)), language)
                if seconds > bounds.menu_seconds:
                    told = f"in {facts.english} a voice needs {seconds:.1f} s for this menu and its first choices"
                    hint = f"{bounds.menu_seconds:.0f} s are allowed. Say it in fewer words"
                    yield case.said_at(block.prompt, "long-menu", f"{told}; {hint}.")


def said_at(case: Case, words: Words, block: Block, language: str) -> Iterator[str]:
    """What a voice says at a block, values replaced by as many letters as they take."""

    def spoken(wording: Wording) -> str:
        return words.spoken(case.flow, wording, kinds(case, block.name, wording), language)

    match block:
        case Menu(prompt=prompt, choices=choices, listing=None):
            yield spoken(prompt)
            for choice in choices[:VOICE_OPTIONS]:
                yield _option(words, spoken(choice.label), language)
            if len(choices) > VOICE_OPTIONS:
                yield _keyed(words.common("more", SAY, language))
        case Menu(prompt=prompt, listing=listing) if listing is not None:
            yield spoken(prompt)
            label = words.spoken(case.flow, listing.label, label_kinds(case, block), language)
            yield from [_option(words, label, language)] * VOICE_OPTIONS
            yield _keyed(words.common("more", SAY, language))
        case Query(confirm=confirm) if confirm is not None:
            yield spoken(confirm)
            for name in ("confirm_yes", "confirm_no"):
                yield _option(words, words.common(name, SAY, language), language)
        case Ask(prompt=prompt) | Tell(prompt=prompt):
            yield spoken(prompt)
        case _:
            pass


def _option(words: Words, label: str, language: str) -> str:
    return _keyed(words.common("option", SAY, language).replace("{label}", label))


def _keyed(sentence: str) -> str:
    """A sentence with a key in it; the word for a digit has about as many letters as `{key}`."""
    return PARTS.sub("·····", sentence)


def _sentences(block: Block) -> Iterator[Wording]:
    yield from at_block(block)
    if isinstance(block, Ask) and block.retry is not None:
        yield block.retry
