"""What the page shows on which a check is tried on an episode."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from grading.check_forms.fields import KIND
from grading.check_forms.sheet import inputs_of, make_sheet
from grading.check_pages import CitedStep, TryPage, TryResult
from grading.checks_page import about
from grading.criteria import Criterion
from grading.graders import GRADERS, Evidence, Finding
from grading.marks import verdict_mark
from grading.models import Rollout
from grading.trying import TRIED, Tried, is_decided_here
from simulation.pages import Choice, Notice
from simulation.state import WorldState
from simulation.wording import spoken

LONGEST_LINK = 3000  # characters of an address that every browser, server and chat takes
MODEL_OR_PERSON = Notice(
    tone="info",
    title="Nothing is decided here.",
    text="Checks of this kind are decided by a model or a person. You see the form and what the"
    " check says.",
)
NOT_OVER = Notice(
    tone="warn",
    title="This episode cannot be graded now.",
    text="It has not ended, or it does not rebuild to the state that was recorded at its end.",
)


@dataclass(frozen=True, kw_only=True)
class Asking:
    """A kind of check and what is typed of it; `pasted` is JSON that could not be taken."""

    kind: str
    inputs: QueryDict = field(default_factory=QueryDict)
    problems: Mapping[str, str] = field(default_factory=dict)
    added: str = ""
    tried: Tried | None = None
    data: Mapping[str, Any] | None = None
    pasted: str = ""
    pasted_problem: str = ""


def try_page(
    rollout: Rollout,
    criteria: Sequence[Criterion],
    state: WorldState,
    evidence: Evidence | None,
    asking: Asking,
) -> TryPage:
    """state: the world whose rows, fields and tools are offered."""
    url = try_url(rollout)
    tried = asking.tried
    return TryPage(
        title=rollout.labels.get("title") or rollout.task,
        episode=f"{rollout.task} · {rollout.agent} #{rollout.index}",
        episode_url=reverse("grading:episode", args=[rollout.run_id, rollout.pk]),
        run_title=rollout.run.title,
        run_url=reverse("grading:run", args=[rollout.run_id]),
        form_url=f"{url}?{urlencode({KIND: asking.kind})}",
        kind=asking.kind,
        about=about(asking.kind),
        kinds=tuple(_kinds(url, asking.kind)),
        criteria=tuple(_criterion(url, each) for each in criteria),
        sheet=make_sheet(
            asking.kind,
            state,
            asking.inputs,
            messages=tried.messages if tried else (),
            problems=asking.problems,
            added=asking.added,
        ),
        json=asking.pasted,
        json_problem=asking.pasted_problem,
        result=_result(rollout, state, asking, tried) if tried and tried.check else None,
        notice=_notice(asking.kind, evidence),
    )


def try_url(rollout: Rollout) -> str:
    return reverse("grading:try_check", args=[rollout.run_id, rollout.pk])


def link_to(rollout: Rollout, state: WorldState, data: Mapping[str, Any]) -> str:
    """Give the address of a try that is in it as a whole, "" when that would be too long."""
    inputs = inputs_of(str(data[KIND]), state, data)
    query = "&".join(filter(None, (urlencode({KIND: data[KIND], TRIED: 1}), inputs.urlencode())))
    link = f"{try_url(rollout)}?{query}"
    return link if len(link) <= LONGEST_LINK else ""


def _result(rollout: Rollout, state: WorldState, asking: Asking, tried: Tried) -> TryResult | None:
    if tried.check is None:
        return None
    finding = tried.finding
    return TryResult(
        sentence=tried.check.sentence(),
        mark=verdict_mark(_COUNTS, finding.outcome) if finding else None,
        reason=finding.reason if finding else "",
        evidence=tuple(_cited(rollout, finding)) if finding else (),
        json=json.dumps(tried.check.as_data(), ensure_ascii=False, indent=2),
        link=link_to(rollout, state, asking.data) if asking.data else "",
    )


_COUNTS = Criterion(key=TRIED, text=TRIED, check={})  # positive: its marks are met and not met


def _cited(rollout: Rollout, finding: Finding) -> list[CitedStep]:
    url = reverse("grading:episode", args=[rollout.run_id, rollout.pk])
    return [
        CitedStep(step=cited.step, quote=cited.quote, url=f"{url}#step-{cited.step}")
        for cited in finding.evidence
    ]


def _kinds(url: str, chosen: str) -> list[Choice]:
    return [
        Choice(
            value=kind,
            label=spoken(kind),
            is_selected=kind == chosen,
            url=f"{url}?{urlencode({KIND: kind})}",
        )
        for kind in GRADERS
    ]


def _criterion(url: str, criterion: Criterion) -> Choice:
    address = f"{url}?{urlencode({'criterion': criterion.key})}"
    return Choice(value=criterion.key, label=criterion.text, url=address)


def _notice(kind: str, evidence: Evidence | None) -> Notice | None:
    if not is_decided_here(kind):
        return MODEL_OR_PERSON
    return NOT_OVER if evidence is None else None
