"""What chaos happens to: a small world, a model's endpoint, and runs of episodes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from django.contrib.auth.models import User
from django.db import connection

from config.chaos.variants import VARIANTS, Variant
from grading.criteria import Criterion, RubricContent
from grading.models import Run
from grading.runs import Plan, launch_run
from simulation import worlds
from simulation.episodes import make_spec
from simulation.models import ModelEndpoint, World
from simulation.transcript import AgentSpec
from simulation.values import read_instant

MODEL = "scripted"
PRICES = {MODEL: {"prompt": 1, "completion": 5}}
ROWS: Mapping[str, Mapping[str, Any]] = {
    "item": {"lamp": {"name": "Lamp", "price": 12.5, "inStock": 10}},
    "sale": {},
}
NOW = "2025-09-15T19:00:00Z"
# Whoever ends an episode leaves a mark here, in the same transaction: two marks are two ends.
MARKS = """
    CREATE TABLE chaos_end (episode_id bigint, ended_at timestamptz DEFAULT clock_timestamp());
    CREATE FUNCTION chaos_mark_end() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO chaos_end (episode_id) VALUES (NEW.id);
        RETURN NULL;
    END $$;
    CREATE TRIGGER chaos_mark_end AFTER UPDATE OF status ON simulation_episode
    FOR EACH ROW WHEN (NEW.ended_at IS NOT NULL AND NEW.status IS DISTINCT FROM OLD.status)
    EXECUTE FUNCTION chaos_mark_end();
"""


@dataclass(frozen=True)
class Scene:
    world: World
    endpoint: ModelEndpoint

    def calm(self) -> Run:
        """Queue one episode of each kind, to be left in peace."""
        return self._launch("Calm", VARIANTS, first=-len(VARIANTS))

    def storm(self, count: int, rng: Random) -> Run:
        """Queue so many episodes of all kinds, in an order that the seed decides."""
        bag = [variant for variant in VARIANTS for _ in range(variant.share)]
        chosen = [bag[number % len(bag)] for number in range(count)]
        rng.shuffle(chosen)
        return self._launch("Storm", chosen, first=1)

    def _launch(self, title: str, variants: Sequence[Variant], *, first: int) -> Run:
        plans = [self._plan(variant, number) for number, variant in enumerate(variants, first)]
        owner = self.world.owner
        return launch_run(title=title, kind=Run.Kind.EVALUATION, owner=owner, plans=plans)

    def _plan(self, variant: Variant, number: int) -> Plan:
        return Plan(
            subject="sell-lamps@1",
            world=self.world,
            spec=make_spec(self.world, prompt=variant.prompt(number), **variant.members),
            agent=self._agent(variant),
            index=number if number > 0 else 1,
            rubric=RUBRIC,
        )

    def _agent(self, variant: Variant) -> AgentSpec:
        if not variant.asks_model:
            config = {"solution": list(variant.script)}
            return AgentSpec(kind="reference", name=variant.name, config=config)
        endpoint = {"endpoint_id": self.endpoint.pk, "endpoint": self.endpoint.name}
        return AgentSpec(kind="chat", name=variant.name, config={**endpoint, "model": MODEL})


def make_scene(address: str) -> Scene:
    """Publish the world and name the endpoint. Call it in a database that is thrown away."""
    with connection.cursor() as cursor:
        cursor.execute(MARKS)
    owner = User.objects.create_superuser("chaos")
    world = World.objects.create(
        owner=owner,
        now=read_instant(NOW),
        environment="mock_store",
        slug="chaos",
        version=1,
        title="A store in a storm",
    )
    worlds.import_entities(world, ROWS)
    endpoint = ModelEndpoint.objects.create(
        name=MODEL, base_url=address, created_by=owner, timeout_s=30, prices=PRICES
    )
    return Scene(worlds.publish_world(world), endpoint)


def _criterion(key: str, text: str, **check: Any) -> Criterion:
    where = [{"path": "buyer", "value": "dee"}]
    given = {"kind": "state", "entity_type": "sale", "where": where, "match": "any", **check}
    return Criterion(key=key, text=text, check=given)


RUBRIC = RubricContent(
    criteria=(
        _criterion("sold", "Dee has lamps.", expect=[{"path": "buyer", "value": "dee"}]),
        _criterion("paid", "Dee has paid.", expect=[{"path": "status", "value": "paid"}]),
    )
)
