"""The settings of the services, picked out of the settings of everything."""

from pydantic import SecretStr

from services.configuration import ServiceSettings, UmangSettings, UpstreamSettings
from settings import Settings


def service_settings(settings: Settings) -> ServiceSettings:
    """The settings of the services, out of everybody's."""
    sandbox = f"http://127.0.0.1:{settings.sandbox_port}"

    def upstream(name: str, field: str) -> UpstreamSettings:
        key: SecretStr = getattr(settings, f"{field}_key")
        return UpstreamSettings(
            name,
            sandbox if settings.sandbox else getattr(settings, f"{field}_url"),
            real=not settings.sandbox,
            key=key.get_secret_value(),
            connect_seconds=settings.http_connect_s,
            answer_seconds=settings.http_answer_s,
            most_bytes=settings.http_bytes,
            connections=settings.http_connections,
            breaker_failures=settings.breaker_failures,
            breaker_window=settings.breaker_window_s,
            breaker_rest=settings.breaker_rest_s,
        )

    return ServiceSettings(
        places=settings.places_file,
        centres=settings.centres_file,
        catalogue=settings.catalogue_file,
        billers=settings.billers_file,
        csc_reach_km=settings.csc_reach_km,
        csc_most=settings.csc_most,
        weather_reach_km=settings.weather_reach_km,
        lpg=upstream("lpg", "lpg"),
        umang=UmangSettings(
            settings.umang_bearer.get_secret_value(),
            settings.umang_token.get_secret_value(),
            settings.umang_user,
            settings.umang_department,
            settings.umang_service,
        ),
        bbps=upstream("bbps", "bbps"),
        bbps_poll_seconds=settings.late_poll_s,
        pay_number=settings.pay_number,
        mandi=upstream("mandi", "mandi"),
        weather=upstream("weather", "weather"),
        warnings=upstream("weather warnings", "warnings"),
    )
