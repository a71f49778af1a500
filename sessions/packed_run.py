"""A Run as nested lists, and back: every field whose value is as usual is left out at the end of its list.

What is usual is empty or zero for every field, so the fields that are seldom set stand last. `midway`, which lives only
within a turn, is not kept.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flows.engine.run import Answer, Frame, Narrowing, Run
from flows.engine.values import Scalar

Packed = list[Any]
_RUN: Packed = ["", "", "", "", (), 0, 0, "", 0, "", "", (), (), [], 0, 0, (), (), ""]
_FRAME: Packed = ["", "", 0, {}, ()]
_NARROWING: Packed = ["", "", 0]
_SMS, _SLOWER, _REPEATED, _ENDED, _STOPPED, _LISTING = (1 << bit for bit in range(6))


def packed_run(run: Run) -> Packed:
    """What is kept of a Run."""
    narrowing = run.narrowing
    marks = (
        run.sms * _SMS
        | run.slower * _SLOWER
        | run.repeated * _REPEATED
        | run.ended * _ENDED
        | run.stopped * _STOPPED
        | narrowing.listing * _LISTING
    )
    return _trimmed(
        [
            run.id,
            run.version,
            run.channel,
            run.language,
            [_packed_frame(frame) for frame in run.frames],
            run.turns,
            run.visits,
            run.stage,
            marks,
            run.since,
            run.token,
            run.auth,
            run.demo,
            _trimmed([narrowing.group, narrowing.letters, narrowing.first]),
            run.no_match,
            run.no_input,
            run.inputs,
            [_packed_frame(frame) for frame in run.trail],
            run.actor,
        ]
    )


def unpacked_run(packed: Packed) -> Run:
    """The Run that was packed, its transient fields as usual."""
    (
        id,
        version,
        channel,
        language,
        frames,
        turns,
        visits,
        stage,
        marks,
        since,
        token,
        auth,
        demo,
        narrowing,
        no_match,
        no_input,
        inputs,
        trail,
        actor,
    ) = packed + _RUN[len(packed) :]
    return Run(
        id=id,
        version=version,
        channel=channel,
        language=language,
        frames=tuple([_unpacked_frame(frame) for frame in frames]),
        stage=stage,
        narrowing=_unpacked_narrowing(narrowing, bool(marks & _LISTING)),
        no_match=no_match,
        no_input=no_input,
        token=token,
        inputs=tuple(inputs),
        auth=tuple(auth),
        turns=turns,
        visits=visits,
        actor=actor,
        sms=bool(marks & _SMS),
        slower=bool(marks & _SLOWER),
        repeated=bool(marks & _REPEATED),
        ended=bool(marks & _ENDED),
        demo=tuple(demo),
        trail=tuple([_unpacked_frame(frame) for frame in trail]),
        since=since,
        stopped=bool(marks & _STOPPED),
    )


def _trimmed(packed: Packed) -> Packed:
    while packed and not packed[-1]:
        packed.pop()
    return packed


def _packed_frame(frame: Frame) -> Packed:
    answers = {name: _packed_answer(answer) for name, answer in frame.answers.items()}
    return _trimmed([frame.flow, frame.block, frame.visit, answers, frame.back])


def _unpacked_frame(packed: Packed) -> Frame:
    flow, block, visit, answers, back = packed + _FRAME[len(packed) :]
    return Frame(flow, block, visit, {name: _unpacked_answer(answer) for name, answer in answers.items()}, tuple(back))


def _unpacked_narrowing(packed: Packed, listing: bool) -> Narrowing:
    if not packed and not listing:
        return Narrowing()
    group, letters, first = packed + _NARROWING[len(packed) :]
    return Narrowing(group, letters, first, listing)


def _packed_answer(answer: Answer) -> object:
    if isinstance(answer, str):
        return answer
    return {name: _packed_value(value) for name, value in answer.items()}


def _unpacked_answer(packed: str | Mapping[str, Any]) -> Answer:
    if isinstance(packed, str):
        return packed
    return {name: _unpacked_value(value) if type(value) is list else value for name, value in packed.items()}


def _packed_value(value: Scalar) -> object:
    """Days and moments stand in a list of their own; an enumeration's member is kept as the word that it is."""
    match value:
        case datetime():
            return [value.isoformat()]
        case date():
            return [value.toordinal()]
        case _:
            return value


def _unpacked_value(packed: list[Any]) -> Scalar:
    (kept,) = packed
    return datetime.fromisoformat(kept) if isinstance(kept, str) else date.fromordinal(kept)
