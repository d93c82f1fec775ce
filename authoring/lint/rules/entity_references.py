"""C14: whatever is named is there, and a name means one row."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from authoring.content import CallStep
from authoring.drafts.scene import Scene
from authoring.lint import RULES, Finding, Rewrite, Severity
from authoring.lint.data.checks import (
    Written,
    argument_target,
    path_of,
    place_of,
    readable_check,
    replaced,
    rows_named,
    texts_of,
    with_check,
    written_checks,
)
from authoring.lint.data.distinct import told_once
from authoring.lint.data.references import (
    TypedName,
    exists,
    is_hidden,
    names_in,
    nearest,
    references_in,
    says_which,
)
from simulation.state import WorldState
from simulation.values import pluck
from simulation.wording import counted, listed, spoken

ID = "C14"
_NAMED = 3  # ids that a reason names


@RULES.add(ID)
@told_once
def entity_references(scene: Scene) -> Iterator[Finding]:
    state = scene.ready
    if state is None:
        return
    yield from _in_texts(scene, state)
    yield from _asker(scene, state)
    yield from _in_setup(scene, state)
    yield from _in_reference(scene, state)
    yield from _misfits(scene, state)
    checks = written_checks(scene)
    for written in checks:
        yield from _in_check(scene, state, written)
    yield from _names_in_prompt(scene, state)
    for written in checks:
        yield from _names_in_criterion(state, written)


def _error(place: str, why: str, words: str = "", rewrite: Rewrite | None = None) -> Finding:
    return Finding(
        rule=ID, severity=Severity.ERROR, place=place, why=why, words=words, rewrite=rewrite
    )


def _in_texts(scene: Scene, state: WorldState) -> Iterator[Finding]:
    """Find references that lead nowhere, in all that people write."""
    for each in texts_of(scene.content):
        for named in dict.fromkeys(references_in(each.text)):
            if named.entity_type not in state.entity_types:
                known = listed(sorted(state.entity_types), "or")
                why = f"There is no type {named.entity_type}: it may be {known}."
                yield _error(each.place, why, named.words)
            elif why := _missing(scene, state, named.entity_type, named.key):
                close = nearest(scene, named.entity_type, named.key)
                link = f"@{named.entity_type}:{close}" if close else ""
                rewrite = each.with_words(named.words, link) if close else None
                yield _error(each.place, why, named.words, rewrite)


def _missing(scene: Scene, state: WorldState, entity_type: str, key: str) -> str:
    """Say that a row is not there, "" when it is; what is hidden is another rule's."""
    if exists(scene, state, entity_type, key) or is_hidden(scene, entity_type, key):
        return ""
    close = nearest(scene, entity_type, key)
    meant = f" Is {close} meant?" if close else ""
    return f"There is no {spoken(entity_type)} {key} in {scene.content.world} and setup.{meant}"


def _asker(scene: Scene, state: WorldState) -> Iterator[Finding]:
    asker = scene.content.asker
    if asker and asker.type not in state.entity_types:
        yield _error("prompt", f"{scene.content.world} has no {asker.type}s: nobody of them asks.")
    elif asker and (why := _missing(scene, state, asker.type, asker.id)):
        yield _error("prompt", f"Who asks: {why}")


def _in_setup(scene: Scene, state: WorldState) -> Iterator[Finding]:
    made = {(op.get("entity_type"), op.get("id")) for op in scene.content.setup}
    for number, op in enumerate(scene.content.setup, start=1):
        for entity_type, key in _named_by_operation(op, state):
            if (entity_type, key) in made:
                continue
            if why := _missing(scene, state, entity_type, key):
                yield _error(f"setup/{number}", why, key)


def _named_by_operation(op: Mapping[str, Any], state: WorldState) -> Iterable[tuple[str, str]]:
    kind = state.entity_types.get(str(op.get("entity_type")))
    fields = op.get("fields")
    if kind is None or not isinstance(fields, Mapping):
        return
    for path, target in kind.references:
        for key in pluck(fields, path) if path.split(".")[0] in fields else ():
            if isinstance(key, str) and key:
                yield target, key


