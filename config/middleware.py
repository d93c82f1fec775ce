"""What every request passes besides Django's own."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

GetResponse = Callable[[HttpRequest], HttpResponse]


def whole_page_sign_in(get_response: GetResponse) -> GetResponse:
    """Take a page whose session has ended to the sign-in page, instead of swapping that into it."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        login = resolve_url(settings.LOGIN_URL)
        is_fragment = "HX-Request" in request.headers
        if is_fragment and response.headers.get("Location", "").startswith(login):
            return HttpResponse(status=204, headers={"HX-Redirect": login})
        return response

    return answer
