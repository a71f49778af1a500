"""Reconciling made-up books: each kind of fault is found, and nothing else is."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bench.chaos_book import Booking, Kept, Ledger, Text, Transaction
from bench.chaos_reconcile import LOST, NOT_OWED, TWICE, UNFINISHED, count, faults, slowest_text_s

MSISDN, OTHER, LPG_ID = "+919800000001", "+919800000002", "70000000000000007"
OFFICE = "Post office: Nirman Bhawan, Sub Office."
ALL_WELL = Kept({MSISDN: 1}, {}, [])


def caller() -> Transaction:
    """Somebody who was promised one text, one booking and a person's help, and got all of it."""
    one = Transaction(7, "lpg", MSISDN, LPG_ID, confirmed=1, told={"CHAOS1"}, ended="done")
    one.helps_wished = one.helps_told = 1
    owed = one.owe("Post office: .*")
    owed.wish()
    owed.promise()
    return one


def text(key: str = "sms:1", said: str = OFFICE, to: str = MSISDN, times: int = 1) -> Text:
    return Text(key, to, said, 1000.0, times)


def booking(key: str = "run.0.book", lpg_id: str = LPG_ID, number: str = "CHAOS1") -> Booking:
    return Booking(key, lpg_id, number)


def found(
    one: Transaction,
    texts: Sequence[Text] = (text(),),
    bookings: Sequence[Booking] = (booking(),),
    kept: Kept = ALL_WELL,
) -> dict[str, int]:
    """How many faults of each kind there are, without those that are none."""
    seen = faults([one], Ledger(texts, bookings), kept)
    assert all(MSISDN not in f"{fault}" for fault in seen), "a fault shows a number"
    counted = {kind: count(seen, kind) for kind in (LOST, TWICE, NOT_OWED, UNFINISHED)}
    return {kind: many for kind, many in counted.items() if many}


def test_what_was_promised_and_came_once_is_no_fault() -> None:
    assert found(caller()) == {}


def test_a_promised_text_that_is_not_in_the_ledger_is_lost() -> None:
    assert found(caller(), texts=()) == {LOST: 1}


def test_the_same_text_under_another_key_is_sent_twice() -> None:
    assert found(caller(), texts=(text(), text("sms:2"))) == {TWICE: 1}


def test_one_key_that_was_sent_twice_is_sent_twice() -> None:
    assert found(caller(), texts=(text(times=2),)) == {TWICE: 1}


def test_a_repeated_request_that_sent_nothing_is_no_fault() -> None:
    assert found(caller(), texts=(replace(text(), repeats=3),)) == {}


def test_a_wish_whose_answer_was_never_seen_may_be_granted_or_not() -> None:
    one = caller()
    one.owed[0].least = 0
    assert (found(one), found(one, texts=())) == ({}, {})


def test_a_text_that_nobody_was_promised_is_found() -> None:
    assert found(caller(), texts=(text(), text("sms:2", "Something else."))) == {NOT_OWED: 1}


def test_a_text_that_only_begins_like_a_promised_one_is_not_that_one() -> None:
    one = caller()
    one.owed[0].pattern = "Post office"
    assert found(one) == {LOST: 1, NOT_OWED: 1}


def test_a_text_to_a_number_that_never_called_is_found() -> None:
    assert found(caller(), texts=(text(), text("sms:2", to=OTHER))) == {NOT_OWED: 1}


def test_one_text_pays_one_promise_only() -> None:
    one = caller()
    one.owe("Post office: Nirman.*").promise()
    assert found(one) == {LOST: 1}


def test_a_booking_that_was_told_on_the_screen_and_is_not_in_the_ledger_is_lost() -> None:
    assert found(caller(), bookings=()) == {LOST: 1}


def test_a_booking_that_was_told_by_sms_and_is_not_in_the_ledger_is_lost() -> None:
    one = caller()
    one.owed[0].pattern = ".*"
    assert found(one, texts=(text(said="Refill booked. Number CHAOS9. Delivery by 1 Dec 2026."),)) == {LOST: 1}


def test_a_booking_made_under_two_keys_is_done_twice() -> None:
    assert found(caller(), bookings=(booking(), booking("run.1.book", number="CHAOS2"))) == {TWICE: 1}


def test_a_booking_of_nobody_is_found() -> None:
    assert found(caller(), bookings=(booking(), booking("x", "1" * 17, "CHAOS2"))) == {TWICE: 1}


@pytest.mark.parametrize(("items", "kind"), [(0, LOST), (2, TWICE)])
def test_a_promised_person_is_one_work_item(items: int, kind: str) -> None:
    assert found(caller(), kept=replace(ALL_WELL, items={MSISDN: items})) == {kind: 1}


def test_a_caller_who_never_came_to_an_end_is_unfinished() -> None:
    one = caller()
    one.ended = ""
    assert found(one) == {UNFINISHED: 1}


def test_a_task_that_did_not_end_is_unfinished() -> None:
    assert found(caller(), kept=replace(ALL_WELL, open_tasks={"sms.send waiting": 3})) == {UNFINISHED: 3}


def test_a_dead_task_is_unfinished_and_named_by_its_caller() -> None:
    kept = replace(ALL_WELL, dead=[(MSISDN, "sms.send: no_template")])
    (fault,) = faults([caller()], Ledger([text()], [booking()]), kept)
    assert (fault.kind, fault.serial, fault.why) == (UNFINISHED, 7, "dead task sms.send: no_template")


def test_the_slowest_text_is_counted_from_its_promise() -> None:
    one = caller()
    one.owed[0].since = 990.5
    assert slowest_text_s([one], Ledger([text()], [])) == 9.5
