"""C01: one requirement only."""

from collections.abc import Iterator

from authoring.content import DraftCriterion
from authoring.drafts.document import new_key
from authoring.drafts.scene import Scene
from authoring.lint import RULES, Finding, Rewrite, Severity
from authoring.lint.places import edit, found
from authoring.lint.words.joints import joints_of
from authoring.lint.words.parts import parts_of
from authoring.lint.words.reading import readings

MANY = 3


@RULES.add("C01")
def one_requirement(scene: Scene) -> Iterator[Finding]:
    """Two requirements in one criterion get one verdict, so half of the work looks like none."""
    for criterion, reading in readings(scene):
        joints = joints_of(reading)
        if not joints:
            continue
        number = len(joints) + 1
        why = f"This asks for {number} things, but there is one verdict for all of them."
        words = reading.text[joints[0].start : joints[0].end].strip()
        severity = Severity.ERROR if number >= MANY else Severity.WARNING
        rewrite = _split(scene, criterion, parts_of(reading, joints))
        yield found("C01", severity, criterion, why, words, rewrite)


def _split(scene: Scene, criterion: DraftCriterion, texts: tuple[str, ...]) -> Rewrite:
    """Offer one criterion a part: the first keeps key and check, the others have no check yet."""
    if not texts:
        return edit(criterion, "Split it by hand")
    whole = criterion.model_dump(mode="json")
    keys = [each.key for each in scene.content.rubric.criteria]
    values = [{**whole, "text": texts[0]}]
    for text in texts[1:]:
        key = _new_key(keys, text)
        keys.append(key)
        values.append({**whole, "key": key, "text": text, "check": {}})
    label = f"Split into {len(values)}"
    return Rewrite(label=label, path=f"rubric/{criterion.key}", values=tuple(values))


def _new_key(keys: list[str], text: str) -> str:
    """Make a key that none of a rubric's has; only those with the same beginning could."""
    begin = new_key({"rubric": {"criteria": ()}}, text)
    near = [{"key": key} for key in keys if key.startswith(begin)]
    return new_key({"rubric": {"criteria": near}}, text)
