"""Denials: values and names that a text holds without saying them, because it denies them or
repeats what somebody else says."""

import re
from typing import Protocol

from grading.reading.plain import word_set


class Span(Protocol):
    """What stands somewhere in a text."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


_DENIED = re.compile(r"\b(?:not|instead of|rather than|other than)\s+(?:exactly\s+)?$", re.I)
_COMPARED = re.compile(
    r"(?<!\bno )(?<!\bnot )\b(?:more|less|fewer|greater|higher|lower) than\s+$", re.I
)
_MOVED = re.compile(
    r"\b(?:rose|fell|grew|went|moved|dropped|lowered|raised|reduced|increased|decreased|changed|up|down)"
    r"\s+from\s+(?:us)?\$?$",
    re.I,
)
_NEGATED = re.compile(
    r"(?:\b(?:not|never|no|neither|nor|cannot)|n't)(?P<words>(?:\s+[a-z][a-z'-]*){0,3})"
    r"\s+(?:us)?[$(\"']{0,3}$",
    re.I,
)
_UNABLE = re.compile(
    r"\b(?:cannot|can't|could(?: not|n't)|will not|won't|unable to|not able to|declined? to)"
    r"(?P<words>(?:\s+[a-z][a-z'-]*){0,6})\s+(?:us)?[$(\"']{0,3}$",
    re.I,
)
# a limit is no denial: "not after 30 days", "not all 12 refunds"
_LIMITS = word_set(
    "until till before by after past beyond over above under below than only just merely but and or"
    " less more fewer later earlier sooner exceed exceeding exceeds surpass unless if except all"
    " every each issues problem problems error errors because since so that doubt question"
)
# "did not find 12" denies a count, "did not return 12 items" counts what was not returned
_DENIES_COUNTS = word_set(
    "find found see seen have has had count counted confirm verify be been is was were are there"
    " any a an the exactly actually really yet of for on at in within to equal"
)
_OPENS_LONG_DENIAL = word_set("been be have has had yet actually really exactly a an the any")
_LONGEST_DENIAL = 60
_LONGEST_SPEECH = 120

_OTHERS = (
    r"\b(?:you|they|he|she|(?:the\s|this\s|our\s|a\s)(?:customer|client|caller|buyer|user"
    r"|colleague|requester|email|e-mail|message))\s+(?:\w+\s+)?"
)
_DOUBTED = r"(?:claim(?:s|ed)?|thinks?|thought|assume[ds]?|believe[ds]?|estimate[ds]?|guess(?:ed)?)"
_SAYING = (
    r"(?:say|says|said|writes?|wrote|mentions?|mentioned|asks?|asked|expects?|expected|states?"
    r"|stated|reports?|reported|quotes?|quoted|requests?|requested|hoped?|wants?|wanted)"
)
_GOES_ON = r"\b(?:(?![.;!?,]|\bbut\b|\bwhile\b|\band\b|\bhowever\b|\bwhereas\b)[\s\S]){0,80}$"
_DOUBTS = re.compile(rf"{_OTHERS}{_DOUBTED}{_GOES_ON}", re.I)
_SAYS = re.compile(rf"{_OTHERS}(?:{_DOUBTED}|{_SAYING}){_GOES_ON}", re.I)
_INTRODUCES = re.compile(rf"\b(?:{_DOUBTED}|{_SAYING}){_GOES_ON}", re.I)


_DENIED_AFTER = re.compile(
    r"\s+(?:is|was|were|are|has|have|did|does|do|could|can|will|would|should)"
    r"(?:(?:\s+not|n't)\s*(?:[.,;!?)]|$|(?:possible|correct|right|true|allowed|approved|due)\b)|\s+(?:\w+\s+)?(?:wrong|incorrect|mistaken|false)\b)",
    re.I,
)
# what one of the patterns needs: texts without it are told apart at once
_MAY_DENY = re.compile(
    r"n't|no[trw ]|never|neither|cannot|unable|declin|than|instead|from|claim|think|thought"
    r'|assum|believ|estimat|guess|"',
    re.I,
)
_MAY_SAY = re.compile(
    r"say|said|writ|wrote|mention|ask|expect|state|report|quot|request|hope|want|claim|think|thought"
    r"|assum|believ|estimat|guess",
    re.I,
)


def is_denied(text: str, value: Span, *, is_count: bool = False) -> bool:
    """Tell whether a text says that it is another value: "not 12", "instead of 12", "more than
    12", "did not find 12", "12 is wrong", "rose from 12", "you claimed 12", 'you said "12"'."""
    if _DENIED_AFTER.match(text, value.end):
        return True
    speech = text[max(0, value.start - _LONGEST_SPEECH) : value.start]
    if not _MAY_DENY.search(speech):
        return False
    left = speech[-_LONGEST_DENIAL:]
    if any(each.search(left) for each in (_DENIED, _COMPARED, _MOVED)) or _is_negated(
        left, is_count=is_count
    ):
        return True
    return bool(_DOUBTS.search(speech)) or _is_quoted(speech)


def is_of_others(text: str, value: Span) -> bool:
    """Tell whether a text only repeats what somebody else says: "you asked about 13 refunds"."""
    speech = text[max(0, value.start - _LONGEST_SPEECH) : value.start]
    if not _MAY_SAY.search(speech):
        return False
    return bool(_SAYS.search(speech)) or _is_quoted(speech)


def is_denied_outright(text: str, value: Span) -> bool:
    """Tell whether the denial stands right before: "not Ana Lima", "instead of Ana Lima"."""
    return bool(_DENIED.search(text[max(0, value.start - _LONGEST_DENIAL) : value.start]))


def _is_negated(left: str, *, is_count: bool) -> bool:
    unable = None if is_count else _UNABLE.search(left)
    if unable and _LIMITS.isdisjoint(unable["words"].lower().split()):
        return True
    found = _NEGATED.search(left)
    if not found:
        return False
    words = found["words"].lower().split()
    if not _LIMITS.isdisjoint(words) or (is_count and not _DENIES_COUNTS.issuperset(words)):
        return False
    return len(words) < 3 or words[0] in _OPENS_LONG_DENIAL


def _is_quoted(left: str) -> bool:
    """Tell whether a quotation is open that a verb of saying introduces."""
    if left.count('"') % 2 == 0:
        return False
    return bool(_INTRODUCES.search(left[: left.rindex('"')]))
