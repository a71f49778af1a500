"""How much room a text takes in a USSD string: GSM-7 septets, or UTF-16 units when one character is outside GSM-7.

The alphabet is the default one of 3GPP TS 23.038, section 6.2.1, with its extension table, section 6.2.1.1. National
tables exist for SMS only (TS 23.038, section 6.2.1.2), so Indian scripts are always counted in UTF-16 units.
"""

import re

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The default alphabet in code order, without the escape at 0x1B: one septet a character."""
EXTENSION = "\f^{}\\[~]|€"
"""The extension table: an escape and a character, two septets."""

SEPTETS = {**dict.fromkeys(BASIC, 1), **dict.fromkeys(EXTENSION, 2)}
"""Septets of each character; a character that is not here is not GSM-7."""

_BEYOND_BASIC = re.compile(f"[^{re.escape(BASIC)}]")
_FOREIGN = re.compile(f"[^{re.escape(BASIC + EXTENSION)}]")


def septets(text: str) -> int | None:
    """How many septets the text takes, or None when it is not GSM-7."""
    if _BEYOND_BASIC.search(text) is None:
        return len(text)
    if _FOREIGN.search(text) is not None:
        return None
    return len(text) + len(_BEYOND_BASIC.findall(text))


def units(text: str) -> int:
    """How many UTF-16 units the text takes: two for a character beyond U+FFFF, else one."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
