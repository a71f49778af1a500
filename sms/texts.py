"""What the machine says as messages: each is one SMS that equals one registered template outside its variables.

A sentence is a message of its own; the choices stand below the question. `templates` makes the templates by the same
layouts, so a change here is a change there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from flows.engine.effects import Prompt, Said, SendSms
from flows.engine.wording import TEXT, Catalogue, footers, render
from sms.parts import MOST_PARTS, parts, shortened

ONE, OTHER = " one", " other"
"""End of a key: the plural form of a sentence with a count."""
OPTIONS, NARROW = " options", " narrow"
"""End of a key: the sentence with choices below it; the sentence of a list that is too long to be shown."""
MORE = "common.sms_more"
DEMO, DONE = "common.demo", "common.done"
CUT = frozenset({"Name", "Words"})
"""Types whose values are cut when they are too long; a number that is too long is never cut, and never sent."""
LONGEST, LEAST = 60, 20
"""Characters of a name: what its variables hold, and what is left of it at the least when a text is too long."""
_TO_NARROW = "common.narrow"


@dataclass(frozen=True, slots=True)
class Message:
    """One SMS. `key` names its template among those of `language`: the sentence's key, and what makes it another one.

    `demo`: a department that is not real told it, and its first line says so.
    """

    key: str
    language: str
    text: str = field(repr=False)
    demo: bool = False


def told(sent: SendSms, catalogue: Catalogue) -> Message:
    """The message that a tell sends beside the screen or the call."""
    return sentence(Said(sent.wording, sent.values), catalogue, demo=sent.demo)


def sentence(said: Said, catalogue: Catalogue, *, demo: bool = False) -> Message:
    """The message that is this sentence and nothing else."""
    return _message(said, "", (), catalogue, _mark(demo, catalogue))


def messages(prompt: Prompt, catalogue: Catalogue, before: str) -> tuple[Message, ...]:
    """The messages that give this prompt, in order; `before` is the place of the prompt before ("" for none).

    Choices that are over two parts come in messages of `MORE`, which the door keeps for the reply 01. Where the caller
    stays at a question, only what is said before it is sent: the question stands above. Thanks alone are not sent.
    """
    said = [one for one in prompt.said if not _is(one, DEMO)]
    if prompt.final and all(_is(one, DONE) for one in said):
        return ()
    mark = _mark(len(said) < len(prompt.said), catalogue)
    asked = 0 if prompt.final else 2 if len(said) > 1 and _is(said[-1], _TO_NARROW) else 1
    before_it, question = said[: len(said) - asked], said[len(said) - asked :]
    found = [_message(one, "", (), catalogue, mark) for one in before_it]
    if question and not (found and prompt.expect and prompt.place == before):
        found += _question(question, prompt, catalogue, mark)
    return tuple(found)


def more_line(catalogue: Catalogue) -> str:
    """The last line of a message after which there is more."""
    return footers(("more",), catalogue)[0][1]


def list_line(catalogue: Catalogue) -> str:
    """The line that offers a long list as it is, instead of narrowing it."""
    return footers(("narrow_list",), catalogue)[0][1]


def _is(said: Said, key: str) -> bool:
    return said.wording is not None and said.wording.key == key


def _mark(demo: bool, catalogue: Catalogue) -> str:
    return f"{_words(DEMO, catalogue)}\n" if demo else ""


def _words(key: str, catalogue: Catalogue) -> str:
    return catalogue.sentences[TEXT, key][-1][0][0]


def _message(said: Said, kind: str, below: tuple[str, ...], catalogue: Catalogue, mark: str) -> Message:
    """One sentence and the lines below it, names cut where that makes two parts of it."""
    lines = "".join(f"\n{line}" for line in below)
    text = _fitted(said, catalogue, lambda text: _fits(f"{mark}{text}{lines}"))
    return Message(_key(said, catalogue) + kind, catalogue.tag, f"{mark}{text}{lines}", bool(mark))


def _question(question: list[Said], prompt: Prompt, catalogue: Catalogue, mark: str) -> Iterator[Message]:
    said = question[0]
    if len(question) > 1:
        narrow = render(question[1], catalogue)
        yield _message(said, NARROW, (narrow, list_line(catalogue)), catalogue, mark)
    elif not prompt.options:
        yield _message(said, "", (), catalogue, mark)
    else:
        lines = _lines(prompt, catalogue, mark)
        if not any(option.label.values for option in prompt.options):  # their template has them word by word
            whole = _message(said, OPTIONS, lines, catalogue, mark)
            if _fits(whole.text):
                yield whole
                return
        yield from _in_turns(said, lines, catalogue, mark)


def _in_turns(said: Said, lines: tuple[str, ...], catalogue: Catalogue, mark: str) -> Iterator[Message]:
    """The question with the choices that there is room for, then the others, cut between lines."""
    more = more_line(catalogue)
    text = _fitted(said, catalogue, lambda text: _fits(f"{mark}{text}\n{more}"))
    key, rest = _key(said, catalogue) + OPTIONS, list(lines)
    while not _fits("\n".join((f"{mark}{text}", *rest))):
        shown: list[str] = []
        while rest and _fits("\n".join((f"{mark}{text}", *shown, rest[0], more))):
            shown.append(rest.pop(0))
        if key == MORE and not shown:
            break  # a choice that is longer than a message: more parts are paid for
        yield Message(key, catalogue.tag, "\n".join((f"{mark}{text}", *shown, more)), bool(mark))
        key, text = MORE, _words(MORE, catalogue)
    yield Message(key, catalogue.tag, "\n".join((f"{mark}{text}", *rest)), bool(mark))


def _lines(prompt: Prompt, catalogue: Catalogue, mark: str) -> tuple[str, ...]:
    """The choices, a line each, made to fit a message, and the key for more where the list goes on."""
    more = more_line(catalogue)

    def fits(line: str) -> bool:
        return _fits(f"{mark}{more}\n{line}\n{more}")

    lines = [_fitted(option.label, catalogue, fits, f"{option.key} ") for option in prompt.options]
    return (*lines, more) if "more" in prompt.keys else tuple(lines)


def _key(said: Said, catalogue: Catalogue) -> str:
    """The sentence's key, with the plural form that its count takes."""
    if said.wording is None:
        return ""
    key = said.wording.key
    if len(catalogue.sentences[TEXT, key]) == 1:
        return key
    counts = [int(str(typed.value)) for typed in said.values.values() if typed.kind == "Count"]
    return key + (ONE if counts and catalogue.plural(counts[0]) == "one" else OTHER)


def _fitted(said: Said, catalogue: Catalogue, fits: Callable[[str], bool], before: str = "") -> str:
    """The sentence behind `before`, its names as long as they can be; the shortest where nothing fits."""
    most = LONGEST if any(typed.kind in CUT for typed in said.values.values()) else LEAST
    while not fits(text := before + render(_cut(said, most), catalogue)) and most > LEAST:
        most -= 1
    return text


def _cut(said: Said, most: int) -> Said:
    values = {
        name: replace(typed, value=shortened(str(typed.value), most)) if typed.kind in CUT else typed
        for name, typed in said.values.items()
    }
    return replace(said, values=values) if values else said


def _fits(text: str) -> bool:
    return parts(text) <= MOST_PARTS
