"""A criterion of several requirements as several sentences, each of which stands alone."""

import re
from itertools import pairwise

from authoring.lint.words.joints import Joint, aside_of
from authoring.lint.words.reading import Reading
from authoring.lint.words.verbs import BE

MOST = 6
_ORDER = re.compile(r"\b(?:first|then|also|finally)\s*$")
_BOTH = re.compile(r"\bboth (?=\S)")
_PRONOUN = re.compile(r"(?:it|they) ", re.IGNORECASE)
_OWN = re.compile(r"(?:its|their|his|her) ", re.IGNORECASE)


def parts_of(reading: Reading, joints: list[Joint]) -> tuple[str, ...]:
    """Write each requirement with the subject and verb it shares; () where that cannot be done."""
    if not 0 < len(joints) < MOST or any(joint.kind == "subject" for joint in joints):
        return ()
    text = reading.text
    ends = [*(joint.start for joint in joints), len(text)]
    begins = [0, *(joint.end for joint in joints)]
    heads = ["", *_heads(reading, joints)]
    said = [text[start:end] for start, end in zip(begins, ends, strict=True)]
    if any(joint.kind == "object" for joint in joints):
        said[0] = _BOTH.sub("", said[0], count=1)
    parts = [_sentence(_joined(head, part)) for head, part in zip(heads, said, strict=True)]
    return tuple(parts) if all(len(part.split()) > 2 for part in parts) else ()


def _heads(reading: Reading, joints: list[Joint]) -> list[str]:
    """Give what each part behind a joint takes over from the parts before it."""
    starts = [0, *(joint.end for joint in joints)]
    clause, heads = 0, []
    for (_, start), joint in zip(pairwise(starts), joints, strict=True):
        if joint.kind == "clause":
            heads.append(_subject(reading, start))
            clause = start
        else:
            heads.append(_head(reading, joint, clause))
    return heads


def _head(reading: Reading, joint: Joint, clause: int) -> str:
    """clause: where the sentence begins whose subject the part shares."""
    before = [place for place in _verbs(reading, clause) if place < joint.next]
    if not before:
        return ""
    if joint.kind == "verb":
        end = reading.tokens[before[0]].start
    elif joint.kind == "base":
        verb = before[0]
        denies = reading.words[verb + 1 : verb + 2] in (["not"], ["never"])
        end = reading.tokens[verb + 1 if denies else verb].end
    elif joint.kind == "participle":
        reaching = [n for n in before if reading.words[n] in BE | {"has", "have"}]
        end = reading.tokens[reaching[-1]].end if reaching else 0
    else:
        end = reading.tokens[before[0] if joint.kind == "that" else before[-1]].end
    return _ORDER.sub("", reading.text[clause:end].strip()).strip()


def _subject(reading: Reading, start: int) -> str:
    """Give what "it" or "its" at a place stands for: what the first sentence is about."""
    said = reading.text[start:]
    verbs = _verbs(reading, 0)
    if not (verbs and (_PRONOUN.match(said) or _OWN.match(said))):
        return ""
    aside = aside_of(reading)
    lead = next((n for n in range(len(reading.words)) if n not in aside), 0)
    return reading.text[reading.tokens[lead].start : reading.tokens[verbs[0]].start].strip()


def _verbs(reading: Reading, start: int) -> list[int]:
    aside = aside_of(reading)
    found = (place for place in reading.verbs(0) if place not in aside)
    return [place for place in found if reading.tokens[place].start >= start]


def _joined(head: str, part: str) -> str:
    """Put what is shared before a part: instead of a pronoun that stands for it."""
    if head and _PRONOUN.match(part):
        return f"{head} {_PRONOUN.sub('', part, count=1)}"
    if head and _OWN.match(part):
        return f"{head}'s {_OWN.sub('', part, count=1)}"
    return f"{head} {part}" if head else part


def _sentence(words: str) -> str:
    said = words.strip(" ,;:.\n")
    return f"{said[:1].upper()}{said[1:]}." if said else ""
