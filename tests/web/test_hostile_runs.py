"""What strangers and agents may do to the pages of agents, launches and runs: nothing."""

import pytest
from django.test import Client
from django.urls import reverse

from grading.models import Run
from grading.pages import StepCard
from grading.step_cards import LONGEST_LINE
from simulation import episodes
from simulation.models import AgentConfiguration, Episode
from simulation.stops import StopReason
from tests.authoring.launching.scenes import make_agent
from tests.authoring.tasks import make_revision, make_task
from tests.factories import make_endpoint, make_outcome, make_plan, make_step, make_user, make_world
from tests.web.conftest import HOSTILE
from tests.web.test_permissions import PEOPLE, STEERING, STEERING_API

pytestmark = pytest.mark.django_db
TURNED = "\u202egnp.exe\u2066"
QUOTED = '"><script>alert(1)</script>'
LONG = "x" * 1_000_000
NUL = "%00"


def signed_in(person, **options):
    client = Client(**options)
    if person:
        client.force_login(person)
    return client


@pytest.fixture
def live(launch, runner):
    return launch(is_finished=False)


@pytest.fixture
def agent(admin_person):
    return make_agent(make_endpoint(name="local", created_by=admin_person))


# whose what is


def test_a_run_of_somebody_else_is_not_there_for_another_runner(live, admin_person):
    Run.objects.filter(pk=live.pk).update(request={"title": "Secret", "agents": ["null"]})
    other = signed_in(make_user("rival", "runner"))
    rollout = live.rollouts.get().pk
    pages = [reverse(f"grading:run_{name}", args=[live.pk]) for name in STEERING]
    pages += [reverse(f"grading:episode_{name}", args=[live.pk, rollout])
              for name in ("retry", "release")]  # fmt: skip
    api = [reverse(f"api:run-{name}", args=[live.pk]) for name in STEERING_API]

    answers = {url: other.post(url, {"max_running": 1}).status_code for url in pages}
    answers |= {
        url: other.post(url, {"max_running": 1}, content_type="application/json").status_code
        for url in api
    }

    assert answers == dict.fromkeys([*pages, *api], 404)
    live.lane.refresh_from_db()
    assert (live.lane.paused_at, live.lane.max_running) == (None, None)
    for name in ("since", "like"):
        body = other.get(reverse("launch:new"), {name: live.pk}).content.decode()
        assert "Secret" not in body
        assert live.title not in body
    sent = {"agents": ["null"], "changed_since": live.pk, "dry_run": True}
    refused = other.post(reverse("api:run-list"), sent, content_type="application/json")
    assert (refused.status_code, "not yours to see" in refused.content.decode()) == (400, True)


MAKERS = ("runner", "admin_person")


@pytest.mark.parametrize("person", PEOPLE)
def test_agents_and_runs_are_made_by_runners_and_admins(person, agent, request):
    client = signed_in(None if person == "nobody" else request.getfixturevalue(person))
    version = [agent.name, agent.version]
    posts = {
        reverse("agents:new"): {},
        reverse("launch:new"): {},
        reverse("launch:launch"): {},
        reverse("agents:retire", args=version): {},
        reverse("agents:bring_back", args=version): {},
        reverse("agents:try", args=version): {},
    }

    answers = [client.post(url, sent).status_code for url, sent in posts.items()]

    allowed = [422, 422, 422, 303, 303, 200]
    refused = [302 if person == "nobody" else 404] * 6
    assert answers == (allowed if person in MAKERS else refused)


def test_no_form_of_theirs_is_taken_from_elsewhere(live, runner, author, agent):
    task = make_task(
        author, make_world(slug="store", version=1, prompts={"clerk": "Sell."}), "lamps"
    )
    rollout = [live.pk, live.rollouts.get().pk]
    addresses = [
        *(reverse(f"grading:run_{name}", args=[live.pk]) for name in STEERING),
        *(reverse(f"grading:episode_{name}", args=rollout) for name in ("retry", "release")),
        reverse("agents:new"),
        reverse("agents:retire", args=[agent.name, 1]),
        reverse("agents:bring_back", args=[agent.name, 1]),
        reverse("agents:try", args=[agent.name, 1]),
        reverse("launch:new"),
        reverse("launch:launch"),
        reverse("customer:try", args=[task.slug]),
        *(reverse(f"api:run-{name}", args=[live.pk]) for name in STEERING_API),
        reverse("api:run-list"),
        reverse("api:agent-list"),
        reverse("api:agent-retire", args=[str(agent)]),
    ]

    for person in (runner, author):
        client = signed_in(person, enforce_csrf_checks=True)
        assert {url: client.post(url).status_code for url in addresses} == dict.fromkeys(
            addresses, 403
        )
    assert not AgentConfiguration.objects.filter(is_retired=True).exists()


