"""The figures' part of the house: what stands on `/stats`, and what `/metrics` asks."""

from collections.abc import Callable, Mapping

from figures.board import Board, counted_catalogue
from figures.board import House as Figures
from figures.drain import Drain
from figures.metrics import exposition
from flows.engine.effects import Said
from flows.engine.values import Unavailable
from flows.engine.wording import render
from flows.operations import Answer
from house import House
from records.database import Database
from records.outbox import Outbox
from records.sweep import Sweeper

_PATIENCE = 20.0
"""Seconds that computing figures may wait for the database: nobody who calls waits for it."""
DOORS = ("ussd", "sms")


def board(house: House) -> Board:
    """The figures of this house, on connections of their own."""
    database = Database(house.settings.records_url(), _PATIENCE)
    return Board(database, _figures(house), house.world.now, house.world.today)


def _figures(house: House) -> Figures:
    found: Answer[object] = house.services.perform("catalogue.browse", {})
    entries = () if isinstance(found.outcome, Unavailable) else getattr(found.outcome, "services")  # noqa: B009
    levels, departments = counted_catalogue(entries)
    edition = house.runner.current
    english = edition.catalogue("en")
    titles = {name: render(Said(flow.title, {}), english) for name, flow in edition.flows.by_name.items()}
    opened = sum(1 for entry in entries if not entry.id.startswith("entry:"))
    names = {tag: edition.flows.languages_native[tag] for tag in edition.flows.languages}
    return Figures(levels, departments, opened, DOORS, names, titles, found.demo, house.settings.sandbox)


def metrics(house: House, box: Outbox) -> Callable[[], str]:
    """What `/metrics` says."""
    sweeper, ask = Sweeper(box, lambda number: False), house.connection.ask

    def outbox() -> Mapping[str, float]:
        waiting, dead = sweeper.waiting()
        return {"ghanti_outbox_waiting": waiting, "ghanti_outbox_dead": dead}

    probes = (
        lambda: {"ghanti_database_up": float(not house.database.problem())},
        outbox,
        lambda: {"ghanti_late_requests": ask("ZCARD", b"late")},
        lambda: {"ghanti_transactions_waiting": ask("LLEN", b"ended")},
    )
    return lambda: exposition(ask, probes)


def drain(house: House) -> Drain:
    """What the sweeper does for the figures."""
    return Drain(house.connection.ask, house.database, house.world.now)
