"""Every gateway's wire: the providers' bytes in, exact bytes out, and one plain sentence for whatever is malformed."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote_plus, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ussd.gateways import Account, Ended, Gateway, Turn, load
from ussd.screen import Budget
from wire.fields import MAX_BODY, too_long
from wire.webhook import Refused, WireRequest, refusal

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
TOKEN = "s3cret"
CALLER = "+919876543210"
ACCOUNT = Account(token=TOKEN, codes=("123", "99*7"))
GATEWAYS = load(ACCOUNT)
KEYED = load(ACCOUNT, {"comviva": replace(ACCOUNT, userid="ghanti", password="pass word")})["comviva"]
AT, COMVIVA, ARKESEL = (GATEWAYS[name] for name in ("africastalking", "comviva", "arkesel"))
PLAIN = ("Content-Type", "text/plain; charset=utf-8")
BIG = "The request is larger than 16 KB. Send only the fields of one turn."
TWICE = "A field came twice. Send each field once."


def request(method: str, query: str = "", body: bytes = b"", content_type: str = "", header: str = "") -> WireRequest:
    """A webhook; `header` is what X-Ghanti-Token holds."""
    return WireRequest(
        method, query, body, content_type, lambda name: header if name == "X-Ghanti-Token" and header else None
    )


def posted(body: str | bytes, content_type: str = FORM) -> WireRequest:
    """A webhook by POST, with the token."""
    return request("POST", f"token={TOKEN}", body if isinstance(body, bytes) else body.encode(), content_type)


def pulled(query: str) -> WireRequest:
    """A webhook by GET, with the token."""
    return request("GET", f"{query}&token={TOKEN}")


def at_form(**changed: str | None) -> str:
    """What Africa's Talking sends when somebody dials; None leaves a field out."""
    fields = {"sessionId": "ATUid_4c1d", "serviceCode": "*123#", "phoneNumber": CALLER, "networkCode": "40410"}
    sent = fields | {"text": ""} | changed
    return urlencode({name: value for name, value in sent.items() if value is not None})


def at_note(**changed: str) -> str:
    """What Africa's Talking sends when a session is over."""
    note = {"date": "2026-11-24 10:11:12", "sessionId": "ATUid_4c1d", "serviceCode": "*123#", "networkCode": "40410"}
    note |= {"phoneNumber": CALLER, "status": "Success", "cost": "INR 0.10", "durationInMillis": "12345"}
    note |= {"hopsCount": "3", "input": "1*13", "lastAppResponse": "END Post offices", "errorMessage": ""}
    return urlencode(note | changed)


def arkesel_json(**changed: Any) -> str:
    """What Arkesel sends in the middle of a session; ... leaves a member out."""
    members = {"sessionID": "6c49", "userID": "USER_1", "newSession": False, "msisdn": "919876543210"}
    members |= {"userData": "1", "network": "MTN"} | changed
    return json.dumps({name: value for name, value in members.items() if value is not ...})


def turn(session: str, code: str, text: str, cumulative: bool, new: bool | None, echo: tuple[str, ...] = ()) -> Turn:
    """The turn of our one caller."""
    return Turn(session, CALLER, code, text, cumulative, new, echo)


def at_turn(text: str, session: str = "ATUid_4c1d", code: str = "123") -> Turn:
    """A turn of Africa's Talking, which knows a new session by its empty text."""
    return turn(session, code, text, True, None if text else True)


def test_every_file_of_the_folder_is_a_gateway_under_its_name() -> None:
    assert {name: gateway.name for name, gateway in GATEWAYS.items()} == {
        "africastalking": "africastalking",
        "arkesel": "arkesel",
        "comviva": "comviva",
    }


@pytest.mark.parametrize("gateway", GATEWAYS.values(), ids=GATEWAYS.keys())
def test_a_gateway_s_screens_are_the_network_s(gateway: Gateway) -> None:
    assert gateway.budget == Budget(182, 80)


