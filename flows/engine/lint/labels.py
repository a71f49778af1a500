"""The labels of a menu's choices differ in every language, on a screen and by voice."""

from collections.abc import Iterator

from flows.engine.keys import is_voice
from flows.engine.lint.case import Case
from flows.engine.lint.words import Words
from flows.engine.model import Menu
from flows.engine.problems import Problem
from flows.engine.wording import SAY, TEXT


def check(case: Case, words: Words) -> Iterator[Problem]:
    """Every menu whose choices stand in the flow."""
    forms = (TEXT, SAY) if any(map(is_voice, case.flow.channels)) else (TEXT,)
    for block in case.flow.blocks.values():
        if not isinstance(block, Menu):
            continue
        for language, facts in case.settings.languages.items():
            told_already: set[str] = set()
            for form in forms:
                seen: dict[str, str] = {}
                for choice in block.choices:
                    label = words.texts(choice.label, form, language)[-1]
                    other = seen.setdefault(label.casefold(), choice.id)
                    if other != choice.id and choice.id not in told_already:
                        told_already.add(choice.id)
                        how = "sound" if form == SAY else "look"
                        told = f'choices "{other}" and "{choice.id}" {how} the same in {facts.english}: "{label}"'
                        place = (block.name, "choices", choice.id)
                        yield case.problem("same-labels", f"{told}. Word one of them differently.", *place)
