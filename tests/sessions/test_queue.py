import json
import zlib

import pytest
from redis import Redis
from rq import Queue

from sessions.connection import Connection, StoreAway
from sessions.keyring import Keyring
from sessions.late import Late
from sessions.outcomes import Outcomes
from sessions.queue import GRACE, KEPT, JobQueue, by_worker


def the_job(redis: Redis) -> dict[bytes, bytes]:
    """The only job there is, as it stands in Redis."""
    (key,) = redis.keys("rq:job:*")
    return redis.hgetall(key)  # type: ignore[return-value]  # it decodes nothing


def test_a_job_is_a_dotted_name_and_ids_in_json(redis: Redis) -> None:
    JobQueue(redis).put("sessions.late.finish", "run.3.bill", seconds=45)
    assert json.loads(zlib.decompress(the_job(redis)[b"data"])) == ["sessions.late.finish", None, ["run.3.bill"], {}]


def test_nothing_but_the_ids_tells_one_job_from_another(redis: Redis) -> None:
    JobQueue(redis).put("sessions.late.finish", "run.3.bill", seconds=45)
    assert the_job(redis)[b"description"] == b"sessions.late.finish"


@pytest.mark.parametrize(("seconds", "timeout"), [(45.0, 45), (1.2, 2)])
def test_a_job_has_its_own_time_and_expires(redis: Redis, seconds: float, timeout: int) -> None:
    JobQueue(redis).put("sessions.late.finish", "run.3.bill", seconds=seconds)
    job = the_job(redis)
    assert int(job[b"timeout"]) == timeout + GRACE
    assert (int(job[b"failure_ttl"]), int(job[b"result_ttl"]), int(job[b"ttl"])) == (KEPT, 0, KEPT)


def test_jobs_stand_in_the_queue_of_their_name(redis: Redis) -> None:
    JobQueue(redis, "messages").put("sessions.late.finish", "a", seconds=1)
    assert (Queue("messages", connection=redis).count, Queue("late", connection=redis).count) == (1, 0)


def test_a_queue_that_is_away_says_so(redis_url: str) -> None:
    queue = JobQueue(Connection("unix:///nowhere.sock").client())
    with pytest.raises(StoreAway, match="queue"):
        queue.put("sessions.late.finish", "a", seconds=1)


def test_late_requests_are_handed_to_the_workers_by_token(redis: Redis, redis_url: str) -> None:
    late = Late(Connection(redis_url), Keyring({1: bytes(32)}, bytes(32)), print, Outcomes({}), print)  # type: ignore[arg-type]
    by_worker(JobQueue(redis))(late, "run.3.bill", 10)
    job = the_job(redis)
    assert json.loads(zlib.decompress(job[b"data"]))[2] == ["run.3.bill"]
    assert int(job[b"timeout"]) == 10 + GRACE
