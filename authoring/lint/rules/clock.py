"""R14: no "today" for those who do not know the day."""

import re
from collections.abc import Iterator

from authoring.drafts.scene import Scene
from authoring.lint import RULES, Finding, Severity
from authoring.lint.places import changed, edit, found
from authoring.lint.words.clock import MOMENTS, RELATIVE
from authoring.lint.words.reading import readings

TOLD_NO_DAY = frozenset({"judge", "human"})


@RULES.add("R14")
def no_today(scene: Scene) -> Iterator[Finding]:
    """Who decides by reading is not told the world's clock: the same episode gets two verdicts."""
    for criterion, reading in readings(scene):
        if scene.snapshot is not None and criterion.kind not in TOLD_NO_DAY:
            continue
        hit = RELATIVE.search(reading.plain) if MOMENTS & reading.vocabulary else None
        if not hit:
            continue
        words = reading.text[hit.start() : hit.end()]
        why = f"“{words}” is another day whenever this is graded: write the date."
        rewrite = edit(criterion, "Write the date")
        if scene.snapshot is not None and hit[0] == "today":
            text = re.sub(r"\btoday\b", f"on {scene.snapshot.now[:10]}", criterion.text, count=1)
            rewrite = changed(criterion, f"Write “on {scene.snapshot.now[:10]}”", text=text[:1000])
        yield found("R14", Severity.ERROR, criterion, why, words, rewrite)
