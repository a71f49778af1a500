"""The USSD door as aggregators meet it: repeats, races, late and disordered webhooks, Redis away, nonsense."""

import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from redis import Redis
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

from app import create_app
from house import World, build
from records.migrate import migrate
from secret_keys import new_key
from sessions.embedded import Embedded
from settings import Settings
from tests.conversation import TODAY, Clock
from ussd.gateways import Ended

MSISDN = "+919876543210"
KEY = new_key(1)


def settings_for(redis_url: str, folder: Path, **changes: Any) -> Settings:
    secret = KEY.partition(":")[2]
    return Settings(
        _env_file=None,
        redis_url=SecretStr(redis_url),
        var_dir=folder,
        session_keys=(SecretStr(KEY),),
        record_keys=(SecretStr(KEY),),
        caller_hash_key=SecretStr(secret),
        pin_pepper=SecretStr(secret),
        redis_timeout_s=0.3,
        **changes,
    )


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(redis_url: str, tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    ids = count(1)
    chosen = settings_for(redis_url, tmp_path, number_languages={"*123*7#": "hi"})
    house = build(chosen, World(clock, lambda: TODAY, lambda: f"run{next(ids)}"), lambda *_: None)
    yield create_app(house)
    house.connection.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def africastalking(client: FlaskClient, text: str, session: str = "s1", code: str = "*123#") -> str:
    fields = {"sessionId": session, "phoneNumber": MSISDN, "serviceCode": code, "text": text}
    answer = client.post("/ussd/africastalking?token=local", data=fields)
    assert answer.status_code == 200, answer.text
    return answer.text


def comviva(client: FlaskClient, text: str, session: str = "c1") -> tuple[str, str]:
    query = {"token": "local", "SessionID": session, "MSISDN": MSISDN[1:], "MSC": "919845000001", "input": text}
    answer = client.get("/ussd/comviva", query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.headers["Freeflow"], answer.text


def arkesel(client: FlaskClient, text: str, *, new: bool = False, session: str = "a1") -> tuple[bool, str]:
    told = {
        "sessionID": session,
        "userID": "U",
        "newSession": new,
        "msisdn": MSISDN[1:],
        "userData": text,
        "network": "x",
    }
    answer = client.post("/ussd/arkesel?token=local", json=told)
    assert answer.status_code == 200, answer.text
    return answer.json["continueSession"], answer.json["message"]  # type: ignore[index]


def test_a_whole_dialogue_on_comviva(client: FlaskClient) -> None:
    assert comviva(client, "123") == ("FC", "घंटी\n1 हिन्दी\n2 English\n09 सहायता 02 दोबारा")
    assert "Which service?" in comviva(client, "2")[1]
    assert "6-digit PIN code" in comviva(client, "1")[1]
    assert "23 found" in comviva(client, "110001")[1]
    assert "1 New Delhi GPO" in comviva(client, "gpo")[1]
    assert comviva(client, "1")[0] == "FC"
    assert comviva(client, "2")[0] == "FB"


def test_a_direct_code_on_comviva(client: FlaskClient) -> None:
    africastalking(client, "")
    africastalking(client, "2")
    assert "23 found" in comviva(client, "123*13*110001")[1]


def test_a_whole_dialogue_on_arkesel(client: FlaskClient) -> None:
    assert arkesel(client, "*123#", new=True)[0]
    assert "Which service?" in arkesel(client, "2")[1]
    arkesel(client, "1")
    arkesel(client, "110001")
    arkesel(client, "gpo")
    goes_on, message = arkesel(client, "1")
    assert goes_on and message.startswith("New Delhi GPO, Head Office.")
    assert not arkesel(client, "2")[0]


def test_africastalking_by_get(client: FlaskClient) -> None:
    query = {"token": "local", "sessionId": "g", "phoneNumber": MSISDN, "serviceCode": "*123#", "text": ""}
    assert client.get("/ussd/africastalking", query_string=query).text.startswith("CON ")


def test_a_repeated_webhook_gets_the_same_bytes_and_changes_nothing(client: FlaskClient, redis: "Redis") -> None:
    africastalking(client, "")
    first = africastalking(client, "2")
    kept = {key: redis.get(key) for key in redis.scan_iter(match="u*")}
    assert africastalking(client, "2") == first
    assert {key: redis.get(key) for key in redis.scan_iter(match="u*")} == kept != {}


def test_an_older_webhook_that_comes_late_gets_the_present_screen(client: FlaskClient) -> None:
    africastalking(client, "")
    africastalking(client, "2")
    present = africastalking(client, "2*1")
    assert africastalking(client, "2") == present
    assert africastalking(client, "") == present
    assert "23 found" in africastalking(client, "2*1*110001")


def test_a_webhook_of_the_session_before_is_told_so_and_changes_nothing(client: FlaskClient) -> None:
    africastalking(client, "", "old")
    africastalking(client, "2", "old")
    present = africastalking(client, "", "new")
    assert africastalking(client, "2*1", "old") == "END This screen is old. Please dial again."
    assert africastalking(client, "", "new") == present


def test_the_same_input_within_a_second_is_a_repeat_where_only_the_latest_is_sent(
    client: FlaskClient, clock: Clock
) -> None:
    comviva(client, "123")
    first = comviva(client, "2")
    assert comviva(client, "2") == first
    clock.at += 2
    assert "Nearest" not in first[1]
    assert "6-digit PIN code" in comviva(client, "2")[1]


def test_two_webhooks_at_once_never_fork_a_session(app: Flask) -> None:
    africastalking(app.test_client(), "")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: africastalking(app.test_client(), "2"), range(24)))
    assert len(set(answers)) == 1
    assert "6-digit PIN code" in africastalking(app.test_client(), "2*1")


