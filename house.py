"""The rooms, joined: what a web process, a worker, a sweeper and a test need of each other."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from secrets import token_urlsafe
from time import time

from figures.tally import Tally
from figures.transactions import services as used_services
from flows.engine.run import Limits
from flows.library import Library, load, read_sources
from records.audit import AuditLog
from records.database import Database
from records.durable import DurableCallers
from records.facts import Facts
from records.operations import CallerOperations
from records.vault import Vault
from service_settings import service_settings
from services.assemble import assemble
from services.perform import Services
from sessions.connection import Connection, StoreAway
from sessions.editions import Editions
from sessions.keyring import Keyring
from sessions.late import Late
from sessions.outcomes import Outcomes
from sessions.promises import Promises
from sessions.queue import LATE, OUTBOX, JobQueue, by_worker, hurry
from sessions.runner import Edition, Runner
from sessions.store import Store
from settings import Settings, SettingsError
from sms.door import SmsDoor
from sms_house import sms_door, text_of
from ussd.dialled import service_code
from ussd.turn import Times, UssdDoor

log = logging.getLogger("ghanti")
INDIA = timezone(timedelta(hours=5, minutes=30), "IST")
_INLINE_SHARE = 0.75
"""Of the longest that an answer may take: an operation with a longer deadline is asked in the background."""
HandOver = Callable[[Late, str, float], None]
Hurry = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class World:
    """What the house takes from the world outside: the time, the day in India, and chance."""

    now: Callable[[], int] = lambda: int(time())
    today: Callable[[], date] = lambda: datetime.now(INDIA).date()
    new_id: Callable[[], str] = lambda: token_urlsafe(9)


@dataclass(frozen=True, slots=True)
class House:
    """The rooms, joined."""

    settings: Settings
    library: Library
    services: Services
    connection: Connection
    database: Database
    keyring: Keyring
    store: Store
    late: Late
    runner: Runner
    facts: Facts
    door: UssdDoor
    sms: SmsDoor
    world: World
    tally: Tally


def build(
    settings: Settings, world: World = World(), hand_over: HandOver | None = None, hurried: Hurry | None = None
) -> House:
    """Join the rooms. Raises SettingsError.

    `hand_over` gives late requests to somebody else than the workers, `hurried` tasks of the outbox.
    """
    connection = Connection(settings.redis_url.get_secret_value(), settings.redis_timeout_s)
    keyring = Keyring(settings.session_key_ring(), settings.caller_key())
    store = Store(connection, keyring, settings.session_ttl_s)
    database = Database(settings.records_url(), settings.database_timeout_s)
    vault, audit = Vault(settings.record_key_ring()), AuditLog(settings.caller_key())
    kept = DurableCallers(database, vault, audit, world.now)
    operations = CallerOperations(kept, settings.pepper(), world.now)
    services = assemble(service_settings(settings), [operations], [database.problem])
    library = load(read_sources(), services.signatures, settings.helpline_number)
    if library.problems:
        raise SettingsError("\n".join(["These flows cannot be read:", *map(str, library.problems)]))
    client = connection.client()
    late = Late(
        connection,
        keyring,
        services.perform,
        Outcomes.of(services.operations),
        hand_over or by_worker(JobQueue(client, LATE)),
        settings.patience_s,
    )
    editions = Editions(connection, lambda sources: _edition(sources, services, settings))
    runner = Runner(
        Edition(library.flows, library.catalogues),
        editions,
        services.perform,
        late.ask,
        inline=settings.ussd_answer_s * _INLINE_SHARE,
        limits=Limits(settings.blocks_a_turn, settings.turns_a_session, settings.attempts),
    )
    try:
        editions.publish(library.flows.version, library.sources)
    except StoreAway:
        log.warning("redis away: this version of the flows is not published")
    facts = Facts(database, vault, audit, world.now, hurried or hurry(JobQueue(client, OUTBOX)))
    languages = language_of_codes(settings)
    tally = Tally(connection.ask, world.today)
    door = UssdDoor(
        store,
        keyring,
        runner,
        Promises(facts, keyring, text_of),
        now=world.now,
        today=world.today,
        new_id=world.new_id,
        language_of=lambda code: languages.get(code, settings.default_language),
        times=Times(settings.session_ttl_s, settings.resume_window_s),
        tally=tally,
        services=used_services(library.flows.by_name.values()),
    )
    sms = sms_door(settings, library, runner, facts, keyring, store, world.now, world.today, world.new_id)
    return House(
        settings, library, services, connection, database, keyring, store, late, runner, facts, door, sms, world, tally
    )


def _edition(sources: Mapping[str, str], services: Services, settings: Settings) -> Edition | None:
    """An older version of the flows, or None when it no longer fits the operations that there are."""
    library = load(sources, services.signatures, settings.helpline_number)
    return None if library.problems else Edition(library.flows, library.catalogues)


def language_of_codes(settings: Settings) -> Mapping[str, str]:
    """Service code (digits with `*` inside) → the language tied to it."""
    pairs = ((service_code(number), tag) for number, tag in settings.number_languages.items())
    return {code: tag for code, tag in pairs if code}
