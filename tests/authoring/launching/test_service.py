"""Wishes become runs: the right tasks, agents, seeds and budgets, and reasons for the rest."""

import pytest
from django.contrib.auth.models import User

from authoring.launch import launch_tasks
from authoring.launching.plans import seed_of
from authoring.launching.resolving import Launch, resolve
from authoring.launching.service import launch
from authoring.launching.wish import read_wish
from authoring.models import Task
from grading.models import Run
from simulation.agent_configurations import agent_spec_of
from simulation.conversation import CustomerPlayer, read_player
from simulation.conversation.prompts import NEWEST, PROMPTS
from simulation.errors import Conflict, Forbidden, InvalidArgument, Problems
from simulation.faults import Faults, read_faults
from simulation.roles import ADMIN
from simulation.transcript import Spec
from tests.authoring.launching.scenes import CUSTOMER, SCRIPTED, approve, frozen, make_agent
from tests.factories import make_endpoint, make_user
from tests.grading.judging.judges import make_judge, make_judged

pytestmark = pytest.mark.django_db


def wish(**given):
    return read_wish({"agents": ["null"], **given})


def why(found: Launch) -> dict[str, tuple[str, ...]]:
    return {left.why: left.names for left in found.left_out}


def subjects(found: Launch) -> list[str]:
    return [subject.name for subject in found.subjects]


@pytest.fixture
def revisions(author: User, store_world):
    return approve(author, store_world, "lamps", "again", "third")


@pytest.fixture
def endpoint(admin_person):
    return make_endpoint(name="local", created_by=admin_person)


# which tasks


def test_a_pack_is_run_as_it_was_frozen(revisions, author, runner, store_world):
    frozen(author, revisions)
    approve(author, store_world, "lamps", number=2)

    run = launch(wish(pack="basics@1", agents=["reference", "null"], repeats=2), by=runner)

    assert run.source == "basics@1"
    assert run.title == "basics@1: reference, null"
    assert set(run.rollouts.values_list("subject", flat=True)) == {"lamps@1", "again@1", "third@1"}
    assert run.rollouts.count() == 3 * 2 * 2


def test_a_pack_without_a_number_is_its_newest_version(revisions, author, runner):
    frozen(author, revisions)
    frozen(author, revisions[:1])

    assert resolve(wish(pack="basics"), runner).source == "basics@2"


def test_named_tasks_are_run_as_they_are_approved(revisions, author, runner, store_world):
    approve(author, store_world, "lamps", number=2)

    found = resolve(wish(tasks=["lamps", "again"]), runner)

    assert subjects(found) == ["again@1", "lamps@2"]
    assert found.source == ""


def test_a_split_narrows_a_pack(author, runner, store_world):
    made = [
        *approve(author, store_world, "lamps", split="train"),
        *approve(author, store_world, "again", split="test"),
    ]
    frozen(author, made)

    assert subjects(resolve(wish(pack="basics@1", split="test"), runner)) == ["again@1"]


def test_only_what_changed_since_a_run_is_run_again(revisions, author, runner, store_world):
    first = launch(wish(tasks=["lamps", "again"]), by=runner)
    approve(author, store_world, "again", number=2)

    found = resolve(wish(changed_since=first.pk), runner)

    assert subjects(found) == ["again@2", "third@1"]
    assert why(found) == {f"run {first.pk} has tried the same revision": ("lamps",)}


def test_what_cannot_be_run_is_left_out_with_its_reason(revisions, author, runner, store_world):
    Task.objects.filter(slug="again").update(is_retired=True)
    approve(author, store_world, "waiting")[0].task.revisions.update(state="withdrawn")

    found = resolve(wish(tasks=["lamps", "again", "waiting", "nowhere"]), runner)

    assert subjects(found) == ["lamps@1"]
    assert why(found) == {
        "retired": ("again",),
        "there is no such task, or it is not yours to see": ("nowhere", "waiting"),
    }


