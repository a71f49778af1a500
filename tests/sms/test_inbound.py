"""What people write at the beginning: commands, codes, services by their words, in any script and spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms.inbound import Go, Help, Open, Stop, Vocabulary, Words, inputs, plain
from tests.sms.worded import library

VOCABULARY = Vocabulary(library().flows, library().catalogues.values())


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *((text, Stop()) for text in ("STOP", "stop.", " Stop! ", "STOPALL", "बंद", "बंद करो।", "रोको", "ＳＴＯＰ")),
        *((text, Go()) for text in ("START", "start", "शुरू", "unstop", "चालू")),
        *((text, Help()) for text in ("HELP", "help?", "सहायता", "मदद")),
    ],
)
def test_a_command_is_a_text_of_its_own_in_any_language(written: str, meant: object) -> None:
    assert VOCABULARY.command(written) == meant
    assert VOCABULARY.read(written, awaited=True) == meant


@pytest.mark.parametrize("written", ["bus stop", "stop the gas booking", "do not stop", "start a shop", "s t o p", ""])
def test_a_command_among_other_words_is_none(written: str) -> None:
    assert VOCABULARY.command(written) is None


@pytest.mark.parametrize(
    ("written", "flow", "ahead"),
    [
        ("MANDI 110001 ONION", "mandi_price", ("110001", "onion")),
        ("mandi bhav 110001", "mandi_price", ("110001",)),
        ("मंडी ११०००१ प्याज़", "mandi_price", ("110001", "प्याज़")),
        ("Mandi, 110001, sweet potato!", "mandi_price", ("110001", "sweet potato")),
        ("mandee 110001", "mandi_price", ("110001",)),
        ("DAAK GHAR", "post_offices", ()),
        ("डाक 110001", "post_offices", ("110001",)),
        ("bijlee bil", "bill_electricity", ()),
        ("gas", "lpg_book", ()),
        ("13", "post_offices", ()),
        ("१३", "post_offices", ()),
        ("13 110011", "post_offices", ("110011",)),
        ("*13*110011#", "post_offices", ("110011",)),
        ("*35*110001*2#", "mandi_price", ("110001", "2")),
        ("please tell me the mandi price of onion 110001", "mandi_price", ("please tell me the of onion", "110001")),
        ("pyaj ka bhav 110001", "mandi_price", ("pyaj ka", "110001")),
    ],
)
def test_a_service_opens_by_its_word_or_code_with_what_is_written_beside_it(
    written: str, flow: str, ahead: tuple[str, ...]
) -> None:
    assert VOCABULARY.read(written, awaited=False) == Open(flow, ahead)


@pytest.mark.parametrize("written", ["13", "13 110011", "35"])
def test_digits_are_an_answer_where_one_is_awaited(written: str) -> None:
    assert VOCABULARY.read(written, awaited=True) == Words(written)


def test_a_code_with_its_star_is_never_an_answer() -> None:
    assert VOCABULARY.read("*13#", awaited=True) == Open("post_offices")


@pytest.mark.parametrize("written", ["hello", "99", "*99#", "12345678", "ask about gas and mandi", "?", "👍", ""])
def test_what_names_no_service_or_two_of_them_are_words(written: str) -> None:
    assert VOCABULARY.read(written, awaited=False) == Words(written)


def test_every_keyword_and_title_of_every_language_opens_its_service() -> None:
    flows = library().flows
    for flow in flows.by_name.values():
        if flow.code and "sms" in flow.channels:
            for word in flow.keywords:
                opened = VOCABULARY.read(word, awaited=False)
                assert isinstance(opened, Open)
                assert word in flows.by_name[opened.flow].keywords
            assert VOCABULARY.read(str(flow.code), awaited=False) == Open(flow.name)


def test_services_that_are_not_for_sms_have_no_words_here() -> None:
    without = {name for name, flow in library().flows.by_name.items() if "sms" not in flow.channels}
    opened = {VOCABULARY.read(str(code), awaited=False) for code in library().flows.codes}
    assert not {one.flow for one in opened if isinstance(one, Open)} & without


@pytest.mark.parametrize(
    ("written", "answers"),
    [
        ("110001 onion", ("110001", "onion")),
        ("sweet potato 110001", ("sweet potato", "110001")),
        ("1 2 3", ("1", "2", "3")),
        ("a b 1 c d", ("a b", "1", "c d")),
        ("", ()),
    ],
)
def test_each_number_is_an_answer_and_words_that_follow_each_other_are_one(written: str, answers: object) -> None:
    assert inputs(written) == answers


@given(st.text(max_size=200))
def test_whatever_is_written_is_read_and_means_the_same_with_marks_around_it(text: str) -> None:
    for awaited in (False, True):
        assert VOCABULARY.read(text, awaited=awaited) is not None
    assert plain(plain(text)) == plain(text)
    assert VOCABULARY.command(f" {text}. ") == VOCABULARY.command(text)


def test_nothing_that_was_written_is_in_a_repr() -> None:
    assert "234123412346" not in repr((Open("post_offices", ("234123412346",)), Words("234123412346")))
