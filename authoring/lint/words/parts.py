"""A criterion of several requirements as several sentences, each of which stands alone."""

from itertools import pairwise

from authoring.lint.words.joints import Joint
from authoring.lint.words.reading import Reading
from authoring.lint.words.verbs import BE

MOST = 6


def parts_of(reading: Reading, joints: list[Joint]) -> tuple[str, ...]:
    """Write each requirement with the subject and verb it shares; () where that cannot be done."""
    if not 0 < len(joints) < MOST or any(joint.kind == "subject" for joint in joints):
        return ()
    text = reading.text
    ends = [*(joint.start for joint in joints), len(text)]
    begins = [0, *(joint.end for joint in joints)]
    heads = ["", *_heads(reading, joints)]
    parts = [
        _sentence(head + text[start:end])
        for head, start, end in zip(heads, begins, ends, strict=True)
    ]
    return tuple(parts) if all(len(part.split()) > 2 for part in parts) else ()


def _heads(reading: Reading, joints: list[Joint]) -> list[str]:
    """Give what each part behind a joint takes over from the parts before it."""
    starts = [0, *(joint.end for joint in joints)]
    clause, heads = 0, []
    for (_, start), joint in zip(pairwise(starts), joints, strict=True):
        if joint.kind == "clause":
            clause = start
            heads.append("")
            continue
        heads.append(_head(reading, joint, clause))
    return heads


def _head(reading: Reading, joint: Joint, clause: int) -> str:
    """clause: where the sentence begins whose subject the part shares."""
    verbs = [place for place in reading.verbs(0) if clause <= reading.tokens[place].start]
    before = [place for place in verbs if place < joint.next]
    if not before:
        return ""
    first, last = before[0], before[-1]
    if joint.kind == "verb":
        end = reading.tokens[first].start
    elif joint.kind == "participle":
        end = reading.tokens[max(n for n in before if reading.words[n] in BE | {"has", "have"})].end
    else:
        end = reading.tokens[first if joint.kind == "that" else last].end
    return f"{reading.text[clause:end].strip()} "


def _sentence(words: str) -> str:
    said = words.strip(" ,;:.\n")
    return f"{said[:1].upper()}{said[1:]}." if said else ""
