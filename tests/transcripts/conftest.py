from collections.abc import Iterator
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from pydantic import SecretStr

from house import World, build
from secret_keys import new_key
from services.configuration import ServiceSettings
from services.import_centres import import_demo
from services.sandbox.server import create_sandbox, running
from settings import Settings
from tests.conversation import TODAY, Clock, Conversation, Desk


@pytest.fixture(scope="session")
def sandbox() -> Iterator[str]:
    """Made-up departments on a loopback port; bills are ready at the second look, what hangs hangs half a second."""
    with running(create_sandbox(bill_seconds=(0.0, 0.0), hang_seconds=0.5, today=lambda: TODAY)) as url:
        yield url


@pytest.fixture(scope="session")
def centres(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("centres") / "centres.sqlite"
    import_demo(path, ServiceSettings().places)
    return path


@pytest.fixture
def conversation(sandbox: str, redis_url: str, centres: Path, migrated: Path, tmp_path: Path) -> Iterator[Conversation]:
    """A person with a phone in front of a whole house with nothing in its memory."""
    key = new_key(1)
    (tmp_path / "records.sqlite").write_bytes(migrated.read_bytes())
    settings = Settings(
        _env_file=None,
        redis_url=SecretStr(redis_url),
        var_dir=tmp_path,
        centres_file=centres,
        sandbox_port=urlsplit(sandbox).port or 0,
        session_keys=(SecretStr(key),),
        record_keys=(SecretStr(key),),
        caller_hash_key=SecretStr(key.partition(":")[2]),
        pin_pepper=SecretStr(key.partition(":")[2]),
        late_poll_s=0.01,
        http_answer_s=2.0,
        patience_s=0.0,
        public_url="http://127.0.0.1:1",
    )
    clock, desk, ids, hurried = Clock(), Desk(), count(1), list[int]()
    house = build(settings, World(clock, lambda: TODAY, lambda: f"run{next(ids)}"), desk, hurried.append)
    with urlopen(Request(f"{sandbox}/_sandbox/reset", method="POST"), timeout=5) as answer:
        assert answer.status in (200, 204)
    talk = Conversation(house, clock, desk, sandbox, hurried)
    yield talk
    house.connection.close()
    house.database.close()
