"""Reads and checks what gateways send, the same way for each; what is wrong becomes one plain sentence.

Everything here raises `Unfit`, which a gateway's `parse` turns into `Refused`. The sentences name fields, never values.
"""

import hmac
import json
import re
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_to_bytes

from wire.numbers import msisdn
from wire.webhook import Refused, WireRequest

MAX_BODY = 16 * 1024
"""Bytes of a body or a query string that are read at most; a turn has less than one kilobyte."""
MAX_FIELDS = 40

TOO_LONG = Refused(413, "The request is larger than 16 KB. Send only the fields of one turn.")
_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"
_UNTYPABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Unfit(Exception):
    """A webhook that cannot be answered; `refused` says why."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.refused = Refused(status, sentence)


def too_long(content_length: int | None) -> Refused | None:
    """The refusal of a body by its declared length, before it is read; None when it may be read.

    A body of unknown length may be read up to `MAX_BODY` + 1 bytes; `parse` then refuses it when it is longer.
    """
    return TOO_LONG if content_length is not None and content_length > MAX_BODY else None


def check_frame(request: WireRequest, methods: tuple[str, ...]) -> None:
    """Refuses an unknown method and what is too large."""
    if request.method not in methods:
        raise Unfit(405, f"Send this by {' or '.join(methods)}.")
    if len(request.body) > MAX_BODY or len(request.query) > MAX_BODY:
        raise Unfit(TOO_LONG.status, TOO_LONG.sentence)


def query_fields(request: WireRequest) -> dict[str, str]:
    """The fields of the query string (a WSGI server gives it as Latin-1: PEP 3333, "Unicode Issues")."""
    query = request.query
    try:
        if request.method == "POST" and query.isascii():
            return _query_of_post(query)
        return _fields(query if query.isascii() else query.encode("latin-1").decode())
    except UnicodeError:
        raise Unfit(400, "The fields are not UTF-8. Percent-encode them as UTF-8.") from None


@lru_cache(maxsize=64)
def _query_of_post(query: str) -> dict[str, str]:
    """The query of a POST, which says nothing of the caller and is the same each time: `token=…`."""
    return _fields(query)


def form_fields(request: WireRequest) -> dict[str, str]:
    """The fields of a form body (WHATWG URL Standard, section 5.1)."""
    _check_type(request, _FORM)
    try:
        return _fields(request.body.decode())
    except UnicodeError:
        raise Unfit(400, "The fields are not UTF-8. Percent-encode them as UTF-8.") from None


def json_fields(request: WireRequest) -> dict[str, Any]:
    """The members of a JSON object."""
    _check_type(request, _JSON)
    try:
        members = json.loads(request.body.decode(), object_pairs_hook=_once)
    except UnicodeError:
        raise Unfit(400, "The body is not UTF-8. Send the JSON in UTF-8.") from None
    except (ValueError, RecursionError):
        raise Unfit(400, "The body is not JSON. Send one JSON object.") from None
    if not isinstance(members, dict):
        raise Unfit(400, "The body is not a JSON object. Send one JSON object.")
    return members


def _check_type(request: WireRequest, wanted: str) -> None:
    sent = request.content_type
    # Some gateways name no type at all; what they send is then judged by its fields.
    if sent and sent != wanted and sent.partition(";")[0].strip().lower() != wanted:
        raise Unfit(415, f"Send the fields as {wanted}.")


def _fields(raw: str) -> dict[str, str]:
    # urllib's parse_qsl does the same in four times the time, and this is on the path of every turn.
    if raw.count("&") >= MAX_FIELDS:
        raise Unfit(400, f"There are more than {MAX_FIELDS} fields. Send only the fields of one turn.")
    pairs = []
    for part in raw.replace("+", " ").split("&"):
        name, _, value = part.partition("=")
        if "%" in value:
            value = _unquoted(value)
        if "%" in name:
            name = _unquoted(name)
        if part:
            pairs.append((name, value))
    return _once(pairs)


def _unquoted(text: str) -> str:
    # What a keypad types is nearly all there ever is; anything else goes the whole way.
    text = text.replace("%2A", "*").replace("%23", "#").replace("%2B", "+")
    return unquote_to_bytes(text).decode() if "%" in text else text


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    # Airtel was seen to send several fields without a name (vumi, pull request 559): those say nothing twice.
    if len(fields) != len(pairs) and len(fields.keys() - {""}) != sum(1 for name, _ in pairs if name):
        raise Unfit(400, "A field came twice. Send each field once.")
    return fields


def check_token(request: WireRequest, query: dict[str, str], token: str) -> None:
    """Refuses whoever does not show this token, as `?token=` or in the header X-Ghanti-Token."""
    shown = query.get("token") or request.header("X-Ghanti-Token") or ""
    if not same(shown, token):
        raise Unfit(403, "The token is missing or wrong. Send it as ?token= or in the header X-Ghanti-Token.")


def same(shown: str, secret: str) -> bool:
    """Whether what was shown is the secret, in a time that does not tell how much is right; an empty one never is."""
    return hmac.compare_digest(shown.encode(errors="replace"), secret.encode()) and secret != ""


def given(fields: dict[str, Any], name: str, wanted: str) -> str:
    """A field that must be there, as text; `wanted` tells what to send."""
    value = fields.get(name)
    if value is None:
        raise Unfit(400, f"The field {name} is missing. {wanted}")
    if not isinstance(value, str):
        raise Unfit(400, f"The field {name} is not text. {wanted}")
    return value


def caller(fields: dict[str, Any], name: str, wanted: str) -> str:
    """The caller's number in E.164."""
    number = msisdn(given(fields, name, wanted))
    if number is None:
        raise Unfit(400, f"The field {name} must be a valid Indian number: +91 and ten digits.")
    return number


def typed(fields: dict[str, Any], name: str, wanted: str) -> str:
    """What the caller typed, as it came."""
    text = given(fields, name, wanted)
    if not text.isprintable() and _UNTYPABLE.search(text):
        raise Unfit(400, f"The field {name} holds characters that no phone can type.")
    return text
