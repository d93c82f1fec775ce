"""Pages of judges: what admins make, what inspectors see, what a run and an episode say of it."""

import pytest
from django.test import Client
from django.urls import reverse

from authoring.tokens import make_token
from grading.judging.configurations import content_of, find_judge, make_judge, retire_judge
from grading.models import Judge
from grading.verdicts import grade_episode
from simulation.errors import Conflict, Forbidden, NotFound, Problems
from tests.factories import (
    make_criterion,
    make_endpoint,
    make_plan,
    make_rubric,
    make_world,
    signed_in,
)
from tests.grading.judging.judges import PRICES, answer, cite, decides, make_judged, says, verdict
from tests.grading.judging.judges import make_judge as a_judge
from tests.model_server import Reply
from tests.web.conftest import HOSTILE, SAYS_HOSTILE
from tests.web.forms import form_data

pytestmark = pytest.mark.django_db
LIST, NEW = "/settings/judges/", "/settings/judges/new/"
GIVEN = {"name": "strict", "model": "small", "settings": {}}


@pytest.fixture
def admin(admin_person):
    return signed_in(admin_person)


@pytest.fixture
def endpoint(model_server, admin_person):
    return make_endpoint(model_server.url, name="local", created_by=admin_person, prices=PRICES)


@pytest.fixture
def judge(endpoint, admin_person):
    return make_judge({**GIVEN, "endpoint": "local"}, by=admin_person)


@pytest.fixture
def judged(launch, runner):
    """Launch a run with a criterion for a judge, and grade it."""

    def start(judge, **fields):
        rubric = make_rubric(make_criterion(), make_judged("polite"))
        plan = make_plan(make_world(owner=runner), agent=SAYS_HOSTILE, rubric=rubric)
        return launch([plan], judge=judge, **fields)

    return start


def body_of(response):
    return response.content.decode()


