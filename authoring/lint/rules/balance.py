"""R07: a rubric of some breadth."""

from collections.abc import Iterator

from authoring.drafts.scene import Scene
from authoring.lint import RULES, Finding, Rewrite, Severity
from simulation.wording import counted

FEWEST, MOST = 3, 30


@RULES.add("R07")
def balanced(scene: Scene) -> Iterator[Finding]:
    """A handful of criteria that look at different things tell good work from half of it."""
    criteria = scene.content.rubric.criteria
    many = counted(len(criteria), "criterion", "criteria")
    kinds = {criterion.kind for criterion in criteria if criterion.kind}
    if 0 < len(criteria) < FEWEST:  # nothing is written yet where there is none
        yield _hint(f"{many}: that is few. What else would a good colleague look at?")
    if len(criteria) > MOST:
        yield _hint(f"{many}: that is a lot. Which of them would nobody miss?")
    if criteria and all(criterion.points < 0 for criterion in criteria):
        yield _hint("There are harms only: say what good work does.")
    if len(criteria) >= FEWEST and len(kinds) == 1:
        yield _hint(f"Every criterion is of kind {kinds.pop()}: what else shows that it is done?")


def _hint(why: str) -> Finding:
    rewrite = Rewrite(label="Add a criterion", url="#rubric")
    return Finding(rule="R07", severity=Severity.HINT, place="rubric", why=why, rewrite=rewrite)
