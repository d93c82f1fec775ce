"""What people do on the page of an episode. Each is a form that works without scripts."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from grading import wording
from grading.marks import verdict_mark
from grading.models import Assessment, Rollout, Verdict
from grading.people import evidence as places
from grading.people.failures import Note, note_failure, take_back_note
from grading.people.judged import Judged, read_judged
from grading.people.look import BLIND, Look, has_seen
from grading.people.owners import owner_named
from grading.people.pages import Typed
from grading.people.reports import Complaint, report_task
from grading.people.verdicts import Said, agree, criterion_of, record_verdict, withdraw
from grading.views.lookup import look_at
from grading.views.showing import show_changes, show_episode
from simulation.errors import Conflict, GymError, NotFound, Problems
from simulation.views.lookup import SignedIn, see_other

VERDICT_FIELDS = ("outcome", "reason", "evidence", "authoritative")
NOTE_FIELDS = ("level", "kind", "first_step", "text")
REPORT_FIELDS = ("fault", "text", "owner")
MAX_DIGITS = 9


@login_required
@require_POST
def verdict(request: SignedIn, run_pk: int, pk: int) -> HttpResponse:
    """Agree with the verdict that counts (act=agree), or give one of one's own."""
    rollout, look = look_at(request, run_pk, pk)
    key = request.POST.get("criterion", "")
    is_agreeing = request.POST.get("act") == "agree"
    act = _agree if is_agreeing else _decide
    typed = {} if is_agreeing else _sent(request, VERDICT_FIELDS)
    return _on_criterion(request, rollout, look, key, typed, act)


@login_required
@require_POST
def verdict_withdraw(request: SignedIn, run_pk: int, pk: int, verdict_pk: int) -> HttpResponse:
    rollout, look = look_at(request, run_pk, pk)
    found = get_object_or_404(Verdict, pk=verdict_pk, assessment__rollout=rollout)
    if found.assessment_id != _assessment(rollout, look).pk:
        raise Http404

    def take_back(request: SignedIn, assessment: Assessment, judged: Judged) -> None:
        withdraw(found.pk, actor=request.user, reason=request.POST.get("reason", ""))

    return _on_criterion(request, rollout, look, found.criterion_key, {}, take_back)


@login_required
@require_POST
def failure_note(request: SignedIn, run_pk: int, pk: int) -> HttpResponse:
    """Keep a person's failure note, or take it back (act=take_back)."""
    rollout, look = look_at(request, run_pk, pk)
    url = look.address(reverse("grading:episode", args=[run_pk, pk]))
    if request.POST.get("act") == "take_back":
        take_back_note(rollout.pk, author=request.user)
        messages.success(request, "Your failure note was taken back.")
        return see_other(f"{url}#failure")
    values = _sent(request, NOTE_FIELDS)
    try:
        note_failure(rollout.pk, _note(values), author=request.user)
    except GymError as error:
        typed = Typed(form="note", values=values, problems=by_field(error))
        return show_episode(request, rollout, look, typed=typed, status=_status(error))
    messages.success(request, "Your failure note was kept.")
    return see_other(f"{url}#failure")


@login_required
@require_POST
def report(request: SignedIn, run_pk: int, pk: int) -> HttpResponse:
    """Report that not the agent is wrong but the task, the rubric, or one of us."""
    rollout, look = look_at(request, run_pk, pk)
    key = request.POST.get("criterion", "")
    values = _sent(request, REPORT_FIELDS)
    try:
        complaint = Complaint(
            fault=values["fault"],
            text=values["text"],
            criterion=key,
            owner=owner_named(values["owner"]),
        )
        made = report_task(rollout.pk, complaint, reporter=request.user)
    except GymError as error:
        typed = Typed(form="report", criterion=key, values=values, problems=by_field(error))
        return show_episode(request, rollout, look, typed=typed, status=_status(error))
    messages.success(request, f"Report {made.pk} was filed.")
    url = look.address(reverse("grading:episode", args=[run_pk, pk]))
    return see_other(f"{url}#criterion-{key}" if key else f"{url}#reports")


@login_required
@require_POST
def blind(request: SignedIn) -> HttpResponse:
    """Choose not to see verdicts before one's own, or see them again. It stays so for a session."""
    if request.POST.get("blind") == "on":
        request.session[BLIND] = True
        messages.info(request, "You look blind: verdicts stay hidden until you give yours.")
    else:
        request.session.pop(BLIND, None)
        messages.info(request, "You see all verdicts again.")
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()})
    return redirect(target) if is_ours else redirect("grading:queue")