def test_what_is_held_out_is_run_by_those_who_see_it_alone(
    revisions, author, runner, admin_person, store_world
):
    held = approve(author, store_world, "secret", split="heldout")
    frozen(author, [*revisions, *held])

    found = resolve(wish(pack="basics@1"), runner)

    assert "secret@1" not in subjects(found)
    assert [(left.names, left.unnamed) for left in found.left_out] == [((), 1)]
    assert "secret@1" in subjects(resolve(wish(pack="basics@1"), admin_person))
    assert why(resolve(wish(tasks=["secret", "lamps"]), runner)).popitem()[1] == ("secret",)


def test_training_leaves_out_what_waits_for_people(author, runner, store_world):
    rubric = [{"key": "kind", "text": "It is kind.", "check": {"kind": "human"}}]
    approve(author, store_world, "lamps", rubric=rubric)
    approve(author, store_world, "again")

    assert subjects(resolve(wish(tasks=["lamps", "again"]), runner)) == ["again@1", "lamps@1"]
    found = resolve(wish(tasks=["lamps", "again"], kind="training"), runner)
    assert subjects(found) == ["again@1"]


def test_nothing_left_to_run_is_a_conflict_that_says_why(revisions, runner):
    with pytest.raises(Conflict, match="1 left out: there is no such task"):
        launch(wish(tasks=["nowhere"]), by=runner)
    assert not Run.objects.exists()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "pack: choose a pack"),
        ({"pack": "nothing@1"}, "pack: there is no frozen version 'nothing@1'"),
        ({"pack": "basics@x"}, "pack: there is no frozen version"),
        ({"changed_since": 99_999}, "changed_since: there is no run 99999"),
        ({"tasks": ["lamps"], "agents": ["nobody@3"]}, "agents: there is no agent 'nobody@3'"),
        ({"tasks": ["lamps"], "judge": "nobody"}, "judge: there is no judge 'nobody'"),
        (
            {"tasks": ["lamps"], "customer": {"endpoint": "none", "model": "m"}},
            "customer.endpoint: there is none in use named 'none'",
        ),
    ],
)
def test_what_is_not_there_is_named(revisions, runner, given, message):
    with pytest.raises(Problems, match=message):
        resolve(wish(**given), runner)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"agents": []}, "agents: choose at least one"),
        ({"repeats": 65}, "repeats: "),
        ({"seed": 2**31}, "seed: "),
        ({"split": "none"}, "split: "),
        ({"kind": "demo"}, "kind: "),
        ({"max_running": 0}, "max_running: "),
        ({"faults": {"max_results": 0}}, "faults.max_results: "),
        ({"limits": {"max_calls": -1}}, "limits.max_calls: "),
        ({"other": 1}, "other: "),
    ],
)
def test_a_bad_wish_is_refused_by_field(given, message):
    with pytest.raises(Problems, match=message):
        wish(**given)


def test_a_run_that_is_somebody_elses_is_no_base(revisions, runner):
    theirs = launch(wish(tasks=["lamps"]), by=runner)

    with pytest.raises(Problems, match="no run"):
        resolve(wish(changed_since=theirs.pk), make_user("", "runner"))


# who


def test_agents_of_models_are_frozen_with_endpoint_and_settings(revisions, endpoint, runner):
    make_agent(endpoint, settings={"temperature": 0.5})

    run = launch(wish(tasks=["lamps"], agents=["small", "small@1"]), by=runner)

    episode = run.rollouts.get().episode
    assert (episode.agent["kind"], episode.agent["name"]) == ("chat", "small@1")
    assert episode.agent["config"]["settings"]["temperature"] == 0.5
    assert episode.endpoint == endpoint


def test_a_bare_name_is_the_newest_version_in_use(revisions, endpoint, runner):
    make_agent(endpoint)
    make_agent(endpoint, version=2)
    make_agent(endpoint, version=3, is_retired=True)

    found = resolve(wish(tasks=["lamps"], agents=["small"]), runner)

    assert [agent.name for agent, _ in found.parts] == ["small@2"]


