"""Setting aside what is no prose: quotations, names, ids and numbers, each by a sign of its own.

A masked text is as long as the text, so that a place in one is the same place in the other.
"""

import re

from authoring.lint.words.lexicon import FIXED_PAIRS, MONTHS

QUOTE, NAME, ID, NUMBER = "\ue000", "\ue001", "\ue002", "\ue003"
LITERALS = f"[{QUOTE}-{NUMBER}]"

QUOTES = "“\"«„`'\u2018"
_SIGNS = re.compile(f"[{QUOTE}-\uf8ff]")
_QUOTED = re.compile(
    r"“[^”\n]{0,300}”|\"[^\"\n]{0,300}\"|«[^»\n]{0,300}»|„[^“\n]{0,300}“|`[^`\n]{0,300}`"
    r"|(?<!\w)['\u2018][^'’\n]{1,300}['’](?!\w)"
)
_PAIRS = re.compile(rf"\b(?:{'|'.join(FIXED_PAIRS)})\b", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]{1,60}@[\w.-]{1,60}\w|@\w+:[\w-]+")
_ID = re.compile(
    r"\b(?=[\w-]{0,60}\d)(?=[\w-]{0,60}[A-Za-z])\w+(?:-\w+)+\b"
    r"|\b[a-z]+(?:_[a-z0-9]+)+\b|\b(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-Z0-9]{3,}\b"
)
_NUMBER = re.compile(
    r"[$€£±\d](?<!\d\d)(?<!\d[,.:]\d)(?:(?<=\d)|(?=\d))"  # begins with one set: quick to find
    r"(?:(?<=\d)\d{3}-\d\d-\d\d(?:T[\d:.]+Z?)?"
    r"|[\d,]*(?:[.:]\d+)*(?:st|nd|rd|th)?\b(?: ?%)?)"
)
_MARKED = re.compile(r"[\d_]")
_N = f"{NUMBER}{{1,4}}"
_MONTH = re.compile(rf"\b(?:{MONTHS})\b", re.IGNORECASE)
_DATE = re.compile(
    rf"\b(?:{MONTHS})\.? {_N}(?!{NUMBER})(?:(?: to |–|-){_N}(?!{NUMBER}))?"
    rf"(?:,? {NUMBER}{{4}}(?!{NUMBER}))?"
    rf"|(?<!{NUMBER}){_N}(?: of)? (?:{MONTHS})\b(?:,? {NUMBER}{{4}}(?!{NUMBER}))?",
    re.IGNORECASE,
)


def lowered(text: str) -> str:
    """Write a text in lower case, every character in its place."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(each if len(each.lower()) != 1 else each.lower() for each in text)


def without_quotes(text: str) -> str:
    text = _SIGNS.sub(" ", text)
    return _QUOTED.sub(lambda found: QUOTE * len(found[0]), text) if _may_quote(text) else text


def without_ids(text: str) -> str:
    if "@" in text:
        text = _MAIL.sub(_set_aside, text)
    if _MARKED.search(text):
        text = _ID.sub(_set_aside, text)
    return _PAIRS.sub(lambda found: NAME * len(found[0]), text) if " and " in text else text


def _set_aside(found: re.Match[str]) -> str:
    return ID * len(found[0])


def without_numbers(text: str) -> str:
    """Set numbers aside, and days as one: "September 14, 2025" is a number here."""
    masked = _NUMBER.sub(_number, text)
    if masked != text and _MONTH.search(masked):
        return _DATE.sub(lambda found: NUMBER * len(found[0]), masked)
    return masked


def _number(found: re.Match[str]) -> str:
    said = found[0].rstrip(",")
    return NUMBER * len(said) + found[0][len(said) :]


def _may_quote(text: str) -> bool:
    return any(sign in text for sign in QUOTES)
