"""How far verdicts can be trusted, and people's verdicts as files."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from grading.agreement.imports import import_labels, plan_labels
from grading.agreement.items import Scope
from grading.agreement.lines import MAX_BYTES, export_lines, read_lines
from grading.agreement.page import agreement_page
from grading.models import Run
from simulation.errors import Problems
from simulation.views.lookup import SignedIn, number, see_other
from simulation.wording import counted, size


def scope_of(request: HttpRequest) -> Scope:
    """Read which verdicts are meant; what is not known is left open."""
    kind = request.GET.get("kind", "")
    return Scope(
        run=number(request, "run"),
        kind=kind if kind in Run.Kind.values else "",
        is_blind_only=request.GET.get("blind") == "1",
        **{side: request.GET.get(side, "") for side in ("source", "judge", "check", "author")},
    )


@login_required
@require_safe
def agreement(request: SignedIn) -> HttpResponse:
    page = agreement_page(request.user, scope_of(request))
    return render(request, "grading/agreement.html", {"page": page})


@login_required
@require_safe
def labels(request: SignedIn) -> StreamingHttpResponse:
    """People's verdicts, one JSON object a line."""
    lines = export_lines(request.user, scope_of(request))
    response = StreamingHttpResponse(lines, content_type="application/jsonl")
    response["Content-Disposition"] = 'attachment; filename="labels.jsonl"'
    return response


@login_required
@require_http_methods(["GET", "POST"])
def bring_in(request: SignedIn) -> HttpResponse:
    """Look at a file of verdicts first, then take it: both from the same form."""
    text = request.POST.get("text", "")
    file = request.FILES.get("file")
    if request.method == "GET":
        return _form(request, "")
    data = file.read(MAX_BYTES + 1) if file else text.encode()
    try:
        lines = read_lines(data)
        if "take" in request.POST:
            made = import_labels(lines, actor=request.user, name=_name(request), data=data)
            said = counted(made.made, "verdict")
            messages.success(request, f"{said} brought in; {made.lines - made.made} were there.")
            return see_other(reverse("agreement:agreement"))
        plan = plan_labels(lines, request.user)
    except Problems as error:
        shown = data[:MAX_BYTES].decode("utf-8", "replace")
        return _form(request, shown, problems=error.problems, status=422)
    return _form(request, data.decode(), plan=plan, name=file.name if file else _name(request))


def _form(request: SignedIn, text: str, *, status: int = 200, **context: object) -> HttpResponse:
    page = {"text": text, "largest": size(MAX_BYTES), **context}
    return render(request, "grading/labels_import.html", page, status=status)


def _name(request: SignedIn) -> str:
    return request.POST.get("name", "") or "pasted lines"
