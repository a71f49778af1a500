"""Distances on the Earth, in kilometres, between (latitude, longitude) pairs in degrees."""

from math import asin, cos, radians, sin, sqrt

KM_A_DEGREE = 111.195
"""One degree of latitude, on a sphere of 6,371 km."""


def kilometres(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """The great-circle distance (the haversine formula)."""
    here, there = radians(latitude), radians(other_latitude)
    north, east = sin((there - here) / 2), sin(radians(other_longitude - longitude) / 2)
    return 12742.0 * asin(min(1.0, sqrt(north * north + cos(here) * cos(there) * east * east)))