def _in_reference(scene: Scene, state: WorldState) -> Iterator[Finding]:
    company = state.snapshot.company
    for number, step in enumerate(scene.content.reference, start=1):
        for name, value in step.arguments.items() if isinstance(step, CallStep) else ():
            target = argument_target(company, name)
            keys = value if isinstance(value, list) else [value]
            for key in keys if target else ():
                if not isinstance(key, str) or target is None:
                    continue
                if why := _missing(scene, state, target, key):
                    yield _error(f"reference/{number}", f"{name}: {why}", key)


def _misfits(scene: Scene, state: WorldState) -> Iterator[Finding]:
    """Find checks that name types, fields, tools or values which the company does not have."""
    for criterion in scene.content.rubric.criteria:
        if check := readable_check(criterion):
            for line in check.problems(state.snapshot.company):
                yield _error(place_of(criterion), f"The check does not fit the world: {line}.")


def _in_check(scene: Scene, state: WorldState, written: Written) -> Iterator[Finding]:
    data = written.check.as_data()
    for entity_type, key in dict.fromkeys(rows_named(data, state.snapshot.company)):
        if why := _missing(scene, state, entity_type, key):
            yield _error(
                written.place,
                f"The check: {why}",
                key if key in written.criterion.text else "",
                _right_id(written, key, nearest(scene, entity_type, key)),
            )


def _right_id(written: Written, key: str, close: str) -> Rewrite | None:
    if not close:
        return None
    value = with_check(written.criterion, replaced(written.check.as_data(), key, close))
    value["text"] = value["text"].replace(key, close)
    return Rewrite(label=f"Write {close}", path=path_of(written.criterion), value=value)


def _names_in_prompt(scene: Scene, state: WorldState) -> Iterator[Finding]:
    """Find names that several rows share, where nothing else says which of them is meant."""
    text = scene.content.prompt
    if scene.content.asker:
        text = f"{text}\n{scene.content.asker.id}"
    for named in dict.fromkeys(names_in(scene.content.prompt, state)):
        if len(named.keys) > 1 and not says_which(text, named, state):
            yield _ambiguous("prompt", named)


def _names_in_criterion(state: WorldState, written: Written) -> Iterator[Finding]:
    text, data = written.criterion.text, str(written.check.as_data())
    for named in dict.fromkeys(names_in(text, state)):
        if any(key in data for key in named.keys) or any(key in text for key in named.keys):
            continue
        if len(named.keys) > 1:
            if not says_which(text, named, state):
                yield _ambiguous(written.place, named)
        elif named.words not in data:
            yield _unlinked(written, named)


def _ambiguous(place: str, named: TypedName) -> Finding:
    several = counted(len(named.keys), named.entity_type)
    more = len(named.keys) - _NAMED
    ids = listed(named.keys[:_NAMED]) + (f" and {more} more" if more > 0 else "")
    return Finding(
        rule=ID,
        severity=Severity.WARNING,
        place=place,
        why=f"{several} are called {named.words}: {ids}. Say which one is meant.",
        words=named.words,
    )


def _unlinked(written: Written, named: TypedName) -> Finding:
    link = f"@{named.entity_type}:{named.keys[0]}"
    value = written.criterion.model_dump(mode="json")
    value["text"] = value["text"].replace(named.words, f"{named.words} ({link})", 1)
    return Finding(
        rule=ID,
        severity=Severity.HINT,
        place=written.place,
        why=f"{named.words} is {spoken(named.entity_type)} {named.keys[0]}: with its id a reader"
        " gets to the row.",
        words=named.words,
        rewrite=Rewrite(label=f"Add {link}", path=path_of(written.criterion), value=value),
    )
