"""Twilio's wire, byte for byte, with signatures as Twilio makes them."""

import base64
import hmac
import subprocess
import sys
from urllib.parse import parse_qsl, urlencode

import pytest

from sms.gateways import Accepted, Incoming, Rejected, Report, Sent
from tests.house.tree import ROOT
from tests.sms.gateways.aggregator import CALLER, FORM, HINDI, PUBLIC, Talk, answering, gateway, outgoing, request, says
from wire.webhook import Refused, WireRequest

KEY = "0123456789abcdef"
OURS = gateway("twilio", password=KEY)
STRANGER = Refused(403, "The signature is missing or wrong. Sign the public address and the fields.")
INCOMING = {"MessageSid": "SM1", "SmsMessageSid": "SM1", "AccountSid": "AC1", "From": CALLER, "To": "+14155550100"}
INCOMING |= {"Body": HINDI, "NumMedia": "0", "NumSegments": "1", "ApiVersion": "2010-04-01"}
STATUS = {"MessageSid": "SM1", "MessageStatus": "delivered", "To": CALLER, "From": "+14155550100", "AccountSid": "AC1"}


def signed(url: str, form: str, key: str = KEY, digest: str = "sha1") -> str:
    """After twilio.com/docs/usage/security: the address and the sorted fields, HMAC-SHA1, base64."""
    fields = dict(parse_qsl(form, keep_blank_values=True))
    over = url + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.new(key.encode(), over.encode(), digest).digest()).decode()


def hook(path: str, query: str, fields: dict[str, str], key: str = KEY) -> WireRequest:
    """A webhook of Twilio."""
    form = urlencode(fields)
    signature = signed(f"{PUBLIC}/sms/twilio/{path}" + (f"?{query}" if query else ""), form, key)
    return request("POST", query, form, FORM, X_Twilio_Signature=signature)


@pytest.mark.parametrize(
    ("sender", "field"), [("+14155550100", "From"), ("MG0123456789abcdef0123456789abcdef", "MessagingServiceSid")]
)
def test_twilio_is_sent_a_form(sender: str, field: str) -> None:
    with answering(says(201, '{"sid": "SM1"}')) as aggregator:
        gateway("twilio", aggregator.url, sender=sender).send(outgoing())
        sent = aggregator.heard[0]
    assert (sent.method, sent.target) == ("POST", "/2010-04-01/Accounts/AC1/Messages.json")
    assert base64.b64decode(sent.headers["authorization"].removeprefix("Basic ")).decode() == "AC1:pä:ss"
    assert sent.form == {
        "To": CALLER,
        field: sender,
        "Body": HINDI,
        "StatusCallback": "https://ghanti.example/sms/twilio/report?task=7",
    }


@pytest.mark.parametrize(
    ("talk", "expected"),
    [
        (says(201, '{"sid": "SM1", "status": "queued", "error_code": null}'), Accepted("SM1")),
        (says(400, '{"code": 21211, "message": "x", "status": 400}'), Rejected("bad_number", lasting=True)),
        (says(400, '{"code": 21614}'), Rejected("bad_number", lasting=True)),
        (says(400, '{"code": 21610}'), Rejected("opted_out", lasting=True)),
        (says(400, '{"code": 21617}'), Rejected("bad_text", lasting=True)),
        (says(400, '{"code": 21408}'), Rejected("twilio_21408")),
        (says(400, '{"code": "of theirs"}'), Rejected("http_400")),
        (says(401, '{"code": 20003}'), Rejected("http_401")),
        (says(429, '{"code": 20429}'), Rejected("http_429")),
    ],
)
def test_twilio_s_answers(talk: Talk, expected: Sent) -> None:
    with answering(talk) as aggregator:
        assert gateway("twilio", aggregator.url).send(outgoing()) == expected


def test_twilio_texts() -> None:
    assert OURS.incoming(hook("incoming", "", INCOMING)) == Incoming("SM1", CALLER, HINDI)
    assert OURS.incoming(hook("incoming", "", INCOMING | {"Body": ""})) == Incoming("SM1", CALLER, "")


def test_a_number_from_abroad_is_refused() -> None:
    assert OURS.incoming(hook("incoming", "", INCOMING | {"From": "+14155550101"})) == Refused(
        400, "The field From must be a valid Indian number: +91 and ten digits."
    )


