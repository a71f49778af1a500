"""Screens: within the budget, complete, and cut where a reader does not stumble, in every script."""

from typing import Any

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from ussd.screen import Budget, Width, pages, width

BUDGET = Budget()
MORE, BACK, HOME, PERSON = "01 More", "0 Back", "00 Home", "09 Helpline"
VIRAMAS = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d"
SCRIPTS = {
    "Devanagari": "क्षत्रिय",
    "Bengali": "ক্ষুদ্র",
    "Gurmukhi": "ਪ੍ਰਧਾਨ",
    "Gujarati": "ક્ષેત્ર",
    "Odia": "କ୍ଷେତ୍ର",
    "Tamil": "க்ஷேத்ர",
    "Telugu": "క్షేత్ర",
    "Kannada": "ಕ್ಷೇತ್ರ",
    "Malayalam": "ക്ഷേത്ര",
}


def screens(body: str, **changed: Any) -> tuple[str, ...]:
    return pages(body, **{"budget": BUDGET, "more": MORE, "required": (BACK,), "optional": (HOME, PERSON), **changed})


def bodies(shown: tuple[str, ...], more: str = MORE) -> list[str]:
    """What the pages say without their footers; the last page's footer begins with the required one."""
    *early, last = shown
    assert all(page.endswith(f"\n{more}") for page in early)
    body, newline, footer = last.rpartition("\n")
    assert newline and footer.startswith(BACK)
    return [*(page.removesuffix(f"\n{more}") for page in early), body]


def cuts(body: str, parts: list[str]) -> list[int]:
    """Where each part but the last ends in the body; fails when anything but white space was lost or repeated."""
    ends, position = [], 0
    for part in parts:
        start = body.index(part, position)
        assert not body[position:start].strip(" \r\n"), "text was lost between two pages"
        position = start + len(part)
        ends.append(position)
    assert not body[position:].strip(" \r\n"), "text was lost after the last page"
    return ends[:-1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Enter your 6-digit PIN code.", Width(28, 182)),
        ("{}", Width(4, 182)),
        ("₹ 20", Width(4, 80)),
        ("😀", Width(2, 80)),
    ],
)
def test_width_is_counted_in_the_encoding_that_the_text_forces(text: str, expected: Width) -> None:
    assert width(text, BUDGET) == expected


@pytest.mark.parametrize(("used", "fits"), [(0, True), (80, True), (81, False)])
def test_a_text_fits_up_to_the_limit(used: int, fits: bool) -> None:
    assert Width(used, 80).fits is fits


def test_a_short_text_is_one_screen_with_every_footer() -> None:
    assert screens("Enter your 6-digit PIN code.") == ("Enter your 6-digit PIN code.\n0 Back 00 Home 09 Helpline",)


def test_without_footers_the_text_stands_alone() -> None:
    assert screens("Goodbye.\n", required=(), optional=()) == ("Goodbye.",)


def test_footers_stand_alone_when_nothing_is_said() -> None:
    assert screens("") == ("0 Back 00 Home 09 Helpline",)


@pytest.mark.parametrize(
    ("length", "footer"),
    [
        (182 - 27, "0 Back 00 Home 09 Helpline"),
        (182 - 26, "0 Back 00 Home"),
        (182 - 15, "0 Back 00 Home"),
        (182 - 14, "0 Back"),
        (182 - 7, "0 Back"),
    ],
)
def test_optional_footers_are_added_in_order_while_there_is_room(length: int, footer: str) -> None:
    assert screens("x" * length) == (f"{'x' * length}\n{footer}",)


def test_a_footer_after_one_that_has_no_room_is_left_out_too() -> None:
    body = "x" * (182 - 7)
    assert screens(body, optional=(HOME, "9")) == (f"{body}\n0 Back",)


def test_the_required_footer_alone_forces_a_second_screen() -> None:
    assert len(screens("x " * 87 + "x")) == 1
    assert len(screens("x " * 88)) == 1
    assert len(screens("x " * 88 + "x")) == 2


