"""C04: numbers have a unit, dates a year, and "about" a tolerance."""

import re
from collections.abc import Iterator

from authoring.content import DraftCriterion
from authoring.drafts.scene import Scene
from authoring.lint import RULES, Finding, Rewrite, Severity
from authoring.lint.places import changed, edit, found
from authoring.lint.words.lexicon import MONTHS, SAYERS
from authoring.lint.words.reading import Reading, readings
from authoring.lint.words.wordlists import words

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_ROUGHLY = words("about around approximately approx roughly circa nearly almost")
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DAY = re.compile(
    rf"\b(?:{MONTHS})\.? \d{{1,2}}(?!\d)(?:st|nd|rd|th)?(?:(?: to |–|-)\d{{1,2}}\b)?"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{MONTHS})\b",
    re.IGNORECASE,
)
_TIME = re.compile(r"\b\d{1,2}:\d\d\b")
_ZONE = re.compile(r"\b(?:UTC|GMT|CES?T|[ECMP][SD]T|local time)\b|\dZ\b")
_ABOUT = re.compile(
    r"\b(?:about|around|approximately|approx\.?|roughly|circa|nearly|almost) "
    r"[$€£]?\d[\d,.]*"
)
_TOLERANCE = re.compile(r"±|\+/-|\bwithin\b|\bgive or take\b|\btolerance\b|\bplus or minus\b")
_BARE = re.compile(
    r"(?<![\w$€£±.,:#/-])\d[\d,]*(?:\.\d+)?(?![\w%:/-])(?!,?\.?\d)"
    r"(?!\s*%)(?!\s+(?:[A-Za-z€£$]))|"
    r"(?<![\w$€£±.,:#/-])\d[\d,]*(?:\.\d+)?(?= (?:for|as|in|on|to|from|at|by|and|or|is|are|was|when"
    r"|with|after|before|per|than|which|that)\b)"
)
_NUMBERED = re.compile(
    r"(?:\bno\.?|\bnumber|\bsteps?|\bline|\bversion|\bsku|\bpage|\barticle|\btier|\blevel|\brule"
    r"|\bsection|\bcode|\bmodel|\byear|[A-Z][\w-]*)\s*$"
)
_COUNTED = re.compile(r"\b(?:number|count|quantity|qty|how many|times|pieces|rating|score)\b")


@RULES.add("C04")
def numbers_are_whole(scene: Scene) -> Iterator[Finding]:
    """A number without unit, year or tolerance leaves the grader to choose what is near enough."""
    for criterion, reading in readings(scene):
        if not _DIGIT.search(reading.marked):
            continue
        hit = _vague(reading) or _day(reading) or _time(reading) or _bare(reading)
        if hit:
            words, why, label = hit
            rewrite = _dated(scene, criterion, words) if label == "Add the year" else None
            rewrite = rewrite or edit(criterion, label)
            yield found("C04", Severity.WARNING, criterion, why, words, rewrite)


def _vague(reading: Reading) -> tuple[str, str, str] | None:
    hit = _ABOUT.search(reading.marked) if _ROUGHLY & reading.vocabulary else None
    if not hit or _TOLERANCE.search(reading.marked):
        return None
    before = reading.low[max(0, hit.start() - 24) : hit.start()].split()
    if before and before[-1] in SAYERS:
        return None
    return hit[0], f"How far off may it be and still be “{hit[0]}”?", "Add a tolerance"


def _names_month(reading: Reading) -> bool:
    return any(month in reading.low for month in _MONTHS)


def _day(reading: Reading) -> tuple[str, str, str] | None:
    hit = _DAY.search(reading.marked) if _names_month(reading) else None
    if not hit or _YEAR.search(reading.marked):
        return None
    return hit[0], f"“{hit[0]}” has no year, and there is one in each.", "Add the year"


def _time(reading: Reading) -> tuple[str, str, str] | None:
    hit = _TIME.search(reading.marked) if ":" in reading.marked else None
    if not hit or _ZONE.search(reading.marked):
        return None
    return hit[0], f"“{hit[0]}” is another moment in each time zone.", "Add the time zone"


def _bare(reading: Reading) -> tuple[str, str, str] | None:
    if _COUNTED.search(reading.low):
        return None
    for hit in _BARE.finditer(reading.marked):
        before = reading.marked[max(0, hit.start() - 24) : hit.start()]
        is_name = _NUMBERED.search(before.lower()) or _is_called(reading, before)
        if not (
            is_name
            or _YEAR.fullmatch(hit[0])
            or (_names_month(reading) and _DAY.search(before + hit[0]))
        ):
            return hit[0], f"“{hit[0]}” has no unit: dollars, pieces, days?", "Add the unit"
    return None


def _is_called(reading: Reading, before: str) -> bool:
    """Tell whether the word before begins with a capital, as in Orbit 780."""
    word = before.rsplit(maxsplit=1)[-1] if before.strip() else ""
    return word[:1].isupper() and not reading.marked.startswith(word)


def _dated(scene: Scene, criterion: DraftCriterion, words: str) -> Rewrite | None:
    """Offer the year of the world's clock."""
    snapshot = scene.snapshot
    if snapshot is None:
        return None
    comma = "," if words[-1:].isdecimal() else ""
    dated = f"{words}{comma} {snapshot.now[:4]}"
    return changed(criterion, f"Write “{dated}”", text=criterion.text.replace(words, dated, 1))
