"""Whether a criterion asks for something or for its absence."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from authoring.lint.words.joints import joints_of
from authoring.lint.words.reading import Reading
from authoring.lint.words.wordlists import words

_NOT = re.compile(
    r"\b(?:(?<!, )not(?! only\b)|never|cannot|\w+n['’]t|avoids?|refrains?|neither|nor|none of"
    r"|(?<!and )(?:nobody|nothing)|(?:(?<!and )no(?= other\b)|(?<!at )(?<!in )(?<!by )(?<!of )no"
    r"(?! (?:longer|fewer|less|more|later|earlier|other)\b)(?=[\s\ue000-\ue003])))(?![\w-])"
)
Spans = tuple[tuple[int, int], ...]
_NO_LONGER = re.compile(r"\bno longer\b|\bnot [^.;]{1,40}\bany ?more\b")
_LEAVING = re.compile(
    r"\b(?:fails?|omits?|forgets?|neglects?|miss(?:es|ing)?|lacks?|lacking|overlooks?|ignores?"
    r"|without|un(?:answered|resolved|mentioned|named|settled|listed|read|paid|assigned|linked)"
    r"|(?:leaves?|left) (?:\S+ ){0,4}?out|leaving [^.;]{0,40}?without)\b"
)
_DENYING = words(
    "not never cannot avoid avoids refrain refrains nobody nothing none neither nor no"
)
_CUT = re.compile(
    r"\b(?:that|whether|how|what|why|which|who|whom|whose|because|so that|since|unless|if|when"
    r"|while|until)\b|[(:]"
)


@dataclass(frozen=True, slots=True)
class Negation:
    """nots: where the words stand that deny. is_over: it says that something ceases to be.

    is_double: two of them, so that one has to think what is meant.
    """

    nots: Spans
    is_over: bool
    is_double: bool


_AFFIRMED = Negation((), is_over=False, is_double=False)


@lru_cache(maxsize=2048)
def negation_of(reading: Reading) -> Negation:
    """Look at what is asked; what somebody reports and how a thing is described is none of it."""
    if not (_DENYING & reading.vocabulary or "n't" in reading.plain or "n’t" in reading.plain):
        return _AFFIRMED
    asked = reading.plain[: _asked_end(reading)]
    nots = tuple(found.span() for found in _NOT.finditer(asked))
    is_over = bool(_NO_LONGER.search(asked))
    return Negation(nots, is_over, not is_over and _is_double(reading, asked, nots))


def _is_double(reading: Reading, asked: str, nots: Spans) -> bool:
    """Tell whether one requirement denies twice; of several, each may deny for itself."""
    leaving = [found.start() for found in _LEAVING.finditer(asked)]
    bounds = pairwise([0, *(joint.start for joint in joints_of(reading)), len(reading.text)])
    for low, high in bounds:
        denied = sum(low <= start < high for start, _ in nots)
        if denied and denied + sum(low <= start < high for start in leaving) > 1:
            return True
    return False


def denials(reading: Reading) -> int:
    """Count the denials of a whole text, of what is reported too."""
    return len(_NOT.findall(reading.plain))


def _asked_end(reading: Reading) -> int:
    start = reading.verb_span[1]
    found = _CUT.search(reading.plain, start)
    return found.start() if found else len(reading.plain)
