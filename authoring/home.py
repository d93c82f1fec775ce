"""What Home shows: what is this person's turn, their drafts, recent runs, the team, the stock."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import F, QuerySet
from django.urls import reverse

from authoring.access import visible_tasks
from authoring.first_model_run import steps_to_model_run
from authoring.listing.beginning import BEGINNERS
from authoring.listing.list_page import task_rows
from authoring.listing.pages import TaskRow
from authoring.listing.reading import listed, ordered
from authoring.models import Task
from authoring.pages import AgentRate, Count, HomePage, RecentRun, StartStep, TurnItem
from authoring.team import team
from authoring.turns import reported, to_change, to_mend, to_review
from grading.models import Assessment, Rollout, Run, TaskReport
from grading.people.queue import counts_for
from grading.run_page import agent_rates, run_rows
from simulation.models import Episode, World
from simulation.pages import Mark
from simulation.roles import ADMIN, LAUNCHERS, has_role, roles_of
from simulation.wording import counted

RECENT = 4
DRAFTS = 6
AGENTS_SHOWN = 6


def home_page(user: User) -> HomePage:
    runs = Run.objects.visible_to(user)
    may_launch = has_role(user, *LAUNCHERS)
    turn = (
        *to_change(user),
        *to_review(user),
        *_waiting(user),
        *_reports(user),
        *reported(user),
        *_parked(user),
        *_incomplete(user),
        *to_mend(user),
    )
    steps = tuple(_start(user))
    start = () if all(step.is_done for step in steps) else steps
    return HomePage(
        roles=", ".join(sorted(roles_of(user))),
        turn=turn,
        turn_note=""
        if turn
        else "Nothing waits for you: no task to change or to review, no criterion to decide,"
        " no parked episode.",
        runs=tuple(_recent(runs)),
        counts=tuple(_counts(user, runs)),
        may_launch=may_launch,
        start=start,
        to_model_run=() if start else steps_to_model_run(user),
        drafts=_drafts(user),
        drafts_url=f"{reverse('tasks:list')}?{urlencode({'owner': user.get_username()})}",
        team=team(user),
    )


def _drafts(user: User) -> tuple[TaskRow, ...] | None:
    if not has_role(user, *BEGINNERS):
        return None
    own = listed(user).filter(owner=user, is_retired=False)
    newest = ordered(own, "-changed").values_list("pk", flat=True)[:DRAFTS]
    return tuple(task_rows(listed(user), list(newest)))


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
    seen = TaskReport.objects.visible_to(user)
    if has_role(user, ADMIN) and (count := seen.filter(owner=None, state__in=live).count()):
        yield TurnItem(
            mark=Mark(state="report-open", word="reported"),
            title=f"{counted(count, 'task report')} that nobody deals with",
            detail="give each to somebody",
            url=reverse("reports:reports"),
            action="See them",
        )
    if owned := seen.filter(owner=user, state__in=live).count():
        yield TurnItem(
            mark=Mark(state="report-open", word="reported"),
            title=f"{counted(owned, 'task report')} for you to deal with",
            detail="somebody says that the task is wrong",
            url=f"{reverse('reports:reports')}?owner={user.get_username()}",
            action="See them",
        )


def _incomplete(user: User) -> Iterable[TurnItem]:
    incomplete = Assessment.objects.filter(
        rollout__in=Rollout.objects.visible_to(user),
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
    rows = run_rows(newest, with_costs=False)  # which are not shown here
    for row, rates in zip(rows, agent_rates(newest), strict=True):
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
    tasks = visible_tasks(user)
    approved = tasks.approved().count()
    yield Count(
        label="tasks",
        value=str(tasks.count()),
        detail=f"{approved} approved",
        url=reverse("tasks:list"),
    )
    episodes = Rollout.objects.visible_to(user).count()
    yield Count(
        label="runs",
        value=str(runs.count()),
        detail=counted(episodes, "episode"),
        url=reverse("grading:runs"),
    )


def _start(user: User) -> Iterable[StartStep]:
    yield StartStep(
        title="Bring up a world",
        text="The sample company: customers, orders, tickets and the policy they are handled by.",
        is_done=World.objects.published().exists(),
        command="python manage.py generate_world corecraft",
    )
    may_write = has_role(user, *BEGINNERS)
    yield StartStep(
        title="Write your first task",
        text="From nothing or from a template, with a rubric that says what counts. Or load eight"
        " sample tasks, written by a support expert, and change one of them.",
        is_done=Task.objects.exists(),
        command="python manage.py load_tasks --owner YOU",
        url=reverse("tasks:new") if may_write else "",
        action="Write your first task" if may_write else "",
    )
    yield StartStep(
        title="Run agents on them",
        text="Four agents, graded criterion by criterion. This does all three steps at once.",
        is_done=Run.objects.exists(),
        command="python manage.py demo",
        url=reverse("launch:new") if has_role(user, *LAUNCHERS) else "",
        action="Or launch a run",
    )
