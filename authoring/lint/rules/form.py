"""C19: one plain sentence in the present."""

import re
from collections.abc import Callable, Iterator

from authoring.content import DraftCriterion
from authoring.drafts.scene import Scene
from authoring.lint import RULES, Finding, Rewrite, Severity
from authoring.lint.places import changed, edit, found
from authoring.lint.words.reading import Reading, readings
from authoring.lint.words.verbs import ALSO_NOUNS, BASES, PASTS, third
from authoring.lint.words.wordlists import words

FEWEST, MOST = 5, 40
_TODO = re.compile(r"\b(?:TODO|TBD|FIXME|XXX)\b|\?\?\?")
_TODOS = words("todo tbd fixme xxx")
_HEDGES = words(
    """
    should ideally might could possible preferably maybe perhaps probably hopefully optionally
    applicable needed may
    """
)
_OPEN_END = re.compile(r"\betc\b\.?|\band so on\b|(?:…|\.\.\.)\s*$")
_DOTS = re.compile(r"(?:…|\.\.\.)\s*$")
_HEDGE = re.compile(
    r"\b(?:should|ideally|might|could|if possible|preferably|maybe|perhaps|probably|hopefully"
    r"|optionally|where applicable|as needed|may(?= [a-z]))\b"
)
_NEXT = re.compile(
    r"[.!?](?= +[A-Z\ue000-\ue002])(?<!\b[A-Z].)(?<!\bNo.)(?<!\bInc.)(?<!i\.e.)(?<!e\.g.)"
)
_WILL = re.compile(r"\b(?:agent|answer|message|reply) (?:will|shall)\b")
_DID = re.compile(rf"\bagent (?:{'|'.join(sorted({*PASTS} - {'set', 'put', 'read'}))})\b(?! by\b)")
_QUESTION = re.compile(r"\?(?=\s*$)")
_SOFT = re.compile(r"\b(?:should|could|might|may|will|shall)\b (?:ideally )?(?!not\b|never\b)(\w+)")
_TAIL = re.compile(r",? (?:if possible|where applicable|as needed|and so on|etc\.?)(?=[\s.,]|$)")
_ORDERS = frozenset(base for base in BASES if third(base) not in ALSO_NOUNS) | {"ensure"}


@RULES.add("C19")
def plain_sentence(scene: Scene) -> Iterator[Finding]:
    """One sentence that is true or false when the work is over: anything else invites guesses."""
    for criterion, reading in readings(scene):
        if not reading.text.strip():
            why = "The criterion has no words yet."
            yield found("C19", Severity.WARNING, criterion, why, "", edit(criterion, "Write it"))
            continue
        yield from _problems(criterion, reading)


def _problems(criterion: DraftCriterion, reading: Reading) -> Iterator[Finding]:
    for severity, look, why in _CHECKS:
        if hit := look(reading):
            words = reading.text[hit.start() : hit.end()].strip()
            rewrite = _mended(criterion, reading) if why in _MENDED else edit(criterion)
            yield found("C19", severity, criterion, why, words, rewrite)
    yield from _shape(criterion, reading)


def _shape(criterion: DraftCriterion, reading: Reading) -> Iterator[Finding]:
    number = len(reading.text.split())
    if number < FEWEST:
        why = f"{number} words are few: who must have done or said what?"
        yield found("C19", Severity.HINT, criterion, why, reading.text.strip())
    elif number > MOST:
        why = f"{number} words are many: what of it is asked for?"
        yield found("C19", Severity.HINT, criterion, why, "")
    if _commands(reading) or _lacks_subject(reading):
        token = reading.tokens[0]
        why = "Begin with what is looked at: the agent, the answer or a record."
        words = reading.text[token.start : token.end]
        yield found("C19", Severity.HINT, criterion, why, words, _with_subject(criterion, reading))


def _asks(reading: Reading) -> re.Match[str] | None:
    return None if reading.marked.rstrip().endswith("???") else _QUESTION.search(reading.marked)


def _is_unfinished(reading: Reading) -> bool:
    return "???" in reading.marked or bool(_TODOS & reading.vocabulary)


def _hedges(reading: Reading) -> re.Match[str] | None:
    return _HEDGE.search(reading.asked) if _HEDGES & reading.vocabulary else None


def _trails_off(reading: Reading) -> re.Match[str] | None:
    is_open = "etc" in reading.vocabulary or " so on" in reading.low
    return _OPEN_END.search(reading.low) if is_open or _DOTS.search(reading.low) else None


def _commands(reading: Reading) -> bool:
    words = reading.words
    if len(words) < 2:
        return False
    is_order = words[0] in _ORDERS and reading.verb != 0
    return is_order or (words[0] == "check" and words[1] in ("that", "if", "whether", "the"))


def _lacks_subject(reading: Reading) -> bool:
    """Tell whether it begins with what is done: "States that …", "Correctly identifies …"."""
    first = reading.words[0] if reading.words else ""
    if reading.text.rstrip().endswith("?"):
        return False
    return reading.verb == 0 or (reading.verb == 1 and (first == "never" or first.endswith("ly")))


def _with_subject(criterion: DraftCriterion, reading: Reading) -> Rewrite:
    if not _lacks_subject(reading):
        return edit(criterion)
    who = "The answer" if criterion.kind == "response" else "The agent"
    text = f"{who} {reading.text[:1].lower()}{reading.text[1:]}"
    return changed(criterion, f"Begin with “{who}”", text=text[:1000])


def _mended(criterion: DraftCriterion, reading: Reading) -> Rewrite:
    """Offer the sentence without its hedge, or in the present, where that is a matter of words."""
    asked, reported = reading.text[: reading.claim], reading.text[reading.claim :]
    text = _TAIL.sub("", _SOFT.sub(_acts, asked, count=1) + reported)
    text = _DID.sub(_does, text, count=1)
    if text == reading.text:
        return edit(criterion)
    return changed(criterion, "Say it plainly", text=text if text.endswith(".") else f"{text}.")


def _does(found: re.Match[str]) -> str:
    agent, did = found[0].split(maxsplit=1)
    return f"{agent} {third(PASTS[did])}"


def _acts(found: re.Match[str]) -> str:
    return "is" if found[1] == "be" else third(found[1])


PLAIN = "Does it count or not? Say what must be so."
OPEN = "What else is meant? Name all, or leave it out."
PRESENT = "Say it in the present: it is read when all is done."
_MENDED = frozenset({PLAIN, OPEN, PRESENT})
_CHECKS: tuple[tuple[Severity, Callable[[Reading], re.Match[str] | None], str], ...] = (
    (
        Severity.WARNING,
        lambda reading: _TODO.search(reading.marked) if _is_unfinished(reading) else None,
        "Something is still to be filled in here.",
    ),
    (Severity.WARNING, _asks, "A question is not true or false: say what must be so."),
    (Severity.WARNING, _trails_off, OPEN),
    (Severity.WARNING, _hedges, PLAIN),
    (
        Severity.HINT,
        lambda reading: _NEXT.search(reading.marked),
        "More than one sentence: one says what counts.",
    ),
    (Severity.HINT, lambda reading: _WILL.search(reading.asked), PRESENT),
    (Severity.HINT, lambda reading: _DID.search(reading.asked), PRESENT),
)
