"""The SMS door's part of the house: its gateways, its jobs, and what other doors need of it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flows.engine.effects import SendSms
from flows.engine.wording import Catalogue
from flows.library import Library
from records.facts import Facts
from sessions.keyring import Keyring
from sessions.languages import ChosenLanguages
from sessions.runner import Runner
from sessions.store import Store
from settings import Settings, SettingsError
from sms.conversation import Conversations
from sms.door import SmsDoor
from sms.gateways import Account, Gateway, load
from sms.send import Sending, held
from sms.template_files import BadTemplates, read
from sms.template_files import load as load_templates
from sms.texts import told
from sms.turn import SmsTurns


def text_of(message: SendSms, catalogue: Catalogue) -> Mapping[str, Any]:
    """What a turn of any door sends, as the job that sends it needs it."""
    return held(told(message, catalogue))


def sms_door(
    settings: Settings,
    library: Library,
    runner: Runner,
    facts: Facts,
    keyring: Keyring,
    store: Store,
    now: Callable[[], int],
    today: Callable[[], date],
    new_id: Callable[[], str],
) -> SmsDoor:
    """The door."""
    turns = SmsTurns(runner, library.languages, now=now, today=today, new_id=new_id, silence=settings.sms_silence_s)
    conversations = Conversations(facts.database, keyring)
    return SmsDoor(turns, conversations, facts, lambda: runner.current, ChosenLanguages(store))


def gateways(settings: Settings) -> Mapping[str, Gateway]:
    """The gateways of the settings by name, in the order in which they are asked."""
    return load({name: _account(settings, name) for name in settings.sms_gateways})


def sending(settings: Settings, library: Library, now: Callable[[], int]) -> Sending:
    """The job that sends. Raises SettingsError when the templates cannot be read."""
    try:
        templates = load_templates(library.languages, settings.sms_templates)
    except BadTemplates as bad:
        raise SettingsError(f"The SMS templates cannot be read: {bad}") from None
    return Sending(tuple(gateways(settings).values()), templates, now=now, demo=settings.env == "development")


def _account(settings: Settings, name: str) -> Account:
    token = settings.sms_token.get_secret_value()
    here = (settings.public_url or f"http://127.0.0.1:{settings.port}").rstrip("/")
    entity = _entity(settings)
    match name:
        case "kannel":
            url, sender = settings.kannel_url, settings.kannel_sender
            user, password = settings.kannel_user, settings.kannel_password
        case "exotel":
            url, sender = settings.exotel_url, settings.exotel_sender
            user, password = settings.exotel_user, settings.exotel_password
        case "twilio":
            url, sender = settings.twilio_url, settings.twilio_sender
            user, password = settings.twilio_user, settings.twilio_password
        case _:
            return Account(f"http://127.0.0.1:{settings.sandbox_port}", "GHANTI", token, here)
    return Account(url, sender, token, here, user, password.get_secret_value(), entity)


def _entity(settings: Settings) -> str:
    """The principal entity that the templates name."""
    files = sorted(settings.sms_templates.glob("*.toml"))
    return next(filter(None, (read(file).entity for file in files)), "")