def test_a_foreign_footer_makes_the_whole_screen_foreign() -> None:
    assert len(screens("x " * 40, required=("0 पीछे",), optional=())) == 2
    assert screens("x " * 40, optional=("00 शुरू",)) == (f"{('x ' * 40).strip()}\n0 Back",)


def test_options_of_a_long_menu_stay_whole_on_either_page() -> None:
    offices = ["Connaught Place", "Baroda House", "Constitution House", "Janpath", "Parliament House"]
    offices += ["Election Commission", "Supreme Court", "Patiala House", "Bengali Market"]
    body = "Post offices for 110001:\n" + "\n".join(f"{key} {name}" for key, name in enumerate(offices, 1))
    assert screens(body) == (
        "Post offices for 110001:\n1 Connaught Place\n2 Baroda House\n3 Constitution House\n4 Janpath\n"
        "5 Parliament House\n6 Election Commission\n7 Supreme Court\n8 Patiala House\n01 More",
        "9 Bengali Market\n0 Back 00 Home 09 Helpline",
    )


def test_hindi_pages_hold_80_units_with_their_footers() -> None:
    body = "110001 के डाकघर:\n1 कनॉट प्लेस\n2 बड़ौदा हाउस\n3 संविधान भवन\n4 जनपथ\n5 संसद भवन\n6 निर्वाचन आयोग"
    assert screens(body, more="01 आगे", required=("0 पीछे",), optional=("00 शुरू", "09 सहायता")) == (
        "110001 के डाकघर:\n1 कनॉट प्लेस\n2 बड़ौदा हाउस\n3 संविधान भवन\n4 जनपथ\n01 आगे",
        "5 संसद भवन\n6 निर्वाचन आयोग\n0 पीछे 00 शुरू 09 सहायता",
    )


def test_each_page_is_judged_alone() -> None:
    shown = screens("x" * 150 + "\n" + "क" * 60)
    assert [width(page, BUDGET).limit for page in shown] == [182, 80]
    assert len(shown) == 2


@pytest.mark.parametrize(
    ("letter", "room", "length", "between_lines"),
    [
        ("x", 182, 114, True),  # with the footer 122 of 182 septets
        ("x", 182, 113, False),
        ("क", 80, 46, True),  # with the footer 54 of 80 units
        ("क", 80, 45, False),
    ],
)
def test_a_page_is_cut_between_lines_when_that_wastes_at_most_a_third(
    letter: str, room: int, length: int, between_lines: bool
) -> None:
    first = letter * length
    page = bodies(screens(f"{first}\n{f'{letter} ' * 99}"))[0]
    assert (page == first) is between_lines
    assert between_lines or room - 2 <= len(page) + len(f"\n{MORE}") <= room


def test_a_sentence_does_not_move_whole_when_that_wastes_more() -> None:
    first = "x " * 50 + "x"
    shown = bodies(screens(f"{first}\n{'y ' * 60}y"))
    assert shown[0].startswith(f"{first}\ny y")


def test_an_option_moves_whole_even_when_that_leaves_a_short_page() -> None:
    option = "1 " + "y " * 70 + "y"
    assert bodies(screens(f"{'x ' * 50}x\n{option}\n2 z")) == [f"{'x ' * 50}x", f"{option}\n2 z"]


def test_the_last_option_moves_whole_when_it_fits_beside_the_last_footer() -> None:
    option = "1 " + "y " * 85 + "yyy"  # 175 septets: just room for the required footer
    assert bodies(screens(f"Choose:\n{option}")) == ["Choose:", option]


def test_the_last_option_is_cut_when_it_does_not_fit_beside_the_last_footer() -> None:
    option = "1 " + "y " * 86 + "yy"  # 176 septets
    assert bodies(screens(f"Choose:\n{option}"))[0].startswith("Choose:\n1 y")


