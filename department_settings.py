"""The settings of what Ghanti asks: its own data, and the departments behind their addresses and keys.

`settings.Settings` adds these to its own; this file stands apart so that both stay small enough to read.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

ROOT = Path(__file__).resolve().parent
PREFIX = "GHANTI_"


def documented(default: Any, unit: str, description: str, **limits: Any) -> Any:
    """A setting with its default, its unit ("" for none) and the sentence that docs/settings.md gives it."""
    return Field(default, description=description, json_schema_extra={"unit": unit}, **limits)


class DepartmentSettings(BaseSettings):
    """Files of our own, then one address and one key a department, then how long any of them may take."""

    places_file: Path = documented(
        ROOT / "var/places.sqlite", "file", "The post offices of India, built by `make setup`."
    )
    centres_file: Path = documented(
        ROOT / "var/centres.sqlite", "file", "The centres that an operator imported; a labelled demo until then."
    )
    catalogue_file: Path = documented(
        ROOT / "services/data/catalogue_demo.csv", "file", "The catalogue of services by level, department and state."
    )
    billers_file: Path = documented(
        ROOT / "services/data/billers_electricity.csv", "file", "The electricity billers that a caller may choose."
    )
    csc_reach_km: int = documented(100, "kilometres", "A centre farther away than this is not near.", ge=1)
    csc_most: int = documented(5, "centres", "The most centres in one answer.", ge=1, le=9)
    weather_reach_km: int = documented(150, "kilometres", "A station farther away says nothing about a place.", ge=1)
    pay_number: str = documented(
        "08045163666", "", "The number of UPI 123PAY that a caller rings to pay a bill (National Payments Corporation)."
    )

    sandbox: bool = documented(
        True, "", "Ask the sandbox of departments (made-up answers, and callers are told so). Production must say 0."
    )
    sandbox_port: int = documented(8001, "port", "The port of that sandbox, on 127.0.0.1.", ge=1, le=65535)
    lpg_url: str = documented("", "URL", "Where LPG refills are booked; empty: that service is unavailable.")
    lpg_key: SecretStr = documented(SecretStr(""), "", "The key for it.")
    umang_bearer: SecretStr = documented(SecretStr(""), "", "The bearer that UMANG's department APIs are asked with.")
    umang_token: SecretStr = documented(SecretStr(""), "", "Their `tkn`.")
    umang_user: str = documented("", "", "Their `usrid`.")
    umang_department: str = documented("0", "", "Their `deptid`.")
    umang_service: str = documented("0", "", "Their `srvid`.")
    bbps_url: str = documented("", "URL", "Where bills are fetched (Bharat Bill Payment System); empty: unavailable.")
    bbps_key: SecretStr = documented(SecretStr(""), "", "The key for it.")
    mandi_url: str = documented("", "URL", "Where mandi prices are asked (data.gov.in); empty: unavailable.")
    mandi_key: SecretStr = documented(SecretStr(""), "", "The key for it.")
    weather_url: str = documented("", "URL", "Where forecasts are asked (India Meteorological Department).")
    weather_key: SecretStr = documented(SecretStr(""), "", "The key for it.")
    warnings_url: str = documented("", "URL", "Where weather warnings are asked (the same department).")
    warnings_key: SecretStr = documented(SecretStr(""), "", "The key for it.")

    http_connect_s: float = documented(0.5, "seconds", "The longest that connecting to a department may take.", gt=0)
    http_answer_s: float = documented(10.0, "seconds", "The longest that one answer of a department may take.", gt=0)
    http_connections: int = documented(20, "connections", "The most at once to one department, a process.", ge=1)
    http_bytes: int = documented(1_000_000, "bytes", "The longest answer that is read.", ge=1024)
    breaker_failures: int = documented(
        5, "failures", "So many within the window, and a department is left alone.", ge=1
    )
    breaker_window_s: float = documented(30.0, "seconds", "How long a failure counts.", gt=0)
    breaker_rest_s: float = documented(30.0, "seconds", "How long a department is left alone before one try.", gt=0)
    late_poll_s: float = documented(
        3.0, "seconds", "The time between two looks at a slow service (BBPS: 2 to 5).", gt=0
    )

    def department_problems(self) -> Iterator[str]:
        """What is wrong with the departments' settings, one sentence each, without the full stop."""
        for name in (name for name in DepartmentSettings.model_fields if name.endswith("_url")):
            url: str = getattr(self, name)
            if url and not url.startswith(("https://", "http://127.0.0.1", "http://localhost", "http://[::1]")):
                yield f"{PREFIX}{name.upper()} must begin with https://"
