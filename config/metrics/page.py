"""`/metrics`: everything in Prometheus' text format, for the token and for admins."""

from collections.abc import Iterator

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import Metric
from prometheus_client.exposition import choose_encoder

from config.metrics.access import has_token
from config.metrics.figures import database_figures, queue_figures
from config.metrics.processes import process_figures
from simulation.roles import ADMIN, has_role


class _Everything:
    def collect(self) -> Iterator[Metric]:
        yield from database_figures()
        yield from queue_figures()
        yield from process_figures()


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    if not (has_token(request.headers.get("Authorization", "")) or _is_admin(request)):
        raise Http404
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(encode(_Everything()), content_type=content_type)


def _is_admin(request: HttpRequest) -> bool:
    try:
        return has_role(request.user, ADMIN)
    except DatabaseError:
        return False
