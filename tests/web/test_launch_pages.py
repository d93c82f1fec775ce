"""Launching a run: from the form, over REST, and with the command."""

import pytest
from django.urls import reverse

from authoring.launching.service import launch
from authoring.launching.wish import read_wish
from authoring.models import Task
from grading.models import Rollout, Run
from simulation.fault_form import HEAVY
from simulation.faults import read_faults
from simulation.models import Episode
from tests.authoring.launching.scenes import approve, frozen, make_agent
from tests.factories import make_endpoint, make_user, make_world, signed_in
from tests.web.forms import form_data

pytestmark = pytest.mark.django_db
NEW, LAUNCH, API = "/runs/new/", "/runs/launch/", "/api/v1/runs/"


@pytest.fixture
def world(author):
    return make_world(owner=author, slug="store", version=1, prompts={"clerk": "You are a clerk."})


@pytest.fixture
def version(author, world):
    return frozen(author, approve(author, world, "lamps", "again", "third"))


@pytest.fixture
def small(admin_person):
    endpoint = make_endpoint(
        name="local", created_by=admin_person, prices={"*": {"prompt": "1", "completion": "2"}}
    )
    return make_agent(endpoint)


@pytest.fixture
def client(runner):
    return signed_in(runner)


def body_of(response):
    return response.content.decode()


def filled(client, url=NEW, **changes):
    data = form_data(body_of(client.get(url)), form="launch")
    return {**data, **{f"run.{name}": value for name, value in changes.items()}}


def shown(client, data):
    response = client.post(NEW, data)
    assert response.status_code == 200, body_of(response)
    return body_of(response)


# the form


def test_a_pack_is_chosen_estimated_and_launched(client, version, small, runner):
    data = filled(client, pack="basics@1", agents=["reference", "small@1"], repeats="2", seed="7")

    body = shown(client, data)
    assert not Run.objects.exists()
    assert "Launch 12 episodes" in body
    assert "none known yet" in body
    response = client.post(LAUNCH, form_data(body, form="launch"))

    run = Run.objects.get()
    assert response.status_code == 303
    assert response.url == f"/runs/{run.pk}/"
    assert (run.owner, run.source, run.seed) == (runner, "basics@1", 7)
    assert run.rollouts.count() == 12
    assert run.request == {
        "pack": "basics@1", "agents": ["reference", "small@1"], "repeats": 2, "seed": 7,
    }  # fmt: skip


def test_without_an_approved_task_the_form_leads_to_the_tasks(client, author, world):
    assert "No task is approved yet" in body_of(client.get(NEW))
    approve(author, world, "lamps")
    assert "No task is approved yet" not in body_of(client.get(NEW))


def test_pressing_the_button_twice_gives_one_run(client, version):
    data = form_data(shown(client, filled(client, pack="basics@1", agents="null")), form="launch")

    first, second = client.post(LAUNCH, data), client.post(LAUNCH, data)

    assert first.url == second.url
    assert Run.objects.count() == 1


def test_what_was_shown_can_be_changed(client, version):
    data = filled(client, pack="basics@1", agents="null", title="My <run>")
    checked = form_data(shown(client, data), form="launch")

    again = shown(client, {**checked, "edit": "1"})

    assert form_data(again, form="launch")["run.title"] == ["My <run>"]
    assert "My &lt;run&gt;" in again


@pytest.mark.parametrize(
    ("typed", "shown_as"),
    [
        ({"faults.level": "heavy"}, "20% of calls, 5 s each"),
        ({"faults.custom.error_rate": "0.5"}, "failing tools: 50% of calls"),
    ],
)
def test_faults_are_chosen_by_level_or_written_down_and_kept(client, version, typed, shown_as):
    checked = shown(client, filled(client, pack="basics@1", agents="reference", **typed))
    assert shown_as in checked

    client.post(LAUNCH, form_data(checked, form="launch"))

    again = client.get(f"{NEW}?like={Run.objects.get().pk}").content.decode()
    for name, value in typed.items():
        assert form_data(again, form="launch")[f"run.{name}"] == [value]


