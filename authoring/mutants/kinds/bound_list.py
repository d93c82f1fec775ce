"""A list that the rubric binds to the world becomes that of a sibling query: rows are missing, rows
are too many."""

from collections.abc import Iterator, Sequence

from authoring.mutants import KINDS, Mutation
from authoring.mutants.items import Items, items_of
from authoring.mutants.siblings import siblings
from authoring.mutants.subject import Prose, Subject
from simulation.wording import counted


@KINDS.add("bound-list")
def bound_list(subject: Subject) -> Iterator[Mutation]:
    for bound in subject.bounds:
        if isinstance(bound.value, tuple):
            wanted = list(map(_name, bound.value))
            for sibling in siblings(bound, subject.start):
                listed = list(map(_name, sibling.value))
                for prose in subject.prose:
                    yield from _told(subject, prose, (wanted, listed), sibling.words)


def _told(
    subject: Subject, prose: Prose, lists: tuple[Sequence[str], Sequence[str]], why: str
) -> Iterator[Mutation]:
    wanted, listed = lists
    items = items_of(prose.text, subject.vocabulary)
    missing = [name for name in wanted if name not in listed and items.holding(name)]
    extra = [name for name in listed if name not in wanted and not _stands(subject, prose, name)]
    text = _relisted(subject, items, missing, extra)
    if text != prose.text:
        found = counted(len(missing), "item is", "items are")
        more = counted(len(extra), "item is", "items are")
        sentence = f"In {prose.noun} {found} missing and {more} too many, because {why}."
        yield Mutation(sentence, subject.with_text(prose, text))


def _relisted(subject: Subject, items: Items, missing: Sequence[str], extra: Sequence[str]) -> str:
    lines = list(items.lines)
    gone = {place for name in missing for place in items.holding(name)}
    added = [line for name in extra if (line := items.line_about(name, subject.vocabulary))]
    last = max(items.places, default=None)
    if last is None:
        return "\n".join(lines)
    kept = [line for place, line in enumerate(lines[: last + 1]) if place not in gone]
    return "\n".join([*kept, *added, *lines[last + 1 :]])


def _stands(subject: Subject, prose: Prose, name: str) -> bool:
    """Tell whether a text names the row already, by its id or by what it is called."""
    kind, row = subject.vocabulary.row_named(name) or ("", {})
    names = [row.get(field) for field in subject.vocabulary.name_fields(kind)] if kind else []
    texts = [name, row.get("id"), *names]
    return any(text in prose.text for text in texts if isinstance(text, str))


def _name(item: object) -> str:
    return str(item[-1]) if isinstance(item, list | tuple) else str(item)
