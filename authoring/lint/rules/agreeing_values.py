"""C15: what a criterion expects agrees with the world, its own text, and the reference."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson

from authoring.drafts.scene import Scene
from authoring.lint import RULES, Finding, Rewrite, Severity
from authoring.lint.data.checks import UNDECIDED, Written, path_of, with_check, written_checks
from authoring.lint.data.disagreements import Disagreement, disagreements
from authoring.lint.data.stated import all_values, expected_by, known_value, stated, values_of
from grading import expected
from grading.graders import read_check
from grading.graders.state import StateCheck
from grading.reading.names import names_of
from simulation.snapshots import Snapshot
from simulation.state import Change, WorldState
from simulation.text import canonical
from simulation.wording import listed, shown, spoken

ID = "C15"


@RULES.add(ID)
def agreeing_values(scene: Scene) -> Iterator[Finding]:
    state = scene.ready
    if state is None or scene.snapshot is None:
        return
    for written in written_checks(scene):
        yield from _with_world(scene, scene.snapshot, written)
        if found := list(disagreements(scene, written)):
            yield from (_with_reference(written, each) for each in found)
            continue  # which of check and text is wrong shows when the check is right
        yield from _with_text(state, written)
        yield from _ids_with_text(state, written)
        yield from _choices_with_text(state, written)


def _error(written: Written, why: str, words: str = "", rewrite: Rewrite | None = None) -> Finding:
    return Finding(
        rule=ID,
        severity=Severity.ERROR,
        place=written.place,
        why=why,
        words=words,
        rewrite=rewrite,
    )


# with the world: what queries give now


def _with_world(scene: Scene, snapshot: Snapshot, written: Written) -> Iterator[Finding]:
    if b'"query"' not in written.encoded:
        return
    lines, now = _asked_again(
        snapshot, scene.setup, canonical(scene.content.setup), written.encoded
    )
    rewrite = _take(written, orjson.loads(now)) if now else None
    for line in lines:
        said = "The world says otherwise" if now else "The world has no answer"
        yield _error(written, f"{said}: {line}.", "", rewrite)


def _take(written: Written, check: Mapping[str, Any]) -> Rewrite:
    return Rewrite(
        label="Take what the world gives now",
        path=path_of(written.criterion),
        value=with_check(written.criterion, check),
    )


class _Changes(tuple[Change, ...]):
    """The changes of a setup beside the cache key that says them."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Changes)

    def __hash__(self) -> int:
        return 0


def _asked_again(
    snapshot: Snapshot, setup: Sequence[Change], patch: bytes, data: bytes
) -> tuple[Sequence[str], bytes]:
    return _ask_again(snapshot, _Changes(setup), patch, data)


@lru_cache(maxsize=2048)
def _ask_again(
    snapshot: Snapshot, setup: _Changes, patch: bytes, data: bytes
) -> tuple[Sequence[str], bytes]:
    """Give what the queries of a check answer otherwise than it says, and the check as it would
    be right; b"" where one has no answer."""
    state = WorldState(snapshot, setup)
    check = read_check(orjson.loads(data))
    try:
        lines = expected.stale(check.as_data(), state)
        return lines, canonical(check.bound(state).as_data()) if lines else b""
    except UNDECIDED as error:
        return [str(getattr(error, "message", error))], b""


# with its own text


def _with_text(state: WorldState, written: Written) -> Iterator[Finding]:
    wanted = expected_by(written.check)
    if wanted is None or not wanted.values:
        return
    text, year = written.criterion.text, int(state.now[:4])
    said = stated(text, year, wanted.kinds)
    if not said or any(wanted.has(each.value) for each in values_of(text, year)):
        return
    inside = all_values(written.check.as_data())
    if any(each.value in inside for each in said):
        return
    words = text[said[0].start : said[0].end]
    right = listed([_shown(each, like=words) for each in wanted.values], "or")
    why = f"The text says {words}, its check expects {right}."
    yield _error(written, why, words, _text_rewrite(written, words, right))


def _shown(value: Any, *, like: str) -> str:
    return f"${value:,.2f}" if "$" in like else shown(value)


def _text_rewrite(written: Written, words: str, right: str) -> Rewrite:
    value = written.criterion.model_dump(mode="json")
    value["text"] = value["text"].replace(words, right, 1)
    return Rewrite(label=f"Write {right}", path=path_of(written.criterion), value=value)


def _ids_with_text(state: WorldState, written: Written) -> Iterator[Finding]:
    """Find a text that names another row of the type than the one that its check looks at."""
    check, text = written.check, written.criterion.text
    if not isinstance(check, StateCheck) or check.entity_type not in state.entity_types:
        return
    key = known_value(check.id)
    if not isinstance(key, str) or key in str(text):
        return
    named = names_of(state, check.entity_type).find(text)
    ids = [text[c.start : c.end] for c in named if text[c.start : c.end] in c.ids]
    if not ids or any(key in call.ids for call in named):
        return
    label = spoken(check.entity_type)
    why = f"The text is about {label} {ids[0]}, its check looks at {label} {key}."
    yield _error(written, why, ids[0], _text_rewrite(written, ids[0], key))


def _choices_with_text(state: WorldState, written: Written) -> Iterator[Finding]:
    """Find "the status is paid" above a check that expects another status."""
    check, text = written.check, written.criterion.text
    if not isinstance(check, StateCheck) or check.exists is False:
        return
    kind = state.entity_types[check.entity_type]
    fields: dict[str, set[str]] = {}
    for line in check.expect:
        values = known_value(line.value)
        if line.op in ("eq", "in"):
            many = values if isinstance(values, list | tuple) else (values,)
            fields.setdefault(line.path, set()).update(map(str, many))
    for path, wanted in fields.items():
        choices = kind.fields[path].choices if path in kind.fields else ()
        said = _stated_choice(text, path, choices)
        if said and said.lower() not in {each.lower() for each in wanted}:
            right = listed(sorted(wanted), "or")
            why = f"The text says {spoken(path)} {said}, its check expects {right}."
            yield _error(written, why, said, _text_rewrite(written, said, right))


def _stated_choice(text: str, path: str, choices: Sequence[str]) -> str:
    """Give the choice that a text states of a field; "" for none, or for more than one."""
    words = "|".join(sorted(map(re.escape, choices), key=len, reverse=True))
    if not words:
        return ""
    link = r"(?: (?:is|has|becomes|set to|changed to|to|=|of))?:?"
    pattern = rf"\b{re.escape(spoken(path))}{link} [\"“'`]?({words})\b(?![-_])"
    found = {match[1] for match in re.finditer(pattern, text, re.IGNORECASE)}
    return found.pop() if len(found) == 1 else ""


# with the reference


def _with_reference(written: Written, found: Disagreement) -> Finding:
    place = f"{spoken(found.path)} of {spoken(found.entity_type)} {found.key}"
    why = f"The reference sets {place} to {shown(found.ends)}, the check expects {found.expected}."
    rewrite = Rewrite(
        label=f"Expect {shown(found.ends)}",
        path=path_of(written.criterion),
        value=with_check(written.criterion, found.mended),
    )
    values = (found.expected, shown(found.ends))
    words = next((each for each in values if each in written.criterion.text), "")
    return _error(written, why, words, rewrite)
