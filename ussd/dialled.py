"""Reads service codes as people dial them and aggregators write them (3GPP TS 22.090: digits between `*` and `#`)."""

import re

_CODE = re.compile(r"[*#]{0,3}([0-9]{1,10}(?:\*[0-9]{1,10}){0,4})#?", re.ASCII)


def service_code(raw: str) -> str | None:
    """The code as digits with `*` inside, `*384*21#` → `384*21`; None when it is no service code."""
    code = _CODE.fullmatch(raw)
    return code[1] if code else None


def split(dialled: str, codes: tuple[str, ...]) -> tuple[str, str]:
    """The service code and what was dialled after it: `*123*13*110001#` → (`123`, `13*110001`).

    `codes` are our own, as `service_code` writes them: the longest that fits is the code, else what stands before the
    first `*`. When that is no code, both are "": this is no dial, but an answer in a session that is gone.
    """
    text = dialled.strip().lstrip("*#").rstrip("#")
    for code in sorted(codes, key=len, reverse=True):
        if text == code or text.startswith(f"{code}*"):
            return code, text[len(code) + 1 :]
    code, _, rest = text.partition("*")
    return (code, rest) if service_code(code) else ("", "")