def test_what_is_personal_or_secret_is_not_in_the_text_form_of_these_records() -> None:
    shown = f"{turn('Sess1', '123', '110001', True, True, ('echo1',))}{Ended('Sess1', CALLER, 'done')}"
    shown += repr(Account("token1", "userid", "password1"))
    for secret in ("Sess1", "9876543210", "110001", "echo1", "token1", "password1"):
        assert secret not in shown


# Africa's Talking ---------------------------------------------------------------------------------------------------

AT_DIAL = (
    b"phoneNumber=%2B919876543210&serviceCode=%2A123%23&text=&sessionId=ATUid_4c1d2b0fbd2d4a4b8f3f&networkCode=40410"
)
NUMBER = "phoneNumber=9876543210"


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (posted(AT_DIAL), at_turn("", "ATUid_4c1d2b0fbd2d4a4b8f3f")),
        (posted(at_form(text="1")), at_turn("1")),
        (posted(at_form(text="1*13*110001")), at_turn("1*13*110001")),
        (posted(at_form(text="1**#")), at_turn("1**#")),
        (posted(at_form(text="आशा")), at_turn("आशा")),
        (posted(at_form(text="क\u200dष\n")), at_turn("क\u200dष\n")),
        (posted(f"text=आ&sessionId=s&serviceCode=123&{NUMBER}"), at_turn("आ", "s")),
        (posted("text=a+b&sessionId=s&serviceCode=*99*7#&phoneNumber=+919876543210"), at_turn("a b", "s", "99*7")),
        (posted(f"text=%zz&sessionId=s&serviceCode=123&{NUMBER}"), at_turn("%zz", "s")),
        (posted(at_form(), f"{FORM}; charset=UTF-8"), at_turn("")),
        (posted(at_form(), FORM.upper()), at_turn("")),
        (posted(at_form(), ""), at_turn("")),
        (posted(at_form(sessionId="x" * 128)), at_turn("", "x" * 128)),
        (posted(at_form(sessionId="a b")), at_turn("", "a b")),
        (posted(at_form(status="x", text="1")), at_turn("1")),
        (pulled(at_form(text="1*2")), at_turn("1*2")),
        (pulled(at_form(text="आशा", retryCount="0")), at_turn("आशा")),
        (pulled(f"text=\xe0\xa4\x86&sessionId=s&serviceCode=123&{NUMBER}"), at_turn("आ", "s")),
    ],
)
def test_africastalking_turns(sent: WireRequest, expected: Turn) -> None:
    assert AT.parse(sent) == expected


@pytest.mark.parametrize(
    ("changed", "reason", "detail"),
    [
        ({}, "done", "Success"),
        ({"status": "Incomplete"}, "dropped", "Incomplete"),
        ({"status": "Failed", "errorMessage": "Timed out"}, "failed", "Timed out"),
        ({"status": "Failed", "errorMessage": "x" * 99}, "failed", "x" * 80),
        ({"status": "Failed", "errorMessage": "two\nlines"}, "failed", ""),
        ({"status": "something new"}, "dropped", "something new"),
    ],
)
def test_africastalking_notes_of_a_session_s_end(changed: dict[str, str], reason: str, detail: str) -> None:
    assert AT.parse(posted(at_note(**changed))) == Ended("ATUid_4c1d", CALLER, reason, detail)


@pytest.mark.parametrize(
    ("text", "goes_on", "body"),
    [
        ("Choose:\n1 Post", True, b"CON Choose:\n1 Post"),
        ("Goodbye.", False, b"END Goodbye."),
        ("आगे", True, b"CON \xe0\xa4\x86\xe0\xa4\x97\xe0\xa5\x87"),
    ],
)
def test_africastalking_answers(text: str, goes_on: bool, body: bytes) -> None:
    reply = AT.render(text, goes_on, turn("s", "123", "", True, True))
    assert (reply.status, reply.body, reply.headers) == (200, body, (PLAIN,))


def test_africastalking_opens_a_session_with_the_turn_as_it_is() -> None:
    dialled = turn("s", "123", "13*110001", True, None)
    assert AT.opened(dialled) == dialled


