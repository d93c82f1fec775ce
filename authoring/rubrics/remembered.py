"""Questions that somebody asked for a task a moment ago: one list often makes several criteria."""

from dataclasses import replace

from django.http import HttpRequest

from simulation.asking.address import asked_of
from simulation.asking.page import Example, QueryPage
from simulation.query import WorldQuery
from simulation.state import WorldState

SESSION = "rubric-questions"
MOST = 4


def remember(request: HttpRequest, slug: str, query: WorldQuery, world: WorldState) -> None:
    """Keep a question that was used, newest first, for the task that is written now."""
    asked = [query.sentence(), asked_of(query, world.snapshot.company).address()]
    others = [each for each in _remembered(request, slug) if each != asked]
    request.session[SESSION] = {"task": slug, "asked": [asked, *others][:MOST]}


def with_remembered(request: HttpRequest, slug: str, page: QueryPage) -> QueryPage:
    """Offer the remembered questions before those to start from."""
    before = tuple(
        Example(sentence=sentence, url=f"?{address}")
        for sentence, address in _remembered(request, slug)
    )
    return replace(page, examples=(*before, *page.examples))


def _remembered(request: HttpRequest, slug: str) -> list[list[str]]:
    kept = request.session.get(SESSION, {})
    return list(kept["asked"]) if kept.get("task") == slug else []
