"""Whether a webhook is signed by the provider: Twilio's way, Telnyx's way, Plivo's way.

None has a time limit of its own: what is replayed or late changes nothing, because the door knows each call's turn and
each status's order.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from twilio.request_validator import SIGNATURE_SETTINGS_HEADER, RequestValidator, get_signature_algorithm

from wire.fields import Unfit
from wire.webhook import WireRequest

STRANGER = "The signature is missing or wrong. Sign the public address and the fields."


def check_twilio(request: WireRequest, header: str, address: str, fields: dict[str, str], key: str) -> None:
    """HMAC-SHA1, or SHA256 where the newer header says so, of the address and the sorted fields.

    twilio.com/docs/usage/security; the newer header: twilio.com/docs/usage/webhooks/webhook-rules.
    """
    algorithm = get_signature_algorithm(request.header(SIGNATURE_SETTINGS_HEADER))
    shown = request.header(header) or ""
    if not (key and RequestValidator(key).validate(address, fields, shown, algorithm)):
        raise Unfit(403, STRANGER)


def check_ed25519(request: WireRequest, header: str, key: str) -> None:
    """Ed25519 of `timestamp|body` by the provider's public key in base64 (developers.telnyx.com, webhook signing).

    It does not cover the address: `turn` and `task` are as good as the address that we gave out in secret.
    """
    signed = f"{request.header('telnyx-timestamp') or ''}|".encode(errors="replace") + request.body
    try:
        shown = base64.b64decode(request.header(header) or "", validate=True)
        Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True)).verify(shown, signed)
    except (binascii.Error, ValueError, InvalidSignature):
        raise Unfit(403, STRANGER) from None


def check_plivo(
    request: WireRequest, address: str, query: Mapping[str, str], fields: Mapping[str, str], key: str
) -> None:
    """HMAC-SHA256 of the address, its sorted query, the sorted fields of the form and a nonce, version 3.

    docs.plivo.com/docs/voice/concepts/signature-validation; where dots stand, which that page does not show in words,
    is as Plivo's own package has it (plivo 4.63.0, utils/signature_v3.py), with which the tests' signatures were made.
    Several signatures may be given, with commas between them: one for each auth token that is valid just now.
    """
    over = address + ("?" if query or fields else "") + "&".join(f"{name}={query[name]}" for name in sorted(query))
    over += ("." if query and fields else "") + "".join(name + fields[name] for name in sorted(fields))
    nonce = request.header("X-Plivo-Signature-V3-Nonce") or ""
    made = base64.b64encode(hmac.new(key.encode(), f"{over}.{nonce}".encode(errors="replace"), sha256).digest())
    shown = [
        one.strip().encode(errors="replace")
        for header in ("X-Plivo-Signature-V3", "X-Plivo-Signature-Ma-V3")
        for one in (request.header(header) or "").split(",")
    ]
    if not (key and nonce and any([hmac.compare_digest(one, made) for one in shown])):
        raise Unfit(403, STRANGER)
