"""Pages of gradings: asked for, watched, compared, made official."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from authoring.drafts.saving import replace_draft
from authoring.models import Draft, Revision, Task
from grading.models import Grading
from grading.regrading.official import switch_official
from tests.authoring.tasks import cut
from tests.factories import (
    make_criterion,
    make_plan,
    make_rubric,
    make_user,
    make_world,
    reference,
    signed_in,
)
from tests.grading.regrading import NULL, ask, decide, never, regrade, say
from tests.web.conftest import HOSTILE
from tests.web.forms import form_data

TEXT = {"reason": "The old rubric was wrong."}


def send(person, url, data=None):
    client = signed_in(person)
    return client.post(url, data or {})


def text_of(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def url(name, run, *args):
    return reverse(name, args=[run.pk, *args])


@pytest.fixture
def graded(launch, runner):
    """A run of two agents on the task sell-lamps, which has an approved and a saved revision."""
    world = make_world(owner=runner, prompts={"clerk": "You sell lamps."})
    plans = [make_plan(world, agent=a, index=n) for a in (reference(), NULL) for n in (1, 2)]
    return launch(plans)


def content_of(world, *criteria, **fields):
    from authoring.content import read_content

    rubric = {"criteria": [c.model_dump() for c in criteria or (make_criterion(),)]}
    return read_content(
        {
            "title": "Sell lamps", "prompt": "Sell two lamps to Dee.", "system_prompt": "clerk",
            "mode": "autonomous", "world": str(world), "reference": [{"message": "done"}],
            "rubric": rubric, "category": "reasoning", "difficulty": "easy", **fields,
        }
    )  # fmt: skip


@pytest.fixture
def task(graded, author):
    """sell-lamps: 1 superseded, 2 approved, 3 saved, and a draft."""
    world = graded.rollouts.first().episode.world
    made = Task.objects.create(slug="sell-lamps", owner=author)
    states = [Revision.State.SUPERSEDED, Revision.State.APPROVED, Revision.State.SAVED]
    for number, state in enumerate(states, start=1):
        content = content_of(world, make_criterion(), never(f"in-{number}"))
        revision = cut(made, content, by=author)
        Revision.objects.filter(pk=revision.pk).update(state=state)
    draft = content_of(world, make_criterion(), never("in-draft"))
    replace_draft(made, draft.model_dump(mode="json"), by=author)
    return made


# the form


def test_a_run_leads_to_its_gradings_and_they_to_the_form(graded, page):
    run_page = text_of(page(url("grading:run", graded)))
    assert url("grading:gradings", graded) in run_page

    gradings = text_of(page(url("grading:gradings", graded)))

    assert url("grade_again", graded) in gradings
    assert "Grading 1" not in gradings or "official" in gradings


def test_asking_from_the_form_makes_a_grading_once(graded, runner, page):
    form = form_data(text_of(page(url("grade_again", graded))), form="again")

    answers = [send(runner, url("grade_again", graded), {**form, **TEXT}) for _ in range(2)]

    assert [a.status_code for a in answers] == [303, 303]
    assert answers[0].url == url("grading:gradings", graded)
    grading = graded.gradings.get(number=2)
    assert (grading.purpose, grading.reason) == ("regrade", TEXT["reason"])
    assert grading.assessments.count() == 4


@pytest.mark.parametrize(
    ("query", "count"),
    [("", "4 rollouts"), ("?agent=null", "2 rollouts"), ("?agent=x", "0 rollouts")],
)
def test_the_form_counts_before_anything_is_asked(query, count, graded, page):
    html = text_of(page(url("grade_again", graded) + query))

    assert f">{count}</span>" in html
    assert ("Grade " + count + " again" in html) == (count != "0 rollouts")


def test_the_filter_goes_with_the_form(graded, runner, page):
    form = form_data(text_of(page(url("grade_again", graded) + "?agent=null")), form="again")

    send(runner, url("grade_again", graded), {**form, **TEXT})

    grading = graded.gradings.get(number=2)
    assert set(grading.assessments.values_list("rollout__agent", flat=True)) == {"null"}


def test_a_form_without_a_reason_comes_back_with_what_was_typed(graded, runner):
    data = {"purpose": "trial", "rubrics": "launched", "reason": "  ", "key": "k"}

    html = text_of(send(runner, url("grade_again", graded), data), 422)

    assert "Nothing was asked for" in html
    assert 'href="#id_reason"' in html
    assert re.search(r'value="trial" checked', html)
    assert 'name="key" value="k"' in html
    assert graded.gradings.count() == 1


@pytest.mark.parametrize(
    "data",
    [
        {"purpose": "first"},
        {"purpose": HOSTILE},
        {"rubrics": "newest"},
        {"rubrics": "chosen", "pick.sell-lamps@1": "nonsense"},
        {"rubrics": "approved"},
        {"purpose": "repeat", "rubrics": "chosen", "pick.sell-lamps@1": "1"},
    ],
)
def test_what_the_form_does_not_offer_is_refused_with_words(data, graded, runner):
    sent = {"purpose": "regrade", "rubrics": "launched", **TEXT, **data}

    html = text_of(send(runner, url("grade_again", graded), sent), 422)

    assert "Nothing was asked for" in html
    assert "<script>alert" not in html
    assert graded.gradings.count() == 1


def offered(html):
    return re.findall(
        r'<option value="([^"]*)"[^>]*?( disabled)?>([^<]*(?:revision|draft)[^<]*)<', html
    )


@pytest.mark.parametrize(
    ("person", "labels"),
    [
        ("runner", ["revision 2, approved", "revision 1, superseded"]),
        (
            "admin_person",
            [
                "draft: trial only",
                "revision 3, saved: trial only",
                "revision 2, approved",
                "revision 1, superseded",
            ],
        ),
    ],
)
def test_the_form_offers_what_a_person_may_see(person, labels, graded, task, page, request):
    html = text_of(page(url("grade_again", graded), request.getfixturevalue(person)))

    assert [label for _, _, label in offered(html)] == labels


def test_a_revision_of_another_world_or_setup_is_shown_and_cannot_be_chosen(
    graded, task, author, page
):
    other = make_world(prompts={"clerk": "x"})
    world = graded.rollouts.first().episode.world
    setup = [{"op": "update", "entity_type": "item", "id": "chair", "fields": {"note": "blue"}}]
    for content in (content_of(other), content_of(world, setup=setup)):
        revision = cut(task, content, by=author)
        Revision.objects.filter(pk=revision.pk).update(state="superseded")

    found = {
        v: (bool(off), label)
        for v, off, label in offered(text_of(page(url("grade_again", graded))))
    }

    assert found["4"] == (True, f"revision 4, superseded: written for {other}")
    assert found["5"] == (True, "revision 5, superseded: another setup")
    assert found["2"] == (False, "revision 2, approved")


def chosen(pick, **fields):
    return {"purpose": "regrade", "rubrics": "chosen", "pick.sell-lamps@1": pick, **TEXT, **fields}


@pytest.mark.parametrize(
    ("person", "data", "words"),
    [
        ("runner", {"rubrics": "approved"}, "sell-lamps@2"),
        ("runner", chosen("1"), "sell-lamps@1"),
        ("runner", chosen("launched"), "as launched"),
        ("admin_person", chosen("3", purpose="trial"), "sell-lamps@3"),
        ("admin_person", chosen("draft", purpose="trial"), "draft of sell-lamps, version 4"),
    ],
)
def test_rubrics_of_revisions_and_drafts_are_taken(person, data, words, graded, task, request):
    sent = {"purpose": "regrade", **TEXT, **data}

    answer = send(request.getfixturevalue(person), url("grade_again", graded), sent)

    assert answer.status_code == 303
    grading = graded.gradings.get(number=2)
    assert grading.rubrics == words
    keys = {c.key for a in grading.assessments.all() for c in a.rubric.value.criteria}
    number = {"as launched": None}.get(words, words[-1] if "@" in words else "draft")
    assert keys == {"lamp-sold"} | ({f"in-{number}"} if number else set())


@pytest.mark.parametrize(
    ("person", "data", "message"),
    [
        ("admin_person", chosen("3"), "was never approved: ask for a trial"),
        ("admin_person", chosen("draft"), "a draft counts nowhere: ask for a trial"),
        ("runner", chosen("3", purpose="trial"), "no such revision that you may see"),
        ("runner", chosen("draft", purpose="trial"), "no such revision that you may see"),
        ("analyst", chosen("draft", purpose="trial"), "no such revision that you may see"),
        ("runner", chosen("9"), "it has no revision 9"),
    ],
)
def test_what_is_not_theirs_or_did_not_pass_review_is_refused(
    person, data, message, graded, task, request
):
    answer = send(request.getfixturevalue(person), url("grade_again", graded), data)

    assert message in text_of(answer, 422).lower().replace("&#x27;", "'")
    assert graded.gradings.count() == 1


def test_a_draft_that_does_not_fit_its_world_says_what_is_wrong(graded, task, admin_person):
    draft = Draft.objects.get()
    draft.content["system_prompt"] = "nobody"
    draft.save()

    answer = send(admin_person, url("grade_again", graded), chosen("draft", purpose="trial"))

    assert "system_prompt" in text_of(answer, 422)


# the list


def test_the_list_shows_every_grading_with_its_figures(graded, runner, page):
    regrade(graded, never(), actor=runner, reason=f"because {HOSTILE}")
    decide(ask(graded, actor=runner, purpose="trial"))

    html = text_of(page(url("grading:gradings", graded)))

    for shown in (
        "as launched",
        "sell-lamps@2",
        "re-grading",
        "counts nowhere",
        "15–85 %",
        "0–49 %",
    ):
        assert shown in html
    assert "<script>alert" not in html


def test_a_trial_is_shown_to_who_may_see_it(graded, runner, analyst, reviewer, page):
    ask(graded, actor=runner, purpose="trial", reason="try it")

    def shown(person):
        return "try it" in text_of(page(url("grading:gradings", graded), person))

    assert [shown(p) for p in (runner, analyst, reviewer)] == [True, False, True]
    compare = url("grading:compare", graded) + "?a=1&b=2"
    statuses = [page(compare, p).status_code for p in (runner, analyst, reviewer)]
    assert statuses == [200, 404, 200]
    for name in ("verdicts", "gradings"):
        decide(graded.gradings.get(number=2))
        api = page(f"/api/v1/runs/{graded.pk}/{name}/", analyst).json()["results"]
        assert {row.get("grading", row.get("number")) for row in api} == {1}


def test_a_live_grading_polls_and_a_decided_one_does_not(graded, runner, page):
    grading = ask(graded, never(), actor=runner)
    progress = url("grading:gradings_progress", graded)

    assert "hx-get" in text_of(page(progress))
    decide(grading)
    html = text_of(page(progress))
    assert "hx-get" not in html
    assert "All gradings are decided" in html
    assert "<html" not in html


def test_a_grading_is_cancelled_from_the_list(graded, runner, page):
    grading = ask(graded, never(), actor=runner)
    place = url("grading:grading_cancel", graded, 2)
    assert place in text_of(page(url("grading:gradings", graded)))

    assert send(runner, place).status_code == 303

    grading.refresh_from_db()
    assert grading.cancelled_at
    html = text_of(page(url("grading:gradings", graded)))
    assert place not in html
    assert "it was cancelled" in html
    assert send(runner, place).status_code == 303  # nothing left: said, not broken


def test_a_grading_becomes_official_with_a_reason(graded, runner, page):
    regrade(graded, never(), actor=runner)
    place = url("grading:official", graded, 2)
    assert place in text_of(page(url("grading:gradings", graded)))
    form = form_data(text_of(page(place)), form="switch")

    assert "Nothing was changed" in text_of(send(runner, place, {**form, "reason": " "}), 422)
    assert send(runner, place, {**form, "reason": "It is better."}).status_code == 303

    html = text_of(page(url("grading:gradings", graded)))
    assert "1 → 2" in html
    assert "It is better." in html
    again = {**form, "reason": "once more"}
    assert send(runner, url("grading:official", graded, 1), again).status_code == 409
    assert page(place).status_code == 404  # it is official


@pytest.mark.parametrize("person", ["reviewer", "author", "charlie"])
def test_who_may_not_grade_sees_no_buttons_and_no_forms(person, graded, runner, page, request):
    regrade(graded, never(), actor=runner)
    ask(graded, actor=runner)
    user = request.getfixturevalue(person)

    if person == "reviewer":
        html = text_of(page(url("grading:gradings", graded), user))
        assert "Grade again" not in html
        assert "Make official" not in html
        assert ">Cancel" not in html
    for name, *args in (("grade_again",), ("grading:official", 2), ("grading:grading_cancel", 3)):
        assert send(user, url(name, graded, *args), TEXT).status_code == 404


# two beside each other


def test_the_comparison_shows_flips_reasons_and_what_was_rewritten(graded, runner, page):
    regrade(graded, never(text="Nobody is paid."), make_criterion("new"), actor=runner)

    html = text_of(page(url("grading:compare", graded) + "?a=1&b=2"))

    assert html.count("▼") >= 2
    for shown in ("<ins>Nobody</ins>", "no longer passes", "−50 points", "not in this rubric",
                  "rewritten", "?grading=2#criterion-lamp-sold", "met → not met: 2"):  # fmt: skip
        assert shown in html


def test_trials_and_repetitions_compare_under_a_banner(graded, runner, page):
    regrade(graded, never(), actor=runner, purpose="trial")

    html = text_of(page(url("grading:compare", graded) + "?a=1&b=2"))

    assert "Grading 2 is a trial of a draft." in html
    assert "counts in no number" in html


@pytest.mark.parametrize(
    "query",
    ["", "?a=1&b=1", "?a=2&b=1", "?a=1&b=2&change=nonsense", "?a=1&b=2&page=99&criteria=x",
     "?a=1&b=2&agent=%00&task=%F0%9F%98%80", "?a=1&b=2&criterion='; DROP TABLE"],
)  # fmt: skip
def test_any_comparison_in_the_address_gives_a_page(query, graded, runner, page):
    regrade(graded, never(), actor=runner)

    assert page(url("grading:compare", graded) + query).status_code == 200


@pytest.mark.parametrize("query", ["?a=1&b=9", "?a=7&b=1"])
def test_a_grading_that_is_not_there_is_404(query, graded, page):
    assert page(url("grading:compare", graded) + query).status_code == 404


def test_words_of_hostile_criteria_and_reasons_do_no_harm(launch, runner, analyst, page):
    world = make_world(owner=runner)
    run = launch([make_plan(world, labels={"title": HOSTILE})])
    say(run.official.assessments.get(), analyst)
    regrade(run, never(text=f"{HOSTILE} lamps", note=HOSTILE), actor=runner, reason=HOSTILE)

    for place in (
        url("grading:gradings", run),
        url("grading:compare", run) + "?a=1&b=2",
        url("grading:official", run, 2),
        url("grade_again", run),
    ):
        html = text_of(page(place))
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert " style=" not in html


def test_long_lists_are_paged(launch, runner, page, monkeypatch):
    monkeypatch.setattr("grading.regrading.compare_page.ROLLOUTS", 3)
    monkeypatch.setattr("grading.regrading.compare_page.CRITERIA", 1)
    world = make_world(owner=runner)
    run = launch([make_plan(world, index=n) for n in range(1, 6)])
    regrade(run, never(), never("more"), actor=runner)
    place = url("grading:compare", run) + "?a=1&b=2"

    html = text_of(page(place))

    assert "1 to 3 of 5" in html
    assert "1 to 1 of 2" in html
    assert 'id="rollout-' in text_of(page(f"{place}&page=2"))


# the API


def test_gradings_are_asked_read_compared_and_made_official_over_rest(graded, task, runner, page):
    client = signed_in(runner)
    base = f"/api/v1/runs/{graded.pk}/gradings/"

    def post(place, data):
        return client.post(place, data, content_type="application/json")

    asked = post(base, {**TEXT, "rubrics": {"sell-lamps": 2}, "key": "k", "filter": {}})
    assert asked.status_code == 201
    assert (asked.json()["number"], asked.json()["waiting"], asked.json()["total"]) == (2, 4, 4)
    assert post(base, {**TEXT, "key": "k"}).json()["number"] == 2
    decide(graded.gradings.get(number=2))
    assert client.get(f"{base}2/").json()["waiting"] == 0
    assert [row["number"] for row in client.get(base).json()["results"]] == [2, 1]

    compared = client.get(f"{base}compare/?a=1&b=2").json()
    assert compared["n"] == 4
    assert compared["a"] == {"number": 1, "passed": 2, "mean_reward": 0.5}
    assert compared["b"] == {"number": 2, "passed": 0, "mean_reward": 0.25}
    assert compared["changes"]["down"] == 2
    assert [r["change"] for r in compared["rollouts"]][:2] == ["down", "down"]
    assert {c["criterion_key"]: c["state"] for c in compared["criteria"]} == {
        "lamp-sold": "same",
        "in-2": "new",
    }

    switched = post(f"{base}2/official/", {"before": 1, "reason": "better"})
    assert (switched.status_code, switched.json()["after"]) == (200, 2)
    late = post(f"{base}1/official/", {"before": 1, "reason": "late"})
    assert (late.status_code, late.json()["error"]["code"]) == (409, "conflict")
    assert client.get(f"/api/v1/runs/{graded.pk}/").json()["official_grading"] == 2


def test_gradings_of_several_runs_are_asked_together_over_rest(launch, runner, author):
    world = make_world(owner=runner)
    runs = [launch([make_plan(world)]) for _ in range(2)]
    client = signed_in(runner)
    data = {**TEXT, "runs": [run.pk for run in runs]}

    answer = client.post("/api/v1/gradings/", data, content_type="application/json")

    assert answer.status_code == 201
    assert [(g["run"], g["number"]) for g in answer.json()] == [(run.pk, 2) for run in runs]
    client.force_login(author)
    answer = client.post("/api/v1/gradings/", data, content_type="application/json")
    assert answer.status_code == 404


def test_cancelling_over_rest_says_how_many(graded, runner):
    ask(graded, actor=runner)
    client = signed_in(runner)
    place = f"/api/v1/runs/{graded.pk}/gradings/2/cancel/"

    assert client.post(place).json() == {"cancelled": 4}
    assert client.post(place).status_code == 409


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({}, 400),
        ({**TEXT, "purpose": "first"}, 400),
        ({**TEXT, "rubrics": 7}, 400),
        ({**TEXT, "rubrics": "newest"}, 400),
        ({**TEXT, "rubrics": {"sell-lamps": "x"}}, 400),
        ({**TEXT, "filter": {"colour": "red"}}, 400),
        ({**TEXT, "filter": {"agent": "nobody"}}, 409),
        ({**TEXT, "rubrics": "draft"}, 400),
    ],
)
def test_a_wish_over_rest_that_makes_no_sense_says_so(data, status, graded, runner):
    client = signed_in(runner)

    answer = client.post(
        f"/api/v1/runs/{graded.pk}/gradings/", data, content_type="application/json"
    )

    assert answer.status_code == status
    assert answer.json()["error"]["message"]
    assert graded.gradings.count() == 1


@pytest.mark.parametrize("person", ["reviewer", "charlie", "author"])
def test_who_may_not_grade_is_refused_over_rest(person, graded, runner, request):
    ask(graded, actor=runner)
    client = signed_in(request.getfixturevalue(person))
    base = f"/api/v1/runs/{graded.pk}/gradings/"
    wanted = 403 if person == "reviewer" else 404

    for place, data in (
        (base, TEXT),
        (f"{base}2/cancel/", {}),
        (f"{base}2/official/", {"before": 1, "reason": "mine"}),
    ):
        answer = client.post(place, data, content_type="application/json")
        assert answer.status_code == wanted
    assert graded.gradings.count() == 2


# what it costs


def test_pages_of_gradings_cost_the_same_however_much_there_is(launch, runner):
    def cost(repeats, more):
        world = make_world(owner=runner)
        run = launch(
            [make_plan(world, index=n, subject=f"task-{n % 5}@1") for n in range(1, repeats + 1)]
        )
        for _ in range(more):
            new = regrade(run, actor=runner)
            switch_official(run, new, before=run.official, reason="x", actor=runner)
            run.refresh_from_db()
        places = [url("grading:gradings", run), url("grade_again", run),
                  url("grading:compare", run) + "?a=1&b=2"]  # fmt: skip
        client, counts = Client(), []
        client.force_login(runner)
        for place in places:
            with CaptureQueriesContext(connection) as captured:
                text_of(client.get(place))
            counts.append(len(captured))
        return counts

    small = cost(1, 1)

    assert cost(20, 4) == small
    assert max(small) <= 20


# one number, one grading


def figures(page, run, person):
    """All figures of a run, wherever they stand: pages and API."""
    rollout = run.rollouts.get(agent="reference", index=1)
    names = ("run", "run_progress", "statistics")
    pages = ["/", "/runs/", *(url(f"grading:{name}", run) for name in names)]
    found = []
    for place in pages:
        html = text_of(page(place, person))
        found.append(re.findall(r"\d+[–-]\d+ %|\d+ %|(?<!\d)[01]\.\d\d(?!\d)", html))
        found.append(re.findall(r'state-(pass|fail|incomplete)"', html))
        found.append(re.findall(r"\d+ pass, \d+ fail", html))
    html = text_of(page(url("grading:episode", run, rollout.pk), person))
    html = re.sub(r"(?s)<ol class=\"panel gradings\">.*?</ol>", "", html)  # each by its number
    found.append(re.findall(r"\d+/\d+ points|\d+ %|state-(?:pass|fail|met|not_met)", html))
    rows = page(f"/api/v1/runs/{run.pk}/rollouts/", person).json()["results"]
    found.append([(r["agent"], r["index"], r["outcome"], r["reward"], r["passed"]) for r in rows])
    return found


def test_two_gradings_are_never_mixed_in_one_number(launch, runner, page):
    """Whatever else is there, each figure is that of a run with the official rubric alone."""
    world = make_world(owner=runner)
    rubrics = [(make_criterion(),), (never(), make_criterion("more", points=2))]

    def make(criteria, person):
        plans = [
            make_plan(world, agent=agent, index=n, rubric=make_rubric(*criteria))
            for agent in (reference(), NULL)
            for n in (1, 2)
        ]
        return launch(plans, owner=person)

    first, second = make_user("one"), make_user("two")
    alone = [figures(page, make(c, p), p) for c, p in zip(rubrics, (first, second), strict=True)]
    assert alone[0] != alone[1]
    both = make_user("both")
    run = make(rubrics[0], both)
    assert figures(page, run, both) == alone[0]

    again = regrade(run, *rubrics[1])
    regrade(run, *rubrics[1], purpose=Grading.Purpose.TRIAL)
    regrade(run, purpose=Grading.Purpose.REPEAT)
    ask(run, never())
    assert figures(page, run, both) == alone[0]

    switch_official(run, again, before=run.official, reason="better", actor=both)
    run.refresh_from_db()
    assert figures(page, run, both) == alone[1]


def test_only_what_the_official_grading_left_open_is_somebodys_turn(graded, runner, page):
    person = make_criterion("kind", check={"kind": "human"})
    left = "a criterion could not be graded"

    again = regrade(graded, person, actor=runner)
    assert left not in text_of(page("/"))

    switch_official(graded, again, before=graded.official, reason="x", actor=runner)
    assert left in text_of(page("/"))
