"""Our wire to the sandbox's SMS centre, and the centre itself over real HTTP."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from services.sandbox.server import create_sandbox, running
from sms.gateways import Accepted, Gateway, Incoming, Rejected, Report, Unsure
from tests.kannel import wait
from tests.sms.gateways.aggregator import (
    CALLER,
    HINDI,
    JSON,
    LONG,
    SHOWN,
    Door,
    a_door,
    answering,
    gateway,
    outgoing,
    request,
    says,
)
from wire.webhook import Refused

OURS = gateway("sandbox")


@pytest.fixture
def door() -> Iterator[Door]:
    with a_door() as door:
        yield door


@pytest.fixture
def centre() -> Iterator[str]:
    with running(create_sandbox(hang_seconds=2.0, report_seconds=0.05)) as url:
        yield url


@pytest.fixture
def ours(door: Door, centre: str) -> Gateway:
    door.gateway = gateway("sandbox", centre, public_url=door.url)
    return door.gateway


def texts(centre: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = httpx.get(f"{centre}/_sandbox/sms").json()
    return listed


def text_to(number: str, key: str = "key-7") -> Any:
    sent = outgoing()
    return type(sent)(sent.task, key, number, sent.text, sent.template)


def test_the_centre_is_sent_json_with_the_key_in_a_header() -> None:
    with answering(says(202, '{"ref": "DEMO1"}')) as aggregator:
        gateway("sandbox", aggregator.url).send(outgoing())
        sent = aggregator.heard[0]
    assert (sent.method, sent.target, sent.headers["idempotency-key"]) == ("POST", "/sms/messages", "key-7")
    assert json.loads(sent.body) == {
        "to": CALLER,
        "text": HINDI,
        "template": "1107",
        "report_url": f"https://ghanti.example/sms/sandbox/report?{SHOWN}&task=7",
    }


def test_a_text_is_kept_for_the_developer(ours: Gateway, centre: str) -> None:
    taken = ours.send(outgoing(LONG))
    assert isinstance(taken, Accepted)
    kept = {"ref": taken.ref, "to": CALLER, "text": LONG, "template": "1107", "state": "delivered"}
    assert texts(centre) == [kept]


def test_the_same_key_again_sends_nothing_and_answers_the_same(ours: Gateway, centre: str) -> None:
    assert ours.send(outgoing()) == ours.send(outgoing("changed"))
    assert [kept["text"] for kept in texts(centre)] == [HINDI]


def test_another_key_is_another_text(ours: Gateway, centre: str) -> None:
    assert ours.send(outgoing()) != ours.send(text_to(CALLER, "key-8"))
    assert len(texts(centre)) == 2


def test_a_delivery_is_reported_once_with_the_task(ours: Gateway, door: Door) -> None:
    taken = ours.send(outgoing())
    ours.send(outgoing())
    assert isinstance(taken, Accepted)
    ours.send(text_to("+919876540409", "key-8"))
    wait(lambda: len(door.reports) >= 2, "no report came")
    assert [(report.task, report.state) for report in door.reports] == [(7, "delivered"), (7, "failed")]
    assert (door.reports[0].ref, door.refused) == (taken.ref, [])


@pytest.mark.parametrize("text", ["PIN 110001", HINDI, LONG])
def test_a_developer_can_send_us_a_text(ours: Gateway, door: Door, centre: str, text: str) -> None:
    told = {"msisdn": CALLER, "text": text, "url": f"{door.url}/sms/sandbox/incoming?{SHOWN}"}
    answered = httpx.post(f"{centre}/_sandbox/sms/incoming", json=told)
    assert (answered.status_code, answered.json()["answered"]) == (200, 200)
    assert door.incoming == [Incoming(answered.json()["ref"], CALLER, text)]


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"msisdn": CALLER, "text": "1"}, 400),
        ([], 400),
        ({"msisdn": CALLER, "text": "1", "url": "http://127.0.0.1:9/"}, 502),
        ({"msisdn": CALLER, "text": "1", "url": "no address"}, 502),
    ],
)
def test_a_text_that_nobody_takes_is_told(centre: str, told: object, status: int) -> None:
    assert httpx.post(f"{centre}/_sandbox/sms/incoming", json=told).status_code == status


def test_an_unknown_number_is_refused_for_good(ours: Gateway, centre: str) -> None:
    assert ours.send(text_to("+919876540404")) == Rejected("bad_number", lasting=True)
    assert ours.send(text_to("98765")) == Rejected("bad_number", lasting=True)
    assert texts(centre) == []


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+919876540503", Rejected("http_503")),
        ("+919876540504", Unsure("timeout")),
        ("+919876540505", Rejected("http_200")),
        ("+919876540506", Unsure("too_much")),
    ],
)
def test_magic_numbers_fail_as_departments_do(ours: Gateway, number: str, expected: object) -> None:
    assert ours.send(text_to(number)) == expected


def test_the_centre_can_be_told_to_fail(ours: Gateway, centre: str) -> None:
    httpx.post(f"{centre}/_sandbox/sms", json={"failure": "down"}).raise_for_status()
    assert ours.send(outgoing()) == Rejected("http_503")
    httpx.post(f"{centre}/_sandbox/reset").raise_for_status()
    assert isinstance(ours.send(outgoing()), Accepted)


def test_a_reset_forgets_texts(ours: Gateway, centre: str) -> None:
    ours.send(outgoing())
    httpx.post(f"{centre}/_sandbox/reset")
    assert texts(centre) == []


def test_the_newest_hundred_texts_are_listed_the_newest_first(ours: Gateway, centre: str) -> None:
    sent = [ours.send(text_to(CALLER, f"key-{number}")) for number in range(101)]
    assert [Accepted(kept["ref"]) for kept in texts(centre)] == sent[:0:-1]


def test_no_more_texts_are_kept_than_fit(ours: Gateway, centre: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.sandbox.sms._MOST_KEPT", 2)
    sent = [ours.send(text_to(CALLER, f"key-{number}")) for number in range(3)]
    assert [Accepted(kept["ref"]) for kept in texts(centre)] == [sent[2], sent[1]]


@pytest.mark.parametrize(
    ("body", "key"),
    [({"to": CALLER, "text": "1"}, ""), ({"to": CALLER}, "k"), ({"to": CALLER, "text": ""}, "k"), ([], "k")],
)
def test_a_malformed_text_gets_a_plain_400(centre: str, body: object, key: str) -> None:
    answered = httpx.post(f"{centre}/sms/messages", json=body, headers={"Idempotency-Key": key})
    assert (answered.status_code, answered.json()["demo"]) == (400, True)


def test_texts_are_shown_to_this_machine_only() -> None:
    client = create_sandbox().test_client()
    assert client.get("/_sandbox/sms", environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 403
    assert client.post("/_sandbox/sms/incoming", environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 403


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"from": CALLER, "text": "1"}, "The field ref is missing. Send ref, from and text."),
        ({"ref": "1", "text": "1"}, "The field from is missing. Send ref, from and text."),
        ({"ref": "1", "from": CALLER}, "The field text is missing. Send ref, from and text."),
        ({"ref": "1", "from": CALLER, "text": 1}, "The field text is not text. Send ref, from and text."),
        ({"ref": "", "from": CALLER, "text": "1"}, "The field ref must have 1 to 128 printable characters."),
    ],
)
def test_malformed_texts(body: object, sentence: str) -> None:
    assert OURS.incoming(request("POST", SHOWN, json.dumps(body), JSON)) == Refused(400, sentence)


@pytest.mark.parametrize(("state", "read"), [("sent", "sent"), ("failed", "failed"), ("news", "sent")])
def test_states(state: str, read: str) -> None:
    sent = request("POST", f"{SHOWN}&task=7", json.dumps({"state": state}), JSON)
    assert OURS.report(sent) == Report(7, read, "", state)
