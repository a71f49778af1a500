"""Who may send webhooks, and what is malformed in any of them: one plain sentence, and never a value."""

import json
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms.gateways import NAMES, Incoming, Report
from tests.sms.gateways.aggregator import CALLER, FORM, HINDI, JSON, LONG, SHOWN, TOKEN, gateway, request
from wire.fields import MAX_BODY
from wire.webhook import Refused, WireRequest

NOT_LET_IN = Refused(403, "The token is missing or wrong. Send it as ?token= or in the header X-Ghanti-Token.")
TOKENED = [name for name in NAMES if name != "twilio"]
GSM = "text/plain; charset=UTF-8"


def incoming(name: str, text: str = HINDI, sender: str = CALLER, query: str = SHOWN) -> WireRequest:
    """The text `x1` in the form of a gateway that has a token."""
    match name:
        case "kannel":
            return request("POST", f"{query}&id=x1", text, GSM, X_Kannel_From=sender)
        case "exotel":
            return request("POST", query, urlencode({"SmsSid": "x1", "From": sender, "Body": text}), FORM)
    return request("POST", query, json.dumps({"ref": "x1", "from": sender, "text": text}), JSON)


def report(name: str, query: str = SHOWN) -> WireRequest:
    """The report that task 7 was delivered."""
    match name:
        case "kannel":
            return request("GET", f"{query}&task=7&state=1&ref=r1")
        case "exotel":
            return request("POST", query, urlencode({"SmsSid": "r1", "Status": "sent", "CustomField": "7"}), FORM)
    return request("POST", f"{query}&task=7", json.dumps({"ref": "r1", "state": "delivered"}), JSON)


each_tokened = pytest.mark.parametrize("name", TOKENED)


@each_tokened
@pytest.mark.parametrize("text", ["PIN 110001", HINDI, LONG, "ക്ഷ\u200d🙏", "two\nlines", ""])
def test_a_text_comes_in_as_it_was_written(name: str, text: str) -> None:
    assert gateway(name).incoming(incoming(name, text)) == Incoming("x1", CALLER, text)


@each_tokened
def test_a_report_names_task_state_and_ref(name: str) -> None:
    heard = gateway(name).report(report(name))
    assert isinstance(heard, Report)
    assert (heard.task, heard.state, heard.ref) == (7, "delivered", "r1")


@each_tokened
@pytest.mark.parametrize("query", ["", "token=", "token=t", "token=T%2Bk%25%C3%A9%2Fn", "token=t+k%25%C3%A9%2Fn"])
def test_without_the_token_nobody_is_let_in(name: str, query: str) -> None:
    assert gateway(name).incoming(incoming(name, query=query)) == NOT_LET_IN
    assert gateway(name).report(report(name, query=query)) == NOT_LET_IN


@each_tokened
def test_the_token_may_come_in_a_header(name: str) -> None:
    sent = incoming(name, query="a=b")
    both = replace(sent, header=lambda asked: TOKEN if asked == "X-Ghanti-Token" else sent.header(asked))
    assert isinstance(gateway(name).incoming(both), Incoming)


@each_tokened
@pytest.mark.parametrize("query", ["", "token="])
def test_an_account_without_a_token_lets_nobody_in(name: str, query: str) -> None:
    assert gateway(name, token="").incoming(incoming(name, query=query)) == NOT_LET_IN
    assert gateway(name, token="").report(report(name, query=query)) == NOT_LET_IN


@each_tokened
@pytest.mark.parametrize("written", ["919876543210", "09876543210", "9876543210", "+919876543210"])
def test_a_number_is_read_however_it_is_written(name: str, written: str) -> None:
    heard = gateway(name).incoming(incoming(name, sender=written))
    assert isinstance(heard, Incoming) and heard.msisdn == CALLER


@each_tokened
@pytest.mark.parametrize("written", ["", "12", "JD-BANKIN", "+14155550100", "+910000000000"])
def test_what_is_no_indian_number_is_refused(name: str, written: str) -> None:
    heard = gateway(name).incoming(incoming(name, sender=written))
    assert isinstance(heard, Refused)
    assert (heard.status, heard.sentence.partition(" must ")[2]) == (
        400,
        "be a valid Indian number: +91 and ten digits.",
    )


@each_tokened
@pytest.mark.parametrize(("characters", "taken"), [(1600, True), (1601, False)])
def test_a_text_has_at_most_1600_characters(name: str, characters: int, taken: bool) -> None:
    heard = gateway(name).incoming(incoming(name, "क" * characters))
    assert isinstance(heard, Incoming) if taken else isinstance(heard, Refused) and heard.status == 413


@each_tokened
def test_control_characters_are_spaces(name: str) -> None:
    heard = gateway(name).incoming(incoming(name, "a\x00b\x1bc\x7fd"))
    assert isinstance(heard, Incoming) and heard.text == "a b c d"


@pytest.mark.parametrize("name", NAMES)
def test_more_than_16_kb_are_refused(name: str) -> None:
    heard = gateway(name).incoming(request("POST", SHOWN, b"x" * (MAX_BODY + 1), FORM))
    assert isinstance(heard, Refused) and heard.status == 413


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("method", ["PUT", "HEAD", "DELETE"])
def test_other_methods_are_refused(name: str, method: str) -> None:
    for hook in (gateway(name).incoming, gateway(name).report):
        heard = hook(request(method))
        assert isinstance(heard, Refused) and heard.status == 405


@pytest.mark.parametrize("name", NAMES)
@given(
    method=st.sampled_from(["GET", "POST"]),
    query=st.sampled_from(["", SHOWN, f"{SHOWN}&id=1&task=7", f"{SHOWN}&task=7&state=1&id=%00"]) | st.text(max_size=40),
    body=st.binary(max_size=60) | st.sampled_from([b"{}", b"[]", b"SmsSid=1&From=1&Body=1", b'{"ref": 1}']),
    type_=st.sampled_from(["", FORM, JSON, GSM, 'text/plain; charset="UTF-16BE"', "x"]),
    header=st.none() | st.text(max_size=20),
)
def test_nothing_that_is_sent_is_an_error_of_ours(
    name: str, method: str, query: str, body: bytes, type_: str, header: str | None
) -> None:
    ours = gateway(name)
    sent = WireRequest(method, query.encode().decode("latin-1"), body, type_, lambda _: header)
    assert isinstance(ours.incoming(sent), Incoming | Refused)
    assert isinstance(ours.report(sent), Report | Refused)


@each_tokened
def test_a_refusal_repeats_nothing_that_was_sent(name: str) -> None:
    refused = [
        gateway(name).incoming(incoming(name, "secret text " * 200)),
        gateway(name).incoming(incoming(name, "secret text", sender="98765432109")),
        gateway(name).incoming(incoming(name, "secret text", query="token=secret")),
    ]
    for heard in refused:
        assert isinstance(heard, Refused)
        assert "secret" not in heard.sentence and "98765" not in heard.sentence