@pytest.mark.parametrize(
    ("changes", "place", "says"),
    [
        ({}, "agents", "Agents: choose at least one"),
        ({"agents": "null"}, "pack", "choose a pack, name tasks"),
        ({"agents": "null", "pack": "gone@1"}, "pack", "there is no frozen version"),
        ({"agents": "null", "pack": "basics@1", "repeats": "65"}, "repeats", "write 64 or less"),
        (
            {"agents": "null", "pack": "basics@1", "repeats": "many"},
            "repeats",
            "write a whole number",
        ),
        (
            {"agents": "null", "pack": "basics@1", "faults.custom.error_rate": "2"},
            "faults.custom.error_rate",
            "write 1 or less",
        ),
        (
            {"agents": "null", "pack": "basics@1", "faults.level": "some"},
            "faults",
            "write none, light",
        ),
        (
            {"agents": "null", "pack": "basics@1", "limits.max_cost": "-1"},
            "limits.max_cost",
            "write 0 or more",
        ),
    ],
)
def test_a_wrong_field_is_named_and_what_was_typed_stays(client, version, changes, place, says):
    response = client.post(NEW, filled(client, title="Kept as it was", **changes))

    body = body_of(response)
    assert response.status_code == 422
    assert says in body
    assert f'href="#id_run.{place}"' in body
    assert "Kept as it was" in body


def test_nothing_to_run_shows_why_and_no_button(client, version):
    body = shown(client, filled(client, tasks="nowhere", agents="null"))

    assert "There is nothing to run." in body
    assert "there is no such task, or it is not yours to see" in body
    assert "Launch 0" not in body
    assert client.post(LAUNCH, filled(client, tasks="nowhere", agents="null")).status_code == 422


def test_tasks_come_from_the_list_by_ticks_and_by_filter(client, version):
    ticked = client.get("/tasks/", {"q": ""})
    assert 'value="launch"' in body_of(ticked)

    chosen = {"action": "launch", "task": ["lamps", "again"]}
    response = client.get("/tasks/bulk/", chosen)
    assert response.status_code == 303
    assert form_data(body_of(client.get(response.url)), form="launch")["run.tasks"] == [
        "again\r\nlamps"
    ]
    everything = client.get("/tasks/bulk/", {"action": "launch", "all": "1", "filter": "q=lamps"})
    found = form_data(body_of(client.get(everything.url)), form="launch")["run.tasks"]
    assert "lamps" in found[0]


def test_a_run_is_launched_again_as_it_was(client, version, small, runner):
    asked = {
        "pack": "basics@1",
        "agents": ["small"],
        "repeats": 3,
        "limits": {"max_cost": 0.5},
        "faults": {"error_rate": 0.25},
        "kind": "training",
    }
    run = launch(read_wish(asked), by=runner)

    assert f"{NEW}?like={run.pk}" in body_of(client.get(NEW))
    data = filled(client, f"{NEW}?like={run.pk}")

    assert data["run.pack"] == ["basics@1"]
    assert data["run.limits.max_cost"] == ["0.5"]
    assert data["run.faults.level"] == ["custom"]
    assert data["run.faults.custom.error_rate"] == ["0.25"]
    assert "Launch 9 episodes" in shown(client, data)


def test_a_level_of_faults_is_said_in_words_and_launched(client, version, small):
    body = shown(
        client, filled(client, pack="basics@1", agents="small@1", **{"faults.level": "heavy"})
    )

    assert "20% of calls" in body
    client.post(LAUNCH, form_data(body, form="launch"))
    assert read_faults(Episode.objects.first().spec["faults"]) == HEAVY
    rollout = Rollout.objects.earliest("pk")
    places = {
        "runs": [],
        "run": [rollout.run_id],
        "episode": [rollout.run_id, rollout.pk],
    }
    for name, arguments in places.items():
        told = body_of(client.get(reverse(f"grading:{name}", args=arguments)))
        assert "faults on purpose" in told, name
        assert "ailing tools: 20% of calls" in told, name
    again = filled(client, f"{NEW}?like={Run.objects.get().pk}")
    assert again["run.faults.level"] == ["heavy"]


