import pytest

from bench.wire import form_post, take_answer

GRANIAN = b"HTTP/1.1 200 OK\r\nserver: granian\r\ncontent-length: 5\r\ndate: x\r\n\r\nCON 1"
NODE = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nCON 1"


def test_a_form_post_announces_the_length_of_its_encoded_body() -> None:
    assert form_post("/ussd/x?token=t", {"phoneNumber": "+919", "text": "2*1"}) == (
        b"POST /ussd/x?token=t HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: ghanti-bench\r\nAccept: */*\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 29\r\n\r\n"
        b"phoneNumber=%2B919&text=2%2A1"
    )


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        (GRANIAN, (200, b"CON 1")),
        (NODE, (200, b"CON 1")),
        (b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", (404, b"")),
        (b"", None),
        (GRANIAN[:30], None),
        (GRANIAN[:-5], None),
        (GRANIAN[:-1], None),
    ],
)
def test_an_answer_is_taken_when_it_is_whole(received: bytes, expected: tuple[int, bytes] | None) -> None:
    assert take_answer(received) == expected


@pytest.mark.parametrize("received", [GRANIAN + b"H", b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"])
def test_an_answer_whose_end_is_not_announced_is_refused(received: bytes) -> None:
    with pytest.raises(ValueError):
        take_answer(received)
