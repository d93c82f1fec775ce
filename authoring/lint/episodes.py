"""R12: whether a task tells agents apart, from the episodes that count. Needs the database."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat

from authoring.lint import Finding, Severity
from authoring.models import Task
from grading.models import Assessment, Run
from simulation.wording import counted

ID = "R12"
FEWEST = 8  # episodes that say something
MOST = 400  # newest episodes that are looked at
SATURATED = 0.9
_OURS = ("reference", "null", "echo", "claims_only")  # agents that measure the task, not themselves


def lint_task(task: Task) -> list[Finding]:
    """Give what the last episodes of a task's revisions say of it; one query."""
    by_agent: dict[str, list[bool]] = defaultdict(list)
    for agent, passed in _results(task):
        by_agent[agent].append(passed)
    return list(_hints(by_agent))


def _results(task: Task) -> Sequence[tuple[str, bool]]:
    number = Cast("number", CharField())
    subjects = task.revisions.annotate(subject=Concat(Value(f"{task.slug}@"), number))
    counting = Assessment.objects.filter(
        rollout__subject__in=subjects.order_by().values("subject"),
        rollout__run__kind__in=Run.COUNTING,
        grading=F("rollout__run__official"),
        passed__isnull=False,
    ).exclude(rollout__episode__agent__kind__in=_OURS)
    found = counting.order_by("-pk").values_list("rollout__agent", "passed")[:MOST]
    return [(agent, bool(passed)) for agent, passed in found]


def _hints(by_agent: Mapping[str, Sequence[bool]]) -> Iterator[Finding]:
    results = [passed for found in by_agent.values() for passed in found]
    if len(results) < FEWEST:
        return
    episodes = f"of the last {counted(len(results), 'episode')}"
    if all(results) or not any(results):
        word = "All" if all(results) else "None"
        yield _hint(f"{word} {episodes} passed: the task does not tell agents apart.")
        return
    rates = {a: sum(found) / len(found) for a, found in by_agent.items() if len(found) >= FEWEST}
    best = max(rates, key=lambda agent: (rates[agent], agent), default="")
    if best and rates[best] > SATURATED:
        rate = f"{rates[best]:.0%}"
        yield _hint(f"{best} passes in {rate} of its episodes: better agents cannot be told apart.")


def _hint(why: str) -> Finding:
    return Finding(rule=ID, severity=Severity.HINT, place="task", why=why)
