"""The settings of SMS: the gateways in the order in which they are asked, and what is agreed with each.

`settings.Settings` adds these to its own, as it does with `department_settings.py`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode

from department_settings import PREFIX, ROOT, documented

SmsGateway = Literal["sandbox", "kannel", "exotel", "twilio"]


class SmsSettings(BaseSettings):
    """Who carries SMS, and how we show them who we are, and they us."""

    sms_gateways: Annotated[tuple[SmsGateway, ...], NoDecode] = documented(
        ("sandbox",),
        "",
        "Who carries SMS: `sandbox`, `kannel`, `exotel`, `twilio`; the first is asked first, the next when it fails.",
    )
    sms_token: SecretStr = documented(
        SecretStr("local"), "", "What an SMS gateway's webhooks show as `?token=`. Production refuses `local`."
    )
    sms_templates: Path = documented(
        ROOT / "sms/templates", "folder", "The DLT templates with their ids, one file a language."
    )
    sms_silence_s: int = documented(
        21600, "seconds", "How long after a text the next one still answers it; later it begins anew.", ge=60
    )
    public_url: str = documented(
        "", "URL", "Our own address as gateways see it, `https://…`; empty: this machine's, for trying things out."
    )
    kannel_url: str = documented("", "URL", "Where Kannel's smsbox takes texts, `http://127.0.0.1:13013`.")
    kannel_sender: str = documented("", "", "The DLT header that Kannel sends as.")
    kannel_user: str = documented("", "", "Kannel's `sendsms-user`.")
    kannel_password: SecretStr = documented(SecretStr(""), "", "Its password.")
    exotel_url: str = documented("", "URL", "Exotel's account address, `https://api.in.exotel.com/v1/Accounts/SID`.")
    exotel_sender: str = documented("", "", "The DLT header or ExoPhone that Exotel sends as.")
    exotel_user: str = documented("", "", "Exotel's API key.")
    exotel_password: SecretStr = documented(SecretStr(""), "", "Exotel's API token.")
    twilio_url: str = documented("https://api.twilio.com", "URL", "Where Twilio's REST API is.")
    twilio_sender: str = documented("", "", "The number, or Messaging Service, that Twilio sends as.")
    twilio_user: str = documented("", "", "Twilio's account SID.")
    twilio_password: SecretStr = documented(SecretStr(""), "", "Twilio's auth token; it signs webhooks too.")

    @field_validator("sms_gateways", mode="before")
    @classmethod
    def _split_gateways(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    def sms_problems(self) -> Iterator[str]:
        """What is wrong with the gateways, one sentence each, without the full stop."""
        if not self.sms_gateways:
            yield f"{PREFIX}SMS_GATEWAYS names no gateway"
        for name in self.sms_gateways:
            if name == "sandbox":
                continue
            for part in ("url", "sender", "user", "password"):
                value = getattr(self, f"{name}_{part}")
                if not (value.get_secret_value() if isinstance(value, SecretStr) else value):
                    yield f"{PREFIX}{name.upper()}_{part.upper()} is not set, and {PREFIX}SMS_GATEWAYS names {name}"
        if "sandbox" not in self.sms_gateways and not self.public_url.startswith("https://"):
            yield f"{PREFIX}PUBLIC_URL must be an https:// address, where gateways bring their reports"

    def sms_in_production(self) -> Iterator[str]:
        """What production refuses."""
        if "sandbox" in self.sms_gateways:
            yield f"{PREFIX}SMS_GATEWAYS names the sandbox, which reaches no phone"
        if len(self.sms_token.get_secret_value()) < 16:
            yield f"{PREFIX}SMS_TOKEN must be a secret of 16 characters or more"
