"""`manage.py run`: launches or attaches, says what holds a run up and what is left of it."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from authoring.launching import following
from grading.models import Run
from grading.running import pause_run
from grading.runs import cancel_run
from grading.verdicts import grade_episode
from simulation.models import Episode
from simulation.runner import run_episode
from tests.authoring.launching.scenes import approve, frozen, make_agent
from tests.authoring.tasks import make_revision, make_task
from tests.factories import make_endpoint, make_world

pytestmark = pytest.mark.django_db
KEY = "EG_MODEL_KEY_OF_NOBODY"


@pytest.fixture
def world(author):
    return make_world(owner=author, slug="store", version=1, prompts={"clerk": "You are a clerk."})


@pytest.fixture
def version(author, world):
    return frozen(author, approve(author, world, "lamps", "again", "third"))


@pytest.fixture
def launched(version, runner):
    """The number of a run that nobody has played yet."""
    return called(pack="basics", agent=["null"], wait=False)["run"]


def played(monkeypatch):
    """Let the command's waiting be the time in which everything is played and graded."""

    def play(_seconds):
        for episode in Episode.objects.filter(status="queued").values_list("pk", flat=True):
            run_episode(episode)
            grade_episode(episode)

    monkeypatch.setattr(following.time, "sleep", play)


def called(**options):
    out = StringIO()
    call_command("run", user="ruth", json=True, stdout=out, **options)
    return json.loads(out.getvalue().splitlines()[-1])


def test_the_command_waits_and_says_what_came_of_it(author, world, runner, monkeypatch):
    make_revision(make_task(author, world, "sell"), "approved")
    played(monkeypatch)

    said = called(task=["sell"], agent=["reference", "null"], repeats=2, seed=3)

    assert (said["total"], said["graded"], said["ungraded"], said["seed"]) == (4, 4, 0, 3)
    passed = {agent["agent"]: agent["passed"] for agent in said["agents"]}
    assert passed == {"reference": 2, "null": 0}


def test_what_is_left_without_a_reward_is_exit_code_1(author, world, runner, monkeypatch):
    rubric = [{"key": "kind", "text": "It is kind.", "check": {"kind": "human"}}]
    approve(author, world, "judged", rubric=rubric)
    played(monkeypatch)

    with pytest.raises(SystemExit) as stop:
        called(task=["judged"], agent=["null"])
    assert stop.value.code == 1


def test_the_command_launches_and_goes_or_only_estimates(version, runner):
    assert called(pack="basics", agent=["null"], wait=False)["settled"] == 0
    assert called(pack="basics", agent=["null"], dry_run=True)["episodes"] == 3
    assert Run.objects.count() == 1


def test_an_interrupt_lets_the_run_go_on_and_says_so(version, runner, monkeypatch, capsys):
    def interrupt(_seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr(following.time, "sleep", interrupt)
    with pytest.raises(SystemExit) as stop:
        called(pack="basics", agent=["null"])

    assert stop.value.code == 130
    said = capsys.readouterr().err
    assert "goes on without you" in said
    assert f"manage.py run --attach {Run.objects.get().pk}" in said
    assert Episode.objects.filter(status="queued").count() == 3


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"agent": ["null"]}, "choose a pack"),
        ({"pack": "basics"}, "agents: choose at least one"),
        ({"pack": "basic", "agent": ["null"]}, "there is no frozen version 'basic'; .*basics@1"),
        ({"pack": "basics", "agent": ["nul"]}, "no agent 'nul'; no model plays one yet; scripted"),
        ({"pack": "basics", "agent": ["null"], "limit": ["max_calls=few"]}, "limits.max_calls"),
        ({"pack": "basics", "agent": ["null"], "faults": "{"}, "faults: is no JSON"),
        ({"pack": "basics", "agent": ["null"], "customer": "none:m"}, "customer.endpoint"),
    ],
)
def test_the_command_refuses_by_name(version, runner, options, says):
    with pytest.raises(CommandError, match=says) as refused:
        called(**options)
    assert refused.value.returncode == 2
    assert not Run.objects.exists()


def test_a_run_that_there_is_is_followed_to_its_end(launched, monkeypatch):
    played(monkeypatch)

    said = called(attach=launched)

    assert (said["run"], said["total"], said["graded"]) == (launched, 3, 3)
    assert Run.objects.count() == 1


@pytest.mark.parametrize(
    ("person", "options", "says"),
    [
        ("ruth", {"repeats": 2}, "repeats: a run that is attached to stays as it was launched"),
        ("ruth", {"attach": 99_999}, "there is no run 99999, or it is not ruth's to see"),
        ("alice", {}, "or it is not alice's to see"),
    ],
)
def test_only_what_is_seen_is_attached_to_and_stays_as_it_is(launched, person, options, says):
    with pytest.raises(CommandError, match=says) as refused:
        call_command("run", **{"user": person, "attach": launched, **options})
    assert refused.value.returncode == 2


def test_what_holds_a_run_up_is_said_once(launched, monkeypatch, capsys):
    run = Run.objects.get()
    pause_run(run)
    sleeps = []

    def sleep(_seconds):
        sleeps.append(1)
        if len(sleeps) == 3 * following.POLLS_A_LOOK:
            cancel_run(run)

    monkeypatch.setattr(following.time, "sleep", sleep)
    with pytest.raises(SystemExit):
        called(attach=launched)

    said = capsys.readouterr().err
    assert said.count("The run is paused") == 1
    assert "3 episodes ended cancelled, without a reward" in said


def test_why_episodes_are_parked_is_said_and_in_the_json(author, world, admin_person, runner,
                                                         monkeypatch, capsys):  # fmt: skip
    approve(author, world, "lamps")
    make_agent(make_endpoint(name="keyed", key_variable=KEY, created_by=admin_person))
    played(monkeypatch)
    out = StringIO()

    with pytest.raises(SystemExit) as stop:
        call_command("run", user="ruth", task=["lamps"], agent=["small"], json=True, stdout=out)

    said, line = capsys.readouterr().err, json.loads(out.getvalue())
    assert stop.value.code == 1
    assert (line["parked"], len(line["parked_for"]), line["stops"]) == (1, 1, [])
    assert f"1 episode parked: {KEY}, the key of the endpoint keyed, is not set here" in said
    assert f"POST /api/v1/runs/{line['run']}/release/" in said
