"""Asks: the grammar is one, takes no fixed key, can be entered on every channel, and a PIN is a secret."""

from collections.abc import Iterator

from flows.engine.grammar import BadGrammar, Grammar, grammar
from flows.engine.keys import TEXT_KEYS, VOICE_KEYS, is_voice
from flows.engine.lint.case import Case
from flows.engine.model import Ask
from flows.engine.problems import Problem


def check(case: Case) -> Iterator[Problem]:
    """Every ask of the flow."""
    for block in case.flow.blocks.values():
        if isinstance(block, Ask):
            try:
                expected = grammar(block.expect)
            except BadGrammar as error:
                hint = "" if "Write" in str(error) else " Write other numbers."
                yield case.problem("grammar", f"{error}{hint}", block.name, "expect")
                continue
            yield from _keys(case, block, expected)
            yield from _secret(case, block, expected)
            if block.retry is None and expected.kind != "yes_no":
                told = f'nothing is said when the answer is not "{expected.spec}"'
                yield case.problem("retry", f"{told}. Add retry: what is wanted, and where it is found.", block.name)


def _keys(case: Case, ask: Ask, expected: Grammar) -> Iterator[Problem]:
    voice = [channel for channel in case.flow.channels if is_voice(channel)]
    text = [channel for channel in case.flow.channels if not is_voice(channel)]
    if voice and not expected.spoken_by_keys:
        told = f'"{expected.spec}" cannot be keyed on a telephone, and the flow is offered on {", ".join(voice)}'
        hint = "Ask for letters instead, or leave the channel out of channels"
        yield case.problem("words-on-voice", f"{told}. {hint}.", ask.name, "expect")
        voice = []
    for channels, keys in ((text, TEXT_KEYS), (voice, VOICE_KEYS)):
        for key, name in keys.items():
            if channels and expected.accepts_key(key):
                told = f'"{expected.spec}" takes {key}, which is the fixed key for {name} on {", ".join(channels)}'
                hint = "Ask for more digits or letters, so that no single key is an answer"
                yield case.problem("fixed-key", f"{told}. {hint}.", ask.name, "expect")
                break


def _secret(case: Case, ask: Ask, expected: Grammar) -> Iterator[Problem]:
    if expected.kind == "Pin" and not ask.secret:
        told = 'a PIN must never be shown or kept. Add secret: "yes".'
        yield case.problem("secret", told, ask.name, "expect")
    if ask.secret and ask.saved:
        told = "a secret is never saved. Take saved out."
        yield case.problem("secret", told, ask.name, "saved")
