"""Plain makers: say what the test is about, the rest is filled in."""

import datetime as dt
import itertools
import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from django.contrib.auth.models import Group, User
from django.test import Client

from grading.criteria import Criterion, RubricContent
from grading.models import Assessment, Rollout, Run
from grading.runs import Plan, launch_run
from simulation import agents, episodes, worlds
from simulation.agent_settings import AgentSettings
from simulation.agents import AGENTS
from simulation.many_episodes import cancel_episodes
from simulation.models import Episode, Lane, ModelEndpoint, World
from simulation.play import Episode as Playing
from simulation.play import Outcome, prepare
from simulation.snapshots import Snapshot, from_document
from simulation.stops import StopReason
from simulation.tools import Tool
from simulation.transcript import AgentSpec, Call, Spec, StepRecord, Turn
from simulation.values import read_instant

NOW = "2025-09-15T19:00:00Z"
LATER = "2025-09-15T19:00:00.5Z"
LAMP = {"name": "Lamp", "price": 12.5, "inStock": 10}
CHAIR = {"name": "Chair", "price": 80.0, "inStock": 2, "note": "red"}


def sale(
    buyer: str = "ana", item: str = "lamp", *, at: str = "2025-09-01T10:00:00Z", **fields: Any
) -> dict[str, Any]:
    row = {"buyer": buyer, "lines": [{"itemId": item, "qty": 1}], "status": "open"}
    return {**row, "createdAt": at, "updatedAt": at, **fields}


STORE: dict[str, dict[str, dict[str, Any]]] = {
    "item": {"lamp": LAMP, "chair": CHAIR},
    "sale": {
        "sale-250901-001": sale(status="paid"),
        "sale-250901-002": sale("bo", "chair", at="2025-09-02T10:00:00Z"),
        "sale-250915-004": sale(at=NOW, replacesId="sale-250901-001"),
        "sale-250915-007": sale("cy", at=LATER),
    },
}
HIDDEN = "sale-250915-007"  # after the clock: agents cannot see it

SELL = {"call": "sell", "arguments": {"buyer": "dee", "itemId": "lamp", "qty": 2}}
PAY_IT = {"call": "updateSale", "arguments": {"saleId": {"$ref": "1.id"}, "status": "paid"}}
SAY_DONE = {"message": "Sold and paid."}
SOLUTION = [SELL, PAY_IT, SAY_DONE]
_numbers = itertools.count(1)


def make_user(username: str = "", *groups: str) -> User:
    user = User.objects.create_user(username or f"user-{next(_numbers)}", password="secret")
    # Roles come from a migration; tests with real transactions empty that table.
    user.groups.set([Group.objects.get_or_create(name=name)[0] for name in groups])
    return user


def signed_in(person: User | None, **options: Any) -> Client:
    """A browser of a person's, or of nobody's."""
    client = Client(**options)
    if person is not None:
        client.force_login(person)
    return client


def make_document(
    entities: Mapping[str, Any] | None = None, *, now: str = NOW, **rows: Mapping[str, Any]
) -> dict[str, Any]:
    """Give a world's document; `rows` come on top of the small store."""
    base: dict[str, Any] = deepcopy(dict(STORE if entities is None else entities))
    for name, more in rows.items():
        base.setdefault(name, {}).update(more)
    return {"environment": "mock_store", "now": now, "entities": base}


def make_snapshot(*args: Any, frozen: bool = True, **options: Any) -> Snapshot:
    return from_document(make_document(*args, **options), frozen=frozen)


def make_draft(owner: User | None = None, **fields: Any) -> World:
    number = next(_numbers)
    return World.objects.create(
        owner=owner or make_user(),
        now=read_instant(fields.pop("now", NOW)),
        **{
            "environment": "mock_store",
            "slug": f"store-{number}",
            "version": 1,
            "title": "Store",
            **fields,
        },
    )


def make_world(
    entities: Mapping[str, Any] | None = None, *, owner: User | None = None, **fields: Any
) -> World:
    """Make and publish a small store, or one of other rows."""
    world = make_draft(owner, **fields)
    worlds.import_entities(world, STORE if entities is None else entities)
    return worlds.publish_world(world)


def make_endpoint(url: str = "", **fields: Any) -> ModelEndpoint:
    """Make the endpoint of a server, such as `ModelServer.url`; without one of nobody's."""
    given = {
        "name": f"endpoint-{next(_numbers)}",
        "base_url": url or "http://127.0.0.1:9/v1",
        "timeout_s": 10,
        **fields,
    }
    owner = given.pop("created_by", None) or make_user()
    return ModelEndpoint.objects.create(created_by=owner, **given)


@AGENTS.add("scripted")
class ScriptedAgent(agents.ScriptedAgent):
    """An agent of the tests: {"turns": [{"text", "calls": [[name, arguments_raw], …], "stop"}]}."""

    def __init__(self, spec: Spec, config: Mapping[str, Any], tools: Mapping[str, Tool]) -> None:
        self._turns: Sequence[Mapping[str, Any]] = config["turns"]

    def turn(self, steps: Sequence[StepRecord]) -> Turn:
        number = len({step.turn for step in steps if step.turn})
        if number >= len(self._turns):
            return Turn()
        given = self._turns[number]
        calls = [Call(name, raw, given.get("call_id", "")) for name, raw in given.get("calls", ())]
        return Turn(
            text=given.get("text", ""),
            calls=calls,
            stop=given.get("stop", ""),
            detail=given.get("detail", ""),
            tokens=given.get("tokens", {}),
        )


