"""How many episodes, how long and how much: reckoned from what past episodes took.

Each figure is the number of episodes times the mean of past ones. Its range is that in which the
sum of so many new episodes lies in 95 of 100 cases, if they are like the past ones: by Student's t,
of the spread between episodes and the error of the mean.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

from django.contrib.auth.models import User

from authoring.launching.agents import Agent
from authoring.launching.past import ENOUGH, History, Sample, read_history
from authoring.launching.resolving import Launch
from grading.models import Judge, JudgeCall
from grading.statistics.student import quantile
from simulation.agent_pages import price_words
from simulation.agent_settings import Limits, within
from simulation.chat.exchange import Usage
from simulation.chat.prices import Price, price_of
from simulation.models import ModelEndpoint
from simulation.transcript import Budgets
from simulation.wording import counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """An expected sum. low, high: its range; None where too few episodes are known for one."""

    value: float
    low: float | None = None
    high: float | None = None


NOTHING = Amount(value=0, low=0, high=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One agent, the customers, or the judge. None: nothing is known.

    seconds, tokens, cost: of all its episodes together. basis: what they rest on, or why there are
    none. most: what limits let them cost at most.
    """

    name: str
    episodes: int
    seconds: Amount | None
    steps: float | None
    tokens: Amount | None
    cost: Amount | None
    basis: str
    price: str = ""
    most: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """cost: of the parts that are known; unpriced names the others.

    seconds: of all episodes one after the other. wall: of the run as `at_once` of them run; None
    where nothing is known, or nothing limits how many run at one time.
    """

    episodes: int
    parts: tuple[Part, ...]
    cost: Amount | None
    unpriced: tuple[str, ...]
    tokens: Amount | None
    seconds: Amount | None
    untimed: tuple[str, ...]
    wall: Amount | None
    at_once: int | None


def estimate(launch: Launch) -> Estimate:
    """Reckon what a launch will take. Nothing is stored."""
    subjects = [subject.name for subject in launch.subjects]
    history = read_history([agent for agent, _ in launch.parts], subjects, seen_by=launch.by)
    agents = [
        _agent(agent, len(tasks) * launch.wish.repeats, history.sample(agent), launch.wish.limits)
        for agent, tasks in launch.parts
    ]
    parts = [*agents, *_customers(launch, history), *_judging(launch)]
    timed = [part for part in agents if part.seconds is not None]
    wall, at_once = _wall(launch, agents)
    return Estimate(
        episodes=launch.episodes,
        parts=tuple(parts),
        cost=total(part.cost for part in parts),
        unpriced=tuple(part.name for part in parts if part.cost is None),
        tokens=total(part.tokens for part in parts),
        seconds=total(part.seconds for part in timed),
        untimed=tuple(part.name for part in agents if part.seconds is None),
        wall=wall,
        at_once=at_once,
    )


def expected(values: Sequence[float], count: int) -> Amount | None:
    """Give the sum of so many new values that are like these; None of none."""
    if not values:
        return None
    mean = fmean(values)
    if len(values) < ENOUGH:
        return Amount(value=mean * count)
    error = stdev(values) * sqrt(count + count * count / len(values))
    reach = quantile(len(values) - 1) * error
    return Amount(value=mean * count, low=max(0.0, mean * count - reach), high=mean * count + reach)


def total(amounts: Iterable[Amount | None]) -> Amount | None:
    """Add up what is known; the ranges as those of independent sums."""
    known = [amount for amount in amounts if amount is not None]
    if not known:
        return None
    value = sum(amount.value for amount in known)
    if any(amount.low is None for amount in known):
        return Amount(value=value)
    above = sqrt(sum(((amount.high or 0) - amount.value) ** 2 for amount in known))
    return Amount(value=value, low=max(0.0, value - above), high=value + above)


def _agent(agent: Agent, episodes: int, sample: Sample, limits: Limits) -> Part:
    past, configuration = sample.episodes, agent.configuration
    tokens: Amount | None = NOTHING
    cost: Amount | None = NOTHING
    words, most = "asks no model", None
    if configuration:
        price, words = _price(configuration.endpoint, configuration.model)
        tokens, cost = _spent([each.usage for each in past], episodes, price)
        each_most = within(Budgets(), agent.limits, limits).max_cost
        most = each_most * episodes if each_most else None
    return Part(
        name=agent.name,
        episodes=episodes,
        seconds=expected([each.seconds for each in past], episodes),
        steps=fmean(each.steps for each in past) if past else None,
        tokens=tokens,
        cost=cost,
        basis=_basis(sample),
        price=words,
        most=most,
    )


def _price(endpoint: ModelEndpoint, model: str) -> tuple[Price | None, str]:
    price = price_of(endpoint.prices, model)
    if price is None:
        return None, price_words(endpoint, model)
    return price, price_words(endpoint, model)


