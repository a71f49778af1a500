"""Twilio and what is compatible with it: how the same dialect differs from provider to provider.

`twilio`: twilio.com/docs/voice/api/call-resource. `signalwire`: developer.signalwire.com/compatibility-api (its
signature: …/guides/webhook-security). `telnyx`: developers.telnyx.com, "Initiate an outbound call" of TeXML, its
callbacks, and the page "TeXML and TwiML compatibility". Tried with a real account: none of them. Not confirmed: that
SignalWire and Telnyx take Twilio's names of voices (so they are only given clips), that Telnyx's answer names the call.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from ivr.gateways import Capabilities
from ivr.twiml import Style

# twilio.com/docs/voice/twiml/say/text-speech: Google's standard voices; there is none for as, or and ur.
_VOICES = MappingProxyType(
    {
        tag: MappingProxyType({"voice": f"Google.{tag}-IN-Standard-A", "language": f"{tag}-IN"})
        for tag in ("bn", "en", "gu", "hi", "kn", "ml", "mr", "pa", "ta", "te")
    }
)


@dataclass(frozen=True, slots=True)
class Profile:
    """One provider. `calls`: the path of its Calls resource, with `{user}`.

    `signature` is the header that shows who sends a webhook; `signed_by` the field of the account that holds the key.
    With `bearer` REST wants the password alone and JSON instead of a form; `needs_app`: it wants `Account.app` too.
    """

    calls: str
    signature: str
    signed_by: str
    style: Style
    capabilities: Capabilities
    bearer: bool = False
    ed25519: bool = False
    needs_app: bool = False
    ring_at_least: int = 1
    talk_at_least: int = 1


_ALL = Capabilities(
    reject=True,
    call_out=True,
    queue=True,
    conference=True,
    whisper=True,
    machine_detection=True,
    speaks=tuple(_VOICES),
)

PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        "twilio": Profile(
            calls="/2010-04-01/Accounts/{user}/Calls.json",
            signature="X-Twilio-Signature",
            signed_by="password",
            style=Style(voices=_VOICES),
            capabilities=_ALL,
        ),
        "signalwire": Profile(
            calls="/api/laml/2010-04-01/Accounts/{user}/Calls.json",
            signature="X-SignalWire-Signature",
            signed_by="token",
            style=Style(),
            capabilities=replace(_ALL, speaks=()),
        ),
        "telnyx": Profile(
            calls="/v2/texml/Accounts/{user}/Calls",
            signature="telnyx-signature-ed25519",
            signed_by="token",
            style=Style(asks_on_silence=False),
            capabilities=replace(_ALL, whisper=False, speaks=()),
            bearer=True,
            ed25519=True,
            needs_app=True,
            ring_at_least=5,
            talk_at_least=30,
        ),
    }
)
"""The profiles by the name that settings give; "" is `twilio`."""
