"""What a customer must not write: what is not theirs to know, and what nobody in their place says.

A rule finds what it looks for and nothing subtler; that a customer is never told what is withheld
does not depend on it.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from simulation.conversation.leaks import leaks, names_in, plain
from simulation.fences import WORD

LONGEST = 1500  # characters of a message, besides what was asked for
_MACHINES = (
    r"(ai|a\.i\.|artificial intelligence|(large )?language model|llm|chat ?bot|bot"
    r"|simulat(ed|ion|or)\w*|virtual (assistant|customer)|(ai |helpful )?assistant)"
)
_MACHINE = re.compile(
    rf"\b((i am|i'm|i was|i'll be|speaking as|acting as|as) (only |just |actually |really )*"
    rf"(an? |the |your )?{_MACHINES})\b",
    re.IGNORECASE,
)
_STAGE = re.compile(
    r"\b(role-?play(ing)?|system prompts?|my (prompts?|persona)"
    r"|my (instructions|guidelines) (say|are|forbid|tell|do not|don't|prevent)"
    r"|(the|this|a) simulation|this (evaluation|benchmark|scenario)|json"
    r"|(facts|topics) (that )?(i|are) (withh[eo]ld|supposed)|withheld (facts?|topics?))\b",
    re.IGNORECASE,
)
_STAFF = re.compile(
    r"\b(how (can|may) i (help|assist)( you)?|thank you for (contacting|reaching out)"
    r"|(is there )?anything else i can (help|assist|do for)"
    r"|i('ve| have)( now)? (processed|issued|updated|looked up) your \w+"
    r"|(our|my) (customer service|support team))\b",
    re.IGNORECASE,
)
_GUIDANCE = re.compile(
    r"\b((you|the agent|the employee) (should|must|need to|have to|can) (first |then |now )*"
    r"(use|call|run|invoke|query) (the |a |your )?\w+( \w+)?( tool| function| api| database)"
    r"|tool calls?|function calls?|api call|the (correct|right|reference) (solution|answer) is)\b",
    re.IGNORECASE,
)
_WRITTEN_BY_MACHINES = re.compile(rf"^\s*[\[{{]|```|\{{\s*\"|</?{WORD}|<\|", re.IGNORECASE)
_TOOL_NAME = re.compile(r"[a-z][A-Z]|_|\d")  # no word that people write


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """Within which a message stays.

    known: all that the customer knows and was told to be. heard: what the agent wrote.
    withheld: facts that nobody asked for yet. tools: names that the agent alone knows.
    longest: characters.
    """

    known: str
    heard: str = ""
    withheld: tuple[str, ...] = ()
    tools: Collection[str] = ()
    longest: int = LONGEST

    @property
    def said(self) -> str:
        return f"{self.known}\n{self.heard}"


Rule = Callable[[str, Bounds], Iterator[str]]


def breaches(text: str, bounds: Bounds) -> list[str]:
    """Name everything that is wrong with a message, in words for whoever wrote it."""
    if not text.strip():
        return ["the message is empty"]
    return [line for rule in _RULES for line in rule(text, bounds)]


def _is_long(text: str, bounds: Bounds) -> Iterator[str]:
    if len(text) > bounds.longest:
        yield f"it is {len(text):,} characters long; people write less than {bounds.longest:,}"


def _leaves_role(text: str, bounds: Bounds) -> Iterator[str]:
    own = plain(bounds.known)
    for pattern, what in (
        (_MACHINE, "a person would not say of themselves"),
        (_STAGE, "a customer knows nothing of"),
        (_STAFF, "is said by the company's employees, not by a customer"),
        (_GUIDANCE, "tells the employee how to do the work"),
    ):
        found = pattern.search(text)
        if found and plain(found[0]) not in own:
            yield f"it leaves the role: “{found[0]}” {what}"


def _is_no_message(text: str, bounds: Bounds) -> Iterator[str]:
    if _WRITTEN_BY_MACHINES.search(text):
        yield "it leaves the role: people write no JSON, no code and no marks"


def _names_tools(text: str, bounds: Bounds) -> Iterator[str]:
    words = set(re.findall(r"\w+", text)) - set(re.findall(r"\w+", bounds.said))
    named = sorted(name for name in words & set(bounds.tools) if _TOOL_NAME.search(name))
    if named:
        yield f"it leaves the role: a customer does not know {', '.join(named)}"


def _leaks(text: str, bounds: Bounds) -> Iterator[str]:
    if any(leaks(text, fact, bounds.said) for fact in bounds.withheld):
        yield "it tells what the customer was not asked about yet"


def _invents(text: str, bounds: Bounds) -> Iterator[str]:
    known = names_in(bounds.said)
    strange = [name for key, name in names_in(text).items() if key not in known]
    if strange:
        yield f"it names {', '.join(strange)}, which the customer does not know"


_RULES: tuple[Rule, ...] = (
    _is_long, _leaves_role, _is_no_message, _names_tools, _leaks, _invents,
)  # fmt: skip