# Comviva ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("SessionID=13697502734175597&MSISDN=919876543210&MSC=919810000000&input=123", "123"),
        ("SessionID=13697502734175597&MSISDN=919876543210&MSC=919810000000&input=123*13*110001", "123*13*110001"),
        ("SessionID=13697502734175597&MSISDN=919876543210&MSC=919810000000&input=", ""),
        ("SessionID=13697502734175597&MSISDN=919876543210&MSC=1&input=%E0%A4%86&=&=en&=9031&=&=postpaid", "आ"),
        ("SessionID=13697502734175597&MSISDN=919876543210&MSC=1&input=%2A%2A", "**"),
    ],
)
def test_comviva_turns(query: str, text: str) -> None:
    assert COMVIVA.parse(pulled(query)) == turn("13697502734175597", "", text, False, None)


@pytest.mark.parametrize(
    ("typed", "code", "text"),
    [
        ("123", "123", ""),
        ("123*13*110001", "123", "13*110001"),
        ("*123*13#", "123", "13"),
        ("99*7*13", "99*7", "13"),
        ("121*5", "121", "5"),
        ("Asha", "", ""),
    ],
)
def test_comviva_s_first_input_is_code_and_inputs_in_one(typed: str, code: str, text: str) -> None:
    opened = COMVIVA.opened(turn("s", "", typed, False, None))
    assert opened == turn("s", code, text, False, None)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SessionID=136&msisdn=919876543210&clean=clean-session&error=522", Ended("136", CALLER, "dropped", "522")),
        (
            "msisdn=919876543210&clean=cleann&error=523&SessionID=136&MSC=919810000000&=&=en&=9031510005344&=&=&=postpaid",
            Ended("136", CALLER, "dropped", "523"),
        ),
        ("SessionID=136&MSISDN=919876543210&clean=1", Ended("136", CALLER, "dropped", "")),
        ("SessionID=136&msisdn=919876543210&clean=1&error=%0A", Ended("136", CALLER, "dropped", "")),
        (f"SessionID=136&msisdn=919876543210&clean=1&error={'5' * 90}", Ended("136", CALLER, "dropped", "5" * 80)),
    ],
)
def test_comviva_sessions_that_broke_off(query: str, expected: Ended) -> None:
    assert COMVIVA.parse(pulled(query)) == expected


@pytest.mark.parametrize(("goes_on", "flow"), [(True, "FC"), (False, "FB")])
def test_comviva_answers(goes_on: bool, flow: str) -> None:
    reply = COMVIVA.render("आगे\n1 a", goes_on, turn("s", "", "1", False, None))
    assert (reply.status, reply.body) == (200, "आगे\n1 a".encode())
    assert reply.headers == (PLAIN, ("Freeflow", flow), ("charge", "N"), ("amount", "0"))


# Arkesel ------------------------------------------------------------------------------------------------------------

ECHO = ("USER_1", "919876543210")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"newSession": True, "userData": "*123#"}, turn("6c49", "123", "", False, True, ECHO)),
        ({"newSession": True, "userData": "*123*13*110001#"}, turn("6c49", "123", "13*110001", False, True, ECHO)),
        ({"newSession": True, "userData": ""}, turn("6c49", "", "", False, True, ECHO)),
        ({"newSession": True, "userData": None}, turn("6c49", "", "", False, True, ECHO)),
        ({"newSession": True, "userData": ...}, turn("6c49", "", "", False, True, ECHO)),
        ({"userData": "1*2#"}, turn("6c49", "", "1*2#", False, False, ECHO)),
        ({"userData": "आशा"}, turn("6c49", "", "आशा", False, False, ECHO)),
        ({"msisdn": "0 9876543210".replace(" ", "")}, turn("6c49", "", "1", False, False, ("USER_1", "09876543210"))),
    ],
)
def test_arkesel_turns(changed: dict[str, Any], expected: Turn) -> None:
    assert ARKESEL.parse(posted(arkesel_json(**changed), JSON)) == expected


