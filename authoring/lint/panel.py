"""Findings as they stand beside the text: why, what would mend it, and "keep, because …"."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.urls import NoReverseMatch, reverse

from authoring.access import TaskLook
from authoring.content import DraftContent
from authoring.lint import Finding, Severity, kept_of
from authoring.lint.data.memory import once_for_each
from authoring.lint.pages import FindingGroup, FindingLine, Kept, LintPanel
from authoring.models import KeptFinding
from simulation.pages import shortened
from simulation.wording import counted

SHOWN = 60  # findings beside the text; their page has all
AROUND = 140  # characters of a sentence on each side of the words
PARTS = {
    "prompt": "Prompt",
    "task": "Prompt",
    "setup": "Setup",
    "reference": "Reference",
    "customer": "Customer",
    "rubric": "Rubric",
    "criterion": "Rubric",
}
ANCHORS = {"criterion": "criterion", "reference": "step", "setup": "op"}
_ITEM = re.compile(rf"({'|'.join(ANCHORS)})/([a-z0-9-]{{1,80}})")
_OF_REFERENCE = re.compile(r"\breference\b|\bnear-miss", re.IGNORECASE)
_END = re.compile(r"[.!?](?=\s)|\n")


def lint_panel(
    look: TaskLook, findings: Sequence[Finding], *, said: str = "", most: int = SHOWN
) -> LintPanel:
    """All findings of a task, by place, for the column beside the text."""
    told = [finding for finding in findings if not _is_held_back(look, finding)]
    desk = _desk(look)
    lines = [desk.line(finding) for finding in told]
    open_lines = [line for line in lines if not line.kept]
    return LintPanel(
        **_counts(open_lines),
        groups=tuple(_groups(look, open_lines[:most])),
        kept=tuple(line for line in lines if line.kept),
        looked_at=_looked_at(look.content),
        page_url=reverse("lint:page", args=[look.task.slug]),
        more=max(0, len(open_lines) - most),
        held_back=len(findings) - len(told),
        said=said,
    )


def findings_at(look: TaskLook, findings: Sequence[Finding], place: str) -> tuple[FindingLine, ...]:
    """The findings at one place, to stand below it: shown by authoring/partials/findings.html."""
    here = [f for f in findings if f.place == place and not _is_held_back(look, f)]
    if not here:
        return ()
    desk = _desk(look)
    lines = (replace(line, id=f"at-{line.id}") for line in map(desk.line, here))
    return tuple(line for line in lines if not line.kept)


def _is_held_back(look: TaskLook, finding: Finding) -> bool:
    """Tell whether a finding would tell a reviewer of the reference before they asked for it."""
    tells = finding.place.startswith("reference") or _OF_REFERENCE.search(finding.why)
    return bool(tells) and look.hides_reference


def _counts(lines: Sequence[FindingLine]) -> dict[str, int]:
    found = [line.severity for line in lines]
    return {
        "errors": found.count(Severity.ERROR),
        "warnings": found.count(Severity.WARNING),
        "hints": found.count(Severity.HINT),
    }


def _groups(look: TaskLook, lines: Sequence[FindingLine]) -> Iterator[FindingGroup]:
    """Group by part: parts with errors first, then as the task is read."""
    by_part: dict[str, list[FindingLine]] = {}
    for line in lines:
        by_part.setdefault(part_of(line.place), []).append(line)
    order = list(dict.fromkeys(PARTS.values()))

    def rank(part: str) -> tuple[bool, int]:
        has_errors = any(line.severity == Severity.ERROR for line in by_part[part])
        return not has_errors, order.index(part)

    for part in sorted(by_part, key=rank):
        url = part_url(look.task.slug, part.lower())
        yield FindingGroup(title=part, url=url, lines=tuple(by_part[part]))


def part_of(place: str) -> str:
    return PARTS.get(place.partition("/")[0], "Prompt")


def anchor_of(place: str) -> str:
    """Give the fragment of a tab's address where an item stands, "" for a place that is none."""
    item = _ITEM.fullmatch(place)
    return f"#{ANCHORS[item[1]]}-{item[2]}" if item else ""


