from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.engine.effects import Said
from flows.engine.events import NoInput
from flows.engine.run import Frame, Midway, Narrowing, Run
from flows.engine.values import Scalar
from sessions.codec import DEFLATED_FROM, SessionRecord, decode, encode, fingerprint
from sessions.packed_run import packed_run


class Kind(StrEnum):
    HEAD = "head"


text = st.text(max_size=12)
names = st.text("abcdefghijklmnopqrstuvwxyz_", max_size=8)
small = st.integers(0, 200)
several = st.lists(text, max_size=3).map(tuple)
scalars = st.one_of(
    text, st.integers(-(2**63), 2**64 - 1), st.dates(), st.datetimes(), st.booleans(), st.sampled_from(Kind)
)
answers = st.dictionaries(names, text | st.dictionaries(names, scalars, max_size=3), max_size=4).map(MappingProxyType)
frames = st.builds(Frame, names, names, small, answers, several)
stacks = st.lists(frames, max_size=3).map(tuple)
narrowings = st.builds(Narrowing, text, text, small, st.booleans())
runs = st.builds(
    Run,
    id=text,
    version=text,
    channel=st.sampled_from(["ussd", "ivr"]),
    language=st.sampled_from(["", "hi", "en"]),
    frames=stacks,
    stage=names,
    narrowing=narrowings,
    no_match=small,
    no_input=small,
    token=text,
    inputs=several,
    auth=several,
    turns=small,
    visits=small,
    actor=text,
    sms=st.booleans(),
    slower=st.booleans(),
    repeated=st.booleans(),
    ended=st.booleans(),
    demo=several,
    trail=stacks,
    since=names,
    stopped=st.booleans(),
)
records = st.builds(
    SessionRecord,
    session=st.binary(max_size=8),
    typed_length=st.integers(0, 5000),
    typed=st.binary(max_size=8),
    at=st.integers(0, 2**33),
    reply=st.text(max_size=250),
    run=runs,
    stays=st.booleans(),
    rest=st.lists(st.text(max_size=250), max_size=4).map(tuple),
    previous=st.binary(max_size=8),
)


@given(records)
def test_what_was_packed_comes_back(record: SessionRecord) -> None:
    assert decode(encode(record)) == record


@given(runs)
def test_answers_keep_their_types(run: Run) -> None:
    record = decode(encode(replace(TYPICAL, run=run)))
    assert record is not None
    kept, given = record.run, run
    for mine, theirs in zip((*kept.frames, *kept.trail), (*given.frames, *given.trail), strict=True):
        for name, answer in theirs.answers.items():
            back = mine.answers[name]
            if isinstance(answer, str) or isinstance(back, str):
                assert type(back) is str
            else:
                was = [str if isinstance(value, str) else type(value) for value in answer.values()]
                assert [type(value) for value in back.values()] == was


def test_what_lives_only_within_a_turn_is_not_kept() -> None:
    question: tuple[str, ...] = ("post.offices", "pin", "110001")
    told, hand = (Said(None, {}, "told"),), {question: (object(), False)}
    transient = TYPICAL.run.within(Midway(date(2026, 11, 24), told, hand, question, NoInput()))
    assert decode(encode(replace(TYPICAL, run=transient))) == TYPICAL


TYPICAL = SessionRecord(
    session=fingerprint("ATUid_6d0ff1a7b0c2"),
    typed_length=10,
    typed=fingerprint("1*1*110001"),
    at=1_795_487_000,
    reply=("Post offices for 110001:\n" + "\n".join(f"{n} New Delhi Sector {n} S.O" for n in range(1, 10)))[:182],
    run=Run(
        id="k3Jd92lsPqQx",
        version="3f9a1c22d04e",
        channel="ussd",
        language="hi",
        frames=(Frame("post_offices", "office", 2, {"pin": "110001", "offices": {"": "found"}}, ("pin",)),),
        turns=4,
        visits=3,
        stage="menu",
        since="office",
        trail=(Frame("main_menu", "services", 1, {"services": "post_offices"}, ("services",)),),
    ),
)
A_BILL: dict[str, Scalar] = {
    "name": "R***** K****",
    "amount": 123450,
    "due": date(2026, 12, 1),
    "at": datetime(2026, 11, 24, 10, 30, 5),
}


def test_a_typical_run_is_under_200_bytes() -> None:
    assert len(encode(TYPICAL)) - len(TYPICAL.reply.encode()) < 240
    assert len(encode(TYPICAL)) - len(encode(replace(TYPICAL, run=Run("", "", "", "")))) < 200


def test_a_session_with_a_full_screen_is_under_500_bytes_with_its_key_and_seal() -> None:
    assert len(TYPICAL.reply.encode()) == 182
    assert len(encode(TYPICAL)) + 17 + 29 <= 500


@pytest.mark.parametrize(
    "script", ["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz ", "कखगघचछजझटठडढतथदधनपफबभमयरलवशसह "]
)
def test_a_session_with_three_more_screens_is_under_1000_bytes(script: str) -> None:
    # Words in no order, which deflate less than sentences do.
    each = 160 if script.isascii() else 70
    screens = ["".join(script[(n * n * 7 + page * 5 + n // 3) % len(script)] for n in range(each)) for page in range(4)]
    record = replace(TYPICAL, reply=screens[0], rest=tuple(screens[1:]))
    assert len(encode(record)) + 17 + 29 <= 1000
    assert decode(encode(record)) == record


def test_what_is_as_usual_takes_no_room() -> None:
    assert packed_run(Run("id", "version", "ussd", "hi")) == ["id", "version", "ussd", "hi"]
    assert packed_run(replace(TYPICAL.run, frames=(Frame("flow", "block", 0),)))[4] == [["flow", "block"]]


def test_the_wish_for_the_plain_list_is_kept_alone() -> None:
    record = replace(TYPICAL, run=replace(TYPICAL.run, narrowing=Narrowing(listing=True)))
    assert decode(encode(record)) == record


def test_only_a_large_record_is_deflated() -> None:
    assert encode(TYPICAL)[:1] != b"\xc1"
    large = replace(TYPICAL, rest=(TYPICAL.reply,) * 2)
    assert encode(large)[:1] == b"\xc1"
    assert len(encode(large)) < DEFLATED_FROM


def test_an_outcome_of_every_type_is_kept() -> None:
    run = replace(TYPICAL.run, frames=(Frame("bill", "amount", 3, {"bill": A_BILL}),))
    record = decode(encode(replace(TYPICAL, run=run)))
    assert record is not None
    assert record.run.frames[0].answers == {"bill": A_BILL}


def test_a_record_of_another_format_is_taken_for_none() -> None:
    form, *fields = msgspec.msgpack.decode(encode(TYPICAL))
    assert decode(msgspec.msgpack.encode((form + 1, *fields))) is None


@pytest.mark.parametrize(("stays", "rest", "goes_on"), [(1, (), 1), (0, (), 0), (0, ("more",), 1), (1, ("more",), 1)])
def test_a_session_goes_on_while_something_stays_or_is_unread(stays: int, rest: tuple[str, ...], goes_on: int) -> None:
    assert replace(TYPICAL, stays=bool(stays), rest=rest).goes_on is bool(goes_on)


def test_a_fingerprint_is_eight_bytes_of_the_whole_text() -> None:
    assert len(fingerprint("1*1*110001")) == 8
    assert fingerprint("1*1*110001") != fingerprint("1*1*110002")


def test_a_fingerprint_can_be_had_of_any_text() -> None:
    assert fingerprint("\ud800") != fingerprint("")