def test_arkesel_json_is_read_in_raw_utf8() -> None:
    body = '{"sessionID":"s","userID":"U","newSession":false,"msisdn":"+919876543210","userData":"आ"}'
    expected = turn("s", "", "आ", False, False, ("U", CALLER))
    assert ARKESEL.parse(posted(body, f"{JSON}; charset=utf-8")) == expected


@pytest.mark.parametrize(("new", "text"), [(True, "13"), (False, "")])
def test_an_answer_in_an_arkesel_session_that_is_gone_answers_nothing(new: bool, text: str) -> None:
    assert ARKESEL.opened(turn("s", "", "13", False, new, ECHO)).text == text


@pytest.mark.parametrize(("goes_on", "written"), [(True, b"true"), (False, b"false")])
def test_arkesel_answers(goes_on: bool, written: bytes) -> None:
    reply = ARKESEL.render('आ "1"\n2', goes_on, turn("6c49", "123", "", False, True, ECHO))
    assert reply.body == (
        b'{"sessionID":"6c49","userID":"USER_1","msisdn":"919876543210",'
        b'"message":"\xe0\xa4\x86 \\"1\\"\\n2","continueSession":%b}' % written
    )
    assert (reply.status, reply.headers) == (200, (("Content-Type", "application/json"),))


# Who may send -------------------------------------------------------------------------------------------------------

NOT_LET_IN = "The token is missing or wrong. Send it as ?token= or in the header X-Ghanti-Token."
SENT = {
    "africastalking": posted(at_form()),
    "comviva": pulled("SessionID=s&MSISDN=919876543210&MSC=1&input=123"),
    "arkesel": posted(arkesel_json(), JSON),
}
each_gateway = pytest.mark.parametrize("name", SENT)


def shown(name: str, token: str, header: str = "") -> WireRequest:
    """The gateway's usual request, with this in place of the token."""
    sent = SENT[name]
    return replace(sent, query=sent.query.replace(f"token={TOKEN}", token), header=request("GET", header=header).header)


@each_gateway
@pytest.mark.parametrize("token", ["", "token=", "token=S3cret", "token=s3cre", "token=s3crett", "token=%E0%A4%86"])
def test_without_the_token_nobody_is_let_in(name: str, token: str) -> None:
    assert GATEWAYS[name].parse(shown(name, token)) == Refused(403, NOT_LET_IN)


@each_gateway
def test_the_token_may_come_in_a_header(name: str) -> None:
    assert isinstance(GATEWAYS[name].parse(shown(name, "", TOKEN)), Turn)


@each_gateway
@pytest.mark.parametrize("header", ["x", "\udc80é"])
def test_a_wrong_token_in_a_header_lets_nobody_in(name: str, header: str) -> None:
    assert GATEWAYS[name].parse(shown(name, "", header)) == Refused(403, NOT_LET_IN)


@each_gateway
@pytest.mark.parametrize("token", ["", "token="])
def test_an_account_without_a_token_lets_nobody_in(name: str, token: str) -> None:
    assert isinstance(load(Account(token=""))[name].parse(shown(name, token)), Refused)


@pytest.mark.parametrize(
    ("shows", "let_in"),
    [
        ("userid=ghanti&password=pass+word", True),
        ("userid=ghanti&password=pass", False),
        ("userid=other&password=pass+word", False),
        ("userid=ghanti", False),
        ("password=pass+word", False),
        (f"token={TOKEN}", False),
    ],
)
def test_comviva_s_userid_and_password_replace_the_token(shows: str, let_in: bool) -> None:
    answer = KEYED.parse(shown("comviva", shows))
    assert (
        isinstance(answer, Turn)
        if let_in
        else answer == Refused(403, "The userid or the password is missing or wrong.")
    )


# What is malformed --------------------------------------------------------------------------------------------------