def opened(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return form_data(body_of(response))


# making


def test_an_empty_list_says_what_a_judge_is_and_leads_on(admin, reviewer):
    assert NEW in body_of(admin.get(LIST))
    assert NEW not in body_of(signed_in(reviewer).get(LIST))


def test_without_an_endpoint_the_form_leads_to_making_one(admin):
    assert "/settings/endpoints/new/" in body_of(admin.get(NEW))


def test_a_judge_is_made_with_the_form(admin, endpoint, admin_person):
    data = opened(admin, NEW)
    data |= {"judge.name": "strict", "judge.model": "small", "judge.note": "for the pilot"}
    data |= {"judge.endpoint": "local", "judge.settings.votes": "3", "judge.settings.batch": "5"}

    response = admin.post(NEW, data)

    made = Judge.objects.get()
    assert (response.status_code, response.url) == (303, f"{LIST}strict/1/")
    assert (made.value.votes, made.value.batch, made.value.temperature) == (3, 5, 0)
    assert (made.note, made.created_by, made.endpoint) == ("for the pilot", admin_person, endpoint)
    assert len(made.hash) == 64


def test_a_next_version_begins_with_the_old_one(admin, judge):
    data = opened(admin, f"{NEW}?from={judge}")
    assert data["judge.name"] == ["strict"]

    response = admin.post(NEW, data | {"judge.settings.batch": "one"})

    assert response.url == f"{LIST}strict/2/"
    assert [j.value.batch for j in Judge.objects.order_by("version")] == ["all", "one"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"judge.name": "Strict Judge"}, "small letters"),
        ({"judge.name": "new"}, "small letters"),
        ({"judge.settings.votes": "2"}, "odd number"),
        ({"judge.settings.votes": "many"}, "votes"),
        ({"judge.settings.votes": "11"}, "write 9 or less"),
        ({"judge.settings.batch": "some"}, "write one, all, or a number"),
        ({"judge.settings.batch": "0"}, "write one, all, or a number"),
        ({"judge.settings.temperature": "-1"}, "write 0 or more"),
        ({"judge.model": ""}, "is required"),
        ({"judge.endpoint": "nowhere"}, "there is none named"),
        ({}, "decides exactly so already"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(change, said, admin, judge):
    data = opened(admin, f"{NEW}?from={judge}") | change

    response = admin.post(NEW, data)

    assert response.status_code == 422
    assert said in body_of(response)
    for name, value in change.items():
        assert form_data(body_of(response))[name] == [value]
    assert Judge.objects.count() == 1


def test_only_admins_make_and_retire(judge, reviewer):
    for act in (lambda: make_judge(GIVEN, by=reviewer), lambda: retire_judge(judge, by=reviewer)):
        with pytest.raises(Forbidden):
            act()
    response = signed_in(reviewer).post(reverse("judges:retire", args=["strict", 1]))
    assert response.status_code == 404


def test_a_judge_is_retired_and_found_no_more(admin, judge):
    response = admin.post(reverse("judges:retire", args=["strict", 1]))

    assert response.status_code == 303
    assert "retired" in body_of(admin.get(response.url))
    with pytest.raises(NotFound):
        find_judge("strict")


def test_a_judge_is_found_by_its_name_or_its_version(judge, admin_person):
    second = make_judge({**content_of(judge), "model": "other"}, by=admin_person)

    assert find_judge("strict") == second
    assert find_judge("strict@1") == judge
    for unknown in ("lenient", "strict@3", "strict@x"):
        with pytest.raises(NotFound):
            find_judge(unknown)


def test_the_hash_is_of_what_decides_verdicts(judge, admin_person):
    with pytest.raises(Conflict, match="decides exactly so already"):
        make_judge({**content_of(judge), "note": "another", "settings": {"concurrency": 9}},
                   by=admin_person)  # fmt: skip
    changed = make_judge({**content_of(judge), "settings": {"seed": 1}}, by=admin_person)
    assert changed.hash != judge.hash


def test_every_bad_field_is_named_at_once(endpoint, admin_person):
    with pytest.raises(Problems) as caught:
        make_judge({"name": "X", "settings": {"votes": 4, "batch": "x"}}, by=admin_person)

    text = "\n".join(caught.value.problems)
    for name in ("name", "endpoint", "model", "settings.votes", "settings.batch"):
        assert name in text


# what is seen


def test_a_judges_page_shows_what_was_asked_and_paid(judged, judge, model_server, analyst):
    decides(model_server, says("not_met"))
    run = judged(judge)

    body = body_of(signed_in(analyst).get(reverse("judges:judge", args=["strict", 1])))

    assert reverse("grading:run", args=[run.pk]) in body
    for words in ("small", "1 call", "decided", "$0.00007", "1 grading"):
        assert words in body


def test_hostile_answers_of_a_judge_are_escaped(judged, judge, model_server, analyst):
    model_server.answer = lambda body: Reply(text=HOSTILE)
    run = judged(judge)
    rollout = run.rollouts.get()

    for url in (
        reverse("judges:judge", args=["strict", 1]),
        reverse("grading:episode", args=[run.pk, rollout.pk]),
    ):
        assert "<script>alert" not in body_of(signed_in(analyst).get(url))


def test_the_list_costs_no_more_queries_when_long(
    admin, judge, endpoint, django_assert_num_queries
):
    for _ in range(3):
        a_judge(endpoint=endpoint)

    with django_assert_num_queries(5):  # session, person, roles, judges, what was paid
        assert admin.get(LIST).status_code == 200


# runs and episodes


def test_a_run_names_its_judge_and_what_that_cost(judged, judge, model_server, page, analyst):
    decides(model_server, says("not_met"))
    url = reverse("grading:run", args=[judged(judge).pk])

    body = body_of(page(url))

    for words in ("strict@1", "$0.00007", "tokens in"):
        assert words in body
    assert LIST not in body, "its owner may not see judges"
    assert f"{LIST}strict/1/" in body_of(page(url, analyst))


def test_a_run_without_a_judge_says_that_its_criteria_wait_for_one(judged, page):
    run = judged(None)
    rollout = run.rollouts.get()

    assert "1 rollout has criteria for a judge" in body_of(
        page(reverse("grading:run", args=[run.pk]))
    )
    episode = body_of(page(reverse("grading:episode", args=[run.pk, rollout.pk])))
    assert "This episode has criteria for a judge" in episode


@pytest.mark.parametrize("where", ["run", "episode"])
def test_what_a_judge_failed_at_is_graded_again_by_a_button(
    where, judged, judge, model_server, page, runner
):
    model_server.answer = lambda body: Reply(text="no")
    run = judged(judge)
    rollout = run.rollouts.get()
    args = [run.pk] if where == "run" else [run.pk, rollout.pk]
    url = reverse(f"grading:{where}", args=args)
    assert "Grade again what could not be graded" in body_of(page(url))

    response = signed_in(runner).post(f"{url}retry-grading/")

    assert (response.status_code, response.url) == (303, url)
    assert rollout.assessments.get().round == 2
    assert "Grade again what could not be graded" not in body_of(page(url))
    decides(model_server, says("met", evidence=cite(1, "Done")))
    grade_episode(rollout.episode_id)
    assert rollout.assessments.get().status == "graded"


@pytest.mark.parametrize("where", ["run", "episode"])
def test_strangers_grade_nothing_again(where, judged, judge, model_server, charlie):
    model_server.answer = lambda body: Reply(text="no")
    run = judged(judge)
    rollout = run.rollouts.get()
    args = [run.pk] if where == "run" else [run.pk, rollout.pk]

    response = signed_in(charlie).post(reverse(f"grading:{where}", args=args) + "retry-grading/")

    assert response.status_code == 404
    assert rollout.assessments.get().round == 1


# REST


def test_the_api_tells_judges_and_their_cost(judged, judge, model_server, analyst):
    decides(model_server, says("not_met"))
    run = judged(judge)
    client = signed_in(analyst)

    (given,) = client.get("/api/v1/judges/").json()["results"]

    assert (given["name"], given["version"], given["settings"]["votes"]) == ("strict", 1, 1)
    assert given["spent"] == {
        "calls": 1, "unanswered": 0, "prompt_tokens": 10, "completion_tokens": 5, "cost": 7e-05,
    }  # fmt: skip
    assert client.get(f"/api/v1/runs/{run.pk}/judging-costs/").json() == given["spent"]
    assert client.get(f"/api/v1/runs/{run.pk}/").json()["judge"] == "strict@1"
    votes = client.get(f"/api/v1/runs/{run.pk}/verdicts/").json()["results"]
    assert [v["source"] for v in votes].count("judge") == 1


def test_the_api_grades_again_with_a_token_that_may_change(judged, judge, model_server, runner):
    model_server.answer = lambda body: answer(verdict("rude"))
    run = judged(judge)
    url = f"/api/v1/runs/{run.pk}/retry-grading/"

    def post(*scopes):
        token = make_token(runner, name="-".join(scopes), scopes=scopes)
        return Client().post(url, headers={"authorization": f"Bearer {token}"})

    assert post("read").status_code == 403
    assert post("read", "run").json() == {"retried": 1}
    assert post("run").json() == {"retried": 0}


@pytest.mark.parametrize("name", ["judge", "judgecall"])
def test_the_back_office_shows_judges_and_calls_and_changes_none(
    name, judged, judge, model_server, admin_client
):
    decides(model_server, says("not_met"))
    judged(judge)

    assert admin_client.get(f"/admin/grading/{name}/").status_code == 200
    assert admin_client.get(f"/admin/grading/{name}/add/").status_code == 403
