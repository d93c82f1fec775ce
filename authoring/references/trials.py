"""Trying a customer out: prepared questions are asked in an episode of their own, by no model.

It is an episode like any other, so it needs no page to wait for it, is priced, and can be read as
it happens; it belongs to no run, and nothing is graded.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse

from authoring.access import TaskLook
from authoring.holding import hold_tasks
from authoring.references.trying import task_world
from authoring.splits import HELD_OUT
from grading.held_out import scene_of
from grading.wording import usd
from simulation.agents.prober import ALL_ASKED, PROBER
from simulation.conversation import CustomerPlayer, choose_player, player_name
from simulation.conversation.player import offered_players
from simulation.conversation.probing import Probed, probes_of, read_probed
from simulation.customers import PLAYED, PlayedCustomer, ScriptedCustomer, read_customer
from simulation.episodes import make_spec, queue_episodes, read_steps
from simulation.errors import Conflict, Problems
from simulation.models import Episode
from simulation.pages import Choice, Mark
from simulation.stops import StopReason
from simulation.transcript import AgentSpec, Budgets, Spec
from simulation.wording import counted

LONGEST = 900  # seconds of one trial
BETWEEN = "|"  # endpoint and model of a choice


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRow:
    """One question and what it got."""

    question: str
    answer: str
    mark: Mark
    says: str
    breaches: tuple[str, ...]
    cost: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A trial as far as it is. poll_url: "" once it is over."""

    head: str
    detail: str
    rows: tuple[TrialRow, ...]
    cost: str
    poll_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialPanel:
    """needs_player: a model has to be chosen. why_not: what keeps the customer from being tried."""

    url: str
    page_url: str
    needs_player: bool
    players: tuple[Choice, ...]
    questions: str
    why_not: str
    problem: str
    trial: Trial | None


def trial_panel(
    look: TaskLook, *, shown: Episode | None = None, problem: str = "", chosen: str = ""
) -> TrialPanel:
    """shown: the episode of a trial. problem: what was wrong with what was sent."""
    customer, why_not = _customer(look)
    is_played = (look.content.customer or {}).get("kind", PLAYED) == PLAYED
    asked = len(probes_of(customer)) if customer else 0
    page_url = reverse("customer:page", args=[look.task.slug])
    player = chosen or (_played_by(shown) if shown else "")
    return TrialPanel(
        page_url=f"{page_url}?trial={shown.pk}" if shown else page_url,
        url=reverse("customer:try", args=[look.task.slug]),
        needs_player=is_played,
        players=tuple(_players(player)) if is_played and look.may_edit else (),
        questions=counted(asked, "question"),
        why_not=why_not,
        problem=problem,
        trial=_trial(look, shown) if shown else None,
    )


def trial_of(look: TaskLook, pk: int) -> Episode | None:
    """Find a trial of this task's customer among what a person may see."""
    mine = Episode.objects.visible_to(look.user).filter(agent__kind=PROBER)
    return mine.filter(pk=pk, scene=scene_of(look.task.slug)).first()


@transaction.atomic
def start_trial(look: TaskLook, *, player: str, by: User) -> Episode:
    """Queue the questions for the customer as they are written now.

    player: "endpoint|model" for one whom a model plays. Raises Conflict where there is no whole
    customer or no world, Problems for a model that there is none of.
    """
    customer, why_not = _customer(look)
    if customer is None:
        raise Conflict(why_not)
    task = hold_tasks([look.task.pk])[look.task.pk]
    world = task_world(look)
    chosen = _chosen(player) if isinstance(customer, PlayedCustomer) else None
    questions = [probe.question for probe in probes_of(customer)]
    spec = make_spec(
        world,
        prompt=look.content.prompt,
        toolset=look.content.toolset,
        mode="conversation",
        customer={**customer.model_dump(), "patience": _patience(customer, len(questions))},
        customer_player=chosen.model_dump() if chosen else None,
        budgets=Budgets(max_turns=len(questions) + 1, wall_seconds=LONGEST),
    )
    config = {"questions": questions, **({"endpoint_id": chosen.endpoint_id} if chosen else {})}
    agent = AgentSpec(kind=PROBER, name="questions", config=config)
    held_out = [task.split == HELD_OUT]
    (episode,) = queue_episodes(world=world, owner=by, plans=[(spec, agent)], held_out=held_out)
    Episode.objects.filter(pk=episode.pk).update(scene=scene_of(task.slug))
    return episode


