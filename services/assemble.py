"""Opening every room with its settings."""

from collections.abc import Callable, Iterable

from flows.operations.registry import Room, collect
from services.bbps import Bills
from services.billers import Billers
from services.catalogue import Catalogue
from services.configuration import ServiceSettings
from services.csc import Centres
from services.http import Upstream
from services.lpg import Lpg
from services.mandi import Mandi
from services.perform import Services
from services.places import Places
from services.post import PostOffices
from services.umang import UmangDepartment
from services.weather import Weather


def assemble(
    settings: ServiceSettings, more: Iterable[Room] = (), checks: Iterable[Callable[[], str]] = ()
) -> Services:
    """All services, and whatever other rooms offer (operations about the caller) and say of themselves (`checks`).

    Files and upstreams that are missing do not stop it: their operations are unavailable until they are there, and
    `Services.problems` says why. Raises Malformed for a broken data file, OperationRefused for a wrong operation.
    """
    places = Places(settings.places)
    centres = Centres(settings.centres, places, reach_km=settings.csc_reach_km, most=settings.csc_most)
    billers = Billers(settings.billers)
    lpg, bbps = Upstream(settings.lpg), Upstream(settings.bbps)
    mandi, weather, warnings = Upstream(settings.mandi), Upstream(settings.weather), Upstream(settings.warnings)
    bills = Bills(
        bbps,
        settings.bbps.key,
        billers.bbps_ids,
        poll_seconds=settings.bbps_poll_seconds,
        pay_number=settings.pay_number,
    )
    rooms: tuple[Room, ...] = (
        PostOffices(places),
        centres,
        Lpg(UmangDepartment(lpg, "lpg", settings.lpg.key, settings.umang)),
        billers,
        bills,
        Mandi(mandi, settings.mandi.key, places),
        Weather(weather, warnings, places, reach_km=settings.weather_reach_km),
        Catalogue(settings.catalogue),
        *more,
    )
    upstreams = (lpg, bbps, mandi, weather, warnings)
    ours = (places.problem, centres.problem, *(each.problem for each in upstreams))
    return Services(collect(rooms), checks=(*ours, *checks))