def test_retired_agents_and_closed_endpoints_are_left_out(revisions, admin_person, runner):
    make_agent(make_endpoint(created_by=admin_person), "old", is_retired=True)
    make_agent(make_endpoint(created_by=admin_person, is_active=False), "off")

    found = resolve(wish(tasks=["lamps"], agents=["old@1", "off@1", "null"]), runner)

    assert why(found) == {"retired": ("old@1",), "its endpoint is switched off": ("off@1",)}
    assert found.episodes == 1


def test_a_key_that_is_not_set_is_a_warning(revisions, endpoint, runner, monkeypatch):
    endpoint.key_variable = "EG_MODEL_KEY_NOT_THERE"
    endpoint.save()
    make_agent(endpoint)
    asked = wish(tasks=["lamps"], agents=["small"])

    assert "key of the endpoint local is not set" in resolve(asked, runner).warnings[0]

    monkeypatch.setenv("EG_MODEL_KEY_NOT_THERE", "a key")
    assert resolve(asked, runner).warnings == ()


def test_played_customers_need_a_model_where_the_agent_listens(
    author, store_world, endpoint, runner
):
    approve(author, store_world, "talk", mode="conversation", customer=CUSTOMER)
    approve(author, store_world, "lamps")
    make_agent(endpoint)
    asked = {"tasks": ["talk", "lamps"], "agents": ["small", "null"]}

    without = resolve(wish(**asked), runner)
    assert [len(tasks) for _, tasks in without.parts] == [1, 2]
    assert why(without) == {"its customer is played by a model, and none is chosen": ("talk",)}

    run = launch(wish(**asked, customer={"endpoint": "local", "model": "big"}), by=runner)
    specs = {r.subject: Spec.model_validate(r.episode.spec) for r in run.rollouts.all()}
    player = CustomerPlayer(endpoint_id=endpoint.pk, endpoint="local", model="big")
    assert read_player(specs["talk@1"].customer_player) == player
    assert player.prompt_hash == PROMPTS[NEWEST].hash  # what it is asked with is frozen
    assert specs["lamps@1"].customer_player is None


def test_a_customer_of_a_script_needs_no_model_and_gets_none(author, store_world, endpoint, runner):
    approve(author, store_world, "talk", mode="conversation", customer=SCRIPTED)
    make_agent(endpoint)

    customer = {"endpoint": "local", "model": "big"}
    run = launch(wish(tasks=["talk"], agents=["small"], customer=customer), by=runner)

    assert run.rollouts.get().episode.spec["customer_player"] is None


def test_a_conversation_that_cannot_be_held_is_not_launched(author, store_world, endpoint, runner):
    talks = approve(author, store_world, "talk", mode="conversation", customer=CUSTOMER)
    small = agent_spec_of(make_agent(endpoint))
    given = {"repeats": 1, "title": "Dry run", "kind": "dry_run", "owner": runner}

    with pytest.raises(InvalidArgument, match="talk@1, small@1: a model has to play the customer"):
        launch_tasks(talks, agents=[small], **given)
    assert not Run.objects.exists()
    assert launch_tasks(talks, agents=["reference"], **given)  # which listens to nobody


# how


def test_a_task_keeps_faults_of_its_own(author, store_world, endpoint, runner):
    own = {"error_rate": 0.1}
    approve(author, store_world, "lamps", faults=own)
    approve(author, store_world, "again")
    make_agent(endpoint)

    asked = wish(tasks=["lamps", "again"], agents=["small"], faults={"delay_rate": 0.2})
    run = launch(asked, by=runner)

    found = {r.subject: read_faults(r.episode.spec["faults"]) for r in run.rollouts.all()}
    assert found == {"lamps@1": Faults(**own), "again@1": Faults(delay_rate=0.2)}


