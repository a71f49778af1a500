"""HTTP/1.1 as the load speaks it: one form post out, one answer with a Content-Length in."""

from urllib.parse import urlencode

_HEAD = (
    b"POST %b HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: ghanti-bench\r\nAccept: */*\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%b"
)


def form_post(path: str, form: dict[str, str]) -> bytes:
    """The bytes of one keep-alive POST (RFC 9112) of a URL-encoded form."""
    body = urlencode(form).encode()
    return _HEAD % (path.encode(), len(body), body)


def take_answer(received: bytes) -> tuple[int, bytes] | None:
    """Status and body of the one answer that was received, or None while some of it is still missing.

    Raises ValueError when the answer has no Content-Length or is followed by more than it announced.
    """
    head_end = received.find(b"\r\n\r\n")
    if head_end < 0:
        return None
    head = received[:head_end].lower()
    at = head.find(b"\r\ncontent-length:")
    if at < 0:
        raise ValueError("an answer without Content-Length")
    line_end = head.find(b"\r\n", at + 17)
    length = int(head[at + 17 : line_end if line_end > 0 else head_end])
    body = received[head_end + 4 :]
    if len(body) < length:
        return None
    if len(body) > length:
        raise ValueError("an answer longer than its Content-Length")
    return int(received[9:12]), body