@pytest.mark.parametrize(
    ("status", "error", "expected"),
    [
        ("queued", "", Report(7, "sent", "SM1", "queued")),
        ("sent", "", Report(7, "sent", "SM1", "sent")),
        ("delivered", "", Report(7, "delivered", "SM1", "delivered")),
        ("read", "", Report(7, "delivered", "SM1", "read")),
        ("undelivered", "30003", Report(7, "failed", "SM1", "undelivered 30003")),
        ("failed", "30008", Report(7, "failed", "SM1", "failed 30008")),
        ("canceled", "", Report(7, "failed", "SM1", "canceled")),
        ("news", "", Report(7, "sent", "SM1", "news")),
    ],
)
def test_twilio_reports(status: str, error: str, expected: Report) -> None:
    assert OURS.report(hook("report", "task=7", STATUS | {"MessageStatus": status, "ErrorCode": error})) == expected


def test_a_webhook_signed_with_another_key_is_refused() -> None:
    assert OURS.incoming(hook("incoming", "", INCOMING, key="other")) == STRANGER
    assert OURS.report(hook("report", "task=7", STATUS, key="other")) == STRANGER


def test_the_signature_covers_the_address_and_every_field() -> None:
    sent = hook("report", "task=7", STATUS)
    signature = sent.header("X-Twilio-Signature") or ""
    assert OURS.report(request("POST", "task=8", sent.body, FORM, X_Twilio_Signature=signature)) == STRANGER
    changed = urlencode(STATUS | {"MessageStatus": "failed"})
    assert OURS.report(request("POST", "task=7", changed, FORM, X_Twilio_Signature=signature)) == STRANGER
    assert OURS.incoming(request("POST", "task=7", sent.body, FORM, X_Twilio_Signature=signature)) == STRANGER


@pytest.mark.parametrize("signature", ["", "x", "é", "\udc80"])
def test_without_a_signature_nobody_is_let_in(signature: str) -> None:
    assert OURS.incoming(request("POST", "", urlencode(INCOMING), FORM, X_Twilio_Signature=signature)) == STRANGER


def test_an_account_without_a_password_lets_nobody_in() -> None:
    form = urlencode(INCOMING)
    signature = signed(f"{PUBLIC}/sms/twilio/incoming", form, "")
    sent = request("POST", "", form, FORM, X_Twilio_Signature=signature)
    assert gateway("twilio", password="").incoming(sent) == STRANGER


def test_twilio_s_newer_signature_is_read_too() -> None:
    form = urlencode(INCOMING)
    signature = signed(f"{PUBLIC}/sms/twilio/incoming", form, digest="sha256")
    settings = {"X_Twilio_Signature": signature, "X_Twilio_Webhooks_Signature_Settings": "key=k,algorithm=HMAC_SHA256"}
    assert isinstance(OURS.incoming(request("POST", "", form, FORM, **settings)), Incoming)
    unknown = settings | {"X_Twilio_Webhooks_Signature_Settings": "algorithm=NONE"}
    assert OURS.incoming(request("POST", "", form, FORM, **unknown)) == STRANGER


def test_a_report_without_our_task_is_refused() -> None:
    assert OURS.report(hook("report", "", STATUS)) == Refused(
        400, "The field task is missing. Send MessageSid and MessageStatus, and task in the address."
    )


def test_twilio_gets_twiml_that_does_nothing() -> None:
    taken = OURS.taken()
    assert taken.status == 200
    assert taken.body == b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
    assert taken.headers == (("Content-Type", "text/xml; charset=utf-8"),)


def test_twilio_s_own_client_is_not_loaded() -> None:
    asked = "import sys; import sms.gateways.twilio; print('twilio.rest' in sys.modules, 'aiohttp' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_the_signature_of_twilio_s_own_example_is_ours() -> None:
    """The worked example of twilio.com/docs/usage/security."""
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    form = "CallSid=CA1234567890ABCDE&Caller=%2B12349013030&Digits=1234&From=%2B12349013030&To=%2B18005551212"
    assert signed(url, form, "12345") == "0/KCTR6DLpKmkAf8muzZqo1nDgQ="
