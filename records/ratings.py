"""The operation by which a caller rates a service: one to five stars, once a day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from flows.engine.values import Count
from flows.operations import Caller, operation
from records.database import Database
from records.fact_tables import ratings
from records.facts import new_row
from records.operations import Kept

MOST_STARS = 5
_REQUEST = 96
"""Characters that the table keeps of a request's token."""


@dataclass(frozen=True, slots=True)
class RatedToday:
    """This caller rated a service today: one rating a day counts."""


@dataclass(frozen=True, slots=True)
class RatingOperations:
    """The operation that keeps ratings. `now` gives Unix seconds, `today` the day in India.

    A rating keeps the pseudonym, so that it counts once, and nothing else of the caller; it outlasts their erasure.
    """

    database: Database
    now: Callable[[], int]
    today: Callable[[], date]

    @operation("rating.give", caller=True)
    def give(self, stars: Count, *, caller: Caller) -> Kept | RatedToday:
        """Keep how this caller rates this service. The same request told twice is one rating.

        Raises ValueError for less than one star, or more than five.
        """
        if not 1 <= stars <= MOST_STARS:
            raise ValueError("a rating has one to five stars")
        day, request = self.today().isoformat(), caller.request[:_REQUEST]
        row = {
            "pseudonym": caller.pseudonym,
            "day": day,
            "service": caller.service,
            "channel": caller.channel,
            "language": caller.language,
            "request": request,
            "stars": stars,
            "given_at": self.now(),
        }
        with self.database.write() as connection:
            if new_row(connection, ratings, row):
                return Kept()
            mine = ratings.c.pseudonym == caller.pseudonym, ratings.c.day == day
            first = connection.execute(select(ratings.c.request).where(*mine)).scalar()
        return Kept() if first == request else RatedToday()

    OPERATIONS = (give,)