# what is written into addresses and forms


@pytest.mark.parametrize(
    "address",
    [
        f"/api/v1/agents/a{NUL}@1/",
        f"/api/v1/agents/?name=a{NUL}",
        f"/api/v1/agents/?endpoint=a{NUL}",
        f"/api/v1/runs/?source=a{NUL}",
        f"/settings/agents/new/?from=a{NUL}@1",
        f"/settings/agents/new/?from={'9' * 400}@{'9' * 9}",
        f"/runs/new/?pack=a{NUL}&judge={NUL}&agent=b{NUL}&task=c{NUL}&split={NUL}",
        "/runs/new/?like=999999999&since=999999999",
        f"/runs/new/?like={'9' * 400}&since=-1",
        f"/runs/new/?all=1&filter=q%3D{NUL}",
        "RUN?stop=%00&agent=%00&task=%00&page=99999999999999999999",
        "RUNprogress/?agent=%00&stop=x&page=-1",
        "EPISODElive/?after=999999999",
        "EPISODElive/?after=-1&grading=999999999",
    ],
)
@pytest.mark.parametrize("is_part", [False, True])
def test_no_address_breaks_a_page(address, is_part, live, agent, admin_person):
    rollout = live.rollouts.get()
    run = reverse("grading:run", args=[live.pk])
    episode = reverse("grading:episode", args=[live.pk, rollout.pk])
    url = address.replace("RUN", run).replace("EPISODE", episode)
    headers = {"HX-Request": "true"} if is_part else {}

    answer = signed_in(admin_person).get(url, headers=headers)

    assert answer.status_code in (200, 400, 404)


@pytest.mark.parametrize("typed", ["\0", HOSTILE, TURNED, LONG[:100_000], "9" * 5000])
def test_nothing_typed_breaks_a_form_or_comes_back_as_code(typed, agent, admin_person, author):
    client = signed_in(admin_person)
    texts = ("pack", "split", "tasks", "agents", "judge", "title", "repeats", "seed", "faults",
             "limits.max_cost", "max_running", "changed_since", "customer.endpoint",
             "customer.model", "kind")  # fmt: skip
    run = {f"run.{name}": typed for name in texts}
    names = ("name", "endpoint", "model", "note", "settings.temperature", "settings.extra",
             "settings.instructions", "limits.max_cost", "limits.max_calls")  # fmt: skip
    given = {f"agent.{name}": typed for name in names}

    for url, sent in (
        (reverse("launch:new"), run),
        (reverse("launch:launch"), {**run, "key": typed}),
        (reverse("agents:new"), given),
    ):
        answer = client.post(url, sent)
        assert (url, answer.status_code) == (url, 422)
        assert "<script>alert" not in answer.content.decode()
    assert not Run.objects.exists()


# what agents, customers and servers say


def test_what_they_say_is_text_wherever_a_run_shows_it(launch, runner):
    run = launch([make_plan(make_world(owner=runner), index=n) for n in (1, 2)], is_finished=False)
    first, second = (rollout.episode for rollout in run.rollouts.order_by("index"))
    lease = episodes.claim_episode(first.pk)
    exchange = {
        "model": QUOTED, "finish": QUOTED, "stop": "provider_error", "detail": QUOTED,
        "attempts": [{"status": 500, "error": QUOTED, "waited_s": 1, "duration_ms": 1.0}],
        "left_out": [{"id": QUOTED, "name": QUOTED, "arguments": QUOTED}],
        "revealed": [QUOTED], "quotes": [QUOTED],
    }  # fmt: skip
    result = f'{{"id": "{HOSTILE}"}}'.replace("=x", "='x'")
    call = {"tool": QUOTED[:100], "arguments": {QUOTED: QUOTED}, "arguments_raw": QUOTED}
    said = [
        make_step(0, kind="assistant", content=QUOTED, reasoning=QUOTED, exchange=exchange),
        make_step(1, kind="customer", content=QUOTED, note=QUOTED, exchange=exchange),
        make_step(2, kind="customer", exchange={**exchange, "stop": "customer_failed"}),
        make_step(3, kind="tool_call", result=result, fault=QUOTED[:20], note=QUOTED, **call),
        make_step(4, kind="tool_call", result=QUOTED, is_error=True, **call),
        make_step(5, kind="error", content=QUOTED, exchange=exchange),
    ]
    episodes.record_steps(first.pk, said, lease=lease)
    lost = make_outcome(StopReason.PROVIDER_ERROR, detail=f"{QUOTED}{TURNED}")
    episodes.finish_episode(first.pk, lost, lease=lease)
    parked = episodes.claim_episode(second.pk)
    episodes.park_episode(second.pk, f"{QUOTED}{LONG}", lease=parked)
    client = signed_in(runner)
    shown = run.rollouts.get(index=1).pk

    for url in (
        reverse("grading:run", args=[run.pk]),
        reverse("grading:run_progress", args=[run.pk]),
        reverse("grading:episode", args=[run.pk, shown]),
        f"{reverse('grading:episode_live', args=[run.pk, shown])}?after=0",
        reverse("grading:step_payload", args=[run.pk, shown, 3, "arguments"]),
    ):
        body = client.get(url, headers={"HX-Request": "true"}).content.decode()
        assert "&lt;script&gt;" in body, url
        assert "<script>alert" not in body
        assert "<img" not in body
        assert "\0" not in body
        assert len(body) < 200_000


