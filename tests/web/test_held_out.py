"""What is held out is nowhere, on no page, in no list and no number, without the right to see it.

The table of addresses is the resolver's: a new route is asked for as soon as it is there, and
fails here until somebody says with what it is filled.
"""

import html
import json
import re
import zipfile
from collections import Counter
from collections.abc import Collection, Iterable
from functools import lru_cache
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from pyarrow import parquet

from authoring.exports import EXPORTERS
from authoring.tokens import make_token
from grading.transcripts import FORMS
from simulation.rest.scopes import SCOPES
from tests.web.addresses import LINK, OF_RUN, WORLD, of_nobody, of_thing, queries, routes
from tests.web.held_out import EARLY, KINDS, LATE, MARK, OPEN, Scene, make_scene
from tests.web.scope_table import NEEDED

Answers = dict[str, tuple[int, str]]  # address → status, and all that was answered

ROUTES = routes()
PEOPLE = ("author", "reviewer", "runner", "analyst", "nobody in particular", "staff")
WITHOUT = (*PEOPLE, "token")
QUICK = ("author", "reviewer", "token")  # whose the tasks are, who sees most, and scripts
IN_TURN = [pytest.param(who, marks=() if who in QUICK else pytest.mark.long) for who in WITHOUT]
LEAVES = ("logout", "theme", "api:schema", "api_docs", "styleguide", "healthz", "readyz")
NOT_AN_ADMINS = {"api:token-detail", "bundles:preview", "api:grading-compare"}
# what there is not in the run of a dry run: more gradings; another's news; calls of the null agent
NOT_IN_A_DRY_RUN = {"api:grading-compare", "grading:compare", "grading:official",
                    "grading:step_payload", "inbox:open"}  # fmt: skip
SHARED_KINDS = ("title", "prompt", "answer", "rationale", "problem", "complaint")
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
            text = make_token(scene.people["admin"], name=uuid4().hex, scopes=scopes)
            self.client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {text}"
        else:
            self.client.force_login(scene.people[who])

    def get(self, url: str) -> tuple[int, str]:
        return self.send("GET", url)

    def send(self, method: str, url: str, body: Any = None) -> tuple[int, str]:
        """Give status and all that was answered: head and body."""
        if method == "GET":
            answer = self.client.get(url)
        elif url.startswith("/api/"):
            sent = json.dumps(body or {})
            answer = self.client.generic(method, url, sent, content_type="application/json")
        else:
            answer = self.client.post(url, body or {})
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        return answer.status_code, f"{head}\n{read(body)}"


def read(body: bytes) -> str:
    """Give all that is written in an answer, in the files of an archive as well."""
    if not body.startswith(b"PK"):
        return body.decode("utf-8", "replace")
    with zipfile.ZipFile(BytesIO(body)) as archive:
        return "\n".join(f"{name}\n{_file(archive.read(name))}" for name in archive.namelist())


def _file(data: bytes) -> str:
    if data.startswith(b"PAR1"):
        return str(parquet.read_table(BytesIO(data)).to_pylist())
    return read(data)


def visitor(scene: Scene, who: str) -> Visitor:
    scopes = [scope for scope in SCOPES if scope != "heldout"] if who == "token" else ()
    return Visitor(scene, "admin" if who == "token" else who, *scopes)


def of_word(scene: Scene, word: str) -> list[str]:
    """Give the addresses of one task and of all that came of it."""
    thing = scene.things[word]
    return [url for route in ROUTES if route.is_of_thing for url in of_thing(route, thing)]


def of_nothing(scene: Scene, *, with_worlds: bool) -> list[str]:
    asked = [route for route in ROUTES if not route.is_of_thing and route.name not in LEAVES]
    chosen = [route for route in asked if with_worlds or route.area not in (*WORLD, "guide")]
    return [url for route in chosen for url in of_nobody(route, scene)]


def of_run(scene: Scene) -> list[str]:
    """Give the addresses of the run in which tasks of both kinds were tried."""
    own = [r for r in ROUTES if r.area in OF_RUN and r.parameters and "run_pk" not in r.parameters]
    values = {"pk": scene.run.pk, "run": scene.run.pk, "grading": 2, "number": 2}
    return [
        f"{reverse(r.name, kwargs={name: values[name] for name in r.parameters})}{query}"
        for r in own
        for query in queries(r)
    ]


@pytest.fixture(scope="module")
def told(scene: Scene, django_db_blocker: Any) -> Answers:
    """What those are told who have the right, at every address but the pages of a task.

    These are the addresses to ask for without the right.
    """
    with django_db_blocker.unblock():
        return ask_with_right(scene, [*shared_addresses(scene), *api_only(of_word(scene, LATE))])


