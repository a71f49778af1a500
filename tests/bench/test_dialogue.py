from itertools import islice
from urllib.parse import parse_qs

import phonenumbers

from bench.dialogue import dialogues, inputs, new_callers, texts, ways
from bench.load import Turn
from bench.wire import form_post

PINS = {"110001": (b"a", b"b", b"c", b"d", b"e"), "560001": (b"a", b"b", b"c", b"d", b"f")}


def form(turn: Turn) -> dict[str, str]:
    head, _, body = turn.request.partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
    return {name: values[0] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}


def test_the_text_grows_by_one_input_a_turn() -> None:
    assert texts(("2", "1", "110001")) == ("", "2", "2*1", "2*1*110001")


def test_a_dialogue_has_five_turns_with_their_expected_answers() -> None:
    (dialogue,) = islice(dialogues(PINS, new_callers()), 1)
    assert [form(turn)["text"] for turn in dialogue] == list(texts(inputs("110001")))
    assert [turn.answer for turn in dialogue] == [b"a", b"b", b"c", b"d", b"e"]


def test_the_pin_codes_take_turns() -> None:
    ends = [dialogue[-1].answer for dialogue in islice(dialogues(PINS, new_callers()), 4)]
    assert ends == [b"e", b"f", b"e", b"f"]


def test_every_caller_is_somebody_else_with_a_valid_number_and_a_session_of_their_own() -> None:
    forms = [[form(turn) for turn in dialogue] for dialogue in islice(dialogues(PINS, new_callers()), 50)]
    numbers = {turn["phoneNumber"] for turns in forms for turn in turns}
    sessions = {turn["sessionId"] for turns in forms for turn in turns}
    assert len(numbers) == len(sessions) == len(forms)
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(number)) for number in numbers)


def test_a_rendered_request_is_what_the_form_says() -> None:
    (dialogue,) = islice(dialogues(PINS, iter([123])), 1)
    said = {
        "sessionId": f"ATUid_{123:032x}",
        "serviceCode": "*123#",
        "phoneNumber": "+919000000123",
        "networkCode": "40410",
        "text": "2",
    }
    assert dialogue[1].request == form_post("/ussd/africastalking?token=local", said)


def test_a_short_list_is_reached_in_each_language() -> None:
    assert ways("110001", ["A"] * 9) == [("2", "1", "110001", "1"), ("1", "1", "110001", "1")]


def test_a_long_list_is_reached_by_its_pages_and_by_letters() -> None:
    assert ways("110001", ["A"] * 9 + ["St. Mary's"]) == [
        ("2", "1", "110001", "01", "01", "1"),
        ("1", "1", "110001", "01", "01", "1"),
        ("2", "1", "110001", "StM", "1"),
        ("1", "1", "110001", "StM", "1"),
    ]