def test_faults_that_are_none_are_not_kept():
    assert wish(faults={"error_rate": 0}).faults is None
    assert wish(faults={"error_rate": 0.2}).kept()["faults"] == {"error_rate": 0.2}


def test_the_tightest_limit_counts_and_faults_travel_along(revisions, endpoint, runner):
    make_agent(endpoint, limits={"max_calls": 50, "max_cost": 2.0})
    asked = wish(
        tasks=["lamps"],
        agents=["small", "null"],
        limits={"max_calls": 0, "max_cost": 0.5, "max_turns": 7},
        faults={"max_results": 3, "error_rate": 0.5},
        max_running=4,
    )

    run = launch(asked, by=runner)

    specs = {r.agent: Spec.model_validate(r.episode.spec) for r in run.rollouts.all()}
    small, null = specs["small@1"].budgets, specs["null"].budgets
    assert (small.max_calls, small.max_cost, small.max_turns) == (50, 0.5, 7)
    assert (null.max_calls, null.max_turns) == (None, 7)
    faults = Faults(max_results=3, error_rate=0.5)
    assert read_faults(specs["small@1"].faults) == faults
    assert read_faults(specs["null"].faults) == faults.calm  # it could not try again
    assert run.lane.max_running == 4
    assert run.request == asked.kept()


def test_seeds_differ_by_rollout_and_are_the_same_again(revisions, runner):
    asked = wish(tasks=["lamps", "again"], repeats=3, agents=["null", "echo"], seed=7)

    def seeds(run):
        rows = run.rollouts.values_list("subject", "agent", "index", "episode__spec__seed")
        return {row[:3]: row[3] for row in rows}

    first, second = (seeds(launch(asked, by=runner)) for _ in range(2))

    assert first == second
    assert first["lamps@1", "null", 1] == first["lamps@1", "echo", 1] == seed_of(7, "lamps@1", 1)
    assert len(set(first.values())) == 2 * 3
    assert set(seeds(launch(wish(tasks=["lamps"], seed=8), by=runner)).values()).isdisjoint(
        first.values()
    )


def test_without_a_seed_one_is_drawn_and_kept(revisions, runner):
    run = launch(wish(tasks=["lamps"]), by=runner)

    spec = run.rollouts.get().episode.spec
    assert spec["seed"] == seed_of(run.seed, "lamps@1", 1)
    assert "seed" not in run.request


def test_a_judge_decides_and_its_absence_is_said(author, store_world, runner):
    judged = make_judged("polite").model_dump(mode="json")
    approve(author, store_world, "lamps", rubric=[judged])
    judge = make_judge(name="strict")

    assert "none is chosen" in resolve(wish(tasks=["lamps"]), runner).warnings[0]
    run = launch(wish(tasks=["lamps"], judge="strict"), by=runner)
    assert run.official.judge == judge


def test_the_same_key_gives_one_run_even_when_it_could_not_be_launched_again(revisions, runner):
    first = launch(wish(tasks=["lamps"]), by=runner, key="k")
    Task.objects.update(is_retired=True)

    assert launch(wish(tasks=["lamps"]), by=runner, key="k") == first
    assert Run.objects.count() == 1


@pytest.mark.parametrize("role", ["author", "reviewer", "analyst", ""])
def test_only_runners_and_admins_launch(revisions, role):
    person = make_user("", *filter(None, [role]))

    with pytest.raises(Forbidden):
        launch(wish(tasks=["lamps"]), by=person)
    assert launch(wish(tasks=["lamps"]), by=make_user("", ADMIN))


def test_launching_asks_the_same_number_of_questions_however_many_tasks(
    author, store_world, runner, django_assert_max_num_queries
):
    approve(author, store_world, *(f"task-{n}" for n in range(30)))

    with django_assert_max_num_queries(45):
        run = launch(
            wish(tasks=[f"task-{n}" for n in range(30)], agents=["null", "echo"]), by=runner
        )
    assert run.rollouts.count() == 60
