"""The shipped tasks: their references pass, and hardly a mutant of them does."""

from authoring.gates import problems_of
from authoring.loading import LIBRARY, read_task
from authoring.mutants.measure import Fate, measure
from authoring.mutants.scores import score_of

LEAST = 0.95
FOLDERS = sorted(file.parent for file in LIBRARY.glob("corecraft/*/task.yaml"))


def test_every_rubric_fails_nearly_every_mutant_and_no_gate_is_shut(corecraft):
    weak = []
    for folder in FOLDERS:
        content = read_task(folder)
        assert problems_of(content) == [], folder.name
        found = measure(content)
        share = score_of(found.results, found.criteria).share
        assert share is not None
        if share.value < LEAST:
            named = "\n  ".join(r.sentence for r in found.results if r.fate == Fate.SURVIVED)
            weak.append(f"{folder.name}: {share.value:.1%} of {share.n}\n  {named}")

    assert len(FOLDERS) == 8
    assert weak == [], "\n".join(weak)


def test_rubrics_of_the_library_demand_no_path():
    for folder in FOLDERS:
        assert "kind: tool_call" not in (folder / "task.yaml").read_text("utf-8"), folder.name
