"""The whole proof: every rule on every flow, each problem once, in the order of the files."""

from flows.engine.lint import (
    choices,
    codes,
    inputs,
    labels,
    operations,
    paths,
    proofs,
    screens,
    sentences,
    shared,
    translations,
    voice,
)
from flows.engine.lint.case import Case
from flows.engine.lint.costs import Cost, cost
from flows.engine.lint.knowledge import knowledge
from flows.engine.lint.settings import LintSettings
from flows.engine.lint.words import Words
from flows.engine.model import Flows
from flows.engine.problems import Problem

_OF_A_FLOW = (paths.check, choices.check, inputs.check, operations.check, proofs.check, sentences.check)
_OF_ITS_WORDS = (labels.check, screens.check, voice.check)


def check(flows: Flows, settings: LintSettings) -> list[Problem]:
    """Everything that is wrong, sorted by file and line; empty when the proof holds."""
    found: set[Problem] = {*codes.check(flows, settings), *shared.check(flows, settings)}
    found.update(translations.check(flows, settings))
    words = Words(flows, settings)
    for case in _cases(flows, settings):
        for rule in _OF_A_FLOW:
            found.update(rule(case))
        for worded in _OF_ITS_WORDS:
            found.update(worded(case, words))
    found.update(_expensive(flows, settings))
    return sorted(found)


def costs(flows: Flows, settings: LintSettings) -> tuple[Cost, ...]:
    """What an answer costs, for each service, channel and language."""
    cases = _cases(flows, settings)
    words = Words(flows, settings)
    subdialogs = {case.flow.name: case for case in cases if case.flow.subdialog}
    return tuple(
        cost(case, subdialogs, words, channel, language)
        for case in cases
        if not case.flow.subdialog
        for channel in case.flow.channels
        for language in settings.languages
    )


def _cases(flows: Flows, settings: LintSettings) -> list[Case]:
    return [Case(flow, flows, settings, knowledge(flow)) for flow in flows.by_name.values()]


def _expensive(flows: Flows, settings: LintSettings) -> set[Problem]:
    most = settings.bounds.inputs
    found: set[Problem] = set()
    for one in costs(flows, settings):
        if one.inputs > most:
            told = f"the answer needs {one.inputs} inputs; {most} are allowed. Ask for less."
            found.add(Problem(flows.by_name[one.flow].file, 1, "inputs", told))
    return found
