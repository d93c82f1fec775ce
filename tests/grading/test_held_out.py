"""Which episodes are held out, and that sums are of what a person sees."""

import pytest
from django.db import IntegrityError, transaction

from authoring.tokens import make_token
from grading.held_out import LeftOut, hold_out, left_out_of, scene_of
from grading.models import Rollout, Run
from grading.run_page import run_rows
from grading.runs import retry_rollout
from grading.summaries.runs import run_figures
from simulation.models import Episode
from simulation.playground.scenes import Scene
from simulation.playground.scratch import call_in_scratch
from tests.factories import make_plan, make_run, make_user
from tests.grading.stored import FAIL, PASS, make_stored_run

LAMPS = {"quick": {"lamps": [PASS, PASS], "lamps-two": [FAIL]}, "slow": {"lamps": [FAIL, PASS]}}


@pytest.fixture
def run(db):
    return make_stored_run(LAMPS)


def seen_by(person, run):
    return Run.objects.visible_to(person).get(pk=run.pk)


def held_out():
    found = Rollout.objects.filter(episode__is_held_out=True).order_by("pk")
    return list(found.values_list("subject", flat=True))


def test_holding_a_task_out_marks_what_there_is_of_it_and_no_more(run):
    assert hold_out(["lamps"]) == 4
    assert held_out() == ["lamps@1"] * 4
    assert hold_out(["lamps"]) == 0


def test_a_rollout_is_held_out_from_its_launch_where_its_labels_say_so(db):
    run = make_run(
        make_plan(labels={"split": "heldout"}), make_plan(index=2, labels={"split": "train"})
    )

    marked = run.rollouts.order_by("pk").values_list("episode__is_held_out", flat=True)

    assert list(marked) == [True, False]


def test_what_is_tried_again_stays_held_out_and_what_it_replaced_is_held_out_too(db):
    run = make_stored_run({"quick": {"lamps": ["provider_error"], "desks": ["provider_error"]}})
    lamps, desks = (run.rollouts.get(subject=f"{task}@1") for task in ("lamps", "desks"))
    retry_rollout(lamps)
    assert hold_out(["lamps", "desks"]) == 3

    retry_rollout(desks)

    assert not Episode.objects.filter(is_held_out=False).exists()


def test_what_people_tried_out_on_a_setup_is_held_out_with_its_task(mock_world, charlie):
    for name in (scene_of("lamps"), scene_of("desks")):
        call_in_scratch(
            mock_world, charlie, tool="searchSales", arguments_raw="{}", call_id="1",
            scene=Scene(name=name),
        )  # fmt: skip

    assert hold_out(["lamps"]) == 1
    assert Episode.objects.visible_to(charlie).get().scene == scene_of("desks")


def test_an_ended_episode_may_be_held_out_and_nothing_else_of_it_changes(run):
    ended = Episode.objects.filter(rollout__run=run, status="ended")

    with pytest.raises(IntegrityError, match="final"), transaction.atomic():
        ended.update(is_held_out=True, final_response="another")
    assert ended.update(is_held_out=True) == 5


def test_sums_are_of_what_a_person_sees(run, analyst, admin_person):
    hold_out(["lamps"])

    others, admins = (run_figures(seen_by(p, run)) for p in (analyst, admin_person))

    assert [a.agent for a in others.agents] == ["quick"]
    assert [a.counts.rollouts for a in others.agents] == [1]
    assert {key[1] for key in others.criteria.tallies} == {"lamps-two@1"}
    assert [a.counts.rollouts for a in admins.agents] == [3, 2]
    assert (others.left_out, admins.left_out) == (LeftOut(rollouts=4, tasks=1), LeftOut())
    assert [row.total for row in run_rows([seen_by(analyst, run)])] == [1]
    assert [row.total for row in run_rows([seen_by(admin_person, run)])] == [5]


def test_a_run_that_nobody_looks_at_shows_nothing_that_is_held_out(run):
    hold_out(["lamps"])

    assert left_out_of(run).rollouts == 4
    assert Rollout.objects.shown_in(run).count() == 1


def test_a_run_of_nothing_else_is_not_there(run, analyst, admin_person):
    hold_out(["lamps", "lamps-two"])

    assert not Run.objects.visible_to(analyst).exists()
    assert not Run.objects.visible_to(run.owner).exists()
    assert Run.objects.visible_to(admin_person).get() == run


@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        (LeftOut(), ""),
        (LeftOut(rollouts=1, tasks=1), "1 rollout of 1 held-out task is not in these numbers."),
        (
            LeftOut(rollouts=12, tasks=3),
            "12 rollouts of 3 held-out tasks are not in these numbers.",
        ),
    ],
)
def test_pages_say_in_a_sentence_what_is_left_out(left_out, words):
    assert left_out.words == words


def test_a_token_of_an_admin_sees_it_with_the_scope_alone(run, client):
    hold_out(["lamps"])
    admin_person = make_user("", "admin")
    for scopes, rollouts in ((["read"], 4), (["read", "heldout"], 0)):
        text = make_token(admin_person, name=f"with {scopes}", scopes=scopes)
        headers = {"authorization": f"Bearer {text}"}
        answer = client.get(f"/api/v1/runs/{run.pk}/statistics/", headers=headers).json()
        assert answer["left_out"] == {"rollouts": rollouts, "tasks": int(rollouts > 0)}


def test_whoever_steers_a_run_steers_what_is_held_out_too_and_is_told_its_number_alone(db, client):
    run = make_stored_run({"quick": {"lamps": ["provider_error"], "desks": [PASS, PASS]}})
    hold_out(["lamps"])
    client.force_login(run.owner)

    answer = client.post(f"/api/v1/runs/{run.pk}/retry-masked/", content_type="application/json")

    assert (answer.status_code, answer.json()) == (200, {"changed": 1})
    page = client.get(f"/runs/{run.pk}/").content.decode()
    progress = client.get(f"/api/v1/runs/{run.pk}/progress/").content.decode()
    assert "desks" in page
    assert "lamps" not in page + progress
