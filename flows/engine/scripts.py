"""What people type in thirteen scripts, made plain: digits become 0-9, invisible marks go, yes and no are understood.

Digits and marks are those of the Unicode Character Database (general category Nd; Bidi_Control; Default_Ignorable).
"""

import re
from itertools import chain
from unicodedata import normalize

DIGIT_ZEROS = {
    "Devanagari": "\u0966",
    "Bengali": "\u09e6",
    "Gurmukhi": "\u0a66",
    "Gujarati": "\u0ae6",
    "Odia": "\u0b66",
    "Tamil": "\u0be6",
    "Telugu": "\u0c66",
    "Kannada": "\u0ce6",
    "Malayalam": "\u0d66",
    "Meetei Mayek": "\uabf0",
    "Ol Chiki": "\u1c50",
    "Arabic-Indic": "\u0660",
    "Extended Arabic-Indic": "\u06f0",
    "full-width": "\uff10",
}
"""Each script's digit nought; the nine others follow it in the code."""

_INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\ufeff",  # soft hyphen, grapheme joiner, marks of direction, BOM
    map(chr, range(0x202A, 0x202F)),  # embeddings and overrides of direction
    map(chr, range(0x2060, 0x2070)),  # word joiner, invisible operators, isolates
    map(chr, range(0xFE00, 0xFE10)),  # variation selectors
)
_SPACES = "\u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"

_PLAIN: dict[int, str | None] = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},  # full-width forms of ASCII
    **{ord(zero) + value: str(value) for zero in DIGIT_ZEROS.values() for value in range(10)},
    **{ord(mark): None for mark in chain(*_INVISIBLE)},
    **{ord(space): " " for space in _SPACES},
    **{ord(hyphen): "-" for hyphen in _HYPHENS},
}
_IDLE_JOINERS = re.compile("(?<![^\x00-\x7f])[\u200c\u200d]+")
"""Joiners that join nothing. After a letter of an Indian script a joiner is part of the spelling and stays."""


def ascii_digits(text: str) -> str:
    """The text in NFC with the digits of every Indian script as 0-9, plain spaces and hyphens, and no invisible marks.

    ASCII comes back as it is. Done twice it gives the same as done once.
    """
    if text.isascii():
        return text
    return normalize("NFC", _IDLE_JOINERS.sub("", normalize("NFC", text.translate(_PLAIN))))


_YES = """
1/y/yes/yeah/yep/yup/ok/okay/sure/haan/haa/ha/han/hanji/haanji/haan ji/han ji/ha ji/ji/jee/ji haan/ji han/ji ha
thik/theek/thik hai/theek hai/ho/hoy/hoye/hoi/hyan/hya/hau/hann
aam/aama/aamam/aamaam/ama/amam/sari/seri/sheri/avunu/avnu/sare/howdu/haudu/houdu/athe/adhe/uvvu
हाँ/हां/हा/हाँ जी/हां जी/हाजी/हाँजी/हांजी/जी/जी हाँ/जी हां/ठीक/ठीक है/हो/होय/होय जी
হ্যাঁ/হ্যা/হাঁ/হা/জি/জী/জি হ্যাঁ/জী হ্যাঁ/হয়/হ'ব/হব
ਹਾਂ/ਹਾ/ਹਾਂ ਜੀ/ਹਾਂਜੀ/ਹਾਜੀ/ਜੀ/ਜੀ ਹਾਂ/ਠੀਕ ਹੈ
હા/હા જી/હાજી/જી/જી હા/ઠીક છે
ହଁ/ହଁ ଜୀ/ହଅ/ହାଁ/ହ/ହେଉ
ஆம்/ஆமாம்/ஆமா/சரி
అవును/ఔను/అవునండి/సరే
ಹೌದು/ಹೂಂ/ಹೂ/ಸರಿ
അതെ/അതേ/ശരി/ഉവ്വ്
ہاں/ہا/ہاں جی/جی/جی ہاں/ٹھیک/ٹھیک ہے
"""
_NO = """
2/n/no/nope/nahin/nahi/nahee/nahii/naheen/nai/nahi ji/nahin ji/ji nahi/ji nahin/na/naa/naa ji/na ji/nhi
nahni/nako/naka/nathi/nohoi/nohoy/naai/nay
illai/illa/ille/illa/vendam/venda/kadu/kaadu/ledu/vaddu/beda/alla
नहीं/नही/नहि/ना/न/नहीं जी/ना जी/जी नहीं/जी नही/नाही/नको/नाय/नाही जी
না/নাই/নাহ/জি না/জী না/নহয়/নালাগে/নেলাগে
ਨਹੀਂ/ਨਹੀ/ਨਾ/ਨਹੀਂ ਜੀ/ਜੀ ਨਹੀਂ/ਨਾ ਜੀ
ના/ના જી/નહીં/નહિ/નહી/નથી/જી ના
ନା/ନାହିଁ/ନାହି/ନାଇଁ/ନୁହେଁ
இல்லை/இல்ல/வேண்டாம்
కాదు/లేదు/వద్దు/కాదండి
ಇಲ್ಲ/ಅಲ್ಲ/ಬೇಡ
അല്ല/ഇല്ല/വേണ്ട
نہیں/نہ/نا/نہیں جی/جی نہیں
"""
_ARABIC_KEYBOARD = str.maketrans(
    "\u064a\u0649\u0643\u0647\u06c3\u2019", "\u06cc\u06cc\u06a9\u06c1\u06c1'", "\u200c\u200d"
)
"""Arabic yeh, kaf and heh for the Urdu ones, a straight apostrophe, no joiners."""
_ENDINGS = " .!,#\u0964\u06d4"


def _folded(text: str) -> str:
    plain = ascii_digits(text).translate(_ARABIC_KEYBOARD).casefold()
    return " ".join(plain.split()).strip(_ENDINGS)


def _spellings(table: str) -> frozenset[str]:
    return frozenset(_folded(word) for line in table.split("\n") for word in line.split("/") if word)


YES = _spellings(_YES)
"""How people write yes, as folded for looking up."""
NO = _spellings(_NO)
"""How people write no, as folded for looking up."""
_ANSWERS = {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}
_LONGEST = max(map(len, _ANSWERS)) + 20


def yes_no(text: str) -> bool | None:
    """True for a usual yes in any of the thirteen languages, False for a no, None for anything else. 1 is yes, 2 is no.

    The lists are a draft: nobody who speaks the languages has reviewed them yet.
    """
    known = _ANSWERS.get(text)
    if known is not None or len(text) > _LONGEST:
        return known
    return _ANSWERS.get(_folded(text))