@pytest.fixture(scope="module")
def telling(told: Answers) -> Collection[str]:
    """The addresses at which something is told that is held out."""
    return leaks(told)


def shared_addresses(scene: Scene) -> list[str]:
    return [*of_nothing(scene, with_worlds=False), *of_run(scene)]


def api_only(urls: Iterable[str]) -> list[str]:
    return [url for url in urls if url.startswith("/api/")]


def ask_with_right(scene: Scene, urls: list[str]) -> Answers:
    """Ask as an admin for pages, with their token of all scopes over REST."""
    person, script = Visitor(scene, "admin"), Visitor(scene, "admin", *SCOPES)
    return {url: (script if url.startswith("/api/") else person).get(url) for url in urls}


def asked_by(scene: Scene, telling: Collection[str], who: str) -> list[str]:
    """Give the shared addresses that tell of what is held out, and over REST those of an ordinary
    task that tell the like."""
    shared = [url for url in shared_addresses(scene) if url in telling]
    if who == "author":
        return [*shared, *own_previews(scene)]
    if who != "token":
        return shared
    both = zip(of_word(scene, OPEN), of_word(scene, LATE), strict=True)
    return api_only([*shared, *(ordinary for ordinary, late in both if late in telling)])


def own_previews(scene: Scene) -> list[str]:
    """Give what is the author's alone: a bundle of tasks that are here already, looked at."""
    return [reverse("bundles:preview", args=[scene.bundle.pk])]


def everything(scene: Scene, who: str) -> list[str]:
    first = [*of_nothing(scene, with_worlds=True), *of_run(scene), *of_word(scene, OPEN)]
    return api_only(first) if who == "token" else first


def crawl(visitor: Visitor, first: list[str], *, alike: int) -> Answers:
    """Ask for addresses and for what their pages lead to, so many of each kind."""
    found: Answers = {}
    kinds: Counter[Any] = Counter(map(kind_of, first))
    waiting = list(first)
    while waiting:
        url = waiting.pop()
        if url in found:
            continue
        found[url] = visitor.get(url)
        for link in map(html.unescape, LINK.findall(found[url][1])):
            link = link.partition("#")[0]
            kind = kind_of(link)
            if kind and kinds[kind] < alike and link not in found:
                kinds[kind] += 1
                waiting.append(link)
    return found


@lru_cache
def kind_of(link: str) -> Any:
    path, _, query = link.partition("?")
    try:
        name = resolve(path).view_name
    except Resolver404:
        return None
    if name in LEAVES or name.startswith("admin:"):
        return None
    return name, tuple(re.findall(r"(\w+)=", query))


def leaks(found: Answers) -> dict[str, str]:
    """Give the addresses whose answer has the mark, with the words around it."""
    places = {url: (text, text.lower().find(MARK)) for url, (_, text) in found.items()}
    return {url: text[max(at - 60, 0) : at + 60] for url, (text, at) in places.items() if at >= 0}


def test_every_shared_address_tells_those_of_it_who_have_the_right(scene, told, telling, db):
    texts = "\n".join(text for status, text in told.values() if status == 200)

    assert [kind for kind in SHARED_KINDS if f"{LATE} {kind}" not in texts] == []
    assert f"{EARLY} title" in texts
    away = {url for url, (status, _) in told.items() if status not in (200, 302, 405)}
    assert {view_of(url) for url in away} == NOT_AN_ADMINS
    assert [name for name in EXPORTERS if not told_in(telling, f"?format={name}")] == []
    assert [name for name in EXPORTERS if not told_in(telling, f"/{name}/?held_out=1")] == []
    assert [name for name in FORMS if not told_in(telling, f"?form={name}")] == []
    assert len([url for url in api_only(of_word(scene, LATE)) if told[url][0] == 200]) > 30


@pytest.mark.long
def test_an_admin_sees_all_of_it(scene, told, db):
    pages = ask_with_right(scene, of_word(scene, LATE))
    texts = "\n".join(text for status, text in (told | pages).values() if status == 200)

    assert [kind for kind in KINDS if f"{LATE} {kind}" not in texts] == []
    away = {url for url, (status, _) in pages.items() if status not in (200, 302, 303, 405)}
    assert {view_of(url) for url in away} == NOT_IN_A_DRY_RUN


def view_of(url: str) -> str:
    return resolve(url.partition("?")[0]).view_name


def told_in(telling: Collection[str], ending: str) -> bool:
    return any(url.endswith(ending) for url in telling)


