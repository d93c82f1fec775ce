"""C16: nothing is asked for that an agent has no way to know."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from authoring.drafts.scene import Scene
from authoring.lint import RULES, Finding, Severity
from authoring.lint.data.checks import (
    UNDECIDED,
    Written,
    place_of,
    rows_named,
    texts_of,
    written_checks,
)
from authoring.lint.data.distinct import told_once
from authoring.lint.data.reach import types_in_reach
from authoring.lint.data.references import is_hidden, references_in
from grading.expected import Bound
from grading.graders.response import ResponseCheck
from grading.reading.plain import needle, whole
from simulation.paths import read_path
from simulation.query import WorldQuery
from simulation.snapshots import Snapshot
from simulation.state import WorldState
from simulation.text import canonical
from simulation.tools import definitions_document
from simulation.wording import plural, spoken

ID = "C16"
_NOTES = re.compile(
    r"\b(?:(?:reviewer|author|grader)(?:'s|s'|s)? notes?|notes? (?:for|to|of) (?:the )?"
    r"(?:graders?|reviewers?|authors?)|(?:task|private|internal) notes? of the author"
    r"|(?:the|our) (?:reference|golden|gold|model) (?:answer|solution)"
    r"|as (?:in|the) reference (?:does|says|gives))\b",
    re.IGNORECASE,
)
_CODE = re.compile(r"(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{4,}")
_NAME = re.compile(r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)+")


@RULES.add(ID)
@told_once
def hidden_knowledge(scene: Scene) -> Iterator[Finding]:
    state, snapshot = scene.ready, scene.snapshot
    if state is None or snapshot is None:
        return
    yield from _hidden_in_texts(scene)
    for criterion in scene.content.rubric.criteria:
        if found := _NOTES.search(criterion.text):
            why = "An agent never sees this: say in the criterion itself what is expected."
            yield _error(place_of(criterion), why, found[0])
    for written in written_checks(scene):
        yield from _hidden_rows(scene, snapshot, written)
        yield from _out_of_reach(scene, snapshot, written)
        yield from _only_in_notes(scene, state, written)


def _error(place: str, why: str, words: str = "") -> Finding:
    return Finding(rule=ID, severity=Severity.ERROR, place=place, why=why, words=words)


def _hidden_in_texts(scene: Scene) -> Iterator[Finding]:
    for written in texts_of(scene.content):
        for each in dict.fromkeys(references_in(written.text)):
            if written.place != "task" and is_hidden(scene, each.entity_type, each.key):
                why = _after_clock(scene, each.entity_type, each.key)
                yield _error(written.place, why, each.words)


def _hidden_rows(scene: Scene, snapshot: Snapshot, written: Written) -> Iterator[Finding]:
    """Find rows after the clock that a check names: they are there for nobody."""
    for entity_type, key in dict.fromkeys(rows_named(written.check.as_data(), snapshot.company)):
        if is_hidden(scene, entity_type, key):
            words = key if key in written.criterion.text else ""
            yield _error(written.place, _after_clock(scene, entity_type, key), words)


def _after_clock(scene: Scene, entity_type: str, key: str) -> str:
    now = scene.snapshot.now if scene.snapshot else ""
    return (
        f"No agent can see {spoken(entity_type)} {key}: it is of after the world's clock ({now})."
    )


def _out_of_reach(scene: Scene, snapshot: Snapshot, written: Written) -> Iterator[Finding]:
    """Find answers that rest on a type which no tool of the toolset reads."""
    company, toolset = snapshot.company, scene.content.toolset
    if not isinstance(written.check, ResponseCheck) or toolset not in company.toolsets:
        return
    near = types_in_reach(company, toolset)
    asked = sorted(set(_types_asked(written.check.as_data(), snapshot)) - near)
    for entity_type in asked:
        if not _was_read(scene, written):
            why = f"No tool of the toolset {toolset} reads {plural(entity_type)}."
            yield _error(written.place, f"{why} The agent cannot know the answer.")


def _types_asked(data: Any, snapshot: Snapshot) -> Iterator[str]:
    """Name the types whose values a check expects the agent to tell."""
    if isinstance(data, list | tuple):
        for item in data:
            yield from _types_asked(item, snapshot)
    if not isinstance(data, Mapping):
        return
    if isinstance(data.get("query"), Mapping):
        yield from _types_measured(WorldQuery.model_validate(data["query"]), snapshot)
        return
    for name, item in data.items():
        if name == "entity" and isinstance(item, Mapping) and "entity_type" in item:
            yield str(item["entity_type"])
        if name != "source":
            yield from _types_asked(item, snapshot)


def _types_measured(query: WorldQuery, snapshot: Snapshot) -> Iterator[str]:
    paths = [query.measure.of] if query.measure.of else list(query.measure.paths)
    if not paths:
        yield query.entity_type
    for path in paths:
        try:
            hops = read_path(snapshot.company, query.entity_type, path).hops
        except UNDECIDED:
            continue
        yield hops[-1][1] if hops else query.entity_type


def _was_read(scene: Scene, written: Written) -> bool:
    """Tell whether the reference read what is expected after all, by whatever way."""
    played = scene.played
    if played is None:
        return False
    results = "\n".join(str(step.result) for step in played.calls if not step.is_error)
    values = [str(v) for v in _frozen(written.check) if not isinstance(v, bool)]
    return any(len(value) > 1 and value in results for value in values)


def _frozen(value: Any) -> Iterator[Any]:
    """Give the values that a check's queries gave, one by one."""
    if isinstance(value, Bound):
        yield from value.value if isinstance(value.value, tuple) else (value.value,)
    elif hasattr(type(value), "model_fields"):
        for name in type(value).model_fields:
            yield from _frozen(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _frozen(item)


def _only_in_notes(scene: Scene, state: WorldState, written: Written) -> Iterator[Finding]:
    """Find codes and names that must be told and stand nowhere but in the notes."""
    check, notes = written.check, scene.content.notes
    if not isinstance(check, ResponseCheck) or check.text is None or not written.is_wanted:
        return
    demanded = check.text.all_of or (check.text.any_of if len(check.text.any_of) == 1 else ())
    for word in demanded:
        if not isinstance(word, str) or not _is_particular(word) or not _stands_in(word, notes):
            continue
        if not _is_readable(scene, state, word):
            why = f"“{word}” stands in the notes only: an agent cannot find it anywhere."
            yield _error(written.place, why, word if word in written.criterion.text else "")


def _is_particular(word: str) -> bool:
    return bool(_CODE.fullmatch(word) or _NAME.fullmatch(word))


def _stands_in(word: str, text: str) -> bool:
    return whole((needle(word),)).search(needle(text)) is not None


def _is_readable(scene: Scene, state: WorldState, word: str) -> bool:
    system = scene.prompts.get(scene.content.system_prompt, "")
    folded = word.casefold()
    texts = (scene.content.prompt, system, str(scene.content.customer or ""))
    if any(folded in text.casefold() for text in texts):
        return True
    changed = canonical([c.after for c in scene.setup]).decode().casefold()
    return folded in changed or _in_world(state.snapshot, scene.content.toolset, folded)


@lru_cache(maxsize=256)
def _in_world(snapshot: Snapshot, toolset: str, folded: str) -> bool:
    """Tell whether words stand in the rows that agents can see, or in what their tools say."""
    company = snapshot.company
    tools = definitions_document(company.toolsets.get(toolset, {})).decode().casefold()
    return folded in tools or any(
        folded in canonical(row).decode().casefold()
        for name in company.entity_types
        for row in snapshot.rows(name).values()
    )
