"""Numbers in words as India groups them: hundred, thousand, lakh, crore, and crores of crores beyond."""

from tts_prompts.values.tables import Endings, NumberWords, Pieces

_CRORE, _LAKH, _THOUSAND, _HUNDRED = 10_000_000, 100_000, 1_000, 100


def cardinal(number: int, words: NumberWords, *, thing: bool = False) -> Pieces:
    """A whole number from 0 on, in pieces; `thing` where what is counted comes right after. Raises ValueError."""
    if number < 0:
        raise ValueError("a number below nought has no cardinal; its sign is said apart")
    if thing and number == 1 and words.one_thing:
        return (words.one_thing,)
    said = _grouped(number, words)
    return _ended(said, words.before_noun) if thing else said


def year(number: int, words: NumberWords) -> Pieces:
    """A year as the language says it: in hundreds, in pairs, or as a number."""
    century, rest = divmod(number, _HUNDRED)
    if words.year_pairs and (11 <= century <= 19 or 2010 <= number <= 2099):
        if not rest:
            return (*words.numbers[century], words.hundreds[0][-1])
        return (*words.numbers[century], *tens(rest, words))
    if words.year_hundreds and 11 <= century <= 19:
        hundreds = words.year_hundreds[century - 11]
        return (*_ended(hundreds, words.before_number), *words.numbers[rest]) if rest else hundreds
    return cardinal(number, words)


def tens(number: int, words: NumberWords) -> Pieces:
    """A number of two digits, the nought before a single one said where the language says it: nine oh five."""
    return (words.oh, *words.numbers[number]) if words.oh and number < 10 else words.numbers[number]


def _grouped(number: int, words: NumberWords) -> Pieces:
    crores, below_crore = divmod(number, _CRORE)
    lakhs, below_lakh = divmod(below_crore, _LAKH)
    thousands, below_thousand = divmod(below_lakh, _THOUSAND)
    hundreds, rest = divmod(below_thousand, _HUNDRED)
    groups: list[Pieces] = []
    if crores:
        groups.append(_times(crores, words.crore, words))
    if lakhs:
        groups.append(_times(lakhs, words.lakh, words))
    if thousands:
        own = words.thousands
        groups.append(own[thousands - 1] if own else _times(thousands, words.thousand, words))
    if hundreds:
        groups.append(words.hundreds[hundreds - 1])
    if not groups:
        return words.numbers[rest]
    last = [(words.link, *words.numbers[rest]) if words.link else words.numbers[rest]] if rest else [groups.pop()]
    joined = [_ended(group, words.before_number) for group in groups]
    return tuple(piece for group in [*joined, *last] for piece in group)


def _times(count: int, scale: tuple[Pieces, str], words: NumberWords) -> Pieces:
    one, many = scale
    return one if count == 1 else (*cardinal(count, words, thing=True), many)


def _ended(pieces: Pieces, endings: Endings) -> Pieces:
    """The pieces with the end of the last one as these pairs change it."""
    *before, last = pieces
    for old, new in endings:
        if last.endswith(old):
            return (*before, last.removesuffix(old) + new)
    return pieces