@pytest.mark.parametrize("who", IN_TURN)
def test_nothing_that_is_held_out_is_anywhere_without_the_right(scene, telling, db, who):
    asked = asked_by(scene, telling, who)

    found = crawl(visitor(scene, who), asked, alike=0)

    assert len(asked) > 12
    assert leaks(found) == {}
    assert {url: status for url, (status, _) in found.items() if status >= 500} == {}


@pytest.mark.long
@pytest.mark.parametrize("who", WITHOUT)
def test_nothing_is_anywhere_that_links_lead_to(scene, db, who):
    found = crawl(visitor(scene, who), everything(scene, who), alike=ALIKE)

    assert leaks(found) == {}


@pytest.mark.parametrize("who", IN_TURN)
def test_what_is_held_out_is_not_found_by_its_address(scene, db, who):
    person, asked = visitor(scene, who), of_word(scene, LATE)
    if who == "token":
        asked = api_only(asked)

    answers = {url: person.get(url) for url in asked}

    found = {url: status for url, (status, _) in answers.items() if status not in (404, 405)}
    assert found == {}
    assert leaks({url: (0, text.replace(url, "")) for url, (_, text) in answers.items()}) == {}
    away = [url for url, (status, _) in answers.items() if status == 405]
    assert len(away) > 12


@pytest.mark.parametrize("who", [*IN_TURN[1:], pytest.param("author", marks=pytest.mark.long)])
def test_what_is_held_out_is_not_there_to_be_written_to(scene, db, who):
    person, asked = visitor(scene, who), of_word(scene, LATE)
    written = [(method, url) for url in asked for method in written_at(url, who)]

    statuses = {each: person.send(*each)[0] for each in written}

    assert len(written) > 30
    assert {each: status for each, status in statuses.items() if status not in (404, 405)} == {}


def written_at(url: str, who: str) -> list[str]:
    """Give the methods to write with: a token's over REST, of others to pages alone."""
    is_api, name = url.startswith("/api/"), view_of(url).removeprefix("api:")
    if is_api != (who == "token") or "?" in url:
        return []
    return [method for method in NEEDED[name] if method != "GET"] if is_api else ["POST"]


def test_it_is_the_same_for_what_was_held_out_from_the_first(scene, db):
    person = visitor(scene, "reviewer")
    asked = api_only(of_word(scene, EARLY))

    answers = {url: person.get(url)[0] for url in asked}

    assert set(answers.values()) == {404, 405}


ANOTHER_EACH_TIME = re.compile(
    r'nonce[^"]*"[^"]*"|value="[0-9A-Za-z]{64}"|ETag:.*|Set-Cookie:.*|[0-9-]{10}T[0-9:.]{8,15}Z'
    r'|Content-Length:.*|id="speed">[^<]*<|has been waiting for [^<]* and nothing'
    r'|data-label="(?:A minute|Left|Took|Last step)">[^<]*<'
)
NAMING = [
    ("author", "POST", "api:pack-tasks", {"slugs": ["SLUG"]}),
    ("author", "DELETE", "api:pack-tasks", {"slugs": ["SLUG"]}),
    ("author", "POST", "api:pack-newer", {"slugs": ["SLUG"]}),
    ("author", "POST", "packs:adding", {"tasks": "SLUG"}),
    ("author", "POST", "packs:remove", {"task": "SLUG"}),
    ("author", "POST", "packs:newer", {"only": "SLUG"}),
    ("author", "GET", "packs:adding", {"tasks": "SLUG"}),
    ("author", "POST", "api:task-list", {"duplicate_of": "SLUG"}),
    ("author", "GET", "api:task-list", {"q": "SLUG"}),
    ("author", "GET", "tasks:list", {"q": "SLUG"}),
    ("reviewer", "GET", "tasks:bulk", {"action": "reviewer", "person": "-", "task": "SLUG"}),
    ("reviewer", "GET", "api:rollout-list", {"task": "SLUG"}),
    ("reviewer", "GET", "api:task-report-list", {"task": "SLUG"}),
    ("runner", "POST", "api:grading-list", {"reason": "x", "filter": {"task": "SLUG"}}),
    ("runner", "POST", "api:grading-list", {"reason": "x", "rubrics": {"SLUG": "approved"}}),
    ("runner", "GET", "api:transcripts", {"task": "SLUG"}),
    ("runner", "GET", "grading:run", {"task": "SLUG"}),
    ("runner", "GET", "launch:new", {"task": "SLUG"}),
    ("runner", "POST", "launch:new", {"run.tasks": "SLUG", "run.agents": "null", "key": "1"}),
    ("runner", "POST", "launch:launch", {"run.tasks": "SLUG", "run.agents": "null"}),
    ("runner", "POST", "api:run-list", {"tasks": ["SLUG"], "agents": ["null"], "dry_run": True}),
    (
        "runner",
        "POST",
        "api:run-list",
        {"tasks": ["SLUG", "ordinary-lamps"], "agents": ["null"], "dry_run": True},
    ),
]


