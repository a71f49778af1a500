"""Ratings: one to five stars, once a day, by pseudonym alone."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from flows.engine.values import Count
from flows.operations.registry import collect, signature
from records.database import Database
from records.fact_tables import ratings
from records.operations import Kept
from records.ratings import RatedToday, RatingOperations
from tests.conversation import TODAY, Clock
from tests.records.crowd import together
from tests.records.people import caller


@pytest.fixture
def days() -> list[date]:
    """Today."""
    return [TODAY]


@pytest.fixture
def rate(database: Database, clock: Clock, days: list[date]) -> RatingOperations:
    return RatingOperations(database, clock, lambda: days[0])


def test_a_rating_is_kept_by_pseudonym_with_its_service(
    rate: RatingOperations, database: Database, clock: Clock
) -> None:
    assert rate.give(Count(4), caller=caller()) == Kept()
    with database.read() as connection:
        row = connection.execute(select(ratings)).one()
    assert (row.pseudonym, row.day, row.service, row.channel, row.language, row.stars, row.given_at) == (
        caller().pseudonym,
        "2026-11-24",
        "lpg_book",
        "ussd",
        "hi",
        4,
        clock.at,
    )


def test_a_caller_rates_once_a_day(rate: RatingOperations, days: list[date]) -> None:
    assert rate.give(Count(5), caller=caller("r1")) == Kept()
    assert rate.give(Count(1), caller=caller("r2", service="pension")) == RatedToday()
    assert rate.give(Count(1), caller=caller("r3", number=2)) == Kept()
    days[0] += timedelta(days=1)
    assert rate.give(Count(1), caller=caller("r4")) == Kept()


def test_the_same_rating_told_twice_is_one(rate: RatingOperations, database: Database) -> None:
    assert [rate.give(Count(5), caller=caller("r1")) for _ in range(2)] == [Kept(), Kept()]
    with database.read() as connection:
        assert connection.execute(select(ratings.c.stars)).scalars().all() == [5]


def test_of_many_ratings_at_once_one_counts(rate: RatingOperations) -> None:
    given = together(5, lambda number: rate.give(Count(3), caller=caller(f"r{number}")))
    assert (given.count(Kept()), given.count(RatedToday())) == (1, 4)


@pytest.mark.parametrize("stars", [0, 6, -1])
def test_a_rating_has_one_to_five_stars(rate: RatingOperations, stars: int) -> None:
    with pytest.raises(ValueError, match="one to five"):
        rate.give(Count(stars), caller=caller())


def test_the_operation_has_the_outcomes_that_a_flow_tells_apart(rate: RatingOperations) -> None:
    offered = signature(collect([rate])["rating.give"])
    assert (set(offered.outcomes), set(offered.parameters)) == ({"kept", "rated_today"}, {"stars"})