AT_WANTED = "Send sessionId, serviceCode, phoneNumber and text."
AT_END_WANTED = "Send sessionId and phoneNumber."
COMVIVA_WANTED = "Send SessionID, MSISDN, MSC and input."
COMVIVA_END_WANTED = "Send SessionID, msisdn, clean and error."
ARKESEL_WANTED = "Send sessionID, userID, newSession, msisdn, userData and network."
NOT_UTF8 = "The fields are not UTF-8. Percent-encode them as UTF-8."
NOT_JSON = "The body is not JSON. Send one JSON object."
BAD_NUMBER = "must be a valid Indian number: +91 and ten digits."
BAD_SESSION = "must have 1 to 128 printable characters."
BAD_CODE = "must be a service code such as *123#."
UNTYPABLE = "holds characters that no phone can type."


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"sessionId": None}, f"The field sessionId is missing. {AT_WANTED}"),
        ({"text": None}, f"The field text is missing. {AT_WANTED}"),
        ({"phoneNumber": None}, f"The field phoneNumber is missing. {AT_WANTED}"),
        ({"serviceCode": None}, f"The field serviceCode is missing. {AT_WANTED}"),
        ({"phoneNumber": "+254711000111"}, f"The field phoneNumber {BAD_NUMBER}"),
        ({"phoneNumber": ""}, f"The field phoneNumber {BAD_NUMBER}"),
        ({"serviceCode": "abc"}, f"The field serviceCode {BAD_CODE}"),
        ({"sessionId": ""}, f"The field sessionId {BAD_SESSION}"),
        ({"sessionId": " "}, f"The field sessionId {BAD_SESSION}"),
        ({"sessionId": "x" * 129}, f"The field sessionId {BAD_SESSION}"),
        ({"sessionId": "a\nb"}, f"The field sessionId {BAD_SESSION}"),
        ({"text": "1\x00"}, f"The field text {UNTYPABLE}"),
        ({"text": None, "status": "Failed", "sessionId": None}, f"The field sessionId is missing. {AT_END_WANTED}"),
        ({"text": None, "status": "Failed", "phoneNumber": "1"}, f"The field phoneNumber {BAD_NUMBER}"),
    ],
)
def test_africastalking_s_malformed_fields_are_named(changed: dict[str, str | None], sentence: str) -> None:
    for sent in (posted(at_form(**changed)), pulled(at_form(**changed))):
        assert AT.parse(sent) == Refused(400, sentence)


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        (posted(b""), 400, f"The field sessionId is missing. {AT_WANTED}"),
        (posted(f"{at_form()}&text=2"), 400, TWICE),
        (posted(f"{at_form()}&x=1&x=1"), 400, TWICE),
        (pulled(f"{at_form()}&token=x"), 400, TWICE),
        (posted(b"text=%FF"), 400, NOT_UTF8),
        (posted(b"text=\xff"), 400, NOT_UTF8),
        (pulled("text=%FF"), 400, NOT_UTF8),
        (pulled("text=\xff"), 400, NOT_UTF8),
        (pulled("text=\u0906"), 400, NOT_UTF8),
        (posted(b"a&" * 41), 400, "There are more than 40 fields. Send only the fields of one turn."),
        (posted(at_form(), JSON), 415, f"Send the fields as {FORM}."),
        (posted(at_form(), "multipart/form-data; boundary=x"), 415, f"Send the fields as {FORM}."),
        (replace(posted(at_form()), method="PUT"), 405, "Send this by POST or GET."),
        (posted(b"x" * (MAX_BODY + 1)), 413, BIG),
        (pulled("x" * MAX_BODY), 413, BIG),
    ],
)
def test_africastalking_s_malformed_requests_are_refused(sent: WireRequest, status: int, sentence: str) -> None:
    assert AT.parse(sent) == Refused(status, sentence)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", f"The field SessionID is missing. {COMVIVA_WANTED}"),
        ("SessionID=1&MSISDN=919876543210", f"The field input is missing. {COMVIVA_WANTED}"),
        ("SessionID=1&input=1", f"The field MSISDN is missing. {COMVIVA_WANTED}"),
        ("SessionID=1&MSISDN=254711000111&input=1", f"The field MSISDN {BAD_NUMBER}"),
        ("SessionID=%07&MSISDN=919876543210&input=1", f"The field SessionID {BAD_SESSION}"),
        ("SessionID=1&MSISDN=919876543210&input=%00", f"The field input {UNTYPABLE}"),
        ("SessionID=1&SessionID=1", TWICE),
        ("SessionID=%FF", NOT_UTF8),
        ("clean=1", f"The field SessionID is missing. {COMVIVA_END_WANTED}"),
        ("clean=1&SessionID=1", f"The field MSISDN is missing. {COMVIVA_END_WANTED}"),
        ("clean=1&SessionID=1&msisdn=1", f"The field msisdn {BAD_NUMBER}"),
    ],
)
def test_comviva_s_malformed_fields_are_named(query: str, sentence: str) -> None:
    assert COMVIVA.parse(pulled(query)) == Refused(400, sentence)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", NOT_JSON),
        (b"{", NOT_JSON),
        (b"[" * 16000, NOT_JSON),
        (b"1" * 16000, NOT_JSON),
        (b"[]", "The body is not a JSON object. Send one JSON object."),
        (b'{"a":"\xff"}', "The body is not UTF-8. Send the JSON in UTF-8."),
        (b'{"a":1,"a":1}', TWICE),
    ],
)
def test_arkesel_s_malformed_bodies_are_refused(body: bytes, sentence: str) -> None:
    assert ARKESEL.parse(posted(body, JSON)) == Refused(400, sentence)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"newSession": "true"}, f"The field newSession must be true or false. {ARKESEL_WANTED}"),
        ({"newSession": ...}, f"The field newSession must be true or false. {ARKESEL_WANTED}"),
        ({"sessionID": 5}, f"The field sessionID is not text. {ARKESEL_WANTED}"),
        ({"sessionID": None}, f"The field sessionID is missing. {ARKESEL_WANTED}"),
        ({"userID": ...}, f"The field userID is missing. {ARKESEL_WANTED}"),
        ({"userID": "\ud800"}, f"The field userID {UNTYPABLE}"),
        ({"userData": "\ud800"}, f"The field userData {UNTYPABLE}"),
        ({"userData": []}, f"The field userData is not text. {ARKESEL_WANTED}"),
        ({"msisdn": 919876543210}, f"The field msisdn is not text. {ARKESEL_WANTED}"),
        ({"msisdn": "233544919953"}, f"The field msisdn {BAD_NUMBER}"),
    ],
)
def test_arkesel_s_malformed_members_are_named(changed: dict[str, Any], sentence: str) -> None:
    assert ARKESEL.parse(posted(arkesel_json(**changed), JSON)) == Refused(400, sentence)