@pytest.mark.parametrize(("who", "method", "name", "sent"), NAMING)
def test_naming_what_is_held_out_gives_what_naming_nothing_gives(
    scene, db, who, method, name, sent
):
    person = visitor(scene, who)
    pattern = {"slug": scene.pack.slug} if "pack" in name else {}
    number = {"grading:run": "pk", "api:grading-list": "run"}.get(name)
    url = reverse(name, kwargs={number: scene.run.pk} if number else pattern)

    there, nowhere = (
        told_without(person, method, url, sent, slug)
        for slug in (scene.things[LATE].task.slug, "xelveteen-late-lamps")
    )

    assert there == nowhere
    assert there[0] != 405


def told_without(person: Visitor, method: str, url: str, sent: Any, slug: str) -> tuple[int, str]:
    """Give what is told of a slug, without it and without what is another each time."""
    body = json.loads(json.dumps(sent).replace("SLUG", slug))
    with transaction.atomic():
        if method == "GET":
            status, text = person.get(f"{url}?{urlencode(body)}")
        else:
            status, text = person.send(method, url, body)
        transaction.set_rollback(True)
    return status, ANOTHER_EACH_TIME.sub("", text).replace(slug, "SLUG")


def test_a_run_is_launched_again_without_what_is_held_out_now(scene, db):
    asked = f"{reverse('launch:new')}?like={scene.run.pk}"
    own, whole = visitor(scene, "runner").get(asked), visitor(scene, "admin").get(asked)

    assert (own[0], whole[0]) == (200, 200)
    assert f"{OPEN}-lamps" in own[1]
    assert MARK not in own[1]
    assert f"{LATE}-lamps" in whole[1]


@pytest.mark.parametrize("who", PEOPLE)
def test_trials_of_customers_are_held_out_with_their_task(scene, db, who):
    person = visitor(scene, who)
    trials = [thing.trial.pk for thing in scene.hidden]
    urls = [reverse(f"api:episode-{name}", args=[pk])
            for name in ("detail", "steps") for pk in trials]  # fmt: skip

    assert {url: person.get(url)[0] for url in urls} == dict.fromkeys(urls, 404)
    told = [visitor(scene, "admin").get(url) for url in urls]
    assert {status for status, _ in told} == {200}
    assert all(MARK in text for _, text in told[2:])


@pytest.mark.parametrize("form", FORMS)
def test_the_command_for_transcripts_leaves_it_out_unless_it_is_asked_for(
    scene, db, form, tmp_path
):
    def written(*options: str) -> str:
        path = tmp_path / "-".join(["file", *options]).replace("/", "")
        call_command("export_transcripts", path, *options, form=form, stdout=StringIO())
        return path.read_text()

    run = f"--run={scene.run.pk}"

    assert MARK not in written("--owner=admin-person")
    assert MARK not in written(run, "--owner=runner-person")
    assert OPEN in written(run)
    assert MARK in written(run, "--held-out")


def test_the_back_office_has_nothing_of_it_for_staff_who_are_no_admins(scene, db):
    staff, admin_person = Visitor(scene, "staff"), Visitor(scene, "admin")
    lists = [reverse(f"admin:{m._meta.label_lower.replace('.', '_')}_changelist") for m in MODELS]
    rows = [reverse(f"admin:{each._meta.label_lower.replace('.', '_')}_change", args=[each.pk])
            for each in marked_rows()]  # fmt: skip

    found = {url: staff.get(url) for url in [reverse("admin:index"), *lists]}
    single = {url: staff.get(url) for url in rows}

    assert leaks(found | single) == {}
    assert {url: status for url, (status, _) in found.items() if status != 200} == {}
    away = [url for url, (status, _) in single.items() if status == 302]
    assert len(away) == len(rows) - 2, "a run and a grading of others too are there without them"
    told = [url for url in lists if MARK in admin_person.get(url)[1]]
    assert len(told) > 8
    assert admin_person.get(rows[0])[0] == 200


MODELS = [model for model in admin.site._registry if model._meta.app_label != "auth"]


def marked_rows() -> list[Any]:
    """Give one row of each model of the back office that says something held out itself."""
    rows = []
    for model in MODELS:
        texts = ((each, str(each.__dict__)) for each in model._default_manager.all())
        rows += [each for each, text in texts if MARK in text][:1]
    return rows
