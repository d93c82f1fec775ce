"""Launching, cancelling and repairing runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from grading.criteria import RubricContent
from grading.held_out import HELD_OUT
from grading.models import Assessment, Grading, Judge, ReplacedEpisode, Rollout, Rubric, Run
from simulation.episodes import queue_episodes
from simulation.errors import Conflict
from simulation.inserts import insert_rows, insert_with_ids
from simulation.many_episodes import cancel_episodes
from simulation.models import Episode, Lane, World
from simulation.stops import MASKED
from simulation.text import clean_json
from simulation.transcript import AgentSpec, Spec

BATCH = 500  # episodes that are queued in one statement


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
    if known := run_of_key(owner, key):
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
    insert_rows(
        [
            Assessment(rollout_id=rollout.pk, rubric_id=rubric, grading_id=run.official.pk)
            for rollout, rubric in zip(rollouts, rubrics, strict=True)
        ]
    )
    return run


def run_of_key(owner: User, key: str) -> Run | None:
    """Find the run that was launched with a key; until the transaction ends, nobody else launches
    with one for the same person."""
    if not key:
        return None
    User.objects.select_for_update().get(pk=owner.pk)
    return Run.objects.filter(owner=owner, key=key).first()


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
    episodes = Episode.objects.filter(rollout__run=run)
    return cancel_episodes(episodes, detail="the run was cancelled")


@transaction.atomic
def retry_rollout(rollout: Rollout) -> Episode:
    """Replace an episode that ended for a reason of ours. Raises Conflict for every other one.

    It will be graded in the official grading too, even if that left the old episode out.
    """
    locked = Rollout.objects.select_for_update().get(pk=rollout.pk)
    old = locked.episode
    if not (old.is_over and old.is_masked):
        raise Conflict(f"{locked}: only an episode that ended for a reason of ours is tried again")
    _open_official(locked.run_id, [locked])
    (new,) = _replace(locked.run, [locked])
    return new


@transaction.atomic
def retry_masked(run: Run) -> int:
    """Replace every episode of a run that ended for a reason of ours; gives how many.

    What a person cancelled stays so. Asked twice at once, the second finds nothing left to do.
    Raises Conflict when the official grading has no rubric for one of them.
    """
    masked = run.rollouts.filter(
        episode__status=Episode.Status.ENDED, episode__stop_reason__in=MASKED
    )
    held = masked.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True)
    # read again: while this one waited, another may have replaced them
    ids = list(masked.filter(pk__in=list(held)).order_by("pk").values_list("pk", flat=True))
    _open_official(run.pk, list(run.rollouts.filter(pk__in=ids).only("run_id", "subject")))
    with_world = run.rollouts.select_related("episode__world", "episode__owner")
    lean = with_world.defer("episode__world__manifest", "episode__world__prompts")
    for start in range(0, len(ids), BATCH):
        _replace(run, list(lean.filter(pk__in=ids[start : start + BATCH]).order_by("pk")))
    return len(ids)


def _replace(run: Run, rollouts: Sequence[Rollout]) -> list[Episode]:
    """Give each rollout an episode that asks what its old one asked."""
    old = [rollout.episode for rollout in rollouts]
    new = _queue_alike(run, old)
    for rollout, episode in zip(rollouts, new, strict=True):
        rollout.episode = episode
    Rollout.objects.bulk_update(rollouts, ["episode"])
    ReplacedEpisode.objects.bulk_create(
        ReplacedEpisode(rollout=rollout, episode=episode)
        for rollout, episode in zip(rollouts, old, strict=True)
    )
    return new


def _queue_alike(run: Run, episodes: Sequence[Episode]) -> list[Episode]:
    """Queue what these episodes were asked, once more, in the lane of their run."""
    queued: dict[int, Episode] = {}
    for world, owner in {(old.world, old.owner): None for old in episodes}:
        alike = [old for old in episodes if (old.world, old.owner) == (world, owner)]
        plans = [
            (Spec.model_validate(old.spec), AgentSpec.model_validate(old.agent)) for old in alike
        ]
        new = queue_episodes(
            world=world,
            owner=owner,
            plans=plans,
            held_out=[old.is_held_out for old in alike],
            lane=run.lane,
        )
        queued |= {old.pk: episode for old, episode in zip(alike, new, strict=True)}
    return [queued[old.pk] for old in episodes]


def _open_official(run_id: int, rollouts: Sequence[Rollout]) -> None:
    """Give rollouts a place in the official grading, by the rubric of their subject there."""
    run = Run.objects.select_for_update().get(pk=run_id)
    official = Assessment.objects.filter(grading=run.official_id)
    measured = official.filter(rollout__in=rollouts).values_list("rollout", flat=True)
    known = set(measured)
    missing = [rollout for rollout in rollouts if rollout.pk not in known]
    if not missing:
        return
    subjects = {rollout.subject for rollout in missing}
    like = official.filter(rollout__subject__in=subjects)
    rubrics = dict(like.values_list("rollout__subject", "rubric_id").distinct())
    if without := sum(each.subject not in rubrics for each in missing):
        # no names: tasks that are held out from whoever asks may be among them
        raise Conflict(f"the official grading has no rubric for {without:,} of these rollouts")
    Assessment.objects.bulk_create(
        Assessment(rollout=rollout, rubric_id=rubrics[rollout.subject], grading=run.official)
        for rollout in missing
    )


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
    rollouts = [
        Rollout(
            run_id=run.pk,
            subject=plan.subject,
            agent=plan.agent.name,
            index=plan.index,
            group=plan.group,
            labels=dict(plan.labels),
            episode_id=episodes[number].pk,
        )
        for number, plan in enumerate(plans)
    ]
    insert_with_ids(rollouts)
    return rollouts
