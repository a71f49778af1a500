import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.search import Index, Searched, _close, words_of

ENTRIES = [
    Searched("Old age pension, Kerala", "vridha"),
    Searched("Electricity bill", "bijli light"),
    Searched("Water bill, Pune", "pani"),
    Searched("Pension status", ""),
    Searched("Ration card", "pension of grain"),
    Searched("बिजली का बिल", ""),
]


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(ENTRIES)


@pytest.mark.parametrize(
    ("letters", "numbers"),
    [
        ("PENS", [0, 3]),
        ("pens", [0, 3]),
        ("P", [0, 2, 3]),
        ("OLDAGEPEN", [0]),
        ("AGEPENSION", [0]),
        ("WATERBILL", [2]),
        ("7367", [0, 3]),
        ("65324373", [0]),
        ("92837", [2]),
        ("LIGHT", [1]),
        ("ELECTRCITY", [1]),
        ("99999", []),
        ("ZZ", []),
        ("", []),
        ("!", []),
    ],
)
def test_by_letters(index: Index, letters: str, numbers: list[int]) -> None:
    assert index.by_letters(letters) == numbers


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("pension", [3, 0, 4]),
        ("PENSION kerala", [0]),
        ("kerala pension", [0]),
        ("bill", [1, 2]),
        ("bill pune", [2]),
        ("my water bill", [2]),
        ("elec", [1]),
        ("pensoin", [0, 3, 4]),
        ("pension zzzz", [3, 0, 4]),
        ("electricty", [1]),
        ("elektricity", [1]),
        ("eleectricity", [1]),
        ("bil", [1, 2]),
        ("bxll", [1, 2]),
        ("bjl", []),
        ("bijli", [1]),
        ("बिजली", [5]),
        ("the", []),
        ("", []),
    ],
)
def test_by_words(index: Index, words: str, numbers: list[int]) -> None:
    found = index.by_words(words)
    assert sorted(found) == sorted(numbers)
    if len(set(numbers)) > 1 and words == "pension":
        assert found[-1] == 4, "a word beside the title counts less than one in it"


def test_one_letter_is_no_beginning() -> None:
    assert Index([Searched("Bill"), Searched("B form")]).by_words("b") == [1]


def test_an_error_is_looked_for_only_when_nothing_fits() -> None:
    assert Index([Searched("Bill"), Searched("Bell")]).by_words("bill") == [0]


def test_three_letters_are_too_few_to_forgive_an_error() -> None:
    assert Index([Searched("Gas")]).by_words("gaz") == []


def test_a_whole_word_counts_more_than_a_beginning() -> None:
    assert Index([Searched("Billing desk"), Searched("Bill")]).by_words("bill") == [1, 0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Farmers' Welfare", ["farmers", "welfare"]),
        ("Rājasthān", ["rajasthan"]),
        ("Water bill, Pune", ["water", "bill", "pune"]),
        ("P.F. claim", ["pf", "claim"]),
        ("बिजली का बिल", ["बिजली", "का", "बिल"]),
        ("  ", []),
    ],
)
def test_the_words_of_a_text(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def errors(a: str, b: str) -> int:
    """The least number of insertions, omissions, replacements and swaps of neighbours (optimal string alignment)."""
    rows = [[max(i, j) if not min(i, j) else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 2 : i] == b[j - 2 : j][::-1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_one_error_is_what_the_textbook_says(a: str, b: str) -> None:
    assert _close(a, b) is (errors(a, b) <= 1)


@given(st.text("abcd", min_size=4, max_size=8), st.integers(0, 7), st.sampled_from(["drop", "add", "swap", "change"]))
def test_every_single_error_in_a_word_is_forgiven(word: str, place: int, kind: str) -> None:
    place %= len(word)
    match kind:
        case "drop":
            typed = word[:place] + word[place + 1 :]
        case "add":
            typed = word[:place] + "x" + word[place:]
        case "swap":
            typed = word[:place] + word[place : place + 2][::-1] + word[place + 2 :]
        case _:
            typed = word[:place] + "x" + word[place + 1 :]
    if len(typed) >= 4:
        assert Index([Searched(word)]).by_words(typed) == [0]


@given(st.text(max_size=60))
def test_anything_may_be_typed(text: str) -> None:
    index = Index(ENTRIES)
    for found in (index.by_letters(text), index.by_words(text)):
        assert len(set(found)) == len(found)
        assert all(0 <= number < len(ENTRIES) for number in found)
