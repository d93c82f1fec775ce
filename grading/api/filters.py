"""How addresses of the API filter rollouts, by the names that a run's page has for it."""

from typing import Any

from grading.models import RolloutOutcome
from grading.scopes import LOOKUPS, subject_of
from simulation.rest.queries import Query, one_of, text


class RolloutFilter(Query):
    """What a Scope may say."""

    agent = text("name of the agent")
    task = text("slug of the task, or slug@revision")
    outcome = one_of(RolloutOutcome.values, "by the official grading")
    category = text()
    difficulty = text()
    lookups = LOOKUPS

    def narrow(self, rows: Any) -> Any:
        task = self.validated_data.get("task")
        rollouts = super().narrow(rows)
        return rollouts.filter(subject_of(task)) if task else rollouts


class RolloutQuery(RolloutFilter):
    split = text()
