"""Screens and SMS in the worst case: the widest values, in every language, cut as the carrier's screens are cut."""

from collections.abc import Iterator
from dataclasses import dataclass

from flows.engine.format import LANGUAGES
from flows.engine.keys import TEXT_OPTIONS
from flows.engine.lint.case import Case
from flows.engine.lint.graph import waits, ways
from flows.engine.lint.sentences import kinds, label_kinds
from flows.engine.lint.settings import Pages
from flows.engine.lint.words import Words
from flows.engine.model import Ask, Block, Menu, Query, Tell, Wording
from flows.engine.problems import Problem
from flows.engine.prompting import CONSENT
from flows.engine.wording import TEXT


@dataclass(frozen=True, slots=True)
class _Screen:
    """What is shown at once: its kind in the bounds, the sentence to complain about, the lines."""

    kind: str
    wording: Wording
    lines: tuple[str, ...]


def check(case: Case, words: Words) -> Iterator[Problem]:
    """Every prompt of the flow on every channel with a budget, and every SMS."""
    for language, facts in case.settings.languages.items():
        before = _told_before(case, words, language)
        for channel, pages in case.settings.pages.items():
            if channel not in case.flow.channels:
                continue
            more = f"01 {words.common('more', TEXT, language)}"
            back = (f"0 {words.common('back', TEXT, language)}",)
            for name in case.knowledge:
                block = case.flow.blocks[name]
                for screen in _screens(case, words, block, before.get(name, ""), language):
                    most = case.settings.bounds.pages[screen.kind]
                    count = pages("\n".join(filter(None, screen.lines)), more, back)
                    if count > most:
                        told = f"on {channel} in {facts.english} this takes {count} screens in the worst case"
                        hint = f"{_a(screen.kind)} may take {most}. Say it in fewer words"
                        yield case.said_at(screen.wording, "screens", f"{told}; {hint}.")
                if isinstance(block, Menu):
                    yield from _options(case, words, block, channel, pages, more, language)
        yield from _messages(case, words, language)


def _screens(case: Case, words: Words, block: Block, before: str, language: str) -> Iterator[_Screen]:
    def shown(wording: Wording) -> str:
        return words.widest(case.flow, wording, kinds(case, block.name, wording), language)

    def common(name: str) -> str:
        return words.common(name, TEXT, language)

    match block:
        case Menu(prompt=prompt, listing=None, choices=choices):
            options = [f"{number} {shown(choice.label)}" for number, choice in enumerate(choices[:TEXT_OPTIONS], 1)]
            yield _Screen("menu", prompt, (before, *_purpose(case, words, language), shown(prompt), *options))
        case Menu(prompt=prompt):
            yield _Screen("ask", prompt, (before, shown(prompt)))
        case Ask(prompt=prompt, retry=retry):
            yield _Screen("ask", prompt, (before, shown(prompt)))
            if retry is not None:
                yield _Screen("ask", retry, (shown(retry), shown(prompt)))
        case Query(confirm=confirm) if confirm is not None:
            yes_no = (f"1 {common('confirm_yes')}", f"2 {common('confirm_no')}")
            yield _Screen("confirm", confirm, (before, shown(confirm), *yes_no))
        case Tell(prompt=prompt, sms=sms):
            offer = (f"1 {common('sms_offer')}", f"2 {common('sms_no')}") if sms == "offer" else ()
            yield _Screen("tell", prompt, (before, shown(prompt), *offer))


def _purpose(case: Case, words: Words, language: str) -> tuple[str, ...]:
    """Where consent is asked, the purpose of the service comes first: the longest of all."""
    if case.flow.name != CONSENT:
        return ()
    purposes = [flow.purpose for flow in case.flows.by_name.values() if flow.purpose is not None]
    return (max((words.texts(purpose, TEXT, language)[-1] for purpose in purposes), key=len, default=""),)


def _told_before(case: Case, words: Words, language: str) -> dict[str, str]:
    """Block → the longest of what may be told right before it, since somebody was last asked something."""
    flow = case.flow
    before: dict[str, str] = {}
    for _ in flow.blocks:
        changed = False
        for name in case.knowledge:
            block = flow.blocks[name]
            if waits(block):
                continue
            told = before.get(name, "")
            if isinstance(block, Tell):
                own = words.widest(flow, block.prompt, kinds(case, name, block.prompt), language)
                told = f"{told}\n{own}" if told else own
            for way in ways(block):
                if way.to in flow.blocks and len(told) > len(before.get(way.to, "")):
                    before[way.to] = told
                    changed = True
        if not changed:
            break
    return before


def _options(
    case: Case, words: Words, menu: Menu, channel: str, pages: Pages, more: str, language: str
) -> Iterator[Problem]:
    """A choice stands on one screen, whichever that is."""
    labels = [(choice.label, kinds(case, menu.name, choice.label)) for choice in menu.choices]
    if menu.listing is not None and menu.listing.block != LANGUAGES:
        labels = [(menu.listing.label, label_kinds(case, menu))]
    for wording, found in labels:
        option = f"{TEXT_OPTIONS} {words.widest(case.flow, wording, found, language)}"
        if pages(option, more, (more,)) > 1:
            told = f"on {channel} in {case.settings.languages[language].english} this choice is longer than a screen"
            yield case.said_at(wording, "long-choice", f"{told} in the worst case. Name fewer or shorter values.")


def _messages(case: Case, words: Words, language: str) -> Iterator[Problem]:
    """A tell is one SMS, whether it is sent beside the screen or is the answer to a text."""
    most = case.settings.bounds.sms_parts
    for name in case.knowledge:
        block = case.flow.blocks[name]
        if isinstance(block, Tell) and (block.sms or _by_text(case, block)):
            wording = block.sms_wording or block.prompt
            parts = case.settings.sms_parts(words.widest(case.flow, wording, kinds(case, name, wording), language))
            if parts > most:
                told = f"in {case.settings.languages[language].english} this takes {parts} SMS in the worst case"
                yield case.said_at(wording, "sms-parts", f"{told}; {most} are allowed. Add a shorter sms_text.")


def _by_text(case: Case, tell: Tell) -> bool:
    return "sms" in case.flow.channels and (not tell.only or "sms" in tell.only)


def _a(kind: str) -> str:
    return {"ask": "a question", "confirm": "a confirmation"}.get(kind, f"a {kind}")
