"""The fixed keys, silence and what is no answer: the same wherever a Run stands.

Each function gives the next destination, or "" to prompt where the Run stands now.
"""

from flows.engine.effects import Said
from flows.engine.keys import is_voice, options_at_once
from flows.engine.listing import further, wider
from flows.engine.model import Menu, Query, Tell
from flows.engine.prompting import LANGUAGE, committed, saved_name, sight
from flows.engine.run import MAIN_MENU, Frame
from flows.engine.turn import DOUBTED, Turn
from flows.engine.walk import ask_service, home, person, push


def press(t: Turn, key: str) -> str:
    """Do what a fixed key does."""
    match key:
        case "back":
            return _back(t)
        case "home":
            t.matched()
            t.stopped = False
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
            t.forget(DOUBTED)
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
    if committed(t):
        return ""
    if t.stage == "waiting":
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
        return "" if t.stopped else t.frame.block
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
