"""Personal tokens: listed, made, revoked. The text of a new one is in one answer, which nothing
keeps: no address, no session, no cache."""

import datetime as dt

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from authoring.models import ApiToken
from authoring.tokens.making import Issued, Order, issue_token
from authoring.tokens.pages import (
    RevokePage,
    Typed,
    everybodys_page,
    made_page,
    new_page,
    own_page,
    token_row,
)
from authoring.tokens.revoking import revoke_token
from simulation.errors import GymError, InvalidArgument, Problems
from simulation.roles import ADMIN, has_role
from simulation.text import clean_text
from simulation.views.lookup import SignedIn, number, see_other

LONGEST = 200  # characters of what is typed
FIELDS = ("name", "person", "scopes", "until")


@login_required
@require_safe
def tokens(request: SignedIn) -> HttpResponse:
    return render(request, "authoring/tokens.html", {"page": own_page(request.user)})


@login_required
@require_safe
def everybodys(request: SignedIn) -> HttpResponse:
    """All tokens, or with ?person= those of one, for admins."""
    if not has_role(request.user, ADMIN):
        raise Http404
    page = everybodys_page(
        ApiToken.objects.visible_to(request.user),
        person=clean_text(request.GET.get("person", "").strip(), limit=LONGEST)[0],
        page=max(1, number(request, "page") or 1),
    )
    return render(request, "authoring/tokens.html", {"page": page})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new(request: SignedIn) -> HttpResponse:
    if request.method != "POST":
        return _form(request, None)
    typed = _read(request.POST)
    try:
        issued = _issue(typed, request.user)
    except GymError as error:
        return _form(request, typed, error)
    return _made(request, issued)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: SignedIn, pk: int) -> HttpResponse:
    """GET asks once more; POST does it, twice as well as once."""
    seen = ApiToken.objects.visible_to(request.user).select_related("user", "made_by")
    token = get_object_or_404(seen, pk=pk)
    is_own = token.user_id == request.user.pk
    back = reverse("tokens:list" if is_own else "tokens:all")
    if request.method != "POST":
        page = RevokePage(row=token_row(token), back_url=back)
        return render(request, "authoring/revoke_token.html", {"page": page})
    was_on = revoke_token(token, by=request.user)
    said = f"{token.name} is revoked: nothing that uses it gets in any more."
    messages.success(request, said if was_on else f"{token.name} was revoked already.")
    return see_other(back)


def _read(data: QueryDict) -> Typed:
    def text(name: str) -> str:
        return clean_text(data.get(name, "").strip(), limit=LONGEST)[0]

    return Typed(
        name=text("name"),
        person=text("person"),
        scopes=tuple(data.getlist("scopes")[:20]),
        until=text("until"),
        is_for_ever=data.get("for_ever") == "on",
    )


def _issue(typed: Typed, by: User) -> Issued:
    until = None if typed.is_for_ever else _day(typed.until)
    order = Order(name=typed.name, scopes=typed.scopes, until=until)
    return issue_token(_person(typed.person, by), order, by=by)


def _person(name: str, by: User) -> User:
    if not name or name == by.get_username():
        return by
    found = User.objects.filter(username=name, is_active=True).first()
    if found is None or not has_role(by, ADMIN):
        raise InvalidArgument("nobody here has this name", field="person")
    return found


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InvalidArgument("write a day, such as 2027-01-31", field="until") from None


def _form(request: SignedIn, typed: Typed | None, error: GymError | None = None) -> HttpResponse:
    page = new_page(request.user, typed, _problems(error))
    status = 422 if error else 200
    return render(request, "authoring/new_token.html", {"page": page}, status=status)


def _problems(error: GymError | None) -> list[tuple[str, str]]:
    if error is None:
        return []
    if not isinstance(error, Problems):
        return [(error.field or "", error.message)]
    lines = [line.partition(": ") for line in error.problems]
    return [(name, why) if name in FIELDS else ("", f"{name}: {why}") for name, _, why in lines]


@sensitive_variables("issued", "page")
def _made(request: SignedIn, issued: Issued) -> HttpResponse:
    page = made_page(issued, host=f"{request.scheme}://{request.get_host()}")
    response = render(request, "authoring/made_token.html", {"page": page})
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
