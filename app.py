"""The one file that knows every room: `create_app()` for a web server, `python app.py` for everything at once.

python app.py           serve everything on this machine: web, worker, sandbox, an embedded Valkey
python app.py web       the web processes alone (REDIS_URL says where Redis is)
python app.py worker    the worker processes alone
"""

import logging
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from secrets import token_urlsafe
from time import time

from flask import Flask, Response, jsonify

from flows.engine.run import Limits
from flows.library import Library, load, read_sources
from processes import serve_everything, serve_web
from records.audit import AuditLog
from records.database import Database
from records.durable import DurableCallers
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
from sessions.queue import JobQueue, by_worker
from sessions.runner import Edition, Runner
from sessions.store import Store
from sessions.worker import run_worker
from settings import Settings, SettingsError
from settings import load as load_settings
from ussd.dialled import service_code
from ussd.gateways import Account
from ussd.gateways import load as load_gateways
from ussd.routes import Webhooks
from ussd.turn import Times, UssdDoor

log = logging.getLogger("ghanti")
INDIA = timezone(timedelta(hours=5, minutes=30), "IST")
_INLINE_SHARE = 0.75
"""Of the longest that an answer may take: an operation with a longer deadline is asked in the background."""
HandOver = Callable[[Late, str, float], None]


@dataclass(frozen=True, slots=True)
class World:
    """What the house takes from the world outside: the time, the day in India, and chance."""

    now: Callable[[], int] = lambda: int(time())
    today: Callable[[], date] = lambda: datetime.now(INDIA).date()
    new_id: Callable[[], str] = lambda: token_urlsafe(9)


@dataclass(frozen=True, slots=True)
class House:
    """The rooms, joined: what a web process, a worker and a test need of each other."""

    settings: Settings
    library: Library
    services: Services
    connection: Connection
    database: Database
    keyring: Keyring
    store: Store
    late: Late
    runner: Runner
    door: UssdDoor


def build(settings: Settings, world: World = World(), hand_over: HandOver | None = None) -> House:
    """Join the rooms. `hand_over` gives late requests to somebody else than the workers. Raises SettingsError."""
    connection = Connection(settings.redis_url.get_secret_value(), settings.redis_timeout_s)
    keyring = Keyring(settings.session_key_ring(), settings.caller_key())
    store = Store(connection, keyring, settings.session_ttl_s)
    database = Database(settings.records_url(), settings.database_timeout_s)
    kept = DurableCallers(database, Vault(settings.record_key_ring()), AuditLog(settings.caller_key()), world.now)
    operations = CallerOperations(kept, settings.pepper(), world.now)
    services = assemble(service_settings(settings), [operations], [database.problem])
    library = load(read_sources(), services.signatures, settings.helpline_number)
    if library.problems:
        raise SettingsError("\n".join(["These flows cannot be read:", *map(str, library.problems)]))
    late = Late(
        connection,
        keyring,
        services.perform,
        Outcomes.of(services.operations),
        hand_over or by_worker(JobQueue(connection.client())),
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
    times = Times(settings.session_ttl_s, settings.resume_window_s)
    languages = _language_of_codes(settings)
    door = UssdDoor(
        store,
        keyring,
        runner,
        now=world.now,
        today=world.today,
        new_id=world.new_id,
        language_of=lambda code: languages.get(code, settings.default_language),
        times=times,
    )
    return House(settings, library, services, connection, database, keyring, store, late, runner, door)


def _edition(sources: Mapping[str, str], services: Services, settings: Settings) -> Edition | None:
    """An older version of the flows, or None when it no longer fits the operations that there are."""
    library = load(sources, services.signatures, settings.helpline_number)
    return None if library.problems else Edition(library.flows, library.catalogues)


def create_app(house: House | None = None) -> Flask:
    """The web application of a house, or of one with this process's settings. Raises SettingsError."""
    house = house or build(load_settings())
    settings = house.settings
    app = Flask("ghanti", static_folder=None)
    app.extensions["ghanti"] = house
    webhooks = Webhooks(load_gateways(*accounts(settings)), house.door, lambda code: away(house, code))
    app.register_blueprint(webhooks.blueprint())
    app.add_url_rule("/healthz", "healthz", lambda: Response("alive\n", mimetype="text/plain"))
    app.add_url_rule("/readyz", "readyz", lambda: readiness(house))
    setattr(app, "wsgi_app", webhooks.in_front_of(app.wsgi_app))  # noqa: B010 - Flask's way to put something in front
    return app


def accounts(settings: Settings) -> tuple[Account, Mapping[str, Account]]:
    """What is agreed with the aggregators: the common account, and those with a scheme of their own."""
    codes = tuple(filter(None, [service_code(settings.service_code), *_language_of_codes(settings)]))
    common = Account(settings.ussd_token.get_secret_value(), codes=codes)
    if not settings.comviva_userid:
        return common, {}
    password = settings.comviva_password.get_secret_value()
    return common, {"comviva": Account(common.token, settings.comviva_userid, password, codes)}


def _language_of_codes(settings: Settings) -> Mapping[str, str]:
    """Service code (digits with `*` inside) → the language tied to it."""
    pairs = ((service_code(number), tag) for number, tag in settings.number_languages.items())
    return {code: tag for code, tag in pairs if code}


def away(house: House, code: str) -> str:
    """That nothing works just now, in the language of the dialled code, else in Hindi and English."""
    edition = house.runner.current
    known = _language_of_codes(house.settings).get(code, house.settings.default_language)
    tags = [known] if known in edition.catalogues else ["hi", "en"]
    return "\n".join(edition.common("away", tag) for tag in tags)


def readiness(house: House) -> Response:
    """`/readyz`: 200 when turns can be served, 503 with what is missing; a department that is down is only told."""
    missing = []
    try:
        house.connection.ask("PING")
    except StoreAway:
        missing.append("Redis does not answer: callers are told so. Start it, or look at REDIS_URL.")
    told = {"ready": not missing, "missing": missing, "degraded": list(house.services.problems())}
    answer = jsonify(told)
    answer.status_code = 503 if missing else 200
    return answer


def worker() -> Late:
    """What a worker process needs."""
    return build(load_settings()).late


def main(arguments: list[str]) -> None:
    """Serve what the arguments name; without any, everything."""
    try:
        settings = load_settings()
        logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
        match arguments:
            case []:
                serve_everything(settings)
            case ["web"]:
                serve_web(settings)
            case ["worker"]:
                run_worker(settings.redis_url.get_secret_value(), worker, settings.worker_processes)
            case _:
                sys.exit("Say nothing, or web, or worker.")
    except SettingsError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])
