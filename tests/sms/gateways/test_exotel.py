"""Exotel's wire, byte for byte, after its documentation."""

import base64
from urllib.parse import urlencode

import pytest

from sms.gateways import Accepted, Incoming, Rejected, Report, Sent
from tests.sms.gateways.aggregator import CALLER, FORM, HINDI, SHOWN, Talk, answering, gateway, outgoing, request, says
from wire.webhook import Refused

OURS = gateway("exotel")
SENT = '{"SMSMessage": {"Sid": "2a1e", "AccountSid": "AC1", "Status": "queued", "Body": "x"}}'


def test_exotel_is_sent_a_form_with_what_dlt_wants() -> None:
    with answering(says(200, SENT)) as aggregator:
        gateway("exotel", f"{aggregator.url}/v1/Accounts/AC1").send(outgoing())
        sent = aggregator.heard[0]
    assert (sent.method, sent.target) == ("POST", "/v1/Accounts/AC1/Sms/send.json")
    assert sent.headers["content-type"] == FORM
    assert base64.b64decode(sent.headers["authorization"].removeprefix("Basic ")).decode() == "AC1:pä:ss"
    assert sent.form == {
        "From": "GHANTI",
        "To": CALLER,
        "Body": HINDI,
        "EncodingType": "unicode",
        "SmsType": "transactional",
        "StatusCallback": f"https://ghanti.example/sms/exotel/report?{SHOWN}",
        "CustomField": "7",
        "DltEntityId": "1101",
        "DltTemplateId": "1107",
    }


def test_a_plain_text_without_a_template_needs_less() -> None:
    with answering(says(200, SENT)) as aggregator:
        gateway("exotel", aggregator.url).send(outgoing("PIN & more", template=""))
        form = aggregator.heard[0].form
    assert (form["Body"], form["EncodingType"]) == ("PIN & more", "plain")
    assert not {"DltEntityId", "DltTemplateId"} & form.keys()


@pytest.mark.parametrize(
    ("talk", "expected"),
    [
        (says(200, SENT), Accepted("2a1e")),
        (says(202, SENT), Accepted("2a1e")),
        (
            says(400, '{"RestException": {"Status": 400, "Message": "Invalid Recipient [x]"}}'),
            Rejected("bad_request", lasting=True),
        ),
        (says(403, '{"RestException": {"Status": 403, "Message": "Insufficient balance"}}'), Rejected("http_403")),
    ],
)
def test_exotel_s_answers(talk: Talk, expected: Sent) -> None:
    with answering(talk) as aggregator:
        assert gateway("exotel", aggregator.url).send(outgoing()) == expected


INCOMING = {"SmsSid": "7f3a", "From": "09876543210", "To": "56070", "Date": "2026-11-25 10:00:00", "Body": HINDI}


def test_exotel_texts_come_by_get_and_by_post() -> None:
    expected = Incoming("7f3a", CALLER, HINDI)
    assert OURS.incoming(request("GET", f"{SHOWN}&{urlencode(INCOMING)}")) == expected
    assert OURS.incoming(request("POST", SHOWN, urlencode(INCOMING), FORM)) == expected


def reported(**changed: str) -> str:
    """What Exotel posts once a text is where it goes."""
    report = {"SmsSid": "2a1e", "To": "09876543210", "Status": "sent", "SmsUnits": "1", "CustomField": "7"}
    report |= {
        "DetailedStatus": "DELIVERED_TO_HANDSET",
        "DetailedStatusCode": "20005",
        "DateSent": "2026-11-25 10:00:00",
    }
    return urlencode({name: value for name, value in (report | changed).items() if value})


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, Report(7, "delivered", "2a1e", "sent DELIVERED_TO_HANDSET")),
        (
            {"Status": "failed", "DetailedStatus": "DLT_TEMPLATE_NOT_FOUND"},
            Report(7, "failed", "2a1e", "failed DLT_TEMPLATE_NOT_FOUND"),
        ),
        ({"Status": "failed_dnd", "DetailedStatus": ""}, Report(7, "failed", "2a1e", "failed_dnd")),
        ({"Status": "submitted", "DetailedStatus": "x" * 99}, Report(7, "sent", "2a1e", f"submitted {'x' * 70}")),
        ({"Status": "something new", "DetailedStatus": "a\nb"}, Report(7, "sent", "2a1e", "")),
        ({"SmsSid": "", "DetailedStatus": ""}, Report(7, "delivered", "", "sent")),
    ],
)
def test_exotel_reports(changed: dict[str, str], expected: Report) -> None:
    assert OURS.report(request("POST", SHOWN, reported(**changed), FORM)) == expected


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"CustomField": ""}, "The field CustomField is missing. Send SmsSid, Status and CustomField."),
        ({"CustomField": "seven"}, "The field CustomField must be the number that we gave."),
        ({"Status": ""}, "The field Status is missing. Send SmsSid, Status and CustomField."),
    ],
)
def test_malformed_exotel_reports(changed: dict[str, str], sentence: str) -> None:
    assert OURS.report(request("POST", SHOWN, reported(**changed), FORM)) == Refused(400, sentence)


def test_reports_come_by_post_only() -> None:
    assert OURS.report(request("GET", f"{SHOWN}&{reported()}")) == Refused(405, "Send this by POST.")


def test_exotel_gets_an_empty_answer_as_plain_text() -> None:
    taken = OURS.taken()
    assert (taken.status, taken.body, taken.headers) == (200, b"", (("Content-Type", "text/plain"),))