def test_an_option_before_the_last_is_cut_when_it_does_not_fit_beside_more() -> None:
    option = "1 " + "y " * 85 + "yyy"  # 175 septets, and one less beside "01 More"
    assert bodies(screens(f"Choose:\n{option}\n2 z"))[0].startswith("Choose:\n1 y")
    option = "1 " + "y " * 85 + "yy"
    assert bodies(screens(f"Choose:\n{option}\n2 z"))[0] == "Choose:"


def test_the_number_of_an_option_stays_with_its_label() -> None:
    giant = "y" * 200
    assert bodies(screens(f"{'x ' * 50}x\n12 {giant}"))[0] == f"{'x ' * 50}x"
    assert bodies(screens(f"12 {giant}"))[0] == "12 " + "y" * (182 - 8 - 3)


def test_the_number_of_an_option_stays_with_the_first_cluster_of_its_label() -> None:
    small = Budget(septets=20, units=12)
    shown = pages("12 ക്ഷേക്ഷേക്ഷേ", small, more="1", required=(BACK,))
    assert bodies(shown, "1")[0] == "12 ക്ഷേ"


def test_the_number_of_an_option_stays_with_a_part_of_a_cluster_that_is_too_long() -> None:
    small = Budget(septets=20, units=8)
    shown = pages("12 ക്ഷേക്ഷേ", small, more="1", required=("0",))
    assert shown[0] == "12 ക്ഷ\n1"


def test_a_number_inside_a_sentence_may_end_a_page() -> None:
    assert bodies(screens("x " * 86 + "7 days of rain"))[0] == "x " * 86 + "7"


def test_white_space_at_a_cut_goes_and_elsewhere_stays() -> None:
    first = "a  b" + "x" * 150
    assert bodies(screens(f"  {first} \n\r\n  {'y ' * 30}\n")) == [first, ("y " * 30).strip()]


def test_a_blank_line_does_not_end_a_page() -> None:
    assert bodies(screens("x" * 150 + "\n\n" + "y" * 30)) == ["x" * 150, "y" * 30]


def test_a_word_longer_than_a_page_is_cut_between_clusters() -> None:
    shown = bodies(screens("नि" * 60, more="1"), "1")
    assert shown == ["नि" * 39, "नि" * 21]


def test_a_space_that_carries_a_mark_is_no_place_for_a_cut() -> None:
    shown = bodies(screens("x" * 78 + " \u0301" + "y" * 30, more=""), "")
    assert shown[0] == "x" * 78


@pytest.mark.parametrize("word", SCRIPTS.values(), ids=SCRIPTS.keys())
@pytest.mark.parametrize("offset", range(8))
def test_a_conjunct_stays_whole(word: str, offset: int) -> None:
    body = "x" * offset + word * 20
    for end in cuts(body, bodies(screens(body))):
        assert body[end - 1] not in VIRAMAS, body[end - 3 : end + 2]


@pytest.mark.parametrize("joiner", ["\u200c", "\u200d"], ids=["ZWNJ", "ZWJ"])
@pytest.mark.parametrize("offset", range(5))
def test_a_conjunct_with_a_joiner_stays_whole_and_keeps_it(joiner: str, offset: int) -> None:
    body = "x" * offset + f"ಕ್{joiner}ಷ" * 40
    parts = bodies(screens(body))
    assert "".join(parts) == body
    assert len(parts) > 1
    assert all(part[-1] not in VIRAMAS + joiner for part in parts)


def test_a_virama_at_the_end_of_a_word_does_not_bind_it_to_the_next() -> None:
    body = "தமிழ் " * 20
    assert all(part.endswith("தமிழ்") for part in bodies(screens(body)))


def test_a_cluster_longer_than_a_page_is_cut_but_not_after_a_virama() -> None:
    body = "क्" * 100
    parts = bodies(screens(body))
    assert "".join(parts) == body
    assert all(part.endswith("क") for part in parts[:-1])


def test_a_page_of_nothing_but_viramas_is_cut_somewhere() -> None:
    assert "".join(bodies(screens("क" + "\u094d" * 200))) == "क" + "\u094d" * 200


