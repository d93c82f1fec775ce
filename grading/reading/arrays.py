"""Arrays: the items that JSON lists, as members of an array or names of an object's members."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from grading.reading.embedded import embedded_in
from grading.reading.listings import Listing
from grading.reading.mentions import Named, Vocabulary
from grading.reading.scopes import Part, Scope

LONGEST = 160  # characters of an extra member that are named


class Array(NamedTuple):
    """Members that stand in one place; `above` are the names that lead there, the nearest first."""

    members: Sequence[Any]
    above: tuple[str, ...]


def in_json(raw: str, words: Vocabulary) -> Iterator[Listing]:
    """Read a JSON text, or fenced JSON inside a text, as the lists that it holds."""
    for each in embedded_in(raw):
        yield _of_arrays(each.value, words)


def _of_arrays(data: Any, words: Vocabulary) -> Listing:
    listing = Listing()
    for array, above in _arrays(data, words, ()):
        named = [words.named(text) for text in map(_member_text, array, [words] * len(array))]
        if any(each.is_head for each in named):
            listing.begin()
            for member, each in zip(array, named, strict=True):
                text = _member_text(member, words)
                if each.is_head:
                    listing.add(each, text)
                    listing.scopes.append(partial(_scopes, member, above, each))
                else:
                    listing.extras.append(text[:LONGEST])
    return listing


def _arrays(data: Any, words: Vocabulary, above: tuple[str, ...]) -> Iterator[Array]:
    """Give the arrays of a JSON value that are not inside a member of another one, and objects
    whose members are named as the items are."""
    if isinstance(data, list) and data:
        yield Array(data, above)
    elif isinstance(data, dict):
        keyed = {name: value for name, value in data.items() if words.named(name).is_head}
        if keyed:
            yield Array([{"": name, "=": value} for name, value in keyed.items()], above)
        for name, value in data.items():
            if name not in keyed:
                yield from _arrays(value, words, (name.replace("_", " "), *above))


def _member_text(member: Any, words: Vocabulary) -> str:
    """Give what a member of an array is called: itself, or the first text inside that is an
    expected item."""
    if not isinstance(member, dict):
        return str(member)
    texts = [value for value in member.values() if isinstance(value, str)]
    return next((text for text in texts if words.named(text).is_head), texts[0] if texts else "")


def _scopes(member: Any, above: tuple[str, ...], named: Named) -> Iterator[tuple[int, Scope]]:
    parts = tuple(_parts("", member))
    for item in dict.fromkeys(mention.item for mention in named.mentions):
        yield item, Scope(parts, above)


def _parts(column: str, value: Any) -> Iterator[Part]:
    if isinstance(value, dict):
        for name, inside in value.items():
            yield from _parts(f"{column}.{name}", inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _parts(column, inside)
    elif value is not None:
        yield Part(column, str(value))
