"""Names are found by the letters or the keys that they begin with."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.engine.keypad import folded, keys_of, matches


def test_every_letter_stands_on_the_key_that_the_itu_gives_it() -> None:
    assert keys_of(string.ascii_lowercase) == "22233344455566677778889999"
    assert keys_of(string.ascii_uppercase) == keys_of(string.ascii_lowercase)


@pytest.mark.parametrize(
    ("word", "keys"),
    [
        ("PENSION", "7367466"),
        ("Sector 17", "73286717"),
        ("Café", "2233"),
        ("Śrī", "774"),
        ("डाक", ""),
        ("", ""),
        ("1*#", "1"),
    ],
)
def test_keys_of_a_word(word: str, keys: str) -> None:
    assert keys_of(word) == keys


@pytest.mark.parametrize(
    ("label", "typed"),
    [
        ("Connaught Place", "CON"),
        ("Connaught Place", "con"),
        ("Connaught Place", "pl"),
        ("Connaught Place", "connaughtpl"),
        ("Connaught Place", "connaught pl"),
        ("Connaught Place", "266"),
        ("Connaught Place", "75"),
        ("Connaught Place", "266628448752"),
        ("Kolhāpur", "kolhapur"),
        ("Kolhapur", "KOLHĀ"),
        ("Chennai G.P.O.", "gpo"),
        ("Chennai G.P.O.", "476"),
        ("Kothimir B.O", "bo"),
        ("B.R.Ambedkar Nagar", "ambed"),
        ("St.Marys", "mary"),
        ("Sector.A", "a"),
        ("Old Town (West)", "west"),
        ("Ganj-Basoda", "bas"),
        ("Sector 17", "17"),
        ("डाक घर", "घर"),
        ("डाक घर", "डाक"),
    ],
)
def test_what_begins_a_word_or_the_whole_label_matches(label: str, typed: str) -> None:
    assert matches(label, typed)


@pytest.mark.parametrize(
    ("label", "typed"),
    [
        ("Connaught Place", "onn"),
        ("Connaught Place", "lace"),
        ("Connaught Place", "placecon"),
        ("Connaught Place", "6662"),
        ("Connaught Place", "connaughtplaces"),
        ("Chennai G.P.O.", "po"),
        ("St.Marys", "tmarys"),
        ("डाक घर", "2"),
        ("", "a"),
    ],
)
def test_what_stands_inside_a_word_does_not_match(label: str, typed: str) -> None:
    assert not matches(label, typed)


@given(st.lists(st.text(string.ascii_letters, min_size=1), min_size=1), st.data())
@settings(deadline=None)
def test_every_beginning_of_every_word_matches_as_letters_and_as_keys(words: list[str], data: st.DataObject) -> None:
    word = data.draw(st.sampled_from([*words, "".join(words)]))
    typed = word[: data.draw(st.integers(1, len(word)))]
    assert matches(" ".join(words), typed)
    assert matches(" ".join(words), keys_of(typed))


@given(st.text(), st.text())
@settings(deadline=None)
def test_no_text_raises(label: str, typed: str) -> None:
    assert matches(label, typed) in (True, False)
    assert folded(folded(typed)) == folded(typed)
