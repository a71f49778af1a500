"""Kannel's wire, byte for byte; test_real_kannel.py shows that Kannel itself takes it so."""

import pytest

from sms.gateways import Accepted, Incoming, Rejected, Report, Sent
from tests.sms.gateways.aggregator import CALLER, HINDI, LONG, SHOWN, Talk, answering, gateway, outgoing, request, says
from wire.webhook import Refused

OURS = gateway("kannel")
UCS2 = 'text/plain; charset="UTF-16BE"'
GSM = 'text/plain; charset="UTF-8"'
ID = "d015e9d1-61ab-4d32-a10b-b4322aef1ddf"
ACCEPTED = says(202, "0: Accepted for delivery")


def test_kannel_is_asked_with_headers_and_the_text_as_the_body() -> None:
    with answering(ACCEPTED) as aggregator:
        gateway("kannel", aggregator.url).send(outgoing())
        sent = aggregator.heard[0]
    assert (sent.method, sent.target, sent.body.decode()) == ("POST", "/cgi-bin/sendsms", HINDI)
    assert {name: value for name, value in sent.headers.items() if name.startswith(("x-", "content-type"))} == {
        "content-type": "text/plain; charset=UTF-8",
        "x-kannel-username": "AC1",
        "x-kannel-password": "pä:ss",
        "x-kannel-from": "GHANTI",
        "x-kannel-to": CALLER,
        "x-kannel-coding": "2",
        "x-kannel-dlr-mask": "31",
        "x-kannel-dlr-url": "https://ghanti.example/sms/kannel/report"
        "?token=t%%2Bk%%25%%C3%%A9%%2Fn&task=7&state=%d&ref=%F",
        "x-kannel-meta-data": "?smpp?PEID=1101&TEMPLATE_ID=1107",
    }


@pytest.mark.parametrize(
    ("text", "coding"), [("PIN 110001", "0"), ("[€] ñ Å", "0"), ("` backtick", "2"), ("₹ 5", "2"), (HINDI, "2")]
)
def test_a_text_goes_as_gsm_7_where_it_can(text: str, coding: str) -> None:
    with answering(ACCEPTED) as aggregator:
        gateway("kannel", aggregator.url).send(outgoing(text))
        assert aggregator.heard[0].headers["x-kannel-coding"] == coding


def test_without_a_template_no_meta_data_is_sent() -> None:
    with answering(ACCEPTED) as aggregator:
        gateway("kannel", aggregator.url).send(outgoing(template=""))
        assert "x-kannel-meta-data" not in aggregator.heard[0].headers


@pytest.mark.parametrize(
    ("talk", "expected"),
    [
        (ACCEPTED, Accepted("")),
        (says(202, "3: Queued for later delivery"), Accepted("")),
        (says(202, "Sent."), Accepted("")),
        (says(400, "Missing receiver(s) number(s), rejected"), Rejected("bad_request", lasting=True)),
        (says(400, "Charset or body misformed, rejected"), Rejected("bad_request", lasting=True)),
        (
            says(400, "Number(s) has/have been denied by white- and/or black-lists."),
            Rejected("bad_number", lasting=True),
        ),
        (says(403, "Authorization failed for sendsms"), Rejected("http_403")),
        (says(403, "Not routable. Do not try again."), Rejected("not_routable")),
        (says(200, "<html>some web page"), Rejected("http_200")),
    ],
)
def test_kannel_s_answers(talk: Talk, expected: Sent) -> None:
    with answering(talk) as aggregator:
        assert gateway("kannel", aggregator.url).send(outgoing()) == expected


