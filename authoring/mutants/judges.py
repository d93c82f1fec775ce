"""A judge for the criteria of mutants that no rule decides."""

from collections.abc import Callable, Mapping, Sequence

from authoring.mutants.measure import Decide
from grading.criteria import Criterion
from grading.graders import Evidence, Finding
from grading.judging import decide
from grading.judging.configurations import find_judge
from grading.judging.costs import keeper
from grading.models import Judge
from grading.verdicts import JUDGE


def decided_by(judge: Judge | None, *, goes_on: Callable[[], bool] = lambda: True) -> Decide | None:
    """Give what decides criteria of the kind judge; each call is stored with its cost.

    What is left to people stays open. None without a judge.
    goes_on: asked before each call and now and then; after a False, Stopped is raised.
    """
    if judge is None:
        return None
    keep = keeper(judge)

    def ask(criteria: Sequence[Criterion], evidence: Evidence) -> Mapping[str, Finding]:
        judged = [criterion for criterion in criteria if criterion.kind == JUDGE]
        return decide(judge, judged, evidence, keep=keep, goes_on=goes_on) if judged else {}

    return ask


def named_judge(text: str) -> Judge | None:
    """Find a judge by "name@version" or its name; "" is none. Raises NotFound."""
    return find_judge(text) if text else None


def is_judged(criteria: Sequence[Criterion]) -> bool:
    return any(criterion.kind == JUDGE for criterion in criteria)
