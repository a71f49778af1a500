"""The one file that knows every room: `create_app()` for a web server, `python app.py` for everything at once.

python app.py           serve everything on this machine: web, worker, sweeper, sandbox, an embedded Valkey
python app.py web       the web processes alone (REDIS_URL says where Redis is)
python app.py worker    the worker processes alone
python app.py sweeper   the sweeper alone: it drives promised work that was lost
"""

import logging
import random
import sys
from collections.abc import Mapping

from flask import Flask, Response, jsonify

import logs
from figures.pages import blueprint as figures_pages
from figures_house import board, drain, metrics
from house import House, build, language_of_codes
from processes import serve_everything, serve_web
from records.outbox import Handler, Outbox, install
from records.sweep import Sweeper
from sessions.connection import StoreAway
from sessions.late import Late
from sessions.promises import LATE, SEND
from sessions.queue import OUTBOX, JobQueue, handed_over
from sessions.worker import run_worker
from settings import Settings, SettingsError
from settings import load as load_settings
from sms.door import TAKE
from sms.late import LateAnswers
from sms.routes import SmsWebhooks
from sms_house import gateways, sending
from sweeping import retention, run_sweeper
from ussd.dialled import service_code
from ussd.gateways import Account
from ussd.gateways import load as load_gateways
from ussd.routes import Webhooks
from ussd.turn import CHANNEL as USSD

log = logging.getLogger("ghanti")


def create_app(house: House | None = None) -> Flask:
    """The web application of a house, or of one with this process's settings. Raises SettingsError."""
    if house is None:
        house = build(load_settings())
        house.tally.start()
    settings = house.settings
    app = Flask("ghanti", static_folder=None)
    app.extensions["ghanti"] = house
    webhooks = Webhooks(load_gateways(*accounts(settings)), house.door, lambda code: away(house, code), house.tally)
    app.register_blueprint(webhooks.blueprint())
    box = Outbox(house.facts, {}, random.random)
    texts = SmsWebhooks(gateways(settings), house.sms.came, box.confirm, house.keyring.pseudonym)
    app.register_blueprint(texts.blueprint())
    app.register_blueprint(figures_pages(board(house), metrics(house, box), settings.metrics_token.get_secret_value()))
    app.add_url_rule("/healthz", "healthz", lambda: Response("alive\n", mimetype="text/plain"))
    app.add_url_rule("/readyz", "readyz", lambda: readiness(house))
    setattr(app, "wsgi_app", webhooks.in_front_of(app.wsgi_app))  # noqa: B010 - Flask's way to put something in front
    return app


def accounts(settings: Settings) -> tuple[Account, Mapping[str, Account]]:
    """What is agreed with the aggregators: the common account, and those with a scheme of their own."""
    codes = tuple(filter(None, [service_code(settings.service_code), *language_of_codes(settings)]))
    common = Account(settings.ussd_token.get_secret_value(), codes=codes)
    if not settings.comviva_userid:
        return common, {}
    password = settings.comviva_password.get_secret_value()
    return common, {"comviva": Account(common.token, settings.comviva_userid, password, codes)}


def away(house: House, code: str) -> str:
    """That nothing works just now, in the language of the dialled code, else in Hindi and English."""
    edition = house.runner.current
    known = language_of_codes(house.settings).get(code, house.settings.default_language)
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


def outbox(house: House) -> Outbox:
    """The outbox with everybody who does its tasks. Raises SettingsError."""
    late = LateAnswers(house.runner, {USSD: house.door.live}, house.late.answer, house.sms.late, house.world.now)
    handlers: dict[str, Handler] = {
        SEND: sending(house.settings, house.library, house.world.now),
        LATE: late,
        TAKE: house.sms.take,
    }
    return Outbox(house.facts, handlers, random.random, house.settings.outbox_tries)


def worker() -> Late:
    """What a worker process needs."""
    settings = load_settings()
    logs.configure(settings.log_form(), settings.log_level)  # a worker process is started anew
    house = build(settings)
    house.tally.start()
    install(outbox(house))
    return house.late


def sweep(settings: Settings) -> None:
    """Sweep until told to stop."""
    house = build(settings)
    sweeper = Sweeper(outbox(house), handed_over(JobQueue(house.connection.client(), OUTBOX)))
    steps = [sweeper.sweep, drain(house).drain, retention(settings, house.world.now)]
    run_sweeper(steps, settings.sweep_s)


def main(arguments: list[str]) -> None:
    """Serve what the arguments name; without any, everything."""
    try:
        settings = load_settings()
        logs.configure(settings.log_form(), settings.log_level)
        match arguments:
            case []:
                serve_everything(settings)
            case ["web"]:
                serve_web(settings)
            case ["worker"]:
                run_worker(settings.redis_url.get_secret_value(), worker, settings.worker_processes)
            case ["sweeper"]:
                sweep(settings)
            case _:
                sys.exit("Say nothing, or web, or worker, or sweeper.")
    except SettingsError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])
