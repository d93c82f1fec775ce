"""What people say went wrong, by agent: failure levels and kinds of the current notes."""

from dataclasses import dataclass

from grading.models import FailureNote, Run
from grading.models.runs import shown_by


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """Of one agent: rollouts with a note, and of these how many have each level and kind.

    People may differ on a rollout: it then counts under each of their levels.
    """

    noted: int
    levels: dict[int, int]
    kinds: dict[str, int]


def read_failures(run: Run) -> dict[str, Failures]:
    """Count the notes on a run's rollouts, in one query; agents without any are not there."""
    shown = shown_by([run], "rollout__episode")
    notes = FailureNote.objects.current().filter(*shown, rollout__run=run).order_by("pk")
    found: dict[str, dict[int, list[tuple[int | None, str]]]] = {}
    for agent, rollout, level, kind in notes.values_list(
        "rollout__agent", "rollout", "level", "kind"
    ):
        found.setdefault(agent, {}).setdefault(rollout, []).append((level, kind))
    return {agent: _counted(rollouts) for agent, rollouts in found.items()}


def _counted(rollouts: dict[int, list[tuple[int | None, str]]]) -> Failures:
    levels: dict[int, int] = {}
    kinds: dict[str, int] = {}
    for notes in rollouts.values():
        for level in {level for level, _ in notes if level}:
            levels[level] = levels.get(level, 0) + 1
        for kind in {kind for _, kind in notes}:
            kinds[kind] = kinds.get(kind, 0) + 1
    return Failures(noted=len(rollouts), levels=levels, kinds=kinds)
