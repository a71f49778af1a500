"""Going from block to block until something waits: a person, a service, or the end."""

from flows.engine.effects import End, Request, SendSms, SetLanguage, Transfer, Typed
from flows.engine.lookup import question, said
from flows.engine.model import Ask, Flow, Menu, Query, Tell
from flows.engine.prompting import CONSENT, LANGUAGE, final, mark_demo, saved_name
from flows.engine.run import MAIN_MENU, Frame
from flows.engine.turn import WIDE, Turn

PROOF = {"known": "pin", "pin": "pin", "birth_date": "birth_date"}
"""The subdialog that proves each level of auth."""
MOST_EARLIER_FLOWS = 2
MOST_BACK = 12


def walk(t: Turn, destination: str) -> None:
    """Go to this destination of the flow on top, and on until something waits. Raises Missing."""
    while destination and not t.parked:
        t.steps += 1
        if t.steps > t.limits.blocks_a_turn:
            finish(t, "failed", "unavailable")
            return
        match destination:
            case "end":
                destination = _leave(t)
            case "home":
                destination = home(t)
            case "helpline":
                person(t, "asked")
            case "service":
                destination = open_flow(t, last_choice(t))
            case block:
                destination = _arrive(t, block)


def open_flow(t: Turn, name: str) -> str:
    """Open another flow in place of this one, to which `back` returns; gives the block to go to."""
    flow = t.flows.by_name.get(name)
    if flow is None or t.channel not in flow.channels:
        t.say("not_here")
        return home(t)
    trail = (*t.trail, t.frames[0])[-MOST_EARLIER_FLOWS:]
    begin(t, name)
    t.trail = trail
    return flow.start


def home(t: Turn) -> str:
    """Leave everything for the main menu; gives its first block."""
    t.inputs = ()
    return begin(t, MAIN_MENU)


def begin(t: Turn, name: str) -> str:
    """Open a flow with nothing before it; gives its first block."""
    t.visits += 1
    start = t.flows.by_name[name].start
    t.frames = [Frame(name, start, t.visits)]
    t.trail = ()
    t.demo = ()
    t.token = ""
    t.ended = False
    _moved(t)
    return start


def push(t: Turn, name: str) -> str:
    """Run this flow as a subdialog of the one on top; gives its first block."""
    t.visits += 1
    start = t.flows.by_name[name].start
    t.frames.append(Frame(name, start, t.visits))
    _moved(t)
    return start


def _moved(t: Turn) -> None:
    t.stage = ""
    t.narrowing = WIDE
    t.first = ""


def last_choice(t: Turn) -> str:
    """The id that was chosen last in this flow: the flow that `service` opens."""
    for name in reversed(list(t.frame.answers)):
        if isinstance(t.flow.blocks.get(name), Menu):
            return str(t.frame.answers[name])
    return ""


def gate(t: Turn) -> str:
    """The subdialog that must come before anything in the flow at the bottom, or ""."""
    level = t.flows.by_name[t.frames[0].flow].auth
    if level == "none" or len(t.frames) > 1:
        return ""
    if _consent_to(t) not in t.auth:
        return CONSENT
    proof = PROOF[level]
    return "" if proof in t.auth else proof


def _consent_to(t: Turn) -> str:
    return f"{CONSENT}:{t.frames[0].flow}"


def proofs(flow: Flow) -> tuple[str, ...]:
    """What `Run.auth` holds once everything that this flow asks for was proved."""
    return () if flow.auth == "none" else (f"{CONSENT}:{flow.name}", PROOF[flow.auth])


def _leave(t: Turn) -> str:
    """Leave the flow on top: a subdialog has proved its point, the flow at the bottom ends the conversation."""
    if len(t.frames) == 1:
        finish(t, "done")
        return ""
    done = t.frames.pop()
    _moved(t)
    if done.flow == LANGUAGE:
        t.language = str(done.answers["choose"])
        t.effects.append(SetLanguage(t.language))
        if t.stopped:
            return ""
    else:
        t.auth = (*t.auth, _consent_to(t) if done.flow == CONSENT else done.flow)
    return t.frame.block


