"""The webhooks: whom they let in, what they answer to whom, and what they do not repeat."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from records.database import AWAY
from sms.gateways import NAMES, Incoming, load
from sms.routes import SmsWebhooks
from tests.sms.gateways.aggregator import CALLER, FORM, SHOWN, TOKEN, account

KANNEL_IN = f"/sms/kannel/incoming?{SHOWN}&id=0c8a0f7e"
KANNEL_REPORT = f"/sms/kannel/report?{SHOWN}&task=7&state=1&ref=smsc-1"
EXOTEL_IN = {"SmsSid": "s1", "From": CALLER, "Body": "POST"}


@dataclass
class Kept:
    """What the door was given; `away` is raised instead."""

    came: list[tuple[str, Incoming, bytes]] = field(default_factory=list)
    reports: list[tuple[int, str, str]] = field(default_factory=list)
    away: Exception | None = None
    known: bool = True

    def take(self, gateway: str, incoming: Incoming, pseudonym: bytes) -> None:
        if self.away is not None:
            raise self.away
        self.came.append((gateway, incoming, pseudonym))

    def confirm(self, task: int, state: str, ref: str) -> bool:
        if self.away is not None:
            raise self.away
        self.reports.append((task, state, ref))
        return self.known


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def client(kept: Kept) -> FlaskClient:
    app = Flask("webhooks", static_folder=None)
    gateways = load({name: account("http://127.0.0.1:9") for name in NAMES})
    webhooks = SmsWebhooks(gateways, kept.take, kept.confirm, lambda msisdn: msisdn[-2:].encode())
    app.register_blueprint(webhooks.blueprint())
    return app.test_client()


def kannel(client: FlaskClient, url: str = KANNEL_IN, body: bytes = "डाक".encode(), **headers: str) -> TestResponse:
    shown: Mapping[str, str] = {"X-Kannel-From": CALLER, **{k.replace("_", "-"): v for k, v in headers.items()}}
    return client.post(url, data=body, content_type="text/plain; charset=utf-8", headers=shown)


def test_a_text_is_kept_under_its_gateway_and_its_sender_s_pseudonym(client: FlaskClient, kept: Kept) -> None:
    answer = kannel(client)
    assert (answer.status_code, answer.data) == (200, b"")
    assert kept.came == [("kannel", Incoming("0c8a0f7e", CALLER, "डाक"), b"10")]


def test_a_report_is_noted_with_its_task_and_the_gateway_s_name_of_it(client: FlaskClient, kept: Kept) -> None:
    assert client.get(KANNEL_REPORT).status_code == 200
    assert kept.reports == [(7, "delivered", "smsc-1")]


def test_a_report_of_a_task_that_is_not_there_is_taken_all_the_same(client: FlaskClient, kept: Kept) -> None:
    kept.known = False
    answer = client.get(KANNEL_REPORT)
    assert (answer.status_code, answer.data) == (200, b"")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("what", ["incoming", "report"])
@pytest.mark.parametrize("shape", ["nothing", "form", "json", "query", "garbage"])
def test_a_stranger_is_refused_and_nothing_is_kept(
    client: FlaskClient, kept: Kept, name: str, what: str, shape: str
) -> None:
    fields = {
        "token": "wrong",
        "ref": "a",
        "from": CALLER,
        "text": "STOP",
        "task": "7",
        "state": "1",
        "id": "b",
        **EXOTEL_IN,
    }
    shapes: dict[str, dict[str, Any]] = {
        "nothing": {},
        "form": {"data": fields},
        "json": {"json": fields},
        "query": {"query_string": fields},
        "garbage": {"query_string": "a=%ff&a=1&" + "b=1&" * 50, "data": b"\xff", "content_type": FORM},
    }
    sent = shapes[shape]
    for method in ("GET", "POST"):
        answer = client.open(f"/sms/{name}/{what}", method=method, **sent)
        assert answer.status_code in ({400, 403, 405} if shape == "garbage" else {403, 405, 415})
        assert TOKEN not in answer.text
        assert CALLER not in answer.text
    assert (kept.came, kept.reports) == ([], [])


def test_a_gateway_that_is_not_of_the_settings_is_not_found_and_the_known_ones_are_named(client: FlaskClient) -> None:
    answer = client.post("/sms/nobody/incoming")
    assert (answer.status_code, answer.text) == (
        404, "There is no gateway of this name. Known: exotel, kannel, sandbox, twilio.",
    )  # fmt: skip


@pytest.mark.parametrize("what", ["incoming", "report"])
def test_somebody_who_only_looks_whether_we_are_there_is_told_so(client: FlaskClient, kept: Kept, what: str) -> None:
    answer = client.head(f"/sms/exotel/{what}")
    assert (answer.status_code, answer.data, answer.headers["Content-Type"]) == (200, b"", "text/plain")
    assert (kept.came, kept.reports) == ([], [])


def test_a_look_at_a_gateway_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    assert client.head("/sms/nobody/incoming").status_code == 404


@pytest.mark.parametrize("away", AWAY)
@pytest.mark.parametrize("what", ["incoming", "report"])
def test_what_cannot_be_kept_now_is_asked_for_again(
    client: FlaskClient, kept: Kept, caplog: pytest.LogCaptureFixture, away: type[Exception], what: str
) -> None:
    kept.away = away.__new__(away)
    answer = kannel(client) if what == "incoming" else client.get(KANNEL_REPORT)
    assert answer.status_code == 503
    assert "again" in answer.text
    assert away.__name__ in caplog.text
    assert "9876543210" not in caplog.text


@pytest.mark.parametrize(
    ("url", "body", "sender"),
    [
        (KANNEL_IN, b"x" * 1601, CALLER),
        (KANNEL_IN, b"PIN 110001", "not-a-number"),
        (f"/sms/kannel/incoming?{SHOWN}", b"PIN 110001", CALLER),
    ],
)
def test_kannel_is_not_told_to_bring_again_what_cannot_be_read_and_a_line_is_logged(
    client: FlaskClient, kept: Kept, caplog: pytest.LogCaptureFixture, url: str, body: bytes, sender: str
) -> None:
    caplog.set_level(logging.INFO)
    answer = kannel(client, url, body, X_Kannel_From=sender)
    assert (answer.status_code, answer.data, kept.came) == (200, b"", [])
    lines = [record for record in caplog.records if record.name == "sms.routes"]
    assert len(lines) == 1
    for personal in ("110001", "9876543210", "not-a-number", "0c8a0f7e"):
        assert personal not in caplog.text


def test_a_report_of_kannel_that_cannot_be_read_is_let_go_too(client: FlaskClient, kept: Kept) -> None:
    assert client.get(f"/sms/kannel/report?{SHOWN}&task=x&state=1").status_code == 200
    assert kept.reports == []


@pytest.mark.parametrize("more", ["&a=1&a=2", "&a=%ff", "&a=1" * 50, "&b=" + "x" * 17_000])
def test_kannel_s_wrong_token_or_a_query_that_hides_it_is_refused(client: FlaskClient, kept: Kept, more: str) -> None:
    for token in (SHOWN, "token=wrong"):
        assert kannel(client, f"/sms/kannel/incoming?{token}&id=a{more}").status_code in (400, 403, 413)
    assert kannel(client, "/sms/kannel/incoming?token=wrong&id=a", b"x" * 1601).status_code == 403
    assert kannel(client, body=b"x" * 20_000).status_code == 413
    assert kept.came == []


def test_other_gateways_are_told_what_was_wrong(client: FlaskClient) -> None:
    answer = client.post(f"/sms/exotel/incoming?{SHOWN}", data={"SmsSid": "s1", "Body": "POST"})
    assert answer.status_code == 400
    assert "From" in answer.text
