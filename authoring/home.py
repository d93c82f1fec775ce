"""What Home shows: what is this person's turn, recent runs, and the stock of things."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db.models import F, QuerySet
from django.urls import reverse

from authoring.models import Revision, Task
from authoring.pages import AgentRate, Count, HomePage, RecentRun, StartStep, TurnItem
from grading.models import Assessment, Run, TaskReport
from grading.people.queue import counts_for
from grading.run_page import agent_rates, run_rows
from simulation.models import Episode, World
from simulation.pages import Mark
from simulation.roles import roles_of
from simulation.wording import counted

RECENT = 4
AGENTS_SHOWN = 6


def home_page(user: User) -> HomePage:
    runs = Run.objects.visible_to(user)
    turn = (*_parked(user), *_waiting(user), *_reports(user), *_incomplete(runs))
    start = tuple(_start(runs))
    return HomePage(
        roles=", ".join(sorted(roles_of(user))),
        turn=turn,
        turn_note=""
        if turn
        else "Nothing waits for you: no parked episode, no criterion that a person must decide.",
        runs=tuple(_recent(runs)),
        counts=tuple(_counts(user, runs)),
        start=() if all(step.is_done for step in start) else start,
    )


def _parked(user: User) -> Iterable[TurnItem]:
    parked = Episode.objects.visible_to(user).filter(status=Episode.Status.PARKED)
    for episode in parked.select_related("rollout")[:5]:
        rollout = getattr(episode, "rollout", None)
        if rollout is not None:
            yield TurnItem(
                mark=Mark(state="parked", word="parked"),
                title=str(rollout),
                detail=episode.stop_detail[:200],
                url=reverse("grading:episode", args=[rollout.run_id, rollout.pk]),
                action="See why",
            )


def _waiting(user: User) -> Iterable[TurnItem]:
    """Tell how many criteria wait for people, all in one line."""
    if waiting := sum(count for *_, count in counts_for(user)):
        yield TurnItem(
            mark=Mark(state="human", word="to decide"),
            title=f"{counted(waiting, 'criterion', 'criteria')} for a person to decide",
            detail="open, uncertain or disputed, in the gradings that count",
            url=reverse("grading:queue"),
            action="Decide",
        )


def _reports(user: User) -> Iterable[TurnItem]:
    live = TaskReport.State.OPEN, TaskReport.State.ACCEPTED
    if owned := TaskReport.objects.filter(owner=user, state__in=live).count():
        yield TurnItem(
            mark=Mark(state="report-open", word="reported"),
            title=f"{counted(owned, 'task report')} for you to deal with",
            detail="somebody says that the task is wrong",
            url=f"{reverse('reports:reports')}?owner={user.get_username()}",
            action="See them",
        )


def _incomplete(runs: QuerySet[Run]) -> Iterable[TurnItem]:
    incomplete = Assessment.objects.filter(
        rollout__run__in=runs,
        status=Assessment.Status.INCOMPLETE,
        grading=F("rollout__run__official"),
    )
    for assessment in incomplete.select_related("rollout__run").order_by("-pk")[:5]:
        rollout = assessment.rollout
        yield TurnItem(
            mark=Mark(state="incomplete", word="incomplete"),
            title=str(rollout),
            detail=f"a criterion could not be graded, in {rollout.run}",
            url=reverse("grading:episode", args=[rollout.run_id, rollout.pk]),
            action="Look at it",
        )


def _recent(runs: QuerySet[Run]) -> Iterable[RecentRun]:
    newest = list(runs.select_related("owner")[:RECENT])
    for row, rates in zip(run_rows(newest), agent_rates(newest), strict=True):
        hidden = len(rates) - AGENTS_SHOWN
        yield RecentRun(
            title=row.title,
            url=row.url,
            kind=row.kind,
            mark=row.mark,
            owner=row.owner,
            created_at=row.created_at,
            done=row.done,
            total=row.total,
            agents=tuple(AgentRate(name=name, rate=rate) for name, rate in rates[:AGENTS_SHOWN]),
            more=f"and {hidden} more" if hidden > 0 else "",
        )


def _counts(user: User, runs: QuerySet[Run]) -> Iterable[Count]:
    world = World.objects.published().select_related("snapshot").order_by("-published_at").first()
    if world and world.snapshot:
        entities = sum(world.snapshot.counts.values())
        types = len(world.snapshot.counts)
        yield Count(
            label="world",
            value=str(world),
            detail=f"{entities:,} rows of {types} types",
            url=reverse("simulation:world", args=[world.slug, world.version]),
        )
    tasks = Task.objects.visible_to(user)
    approved = tasks.filter(revisions__state=Revision.State.APPROVED).distinct().count()
    yield Count(label="tasks", value=str(tasks.count()), detail=f"{approved} approved")
    episodes = Episode.objects.filter(rollout__run__in=runs).count()
    yield Count(
        label="runs",
        value=str(runs.count()),
        detail=counted(episodes, "episode"),
        url=reverse("grading:runs"),
    )


def _start(runs: QuerySet[Run]) -> Iterable[StartStep]:
    yield StartStep(
        title="Bring up a world",
        text="The sample company: customers, orders, tickets and the policy they are handled by.",
        is_done=World.objects.published().exists(),
        command="python manage.py generate_world corecraft",
    )
    yield StartStep(
        title="Load the sample tasks",
        text="Eight tasks with rubrics and reference solutions, written by a support expert.",
        is_done=Task.objects.exists(),
        command="python manage.py load_tasks --owner YOU",
    )
    yield StartStep(
        title="Run agents on them",
        text="Four agents, graded criterion by criterion. This does all three steps at once.",
        is_done=runs.exists(),
        command="python manage.py demo",
    )
