"""What a service's answer means: which exit, what is kept of it, and what to say when there is none."""

from flows.engine.lookup import SAVED, exit_of, field_of, question
from flows.engine.model import Ask, Query, Signature
from flows.engine.prompting import saved_name
from flows.engine.run import Answer, Frame
from flows.engine.turn import Turn
from flows.engine.values import Scalar, TimedOut, Unavailable


def replied(t: Turn, outcome: object, demo: bool) -> str:
    """Take the answer to the request under way; gives the next destination, or "" to prompt."""
    match t.block:
        case Ask() as ask:
            return _saved(t, ask, outcome)
        case Query() as query:
            return _answered(t, query, outcome, demo)
        case _:
            return ""


def _answered(t: Turn, query: Query, outcome: object, demo: bool) -> str:
    signature = t.flows.signatures[query.operation]
    if isinstance(outcome, Unavailable | TimedOut):
        unsure = signature.write and isinstance(outcome, TimedOut)
        t.stage = "unsure" if unsure else "failed"
        return ""
    name = exit_of(outcome)
    if name not in query.exits or name not in signature.outcomes:
        t.stage = "failed"
        return ""
    t.stage = ""
    if signature.recall:
        t.hand[question(t, query)] = (outcome, demo)
    else:
        t.keep(query.name, _kept(signature, name, outcome))
        t.demo = ()
    if demo and query.name not in t.demo:
        t.demo = (*t.demo, query.name)
    _drop_secrets(t, query)
    if signature.write:
        frame = t.frame
        t.frames[-1] = Frame(frame.flow, frame.block, frame.visit, frame.answers, ())  # no way back before a write
        t.trail = ()
    return query.exits[name]


def _kept(signature: Signature, name: str, outcome: object) -> Answer:
    """What the Run keeps of an outcome that cannot be recalled: its exit and its own values."""
    kept: dict[str, Scalar] = {"": name}
    for field in signature.outcomes[name].fields:
        kept[field] = field_of(outcome, field)
    return kept


def _drop_secrets(t: Turn, query: Query) -> None:
    blocks = t.flow.blocks
    for reference in query.given.values():
        block = blocks.get(reference)
        if isinstance(block, Ask) and block.secret:
            t.forget(reference)
            t.back_before(reference)  # what was asked since may need the secret


def _saved(t: Turn, ask: Ask, outcome: object) -> str:
    number = getattr(outcome, "number", "")
    t.keep(saved_name(ask.name), {SAVED: str(number)} if number else "")
    t.stage = "saved" if number else ""
    t.token = ""
    return ""
