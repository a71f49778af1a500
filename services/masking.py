"""Names of people, shown so that only somebody who knows the person recognises them."""


def masked_name(name: str) -> str:
    """ "Rahul Kumar" is "R*** K***": the first letter of each of at most three words, whatever their length."""
    words = [word for word in name.split() if word[0].isalpha()][:3]
    return " ".join(f"{word[0]}***" for word in words) or "***"