def test_two_different_inputs_at_once_are_taken_one_after_the_other(app: Flask) -> None:
    africastalking(app.test_client(), "")
    africastalking(app.test_client(), "2")
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda text: africastalking(app.test_client(), text), ["2*1", "2*2"] * 4))
    assert len(set(answers)) <= 2
    present = africastalking(app.test_client(), "2*1")
    assert africastalking(app.test_client(), "2*2") == present


def test_the_notification_of_the_end_is_acknowledged_and_the_session_can_go_on_later(client: FlaskClient) -> None:
    africastalking(client, "", "one")
    africastalking(client, "2", "one")
    africastalking(client, "2*1", "one")
    note = {"sessionId": "one", "phoneNumber": MSISDN, "status": "Incomplete", "errorMessage": "User aborted"}
    assert client.post("/ussd/africastalking?token=local", data=note).status_code == 200
    assert "Continue with Post offices by PIN code?" in africastalking(client, "", "two")


def test_an_answer_typed_after_the_session_is_forgotten_starts_anew(client: FlaskClient, redis: "Redis") -> None:
    africastalking(client, "")
    africastalking(client, "2")
    redis.delete(*redis.scan_iter(match="u*"))
    assert "Which service?" in africastalking(client, "2*9")


def test_a_code_may_have_its_own_language(client: FlaskClient) -> None:
    assert "कौन सी सेवा?" in africastalking(client, "", code="*123*7#")


def test_a_long_answer_is_paged_and_every_choice_is_valid_on_every_page(client: FlaskClient) -> None:
    africastalking(client, "")
    africastalking(client, "1")
    africastalking(client, "1*13")
    first = africastalking(client, "1*13*416416")
    second = africastalking(client, "1*13*416416*01")
    third = africastalking(client, "1*13*416416*01*1")
    assert first.endswith("01 आगे") and "\n1 " in first and "\n1 " not in second
    assert first.split("\n1 ")[1].split("\n")[0] in third


