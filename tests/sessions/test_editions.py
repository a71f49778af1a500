"""Versions of the flows across a deploy."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from flows.engine.events import Input, Start
from flows.library import read_sources
from flows.operations import Answer, Caller
from services import post
from sessions.connection import Connection
from sessions.editions import KEPT, Editions
from sessions.runner import Edition, Runner
from tests.engine.world import TODAY, library

CALLER = Caller(b"c" * 16, "+919876543210", "ussd")


@pytest.fixture
def connection(redis_url: str) -> Iterator[Connection]:
    made = Connection(redis_url)
    yield made
    made.close()


def edition(version: str) -> Edition:
    return Edition(replace(library().flows, version=version), library().catalogues)


def test_what_one_process_publishes_another_finds(connection: Connection) -> None:
    built: list[Mapping[str, str]] = []

    def build(sources: Mapping[str, str]) -> Edition:
        built.append(sources)
        return edition("v1")

    Editions(connection, build).publish("v1", read_sources())
    found = Editions(connection, build)
    assert found("v1") is found("v1") is not None
    assert built == [dict(read_sources())]


def test_a_version_that_is_gone_is_none(connection: Connection) -> None:
    assert Editions(connection, lambda sources: edition("v1"))("unknown") is None


def test_only_the_newest_versions_stay(connection: Connection) -> None:
    editions = Editions(connection, lambda sources: edition("x"))
    for number in range(KEPT + 2):
        editions.publish(f"v{number}", {"a": "b"})
    editions.publish("v3", {"a": "b"})
    fresh = Editions(connection, lambda sources: edition("x"))
    assert [number for number in range(KEPT + 2) if fresh(f"v{number}")] == [2, 3, 4, 5, 6]


def test_a_session_stays_on_the_flows_that_it_began_with() -> None:
    old = edition("old")
    flow = old.flows.by_name["post_offices"]
    blocks = {name: block for name, block in flow.blocks.items() if name != "pin"}
    changed = replace(flow, blocks=blocks, start="offices")
    by_name = {**old.flows.by_name, "post_offices": changed}
    new = Edition(replace(old.flows, version="new", by_name=by_name), old.catalogues)

    def perform(name: str, given: Mapping[str, str], caller: object = None, key: str = "") -> Answer[object]:
        return Answer(post.UnknownPin())

    begun = Runner(old, lambda version: None, perform, lambda *_: None)
    run = begun.turn(None, Start("r", "ussd", TODAY, language="en", inputs=("13",)), CALLER).run
    kept = Runner(new, {"old": old}.get, perform, lambda *_: None).turn(run, Input("999999", TODAY), CALLER)
    assert kept.prompt is not None and kept.prompt.place == "post_offices.unknown"
    gone = Runner(new, lambda version: None, perform, lambda *_: None).turn(run, Input("999999", TODAY), CALLER)
    assert gone.prompt is not None and gone.prompt.place == "main_menu.start"
