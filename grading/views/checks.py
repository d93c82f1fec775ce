"""Pages of checks: their reference, and trying one on an episode."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from grading.check_forms.fields import PREFIX
from grading.check_forms.sheet import inputs_of
from grading.check_forms.typed import read_typed
from grading.checks_page import checks_page
from grading.criteria import Criterion
from grading.graders import GRADERS, Evidence
from grading.models import Rollout
from grading.people.look import remember_seen
from grading.try_page import Asking, link_to, try_page
from grading.trying import TRIED, read_pasted, try_on
from grading.verdicts import read_evidence
from grading.views.lookup import look_at
from simulation.errors import InvalidArgument
from simulation.forms.repeated import ADD, edited, is_edited
from simulation.models import Episode
from simulation.state import WorldState
from simulation.views.lookup import SignedIn, see_other
from simulation.worlds import snapshot_of

FIRST = "state"
PASTED = "json"


@login_required
@require_safe
def kinds(request: HttpRequest) -> HttpResponse:
    return render(request, "grading/checks.html", {"page": checks_page()})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def try_check(request: SignedIn, run_pk: int, pk: int) -> HttpResponse:
    """Try a check on an episode. Nothing is stored; the address holds the check where it fits."""
    trial = _trial(request, run_pk, pk)
    kind = request.GET.get("kind", "")
    kind = kind if kind in GRADERS else FIRST
    if request.method != "POST":
        return _look(request, trial, kind)
    if PASTED in request.POST:
        return _paste(request, trial, kind)
    if is_edited(request.POST):
        inputs, added = edited(request.POST), request.POST.get(ADD, "")
        return trial.show(request, Asking(kind=kind, inputs=inputs, added=added))
    return trial.answer(request, kind, request.POST)


@dataclass(frozen=True)
class Trial:
    """An episode on which checks are tried: its criteria, its world at the start, its evidence."""

    rollout: Rollout
    criteria: Sequence[Criterion]
    start: WorldState
    evidence: Evidence | None

    def answer(self, request: HttpRequest, kind: str, inputs: QueryDict) -> HttpResponse:
        """Try what was typed."""
        typed = read_typed(kind, self.start.snapshot.company, inputs)
        if typed.problems:
            asking = Asking(kind=kind, inputs=inputs, problems=typed.problems)
            return self.show(request, asking, status=422)
        return self.decide(request, typed.data)

    def decide(self, request: HttpRequest, data: Mapping[str, Any]) -> HttpResponse:
        tried = try_on(data, self.start, self.evidence)
        kind = str(data["kind"])
        inputs = inputs_of(kind, self.start, data)
        asking = Asking(kind=kind, inputs=inputs, tried=tried, data=data)
        if tried.check is None:
            return self.show(request, asking, status=422)
        link = link_to(self.rollout, self.start, data)
        if request.method == "POST" and link:
            return see_other(f"{link}#result")
        return self.show(request, asking)

    def show(self, request: HttpRequest, asking: Asking, *, status: int = 200) -> HttpResponse:
        page = try_page(self.rollout, self.criteria, self.start, self.evidence, asking)
        return render(request, "grading/try.html", {"page": page}, status=status)


def _look(request: HttpRequest, trial: Trial, kind: str) -> HttpResponse:
    """Show the empty form, one of the episode's criteria, or the try that is in the address."""
    key = request.GET.get("criterion", "")
    chosen = next((each for each in trial.criteria if each.key == key), None)
    if chosen:
        return trial.decide(request, chosen.check)
    if TRIED in request.GET or any(name.startswith(f"{PREFIX}.") for name in request.GET):
        return trial.answer(request, kind, request.GET)
    return trial.show(request, Asking(kind=kind))


def _paste(request: HttpRequest, trial: Trial, kind: str) -> HttpResponse:
    text = request.POST.get(PASTED, "")
    try:
        data = read_pasted(text)
    except InvalidArgument as error:
        asking = Asking(kind=kind, pasted=text, pasted_problem=error.message)
        return trial.show(request, asking, status=422)
    return trial.decide(request, data)


def _trial(request: SignedIn, run_pk: int, pk: int) -> Trial:
    """Raises Http404 for an episode that this person may not see."""
    rollout, look = look_at(request, run_pk, pk)
    assessment = rollout.assessments.filter(grading=look.grading).select_related("rubric").first()
    if assessment:
        remember_seen(request, assessment.pk)  # a check that is tried tells its verdict
    criteria = assessment.rubric.value.criteria if assessment else ()
    is_over = rollout.episode.status == Episode.Status.ENDED
    evidence = read_evidence(rollout.episode) if is_over else None
    start = evidence.before if evidence else WorldState(snapshot_of(rollout.episode.world_id))
    return Trial(rollout, criteria, start, evidence)
