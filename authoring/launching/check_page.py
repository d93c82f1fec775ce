"""What people confirm before a run: how much it is, what it takes, what is left out."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal

from django.http import QueryDict

from authoring.launching.estimating import Amount, Estimate, Part
from authoring.launching.form import PREFIX
from authoring.launching.left_out import LeftOut
from authoring.launching.pages import CheckPage, LeftOutGroup, PartRow, Ranged
from authoring.launching.resolving import Launch
from grading.wording import usd
from simulation.agent_pages import limit_words
from simulation.fault_words import summary
from simulation.faults import NONE
from simulation.pages import Fact
from simulation.wording import counted, duration, listed

NAMED = 20
KEY = "key"
UNKNOWN = "not known"


def check_page(launch: Launch, estimated: Estimate, sent: QueryDict) -> CheckPage:
    names = [subject.name for subject in launch.subjects]
    count = counted(launch.episodes, "episode")
    return CheckPage(
        title=launch.title if launch.episodes else "Nothing to run",
        source=launch.source,
        figures=tuple(_figures(estimated)),
        notes=tuple(_notes(estimated)),
        warnings=launch.warnings,
        parts=tuple(_part(launch, part) for part in estimated.parts),
        conditions=tuple(_conditions(launch)),
        tasks=tuple(names[:NAMED]),
        tasks_count=counted(len(names), "task"),
        tasks_more=f"and {len(names) - NAMED:,} more" if len(names) > NAMED else "",
        left=tuple(map(_left, launch.left_out)),
        fields=tuple(_fields(sent)),
        key=sent.get(KEY, "") or uuid.uuid4().hex,
        button=f"Launch {count}" if launch.episodes else "",
    )


def money(amount: Amount | None) -> str:
    """Write "$12.40 ($9.10 to $15.70)"."""
    return _ranged(amount, lambda value: usd(_cents(value)))


def length(amount: Amount | None) -> str:
    return _ranged(amount, lambda seconds: duration(timedelta(seconds=round(seconds, 1))))


def tokens(amount: Amount | None) -> str:
    return _ranged(amount, _short)


def _ranged(amount: Amount | None, write: Callable[[float], str]) -> str:
    if amount is None:
        return UNKNOWN
    low, high = amount.low, amount.high
    if low is None or high is None or low == high:
        return write(amount.value)
    least, most = write(low), write(high)
    return f"{write(amount.value)} ({least} to {most})" if least != most else write(amount.value)


def _cents(value: float) -> Decimal:
    exact = Decimal(str(round(value, 6)))
    return exact.quantize(Decimal("0.01")) if exact >= Decimal("0.01") else exact


def _short(value: float) -> str:
    if value < 10_000:
        return f"{value:,.0f}"
    return f"{value / 1e3:,.0f} k" if value < 1_000_000 else f"{value / 1e6:,.1f} M"


def _figures(estimated: Estimate) -> Iterator[Fact]:
    yield Fact(label="Episodes", value=f"{estimated.episodes:,}")
    yield _fact("Cost", money(estimated.cost), _without(estimated.unpriced))
    yield _fact("Tokens", tokens(estimated.tokens))
    yield _fact("Playing time, one after the other", length(estimated.seconds),
                _without(estimated.untimed))  # fmt: skip
    if estimated.wall is not None:
        yield _fact(f"Time, {estimated.at_once} at one time", length(estimated.wall))


def _fact(label: str, words: str, without: str = "") -> Fact:
    """Set a range small beside its value."""
    amount = _apart(words)
    if amount.value == UNKNOWN:
        return Fact(label=label, value=amount.value)
    details = [f"({amount.range})" if amount.range else "", without]
    return Fact(label=label, value=amount.value, detail=" ".join(filter(None, details)))


def _apart(words: str) -> Ranged:
    value, _, rest = words.partition(" (")
    return Ranged(value=value, range=rest.removesuffix(")"))


def _without(names: Sequence[str]) -> str:
    return f"without {listed(names)}" if names else ""


def _notes(estimated: Estimate) -> Iterator[str]:
    if estimated.cost and estimated.cost.low is not None and estimated.cost.high:
        yield (
            "Ranges hold in 95 of 100 such runs, if its episodes are like the past ones that the"
            " table names; prices are those of today."
        )
    if estimated.unpriced:
        names = listed(estimated.unpriced)
        yield f"No cost is known of {names}: no past episode, or no price at the endpoint."
    if estimated.wall is None and estimated.seconds is not None and not estimated.at_once:
        yield (
            "How long the run takes depends on how many episodes workers play at one time: neither"
            " the run nor an endpoint limits it."
        )


def _part(launch: Launch, part: Part) -> PartRow:
    tried = {agent.name: len(tasks) for agent, tasks in launch.parts}
    most = f"never more than {usd(_cents(part.most))}" if part.most else ""
    return PartRow(
        name=part.name,
        tasks=counted(tried[part.name], "task") if part.name in tried else "",
        episodes=f"{part.episodes:,}",
        duration=_apart(length(part.seconds) if part.name in tried else "–"),
        tokens=_apart(tokens(part.tokens)),
        cost=_apart(money(part.cost)),
        price=part.price,
        basis=part.basis,
        most=most,
    )


def _conditions(launch: Launch) -> Iterator[Fact]:
    wish = launch.wish
    yield Fact(label="attempts at each task", value=str(wish.repeats))
    yield Fact(label="kind", value=wish.kind)
    yield Fact(label="judge", value=str(launch.judge or "none"))
    yield Fact(label="customers played by", value=str(launch.player or "nobody"))
    yield Fact(label="limits of the run", value=limit_words(wish.limits))
    yield Fact(label="faults", value=summary(wish.faults or NONE))
    at_once = f"{wish.max_running:,}" if wish.max_running else "as many as there is room for"
    yield Fact(label="at one time", value=at_once)
    yield Fact(label="seed", value="drawn" if wish.seed is None else str(wish.seed))


def _left(left: LeftOut) -> LeftOutGroup:
    names = ", ".join(left.names[:NAMED])
    more = len(left.names) - NAMED
    return LeftOutGroup(
        count=f"{left.count:,}",
        why=left.why,
        names=f"{names} and {more:,} more" if more > 0 else names,
    )


def _fields(sent: QueryDict) -> Iterator[tuple[str, str]]:
    for name, values in sent.lists():
        if name.startswith(f"{PREFIX}."):
            yield from ((name, value) for value in values)