def reference(*solution: Mapping[str, Any]) -> AgentSpec:
    config = {"solution": list(solution or SOLUTION)}
    return AgentSpec(kind="reference", name="reference", config=config)


def scripted(*turns: Mapping[str, Any]) -> AgentSpec:
    return AgentSpec(kind="scripted", name="scripted", config={"turns": list(turns)})


def chatting(endpoint: ModelEndpoint, *, model: str = "small", **settings: Any) -> AgentSpec:
    """An agent that a model plays, as a configuration gives it; settings: of AgentSettings."""
    config = {
        "configuration_id": None,
        "endpoint_id": endpoint.pk,
        "endpoint": endpoint.name,
        "model": model,
        "settings": AgentSettings(**settings).model_dump(),
    }
    return AgentSpec(kind="chat", name="tester@1", config=config)


def calls(*names_and_arguments: tuple[str, Any]) -> dict[str, Any]:
    """One turn of a scripted agent that makes these calls."""
    return {"calls": [[name, json.dumps(arguments)] for name, arguments in names_and_arguments]}


def make_spec(world: World | None = None, **members: Any) -> Spec:
    members = {"prompt": "Sell two lamps to Dee.", **members}
    return episodes.make_spec(world, **members) if world else Spec(**members)


def make_playing(snapshot: Snapshot | None = None, **members: Any) -> Playing:
    """An episode in memory, before its first step."""
    return prepare(snapshot or make_snapshot(), make_spec(**members))


def make_episode(
    *, world: World | None = None, owner: User | None = None, agent: AgentSpec | None = None,
    lane: Lane | None = None, **members: Any,
) -> Episode:  # fmt: skip
    """A queued episode."""
    world = world or make_world()
    plan = make_spec(world, **members), agent or reference()
    (episode,) = episodes.queue_episodes(
        world=world, owner=owner or world.owner, plans=[plan], lane=lane
    )
    episode.refresh_from_db()
    return episode


def make_step(index: int = 0, **fields: Any) -> StepRecord:
    return StepRecord(**{"index": index, "turn": 1, "kind": "assistant", **fields})


def make_outcome(stop: StopReason = StopReason.DONE, **fields: Any) -> Outcome:
    given = {"stop_reason": stop, "detail": "", "final_response": "done", "state_hash": "0" * 64}
    return Outcome(**{**given, **fields})


def make_running(**options: Any) -> tuple[Episode, int]:
    """A claimed episode and its lease."""
    episode = make_episode(**options)
    lease = episodes.claim_episode(episode.pk)
    assert lease is not None
    episode.refresh_from_db()
    return episode, lease


def make_ended(stop: StopReason = StopReason.DONE, **options: Any) -> Episode:
    """An episode that ended without doing anything."""
    episode, lease = make_running(**options)
    state = prepare(worlds.load_snapshot(episode.world), Spec.model_validate(episode.spec)).world
    outcome = make_outcome(stop, state_hash=state.hash())
    episodes.finish_episode(episode.pk, outcome, lease=lease)
    episode.refresh_from_db()
    return episode


def expire_lease(episode: Episode) -> None:
    """Let the lease end a second ago: its worker is dead."""
    past = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)
    Episode.objects.filter(pk=episode.pk).update(lease_expires_at=past)


def cancel(episode_id: int, *, detail: str = "") -> bool:
    """End an episode from outside. False when it is over already."""
    return bool(cancel_episodes(Episode.objects.filter(pk=episode_id), detail=detail))


def lease_gone(episode: Episode) -> int:
    """Let a second worker take the episode over; gives its lease."""
    expire_lease(episode)
    episodes.reap_expired_leases()
    lease = episodes.claim_episode(episode.pk)
    assert lease is not None
    return lease


def make_criterion(key: str = "lamp-sold", **fields: Any) -> Criterion:
    """A criterion that is met when a sale to Dee was made and paid."""
    check = {
        "kind": "state",
        "entity_type": "sale",
        "where": [{"path": "buyer", "value": "dee"}],
        "expect": [{"path": "status", "value": "paid"}],
        "match": "any",
    }
    return Criterion(**{"key": key, "text": "Dee's lamps are paid.", "check": check, **fields})


def make_rubric(*criteria: Criterion) -> RubricContent:
    return RubricContent(criteria=criteria or (make_criterion(),))


def make_plan(world: World | None = None, **fields: Any) -> Plan:
    world = world or make_world()
    given = {
        "subject": "sell-lamps@1",
        "world": world,
        "spec": make_spec(world),
        "agent": reference(),
        "index": 1,
        "rubric": make_rubric(),
    }
    return Plan(**{**given, **fields})


def make_run(*plans: Plan, owner: User | None = None, **fields: Any) -> Run:
    plans = plans or (make_plan(),)
    given = {"title": "Run", "kind": Run.Kind.EVALUATION, **fields}
    return launch_run(owner=owner or plans[0].world.owner, plans=plans, **given)


def make_rollout(*, owner: User | None = None, **fields: Any) -> Rollout:
    return make_run(make_plan(**fields), owner=owner).rollouts.get()


def make_assessment(**fields: Any) -> Assessment:
    return make_rollout(**fields).assessments.get()
