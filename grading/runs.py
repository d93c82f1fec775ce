"""Launching, cancelling and repairing runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from grading.criteria import RubricContent
from grading.held_out import HELD_OUT
from grading.models import Assessment, Grading, Judge, ReplacedEpisode, Rollout, Rubric, Run
from simulation.episodes import cancel_episode, queue_episodes
from simulation.errors import Conflict
from simulation.models import Episode, Lane, World
from simulation.text import clean_json
from simulation.transcript import AgentSpec, Spec


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One rollout to be made: who tries what, in which world, measured by which rubric."""

    subject: str
    world: World
    spec: Spec
    agent: AgentSpec
    index: int
    rubric: RubricContent
    labels: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_held_out(self) -> bool:
        return self.labels.get("split") == HELD_OUT

    @property
    def group(self) -> str:
        return f"{self.subject} {self.agent.name}"


@transaction.atomic
def launch_run(
    *,
    title: str,
    kind: str,
    owner: User,
    plans: Sequence[Plan],
    source: str = "",
    key: str = "",
    judge: Judge | None = None,
    max_running: int | None = None,
    request: Mapping[str, Any] | None = None,
    seed: int = 0,
) -> Run:
    """Store a run with all its episodes and open assessments; workers are told after commit.

    judge: decides the criteria of its kind, which stay open without one; it must be in use.
    key: launching again with the same key gives the run that there is.
    max_running: its episodes at one time; None for as many as there are workers.
    request: what the launcher was asked for. seed: the plans were made with.
    """
    if judge is not None and judge.is_retired:
        raise Conflict(f"the judge {judge} is retired; choose one that is in use")
    if key:
        User.objects.select_for_update().get(pk=owner.pk)  # one launch at a time for one person
        known = Run.objects.filter(owner=owner, key=key).first()
        if known:
            return known
    run = Run.objects.create(
        title=title,
        kind=kind,
        source=source,
        owner=owner,
        key=key,
        lane=Lane.objects.create(max_running=max_running),
        request=clean_json(dict(request or {})),
        seed=seed,
    )
    rollouts = _make_rollouts(run, plans)
    rubrics = store_rubrics([plan.rubric for plan in plans])
    run.official = Grading.objects.create(
        run=run, number=1, rubrics="as launched", asked_by=owner, judge=judge
    )
    run.save(update_fields=["official"])
    Assessment.objects.bulk_create(
        Assessment(rollout=rollout, rubric_id=rubric, grading=run.official)
        for rollout, rubric in zip(rollouts, rubrics, strict=True)
    )
    return run


def store_rubrics(contents: Sequence[RubricContent]) -> list[str]:
    """Store rubrics that are not there yet; gives their hashes in order."""
    by_object = {id(content): content for content in contents}  # few, though of many rollouts
    known = {key: content.hash for key, content in by_object.items()}
    hashes = [known[id(content)] for content in contents]
    new = dict(zip(hashes, contents, strict=True))
    Rubric.objects.bulk_create(
        (
            Rubric(hash=hash_, content=clean_json(content.model_dump()))
            for hash_, content in new.items()
        ),
        ignore_conflicts=True,
    )
    return hashes


def cancel_run(run: Run) -> int:
    """Cancel what has not ended yet; gives how many episodes."""
    unfinished = Episode.objects.filter(rollout__run=run, ended_at__isnull=True)
    ids = unfinished.values_list("pk", flat=True)
    return sum(cancel_episode(pk, detail="the run was cancelled") for pk in ids)


@transaction.atomic
def retry_rollout(rollout: Rollout) -> Episode:
    """Replace an episode that ended for a reason of ours. Raises Conflict for every other one.

    It will be graded in the official grading too, even if that left the old episode out.
    """
    locked = Rollout.objects.select_for_update().get(pk=rollout.pk)
    old = locked.episode
    if not (old.is_over and old.is_masked):
        raise Conflict(f"{locked}: only an episode that ended for a reason of ours is tried again")
    _open_official(locked)
    plan = Spec.model_validate(old.spec), AgentSpec.model_validate(old.agent)
    (new,) = queue_episodes(
        world=old.world,
        owner=old.owner,
        plans=[plan],
        held_out=[old.is_held_out],
        lane=locked.run.lane,
    )
    locked.episode = new
    locked.save(update_fields=["episode"])
    ReplacedEpisode.objects.create(rollout=locked, episode=old)
    return new


def _open_official(rollout: Rollout) -> None:
    """Give a rollout a place in the official grading, by the rubric of its subject there."""
    run = Run.objects.select_for_update().get(pk=rollout.run_id)
    official = Assessment.objects.filter(grading=run.official_id)
    if official.filter(rollout=rollout).exists():
        return
    like = official.filter(rollout__subject=rollout.subject).first()
    if like is None:
        raise Conflict(f"{rollout}: the official grading has no rubric for {rollout.subject}")
    Assessment.objects.create(rollout=rollout, rubric_id=like.rubric_id, grading_id=like.grading_id)


def _make_rollouts(run: Run, plans: Sequence[Plan]) -> list[Rollout]:
    episodes: dict[int, Episode] = {}
    for world in {plan.world.pk: plan.world for plan in plans}.values():
        places = [n for n, plan in enumerate(plans) if plan.world.pk == world.pk]
        asked = [(plans[n].spec, plans[n].agent) for n in places]
        queued = queue_episodes(
            world=world,
            owner=run.owner,
            plans=asked,
            held_out=[plans[n].is_held_out for n in places],
            lane=run.lane,
        )
        episodes |= dict(zip(places, queued, strict=True))
    return Rollout.objects.bulk_create(
        Rollout(
            run=run,
            subject=plan.subject,
            agent=plan.agent.name,
            index=plan.index,
            group=plan.group,
            labels=dict(plan.labels),
            episode=episodes[number],
        )
        for number, plan in enumerate(plans)
    )
