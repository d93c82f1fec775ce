"""What a prompt asks for, sentence by sentence, and the words that say the same elsewhere."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from grading.reading.plain import word_set

_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?=\S)[^.!?\n]+)*[.!?]?")
_ITEM = re.compile(r"^\s*(?:[-*+•]|\d{1,2}[.)])\s+")
_ASKS = re.compile(
    r"^(?:(?:and|then|also|finally|first|next|now|so|but|afterwards|please|kindly|ok|hi|hello),?\s+)*"
    r"(?:(?:can|could|would|will) you (?:please )?|i (?:need|want|would like)(?: you)? to"
    r"|you (?:need|have) to|make sure(?: that| to)?|be sure to)?\s*(\w+)",
    re.IGNORECASE,
)
_VERBS = word_set(
    """
    add answer apply approve arrange ask assign attach book calculate call cancel change
    charge check close compare complete compute confirm contact correct count create credit
    delete deliver deny describe draft e-mail email escalate estimate exclude explain extend
    file fill find fix forward give group hand identify include inform issue keep leave let
    link list look mail mark merge message move name note notify offer open order pay place
    post prepare process propose provide put raise rank record refund reject remove rename
    replace reply report request reschedule resolve respond restore return review say
    schedule search sell send set ship show sort state submit suggest sum summarise
    summarize take tell transfer update upgrade verify void write
    """
)
_IDLE = word_set(
    """
    about above after again all also and another answer any anything are around ask back
    because been before being below between both but can case check could did does doing
    done down each either else even every everything find first for from get give given got
    had has have having her here him his how into its just keep kindly last let like list
    look make many may more most much must need next not nothing now off once one only other
    our out over own per please put report same say says see shall she should show since
    some state such sure take tell than thank thanks that the their them then there these
    they thing things this those through time today together too two under until upon use
    very via want was way what when where which while who why will with within without would
    write yet you your yours
    """
)
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]+|\d[\w.-]*\w|\d")
_ENDINGS = word_set("ations ation ings ing ements ement ies ied ers er ed es s ly e y")
_SUFFIXES = tuple(sorted(_ENDINGS, key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing that a prompt asks for, as it is written."""

    words: str
    stems: frozenset[str]


def demands_in(prompt: str) -> Iterator[Demand]:
    """Give the imperative clauses and the numbered items of a prompt that say something."""
    for line in prompt.splitlines():
        is_item = _ITEM.match(line)
        body = line[is_item.end() :] if is_item else line
        for found in _SENTENCE.finditer(body):
            words = found[0].strip()
            stems = frozenset(stems_of(words))
            if len(stems) > 1 and _is_asked(words, is_item=bool(is_item)):
                yield Demand(words, stems)


def _is_asked(words: str, *, is_item: bool) -> bool:
    if words.startswith((">", "|", "#")) or words.endswith(("?", ":")):
        return False
    first = _ASKS.match(words)
    return bool(first and first[1].lower() in _VERBS) or (is_item and len(words.split()) > 2)


def stems_of(text: str) -> Iterator[str]:
    """Give the words that mean something, without their endings."""
    for found in _WORD.finditer(text):
        word = found[0].lower().rstrip("'’-.").replace("’", "'").removesuffix("'s")
        if word[:1].isdigit() or (len(word) > 2 and word not in _IDLE):
            yield _stem(word)


@lru_cache(maxsize=8192)
def _stem(word: str) -> str:
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            return word.removesuffix(suffix)
    return word
