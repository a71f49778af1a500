"""What a person's input means where the Run stands: a fixed key, a choice, an answer, or no match.

Each function gives the next destination, or "" to prompt where the Run stands now.
"""

from flows.engine.effects import Said
from flows.engine.grammar import grammar
from flows.engine.identifiers import aadhaar_like
from flows.engine.keys import fixed_key, is_voice, options_at_once
from flows.engine.listing import further, narrower, picked, wider
from flows.engine.lookup import row_id
from flows.engine.model import Ask, Menu, Query, Tell
from flows.engine.prompting import LANGUAGE, saved_name, sight
from flows.engine.run import MAIN_MENU, Frame, Narrowing
from flows.engine.scripts import ascii_digits, yes_no
from flows.engine.turn import NO_VALUES, Turn
from flows.engine.walk import ask_service, home, open_flow, person, push, remember, send

DOUBTED = "~doubted"
"""Where twelve digits that may be an Aadhaar number wait until the person says what they are."""


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


def silence(t: Turn) -> str:
    """Nothing was typed, keyed or said: told apart from a wrong key, with its own attempts."""
    if t.stage == "waiting" and isinstance(t.block, Query):
        ask_service(t, t.block)
        return ""
    t.no_input += 1
    if t.no_input >= t.limits.attempts:
        t.say("give_up")
        person(t, "no_input")
    else:
        t.say("no_input")
    return ""


def no_match(t: Turn, sentence: Said | None = None) -> str:
    """What was entered is not an answer here; after the last attempt a person helps."""
    t.no_match += 1
    if t.no_match >= t.limits.attempts:
        t.say("give_up")
        person(t, "no_match")
    else:
        t.said.append(sentence or t.common("no_match"))
    return ""


def press(t: Turn, key: str) -> str:
    """Do what a fixed key does."""
    match key:
        case "back":
            return _back(t)
        case "home":
            t.matched()
            return home(t) if t.language else ""
        case "more":
            if isinstance(t.block, Menu):
                t.narrowing = further(t.narrowing, sight(t, t.block), options_at_once(t.channel))
            return ""
        case "repeat":
            t.slower = t.slower or (t.repeated and is_voice(t.channel))
            t.repeated = True
            return again(t)
        case "language":
            return "" if t.frame.flow == LANGUAGE else push(t, LANGUAGE)
        case _:
            person(t, "asked")
            return ""


def again(t: Turn) -> str:
    """Where to go so that everything told with the last prompt is told once more; "" to prompt only."""
    if t.stopped or t.stage in ("waiting", "asked", "failed", "unsure", "saved", "aadhaar"):
        return ""
    if t.since:
        return t.since
    return t.frame.block if isinstance(t.block, Tell) else ""


def _back(t: Turn) -> str:
    """To what was asked before: the wider list, the block before, the flow before."""
    if t.stage == "waiting" and isinstance(t.block, Query):
        if t.flows.signatures[t.block.operation].write:
            return ""
        t.token = ""
    t.forget(DOUBTED)
    if isinstance(t.block, Menu) and t.stage == "":
        position = wider(t.narrowing)
        if position is not None:
            t.narrowing = position
            return ""
    frame = t.frame
    if frame.back:
        before = frame.back[-1]
        t.frames[-1] = Frame(frame.flow, frame.block, frame.visit, frame.answers, frame.back[:-1])
        t.forget(before, frame.block, saved_name(before))
        return before
    if frame.flow == LANGUAGE and t.language:
        t.frames.pop()
        return t.frame.block
    if t.trail and t.language:
        t.frames = [t.trail[-1]]
        t.trail = t.trail[:-1]
        t.demo = ()
        return _back_in_earlier(t)
    return "" if not t.language else _stay_or_home(t)


def _back_in_earlier(t: Turn) -> str:
    """In the flow that led here: to the choice that led here."""
    frame = t.frame
    before = frame.back[-1] if frame.back else frame.block
    t.frames[-1] = Frame(frame.flow, before, frame.visit, frame.answers, frame.back[:-1])
    t.forget(before)
    return before


def _stay_or_home(t: Turn) -> str:
    return home(t) if len(t.frames) > 1 or t.frame.flow != MAIN_MENU else ""


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
    if stage == "failed":  # a new question: the failed one's answer is known
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
        if code is None or code == MAIN_MENU:
            return no_match(t)
        t.matched()
        return open_flow(t, code)
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
    answer = grammar(ask.expect).match(text, t.today)
    doubtful = not ask.secret and aadhaar_like("".join(c for c in text if c.isdigit()))
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
