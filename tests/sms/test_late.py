"""A late answer of another door goes by SMS to whoever is no longer there, once, and says no more than it may."""

from dataclasses import replace

import pytest

from flows.engine.run import Run
from records.outbox import Claimed, Done, Later, Result
from sessions.late import KEPT
from sms.late import LateAnswers
from tests.conversation import Conversation
from tests.sms.texting import Texting

BILL = ("dials 22 on ussd in hi", "> MAH", "> 1", "> 1", "> 12345678")


@pytest.fixture
def waiting(texting: Texting) -> Texting:
    """Somebody who asked for a bill on the screen, and then hung up."""
    for line in (*BILL, "hangs up"):
        texting.talk.do(line)
    return texting


def late(texting: Texting) -> Claimed:
    """The task that looks after the answer."""
    box = texting.talk.phone.box
    texting.talk.clock.at += 21
    (row,) = (row for row in texting.rows() if row["kind"] == "sms.late")
    task = box.claim(row["id"])
    assert task is not None
    return task


def handled(texting: Texting, task: Claimed, live: tuple[Run, int] | str | None = "", **changed: object) -> Result:
    """What its handler makes of it; `live` is the door's session instead of the real one."""
    house = texting.talk.house
    door = house.door.live if live == "" else lambda pseudonym: live
    answers = LateAnswers(house.runner, {"ussd": door}, house.late.answer, house.sms.late, house.world.now)  # type: ignore[dict-item]
    return answers(replace(task, **changed))  # type: ignore[arg-type]


def session(texting: Texting) -> tuple[Run, int]:
    found = texting.talk.house.door.live(texting.talk.house.keyring.pseudonym("+919876543210"))
    assert found is not None
    return found


def test_the_answer_is_told_in_the_language_of_the_session_once_it_is_there(waiting: Texting) -> None:
    task = late(waiting)
    assert handled(waiting, task) == Later("no_answer_yet", seconds=5, counts=False)
    waiting.talk.desk.finish()
    result = handled(waiting, task)
    assert isinstance(result, Done)
    assert result.caller is not None
    assert (result.caller.language, len(result.facts)) == ("hi", 2)


def test_the_same_answer_told_twice_is_one_text(waiting: Texting) -> None:
    task = late(waiting)
    waiting.talk.desk.finish()
    first, second = handled(waiting, task), handled(waiting, task)
    assert isinstance(first, Done)
    assert isinstance(second, Done)
    assert [fact.key for fact in first.facts] == [fact.key for fact in second.facts]


def test_whoever_still_looks_at_the_screen_gets_nothing_by_sms(waiting: Texting) -> None:
    task = late(waiting)
    waiting.talk.desk.finish()
    run, _ = session(waiting)
    now = waiting.talk.clock()
    assert handled(waiting, task, (run, now - 19)) == Later("looking", seconds=5, counts=False)
    assert isinstance(handled(waiting, task, (run, now - 20)), Done)


@pytest.mark.parametrize("changed", [{"token": "another"}, {"stage": ""}, {"ended": True}])
def test_an_answer_that_was_told_or_is_not_waited_for_is_not_sent(waiting: Texting, changed: dict[str, object]) -> None:
    task = late(waiting)
    waiting.talk.desk.finish()
    run, at = session(waiting)
    assert handled(waiting, task, (replace(run, **changed), at)) == Done("told_on_screen")  # type: ignore[arg-type]


def test_a_session_that_is_gone_gets_nothing(waiting: Texting) -> None:
    task = late(waiting)
    waiting.talk.desk.finish()
    assert handled(waiting, task, None) == Done("told_on_screen")


def test_an_answer_that_never_comes_ends_as_a_service_that_does_not_answer(waiting: Texting) -> None:
    task = late(waiting)
    gone = LateAnswers(
        waiting.talk.house.runner,
        {"ussd": waiting.talk.house.door.live},
        lambda token: None,
        waiting.talk.house.sms.late,
        waiting.talk.house.world.now,
    )
    assert isinstance(gone(replace(task, made_at=task.made_at - KEPT + 21)), Later)
    result = gone(replace(task, made_at=task.made_at - KEPT - 1))
    assert isinstance(result, Done)
    assert len(result.facts) == 1


def test_the_session_itself_is_left_as_it_was(waiting: Texting) -> None:
    task = late(waiting)
    waiting.talk.desk.finish()
    before = session(waiting)
    handled(waiting, task)
    assert session(waiting) == before


def test_a_personal_answer_without_a_text_of_its_own_only_says_that_it_is_there(texting: Texting) -> None:
    for line in ("dials 37 on ussd in en", "> 1", "> 4071", "> 4071", "> 12345678901230404", "> 1", "hangs up"):
        texting.talk.do(line)
    texting.talk.desk.finish()
    late_task = late(texting)
    texting.talk.phone.box.settle(late_task, handled(texting, late_task))
    assert texting.work() == ["The answer to your question is ready. Dial our number again to read it."]


def test_a_personal_answer_that_its_flow_sends_by_sms_is_told(texting: Texting) -> None:
    for line in ("dials 37 on ussd in en", "> 1", "> 4071", "> 4071", "> 12345678901234567", "> 1", "hangs up"):
        texting.talk.do(line)
    texting.talk.desk.finish()
    late_task = late(texting)
    texting.talk.phone.box.settle(late_task, handled(texting, late_task))
    told = "\n".join(texting.work())
    assert "Refill booked. Number DEMO" in told
    assert "12345678901234567" not in told


def test_two_answers_are_two_texts_in_the_order_in_which_they_were_asked(conversation: Conversation) -> None:
    lines = (*BILL, "hangs up", "the answer comes", "25 seconds later", *BILL, "hangs up", "the answer comes")
    told = conversation.replay("\n".join((*lines, "25 seconds later")))
    assert told.count("~ बिजली बिल") == 2
