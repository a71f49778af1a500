"""A text comes in once, is taken once, and what follows from it is kept in the transaction that ends its task."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from records.outbox import Claimed, Result
from sms.conversation import Overtaken
from sms.door import TAKE
from sms.parts import MOST_PARTS, parts
from tests.sms.texting import Texting, template_of

MOST_MESSAGES = 4
STOPPED = "No more SMS will come from Ghanti. Write START to get them again."
OTHER = "+919876543299"


def states(texting: Texting) -> list[tuple[str, str]]:
    return [(row["kind"], row["state"]) for row in texting.rows()]


def test_a_text_is_in_the_inbox_with_its_task_before_it_is_acknowledged(texting: Texting) -> None:
    assert texting.bring("POST 110011") == 200
    assert states(texting) == [("sms.take", "waiting")]
    assert texting.sent == []


def test_the_same_text_brought_again_changes_nothing_before_or_after_it_is_taken(texting: Texting) -> None:
    for _ in range(2):
        texting.bring("POST 110011", ref="a")
    assert len(texting.work()) == 1
    before = texting.rows()
    assert texting.bring("POST 110011", ref="a") == 200
    assert texting.work() == []
    assert texting.rows() == before


def test_the_same_words_under_another_ref_are_another_text(texting: Texting) -> None:
    assert len(texting.text("POST 110011")) == 1
    assert len(texting.text("POST 110011")) == 1


def test_a_ref_that_is_longer_than_a_key_keeps_two_texts_apart(texting: Texting) -> None:
    for end in "abba":
        texting.bring("POST", ref="r" * 127 + end)
    assert len(states(texting)) == 2


def test_two_texts_of_one_phone_are_taken_in_the_order_in_which_they_came(texting: Texting) -> None:
    for text in ("POST", "110011", "2"):
        texting.bring(text)
    texting.talk.hurried.sort(reverse=True)
    texting.work()
    texting.talk.clock.at += 10
    texting.talk.phone.new()
    assert [message.key for message in texting.sent] == [
        "post_offices.pin text", "post_offices.office text options", "post_offices.details sms"
    ] or [message.text.split("\n")[0] for message in texting.sent] == [
        "Enter your 6-digit PIN code.", "Post offices for 110011:", "Post office: Udyog Bhawan, Sub Office."
    ]  # fmt: skip


def test_two_phones_have_conversations_of_their_own(texting: Texting) -> None:
    texting.text("POST")
    texting.bring("110011", sender=OTHER)
    (answer,) = texting.work()
    assert answer.startswith("Which service?")
    assert texting.text("110011")[0].startswith("Post offices for 110011:")


def test_stop_is_honoured_before_anything_else_is_done(texting: Texting) -> None:
    texting.bring("POST 110011")
    texting.bring("STOP")
    assert texting.work() == [STOPPED]


def test_stop_ends_what_waits_to_be_sent(texting: Texting) -> None:
    texting.bring("POST 110011")
    texting.talk.phone.box.deliver(texting.talk.hurried.pop(0))
    texting.bring("stop")
    assert texting.work() == [STOPPED]
    assert ("sms.send", "waiting") not in states(texting)


def test_stop_brought_again_is_answered_once_and_does_not_undo_a_later_start(texting: Texting) -> None:
    texting.bring("STOP", ref="s")
    texting.bring("START")
    texting.bring("STOP", ref="s")
    assert len(texting.work()) == 2
    assert texting.text("POST")


def test_help_answers_without_touching_the_conversation(texting: Texting) -> None:
    texting.text("POST")
    (told,) = texting.text("HELP")
    assert told.startswith("Write what you need")
    assert texting.text("110011")[0].startswith("Post offices for 110011:")


def test_somebody_who_writes_in_hindi_is_answered_in_hindi(texting: Texting) -> None:
    assert texting.text("डाक 110011")[0].startswith("110011 के डाकघर:")
    assert {row["kind"] for row in texting.rows()} == {"sms.take", "sms.send"}
    assert {message.language for message in texting.sent} == {"hi"}


def test_a_job_that_was_overtaken_sends_nothing_and_is_done_over(
    texting: Texting, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversations = texting.talk.house.sms._conversations
    kept = type(conversations).save

    def overtaken(*given: object) -> None:
        raise Overtaken

    texting.bring("POST")
    monkeypatch.setattr(type(conversations), "save", overtaken)
    with pytest.raises(Overtaken):
        texting.work()
    assert [kind for kind, _ in states(texting)] == ["sms.take"]
    monkeypatch.setattr(type(conversations), "save", kept)
    texting.talk.clock.at += 31
    texting.talk.phone.new()
    assert [message.text for message in texting.sent] == ["Enter your 6-digit PIN code."]


def test_a_worker_killed_between_taking_and_telling_tells_it_once(texting: Texting) -> None:
    texting.bring("POST")
    box = texting.talk.phone.box
    number = texting.talk.hurried.pop(0)
    task = box.claim(number)
    assert task is not None
    first = box.handlers[TAKE](task)  # … and is killed before it can settle
    texting.talk.clock.at += 31
    assert box.deliver(number) == "done"
    assert box.settle(task, first) == ""
    assert texting.work() == ["Enter your 6-digit PIN code."]


def test_another_question_waits_for_the_answer_before_it_and_no_longer_than_a_minute(texting: Texting) -> None:
    texting.text("MANDI 110001 ONION")
    assert texting.text("MANDI 110001 POTATO") == []
    take = next(row for row in texting.rows() if row["kind"] == "sms.take" and row["state"] == "waiting")
    assert (take["reason"], take["tries"]) == ("answer_before_it", 0)
    texting.talk.clock.at += 61
    texting.talk.phone.new()
    assert texting.talk.desk.tokens[1:]


def test_whoever_waits_may_ask_for_help_meanwhile(texting: Texting) -> None:
    texting.text("MANDI 110001 ONION")
    assert len(texting.text("HELP")) == 1


def test_a_person_who_is_asked_for_is_a_work_item_once(texting: Texting) -> None:
    from records.fact_tables import work_items

    texting.text("POST")
    texting.text("helpline")
    with texting.talk.house.database.read() as connection:
        rows = connection.execute(work_items.select()).mappings().all()
    assert [(row["channel"], row["service"], row["reason"]) for row in rows] == [("sms", "post_offices", "asked")]


_SCRIPTS = st.text(st.characters(min_codepoint=1, max_codepoint=0x1FAFF), max_size=120)
_SAID = st.sampled_from(
    ["POST", "mandi", "डाक", "gas", "bijli", "110011", "1", "2", "01", "00", "0", "05", "09", "yes", "nahi", "I agree",
     "4821", "pyaz", "maharashtra", "*13*110011#", "35", "HELP", "english", "हिन्दी", "pension", "help me with gas"]
)  # fmt: skip
_LONG = st.sampled_from(["क" * 1600, "a " * 800, "1" * 1600, "\x00\x01\x1f" * 50, "‮STOPP‬", "😀" * 800, "\n\n\t"])


@given(texts=st.lists(st.one_of(_SAID, _SAID, _SCRIPTS, _LONG), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_comes_is_answered_in_few_short_texts_that_equal_their_templates(
    texting: Texting, texts: list[str]
) -> None:
    for text in texts:
        before = len(texting.sent)
        assert texting.bring(text) == 200
        texting.work()
        came = texting.sent[before:]
        assert len(came) <= MOST_MESSAGES
        for message in came:
            assert parts(message.text) <= MOST_PARTS
            assert template_of(message) is not None
        rows = texting.rows()
        assert texting.bring(text, ref=f"r{texting.count}") == 200
        texting.work()
        assert texting.rows() == rows
        assert not [row for row in rows if row["reason"].startswith("fault")]


def test_a_text_of_more_than_sixteen_hundred_characters_is_refused_in_a_sentence(texting: Texting) -> None:
    assert texting.bring("a" * 1601) == 413
    assert texting.rows() == []


def test_a_service_that_fails_in_the_middle_is_tried_again_by_the_outbox(texting: Texting) -> None:
    box = texting.talk.phone.box
    real = box.handlers[TAKE]
    faults = [RuntimeError("+919876543210")]

    def take(task: Claimed) -> Result:
        if faults:
            raise faults.pop()
        return real(task)

    box.handlers = {**box.handlers, TAKE: take}
    assert texting.text("POST") == []
    (row,) = texting.rows()
    assert (row["state"], row["reason"]) == ("waiting", "fault_RuntimeError")
    texting.talk.clock.at += 60
    texting.talk.phone.new()
    assert [message.text for message in texting.sent] == ["Enter your 6-digit PIN code."]


def test_a_late_answer_that_nobody_waits_for_any_more_sends_nothing(texting: Texting) -> None:
    texting.text("MANDI 110001 ONION")
    texting.talk.clock.at += 61
    texting.text("POST 110011")
    texting.talk.desk.finish()
    texting.talk.clock.at += 10
    texting.talk.phone.new()
    assert [message.text.split("\n")[0] for message in texting.sent] == ["Post offices for 110011:"]
    late = next(row for row in texting.rows() if row["kind"] == "sms.late")
    assert (late["state"], late["ref"]) == ("done", "not_waited_for")


def test_a_late_answer_is_looked_for_without_being_counted_as_a_try(texting: Texting) -> None:
    texting.text("MANDI 110001 ONION")
    for _ in range(20):
        texting.talk.clock.at += 10
        texting.talk.phone.new()
    late = next(row for row in texting.rows() if row["kind"] == "sms.late")
    assert (late["state"], late["tries"], late["reason"]) == ("waiting", 0, "no_answer_yet")
