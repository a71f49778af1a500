import bz2
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from services import build_places
from services.assemble import assemble
from services.configuration import ServiceSettings, UpstreamSettings
from services.perform import Services
from services.places import Places
from services.sandbox.server import create_sandbox, running

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="session")
def real_places(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All post offices of India: as `make setup` built them, else built here."""
    built = ServiceSettings().places
    if build_places.current(built):
        return built
    path = tmp_path_factory.mktemp("places") / "places.sqlite"
    build_places.build(path)
    return path


@pytest.fixture
def source(tmp_path: Path) -> Callable[[list[dict[str, object]]], Path]:
    """Writes a directory of post offices as the package has it."""

    def write(lines: list[dict[str, object]]) -> Path:
        path = tmp_path / "pins.json.bz2"
        path.write_bytes(bz2.compress("".join(json.dumps(each) + "\n" for each in lines).encode()))
        return path

    return write


@pytest.fixture
def places(tmp_path: Path, source: Callable[[list[dict[str, object]]], Path]) -> Callable[..., Path]:
    """Builds a places file from lines of `line`."""

    def build(*lines: dict[str, object]) -> Path:
        path = tmp_path / "places.sqlite"
        build_places.build(path, source(list(lines)))
        return path

    return build


@pytest.fixture(scope="session")
def sandbox() -> Iterator[str]:
    """A sandbox on a loopback port; its bills are ready at once, what hangs hangs half a second."""
    with running(create_sandbox(bill_seconds=(0.0, 0.0), hang_seconds=0.5, today=lambda: TODAY)) as url:
        yield url


@pytest.fixture
def settings(sandbox: str, real_places: Path, tmp_path: Path) -> ServiceSettings:
    """Everything asked of the sandbox; no centres imported."""

    def upstream(name: str) -> UpstreamSettings:
        return UpstreamSettings(name, base_url=sandbox)

    return replace(
        ServiceSettings(),
        places=real_places,
        centres=tmp_path / "centres.sqlite",
        lpg=upstream("lpg"),
        bbps=upstream("bbps"),
        mandi=upstream("mandi"),
        weather=upstream("weather"),
        warnings=upstream("weather warnings"),
        bbps_poll_seconds=0.01,
    )


@pytest.fixture
def services(settings: ServiceSettings) -> Services:
    return assemble(settings)


@pytest.fixture
def places_of(places: Callable[..., Path]) -> Callable[..., Places]:
    return lambda *lines: Places(places(*lines))
