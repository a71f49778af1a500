"""Texts through a real Kannel, both ways, between our wire and a phone behind a simulated SMSC."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

import pytest

from sms.gateways import Accepted, Gateway, Rejected, kannel
from tests.kannel import CONFIGURATION, PASSWORD, USER, Kannel, serving, wait, why_not
from tests.sms.gateways.aggregator import CALLER, HINDI, LONG, TOKEN, Door, a_door, gateway, outgoing

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())
ENGLISH = "PF balance: {1} ~ €5 @ 10%d & more ^"


@dataclass(frozen=True, slots=True)
class World:
    """A Kannel, the door behind its webhooks, and our gateway to it."""

    kannel: Kannel
    door: Door
    gateway: Gateway


@pytest.fixture(scope="module")
def running() -> Iterator[World]:
    with a_door() as door:
        # An operator writes the token into kannel.conf; a percent sign there must be doubled.
        token = quote(TOKEN, safe="").replace("%", "%%")
        with serving(f"{door.url}/sms/kannel/incoming?token={token}&id=%I") as kannel:
            own = {"public_url": door.url, "user": USER, "password": PASSWORD, "seconds": 5.0}
            door.gateway = gateway("kannel", kannel.url, **own)  # type: ignore[arg-type]
            yield World(kannel, door, door.gateway)


@pytest.fixture
def world(running: World) -> World:
    for kept in (running.door.incoming, running.door.reports, running.door.refused, running.door.targets):
        kept.clear()
    return running


@pytest.mark.parametrize(
    ("text", "parts"),
    [(HINDI, 1), (LONG.strip(), 5), (ENGLISH, 1), ("Bank branch [42] " * 15 + "end", 2), ("😀 " + HINDI, 1)],
)
def test_a_text_reaches_the_phone_as_it_was_written(world: World, text: str, parts: int) -> None:
    with world.kannel.phone() as phone:
        assert world.gateway.send(outgoing(text)) == Accepted("")
        got = phone.got(parts, "utf-8" if text.isascii() else "utf-16-be")
    assert (got.sender, got.to, got.text) == ("GHANTI", CALLER, text)


def test_the_report_of_a_delivery_brings_the_task_back(world: World) -> None:
    with world.kannel.phone():
        world.gateway.send(outgoing(LONG.strip(), task=8))
        wait(lambda: any((r.task, r.state) == (8, "delivered") for r in world.door.reports), "no report came")
    delivered = [report for report in world.door.reports if (report.task, report.state) == (8, "delivered")]
    assert [report.detail for report in delivered] == ["dlr 1"]
    assert delivered[0].ref
    assert world.door.refused == []


@pytest.mark.parametrize("text", [HINDI, LONG.strip()[:60], "PIN 110001 @ {home}", "ठ \t ठीक  है", "1"])
def test_a_text_from_a_phone_comes_in_as_it_was_written(world: World, text: str) -> None:
    with world.kannel.phone(says=text):
        wait(lambda: bool(world.door.incoming or world.door.refused), "nothing came in")
    assert world.door.refused == []
    assert [(came.msisdn, came.text) for came in world.door.incoming] == [(CALLER, text)]


def test_every_incoming_text_has_a_ref_of_its_own(world: World) -> None:
    for _ in range(2):
        before = len(world.door.incoming)
        with world.kannel.phone(says="1"):
            wait(lambda before=before: len(world.door.incoming) > before, "nothing came in")  # type: ignore[misc]
    first, second = world.door.incoming
    assert len(first.ref) == len(second.ref) == 36
    assert first.ref != second.ref


def test_a_text_that_we_could_not_keep_is_brought_again_under_the_same_ref(world: World) -> None:
    world.door.away = 1
    with world.kannel.phone(says=HINDI):
        wait(lambda: bool(world.door.incoming), "nothing came in")
    brought = [target for target in world.door.targets if "/incoming" in target]
    assert len(brought) == 2
    assert brought[0] == brought[1]
    assert [came.text for came in world.door.incoming] == [HINDI]


def test_neither_our_answer_nor_a_refusal_is_sent_to_the_phone(world: World) -> None:
    with world.kannel.phone(says="1") as phone:
        wait(lambda: bool(world.door.incoming), "nothing came in")
        # Texts reach the phone in order, so an answer would be there before this one.
        world.gateway.send(outgoing("2"))
        assert phone.got(1).text == "2"
    with world.kannel.phone(says="1", msisdn="12") as phone:
        wait(lambda: bool(world.door.refused), "nothing came in")
        world.gateway.send(outgoing("2"))
        assert phone.got(1).text == "2"


def test_a_text_is_accepted_while_no_smsc_is_there(world: World) -> None:
    assert world.gateway.send(outgoing("later")) == Accepted("")
    with world.kannel.phone() as phone:
        assert phone.got(1).text == "later"


def test_a_wrong_password_is_a_refusal_that_may_pass(world: World) -> None:
    stranger = gateway("kannel", world.kannel.url, user=USER, password="x")
    assert stranger.send(outgoing()) == Rejected("http_403")


def test_neither_numbers_nor_texts_are_in_kannel_s_log_or_in_an_address(world: World) -> None:
    with world.kannel.phone(says="sugarcane"):
        world.gateway.send(outgoing("PF balance"))
        wait(lambda: bool(world.door.incoming and world.door.reports), "nothing came in")
    said = world.kannel.log() + "".join(world.door.targets)
    for personal in ("9876543210", "sugarcane", "balance"):
        assert personal not in said


def test_this_kannel_is_set_up_as_operators_are_told_to() -> None:
    told = {line.strip().partition("  ")[0] for line in (kannel.__doc__ or "").splitlines() if line.startswith("    ")}
    # Tests do not wait five seconds, and take the token and the address of their own.
    told -= {line for line in told if "..." in line or line.startswith("http-queue-delay")}
    assert len(told) > 15
    assert told <= set(CONFIGURATION.splitlines())
