"""R07: a rubric of some breadth."""

from collections.abc import Iterator

from authoring.drafts.scene import Scene
from authoring.lint import RULES, Finding, Rewrite, Severity

FEWEST, MOST = 3, 30


@RULES.add("R07")
def balanced(scene: Scene) -> Iterator[Finding]:
    """A handful of criteria that look at different things tell good work from half of it."""
    criteria = scene.content.rubric.criteria
    kinds = {criterion.kind for criterion in criteria if criterion.kind}
    if len(criteria) < FEWEST:
        yield _hint(f"{len(criteria)} criteria are few: what else would a good colleague look at?")
    if len(criteria) > MOST:
        yield _hint(f"{len(criteria)} criteria are many: which of them would nobody miss?")
    if criteria and all(criterion.points < 0 for criterion in criteria):
        yield _hint("There are harms only: say what good work does.")
    if len(criteria) >= FEWEST and len(kinds) == 1:
        yield _hint(f"Every criterion is of kind {kinds.pop()}: what else shows that it is done?")


def _hint(why: str) -> Finding:
    rewrite = Rewrite(label="Add a criterion", url="#rubric")
    return Finding(rule="R07", severity=Severity.HINT, place="rubric", why=why, rewrite=rewrite)
