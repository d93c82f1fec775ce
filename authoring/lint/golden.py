"""The golden sentences: cases with the rules that must speak, and what the rules say to them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from authoring.content import DraftContent, read_draft
from authoring.drafts.scene import Scene
from authoring.lint import RULES, Severity
from authoring.loading import LIBRARY, POINTS
from simulation.environments import environment
from simulation.snapshots import Snapshot, from_document

FILE = Path(__file__).with_name("golden.yaml")
ERROR_MARK = "!"
BLANK = {"category": "reasoning", "title": "Golden"}
OF_CRITERIA = ("C", "R14")
OF_PROMPTS = ("R16",)
OF_RUBRICS = ("R01", "R02", "R03", "R07")


@dataclass(frozen=True)
class GoldenScene(Scene):
    """A scene over rows that were never published."""

    rows: Snapshot | None = None
    texts: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def snapshot(self) -> Snapshot | None:
        return self.rows

    @property
    def prompts(self) -> Mapping[str, str]:
        return self.texts


@dataclass(frozen=True)
class Case:
    """place: of the finding that counts, "" for all. judged: rules, or how their ids begin.

    expected: rule ids; with "!" behind one it must be an error.
    """

    name: str
    scene: Scene
    expected: frozenset[str]
    judged: tuple[str, ...]
    place: str = ""
    held_out: bool = False

    def found(self) -> frozenset[str]:
        """Give the ids of the rules that speak, those that call it an error with "!" as well."""
        ids = set()
        for rule in known_rules():
            if not rule.startswith(self.judged):
                continue
            for finding in RULES[rule](self.scene):
                if self.place in ("", finding.place):
                    is_error = finding.severity == Severity.ERROR
                    ids |= {rule, rule + ERROR_MARK} if is_error else {rule}
        return frozenset(ids)


@dataclass(slots=True)
class Tally:
    """What a rule did over all cases that it was judged by."""

    right: int = 0
    false: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)


def known_rules() -> list[str]:
    """Give the rules that the golden sentences are about: those of words."""
    return list(_data()["rules"])


@cache
def golden_world() -> Snapshot:
    """Give the few rows that the sentences are about."""
    return from_document(_data()["world"])


def load_cases() -> list[Case]:
    data, world = _data(), golden_world()
    return [
        *_criteria(data["criteria"], world),
        *_rubrics(data["rubrics"], world),
        *_prompts(data["prompts"], world),
        *_library(data["library"], world),
    ]


def tallies(cases: Iterable[Case], rules: Iterable[str]) -> dict[str, Tally]:
    """Compare what is found with what is expected, by rule; errors under "ID!"."""
    known = {*rules}
    found: dict[str, Tally] = defaultdict(Tally)
    for case in cases:
        said = case.found()
        for rule in (said | case.expected) & (known | {f"{rule}!" for rule in known}):
            tally = found[rule]
            if rule in said and rule in case.expected:
                tally.right += 1
            elif rule in said:
                tally.false.append(case.name)
            else:
                tally.missed.append(case.name)
    return {rule: found[rule] for rule in sorted(found)}


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = yaml.load(FILE.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return data


def _expected(rules: str) -> frozenset[str]:
    marked = frozenset(rules.split())
    return marked | {rule.removesuffix(ERROR_MARK) for rule in marked}


def _content(**fields: Any) -> DraftContent:
    return read_draft({**BLANK, **fields})


def _criterion(case: Mapping[str, Any], kind: str, key: str) -> dict[str, Any]:
    check = case.get("check") or ({"kind": kind} if kind else {})
    given = {"key": key, "text": case.get("text", ""), "check": check}
    return {**given, **{name: case[name] for name in ("points", "note") if name in case}}


def _criteria(groups: Iterable[Mapping[str, Any]], world: Snapshot) -> Iterator[Case]:
    for group in groups:
        for case in group["cases"]:
            kind = case.get("kind", group["kind"])
            beside = [
                {"key": f"beside-{n}", "text": "", "points": points, "check": {"kind": "human"}}
                for n, points in enumerate(case.get("beside", ()), start=1)
            ]
            rubric = {"criteria": [_criterion(case, kind, "it"), *beside]}
            content = _content(rubric=rubric, prompt=group.get("prompt", ""), system_prompt="desk")
            yield Case(
                name=f"{case['text']} [{kind or 'no kind'}, {case.get('points', 1):+d}]",
                scene=GoldenScene(content, None, "", rows=world, texts=_policy(group)),
                expected=_expected(case.get("rules", "")),
                judged=OF_CRITERIA,
                place="criterion/it",
                held_out=group.get("held_out", False),
            )


def _policy(group: Mapping[str, Any]) -> dict[str, str]:
    return {"desk": group["policy"]} if "policy" in group else {}


def _rubrics(groups: Iterable[Mapping[str, Any]], world: Snapshot) -> Iterator[Case]:
    for group in groups:
        for case in group["cases"]:
            criteria = [
                _criterion(each, each.get("kind", "response"), f"c{number}")
                for number, each in enumerate(case["criteria"], start=1)
            ]
            content = _content(rubric={"criteria": criteria})
            yield Case(
                name=" / ".join(each["text"] for each in criteria),
                scene=GoldenScene(content, None, "", rows=world),
                expected=_expected(case["rules"]),
                judged=OF_RUBRICS,
                held_out=group.get("held_out", False),
            )


def _prompts(groups: Iterable[Mapping[str, Any]], world: Snapshot) -> Iterator[Case]:
    for group in groups:
        for case in group["cases"]:
            rows = world if case.get("world", True) else None
            yield Case(
                name=case["prompt"],
                scene=GoldenScene(_content(prompt=case["prompt"]), None, "", rows=rows),
                expected=_expected(case.get("rules", "")),
                judged=OF_PROMPTS,
                held_out=group.get("held_out", False),
            )


def _library(labels: Mapping[str, Mapping[str, str]], world: Snapshot) -> Iterator[Case]:
    """Take every criterion, rubric and prompt that is shipped, with what is noted about it."""
    texts = environment(world.company.slug).prompts
    for slug, expected in labels.items():
        content = _shipped(LIBRARY / world.company.slug / slug)
        scene = GoldenScene(content, None, "", rows=world, texts=texts)
        wholes = (("(rubric)", OF_RUBRICS), ("(prompt)", OF_PROMPTS))
        for name, judged in wholes:
            rules = _expected(expected.get(name, ""))
            yield Case(f"{slug} {name}", scene, rules, judged)
        for criterion in content.rubric.criteria:
            rules = _expected(expected.get(criterion.key, ""))
            place = f"criterion/{criterion.key}"
            name = f"{slug}: {criterion.text}"
            yield Case(name, scene, rules, OF_CRITERIA, place)


def _shipped(folder: Path) -> DraftContent:
    """Read a shipped task without its world."""
    text = (folder / "task.yaml").read_text("utf-8")
    data = yaml.load(text, Loader=yaml.CSafeLoader)
    criteria = [
        {**each, "points": POINTS.get(each.get("points"), 1)} for each in data.pop("rubric")
    ]
    prompt = (folder / "prompt.md").read_text("utf-8")
    return read_draft({**data, "prompt": prompt, "rubric": {"criteria": criteria}})
