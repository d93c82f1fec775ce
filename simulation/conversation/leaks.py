"""Whether a text tells a fact."""

import re
from collections.abc import Iterator

from simulation.conversation.words import stems, telling_stems

_QUOTES = str.maketrans(
    {**dict.fromkeys("“”„‟", '"'), **dict.fromkeys("‘’‚‛", "'")}  # noqa: RUF001
)
# Texts of agents may be one endless word: nothing here tries it from each of its letters.
_RUN, _DIGIT = re.compile(r"[\w.-]++"), re.compile(r"\d")
_NAME = re.compile(r"(?<!\w)(?:\w++(?:[-.@/]\w++)++|\w*\d\w*)")
_WORDS_OF_A_FACT = 3  # a shorter one without a number may be said by chance
_LETTERS_OF_A_MARK = 4
_DIGITS_OF_A_NAME, _LETTERS_OF_A_NAME = 2, 5


def told_by(text: str, fact: str) -> str:
    """Say what of a fact a text tells: all of it, or every id and number; "" for nothing."""
    if not fact.strip():
        return ""
    if plain(fact) in plain(text):
        return "it stands there word for word"
    marks = [*dict.fromkeys(_marks(fact))]
    telling = [mark for mark in marks if len(mark) > 1]
    if not telling or not set(telling) <= set(_marks(text)):
        return ""
    return f"it has {', '.join(telling)}, which may give it away"


def leaks(text: str, fact: str, known: str) -> bool:
    """Tell whether a message tells a fact that was not known before.

    It does word for word, with all telling words in whatever order, or with all ids and numbers.
    A short number, and a few words that anybody may say, tell nothing.
    """
    marks = set(_marks(fact))
    is_short = len(fact.split()) < _WORDS_OF_A_FACT and not marks
    if is_short or _tells(known, fact):
        return False
    new = marks - set(_marks(known))
    is_by_marks = any(len(mark) >= _LETTERS_OF_A_MARK for mark in new)
    return _tells(text, fact) or (is_by_marks and bool(told_by(text, fact)))


def _tells(text: str, fact: str) -> bool:
    words = telling_stems(fact)
    in_other_words = len(words) >= _WORDS_OF_A_FACT and words <= stems(text)
    return in_other_words or plain(fact) in plain(text)


def names_in(text: str) -> dict[str, str]:
    """Give what looks like an id, an amount or a date, as it is compared and as it is written."""
    found = (match[0] for match in _NAME.finditer(text))
    return {
        name.casefold(): name
        for name in found
        if len(name) >= _LETTERS_OF_A_NAME and sum(map(str.isdigit, name)) >= _DIGITS_OF_A_NAME
    }


def _marks(text: str) -> Iterator[str]:
    """Give ids, numbers and dates: what has a digit and goes on after it, or a digit alone."""
    for run in _RUN.findall(text):
        if digit := _DIGIT.search(run):
            whole = run[run.rfind(".", 0, digit.start()) + 1 : len(run.rstrip(".-"))]
            is_last = digit.end() >= len(run.rstrip(".-"))
            yield digit[0] if is_last else whole


def plain(text: str) -> str:
    """Give a text as it is compared: case, white space, typographic quotes do not count."""
    return " ".join(text.translate(_QUOTES).split()).casefold().rstrip(".")
