"""Takes one turn's input out of a text that an aggregator sends as a whole: `1*110001`, or a dialled `13*110001#`."""

MOST_DIALLED = 182
"""Characters that a phone can dial: 160 octets of septets (3GPP TS 23.038, section 6.1.2.3)."""


def latest(previous: str, text: str) -> str | None:
    """What was typed since `previous`, the whole text of the turn before; None when `text` does not go on from it.

    A `*` that a caller types belongs to the answer, so the text is never split at each `*`. After an empty `previous`
    (a session whose first text was empty) all of `text` is the answer.
    """
    if not previous:
        return text or None
    return text[len(previous) + 1 :] if text.startswith(f"{previous}*") else None


def first_inputs(text: str) -> tuple[str, ...]:
    """The inputs of a direct code, what follows the service code: `13*110001#` gives `("13", "110001")`."""
    if len(text) > MOST_DIALLED:
        return ()
    return tuple(part for part in text.rstrip("#").split("*") if part)