def test_a_run_launched_again_names_no_task_that_one_may_not_see(
    client, version, author, world, runner
):
    run = launch(read_wish({"tasks": ["lamps", "again"], "agents": ["null"]}), by=runner)
    Task.objects.filter(slug="again").update(split="heldout")
    Episode.objects.filter(rollout__subject="again@1").update(is_held_out=True)

    assert filled(client, f"{NEW}?like={run.pk}")["run.tasks"] == ["lamps"]


def test_somebody_elses_run_is_nothing_to_begin_with(version, runner, author):
    run = launch(read_wish({"pack": "basics", "agents": ["null"], "title": "Secret"}), by=runner)
    other = make_user("", "runner")

    assert "Secret" not in body_of(signed_in(other).get(f"{NEW}?like={run.pk}"))


def test_the_form_asks_the_same_however_much_there_is(
    client, version, author, world, small, django_assert_max_num_queries
):
    for number in range(5):
        make_agent(small.endpoint, f"agent-{number}")
        frozen(author, approve(author, world, f"task-{number}"), f"pack-{number}")

    with django_assert_max_num_queries(14):
        client.get(NEW)


# REST


def post(client, **given):
    return client.post(API, given, content_type="application/json")


def test_a_run_is_launched_over_rest(client, version):
    response = post(client, pack="basics@1", agents=["null"], repeats=2, title="By script", seed=7)

    assert response.status_code == 201
    said = response.json()
    assert (said["episodes"], said["tasks"], said["agents"]) == (6, 3, ["null"])
    assert (said["run"]["title"], said["run"]["seed"]) == ("By script", 7)
    assert client.get(f"{API}{said['run']['id']}/").status_code == 200


def test_a_dry_run_over_rest_gives_the_estimate_and_stores_nothing(client, version, small):
    response = post(client, tasks=["lamps", "nowhere"], agents=["small"], dry_run=True)

    said = response.json()
    assert response.status_code == 200
    assert (said["run"], said["episodes"], said["estimate"]["cost"]) == (None, 1, None)
    assert said["left_out"][0]["names"] == ["nowhere"]
    assert not Run.objects.exists()


def test_the_same_idempotency_key_launches_once(client, version):
    def again():
        return client.post(
            API,
            {"pack": "basics@1", "agents": ["null"]},
            content_type="application/json",
            headers={"Idempotency-Key": "once"},
        )

    assert again().json() == again().json()
    assert Run.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "status", "says"),
    [
        ({"agents": ["null"]}, 400, "choose a pack"),
        ({"agents": ["null"], "tasks": ["nowhere"]}, 409, "nothing to run"),
        ({"agents": ["nobody"], "pack": "basics"}, 400, "no agent 'nobody'"),
        ({"agents": ["null"], "pack": "basics", "repeats": "2"}, 400, "whole number"),
        ({"agents": ["null"], "pack": "basics", "limits": {"max": 1}}, 400, "no field 'max'"),
        ({"agents": ["null"], "pack": "basics", "faults": {"no": 1}}, 400, "faults"),
        ({"pack": "basics"}, 400, "required"),
    ],
)
def test_bad_launches_are_refused_over_rest(client, version, given, status, says):
    response = post(client, **given)

    assert response.status_code == status
    assert says in response.json()["error"]["message"]


def test_only_runners_and_admins_launch_over_rest(version, author, admin_person):
    assert post(signed_in(author), pack="basics", agents=["null"]).status_code == 403
    assert post(signed_in(admin_person), pack="basics", agents=["null"]).status_code == 201
