"""The settings of USSD: how gateways show who they are, and how long an answer may take.

`settings.Settings` adds these to its own, as it does with `department_settings.py`.
"""

from collections.abc import Iterator

from pydantic import SecretStr
from pydantic_settings import BaseSettings

from department_settings import PREFIX, documented

LOCAL_TOKEN = "local"
"""The token that is good for trying things out, and refused in production."""


class UssdSettings(BaseSettings):
    """What is agreed with USSD gateways."""

    service_code: str = documented(
        "*123#", "", "The USSD code that callers dial, as prompts name it. A placeholder: production must set it."
    )
    ussd_token: SecretStr = documented(
        SecretStr(LOCAL_TOKEN), "", "What a USSD gateway shows as `?token=` or as a header. Production refuses `local`."
    )
    comviva_userid: str = documented(
        "", "", "The `userid` that Comviva Flares sends; empty: it shows the token instead."
    )
    comviva_password: SecretStr = documented(SecretStr(""), "", "The `password` that Comviva Flares sends.")
    ussd_answer_s: float = documented(
        2.0, "seconds", "The longest that a USSD answer may take; then the caller is told 'checking'.", gt=0, le=10
    )

    def ussd_problems(self) -> Iterator[str]:
        """What is wrong when these are taken together, one sentence each, without the full stop."""
        if bool(self.comviva_userid) != bool(self.comviva_password.get_secret_value()):
            yield f"{PREFIX}COMVIVA_USERID and {PREFIX}COMVIVA_PASSWORD are set together or not at all"

    def ussd_in_production(self) -> Iterator[str]:
        """What production refuses."""
        for name in ("ussd_token", "comviva_password"):
            value = getattr(self, name).get_secret_value()
            if value == LOCAL_TOKEN or (name == "ussd_token" and len(value) < 16):
                yield f"{PREFIX}{name.upper()} must be a secret of 16 characters or more, not a word anybody knows"
