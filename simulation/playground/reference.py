"""The calls of a clone as the reference steps of a task.

Failed calls are left out and calls are numbered without them. An argument that is the id of a row
made by an earlier call becomes a reference to that call's result: {"$ref": "3.id"}.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from simulation.refs import REF
from simulation.transcript import StepRecord


@dataclass(frozen=True, kw_only=True)
class TakenCalls:
    """Calls as steps; `references` counts the ids that became references."""

    steps: tuple[dict[str, Any], ...]
    left_out: int
    references: int


@dataclass(frozen=True, kw_only=True)
class ReferenceSteps:
    """Steps to copy; `references` counts the ids that became references."""

    yaml: str
    calls: int
    left_out: int
    references: int


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks, as people write them in task files."""


def _text(dumper: yaml.SafeDumper, text: str) -> Any:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def taken_calls(steps: Sequence[StepRecord]) -> TakenCalls:
    """Give the calls of a clone as steps of a solution."""
    made = [step for step in steps if not step.is_error]
    known: dict[str, str] = {}
    calls = []
    references = 0
    for number, step in enumerate(made, start=1):
        arguments, count = _referring(step.arguments or {}, known)
        references += count
        calls.append({"call": step.tool, **({"arguments": arguments} if arguments else {})})
        _remember(known, made[:number])
    left_out = len(steps) - len(made)
    return TakenCalls(steps=tuple(calls), left_out=left_out, references=references)


def reference_steps(steps: Sequence[StepRecord]) -> ReferenceSteps:
    taken = taken_calls(steps)
    text = yaml.dump(
        {"reference": list(taken.steps)},
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=None,
        width=100,
    )
    return ReferenceSteps(
        yaml=text,
        calls=len(taken.steps),
        left_out=taken.left_out,
        references=taken.references,
    )


def _remember(known: dict[str, str], made: Sequence[StepRecord]) -> None:
    """Note where the ids of rows made so far stand in the result of the newest call."""
    created = {c.id for step in made for c in step.changes if c.before is None}
    missing = created - known.keys()
    if missing:
        for path, value in _leaves(json.loads(made[-1].result), ""):
            if value in missing and value not in known:
                known[value] = f"{len(made)}{path}"


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Give the texts of a result by their place, those that are nearest first."""
    level = [(path, value)]
    while level:
        yield from ((place, item) for place, item in level if isinstance(item, str))
        level = [inner for place, item in level for inner in _members(item, place)]


def _members(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        yield from ((f"{path}.{key}", item) for key, item in value.items() if "." not in key)
    elif isinstance(value, list):
        yield from ((f"{path}.{place}", item) for place, item in enumerate(value))


def _referring(value: Any, known: Mapping[str, str]) -> tuple[Any, int]:
    """Copy arguments with references for ids that are known; gives how many."""
    if isinstance(value, str):
        return ({REF: known[value]}, 1) if value in known else (value, 0)
    if isinstance(value, Mapping):
        pairs = {key: _referring(item, known) for key, item in value.items()}
        return {key: item for key, (item, _) in pairs.items()}, sum(n for _, n in pairs.values())
    if isinstance(value, list):
        items = [_referring(item, known) for item in value]
        return [item for item, _ in items], sum(n for _, n in items)
    return value, 0
