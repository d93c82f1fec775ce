"""R04: whatever the prompt asks for, some criterion looks at."""

from collections.abc import Iterator

from authoring.content import DraftCriterion
from authoring.drafts.document import new_key
from authoring.drafts.scene import Scene
from authoring.lint import RULES, Finding, Rewrite, Severity
from authoring.lint.data.checks import written_checks
from authoring.lint.data.demands import Demand, demands_in, stems_of
from authoring.lint.data.distinct import told_once
from authoring.lint.data.memory import once_for_each
from authoring.lint.data.references import exists, references_in
from simulation.wording import spoken

ID = "R04"


@RULES.add(ID)
@told_once
def uncovered_demands(scene: Scene) -> Iterator[Finding]:
    content = scene.content
    if not content.rubric.criteria:
        return
    covered = frozenset(stems_of(_said(scene)))
    for demand in demands_in(content.prompt):
        if not demand.stems & covered:
            yield _warning(
                f"No criterion shares a word with this: is “{demand.words}” looked at?",
                demand.words,
                _new_criterion(scene, demand),
            )
    text, state = _said(scene), scene.ready
    for each in dict.fromkeys(references_in(content.prompt)):
        if each.key not in text and state and exists(scene, state, each.entity_type, each.key):
            label = spoken(each.entity_type)
            yield _warning(f"No criterion is about {label} {each.key}.", each.words, None)


@once_for_each
def _said(scene: Scene) -> str:
    """Give all that criteria say: their texts, and in sentences and data what their checks do."""
    texts = [criterion.text for criterion in scene.content.rubric.criteria]
    for written in written_checks(scene):
        texts += [written.check.sentence(), spoken(str(written.check.as_data()))]
    texts += [str(c.check) for c in scene.content.rubric.criteria if c.kind == "judge"]
    return "\n".join(texts)


def _warning(why: str, words: str, rewrite: Rewrite | None) -> Finding:
    return Finding(
        rule=ID,
        severity=Severity.WARNING,
        place="prompt",
        why=why,
        words=words,
        rewrite=rewrite,
    )


def _new_criterion(scene: Scene, demand: Demand) -> Rewrite:
    text = demand.words.rstrip(".!")
    key = new_key(scene.content.model_dump(mode="json", include={"rubric"}), text)
    value = DraftCriterion(key=key, text=f"Done as asked: {text}."[:1000], category="completeness")
    return Rewrite(
        label="Add a criterion for it", path=f"rubric/{key}", value=value.model_dump(mode="json")
    )
