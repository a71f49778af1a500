"""The figures from SQL: sums by period, channel, language, service and day; who dropped off where; who is hidden."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from figures.stats import FEWEST, Line, Stats, hidden, read
from records.database import Database
from records.fact_tables import counts, ratings
from records.tables import callers, consents
from tests.conversation import TODAY


def count(database: Database, number: int, what: str, back: int = 0, **names: str) -> None:
    row: dict[str, object] = {"channel": "ussd", "language": "en", "service": "lpg_book", "place": "", **names}
    row |= {"day": (TODAY - timedelta(days=back)).isoformat(), "what": what, "number": number}
    with database.write() as connection:
        connection.execute(insert(counts).values(row))


def rate(database: Database, stars: int, who: int, back: int = 0, **names: str) -> None:
    row: dict[str, object] = {
        "service": "lpg_book",
        "channel": "ussd",
        "language": "en",
        "stars": stars,
        "given_at": 1,
        **names,
    }
    row |= {"pseudonym": bytes([who]) * 16, "day": (TODAY - timedelta(days=back)).isoformat()}
    with database.write() as connection:
        connection.execute(insert(ratings).values(row))


def register(
    database: Database, how_many: int, language: str, *, pin: bool = True, agreed: bool = False, gone: bool = False
) -> None:
    people = [f"{language}{number}{pin}{agreed}".encode().ljust(16, b".") for number in range(how_many)]
    rows = [
        {
            "pseudonym": who, "data_key": b"", "key_id": 1, "number": b"", "language": language, "channel": "ussd",
            "pin": b"sealed" if pin else None, "wrong": 0, "locked_until": 0, "last_request": "", "last_told": "",
            "version": 1, "made_at": 0, "changed_at": 0,
        }
        for who in people
    ]  # fmt: skip
    told = {"purpose": "lpg_book", "notice": "1", "language": language, "channel": "ussd", "given_at": 1}
    with database.write() as connection:
        connection.execute(insert(callers), rows)
        if agreed:
            withdrawn = 5 if gone else None
            connection.execute(
                insert(consents), [{"pseudonym": who, "withdrawn_at": withdrawn, **told} for who in people]
            )


def stats(database: Database, today: date = TODAY) -> Stats:
    with database.read() as connection:
        return read(connection, today)


def named(lines: tuple[Line, ...]) -> dict[str, Line]:
    return {line.name: line for line in lines}


def test_an_empty_house_has_figures_of_nothing(database: Database) -> None:
    told = stats(database)
    assert told.registered == 0
    assert {line.hits for line in told.periods} == {0}
    assert told.by_channel == told.by_service == ()
    assert told.dropped == ()
    assert len(told.by_day) == 30


def test_periods_end_today_and_hold_as_many_days_as_they_say(database: Database) -> None:
    for back in (0, 6, 7, 29, 30, 364, 365):
        count(database, 1, "hit", back)
    by_period = {line.name: line.hits for line in stats(database).periods}
    assert by_period == {"today": 1, "7 days": 2, "30 days": 4, "365 days": 6, "all": 7}


def test_demo_transactions_are_told_apart(database: Database) -> None:
    count(database, 3, "transaction", place="done")
    count(database, 2, "transaction", place="left")
    count(database, 9, "demo_transaction", place="done")
    told = stats(database)
    assert (told.by_service[0].transactions, told.by_service[0].demo) == (5, 9)
    assert told.outcomes == {"done": 12, "left": 2}


def test_each_cut_sums_over_the_others(database: Database) -> None:
    count(database, 1, "hit", channel="ussd", language="hi", service="lpg_book")
    count(database, 2, "hit", channel="sms", language="hi", service="post_offices")
    count(database, 4, "hit", 1, channel="sms", language="en", service="lpg_book")
    told = stats(database)
    assert {line.name: line.hits for line in told.by_channel} == {"sms": 6, "ussd": 1}
    assert {line.name: line.hits for line in told.by_language} == {"en": 4, "hi": 3}
    assert {line.name: line.hits for line in told.by_service} == {"lpg_book": 5, "post_offices": 2}
    assert [line.hits for line in told.by_day[:3]] == [3, 4, 0]
    assert [line.name for line in told.by_channel] == ["sms", "ussd"]


def test_the_average_is_that_of_the_ratings_given(database: Database) -> None:
    rate(database, 5, 1)
    rate(database, 4, 2)
    rate(database, 1, 3, back=10, service="post_offices", language="hi")
    told = stats(database)
    ever = named(told.periods)
    assert (ever["all"].rating, ever["all"].ratings) == (3.33, 3)
    assert (ever["7 days"].rating, ever["7 days"].ratings) == (4.5, 2)
    assert named(told.by_service)["post_offices"].rating == 1.0
    assert named(told.by_language)["en"].rating == 4.5
    assert named(told.by_channel)["ussd"].ratings == 3


def test_who_chose_a_pin_or_agreed_is_registered_and_nobody_else(database: Database) -> None:
    register(database, 12, "hi")
    register(database, 11, "en", pin=False, agreed=True)
    register(database, 40, "ta", pin=False)
    register(database, 40, "te", pin=False, agreed=True, gone=True)
    told = stats(database)
    assert told.registered == 23
    assert {line.name: line.registered for line in told.by_language} == {"en": 11, "hi": 12}
    assert named(told.by_service)["lpg_book"].registered == 11
    assert named(told.by_channel)["ussd"].registered == 23


def test_few_registered_callers_are_hidden_in_all_and_in_cuts(database: Database) -> None:
    register(database, FEWEST - 1, "hi", agreed=True)
    told = stats(database)
    assert told.registered is None
    for lines in (told.by_language, told.by_channel, told.by_service):
        assert [line.registered for line in lines] == [None]


def test_a_block_where_nobody_answered_is_told(database: Database) -> None:
    count(database, 10, "prompt", place="lpg_book.lpg_id", language="hi")
    count(database, 10, "prompt", place="lpg_book.lpg_id")
    count(database, 15, "answer", place="lpg_book.lpg_id")
    count(database, 3, "prompt", 30, place="lpg_book.old")
    (dropped,) = stats(database).dropped
    assert (dropped.flow, dropped.block, dropped.prompts, dropped.unanswered) == ("lpg_book", "lpg_id", 20, 5)
    assert dropped.share == 0.25


@pytest.mark.parametrize(
    ("people", "shown"),
    [
        ({"a": 9, "b": 50}, {"a": None, "b": None}),  # 59 in all, less 50, would be 9
        ({"a": 9, "b": 10, "c": 50}, {"a": None, "b": None, "c": 50}),
        ({"a": 1, "b": 2, "c": 50}, {"a": None, "b": None, "c": None}),  # 3 in two groups can only be 1 and 2
        ({"a": 6, "b": 7, "c": 50}, {"a": None, "b": None, "c": 50}),
        ({"a": 10, "b": 50}, {"a": 10, "b": 50}),
        ({}, {}),
    ],
)
def test_no_total_gives_a_small_group_away(people: dict[str, int], shown: dict[str, int | None]) -> None:
    assert hidden(people) == shown


@given(st.dictionaries(st.text(max_size=2), st.integers(1, 40), max_size=8))
def test_what_is_hidden_is_never_one_group_and_never_few_people(people: dict[str, int]) -> None:
    told = hidden(people)
    away = [name for name, number in told.items() if number is None]
    assert all(number is None or number >= FEWEST for number in told.values())
    assert not away or (len(away) > 1 and sum(people[name] for name in away) >= FEWEST) or len(away) == len(people)
