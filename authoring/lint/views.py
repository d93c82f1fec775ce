"""All findings of a task on one page, and what people do about them."""

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from authoring.access import TaskLook, edit_task, look_at_task
from authoring.lint import Finding
from authoring.lint.deciding import apply_rewrite, drop, findings_of, keep
from authoring.lint.pages import FindingLine, LintPage, LintPanel
from authoring.lint.panel import anchor_of, findings_at, lint_panel
from simulation.errors import GymError, InvalidArgument
from simulation.views.lookup import SignedIn, number, see_other

ALL = 2000  # findings that the page shows
_PAGES = (":page", ":prompt", ":agent")  # the names of pages where findings stand


@login_required
@require_safe
def page(request: SignedIn, slug: str) -> HttpResponse:
    """Everything that lint finds in a draft, or with `?revision=N` in a revision."""
    look = _seen(request, slug)
    found = _page(look, findings_of(look.task, look.content))
    return render(request, "authoring/lint.html", {"page": found})


@login_required
@require_POST
def apply(request: SignedIn, slug: str) -> HttpResponse:
    """Change the draft as a finding proposes, and lead back to where one was."""
    look = edit_task(request.user, slug)
    try:
        done = apply_rewrite(look.task, request.POST.get("fingerprint", ""), by=request.user)
    except GymError as error:
        messages.error(request, f"{error.message}. Nothing was changed.")
    else:
        label = done.rewrite.label if done.rewrite else ""
        messages.success(request, f"Done: {label}.")
    return see_other(_back(request, slug))


@login_required
@require_POST
def keep_finding(request: SignedIn, slug: str) -> HttpResponse:
    look = edit_task(request.user, slug)
    fingerprint, reason = request.POST.get("fingerprint", ""), request.POST.get("reason", "")
    try:
        kept = keep(look.task, fingerprint, reason=reason, by=request.user)
    except InvalidArgument as error:
        return _again(request, look, _Typed(fingerprint, reason, error.message))
    except GymError as error:
        return _answer(request, slug, f"{error.message}.", is_fault=True)
    return _answer(request, slug, f"Kept: {kept.why}")


@login_required
@require_POST
def drop_finding(request: SignedIn, slug: str) -> HttpResponse:
    look = edit_task(request.user, slug)
    was_kept = drop(look.task, request.POST.get("fingerprint", ""))
    return _answer(request, slug, "It counts again." if was_kept else "Nobody kept it.")


def _seen(request: SignedIn, slug: str) -> TaskLook:
    """Give the draft, or the revision that is asked for, to those who read drafts."""
    look = look_at_task(request.user, slug)
    if not look.sees_draft:
        raise Http404
    if "revision" not in request.GET:
        return look
    asked = number(request, "revision")
    revision = get_object_or_404(look.task.revisions, number=asked or 0)
    return replace(look, content=revision.draft_value, revision=revision, may_edit=False)


def _page(look: TaskLook, findings: list[Finding]) -> LintPage:
    subject = f"revision {look.revision.number}" if look.revision else "the draft"
    return LintPage(
        title=look.content.title or look.task.slug,
        slug=look.task.slug,
        subject=subject,
        task_url=reverse("editor:prompt", args=[look.task.slug]),
        panel=lint_panel(look, findings, most=ALL),
    )


def _answer(request: SignedIn, slug: str, said: str, *, is_fault: bool = False) -> HttpResponse:
    """Answer what was done: the script with the part of the page anew, a form by leading back."""
    if "HX-Request" not in request.headers:
        (messages.error if is_fault else messages.success)(request, said)
        return see_other(_back(request, slug))
    look = edit_task(request.user, slug)
    response = _part(request, look, findings_of(look.task, look.content), said=said)
    response["HX-Trigger"] = "draft:saved"  # outline and counts follow
    return response


@dataclass(frozen=True, slots=True)
class _Typed:
    """A reason that was not taken, and why."""

    fingerprint: str
    reason: str
    problem: str

    def on(self, line: FindingLine) -> FindingLine:
        if line.fingerprint != self.fingerprint:
            return line
        return replace(line, typed=self.reason, problem=self.problem)

    def in_panel(self, panel: LintPanel) -> LintPanel:
        groups = (replace(group, lines=tuple(map(self.on, group.lines))) for group in panel.groups)
        return replace(panel, groups=tuple(groups))


_NOTHING = _Typed("", "", "")


def _part(
    request: SignedIn,
    look: TaskLook,
    findings: list[Finding],
    *,
    said: str = "",
    typed: _Typed = _NOTHING,
) -> HttpResponse:
    """Give that part of the page anew which was pressed: the panel, or the list at a place."""
    status = 422 if typed.problem else 200
    if place := request.POST.get("at", ""):
        lines = [typed.on(line) for line in findings_at(look, findings, place)]
        context = {"findings": lines, "said": said}
        return render(request, "authoring/partials/findings.html", context, status=status)
    panel = typed.in_panel(lint_panel(look, findings, said=said))
    template = "authoring/partials/lint_panel.html"
    return render(request, template, {"panel": panel}, status=status)


def _again(request: SignedIn, look: TaskLook, typed: _Typed) -> HttpResponse:
    """Show the finding again with the reason as it was typed, and what is wrong with it."""
    findings = findings_of(look.task, look.content)
    if "HX-Request" in request.headers:
        return _part(request, look, findings, typed=typed)
    found = _page(look, findings)
    panel = typed.in_panel(found.panel)
    wrong = next((x for group in panel.groups for x in group.lines if x.problem), None)
    found = replace(found, panel=panel, problem=wrong)
    return render(request, "authoring/lint.html", {"page": found}, status=422)


def _back(request: SignedIn, slug: str) -> str:
    """Give the address where one was, at the part of the page that was pressed."""
    came_from = request.headers.get("Referer", "").partition("#")[0]
    is_ours = url_has_allowed_host_and_scheme(
        came_from, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    if not is_ours or not _is_page(urlsplit(came_from).path):
        return reverse("lint:page", args=[slug])
    place = request.POST.get("at", "")
    anchor = "#at-prompt" if place == "prompt" else anchor_of(place) or "#side"
    return f"{came_from}{anchor}"


def _is_page(path: str) -> bool:
    """Tell whether an address shows a page of a task: what was sent may be shown at another."""
    try:
        return resolve(path).view_name.endswith(_PAGES)
    except Resolver404:
        return False