def test_a_pin_is_in_no_store_in_the_clear_and_in_no_log(
    client: FlaskClient, redis: "Redis", caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    text = ""
    for typed in ("", "2", "3", "1", "907351", "907351"):
        text = f"{text}*{typed}".strip("*")
        africastalking(client, text)
    for kept in [*redis.scan_iter(), *(redis.get(key) or b"" for key in redis.scan_iter(match="[ulc]*"))]:
        assert b"907351" not in kept and b"9876543210" not in kept
    assert "907351" not in caplog.text and "9876543210" not in caplog.text


NONSENSE: list[tuple[str, str, dict[str, object], int]] = [
    ("POST", "/ussd/nobody?token=local", {"data": {}}, 404),
    ("POST", "/ussd/africastalking", {"data": {"sessionId": "1"}}, 403),
    ("POST", "/ussd/africastalking?token=wrong", {"data": {"sessionId": "1"}}, 403),
    ("POST", "/ussd/africastalking?token=local", {"data": {}}, 400),
    ("POST", "/ussd/africastalking?token=local", {"data": b"x" * 1_000_000, "content_type": "text/plain"}, 413),
    ("POST", "/ussd/africastalking?token=local", {"data": b"text=%ff%fe&sessionId=1", "content_type":
        "application/x-www-form-urlencoded"}, 400),
    ("POST", "/ussd/africastalking?token=local", {"data": {"sessionId": "1", "phoneNumber": "+14155552671",
        "serviceCode": "*123#", "text": ""}}, 400),
    ("POST", "/ussd/arkesel?token=local", {"data": b"[1]", "content_type": "application/json"}, 400),
    ("POST", "/ussd/arkesel?token=local", {"data": b"{", "content_type": "application/json"}, 400),
    ("PUT", "/ussd/africastalking?token=local", {}, 405),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "sent", "status"), NONSENSE)
def test_nonsense_gets_a_plain_sentence(
    client: FlaskClient, method: str, path: str, sent: dict[str, object], status: int
) -> None:
    answer = client.open(path, method=method, **sent)  # type: ignore[arg-type]
    assert answer.status_code == status
    assert "Traceback" not in answer.text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["africastalking", "comviva", "arkesel"]),
    st.sampled_from(["GET", "POST"]),
    st.dictionaries(
        st.sampled_from(
            ["sessionId", "SessionID", "phoneNumber", "MSISDN", "text", "input", "serviceCode", "newSession"]
        ),
        st.one_of(st.text(max_size=20), st.sampled_from([MSISDN, "*123#", "1", ""])),
    ),
    st.booleans(),
)
def test_any_fields_are_answered_without_a_fault(
    client: FlaskClient, gateway: str, method: str, fields: dict[str, str], as_json: bool
) -> None:
    path = f"/ussd/{gateway}?token=local"
    if as_json:
        body = json.dumps(fields).encode("utf-8", "surrogatepass")
        answer = client.open(path, method=method, data=body, content_type="application/json")
    else:
        clean = {name: text.encode("utf-8", "replace").decode() for name, text in fields.items()}
        answer = client.open(path, method=method, data=clean)
    assert answer.status_code in (200, 400, 403, 405, 413, 415)


def _after_a_moment(client: FlaskClient) -> str:
    sleep(0.05)
    return africastalking(client, "2")


def test_redis_away_is_told_in_both_languages_and_heals_by_itself(tmp_path: Path, clock: Clock) -> None:
    valkey = Embedded(tmp_path / "valkey")
    house = build(settings_for(valkey.start(), tmp_path), World(clock, lambda: TODAY, lambda: "run"), lambda *_: None)
    client = create_app(house).test_client()
    africastalking(client, "")
    valkey.stop()
    told = africastalking(client, "2")
    assert told.startswith("END घंटी अभी जवाब नहीं दे सकती।") and "Ghanti cannot answer now." in told
    ready = client.get("/readyz")
    assert ready.status_code == 503 and "Redis does not answer" in ready.json["missing"][0]  # type: ignore[index]
    assert client.get("/healthz").status_code == 200
    valkey.start()
    healed = next(told for _ in range(50) if not (told := _after_a_moment(client)).startswith("END"))
    assert "Which service?" in healed
    assert client.get("/readyz").status_code == 200
    house.connection.close()
    valkey.stop()


def test_redis_away_is_told_in_the_language_of_the_dialled_code(tmp_path: Path) -> None:
    chosen = settings_for("redis://127.0.0.1:1/0", tmp_path, number_languages={"*123*7#": "en"})
    client = create_app(build(chosen)).test_client()
    told = africastalking(client, "", code="*123*7#")
    assert told == "END Ghanti cannot answer now. Please try again in a few minutes."


