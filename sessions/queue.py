"""Work for later, in RQ: a job is a dotted name and ids, written as JSON."""

import logging
import math
from collections.abc import Callable

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from sessions.connection import StoreAway
from sessions.late import FINISH, Late

log = logging.getLogger(__name__)
LATE, OUTBOX = "late", "outbox"
"""The queues: requests that callers wait for, and promised work."""
DELIVER = "records.outbox.deliver"
"""The dotted name of the job that does a task of the outbox."""
_TASK_SECONDS = 25
GRACE = 5
"""Seconds over its own deadline after which a job is ended from outside."""
KEPT = 900
"""Seconds that a job which nobody took, or which failed, is kept."""


class JobQueue:
    """Puts jobs into the queue of this name; `client` is redis-py's. No serializer but JSON is ever used."""

    def __init__(self, client: Redis, name: str = LATE) -> None:
        self.rq = Queue(name, connection=client, serializer=JSONSerializer)

    def put(self, job: str, *ids: str, seconds: float) -> None:
        """Have the function of this dotted name done with these ids, in so many seconds. Raises StoreAway."""
        try:
            self.rq.enqueue_call(
                job,
                args=ids,
                timeout=math.ceil(seconds) + GRACE,
                ttl=KEPT,
                failure_ttl=KEPT,
                result_ttl=0,
                description=job,
            )
        except RedisError as error:
            raise StoreAway(f"the queue is away: {type(error).__name__}") from None


def by_worker(queue: JobQueue) -> Callable[[Late, str, float], None]:
    """How `Late` hands a token over to the workers of this queue."""
    return lambda late, token, seconds: queue.put(FINISH, token, seconds=seconds)


def handed_over(queue: JobQueue) -> Callable[[int], bool]:
    """Hands a task of the outbox to the workers by its number; says whether the queue took it."""

    def hand_over(number: int) -> bool:
        try:
            queue.put(DELIVER, str(number), seconds=_TASK_SECONDS)
        except StoreAway:
            return False
        return True

    return hand_over


def hurry(queue: JobQueue) -> Callable[[int], None]:
    """The same for whoever just kept the task: when the queue is away, the sweeper comes after."""
    hand_over = handed_over(queue)

    def hurried(number: int) -> None:
        if not hand_over(number):
            log.warning("the queue is away: a task waits for the sweeper")

    return hurried
