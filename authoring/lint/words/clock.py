"""Words that are another day whenever they are read."""

import re

from authoring.lint.words.masking import NUMBER
from authoring.lint.words.wordlists import words

_DATED = rf"(?!,? \(?{NUMBER}{{6}})(?! of {NUMBER})"
_SPANS = (
    "(?:night|week|month|quarter|year|monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
)
MOMENTS = words(
    """
    today tonight yesterday tomorrow now nowadays currently moment present last next this past
    coming recently ago current
    """
)
RELATIVE = re.compile(
    rf"\b(?:today|tonight|yesterday|tomorrow|(?:right )?now|nowadays|currently|at the moment"
    rf"|at present|(?:last|next|this|past|coming) {_SPANS}|this morning"
    rf"|(?:last|past|next) {NUMBER}+ (?:hours|days|weeks|months|years)|recently"
    rf"|\w+ (?:days?|weeks?|months?|years?) ago"
    rf"|(?<!a )(?<!of )current(?! of\b)(?= \w))\b{_DATED}"
)
