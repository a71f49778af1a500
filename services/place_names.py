"""Names as India Post writes them, made fit for a screen and a voice."""

import re

_SPACES = re.compile(r"\s+")
_SUFFIX = re.compile(r"[\s.]*\(?\b[BSHP]\s?\.?\s?O\b\.?\)?$", re.IGNORECASE)
_INSIDE = re.compile(r"\s+[BSH]\.?\s?O\.?(?:\s+|\s*-\s*)(?=[\w(])")
_BRACKET = re.compile(r"(?<=\w)\s*\(\s*")
_WORD = re.compile(r"[A-Za-z][A-Za-z']*")
_INITIALS = re.compile(r"(?:[A-Z]\.){2,}[A-Z]?\.?")
_KEPT = {
    *("APMC", "BARC", "BHEL", "BSF", "CAT", "CISF", "CRPF", "CSP", "DRDO", "GPO", "HAL", "IAF", "IIM", "IISC", "IIT"),
    *("IOC", "ISRO", "ITBP", "MIDC", "NDC", "NDHO", "NGT", "NIT", "NTPC", "NTR", "ONGC", "RML", "RS", "SAIL", "SPSR"),
    *("TTD", "UT", "YSR", "II", "III", "IV", "VI", "VII"),
}
_SMALL = {"AND", "OF", "THE"}


def office_name(raw: str) -> str:
    """ "Chainpur SO Gumla" is "Chainpur (Gumla)", "BONAL B.O" is "Bonal": what kind it is stands elsewhere."""
    name = _SPACES.sub(" ", raw).strip()
    name = _SUFFIX.sub("", name).strip(" -.,") or name
    head, *rest = _INSIDE.split(name, maxsplit=1)
    if rest and head:
        name = f"{head.strip()} ({rest[0].strip(' ()')})"
    return fitting(_BRACKET.sub(" (", titled(name)))


def titled(raw: str) -> str:
    """A name in capitals or in small letters as a title; one that has both is left as it is."""
    name = _SPACES.sub(" ", raw).strip()
    return (
        _WORD.sub(_titled_word, name) if name in (name.upper(), name.lower()) and not _INITIALS.search(name) else name
    )


def state_name(raw: str) -> str:
    """A state or union territory: "THE DADRA AND NAGAR HAVELI …" loses its article."""
    return titled(raw).removeprefix("The ")


def fitting(text: str, most: int = 60) -> str:
    """The text, cut after a whole word where it is longer than a value of type Name may be."""
    text = _SPACES.sub(" ", text).strip()
    if len(text) <= most:
        return text
    cut = text[: most + 1].rpartition(" ")[0]
    return (cut or text[:most]).rstrip(" ,;-(")


def alike(name: str) -> str:
    """What stays the same however a district or state is spelt: letters and digits only, small."""
    return "".join(letter for letter in name.casefold().replace("&", "and") if letter.isalnum())


def _titled_word(match: re.Match[str]) -> str:
    word = match.group().upper()
    if word in _KEPT:
        return word
    if word in _SMALL and match.start():
        return word.lower()
    return word.capitalize()
