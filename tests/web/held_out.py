"""A scene of ordinary and held-out tasks with all that comes of tasks, full of words to look for.

`velveteen` is in every slug, title, text, rationale and answer of what is held out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Permission, User
from django.utils.timezone import now

from authoring.access import look_at_task
from authoring.bundles.uploads import keep_bundle
from authoring.dry_runs.starting import start_dry_run
from authoring.exports.artifacts import artifact_of
from authoring.launch import launch_tasks
from authoring.lint import Severity
from authoring.lint.deciding import findings_of, keep
from authoring.models import (
    ApiToken,
    ChecklistAnswer,
    Comment,
    DryRun,
    EquivalentMutant,
    InboxItem,
    MutationReport,
    Pack,
    PackEntry,
    PackTask,
    PackVersion,
    Reveal,
    Revision,
    Task,
    Tick,
    Visitor,
)
from authoring.packs.changes import TaskChange
from authoring.references.trying import scratch_scene
from authoring.regrading.asking import EVERY, Request, ask
from authoring.reviewing.comments import add_comment, reply
from authoring.splits import HELD_OUT
from authoring.strength.access import of_draft
from authoring.strength.reports import run_report, start_report
from authoring.tokens import make_token
from grading.held_out import hold_out, scene_of
from grading.models import (
    Grading,
    Judge,
    JudgeCall,
    OfficialSwitch,
    Rollout,
    Run,
    TaskReport,
    Verdict,
)
from grading.people.failures import Note, note_failure
from grading.people.reports import Complaint, comment_on, report_task
from grading.people.verdicts import Said, record_verdict
from grading.runs import retry_rollout
from grading.scopes import Scope
from grading.verdicts import grade_episode
from simulation import episodes, roles
from simulation.agent_configurations import make_agent
from simulation.agents.prober import PROBER
from simulation.models import AgentConfiguration, Episode, ModelEndpoint, Upload, World
from simulation.playground.scratch import call_in_scratch
from simulation.portability.export import export_archive
from simulation.portability.uploads import keep_upload
from simulation.runner import run_episode
from simulation.stops import StopReason
from simulation.transcript import AgentSpec
from simulation.worlds import import_entities
from tests.authoring.dry_runs import SELLS_ONE
from tests.authoring.folders import CRITERIA, TASK
from tests.authoring.tasks import make_revision, make_task
from tests.factories import STORE, make_draft, make_endpoint, make_outcome, make_user, make_world
from tests.grading.judging.judges import make_judge
from tests.grading.regrading import decide

MARK = "velveteen"
OPEN, EARLY, LATE = "ordinary", f"{MARK}-early", f"{MARK}-late"
KINDS = (
    *("title", "prompt", "notes", "criterion", "answer", "rationale", "comment", "reply", "news"),
    *("complaint", "trail", "failure", "problem", "kept", "reason", "lamp", "stop", "parked"),
)
AGENTS = ("reference", "null", "echo", "claims_only")


@dataclass
class Thing:
    """A task and what came of it: a run of its own (a dry run) and rollouts in the shared one."""

    word: str
    task: Task
    approved: Revision
    waiting: Revision
    dry_run: DryRun
    report: MutationReport
    comment: Comment
    news: dict[str, InboxItem]
    trial: Episode
    rollouts: Mapping[str, Rollout] | None = None
    complaint: TaskReport | None = None
    verdict: Verdict | None = None

    @property
    def key(self) -> str:
        return f"{self.word}-kind"

    @property
    def own(self) -> Rollout:
        return self.dry_run.run.rollouts.get(agent="reference")


@dataclass
class Scene:
    people: dict[str, User]
    world: World
    draft: World
    things: dict[str, Thing]
    run: Run
    judge: Judge
    endpoint: ModelEndpoint
    agent: AgentConfiguration
    pack: Pack
    version: PackVersion
    upload: Upload
    bundle: Upload  # of the author: the version as everybody gets it
    token: ApiToken

    @property
    def hidden(self) -> list[Thing]:
        return [self.things[EARLY], self.things[LATE]]


def make_scene() -> Scene:
    people = make_people()
    author, admin = people["author"], people["admin"]
    world = make_world(owner=author, slug="store", version=1, prompts={"clerk": "You sell."})
    draft = make_draft(author)
    import_entities(draft, STORE)
    endpoint = make_endpoint(created_by=admin)
    judge = make_judge(by=admin, endpoint=endpoint)
    things = {word: make_thing(word, world, people) for word in (OPEN, EARLY, LATE)}
    run = make_shared_run(things, people, judge)
    pack, version = make_pack(things, author)
    Task.objects.filter(slug=things[LATE].task.slug).update(split=HELD_OUT)
    hold_out([things[LATE].task.slug])
    upload = keep_upload(author, "store.zip", export_archive(world))
    made = artifact_of(version, "bundle", with_held_out=False)
    bundle = keep_bundle(author, "lamps.zip", made.path.read_bytes())
    make_token(author, name="script", scopes=["read"])
    agent = make_agent({"name": "small", "endpoint": endpoint.name, "model": "m"}, by=admin)
    return Scene(
        people, world, draft, things, run, judge, endpoint, agent, pack, version, upload, bundle,
        ApiToken.objects.get(user=author),
    )  # fmt: skip


def make_people() -> dict[str, User]:
    """People without the right, and the admin."""
    people = {name: make_user(f"{name}-person", name) for name in roles.ROLES}
    for config in apps.get_app_configs():  # a flush does not bring back what an earlier test took
        create_permissions(config, verbosity=0)
    staff = make_user("staff-person")
    staff.is_staff = True
    staff.save()
    staff.user_permissions.set(Permission.objects.all())
    admin = people["admin"]
    admin.is_staff = True
    admin.save()
    admin.user_permissions.set(Permission.objects.all())
    return {**people, "nobody in particular": make_user("charlie"), "staff": staff}


def content(word: str) -> dict[str, Any]:
    kind = {"kind": "human", "instructions": f"{word} criterion: is it kind?"}
    paid = {**CRITERIA[0], "key": f"{word}-paid", "text": f"{word} criterion.", "points": 2}
    told = {"key": f"{word}-kind", "text": f"{word} criterion of kindness.", "check": kind}
    renamed = {"name": f"{word} lamp"}
    return {
        "title": f"{word} title",
        "prompt": f"{word} prompt: sell dee two lamps and mark the sale as paid.",
        "notes": f"{word} notes",
        "tags": [f"{word}-tag"],
        "rubric": {"criteria": [paid, {**told, "points": 1}]},
        "setup": [{"op": "update", "entity_type": "item", "id": "lamp", "fields": renamed}],
        "reference": [*TASK["reference"][:2], {"message": f"{word} answer"}],
        "near_misses": [SELLS_ONE],
    }


def make_thing(word: str, world: World, people: Mapping[str, User]) -> Thing:
    author, admin = people["author"], people["admin"]
    task = make_task(author, world, f"{word}-lamps", **content(word))
    if word == EARLY:
        task.split = HELD_OUT
        task.save(update_fields=["split"])
    approved = make_revision(task, "approved")
    waiting = make_revision(task, "in_review", notes=f"{word} notes, once more")
    dry_run = start_dry_run(task, by=admin)
    for rollout in dry_run.run.rollouts.all():
        play(rollout)
    report = start_report(task, of_draft(task), by=author)
    run_report(report.pk)
    look = look_at_task(admin, task.slug)
    comment = add_comment(look, "prompt", f"{word} comment")
    reply(look, comment, f"{word} reply")
    who = author if word != EARLY else admin
    call_in_scratch(
        world, who, tool="searchItems", arguments_raw="{}", call_id="1", scene=scratch_scene(look)
    )
    say_little_things(task, waiting, report, word, people)
    news = {
        name: InboxItem.objects.create(
            person=person, event="commented", task=task, actor=admin, text=f"{word} news",
            path=f"/tasks/{task.slug}/",
        )
        for name, person in people.items()
    }  # fmt: skip
    trial = make_trial(task, world, who, word)
    return Thing(word, task, approved, waiting, dry_run, report, comment, news, trial)


def make_trial(task: Task, world: World, owner: User, word: str) -> Episode:
    """Let the customer of a task be asked something, as on the tab Customer."""
    customer = {"kind": "script", "lines": [{"says": f"{word} answer"}]}
    spec = episodes.make_spec(
        world, prompt=f"{word} prompt", mode="conversation", customer=customer,
    )  # fmt: skip
    prober = AgentSpec(kind=PROBER, name="questions", config={"questions": [f"{word} question"]})
    plans = [(spec, prober)]
    (trial,) = episodes.queue_episodes(
        world=world, owner=owner, plans=plans, held_out=[word == EARLY]
    )
    Episode.objects.filter(pk=trial.pk).update(scene=scene_of(task.slug))
    run_episode(trial.pk)
    trial.refresh_from_db()
    return trial


def say_little_things(
    task: Task, waiting: Revision, report: MutationReport, word: str, people: Mapping[str, User]
) -> None:
    reviewer = people["reviewer"]
    finding = next(f for f in findings_of(task, task.draft.value) if f.severity != Severity.ERROR)
    keep(task, finding.fingerprint, reason=f"{word} kept", by=reviewer)
    EquivalentMutant.objects.create(
        task=task, mutant_id="m-1", reason=f"{word} reason", marked_by=reviewer,
    )  # fmt: skip
    ChecklistAnswer.objects.create(
        revision=waiting, reviewer=reviewer, question="fair", is_fine=False, note=f"{word} notes"
    )
    Reveal.objects.create(revision=waiting, reviewer=reviewer)
    Tick.objects.create(task=task, reviewer=reviewer, criterion=f"{word}-paid", hash="0" * 64)
    Visitor.objects.create(task=task, person=reviewer, seen_at=now())
    waiting.events.create(actor=task.owner, action="submit", comment=f"{word} reason")


def play(rollout: Rollout) -> None:
    run_episode(rollout.episode_id)
    grade_episode(rollout.episode_id)


def make_shared_run(things: Mapping[str, Thing], people: Mapping[str, User], judge: Judge) -> Run:
    run = launch_tasks(
        [thing.approved for thing in things.values()],
        agents=AGENTS,
        repeats=1,
        title="Evaluation",
        kind=Run.Kind.EVALUATION,
        owner=people["runner"],
        judge=judge,
    )
    for thing in things.values():
        found = run.rollouts.filter(subject=str(thing.approved)).select_related("run")
        thing.rollouts = {rollout.agent: rollout for rollout in found}
        become_of(thing, people, judge)
    admin = people["admin"]
    slugs = [thing.task.slug for thing in things.values()]
    Run.objects.filter(pk=run.pk).update(request={"tasks": slugs, "agents": ["null"]})
    grade_again(run, admin)
    for thing in things.values():
        grade_again(run, admin, scope=Scope(task=thing.task.slug))
    second = run.gradings.get(number=2)
    OfficialSwitch.objects.create(
        run=run, before=run.official, after=second, actor=admin, reason="to be sure"
    )
    return run


def become_of(thing: Thing, people: Mapping[str, User], judge: Judge) -> None:
    """Let one rollout pass, one fail, one end for a reason of ours, and park one."""
    passing, failing, masked, parked = (thing.rollouts[agent] for agent in AGENTS)
    play(passing)
    play(failing)
    end(masked.episode, f"{thing.word} stop")
    end(retry_rollout(masked), f"{thing.word} stop of another try")
    lease = episodes.claim_episode(parked.episode_id)
    episodes.park_episode(parked.episode_id, f"{thing.word} parked", lease=lease)
    analyst, runner = people["analyst"], people["runner"]
    for rollout, outcome in ((passing, "met"), (failing, "not_met"), (thing.own, "met")):
        assessment = rollout.assessments.get()
        said = Said(outcome=outcome, reason=f"{thing.word} rationale", is_authoritative=True)
        thing.verdict = record_verdict(assessment.pk, thing.key, said, author=analyst)
        JudgeCall.objects.create(
            judge=judge, assessment=assessment, criteria=[thing.key], request_hash="0" * 64,
            problems=[f"{thing.word} problem"],
        )  # fmt: skip
    JudgeCall.objects.create(
        judge=judge, criteria=[thing.key], request_hash="0" * 64, failure=f"{thing.word} problem"
    )
    opinion = Said(outcome="cannot_tell", reason=f"{thing.word} rationale of one who doubts")
    record_verdict(passing.assessments.get().pk, thing.key, opinion, author=people["reviewer"])
    note = Note(level=2, kind="wrong_order", text=f"{thing.word} failure")
    note_failure(failing.pk, note, author=analyst)
    complaint = Complaint(
        fault="task", text=f"{thing.word} complaint", criterion=thing.key, owner=people["author"]
    )
    thing.complaint = report_task(failing.pk, complaint, reporter=runner)
    comment_on(thing.complaint, actor=runner, comment=f"{thing.word} trail")


def end(episode: Episode, detail: str) -> None:
    lease = episodes.claim_episode(episode.pk)
    outcome = make_outcome(StopReason.PROVIDER_ERROR, detail=detail)
    episodes.finish_episode(episode.pk, outcome, lease=lease)


def grade_again(run: Run, admin: User, **fields: Any) -> Grading:
    wish = Request(reason="to be sure", picks={EVERY: "approved"}, **fields)
    (grading,) = ask([run], wish, actor=admin)
    return decide(grading)


def make_pack(things: Mapping[str, Thing], owner: User) -> tuple[Pack, PackVersion]:
    pack = Pack.objects.create(slug="lamps", title="Lamps", canary="canary-1", owner=owner)
    splits = {OPEN: "train", EARLY: HELD_OUT, LATE: HELD_OUT}
    versions = [_version(pack, number, things, splits, owner) for number in (1, 2)]
    for thing in things.values():
        PackTask.objects.create(pack=pack, task=thing.task, revision=thing.approved, added_by=owner)
    return pack, versions[-1]


def _version(
    pack: Pack, number: int, things: Mapping[str, Thing], splits: Mapping[str, str], owner: User
) -> PackVersion:
    held = {"tasks": 2, "hash": "1" * 64}
    version = PackVersion.objects.create(
        pack=pack, number=number, hash="0" * 64, title="Lamps", licence="MIT", canary="canary-1",
        splits={"train": {"tasks": 1, "hash": "2" * 64}, HELD_OUT: held},
        worlds=[{"name": "store@1", "hash": "3" * 64}], changelog=_changes(things.values()),
        frozen_by=owner,
    )  # fmt: skip
    for word, thing in things.items():
        PackEntry.objects.create(
            version=version, task=thing.task, revision=thing.approved, split=splits[word]
        )
    return version


def _changes(things: Any) -> Sequence[dict[str, Any]]:
    changed = (
        TaskChange(task=thing.task.slug, kind="added", before=None, after=1) for thing in things
    )
    return [asdict(change) for change in changed]
