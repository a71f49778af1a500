"""Whoever knocks shows who they are: every address of ours but a few named ones refuses a stranger."""

import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

import app as the_app
import sms.gateways
import ussd.gateways

DOORS = {"ussd": ussd.gateways, "sms": sms.gateways}
OPEN = {"/healthz", "/readyz", "/static/<path:filename>", "/stats", "/stats.json"}
"""Addresses that anybody may read: they show nothing about any person."""
STRANGER = {
    "sessionId": "house-1",
    "SessionID": "house-1",
    "sessionID": "house-1",
    "phoneNumber": "+919876543210",
    "MSISDN": "919876543210",
    "msisdn": "919876543210",
    "serviceCode": "*123#",
    "input": "123",
    "text": "",
    "userid": "nobody",
    "password": "nothing",
    "token": "wrong",
}
"""What any gateway may say, with a token that is not ours."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder: Path = tmp_path_factory.mktemp("var")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
        patch.setenv("GHANTI_VAR_DIR", str(folder))
        patch.setenv("GHANTI_PUBLIC_URL", "https://ghanti.example")
        patch.setenv("GHANTI_SMS_GATEWAYS", "sandbox,kannel,exotel,twilio")
        for name in ("KANNEL", "EXOTEL", "TWILIO"):
            patch.setenv(f"GHANTI_{name}_URL", "http://127.0.0.1:1")
            for part in ("SENDER", "USER", "PASSWORD"):
                patch.setenv(f"GHANTI_{name}_{part}", "house")
        return the_app.create_app()


def _gateways(door: str) -> list[str]:
    return [module.name for module in pkgutil.iter_modules(DOORS[door].__path__)]


def _addresses(app: Flask) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        if rule.rule in OPEN:
            continue
        door = re.match(r"^/(\w+)/<gateway>", rule.rule)
        for name in _gateways(door[1]) if door else [""]:
            url = rule.rule.replace("<gateway>", name)
            assert "<" not in url, f"{rule.rule}: teach this test what to put in its place"
            yield from ((method, url) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))


@pytest.mark.parametrize("door", DOORS)
def test_every_gateway_is_among_the_addresses(app: Flask, door: str) -> None:
    assert len(_gateways(door)) >= 3
    reached = {url.split("/")[2] for _, url in _addresses(app) if url.startswith(f"/{door}/")}
    assert set(_gateways(door)) <= reached


@pytest.mark.parametrize("shape", ["query", "form", "json", "nothing"])
def test_a_stranger_is_refused_everywhere_else(app: Flask, shape: str) -> None:
    caller = app.test_client()
    for method, url in _addresses(app):
        sent = {
            "query": {"query_string": STRANGER},
            "form": {"data": STRANGER},
            "json": {"json": STRANGER},
            "nothing": {},
        }[shape]
        answer = caller.open(url, method=method, **sent)  # type: ignore[arg-type]
        assert answer.status_code in {401, 403, 405, 415}, f"{method} {url} let a stranger in: {answer.status_code}"


def test_the_open_addresses_are_there(app: Flask) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules()}
    assert {"/healthz", "/readyz"} <= rules
