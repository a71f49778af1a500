"""What comes of a text, whatever the wire: taken, refused, or nobody knows; and nothing personal in the reason."""

import logging
import socket
import time

import pytest

from sms.gateways import NAMES, Accepted, Rejected, Sent, Unsure, load
from tests.sms.gateways.aggregator import (
    CALLER,
    HINDI,
    LONG,
    Talk,
    account,
    answering,
    breaks_off,
    drips,
    floods,
    gateway,
    hangs,
    hangs_up,
    outgoing,
    says,
)

each_gateway = pytest.mark.parametrize("name", NAMES)
GOOD = {
    "sandbox": says(202, '{"ref": "DEMO1", "demo": true}'),
    "kannel": says(202, "0: Accepted for delivery"),
    "exotel": says(200, '{"SMSMessage": {"Sid": "a1b2", "Status": "queued"}}'),
    "twilio": says(201, '{"sid": "SM12", "status": "queued"}'),
}
REFS = {"sandbox": "DEMO1", "kannel": "", "exotel": "a1b2", "twilio": "SM12"}


@each_gateway
def test_a_gateway_is_found_by_its_name(name: str) -> None:
    assert gateway(name).name == name


def test_an_unknown_gateway_is_an_error() -> None:
    with pytest.raises(KeyError):
        load({"carrier_pigeon": None})  # type: ignore[dict-item]


def test_only_the_sandbox_refuses_a_key_twice() -> None:
    assert [name for name in NAMES if gateway(name).idempotent] == ["sandbox"]


@each_gateway
def test_a_text_that_was_taken_has_the_aggregator_s_name(name: str) -> None:
    with answering(GOOD[name]) as aggregator:
        assert gateway(name, aggregator.url).send(outgoing()) == Accepted(REFS[name])


@each_gateway
def test_a_slash_at_the_end_of_the_address_changes_nothing(name: str) -> None:
    with answering(GOOD[name]) as aggregator:
        gateway(name, f"{aggregator.url}/").send(outgoing())
        assert not aggregator.heard[0].target.startswith("//")


@each_gateway
def test_long_texts_go_out_whole(name: str) -> None:
    with answering(GOOD[name]) as aggregator:
        gateway(name, aggregator.url).send(outgoing(LONG))
        sent = aggregator.heard[0]
        body = sent.form["Body"] if "form" in sent.headers["content-type"] else sent.body.decode()
    assert LONG in (body.encode().decode("unicode-escape") if name == "sandbox" else body)


@each_gateway
@pytest.mark.parametrize(
    ("talk", "expected"),
    [
        (says(301, head="Location: http://127.0.0.1:9/\r\n"), Rejected("http_301")),
        (says(401, "no"), Rejected("http_401")),
        (says(402, "no"), Rejected("http_402")),
        (says(403, "no"), Rejected("http_403")),
        (says(404, "no"), Rejected("http_404")),
        (says(429, "no"), Rejected("http_429")),
        (says(500, '{"code": 20500}'), Rejected("http_500")),
        (says(503, "Temporal failure, try again later."), Rejected("http_503")),
        (says(502, "<html>"), Unsure("http_502")),
        (says(504, "<html>"), Unsure("http_504")),
        (hangs, Unsure("timeout")),
        (drips, Unsure("timeout")),
        (hangs_up, Unsure("no_answer")),
        (breaks_off, Unsure("no_answer")),
        (floods, Unsure("too_much")),
    ],
)
def test_what_goes_wrong_has_a_short_name(name: str, talk: Talk, expected: Sent) -> None:
    with answering(talk) as aggregator:
        assert gateway(name, aggregator.url).send(outgoing()) == expected
        assert len(aggregator.heard) == 1


@each_gateway
def test_the_whole_exchange_ends_with_the_account_s_seconds(name: str) -> None:
    with answering(drips) as aggregator:
        began = time.monotonic()
        gateway(name, aggregator.url, seconds=0.3).send(outgoing())
        assert time.monotonic() - began < 1.0


@each_gateway
def test_nothing_was_sent_where_nobody_listens(name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
    assert gateway(name, address).send(outgoing()) == Rejected("no_connection")


@pytest.mark.parametrize("name", ["sandbox", "exotel", "twilio"])
@pytest.mark.parametrize("body", ["", "<html>", "[1]", "{}", '{"sid": 1}', '{"SMSMessage": []}', "[" * 9000])
def test_a_success_that_names_nothing_is_unsure(name: str, body: str) -> None:
    status = {"sandbox": 202, "exotel": 200, "twilio": 201}[name]
    with answering(says(status, body)) as aggregator:
        assert gateway(name, aggregator.url).send(outgoing()) == Unsure("broken_answer")


@each_gateway
def test_a_proxy_of_the_environment_is_not_used(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with answering(GOOD[name]) as aggregator:
        assert isinstance(gateway(name, aggregator.url).send(outgoing()), Accepted)


@each_gateway
def test_no_connection_is_kept(name: str) -> None:
    with answering(GOOD[name], GOOD[name]) as aggregator:
        ours = gateway(name, aggregator.url)
        assert [isinstance(ours.send(outgoing()), Accepted) for _ in range(2)] == [True, True]
        assert [sent.headers["connection"] for sent in aggregator.heard] == ["close", "close"]


@each_gateway
@pytest.mark.parametrize("talk", [says(400, "no"), hangs_up, None])
def test_nothing_personal_or_secret_is_logged_or_given_as_reason(
    name: str, talk: Talk | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with answering(talk or GOOD[name]) as aggregator:
        result = gateway(name, aggregator.url.replace("//", "//user:hidden@")).send(outgoing())
    shown = f"{result}{caplog.text}"
    for secret in (CALLER[3:], HINDI, "pä:ss", "hidden", "%2Bk", "t+k"):
        assert secret not in shown


def test_what_is_personal_or_secret_is_not_in_the_text_form_of_these_records() -> None:
    shown = f"{account('http://x')}{outgoing()}"
    for secret in (CALLER[3:], HINDI, "pä:ss", "t+k"):
        assert secret not in shown
