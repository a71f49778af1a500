"""What a person's input means where the Run stands: a fixed key, a choice, an answer, or no match.

Each function gives the next destination, or "" to prompt where the Run stands now.
"""

from flows.engine.effects import Said
from flows.engine.grammar import grammar
from flows.engine.identifiers import aadhaar_like
from flows.engine.keys import fixed_key, is_voice
from flows.engine.listing import narrower, picked
from flows.engine.lookup import row_id
from flows.engine.model import Ask, Menu, Query, Tell
from flows.engine.pressing import no_match, press, silence
from flows.engine.prompting import LANGUAGE, saved_name, sight
from flows.engine.run import MAIN_MENU, Frame, Narrowing
from flows.engine.scripts import ascii_digits, yes_no
from flows.engine.turn import DOUBTED, NO_VALUES, Turn
from flows.engine.walk import ask_service, home, open_flow, person, push, remember, send

_MAY_BE_AADHAAR = frozenset({"Digits", "Words"})
"""Types of an answer whose twelve digits say nothing about what they are."""


def take(t: Turn, text: str) -> str:
    """Take an input where the Run stands."""
    text = ascii_digits(text).strip()
    if is_voice(t.channel):
        text = text.rstrip("#")
    if not text:
        return silence(t)
    if t.stopped and t.frame.flow != LANGUAGE:
        return _resume_or_not(t, text)
    key = fixed_key(t.channel, text)
    if key:
        return press(t, key)
    match t.stage, t.block:
        case (("waiting" | "asked"), Query() as query):
            ask_service(t, query)
            return ""
        case ("failed" | "unsure") as stage, Query() as query:
            return _try_again(t, query, text, stage)
        case "saved", Ask() as ask:
            return _saved(t, ask, text)
        case "aadhaar", Ask() as ask:
            return _doubted(t, ask, text)
        case "offer", Tell() as tell:
            return _offered(t, tell, text)
        case _, Query() as query:
            return _confirmed(t, query, text)
        case _, Menu() as menu:
            return _chosen(t, menu, text)
        case _, Ask() as ask:
            return _asked(t, ask, text)
        case _:
            return t.frame.block


def _resume_or_not(t: Turn, text: str) -> str:
    key = fixed_key(t.channel, text)
    if text == "1" or yes_no(text) is True:
        t.stopped = False
        t.matched()
        return t.frame.block
    if text == "2" or key == "home" or yes_no(text) is False:
        t.matched()
        return home_anew(t)
    if key == "person":
        person(t, "asked")
        return ""
    if key == "language":
        return push(t, LANGUAGE)
    return "" if key else no_match(t)


def home_anew(t: Turn) -> str:
    """Start again at the main menu, with nothing of the dropped dialogue."""
    t.stopped = False
    return home(t)


def _try_again(t: Turn, query: Query, text: str, stage: str) -> str:
    if text != "1" and yes_no(text) is not True:
        return no_match(t)
    # A new question, because the failed one's answer is known; but a write is the same for ever, whatever failed.
    if stage == "failed" and not t.flows.signatures[query.operation].write:
        t.visits += 1
        frame = t.frame
        t.frames[-1] = Frame(frame.flow, frame.block, t.visits, frame.answers, frame.back)
    t.matched()
    ask_service(t, query)
    return ""


def _one_or_two(text: str) -> bool | None:
    """The answer to a question with two options, by key or by word."""
    return {"1": True, "2": False}.get(text, yes_no(text))


def _saved(t: Turn, ask: Ask, text: str) -> str:
    use = _one_or_two(text)
    if use is None:
        return no_match(t)
    t.matched()
    t.stage = ""
    name = saved_name(ask.name)
    if not use:
        t.keep(name, "")
        return ""
    number = t.frame.answers[name]
    t.forget(name)
    remember(t)
    t.answer(ask.name, number)
    return ask.then


def _doubted(t: Turn, ask: Ask, text: str) -> str:
    is_aadhaar = _one_or_two(text)
    if is_aadhaar is None:
        return no_match(t)
    typed = str(t.frame.answers.get(DOUBTED, ""))
    t.forget(DOUBTED)
    t.stage = ""
    t.matched()
    if is_aadhaar:
        t.say("aadhaar_refused")
        return ""
    remember(t)
    t.answer(ask.name, typed)
    return ask.then


def _offered(t: Turn, tell: Tell, text: str) -> str:
    wanted = _one_or_two(text)
    if wanted is None:
        return no_match(t)
    t.matched()
    t.stage = ""
    if wanted:
        send(t, tell)
    return tell.then


def _confirmed(t: Turn, query: Query, text: str) -> str:
    sure = _one_or_two(text)
    if sure is None:
        return no_match(t)
    t.matched()
    if sure:
        ask_service(t, query)
        return ""
    t.say("not_done")
    return home(t)


def _chosen(t: Turn, menu: Menu, text: str) -> str:
    seen = sight(t, menu)
    if seen.letters:
        return _narrowed(t, menu, text)
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 0
    item = picked(seen, number)
    if item is None:
        code = t.flows.codes.get(text) if t.frame.flow == MAIN_MENU else None
        if code is None:
            return no_match(t)
        t.matched()
        return "" if code == MAIN_MENU else open_flow(t, code)
    t.matched()
    if seen.groups:
        t.narrowing = Narrowing(group=str(item))
        return ""
    chosen = item if isinstance(item, str) else row_id(item)
    remember(t)
    t.answer(menu.name, str(chosen))
    return menu.then.get(str(chosen)) or menu.then[""]


def _narrowed(t: Turn, menu: Menu, text: str) -> str:
    letters = grammar("letters 1 to 10").match(text, t.today)
    if letters is None:
        return no_match(t)
    before = t.narrowing
    t.narrowing = narrower(before, letters)
    if not sight(t, menu).items:
        t.narrowing = before
        return no_match(t, t.common("none_begin"))
    t.matched()
    return ""


def _asked(t: Turn, ask: Ask, text: str) -> str:
    asked = grammar(ask.expect)
    answer = asked.match(text, t.today)
    doubtful = (
        not ask.secret
        and (answer is None or asked.kind in _MAY_BE_AADHAAR)
        and aadhaar_like("".join(c for c in text if c.isdigit()))
    )
    if answer is None:
        refused = t.common("aadhaar_refused") if doubtful else None
        return no_match(t, refused or (Said(ask.retry, NO_VALUES) if ask.retry else None))
    if doubtful:
        t.keep(DOUBTED, answer)
        t.stage = "aadhaar"
        return ""
    t.matched()
    remember(t)
    t.answer(ask.name, answer)
    return ask.then