@pytest.mark.parametrize(
    ("gateway", "sent", "status", "sentence"),
    [
        (COMVIVA, posted(b""), 405, "Send this by GET."),
        (ARKESEL, pulled(""), 405, "Send this by POST."),
        (ARKESEL, posted(arkesel_json()), 415, f"Send the fields as {JSON}."),
        (ARKESEL, posted(b" " * (MAX_BODY + 1), JSON), 413, BIG),
        (COMVIVA, pulled("x" * MAX_BODY), 413, BIG),
    ],
)
def test_other_wires_are_refused(gateway: Gateway, sent: WireRequest, status: int, sentence: str) -> None:
    assert gateway.parse(sent) == Refused(status, sentence)


@pytest.mark.parametrize(("length", "refused"), [(None, False), (0, False), (16384, False), (16385, True)])
def test_a_body_is_refused_by_its_length_before_it_is_read(length: int | None, refused: bool) -> None:
    answer = too_long(length)
    assert (answer is not None and answer.status == 413) if refused else answer is None


def test_a_query_of_the_greatest_length_is_read() -> None:
    rest = MAX_BODY - len(pulled(at_form(x="")).query)
    assert isinstance(AT.parse(pulled(at_form(x="y" * rest))), Turn)


def test_a_body_of_the_greatest_length_is_read() -> None:
    rest = MAX_BODY - len(at_form(x=""))
    assert isinstance(AT.parse(posted(at_form(x="y" * rest))), Turn)