def test_a_megabyte_in_one_line_is_shown_shorter(launch, runner):
    run = launch(is_finished=False)
    rollout = run.rollouts.get()
    lease = episodes.claim_episode(rollout.episode_id)
    key = f'{{"{LONG}": 1}}'
    failed = {"stop": "customer_failed", "detail": LONG}
    said = [
        make_step(0, kind="tool_call", tool="sell", result=key),
        make_step(1, kind="tool_call", tool="sell", result=f'{{"id": "{LONG}"}}'),
        make_step(2, kind="tool_call", tool="sell", is_error=True,
                  result=f'{{"error": {{"message": "{LONG}"}}}}'),
        make_step(3, kind="error", content="no answer", exchange={"attempts": [
            {"status": None, "error": LONG, "waited_s": 0, "duration_ms": 1.0}]}),
        make_step(4, kind="customer", exchange=failed),
    ]  # fmt: skip
    episodes.record_steps(rollout.episode_id, said, lease=lease)

    page = signed_in(runner).get(reverse("grading:episode", args=[run.pk, rollout.pk]))

    cards = page.context["page"].steps
    lines = [len(_longest(card)) for card in cards]
    assert lines == [*[LONGEST_LINE + 1] * 3, 0, LONGEST_LINE + 1]
    assert max(len(line) for line in cards[3].model.lines) < 500


def _longest(card: StepCard) -> str:
    return max(card.outcome, card.error, key=len)


def test_an_episode_that_was_parked_tells_no_more_than_its_place(live, runner):
    episode = live.rollouts.get().episode_id
    episodes.park_episode(episode, LONG, lease=episodes.claim_episode(episode))

    assert len(Episode.objects.get(pk=episode).stop_detail) < 5000


ABSURD = [
    {"repeats": 10**9},
    {"repeats": -1},
    {"repeats": 1.5},
    {"repeats": 10**40},
    {"seed": -1},
    {"seed": 2**31},
    {"max_running": 0},
    {"max_running": 10**30},
    {"changed_since": 10**30},
    {"limits": {"max_cost": 1e308}},
    {"limits": {"max_cost": 10**400}},
    {"limits": {"max_tokens": 10**30}},
    {"limits": {"wall_seconds": 10**15}},
    {"limits": {"max_calls": 0.5}},
    {"faults": {"error_rate": 10**400}},
    {"faults": {"error_rate": "9" * 5000}},
    {"judge": TURNED + "\0"},
    {"tasks": ["лампы\u202e", "\0"]},
    {"agents": ["агент@1"]},
    {"agents": [{}]},
    {"customer": {"endpoint": "\0", "model": QUOTED}},
    {"kind": "dry_run"},
    {"title": "t" * 5000},
]


@pytest.mark.parametrize("sent", ABSURD, ids=str)
def test_absurd_values_launch_nothing_and_break_nothing(sent, author, runner):
    world = make_world(slug="store", version=1, prompts={"clerk": "Sell."})
    make_revision(make_task(author, world, "lamps"), "approved")
    client = signed_in(runner)
    wish = {"tasks": ["lamps"], "agents": ["null"], "dry_run": True, **sent}

    answer = client.post(reverse("api:run-list"), wish, content_type="application/json")

    allowed = (200,) if "tasks" in sent else ()  # a name that there is none of is left out
    assert answer.status_code in (400, *allowed)
    assert not Run.objects.exists()
    assert len(answer.content) < 20_000
