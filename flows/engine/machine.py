"""`advance`: one event in, the Run as it then is and what to do out. No I/O, no clock, no chance.

A Run is a stack of at most three frames: the service, a subdialog (consent, PIN), the language menu. Lists are never
kept: where a value is needed whose outcome is not at hand, the query is asked again (`Request`) and the event is
done over with the answer at hand; nothing of the first try remains.
"""

from flows.engine.answering import home_anew, take
from flows.engine.effects import Prompt, Request, SendSms, SetLanguage
from flows.engine.events import Again, Disconnect, Event, Input, Late, NoInput, Reply, Resume, Start
from flows.engine.model import Ask, Flows, Query, Tell
from flows.engine.pressing import again, silence
from flows.engine.prompting import LANGUAGE, prompt
from flows.engine.replying import replied
from flows.engine.run import MAIN_MENU, Limits, Midway, Run, Step, resumable
from flows.engine.turn import Lost, Missing, Turn
from flows.engine.walk import begin, finish, gate, home, open_flow, push, walk

LIMITS = Limits()
RECALL = "recall"
"""The token of a question asked again within one turn; it never waits."""
MOST_INPUTS = 20
"""Inputs of a direct code that are taken: more than any service asks for."""


def advance(flows: Flows, run: Run | None, event: Event, limits: Limits = LIMITS) -> Step:
    """Take one event. Always ends in a prompt, a request or an end; an event out of place changes nothing.

    `run` is None only for Start (ValueError otherwise). The effects come in the order of their performance.
    """
    if isinstance(event, Start) and not (run and resumable(run) and not event.inputs and not event.flow):
        run = Run(event.run_id, flows.version, event.channel, event.language, sms=event.sms, slower=event.slower)
    if run is None:
        raise ValueError("a Run begins with Start")
    midway = run.midway
    if midway is not None and midway.held is not None and isinstance(event, Reply):
        if event.token != RECALL:
            return Step(run, ())
        hand = {**midway.hand, midway.question: (event.outcome, event.demo)}
        again_within = Midway(midway.today, midway.said, hand)
        return _advance(flows, run.within(again_within), midway.held, limits)
    return _advance(flows, run, event, limits)


def _advance(flows: Flows, run: Run, event: Event, limits: Limits) -> Step:
    t = Turn(flows, run, limits)
    try:
        if _applies(t, event):
            _handle(t, event)
    except Missing as missing:
        operation, *given = missing.question
        request = Request(RECALL, operation, dict(zip(given[::2], given[1::2], strict=True)))
        before = run.midway
        said, today = (before.said, before.today) if before else ((), t.today)
        return Step(run.within(Midway(today, said, t.hand, missing.question, event)), (request,))
    except Lost:
        settle(t, _anew(t, "unavailable"))
    except KeyError:  # of a version that is gone, and what stands in its place has other blocks or answers
        if run.version == flows.version:
            raise
        settle(t, _anew(t, "changed"))
    return t.step()


def _anew(t: Turn, sentence: str) -> str:
    """Tell this at the main menu of today's flows, to which it leads; a language chosen on the way stays chosen."""
    t.effects = [effect for effect in t.effects if isinstance(effect, SetLanguage | SendSms)]
    t.steps, t.parked = 0, False
    t.version = t.flows.version
    t.said.clear()
    t.say(sentence)
    return home_anew(t)


def _applies(t: Turn, event: Event) -> bool:
    """Say whether the event concerns this Run now."""
    match event:
        case Reply(token=token) | Late(token=token):
            return bool(t.token) and token == t.token and t.stage in ("asked", "saving", "waiting")
        case Input(actor=actor) if actor != t.actor:
            place = f"{t.frame.flow}.{t.frame.block}"
            t.effects.append(Prompt(place, (t.common("taken"),), keys=("person",), final=True))
            return False
        case _:
            return True


def _handle(t: Turn, event: Event) -> None:
    if not isinstance(event, Start) and not _intact(t):
        return settle(t, _anew(t, "changed"))
    if isinstance(event, Input | NoInput | Again) and not t.stopped and gate(t):  # the line dropped since the proof
        t.ended = False
        return settle(t, t.frame.block)
    if not isinstance(event, Reply | Late):
        t.first = ""
    match event:
        case Start():
            settle(t, _start(t, event))
        case Input(text=text, today=today):
            t.today, t.ended = today, False
            _person(t, text)
        case NoInput():
            if not _over(t):
                settle(t, silence(t))
        case Again():
            t.ended = False
            settle(t, again(t))
        case Reply(outcome=outcome, demo=demo):
            settle(t, replied(t, outcome, demo))
        case Late():
            if t.stage == "saving":  # a saved number is a convenience: never wait for it
                t.stage = ""
            else:
                t.stage = "waiting"
            settle(t, "")
        case Resume():
            settle(t, _resume(t, event))
        case Disconnect():
            _hung_up(t)