@pytest.mark.parametrize("changed", [{"more": "x" * 182}, {"required": ("x" * 182,)}])
def test_footers_that_leave_no_room_are_refused(changed: Any) -> None:
    with pytest.raises(ValueError, match="footers leave no room"):
        screens("y" * 200, **changed)


@pytest.mark.parametrize("body", ["x" * 25 + "\n" + "y" * 30, "x" * 25 + " " + "y" * 30, "x" * 60])
def test_a_gateway_may_hold_fewer_septets_than_twice_its_units(body: str) -> None:
    """Then a GSM-7 text can be too long where one foreign character more would make it fit."""
    small = Budget(septets=24, units=40)
    shown = pages(body, small, more="1", required=(BACK,))
    assert all(width(page, small).fits for page in shown)
    cuts(body, bodies(shown, "1"))


def test_a_page_may_fit_only_with_its_foreign_end() -> None:
    small = Budget(septets=24, units=40)
    body = "x" * 25 + "\n" + "क" * 12 + "\n" + "y" * 15
    assert bodies(pages(body, small, more="1", required=(BACK,)), "1") == ["x" * 25 + "\n" + "क" * 12, "y" * 15]


LETTERS = "".join(SCRIPTS.values()) + "abc 123\n\n  €{ñçΔ₹\u200c\u200d\u0301😀👩\u200d🌾🇮🇳اردو中"
SYLLABLES = regex.findall(r"\X", "".join(SCRIPTS.values()) + "abcéनिकीகுਸ਼ਾ€[😀")
texts = st.one_of(st.text(max_size=500), st.text(alphabet=LETTERS, max_size=500))
words = st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=9).map("".join)
sentences = st.lists(words, min_size=1, max_size=14).map(" ".join)
menus = st.tuples(sentences, st.lists(sentences, max_size=9)).map(
    lambda said: "\n".join([said[0], *(f"{key} {label}" for key, label in enumerate(said[1], 1))])
)
moderate = st.builds(Budget, septets=st.integers(40, 182), units=st.integers(24, 80))


@given(texts, moderate, st.sampled_from(["01 More", "01 आगे", "1"]))
@example("{" * 60 + "क", Budget(septets=100, units=80), "1")
def test_any_text_is_within_the_budget_and_complete(body: str, budget: Budget, more: str) -> None:
    shown = pages(body, budget, more=more, required=(BACK,), optional=(HOME, "09 सहायता"))
    assert all(width(page, budget).fits for page in shown)
    if body.strip(" \r\n"):
        cuts(body, bodies(shown, more))


@given(menus, moderate)
def test_a_menu_is_cut_between_words_or_whole_clusters(body: str, budget: Budget) -> None:
    clusters = {found.end() for found in regex.finditer(r"\X", body)}
    for end in cuts(body, bodies(pages(body, budget, more=MORE, required=(BACK,), optional=(HOME,)))):
        assert end in clusters
        assert body[end] in " \n" or body[end - 1] not in VIRAMAS
        assert not regex.search(r"(?m)^[0-9]+ *\Z", body[:end]), "cut behind an option's number"


@given(menus, moderate)
def test_an_option_that_one_page_can_hold_is_on_one_page(body: str, budget: Budget) -> None:
    parts = bodies(pages(body, budget, more=MORE, required=(BACK,), optional=(HOME,)))
    shown = "\n\n".join(parts).split("\n")
    lines = body.split("\n")
    for number, line in enumerate(lines):
        footer = MORE if number < len(lines) - 1 else BACK
        if line[:1].isdigit() and width(f"{line}\n{footer}", budget).fits:
            assert line in shown


@given(menus, moderate)
def test_no_page_is_empty(body: str, budget: Budget) -> None:
    assert all(part.strip() for part in bodies(pages(body, budget, more=MORE, required=(BACK,))))


@given(texts)
def test_joiners_are_never_stripped(body: str) -> None:
    shown = "".join(screens(body))
    assert [shown.count(joiner) for joiner in "\u200c\u200d"] == [body.count(joiner) for joiner in "\u200c\u200d"]