@each_gateway
def test_the_end_of_a_session_is_acknowledged(name: str) -> None:
    reply = GATEWAYS[name].farewell(Ended("s", CALLER, "dropped"))
    body = b"{}" if name == "arkesel" else b""
    assert (reply.status, reply.body) == (200, body)
    assert reply.headers == GATEWAYS[name].render("x", True, turn("s", "", "", False, True, ECHO)).headers[:1]


def test_a_refusal_is_plain_text() -> None:
    reply = refusal(Refused(413, "Too long."))
    assert (reply.status, reply.body, reply.headers) == (413, b"Too long.", (PLAIN,))


# Any bytes at all ---------------------------------------------------------------------------------------------------

COMPLETE: dict[str, dict[str, Any]] = {
    "africastalking": {"sessionId": "s", "serviceCode": "*123#", "phoneNumber": CALLER, "text": "1*2"},
    "comviva": {"SessionID": "s", "MSISDN": CALLER, "input": "123*13"},
    "arkesel": {"sessionID": "s", "userID": "u", "newSession": True, "msisdn": CALLER, "userData": "*123#"},
}
values = st.sampled_from(["1", "*123#", CALLER, "", "\x00", "\ud800"]) | st.text(max_size=9)
others = values | st.booleans() | st.none() | st.integers() | st.lists(st.none(), max_size=2)
names = st.sampled_from(["status", "clean", "token", "x", "", *(name for each in COMPLETE.values() for name in each)])
queries = st.text(st.characters(max_codepoint=255), max_size=99)
types = st.sampled_from(["", FORM, JSON, "text/plain"])


def as_form(fields: dict[str, Any]) -> str:
    """A form as a careless client writes it."""
    return "&".join(f"{name}={quote_plus(str(value), errors='replace')}" for name, value in fields.items())


def check_answer(gateway: Gateway, sent: WireRequest) -> None:
    """Whatever the answer is, it can be sent, and shows nothing of the caller."""
    match gateway.parse(sent):
        case Turn() as answer:
            assert answer.msisdn == CALLER and 1 <= len(answer.session) <= 128
            opened = gateway.opened(answer)
            assert gateway.render(opened.text, True, opened).status == 200
        case Ended() as answer:
            assert gateway.farewell(answer).status == 200
        case Refused(status, sentence):
            assert 400 <= status < 500 and sentence.endswith(".")
            assert "9876543210" not in sentence


@given(st.sampled_from(sorted(GATEWAYS)), st.sampled_from(["GET", "POST"]), queries, st.binary(max_size=300), types)
def test_any_bytes_get_an_answer(name: str, method: str, query: str, body: bytes, content_type: str) -> None:
    check_answer(GATEWAYS[name], request(method, query, body, content_type, TOKEN))


@given(st.sampled_from(sorted(GATEWAYS)), st.dictionaries(names, others, max_size=2), st.integers(0, 9))
@settings(max_examples=200)
def test_any_fields_get_an_answer(name: str, changed: dict[str, Any], dropped: int) -> None:
    fields = COMPLETE[name] | changed
    fields = {key: fields[key] for index, key in enumerate(fields) if index != dropped}
    form = as_form(fields)
    for sent in (
        request("GET", form, header=TOKEN),
        request("POST", "", form.encode(), FORM, TOKEN),
        request("POST", "", json.dumps(fields).encode(), JSON, TOKEN),
    ):
        check_answer(GATEWAYS[name], sent)


@given(st.sampled_from(sorted(SENT)), st.binary(max_size=64))
def test_bytes_hung_on_a_good_request_get_an_answer(name: str, tail: bytes) -> None:
    sent = SENT[name]
    longer = {"body": sent.body + tail} if sent.body else {"query": sent.query + tail.decode("latin-1")}
    check_answer(GATEWAYS[name], replace(sent, **longer))
