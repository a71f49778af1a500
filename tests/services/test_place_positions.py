import pytest

from services.distance import kilometres
from services.place_positions import believed, middle, read


@pytest.mark.parametrize(
    ("latitude", "longitude", "position"),
    [
        (20.7, 78.6, (20.7, 78.6)),
        (78.6, 20.7, (20.7, 78.6)),
        (21, 78, (21.0, 78.0)),
        ("18.856818°", "79.462604°", (18.856818, 79.462604)),
        ("28.430354° N", "77.358526° E", (28.430354, 77.358526)),
        ("25.43 N", "85.29 E", (25.43, 85.29)),
        (None, 78.6, None),
        (20.7, None, None),
        (1.0, 1.0, None),
        (39.5, 58.6, None),
        (38.1, 78.0, None),
        (37.9, 78.0, (37.9, 78.0)),
        (5.9, 78.0, None),
        (6.1, 78.0, (6.1, 78.0)),
        (20.0, 67.9, None),
        (20.0, 68.1, (20.0, 68.1)),
        (20.0, 98.1, None),
        (20.0, 97.9, (20.0, 97.9)),
        (20.7, 20.7, None),
        ("17°57'17.7", "78°35'48.3", None),
        ("28.4 32628", "94.28 28092", None),
        ("", "78.6", None),
    ],
)
def test_a_position_in_india_or_none(latitude: object, longitude: object, position: object) -> None:
    assert read(latitude, longitude) == position


def test_the_middle_is_not_moved_by_one_stray_office() -> None:
    assert middle([(20.0, 78.0), (20.1, 78.1), (9.0, 92.0)]) == (20.0, 78.1)


def near(pin: str, district: str, *offsets: float) -> list[tuple[str, str, tuple[float, float]]]:
    return [(pin, district, (20.0 + offset, 78.0)) for offset in offsets]


def test_a_pin_code_is_in_the_middle_of_its_offices() -> None:
    assert believed(near("442001", "Wardha", 0.0, 0.1, 0.2)) == {"442001": (20.1, 78.0)}


def test_a_pin_code_far_from_its_district_has_no_position() -> None:
    offices = near("442001", "Wardha", 0.0, 0.1, 0.2) + near("442002", "Wardha", 3.0)
    assert set(believed(offices)) == {"442001"}


def test_a_stray_office_does_not_move_its_pin_code() -> None:
    offices = near("442001", "Wardha", 0.0, 0.1, 0.2, 0.3) + near("442002", "Wardha", 0.1, 9.0, 9.0)
    assert believed(offices)["442002"] == (20.1, 78.0)


def test_a_pin_code_nearly_all_of_whose_offices_stray_has_no_position() -> None:
    offices = near("442001", "Wardha", 0.0, 0.1, 0.2, 0.3) + near("442002", "Wardha", 0.1, 9.0, 9.0, 9.0)
    assert set(believed(offices)) == {"442001"}


def test_offices_within_twenty_kilometres_are_always_believed() -> None:
    town = near("442001", "Wardha", 0.0, 0.0, 0.0)
    assert "442002" in believed(town + near("442002", "Wardha", 0.17))
    assert "442002" not in believed(town + near("442002", "Wardha", 0.19))


def test_a_district_that_is_wrong_as_a_whole_is_not_believed() -> None:
    wrong = near("283135", "Firozabad", -3.0, -3.1, -3.2)
    assert set(believed(near("283101", "Agra", 0.0, 0.1, 0.2, 0.3) + wrong)) == {"283101"}


def test_a_sorting_district_that_is_wrong_as_a_whole_is_not_believed() -> None:
    right = near("221701", "Ballia", 0.0, 0.1, 0.2, 0.3)
    wrong = near("276401", "Ballia", -3.0) + near("276001", "Azamgarh", -3.0, -3.1, -3.2)
    assert set(believed(right + wrong)) == {"221701", "276001"}


def test_a_sorting_district_reaches_at_least_sixty_kilometres() -> None:
    town = near("442001", "Wardha", 0.0, 0.0, 0.0)
    assert "442002" in believed(town + near("442002", "Nagpur", 0.5))
    assert "442002" not in believed(town + near("442002", "Nagpur", 0.6))


def test_a_district_reaches_four_times_as_far_as_its_offices_lie() -> None:
    # Half of the offices lie more than 0.3 degrees, 33 km, from the middle.
    spread = near("442001", "Wardha", *[-0.3] * 4, 0.0, 0.0, *[0.3] * 4)
    assert "442002" in believed(spread + near("442002", "Wardha", 1.19))
    assert "442002" not in believed(spread + near("442002", "Wardha", 1.21))


def test_a_wide_district_reaches_far_but_not_beyond_two_hundred_and_fifty_kilometres() -> None:
    wide = near("345001", "Jaisalmer", *[-1.2] * 4, 0.0, 0.0, *[1.2] * 4)
    assert "345002" in believed(wide + near("345002", "Jaisalmer", 2.2))
    assert "345002" not in believed(wide + near("345002", "Jaisalmer", 2.3))


def test_a_district_in_one_state_is_not_moved_by_its_namesake() -> None:
    namesake = [("176001", "Himachal Pradesh/Hamirpur", (31.7, 76.5))] * 3
    offices = [*namesake, ("210301", "Uttar Pradesh/Hamirpur", (25.9, 80.1))]
    assert set(believed(offices)) == {"176001", "210301"}


@pytest.mark.parametrize(
    ("here", "there", "km"),
    [
        ((28.6139, 77.2090), (19.0760, 72.8777), 1148.0),  # New Delhi to Mumbai
        ((0.0, 0.0), (1.0, 0.0), 111.195),
        ((0.0, 0.0), (0.0, 180.0), 20015.1),
        ((20.0, 78.0), (20.0, 78.0), 0.0),
    ],
)
def test_distances_on_the_earth(here: tuple[float, float], there: tuple[float, float], km: float) -> None:
    assert kilometres(*here, *there) == pytest.approx(km, rel=0.001)
    assert kilometres(*there, *here) == pytest.approx(km, rel=0.001)