def _arrive(t: Turn, name: str) -> str:
    """Do what the block does; gives where to go next, or "" when something waits."""
    t.at(name)
    needed = gate(t)
    if needed:
        return push(t, needed)
    t.stage = ""
    t.narrowing = WIDE
    if t.frames[-1].back:
        t.back_before(name)
    match t.block:
        case Tell() as tell:
            return _tell(t, tell)
        case Query() as query if query.confirm is None or t.token == _token(t, query.name):
            ask_service(t, query)
        case Ask() as ask:
            t.demo = ()
            if ask.saved and ask.name not in t.frame.answers:
                _saved(t, ask)
        case _:
            pass
    return ""


def _tell(t: Turn, tell: Tell) -> str:
    if tell.only and t.channel not in tell.only:
        return tell.then
    if not t.first:
        t.first = tell.name
    shorter = tell.sms_wording if t.channel == "sms" else None
    t.said.append(said(t, shorter or tell.prompt))
    if t.demo:
        mark_demo(t)
    if tell.sms == "offer" and t.sms:
        t.stage = "offer"
        return ""
    if tell.sms == "always" and t.sms:
        send(t, tell)
    return tell.then


def send(t: Turn, tell: Tell) -> None:
    """Send what this block tells by SMS, and say so."""
    told = said(t, tell.sms_wording or tell.prompt)
    if told.wording is not None:
        t.effects.append(SendSms(told.wording, told.values, bool(t.demo)))
        t.say("sms_sent")


def _saved(t: Turn, ask: Ask) -> None:
    """Ask first whether the caller saved such a number; the answer comes as a Reply."""
    offered = t.frame.answers.get(saved_name(ask.name))
    if offered is None:
        t.stage = "saving"
        t.token = _token(t, saved_name(ask.name))
        t.parked = True
        t.effects.append(Request(t.token, f"saved.{ask.saved}", {}))
    elif offered:
        t.stage = "saved"


def remember(t: Turn) -> None:
    """Note that the person answered here, so that `back` finds the place."""
    frame = t.frame
    if not (frame.back and frame.back[-1] == frame.block):
        back = (*frame.back, frame.block)[-MOST_BACK:]
        t.frames[-1] = Frame(frame.flow, frame.block, frame.visit, frame.answers, back)


def ask_service(t: Turn, query: Query) -> None:
    """Ask the operation; the answer comes as a Reply, now or late. Asking again with the same token is harmless."""
    t.stage = "asked"
    t.token = _token(t, query.name)
    t.parked = True
    signature = t.flows.signatures[query.operation]
    _, *given = question(t, query)
    pairs = dict(zip(given[::2], given[1::2], strict=True))
    t.effects.append(Request(t.token, query.operation, pairs, t.token if signature.write else ""))


def _token(t: Turn, block: str) -> str:
    """The name of a request for ever: the Run, the serial of its latest answer, the block."""
    return f"{t.id}.{t.frame.visit}.{block}"


def person(t: Turn, reason: str) -> None:
    """Bring a person, and say how to reach one; the Run stays where it is, to be continued."""
    t.effects.append(Transfer(reason, t.path()))
    t.inputs = ()
    t.matched()
    final(t, t.common("person_reached", helpline=Typed("Phone", t.flows.helpline)))
    t.effects.append(End("person"))
    t.parked = True


def finish(t: Turn, outcome: str, sentence: str = "") -> None:
    """End the Run with what was told, or with a common sentence."""
    if t.first:
        t.at(t.first)
    if sentence:
        values = {"helpline": Typed("Phone", t.flows.helpline)} if sentence == "too_long" else {}
        final(t, t.common(sentence, **values))
    elif t.said:
        final(t)
    else:
        final(t, t.common("done"))
    t.effects.append(End(outcome))
    t.ended = True
    t.inputs = ()
    t.token = ""
    t.parked = True