def _spent(
    used: Sequence[Usage], count: int, price: Price | None
) -> tuple[Amount | None, Amount | None]:
    """Give tokens and USD of so many episodes like these."""
    tokens = expected([float(usage.prompt + usage.completion) for usage in used], count)
    cost = None if price is None else expected([float(price.cost(u)) for u in used], count)
    return tokens, cost


def _basis(sample: Sample) -> str:
    if not sample.episodes:
        return "none known yet: the first run will tell"
    return f"mean of {counted(len(sample.episodes), 'past episode')} {sample.basis}"


def _customers(launch: Launch, history: History) -> list[Part]:
    """Reckon the models that play customers."""
    count = launch.wish.repeats * sum(
        sum(subject.is_played for subject in tasks)
        for agent, tasks in launch.parts
        if agent.converses
    )
    if launch.player_endpoint is None or not count or launch.player is None:
        return []
    sample = history.customers()
    price, words = _price(launch.player_endpoint, launch.player.model)
    tokens, cost = _spent([each.customer for each in sample.episodes], count, price)
    return [
        Part(
            name=f"customers, {launch.player.model}",
            episodes=count,
            seconds=None,
            steps=None,
            tokens=tokens,
            cost=cost,
            basis=_basis(sample),
            price=words,
        )
    ]


def _judging(launch: Launch) -> list[Part]:
    count = launch.wish.repeats * sum(
        sum(subject.is_judged for subject in tasks) for _, tasks in launch.parts
    )
    if launch.judge is None or not count:
        return []
    costs, tokens = _judged(launch.judge, launch.by)
    known = counted(len(costs), "past grading")
    return [
        Part(
            name=f"judge {launch.judge}",
            episodes=count,
            seconds=None,
            steps=None,
            tokens=expected(tokens, count),
            cost=expected(costs, count),
            basis=f"mean of {known} by it" if costs else "none known yet: the first run will tell",
            price=_price(launch.judge.endpoint, launch.judge.model)[1],
        )
    ]


def _judged(judge: Judge, by: User) -> tuple[list[float], list[float]]:
    """Give what each of the last assessments by a judge cost, in USD and tokens."""
    calls = JudgeCall.objects.shown_to(by).filter(judge=judge, assessment__isnull=False)
    rows = calls.order_by("-created_at").values_list(
        "assessment_id", "cost", "prompt_tokens", "completion_tokens"
    )[:2000]
    costs: dict[int, float] = {}
    tokens: dict[int, float] = {}
    for assessment, cost, prompt, completion in rows:
        costs[assessment] = costs.get(assessment, 0) + float(cost)
        tokens[assessment] = tokens.get(assessment, 0) + prompt + completion
    return list(costs.values()), list(tokens.values())


def _wall(launch: Launch, parts: Sequence[Part]) -> tuple[Amount | None, int | None]:
    """Reckon the time of a run by its own limit and those of endpoints, whichever binds most."""
    most = launch.wish.max_running
    bounds: list[tuple[Amount, int]] = []
    if most and (whole := total(part.seconds for part in parts)):
        bounds.append((_over(whole, most), most))
    for limit, those in _by_endpoint(launch, parts).values():
        if limit and (shared := total(those)):
            bounds.append((_over(shared, limit), limit))
    # scripted agents take moments; a model of which nothing is known may take any time
    unknown = [p for p, (a, _) in zip(parts, launch.parts, strict=True) if p.seconds is None
               and a.configuration]  # fmt: skip
    if not bounds or unknown:
        return None, most
    return max(bounds, key=lambda bound: bound[0].value)


def _by_endpoint(
    launch: Launch, parts: Sequence[Part]
) -> Mapping[int, tuple[int | None, list[Amount | None]]]:
    """Give the limit of each endpoint, and how long agents and their customers ask it."""
    found: dict[int, tuple[int | None, list[Amount | None]]] = {}
    for (agent, tasks), part in zip(launch.parts, parts, strict=True):
        shares = {agent.endpoint: 1.0} if agent.endpoint else {}
        if launch.player_endpoint and agent.converses and tasks:
            played = sum(subject.is_played for subject in tasks) / len(tasks)
            shares = {launch.player_endpoint: played, **shares}
        for endpoint, share in shares.items():
            seconds = _over(part.seconds, 1 / share) if share and part.seconds else None
            if share:
                found.setdefault(endpoint.pk, (endpoint.max_running, []))[1].append(seconds)
    return found


def _over(amount: Amount, divisor: float) -> Amount:
    low, high = amount.low, amount.high
    return Amount(
        value=amount.value / divisor,
        low=None if low is None else low / divisor,
        high=None if high is None else high / divisor,
    )