@pytest.mark.parametrize(
    ("body", "type_", "text"),
    [
        (b"\t \t@\t\x15\x00 \t9\tH", UCS2, "ठीक है"),
        (HINDI.encode("utf-16-be"), UCS2, HINDI),
        ("😀".encode("utf-16-be"), UCS2.upper(), "😀"),
        (b"\xd8\x00\x00a", UCS2, "\ufffda"),
        (b"PF balance @ \xe2\x82\xac", GSM, "PF balance @ €"),
        (b"", GSM, ""),
        (b"a\x00b\tc\nd\re", "text/plain", "a b\tc\nd e"),
    ],
)
def test_kannel_texts(body: bytes, type_: str, text: str) -> None:
    sent = request("POST", f"{SHOWN}&id={ID}", body, type_, X_Kannel_From="919876543210")
    assert OURS.incoming(sent) == Incoming(ID, CALLER, text)


@pytest.mark.parametrize(
    ("state", "ref", "expected"),
    [
        ("1", "&ref=c00865ff", Report(7, "delivered", "c00865ff", "dlr 1")),
        ("2", "&ref=c00865ff", Report(7, "failed", "c00865ff", "dlr 2")),
        ("4", "&ref=", Report(7, "sent", "", "dlr 4")),
        ("8", "", Report(7, "sent", "", "dlr 8")),
        ("16", "&ref=%0A", Report(7, "failed", "", "dlr 16")),
        ("32", "", Report(7, "sent", "", "dlr 32")),
    ],
)
def test_kannel_reports(state: str, ref: str, expected: Report) -> None:
    assert OURS.report(request("GET", f"{SHOWN}&task=7&state={state}{ref}")) == expected


WANTED = "Send the text by post-url with send-sender = true and &id=%I in its address."


@pytest.mark.parametrize(
    ("query", "body", "type_", "sender", "expected"),
    [
        ("", b"1", GSM, "919876543210", Refused(400, f"The field id is missing. {WANTED}")),
        ("&id=", b"1", GSM, "919876543210", Refused(400, "The field id must have 1 to 128 printable characters.")),
        (
            "&id=1",
            b"1",
            GSM,
            "AD-SHOP",
            Refused(400, "The field X-Kannel-From must be a valid Indian number: +91 and ten digits."),
        ),
        ("&id=1", b"\x01", "application/octet-stream", "919876543210", Refused(415, "Send the text as text/plain.")),
        ("&id=1", b"x" * 1601, GSM, "919876543210", Refused(413, "The field text has more than 1600 characters.")),
    ],
)
def test_malformed_kannel_texts(query: str, body: bytes, type_: str, sender: str, expected: Refused) -> None:
    assert OURS.incoming(request("POST", SHOWN + query, body, type_, X_Kannel_From=sender)) == expected


def test_a_kannel_without_send_sender_is_told_so() -> None:
    assert OURS.incoming(request("POST", f"{SHOWN}&id=1", b"1", GSM)) == Refused(
        400, f"The field X-Kannel-From is missing. {WANTED}"
    )


@pytest.mark.parametrize("task", ["0", "-1", "%E0%A5%AD", "1e3", "", "1" * 19])
def test_a_task_that_we_did_not_give_is_refused(task: str) -> None:
    assert OURS.report(request("GET", f"{SHOWN}&task={task}&state=1")) == Refused(
        400, "The field task must be the number that we gave."
    )


def test_texts_come_by_post_and_reports_by_get() -> None:
    assert OURS.incoming(request("GET", f"{SHOWN}&id=1")) == Refused(405, "Send this by POST.")
    assert OURS.report(request("POST", f"{SHOWN}&task=7&state=1")) == Refused(405, "Send this by GET.")


def test_kannel_s_webhooks_are_answered_with_nothing() -> None:
    assert (OURS.taken().status, OURS.taken().body) == (200, b"")


def test_a_long_text_in_hindi_is_read_whole() -> None:
    text = (LONG * 8)[:1600]
    sent = request("POST", f"{SHOWN}&id=1", text.encode("utf-16-be"), UCS2, X_Kannel_From=CALLER)
    assert OURS.incoming(sent) == Incoming("1", CALLER, text)