def part_url(slug: str, part: str) -> str:
    return reverse("editor:prompt" if part == "prompt" else f"{part}:page", args=[slug])


def _looked_at(content: DraftContent) -> str:
    """Say what lint has read: "prompt, 3 calls, 8 criteria"."""
    criteria = counted(len(content.rubric.criteria), "criterion", "criteria")
    steps = counted(len(content.reference), "reference step", "reference steps")
    setup = counted(len(content.setup), "setup edit")
    return f"the prompt, {setup}, {steps} and {criteria}"


@dataclass(frozen=True)
class _Desk:
    """What is the same for all findings of a task."""

    look: TaskLook
    kept: Mapping[str, KeptFinding]
    guide: str
    texts: Mapping[str, str]

    def line(self, finding: Finding) -> FindingLine:
        slug, may_edit = self.look.task.slug, self.look.may_edit
        is_error, mend = finding.severity == Severity.ERROR, finding.rewrite
        kept = None if is_error else self.kept.get(finding.fingerprint)
        text = self.texts.get(finding.place, "")
        before, words, after = sentence_of(text, finding.words)
        if not words and finding.place.startswith("criterion"):
            before = shortened(text, AROUND)
        return FindingLine(
            id=f"finding-{finding.fingerprint[:16]}",
            rule=finding.rule,
            rule_url=f"{self.guide}#{finding.rule}" if self.guide else "",
            severity=finding.severity,
            place=finding.place,
            where=self._where(finding.place),
            where_url=self._where_url(finding.place),
            why=finding.why,
            fingerprint=finding.fingerprint,
            before=before,
            words=words,
            after=after,
            mend=mend.label if mend and may_edit else "",
            mend_url=mend.url if mend and not mend.path else "",
            may_edit=may_edit,
            may_keep=may_edit and not is_error and kept is None,
            apply_url=reverse("lint:apply", args=[slug]),
            keep_url=reverse("lint:keep", args=[slug]),
            drop_url=reverse("lint:drop", args=[slug]),
            kept=_kept(kept) if kept else None,
        )

    def _where(self, place: str) -> str:
        name, _, item = place.partition("/")
        if name == "criterion":
            return f"criterion {self._numbers.get(item, item)}"
        return {"reference": f"step {item}", "setup": f"edit {item}"}.get(name, "") if item else ""

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        criteria = self.look.content.rubric.criteria
        return {each.key: number for number, each in enumerate(criteria, start=1)}

    def _where_url(self, place: str) -> str:
        return f"{part_url(self.look.task.slug, part_of(place).lower())}{anchor_of(place)}"


@once_for_each
def _desk(look: TaskLook) -> _Desk:
    """Read once a look what people keep: findings stand at many places of a page."""
    criteria = look.content.rubric.criteria
    texts = {f"criterion/{each.key}": each.text for each in criteria}
    return _Desk(look, kept_of(look.task), guide_url(), {"prompt": look.content.prompt, **texts})


def guide_url() -> str:
    """The page that explains the rules; "" where there is none."""
    try:
        return reverse("guide:lint")
    except NoReverseMatch:
        return ""


def _kept(kept: KeptFinding) -> Kept:
    return Kept(reason=kept.reason, by=kept.kept_by.get_username(), at=kept.created_at)


def sentence_of(text: str, words: str) -> tuple[str, str, str]:
    """Give the sentence of a text that has these words: what stands before them, they, the rest.

    All "" where the text does not have them.
    """
    place = text.find(words) if words else -1
    if place < 0:
        return "", words, ""
    end = place + len(words)
    ends = [found.end() for found in _END.finditer(text, 0, place)]
    start = max([0, *ends])
    stop = next((found.end() for found in _END.finditer(text, end)), len(text))
    before, after = text[start:place].lstrip(), text[end:stop].rstrip()
    short_before = f"…{before[-AROUND:]}" if len(before) > AROUND else before
    short_after = f"{after[:AROUND]}…" if len(after) > AROUND else after
    return short_before, words, short_after
