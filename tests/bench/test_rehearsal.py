from itertools import count

import pytest

from bench.rehearsal import fault_of, rehearse
from flows.engine.values import Name
from services.post import Delivery, Office, OfficeKind
from tests.bench.tiny_server import server


def office(name: str, district: str) -> Office:
    return Office("1", Name(name), OfficeKind.branch, Delivery.yes, Name(district))


OFFICES = (office("Mohan", "Bokaro"), office("Mohanpur", "Dumka"))
MENU = b"CON Post offices for 814133:\n1 Mohanpur\n2 Mohan"
END = b"END Mohanpur, branch office. Delivers: yes. District Dumka."


def test_the_details_of_the_office_that_the_menu_names_first_are_right() -> None:
    assert fault_of("814133", OFFICES, (b"CON 1", MENU, END)) == ""


@pytest.mark.parametrize(
    ("bodies", "fault"),
    [
        ((b"END 1", MENU, END), "it ended too early"),
        ((b"CON 1", MENU, b"CON" + END[3:]), "the last turn neither ends it nor offers the answer by SMS"),
        ((b"CON 1", MENU.replace(b"814133", b"814134"), END), "the menu does not say which PIN code it is about"),
        ((b"CON 1", b"CON Post offices for 814133:", END), "the menu shows none of its post offices"),
        ((b"CON 1", MENU, b"END Mohan, branch office. District Dumka."), "the result is not about Mohanpur"),
        ((b"CON 1", MENU, b"END Mohanpur, branch office. District Bokaro."), "the result is not about Mohanpur"),
    ],
)
def test_screens_that_are_not_about_this_pin_codes_office_are_found_out(bodies: tuple[bytes, ...], fault: str) -> None:
    assert fault_of("814133", OFFICES, bodies) == fault


SCREENS = (b"CON 1", b"CON 2", b"CON 3", MENU, END)


def test_a_rehearsal_gives_the_answers_of_every_turn() -> None:
    turns = count()
    with server(lambda path: (200, SCREENS[next(turns) % 5])) as port:
        assert rehearse(port, {"814133": OFFICES}, count(1), judged=True) == {"814133": SCREENS}


def test_two_callers_with_the_same_inputs_must_see_the_same() -> None:
    turns = count()
    with server(lambda path: (200, b"%d" % next(turns))) as port, pytest.raises(RuntimeError, match="differently"):
        rehearse(port, {"814133": OFFICES}, count(1), judged=False)


@pytest.mark.parametrize("judged", [True, False])
def test_only_the_floor_may_answer_without_post_offices(judged: bool) -> None:
    with server(lambda path: (200, b"CON")) as port:
        if judged:
            with pytest.raises(RuntimeError, match="814133"):
                rehearse(port, {"814133": OFFICES}, count(1), judged)
        else:
            assert rehearse(port, {"814133": OFFICES}, count(1), judged) == {"814133": (b"CON",) * 5}
