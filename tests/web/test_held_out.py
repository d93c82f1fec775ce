"""What is held out is nowhere, on no page, in no list and no number, without the right to see it.

The table of addresses is the resolver's: a new route is asked for as soon as it is there, and
fails here until somebody says with what it is filled.
"""

import html
import re
from collections import Counter
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from authoring.tokens import make_token
from simulation.rest.scopes import SCOPES
from tests.web.addresses import LINK, Route, of_nobody, of_thing, routes
from tests.web.held_out import EARLY, KINDS, LATE, MARK, OPEN, Scene, make_scene

ROUTES = routes()
WITHOUT = ("author", "reviewer", "runner", "analyst", "nobody in particular", "token")
LEAVES = ("logout", "theme", "api:schema", "styleguide", "healthz", "readyz")
ALIKE = 2  # addresses of one route with the same questions that links are followed to


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_scene()
        transaction.set_rollback(True)


class Visitor:
    """Somebody who asks for addresses; a token asks on behalf of the admin."""

    def __init__(self, scene: Scene, who: str, *scopes: str) -> None:
        self.client = Client(raise_request_exception=True)
        self.is_token = bool(scopes)
        if scopes:
            text = make_token(scene.people["admin"], name=f"{who} {scopes}", scopes=scopes)
            self.client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {text}"
        else:
            self.client.force_login(scene.people[who])

    def get(self, url: str) -> tuple[int, str]:
        """Give status and all that was answered: head and body."""
        answer = self.client.get(url)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        return answer.status_code, f"{head}\n{body.decode('utf-8', 'replace')}"


def visitor(scene: Scene, who: str) -> Visitor:
    scopes = [scope for scope in SCOPES if scope != "heldout"] if who == "token" else ()
    return Visitor(scene, "admin" if who == "token" else who, *scopes)


def all_addresses(scene: Scene, word: str) -> list[tuple[Route, str]]:
    thing = scene.things[word]
    return [(r, url) for r in ROUTES if r.is_of_thing for url in of_thing(r, thing, scene)]


def common_addresses(scene: Scene) -> list[str]:
    asked = [r for r in ROUTES if not r.is_of_thing and r.name not in LEAVES]
    return [url for route in asked for url in of_nobody(route, scene)]


def crawl(visitor: Visitor, first: list[str]) -> dict[str, tuple[int, str]]:
    """Ask for addresses and for what their pages lead to, of each kind so many."""
    found: dict[str, tuple[int, str]] = {}
    kinds: Counter[Any] = Counter()
    waiting = list(first)
    while waiting:
        url = waiting.pop()
        if url in found:
            continue
        found[url] = visitor.get(url)
        for link in map(html.unescape, LINK.findall(found[url][1])):
            link = link.partition("#")[0]
            kind = kind_of(link)
            if kind and kinds[kind] < ALIKE and link not in found:
                kinds[kind] += 1
                waiting.append(link)
    return found


def kind_of(link: str) -> Any:
    path, _, query = link.partition("?")
    try:
        name = resolve(path).view_name
    except Resolver404:
        return None
    if name in LEAVES or name.startswith("admin:"):
        return None
    return name, tuple(re.findall(r"(\w+)=", query))


def leaks(found: dict[str, tuple[int, str]]) -> dict[str, str]:
    """Give the addresses whose answer has the mark, with the words around it."""
    told = {
        url: re.search(rf"(?i).{{0,60}}{MARK}.{{0,40}}", text) for url, (_, text) in found.items()
    }
    return {url: match[0] for url, match in told.items() if match}


@pytest.mark.parametrize("who", WITHOUT)
def test_nothing_that_is_held_out_is_anywhere_without_the_right(scene, db, who):
    person = visitor(scene, who)
    shared = of_run(scene, scene.run.pk)
    ordinary = [url for _, url in all_addresses(scene, OPEN)]
    first = [*common_addresses(scene), *shared, *ordinary]

    found = crawl(person, first if who != "token" else [u for u in first if "/api/" in u])

    assert leaks(found) == {}
    assert {url: status for url, (status, _) in found.items() if status >= 500} == {}


@pytest.mark.parametrize("who", WITHOUT)
def test_what_is_held_out_is_not_found_by_its_address(scene, db, who):
    person = visitor(scene, who)
    asked = [pair for word in (EARLY, LATE) for pair in all_addresses(scene, word)]
    if who == "token":
        asked = [(route, url) for route, url in asked if "/api/" in url]

    answers = {url: person.get(url) for _, url in asked}
    posted = {url: person.client.post(url).status_code for _, url in asked}

    assert {url: status for url, (status, _) in answers.items() if status not in (404, 405)} == {}
    assert leaks({url: (0, text.replace(url, "")) for url, (_, text) in answers.items()}) == {}
    assert {url: status for url, status in posted.items() if status not in (404, 405)} == {}


def test_an_admin_sees_all_of_it(scene, db):
    person = Visitor(scene, "admin")
    asked = [url for word in (EARLY, LATE) for _, url in all_addresses(scene, word)]

    found = [person.get(url) for url in [*asked, *common_addresses(scene)]]

    told = "\n".join(text for status, text in found if status == 200)
    words = [f"{word} {kind}" for word in (EARLY, LATE) for kind in KINDS]
    assert [word for word in words if word not in told] == []


def test_a_token_with_the_scope_sees_it_and_one_without_does_not(scene, db):
    with_it, without = Visitor(scene, "admin", *SCOPES), visitor(scene, "token")
    asked = [url for _, url in all_addresses(scene, LATE) if url.startswith("/api/")]
    there = [url for url in asked if with_it.get(url)[0] == 200]

    assert len(there) > 10
    assert {without.get(url)[0] for url in there} == {404}


def of_run(scene: Scene, pk: int) -> list[str]:
    """Give the addresses of the run in which tasks of both kinds were tried."""
    own = [r for r in ROUTES if r.area in ("grading", "api:run", "api:grading", "grade_again")]
    found = [r for r in own if r.parameters and "run_pk" not in r.parameters]
    values = {"pk": pk, "run": pk, "grading": 2, "number": 2}
    return [reverse(r.name, kwargs={n: values[n] for n in r.parameters}) for r in found]
