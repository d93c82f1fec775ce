"""Whatever a task says: written, read and written again, it is the same to the byte."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from authoring.bundles.task_file import read_tasks
from authoring.content import TaskContent, read_content
from authoring.exports.contents import PackedTask
from authoring.exports.task_files import task_json, task_path
from simulation.portability.files import Files
from simulation.portability.shelf import Shelf
from simulation.text import clean_json
from tests.authoring.folders import TASK

TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20)
WORDS = TEXT.filter(str.strip)
SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXT
NUMBERS = st.floats(-1e15, 1e15)
JSON = st.recursive(
    SCALARS | NUMBERS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
OBJECTS = st.dictionaries(TEXT, JSON, max_size=3)
SLUG = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8})?", fullmatch=True)
CALLS = st.builds(lambda call, arguments: {"call": call, "arguments": arguments}, WORDS, OBJECTS)
MESSAGES = st.builds(lambda text: {"message": text}, WORDS)
POINTS = st.integers(-3, 3).filter(bool)


@st.composite
def criteria(draw: Any) -> Any:
    keys = draw(st.lists(SLUG, min_size=1, max_size=3, unique=True))
    return [
        {
            "key": key,
            "text": draw(WORDS),
            "points": 1 if number == 0 else draw(POINTS),
            "note": draw(TEXT),
            "check": {**draw(OBJECTS), "kind": draw(WORDS)},
        }
        for number, key in enumerate(keys)
    ]


@st.composite
def contents(draw: Any) -> TaskContent:
    asker = st.none() | st.builds(lambda key: {"type": "customer", "id": key}, WORDS)
    misses = st.builds(
        lambda name, calls: {"name": name, "solution": calls}, WORDS, st.lists(CALLS | MESSAGES)
    )
    data = {
        **TASK,
        "title": draw(WORDS),
        "prompt": draw(WORDS),
        "asker": draw(asker),
        "setup": draw(st.lists(OBJECTS, max_size=2)),
        "budgets": {"max_turns": 7, "max_cost": draw(st.none() | st.floats(0.01, 9))},
        "faults": draw(st.none() | st.builds(lambda rate: {"error_rate": rate}, st.floats(0, 1))),
        "reference": [*draw(st.lists(CALLS, max_size=3)), draw(MESSAGES)],
        "near_misses": draw(st.lists(misses, max_size=2)),
        "rubric": {"criteria": draw(criteria())},
        "target_level": draw(st.none() | st.integers(1, 5)),
        "tags": draw(st.lists(TEXT, max_size=2)),
        "notes": draw(TEXT),
    }
    return read_content(clean_json(data))


@settings(max_examples=60)
@given(contents(), SLUG, st.integers(1, 99), SLUG | st.just(""))
def test_a_task_is_written_and_read_and_written_the_same(content, slug, revision, family):
    task = PackedTask(
        slug=slug, revision=revision, hash=content.hash, family=family, split="train",
        content=content,
    )  # fmt: skip
    written = task_json(task, "canary")
    shelf = Shelf(Files(contents={task_path(slug): written}))

    (read,) = read_tasks(shelf, None)

    assert shelf.findings.problems == []
    assert read == task
    assert task_json(read, "canary") == written
    assert json.loads(written)["id"] == slug
