import pytest

from services.masking import masked_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Rahul Kumar", "R*** K***"),
        ("Rahul", "R***"),
        ("  Mohandas  Karamchand Gandhi Bapu ", "M*** K*** G***"),
        ("राहुल कुमार", "र*** क***"),
        ("9876543210", "***"),
        ("- Rahul 42", "R***"),
        ("", "***"),
    ],
)
def test_a_name_shows_only_how_its_words_begin(name: str, shown: str) -> None:
    assert masked_name(name) == shown
