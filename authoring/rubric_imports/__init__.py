"""Rubrics of other formats, brought into a draft with a preview, and given out again.

formats: one module a format. source: a text read as JSON, lines of JSON or a table. fields, points,
rows: what formats read with. looking: a text looked at, whatever is wrong with it. planning: what
criteria would become in a draft. imports: doing so.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from authoring.content import DraftContent
from simulation.registry import Registry

MAX_BYTES = 1_000_000  # of a text that is brought in


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A criterion as another format says it.

    before: its points in the words of that format. name: what its key is made of, where the format
    has none itself. check: {} where the format has none. hints: what a person should look at.
    """

    place: str
    text: str
    points: int
    before: str
    category: str = "correctness"
    key: str = ""
    name: str = ""
    note: str = ""
    check: Mapping[str, Any] = field(default_factory=dict)
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a format made of a document. problems: while there is one, nothing can be imported.

    notices: rules that were followed, for a person to know.
    """

    criteria: tuple[Incoming, ...] = ()
    problems: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a document that is a rubric of its own: a row of a data set, a branch of a tree."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A way to write rubrics.

    shape: what it looks like, for people. fits: whether a document looks like it. parts: what can
    be chosen in it. must_choose: whether a document of several parts is no rubric itself. read: the
    criteria of a part, or with "" of the whole. write: the criteria of a task, for who has none of
    our software; raises Conflict for what it cannot say. suffix: of a file's name.
    """

    title: str
    shape: str
    suffix: str
    media_type: str
    fits: Callable[[Any], bool]
    read: Callable[[Any, str], Reading]
    write: Callable[[str, DraftContent], bytes]
    parts: Callable[[Any], Sequence[Part]] = lambda _: ()
    must_choose: bool = True


FORMATS: Registry[Format] = Registry("format", "authoring.rubric_imports.formats")