def _hang_up(client: FlaskClient, session: str = "s1") -> int:
    note = {"sessionId": session, "phoneNumber": MSISDN, "status": "Incomplete"}
    return client.post("/ussd/africastalking?token=local", data=note).status_code


def test_an_input_after_the_note_of_the_end_tells_nothing_personal_without_a_pin(
    app: Flask, client: FlaskClient
) -> None:
    migrate(app.extensions["ghanti"].database)
    text = told = ""
    for typed in ("", "2", "3", "1", "907351", "907351", "12345678901234567"):
        text = f"{text}*{typed}".strip("*")
        told = africastalking(client, text)
    assert "12345678901234567?" in told
    assert _hang_up(client) == 200
    told = africastalking(client, f"{text}*1")
    assert "Enter your Ghanti PIN." in told and "12345678901234567" not in told


def test_inputs_after_the_last_screen_show_the_answer_again(client: FlaskClient) -> None:
    for text in ("", "2", "2*1", "2*1*110001", "2*1*110001*gpo"):
        africastalking(client, text)
    told = africastalking(client, "2*1*110001*gpo*1")
    assert told.startswith("CON New Delhi GPO")
    assert africastalking(client, "2*1*110001*gpo*1*2") == "END Thank you."
    assert africastalking(client, "2*1*110001*gpo*1*2*01") == told
    assert africastalking(client, "2*1*110001*gpo*1*2*01*") == f"CON Nothing was typed.\n{told[told.index('1 Send') :]}"


def test_a_fault_at_the_note_of_the_end_is_acknowledged_and_logged_without_its_words(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(ended: Ended) -> None:
        raise KeyError(ended.msisdn)

    monkeypatch.setattr(app.extensions["ghanti"].door, "hang_up", fail)
    assert _hang_up(app.test_client()) == 200
    assert "the end of a session was not noted" in caplog.text and MSISDN not in caplog.text


def test_what_no_phone_can_dial_is_no_direct_code(client: FlaskClient) -> None:
    africastalking(client, "", "before")
    africastalking(client, "2", "before")
    assert "Which service?" in africastalking(client, "13*" + "1" * 200)


SAME: list[tuple[str, str, bytes, str]] = [
    ("POST", "token=local", b"sessionId=f&phoneNumber=%2B919876543210&serviceCode=%2A123%23&text=", ""),
    ("GET", "token=local&sessionId=f&phoneNumber=919876543210&serviceCode=*123%23&text=", b"", ""),
    ("POST", "token=wrong", b"sessionId=f", ""),
    ("POST", "token=local", b"sessionId=f", ""),
    ("POST", "token=local", b"text=%ff", ""),
    ("POST", "", b"sessionId=f", "local"),
]


@pytest.mark.parametrize(("method", "query", "body", "token"), SAME)
def test_in_front_of_flask_and_through_flask_the_answer_is_the_same(
    app: Flask, method: str, query: str, body: bytes, token: str
) -> None:
    told: list[tuple[str, list[tuple[str, str]], bytes]] = []
    for serve in (app.wsgi_app, partial(Flask.wsgi_app, app)):
        environ = EnvironBuilder(
            path="/ussd/africastalking",
            method=method,
            query_string=query,
            data=body if method == "POST" else None,
            content_type="application/x-www-form-urlencoded" if method == "POST" else None,
            headers=Headers({"X-Ghanti-Token": token} if token else {}),
        ).get_environ()
        content, status, headers = run_wsgi_app(serve, environ)
        told.append((status[:3], sorted(headers.items()), b"".join(content)))
    assert told[0] == told[1]


def test_records_that_are_away_are_told_and_callers_are_served_without_them(app: Flask, client: FlaskClient) -> None:
    africastalking(client, "")
    assert "Which service?" in africastalking(client, "2")
    ready = client.get("/readyz")
    assert ready.status_code == 200 and ready.json is not None
    assert any("python -m records migrate" in told for told in ready.json["degraded"])
    migrate(app.extensions["ghanti"].database)
    healed = client.get("/readyz")
    assert healed.json is not None and not any("ecords" in told for told in healed.json["degraded"])