def _customer(look: TaskLook) -> tuple[PlayedCustomer | ScriptedCustomer | None, str]:
    """Give the customer, or why nobody can be tried."""
    if not look.content.customer:
        return None, "Nobody is described yet."
    if look.scene.world is None:
        return None, look.scene.world_problem
    try:
        return read_customer(look.content.customer), ""
    except Problems:
        return None, "The customer is not complete yet: mend that first."


def _patience(customer: PlayedCustomer | ScriptedCustomer, questions: int) -> int:
    """Give the patience that it takes to be asked everything: the prompt is a message as well."""
    return max(customer.patience, questions + 1)


def _chosen(player: str) -> CustomerPlayer:
    endpoint, _, model = player.partition(BETWEEN)
    if {"endpoint": endpoint, "model": model} not in offered_players():
        raise Problems(["choose one of the models that are offered"])
    return choose_player({"endpoint": endpoint, "model": model})


def _players(chosen: str) -> Iterator[Choice]:
    for each in offered_players():
        value = f"{each['endpoint']}{BETWEEN}{each['model']}"
        label = f"{each['model']} at {each['endpoint']}"
        yield Choice(value=value, label=label, is_selected=value == chosen)


def _trial(look: TaskLook, episode: Episode) -> Trial:
    spec = Spec.model_validate(episode.spec)
    customer = read_customer(spec.customer or {})
    steps = read_steps(episode) if episode.step_count else []
    probed = read_probed(steps, customer)
    asked = len(episode.agent["config"]["questions"])
    rows = tuple(map(_row, probed))
    bad = sum(not each.is_as_meant for each in probed)
    url = f"{reverse('customer:page', args=[look.task.slug])}?trial={episode.pk}"
    tokens = sum(each.tokens for each in probed)
    cost = sum((each.cost for each in probed), start=type(episode.cost)(0))
    return Trial(
        head=_head(episode, len(probed), asked, bad),
        detail=_detail(episode),
        rows=rows,
        cost=f"{counted(tokens, 'token')}, {usd(cost)}" if tokens else "",
        poll_url="" if episode.is_over or episode.status == Episode.Status.PARKED else url,
    )


def _head(episode: Episode, answered: int, asked: int, bad: int) -> str:
    if not episode.is_over:
        return f"{episode.get_status_display()}: {answered} of {counted(asked, 'question')}"
    if episode.stop_reason != StopReason.DONE or answered < asked:
        return f"Ended after {answered} of {counted(asked, 'question')}"
    return f"{counted(bad, 'question')} went wrong" if bad else "All went as it should"


def _detail(episode: Episode) -> str:
    player = player_name(episode.spec)
    played = f"Played by {player}. " if player else ""
    detail = "" if episode.stop_detail == ALL_ASKED else _sentence(episode.stop_detail)
    return f"{played}{detail}".strip()


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""


def _played_by(episode: Episode) -> str:
    """Give the choice of the model that played a customer, "" for a script."""
    player = episode.spec.get("customer_player") or {}
    return BETWEEN.join((player["endpoint"], player["model"])) if player else ""


def _row(probed: Probed) -> TrialRow:
    return TrialRow(
        question=probed.probe.question,
        answer=probed.answer,
        mark=_mark(probed),
        says=_says(probed),
        breaches=probed.breaches,
        cost=usd(probed.cost) if probed.cost else "",
    )


def _mark(probed: Probed) -> Mark:
    if probed.failure:
        return Mark(state="grader_error", word="failed")
    return Mark(state="pass", word="as meant") if probed.is_as_meant else WRONG


WRONG = Mark(state="fail", word="wrong")


def _says(probed: Probed) -> str:
    """Say what came out, against what should have."""
    if probed.failure:
        return "no answer that could be used"
    told = ", ".join(probed.revealed)
    if probed.probe.topic:
        extra = [each for each in probed.revealed if each != probed.probe.topic]
        if probed.probe.topic not in probed.revealed:
            return "was asked for and did not come out"
        return f"came out, and so did {', '.join(extra)}" if extra else "came out when asked for"
    return f"came out without being asked for: {told}" if told else "nothing came out"
