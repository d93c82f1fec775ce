"""Tasks, agents and past episodes for launchers, as plain rows."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from authoring.content import DraftContent
from authoring.models import Draft, PackEntry, PackVersion, Revision, Task
from grading.models import Rollout, Run
from simulation.models import AgentConfiguration, Episode, ModelEndpoint, World
from tests.authoring.packs.versions import make_version
from tests.authoring.tasks import content_of

CUSTOMER = {"persona": "Dee", "goal": "Two lamps"}
SCRIPTED = {"kind": "script", "lines": [{"says": "Two lamps, please."}]}


def approve(
    owner: User, world: World, *slugs: str, split: str = "", number: int = 1, **changes: Any
) -> list[Revision]:
    """Give tasks an approved revision, without lint; a higher number replaces the last one."""
    content = content_of(world, **changes)
    said = {"content": content, "hash": DraftContent.model_validate(content).hash}
    made = []
    for slug in slugs:
        task, is_new = Task.objects.get_or_create(
            slug=slug, defaults={"owner": owner, "split": split}
        )
        if is_new:
            Draft.objects.create(task=task, updated_by=owner, **said)
        task.revisions.filter(state="approved").update(state="superseded")
        revision = task.revisions.create(number=number, author=owner, state="approved", **said)
        made.append(revision)
    return made


def frozen(owner: User, revisions: Sequence[Revision], slug: str = "basics") -> PackVersion:
    """Freeze revisions in the splits of their tasks, "train" for those without one."""
    splits = [revision.task.split or "train" for revision in revisions]
    said = {name: {"tasks": splits.count(name), "hash": "0" * 64} for name in set(splits)}
    number = PackVersion.objects.filter(pack__slug=slug).count() + 1
    version = make_version(owner, slug, number=number, splits=said)
    PackEntry.objects.bulk_create(
        PackEntry(version=version, task=revision.task, revision=revision, split=split)
        for revision, split in zip(revisions, splits, strict=True)
    )
    return version


def make_agent(
    endpoint: ModelEndpoint, name: str = "small", version: int = 1, **fields: Any
) -> AgentConfiguration:
    given = {"model": "small-1", "created_by": endpoint.created_by, **fields}
    return AgentConfiguration.objects.create(name=name, version=version, endpoint=endpoint, **given)


def give_past(
    run: Run,
    *,
    seconds: Sequence[float],
    prompt: int = 1000,
    completion: int = 100,
    **fields: Any,
) -> None:
    """End the episodes of a run, each after so many seconds and with such usage."""
    rollouts = list(Rollout.objects.filter(run=run).order_by("subject", "index"))
    started = timezone.now() - dt.timedelta(hours=1)
    for rollout, length in zip(rollouts, seconds, strict=True):
        given = {"stop_reason": "done", **fields}
        Episode.objects.filter(pk=rollout.episode_id).update(
            status="ended",
            state_hash="0" * 64,
            started_at=started,
            ended_at=started + dt.timedelta(seconds=length),
            step_count=10,
            usage={"prompt": prompt, "completion": completion},
            **given,
        )
