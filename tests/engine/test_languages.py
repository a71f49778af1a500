"""The languages of the menu: complete, true to the CLDR, and every mistake in the file named."""

import unicodedata
from dataclasses import fields
from pathlib import Path

import pytest
from babel import Locale

from flows.engine.forms import Counted
from flows.languages import LANGUAGES_FILE, BadLanguages, load

LANGUAGES = load()
TAGS = list(LANGUAGES)
TEXT = LANGUAGES_FILE.read_text(encoding="utf-8")


def test_the_menu_offers_hindi_first_then_english() -> None:
    assert TAGS == ["hi", "en"]


def test_a_language_knows_its_names_and_script() -> None:
    hindi = LANGUAGES["hi"]
    assert (hindi.tag, hindi.native, hindi.english, hindi.script, hindi.direction, hindi.letters_a_second) == (
        "hi", "हिन्दी", "Hindi", "Deva", "ltr", 12,
    )  # fmt: skip
    assert (LANGUAGES["en"].native, LANGUAGES["en"].letters_a_second) == ("English", 14)


@pytest.mark.parametrize(
    ("tag", "number", "form"),
    [("en", 0, "other"), ("en", 1, "one"), ("en", 2, "other"), ("hi", 0, "one"), ("hi", 1, "one"), ("hi", 2, "other")],
)
def test_plurals_are_those_of_the_cldr(tag: str, number: int, form: str) -> None:
    assert LANGUAGES[tag].plural(number) == form


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("width", ["abbreviated", "wide"])
def test_months_are_those_of_the_cldr(tag: str, width: str) -> None:
    forms = LANGUAGES[tag].forms
    ours = forms.screen.months if width == "abbreviated" else forms.voice.months
    assert ours == tuple(Locale.parse(tag).months["format"][width][month] for month in range(1, 13))


def _texts(tag: str) -> list[str]:
    forms = LANGUAGES[tag].forms
    texts: list[str] = [LANGUAGES[tag].native]
    for part in (forms.screen, forms.voice):
        for field in fields(part):
            value = getattr(part, field.name)
            texts += (
                [value.one, value.other] if isinstance(value, Counted) else [value] if isinstance(value, str) else value
            )
    return texts


@pytest.mark.parametrize("tag", TAGS)
def test_every_text_is_in_nfc_without_digits(tag: str) -> None:
    assert [t for t in _texts(tag) if t != unicodedata.normalize("NFC", t) or any(map(str.isdigit, t))] == []


def test_english_needs_nothing_but_ascii() -> None:
    assert [text for text in _texts("en") if not text.isascii()] == []


@pytest.mark.parametrize(
    ("written", "instead", "sentence"),
    [
        ('native = "हिन्दी"\n', "", "[hi]: write native as well"),
        ('native = "हिन्दी"\nenglish = "Hindi"\n', "", "[hi]: write english, native as well"),
        ("[hi]", '[hi]\nb = "x"\na = "x"', "[hi]: leave out a, b, nothing of that name is known"),
        ('native = "हिन्दी"', 'native = ""', "[hi] native: write a text"),
        ('native = "हिन्दी"', "native = 5", "[hi] native: write a text"),
        ('native = "हिन्दी"', 'native = "{n}"', "[hi] native: write nothing in braces"),
        ('english = "Hindi"', 'english = "Hindi"\nname = "x"', "[hi]: leave out name, nothing of that name is known"),
        ('direction = "ltr"', 'direction = "left"', "[hi] direction: write ltr or rtl"),
        ('plural = "hi"', 'plural = "xx"', "[hi] plural: the CLDR has no language xx"),
        ('plural = "hi"', 'plural = "?"', "[hi] plural: the CLDR has no language ?"),
        ('plural = "hi"', 'plural = "ar"', "[hi] plural: ar has more forms than one and other"),
        ("letters_a_second = 12", "letters_a_second = 0", "[hi] letters_a_second: write a whole number from 1 on"),
        ("letters_a_second = 12", "letters_a_second = true", "[hi] letters_a_second: write a whole number from 1 on"),
        ("letters_a_second = 12", 'letters_a_second = "12"', "[hi] letters_a_second: write a whole number from 1 on"),
        ('"जन॰", ', "", "[hi] screen.months: write twelve months, from January on"),
        ('"जन॰", ', '"", ', "[hi] screen.months: write a text"),
        ('months = ["जन॰"', 'months = "जन॰" #', "[hi] screen.months: write twelve months, from January on"),
        ('amount = "रु {n}"', 'amount = "रु {rupees}"', "[hi] screen.amount: write {n} in braces"),
        ('amount = "रु {n}"', 'amount = "रु {n:,}"', "[hi] screen.amount: write {n} in braces"),
        ('amount = "रु {n}"', 'amount = "रु {n!r}"', "[hi] screen.amount: write {n} in braces"),
        ('amount = "रु {n}"', 'amount = "रु {n"', "[hi] screen.amount: write {n} in braces"),
        ('day = "{day} {month} {year}"', 'day = "{day}"', "[hi] screen.day: write {day} {month} {year} in braces"),
        ('amount = "{rupees} {paise}"', 'amount = ""', "[hi] voice.amount: write a text"),
        ('one = "{n} रुपया", ', "", "[hi] voice.rupees: write one as well"),
        ('one = "{n} रुपया"', 'one = "रुपया"', "[hi] voice.rupees.one: write {n} in braces"),
        ('one = "{n} रुपया"', 'few = "{n}", one = "{n} रुपया"', 
         "[hi] voice.rupees: leave out few, nothing of that name is known"),
        ('{one = "{n} पैसा", other = "{n} पैसे"}', '"{n}"', "[hi] voice.paise: write a table"),
        ('plus = "प्लस"', 'plus = " "', "[hi] voice.plus: write a text"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_file_is_named(tmp_path: Path, written: str, instead: str, sentence: str) -> None:
    file = tmp_path / "languages.toml"
    assert written in TEXT
    file.write_text(TEXT.replace(written, instead, 1), encoding="utf-8")
    with pytest.raises(BadLanguages) as refused:
        load(file)
    assert str(refused.value) == f"languages.toml: {sentence}"


def test_a_language_may_be_slow_and_written_from_right_to_left(tmp_path: Path) -> None:
    file = tmp_path / "languages.toml"
    text = TEXT.replace('"ltr"', '"rtl"').replace("letters_a_second = 12", "letters_a_second = 1")
    file.write_text(text, encoding="utf-8")
    hindi = load(file)["hi"]
    assert (hindi.direction, hindi.letters_a_second) == ("rtl", 1)


@pytest.mark.parametrize(
    ("text", "sentence"), [("", "write at least one language"), ("hi = 5\n", "[hi]: write a table")]
)
def test_a_file_without_languages_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "languages.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadLanguages, match=f"^languages.toml: {sentence.replace('[', chr(92) + '[')}$"):
        load(file)


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "languages.toml"
    file.write_bytes(b"[hi\n")
    with pytest.raises(BadLanguages, match=r"^languages\.toml: .*line 1"):
        load(file)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "languages.toml"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(BadLanguages, match=r"^languages\.toml: "):
        load(file)


def test_the_order_of_the_file_is_the_order_of_the_menu(tmp_path: Path) -> None:
    file = tmp_path / "languages.toml"
    hindi, english = TEXT.split("[en]\n")
    file.write_text(f"[en]\n{english}\n{hindi}", encoding="utf-8")
    assert list(load(file)) == ["en", "hi"]


def test_nobody_can_change_the_languages_once_they_are_read() -> None:
    assert not hasattr(LANGUAGES, "__setitem__")
