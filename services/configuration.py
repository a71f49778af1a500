"""Everything that can be configured about the services, as `app` hands it over from the settings."""

from dataclasses import dataclass, field
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_VAR = _HERE.parent / "var"
_DATA = _HERE / "data"

SANDBOX = "http://127.0.0.1:8001"
"""Where the sandbox of departments listens by default."""


@dataclass(frozen=True, slots=True)
class UpstreamSettings:
    """How one upstream is asked. Times in seconds, sizes in bytes.

    `real` is False for the sandbox: then every answer counts as made up, marked or not. An empty `base_url` makes the
    upstream unavailable. `key` is the upstream's secret in the form that its client documents.
    """

    name: str
    base_url: str = SANDBOX
    real: bool = False
    key: str = field(default="", repr=False)
    connect_seconds: float = 0.5
    answer_seconds: float = 10.0
    most_bytes: int = 1_000_000
    connections: int = 20
    breaker_failures: int = 5
    breaker_window: float = 30.0
    breaker_rest: float = 30.0


@dataclass(frozen=True, slots=True)
class UmangSettings:
    """The identity that an UMANG department API is asked with, beside its `x-api-key`; given with the access."""

    bearer: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    user: str = ""
    department: str = "0"
    service: str = "0"


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """Files, upstreams and limits of all services."""

    places: Path = _VAR / "places.sqlite"
    centres: Path = _VAR / "centres.sqlite"
    catalogue: Path = _DATA / "catalogue_demo.csv"
    billers: Path = _DATA / "billers_electricity.csv"
    csc_reach_km: int = 100
    """A centre farther away than this is not near."""
    csc_most: int = 5
    """Centres in one answer."""
    weather_reach_km: int = 150
    """A weather station farther away than this says nothing about a place."""
    lpg: UpstreamSettings = UpstreamSettings("lpg")
    umang: UmangSettings = UmangSettings()
    bbps: UpstreamSettings = UpstreamSettings("bbps")
    bbps_poll_seconds: float = 3.0
    """Between two looks at a bill that is being fetched; its provider asks for 2 to 5."""
    pay_number: str = "08045163666"
    """The UPI 123PAY number that a caller rings to pay a bill (NPCI)."""
    mandi: UpstreamSettings = UpstreamSettings("mandi")
    weather: UpstreamSettings = UpstreamSettings("weather")
    warnings: UpstreamSettings = UpstreamSettings("weather warnings")
