"""Rubric strength on pages and over REST: started, watched, read, corrected, and by whom."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from authoring.models import EquivalentMutant, MutationReport, Revision
from authoring.mutants.measure import Fate
from authoring.mutants.scores import read_results
from authoring.strength.reports import run_report
from authoring.tokens import make_token
from simulation import roles
from tests.authoring.folders import CRITERIA
from tests.factories import make_user, make_world, signed_in
from tests.web.strength import make_report, make_task

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def world(author):
    return make_world(owner=author, prompts={"clerk": "You sell lamps."})


@pytest.fixture
def report(author, world):
    return make_report(author, world, rubric=CRITERIA[1:])


def address(name: str, report: MutationReport, *more) -> str:
    own = [] if name in ("page", "start") else [report.pk]
    return reverse(f"strength:{name}", args=[report.task.slug, *own, *more])


def survivor(report):
    return next(r for r in read_results(report.results) if r.fate == Fate.SURVIVED)


def text(response) -> str:
    return response.content.decode()


def approve(report):
    Revision.objects.filter(pk=report.revision_id).update(state="approved")


# the journey


def test_from_nothing_measured_to_the_survivors(author, world, page):
    task = make_task(author, world, rubric=CRITERIA[1:])
    url = reverse("strength:page", args=[task.slug])
    assert "Nothing was measured yet." in text(page(url, author))

    started = signed_in(author).post(reverse("strength:start", args=[task.slug]))
    report = MutationReport.objects.get()
    assert (started.status_code, started["Location"]) == (302, f"{url}?report={report.pk}")
    waiting = text(page(started["Location"], author))
    assert "data-poll" in waiting
    assert "load the page again" in waiting

    run_report(report.pk)

    shown = text(page(url, author))
    assert "data-poll" not in shown
    assert "The answer is left out." in shown
    assert "lamps-left-the-shelf" in shown
    assert re.search(r"95 % interval \d+–\d+ %", shown)


def test_a_poll_of_what_is_over_loads_the_page(report, page, author):
    poll = address("progress", report)

    response = page(poll, author, headers={"HX-Request": "true"})

    assert response["HX-Redirect"].endswith(f"?report={report.pk}")


def test_a_report_under_way_is_cancelled(author, world, page):
    report = make_report(author, world, is_run=False)

    signed_in(author).post(address("cancel", report))

    report.refresh_from_db()
    assert report.status == "cancelled"
    assert "It was cancelled." in text(page(address("page", report), author))


def test_a_mutant_is_marked_and_counts_again_when_the_mark_is_taken_back(report, reviewer, page):
    mutant = survivor(report)
    client = signed_in(reviewer)

    client.post(address("mark", report, mutant.id), {"reason": f"The same. {HOSTILE}"})
    shown = text(page(address("page", report), reviewer))
    assert "The same." in shown
    assert HOSTILE not in shown
    assert "The score has moved since." in shown

    client.post(address("unmark", report, mutant.id))
    assert "The same." not in text(page(address("page", report), reviewer))
    assert EquivalentMutant.objects.count() == 2


def test_a_mark_without_a_reason_is_shown_again_with_its_problem(report, reviewer):
    mutant = survivor(report)

    response = signed_in(reviewer).post(address("mark", report, mutant.id), {"reason": " "})

    assert response.status_code == 422
    assert f'href="#reason-{mutant.id}"' in text(response)
    assert 'aria-invalid="true"' in text(response)
    assert not EquivalentMutant.objects.exists()


def test_what_cannot_be_measured_says_why(report, author, page):
    draft = report.task.draft
    draft.content = {**draft.content, "category": "cooking"}
    draft.save()

    shown = text(page(address("page", report), author))
    response = signed_in(author).post(address("start", report), follow=True)

    assert "It cannot be measured as it is." in shown
    assert "category" in text(response)


def test_texts_of_a_task_are_hostile(author, world, page):
    report = make_report(
        author, world, title=f"T {HOSTILE}", reference=[{"message": f"Sold. {HOSTILE}"}],
        rubric=[{**CRITERIA[1], "check": {"kind": "response", "text": {"any_of": ["Sold"]}}}],
    )  # fmt: skip

    assert report.status == "ended"
    assert HOSTILE not in text(page(address("page", report), author))


def test_the_number_of_queries_does_not_grow(report, author, world, django_assert_max_num_queries):
    client = signed_in(author)
    client.get(address("page", report))
    for _ in range(3):
        run_report(make_again(report).pk)

    with django_assert_max_num_queries(14):
        client.get(address("page", report))


def make_again(report) -> MutationReport:
    return MutationReport.objects.create(
        task=report.task,
        revision=report.revision,
        content_hash=report.content_hash,
        rubric_hash=report.rubric_hash,
        world=report.world,
        created_by=report.created_by,
    )


# who


POSTS = {
    "start": {"author": 302, "reviewer": 302, "admin_person": 302},
    "cancel": {"author": 302, "reviewer": 302, "admin_person": 302},
    "mark": {"author": 422, "reviewer": 422, "admin_person": 422},
    "unmark": dict.fromkeys(("author", "reviewer", "admin_person"), 404),  # nothing is marked
}


@pytest.mark.parametrize(
    "person", ["charlie", "author", "runner", "reviewer", "analyst", "admin_person"]
)
@pytest.mark.parametrize("name", POSTS)
def test_who_may_do_what_with_a_draft(name, person, report, request):
    more = [survivor(report).id] if name in ("mark", "unmark") else []

    response = signed_in(request.getfixturevalue(person)).post(address(name, report, *more))

    assert response.status_code == POSTS[name].get(person, 404)


APPROVED = {
    "charlie": (404, 404),
    "runner": (404, 404),
    "analyst": (200, 404),
    "reviewer": (200, 422),
}


@pytest.mark.parametrize(("person", "expected"), APPROVED.items(), ids=APPROVED)
def test_of_an_approved_task_those_see_the_strength_who_may_read_the_rubric(
    person, expected, report, request
):
    approve(report)
    client = signed_in(request.getfixturevalue(person))

    seen = client.get(address("page", report)).status_code
    marked = client.post(address("mark", report, survivor(report).id)).status_code

    assert (seen, marked) == expected


def test_another_author_reads_reports_of_approved_revisions_alone(report, page):
    approve(report)
    other = make_user("olga", roles.AUTHOR)
    draft = report.task.draft
    draft.content = {**draft.content, "title": "A secret plan"}
    draft.save()
    signed_in(report.created_by).post(address("start", report))
    secret = MutationReport.objects.filter(revision=None).get()

    shown = text(page(address("page", report), other))

    assert "A secret plan" not in shown
    assert f"?report={secret.pk}" not in shown
    assert page(address("progress", secret), other).status_code == 404


def test_a_task_held_out_is_found_by_admins_alone(report, reviewer, admin_person, page):
    report.task.split = "heldout"
    report.task.save()

    assert page(address("page", report), reviewer).status_code == 404
    assert page(address("page", report), admin_person).status_code == 200


# REST


def test_the_api_lists_starts_and_tells(report, author, page):
    listed = page(f"/api/v1/tasks/{report.task.slug}/mutations/", author).json()["results"]
    assert [r["id"] for r in listed] == [report.pk]

    headers = {"authorization": f"Bearer {make_token(author, name='x', scopes=['read', 'run'])}"}
    url = f"/api/v1/tasks/{report.task.slug}/mutations/"
    answer = Client().post(url, {}, content_type="application/json", headers=headers)
    assert answer.status_code == 202
    run_report(answer.json()["id"])

    found = Client().get(f"{url}{answer.json()['id']}/", headers=headers).json()
    assert found["status"] == "ended"
    assert found["score"] == pytest.approx(found["found"]["score"], abs=0.001)
    assert found["found"]["survivors"][0]["sentence"]


def test_a_token_that_only_reads_starts_nothing(report, author):
    headers = {"authorization": f"Bearer {make_token(author, name='x')}"}
    url = f"/api/v1/tasks/{report.task.slug}/mutations/"

    assert Client().post(url, headers=headers).status_code == 403
    assert Client().get(url, headers=headers).status_code == 200


def test_strangers_find_nothing_over_rest(report, runner, page):
    url = f"/api/v1/tasks/{report.task.slug}/mutations/"

    assert page(url).status_code == 404
    assert page(f"{url}{report.pk}/").status_code == 404
    assert signed_in(runner).post(url).status_code == 404