def settle(t: Turn, destination: str) -> None:
    """Go where the answer leads, take what is left of a direct code on the way, and prompt where the Run then waits."""
    while True:
        walk(t, destination or _to_tell_again(t))
        if t.parked:
            return
        early = _early(t)
        if not early:
            return prompt(t)
        tries = t.no_match + t.no_input
        destination = take(t, early)
        if t.no_match + t.no_input > tries:
            t.inputs = ()


def _to_tell_again(t: Turn) -> str:
    """The block of an ended Run: it waits for nothing, so whatever comes then, it is told or asked once more."""
    if t.stage or t.stopped or t.parked:
        return ""
    block = t.block
    return block.name if isinstance(block, Tell) or (isinstance(block, Query) and block.confirm is None) else ""


def _early(t: Turn) -> str:
    """The next input of a direct code if it may answer here: never a secret, a consent, or a confirmation."""
    if not t.inputs or t.stopped:
        return ""
    if len(t.frames) > 1:
        return ""
    block = t.block
    if t.stage or isinstance(block, Query) or (isinstance(block, Ask) and block.secret):
        t.inputs = ()
        return ""
    text, *rest = t.inputs
    t.inputs = tuple(rest)
    return text


def _person(t: Turn, text: str) -> None:
    if _over(t):
        return
    repeated = t.repeated
    destination = take(t, text)
    t.repeated = t.repeated and not repeated
    settle(t, destination)


def _over(t: Turn) -> bool:
    """Count the turn; beyond the limit the Run ends politely."""
    t.turns += 1
    if t.turns <= t.limits.turns_a_session:
        return False
    finish(t, "limit", "too_long")
    return True


def _start(t: Turn, event: Start) -> str:
    t.today, t.channel, t.sms = event.today, event.channel, event.sms
    if t.frames:
        if not _intact(t):
            t.auth, t.turns = (), 0
            return _anew(t, "changed")
        _only_the_service(t)
        t.stopped = True
        return ""
    destination = begin(t, MAIN_MENU)
    if event.inputs and event.inputs[0] in t.flows.codes:  # else they were typed in a session that is gone
        t.inputs = event.inputs[:MOST_INPUTS]
    if event.flow:
        destination = open_flow(t, event.flow)
        t.trail = ()
    return destination if t.language else push(t, LANGUAGE)


def _resume(t: Turn, event: Resume) -> str:
    t.today, t.channel, t.actor, t.sms = event.today, event.channel, event.actor, event.sms
    t.said.clear()
    if t.ended or not t.language:
        destination = begin(t, MAIN_MENU)
        return destination if t.language else push(t, LANGUAGE)
    _only_the_service(t)
    t.stopped = False
    if t.channel not in t.flow.channels:
        t.say("not_here")
        return home(t)
    return t.frame.block


def _hung_up(t: Turn) -> None:
    """Drop what must not outlast the line: secrets, auth, and the subdialogs that were at proving it."""
    t.forget_secrets()
    t.auth = ()
    kept = [frame for depth, frame in enumerate(t.frames) if depth == 0 or frame.flow == LANGUAGE]
    if t.stage == "aadhaar" or len(kept) < len(t.frames):
        t.stage = ""
    t.frames = kept


def _only_the_service(t: Turn) -> None:
    """Drop secrets, auth and subdialogs: whoever continues proves themselves anew."""
    t.forget_secrets()
    t.auth = ()
    t.said.clear()
    t.inputs = ()
    t.frames = t.frames[:1]
    t.stage = ""
    t.matched()
    t.turns = 0


def _intact(t: Turn) -> bool:
    """Say whether every flow and block that the Run names still exists."""
    by_name = t.flows.by_name
    if not t.frames:
        return False
    if t.version == t.flows.version:
        return True
    for frame in (*t.frames, *t.trail):
        flow = by_name.get(frame.flow)
        if flow is None or frame.block not in flow.blocks or any(name not in flow.blocks for name in frame.back):
            return False
    stands_on = by_name[t.frame.flow].blocks[t.frame.block]
    return not isinstance(stands_on, Tell) or t.ended or t.stage == "offer"
