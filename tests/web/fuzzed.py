"""What generated requests may be about: one of each thing that the API has addresses for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from schemathesis.transport.serialization import Binary

from authoring.access import look_at_task
from authoring.drafts.document import fingerprint
from authoring.exports.artifacts import artifact_of
from authoring.lint.deciding import findings_of
from authoring.models import ApiToken, DryRun, Pack, PackVersion, Revision, Task
from authoring.packs.composing import add_tasks
from authoring.reviewing.checklist import QUESTIONS
from authoring.reviewing.comments import add_comment
from authoring.tokens import make_token
from grading.models import Rollout, Run
from grading.people.reports import Complaint, report_task
from simulation.agent_configurations import make_agent
from simulation.models import AgentConfiguration, World
from simulation.portability.export import export_archive
from simulation.rest.scopes import SCOPES
from tests.authoring.dry_runs import KIND, make_dry_run, make_tried_task
from tests.authoring.packs.frozen import freeze_one
from tests.authoring.tasks import make_revision, make_task
from tests.factories import make_endpoint
from tests.grading.judging.judges import make_judge
from tests.web.strength import make_report

ABSENT = object()


@dataclass(frozen=True, kw_only=True)
class Known:
    """What there is. places: values of path parameters by the beginning of a path, longer ones
    win. said: values of members of bodies and of filters, by name, or by area or last part
    of the path and name; the same
    place in the lists of two names is of one request, and ABSENT leaves one out."""

    token: str
    places: Mapping[str, Mapping[str, Any]]
    said: Mapping[str, list[Any]]
    archives: Mapping[str, bytes]

    def values(self, path: str) -> dict[str, str]:
        """Give values of path parameters that lead somewhere."""
        found: dict[str, str] = {}
        for place, values in sorted(self.places.items()):
            if path.startswith(f"/api/v1/{place}"):
                found |= {name: str(value) for name, value in values.items()}
        return found

    def said_at(self, path: str, value: Any, turn: int) -> Any:
        """Give what was sent with members that lead somewhere; of several values one by turn."""
        if isinstance(value, bytes | Binary):
            return next((a for place, a in self.archives.items() if place in path), value)
        if isinstance(value, list):
            return [self.said_at(path, item, turn) for item in value]
        if not isinstance(value, dict):
            return value
        members = {name: self._member(path, name, item, turn) for name, item in value.items()}
        return {name: item for name, item in members.items() if item is not ABSENT}

    def _member(self, path: str, name: str, value: Any, turn: int) -> Any:
        parts = path.strip("/").split("/")
        names = (f"{parts[-1]}/{name}", f"{parts[2]}/{name}", name)
        values = next((self.said[each] for each in names if each in self.said), None)
        return values[turn % len(values)] if values else self.said_at(path, value, turn)


def make_known(run: Run, author: User, reviewer: User, admin: User) -> Known:
    world = run.rollouts.first().episode.world
    rollout = run.rollouts.filter(agent="scripted").first()
    task = make_tried_task(author, world, KIND)
    dry_run = make_dry_run(task)
    make_revision(task, "approved")
    waiting = make_revision(task, "in_review", notes="Once more.")
    version = make_pack(admin, world)
    judge = make_judge(endpoint=make_endpoint(created_by=admin))
    small = {"name": "small", "endpoint": judge.endpoint.name, "model": "small-1"}
    agent = make_agent(small, by=admin)
    return Known(
        token=make_token(admin, name="all", scopes=list(SCOPES)),
        places={
            **places_of_rollout(run, rollout),
            **places_of_task(task, waiting, dry_run, admin),
            "judges": {"id": judge.pk},
            "endpoints": {"name": judge.endpoint.name},
            "agents": {"key": str(agent)},
            "worlds": {"name": world, "entity_type": "item", "key": "lamp"},
            "packs": {"slug": version.pack.slug, "pack": version.pack.slug, "number": 1},
            "tokens": {"id": ApiToken.objects.order_by("-pk").first().pk},
        },
        said={
            **said_of_task(task, waiting),
            **said_of_run(run, rollout),
            **said_of_launches(version, agent),
            "world": [str(world)],
            "judge": [str(judge), judge.name],
            "reviewer": [reviewer.username],
            "owner": [author.username, admin.username],
            "person": [author.username],
            "packs/slugs": [["more"], ABSENT],
            "packs/filter": [ABSENT, {"state": "approved"}],
            "packs/slug": ["new-pack"],
            "packs/sizes": [{}, {"train": 1}],
            "tasks/template": [ABSENT],
            "tasks/slug": ["new", ABSENT, "whole"],
            "tasks/title": ["New", ABSENT, ABSENT],
            "tasks/category": [ABSENT],
            "tasks/world": [str(world), ABSENT, ABSENT],
            "tasks/duplicate_of": [ABSENT, task.slug, ABSENT],
            "format": ["bundle", "dataset", "parquet"],
        },
        archives={
            "/packs/": artifact_of(version, "bundle", with_held_out=True).path.read_bytes(),
            "/worlds/": export_archive(world),
        },
    )


def make_pack(owner: User, world: World) -> PackVersion:
    """A frozen version, and a task more than there is in it."""
    version = freeze_one(owner, world)
    make_revision(
        make_task(owner, world, "more", title="Two more chairs", prompt="Sell bo two chairs."),
        "approved",
    )
    add_tasks(Pack.objects.get(), ["more"], by=owner)
    return version


def places_of_rollout(run: Run, rollout: Rollout) -> Mapping[str, Mapping[str, Any]]:
    complaint = Complaint(fault="task", text="Nobody can know this.")
    report = report_task(rollout.pk, complaint, reporter=run.owner)
    return {
        "runs": {"id": run.pk, "run": run.pk, "number": 1},
        "rollouts": {"id": rollout.pk},
        "episodes": {"id": rollout.episode_id},
        "verdicts": {"id": rollout.assessments.get().verdicts.first().pk},
        "task-reports": {"id": report.pk},
    }


def places_of_task(
    task: Task, waiting: Revision, dry_run: DryRun, admin: User
) -> Mapping[str, Mapping[str, Any]]:
    report = make_report(task.owner, dry_run.run.rollouts.first().episode.world, slug="measured")
    comment = add_comment(look_at_task(admin, task.slug), "prompt", "Why?")
    return {
        "tasks": {"slug": task.slug, "number": waiting.number},
        "tasks/{slug}/comments": {"id": comment.pk},
        "tasks/{slug}/dry-runs": {"id": dry_run.pk},
        "tasks/{slug}/mutations": {"slug": report.task.slug, "id": report.pk},
    }


def said_of_task(task: Task, waiting: Revision) -> Mapping[str, list[Any]]:
    content = task.draft.content
    found = findings_of(task, task.draft.value)
    return {
        "revision": [waiting.number],
        "content": [ABSENT, ABSENT, content],
        "draft/content": [content],
        "fingerprint": [finding.fingerprint for finding in found],
        "path": ["prompt"],
        "base": [fingerprint(content["prompt"])],
        "value": ["Sell a lamp."],
        "place": ["prompt", "task"],
        "ticks": [{criterion["key"]: True for criterion in content["rubric"]["criteria"]}],
        "answers": [{question.key: {"is_fine": True} for question in QUESTIONS}],
        "tags": [["lamps"]],
    }


def said_of_launches(version: PackVersion, agent: AgentConfiguration) -> Mapping[str, list[Any]]:
    return {
        "runs/pack": [str(version), version.pack.slug, ABSENT],
        "runs/tasks": [ABSENT, ABSENT, ["more"]],
        "runs/agents": [["null"], [str(agent), "reference"], [agent.name]],
        "runs/changed_since": [ABSENT],
        "runs/faults": [ABSENT, {"error_rate": 0.5}],
        "endpoints/name": ["another-server"],
        "endpoints/base_url": ["http://127.0.0.1:9/v1"],
        "endpoints/key_variable": [ABSENT],
        "endpoints/capabilities": [ABSENT, {"seed": False}],
        "endpoints/prices": [{}, {"*": {"prompt": 1, "completion": 2}}],
        "agents/endpoint": [agent.endpoint.name],
        "agents/name": ["another", agent.name],
        "agents/settings": [{}, {"temperature": 0.5}, ABSENT],
        "agents/limits": [{}, {"max_calls": 0}, ABSENT],
    }


def said_of_run(run: Run, rollout: Rollout) -> Mapping[str, list[Any]]:
    assessment = rollout.assessments.get()
    return {
        "run": [run.pk],
        "runs": [[run.pk]],
        "criterion": [assessment.verdicts.first().criterion_key, KIND["key"]],
        "outcome": ["met", "not_met", "cannot_tell"],
        "evidence": [[]],
        "before": [1],
        "rubrics": ["launched", "approved"],
        "filter": [{"agent": "scripted"}],
        "rollouts/agree": [False],
        "rollouts/level": [2],
        "rollouts/kind": ["wrong_order"],
        "rollouts/first_step": [0],
        "rollouts/fault": ["task"],
        "entity_type": ["item"],
        "where": [[], [{"path": "id", "value": "lamp"}]],
        "measure": ["count"],
    }
