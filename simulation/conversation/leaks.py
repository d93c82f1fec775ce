"""Whether a text tells a fact."""

import re

_QUOTES = str.maketrans(
    {**dict.fromkeys("“”„‟", '"'), **dict.fromkeys("‘’‚‛", "'")}  # noqa: RUF001
)
_MARK = re.compile(r"[\w-]*\d[\w.-]*\w|\d")  # an id, a number, a date
_NAME = re.compile(r"\w+(?:[-.@/]\w+)+|\w*\d\w*")
_WORDS_OF_A_FACT = 3  # a shorter one without a number may be said by chance
_DIGITS_OF_A_NAME, _LETTERS_OF_A_NAME = 2, 5


def told_by(text: str, fact: str) -> str:
    """Say what of a fact a text tells: all of it, or every id and number; "" for nothing."""
    if not fact.strip():
        return ""
    if plain(fact) in plain(text):
        return "it stands there word for word"
    marks = [*dict.fromkeys(_MARK.findall(fact))]
    telling = [mark for mark in marks if len(mark) > 1]
    if not telling or not set(telling) <= set(_MARK.findall(text)):
        return ""
    return f"it has {', '.join(telling)}, which may give it away"


def leaks(text: str, fact: str, known: str) -> str:
    """Say what of a fact a message tells that was not known before, as `told_by` does.

    A number that is known, and a few words that anybody may say, tell nothing.
    """
    is_short = len(fact.split()) < _WORDS_OF_A_FACT and not _MARK.search(fact)
    if is_short or told_by(known, fact):
        return ""
    told = told_by(text, fact)
    marks = set(_MARK.findall(fact)) - set(_MARK.findall(known))
    is_telling = plain(fact) in plain(text) or any(len(mark) > 1 for mark in marks)
    return told if is_telling else ""


def names_in(text: str) -> dict[str, str]:
    """Give what looks like an id, an amount or a date, as it is compared and as it is written."""
    found = (match[0] for match in _NAME.finditer(text))
    return {
        name.casefold(): name
        for name in found
        if len(name) >= _LETTERS_OF_A_NAME and sum(map(str.isdigit, name)) >= _DIGITS_OF_A_NAME
    }


def plain(text: str) -> str:
    """Give a text as it is compared: case, white space, typographic quotes do not count."""
    return " ".join(text.translate(_QUOTES).split()).casefold().rstrip(".")
