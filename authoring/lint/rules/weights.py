"""C22: points that mean what their word says."""

from collections.abc import Iterator

from authoring.drafts.scene import Scene
from authoring.lint import RULES, Finding, Severity
from authoring.lint.places import changed, edit, found
from grading.criteria import POINT_WORDS

FEWEST = 3  # with fewer criteria, one is always most of the whole


@RULES.add("C22")
def sane_weight(scene: Scene) -> Iterator[Finding]:
    """One criterion that outweighs all others makes the others worth nothing."""
    criteria = scene.content.rubric.criteria
    positive = [each.points for each in criteria if each.points > 0]
    for criterion in criteria:
        if criterion.points not in POINT_WORDS:
            points = _nearest(criterion.points)
            label = f"Make it {POINT_WORDS[points]} ({points:+d})"
            why = f"{criterion.points:+d} is no weight that has a word: 1, 2, 3, −2 or −3."
            rewrite = changed(criterion, label, points=points)
            yield found("C22", Severity.WARNING, criterion, why, f"{criterion.points:+d}", rewrite)
        elif len(positive) >= FEWEST and criterion.points * 2 > sum(positive):
            why = f"This one is {criterion.points} of all {sum(positive)} points: more than half."
            rewrite = edit(criterion, "Weigh it anew")
            yield found("C22", Severity.WARNING, criterion, why, f"{criterion.points:+d}", rewrite)


def _nearest(points: int) -> int:
    return min(sorted(POINT_WORDS), key=lambda known: (abs(known - points), -abs(known)))