def by_field(error: GymError) -> dict[str, str]:
    """Give what is wrong by the field that it is about, "" for no single one."""
    if not isinstance(error, Problems):
        return {error.field or "": error.message}
    lines = (problem.partition(": ") for problem in error.problems)
    found: dict[str, str] = {}
    for name, _, words in lines:
        found[name] = f"{found[name]}; {words}" if name in found else words
    return found


def whole_number(text: str) -> int | None:
    """Read a number that a person typed; None for none, -1 for what is no number."""
    if not text.strip():
        return None
    digits = text.strip()
    is_number = digits.isascii() and digits.isdecimal() and len(digits) <= MAX_DIGITS
    return int(digits) if is_number else -1


def _on_criterion(
    request: SignedIn,
    rollout: Rollout,
    look: Look,
    key: str,
    values: Mapping[str, str],
    act: Callable[[SignedIn, Assessment, Judged], Any],
) -> HttpResponse:
    """Do something about one criterion and answer: what changed, or what was sent and why not."""
    judged = _judged(rollout, look, key)
    assessment = _assessment(rollout, look)
    is_htmx = "HX-Request" in request.headers
    try:
        act(request, assessment, judged)
    except GymError as error:
        typed = Typed(form="verdict", criterion=key, values=values, problems=by_field(error))
        show = show_changes if is_htmx else show_episode
        return show(request, *_again(request, rollout), typed=typed, status=_status(error))
    rollout, look = _again(request, rollout)
    now = _judged(rollout, look, key)
    words = _announcement(rollout, look, now)
    if is_htmx:
        steps = _cited(judged) | _cited(now)
        return show_changes(request, rollout, look, steps=steps, announcement=words)
    messages.success(request, words)
    url = look.address(reverse("grading:episode", args=[rollout.run_id, rollout.pk]))
    return see_other(f"{url}#criterion-{key}")


def _decide(request: SignedIn, assessment: Assessment, judged: Judged) -> None:
    values = _sent(request, VERDICT_FIELDS)
    cited, problems = places.read_lines(values["evidence"])
    said = Said(
        outcome=values["outcome"],
        reason=values["reason"],
        evidence=cited,
        is_authoritative=values["authoritative"] == "1",
    )
    if problems:
        raise Problems([f"evidence: {problem}" for problem in problems])
    record_verdict(
        assessment.pk,
        judged.criterion.key,
        said,
        author=request.user,
        is_blind=judged.is_hidden and not has_seen(request, assessment.pk),
    )


def _agree(request: SignedIn, assessment: Assessment, judged: Judged) -> None:
    if judged.is_hidden:
        raise Conflict("you look blind: give a verdict of your own first")
    seen = whole_number(request.POST.get("seen", ""))
    agree(assessment.pk, judged.criterion.key, author=request.user, seen=seen)


def _judged(rollout: Rollout, look: Look, key: str) -> Judged:
    assessment = _assessment(rollout, look)
    try:
        criterion_of(assessment, key)
    except NotFound:
        raise Http404 from None
    return next(j for j in read_judged(assessment, look) if j.criterion.key == key)


def _assessment(rollout: Rollout, look: Look) -> Assessment:
    return get_object_or_404(rollout.assessments, grading=look.grading)


def _again(request: SignedIn, rollout: Rollout) -> tuple[Rollout, Look]:
    """Look at it once more, as it stands after the action."""
    return look_at(request, rollout.run_id, rollout.pk)


def _announcement(rollout: Rollout, look: Look, now: Judged) -> str:
    """Say what a criterion is by now, and the points, where this person may see them."""
    counting = now.counting
    word = verdict_mark(now.criterion, counting.outcome).word if counting else "open"
    assessment = _assessment(rollout, look)
    words = f"Criterion {now.number}: {word}"
    if any(each.is_hidden for each in read_judged(assessment, look)):
        return words
    if assessment.reward is None:
        return f"{words}, no reward yet"
    return f"{words}, reward {wording.points(assessment.reward, assessment.rubric.content)}"


def _cited(judged: Judged) -> set[int]:
    evidence = judged.counting.evidence if judged.counting else ()
    return {item["step"] for item in evidence if item["step"] is not None}


def _sent(request: SignedIn, names: tuple[str, ...]) -> dict[str, str]:
    """Take what was typed, with the line ends that people mean."""
    return {name: request.POST.get(name, "").replace("\r\n", "\n") for name in names}


def _note(values: Mapping[str, str]) -> Note:
    return Note(
        level=whole_number(values["level"]),
        kind=values["kind"],
        first_step=whole_number(values["first_step"]),
        text=values["text"],
    )


def _status(error: GymError) -> int:
    return 422 if isinstance(error, Problems) else error.status
