"""Regular expressions of authors, held to what can be compiled: counted repeats are unrolled when
a pattern is compiled, and nested ones multiply."""

import re
from math import prod
from typing import Any

import regex

MAX_PATTERN = 1000
MOST_REPEATS = 10_000  # of all counted repeats, those inside others multiplied
_TOKEN = re.compile(
    r"\\.|\(\?#[^)]*\)|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]"
    r"|(?P<counted>\{(?P<least>[0-9]*)(?:,(?P<most>[0-9]*))?\})|.",
    re.DOTALL,
)
_READ_OTHERWISE = re.compile(r"\(\?[\w-]*(?:x|V1)")  # verbose patterns, sets inside sets


def pattern_problem(pattern: Any) -> str:
    """Say why a pattern cannot be used, "" when it can."""
    if not isinstance(pattern, str) or len(pattern) > MAX_PATTERN:
        return f"write a pattern of at most {MAX_PATTERN} characters"
    if repeats_in(pattern) > MOST_REPEATS:
        return f"its counted repeats multiply to more than {MOST_REPEATS:,}; use * or + for some"
    try:
        regex.compile(pattern)
    except regex.error as error:
        return f"is no regular expression: {error}"
    return ""


def repeats_in(pattern: str) -> int:
    """Count how often its counted repeats repeat something: (a{3}b){2} is 6, a{3}b{2} is 5."""
    if _READ_OTHERWISE.search(pattern):
        return prod(max(1, _times(found)) for found in _TOKEN.finditer(pattern.replace("[", "")))
    open_groups, last = [0], 0  # what each group repeats so far, and its last part
    for found in _TOKEN.finditer(pattern):
        if found["counted"]:
            times = _times(found)
            more = times * max(1, last) if times > 1 else last
            open_groups[-1] += more - last
            last = more
        elif found[0] == "(":
            open_groups.append(0)
        elif found[0] == ")" and len(open_groups) > 1:
            last = open_groups.pop()
            open_groups[-1] += last
        elif found[0] not in "?+*":
            last = 0
    return sum(open_groups)


def _times(found: "re.Match[str]") -> int:
    if not found["counted"]:
        return 1
    return max(int(found["least"] or 1), int(found["most"] or 1))
