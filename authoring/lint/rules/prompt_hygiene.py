"""R16: a prompt is what somebody would write who wants something done."""

import re
from collections.abc import Iterator

from authoring.drafts.scene import Scene
from authoring.lint import RULES, Finding, Rewrite, Severity
from authoring.lint.words.clock import RELATIVE
from authoring.lint.words.names import names_of
from authoring.lint.words.reading import read
from authoring.lint.words.tools import company_of, tools_in

_STEPS = re.compile(r"\bstep 1\b\s*[:.)]", re.I)
_TOOL = re.compile(r"\b(?:call|use|using|with) (?:the |a )?(?:\w+ )?tools?\b", re.I)
_GRADED = re.compile(
    r"\brubric\b|\bcriteri(?:a|on)\s*[:#\d]"
    r"|\b(?:evaluation|success|acceptance|grading) criteria\b"
    r"|\bgrad(?:ed|er|ing) (?:on|by|for)\b|\bthe grader\b"
    r"|\byou will be (?:graded|scored|evaluated)\b",
    re.I,
)
_NOTES = re.compile(
    r"\bnotes? (?:to|for) (?:the )?(?:reviewer|grader)s?\b|\breviewer'?s? notes?\b|\bTODO\b|\bTBD\b"
    r"|\bFIXME\b|(?i:\b(?:expected|correct) (?:answer|result)\s*:|\breference solution\b"
    r"|\bground truth\b|\bnote to reviewer\b)"
)


@RULES.add("R16")
def clean_prompt(scene: Scene) -> Iterator[Finding]:
    """People who ask for help know neither tools nor rubrics, so a prompt that does gives hints."""
    prompt = scene.content.prompt
    for words, why, label in _problems(scene, prompt):
        rewrite = Rewrite(label=label, url="#prompt")
        yield Finding(
            rule="R16", severity=Severity.WARNING, place="prompt", why=why, words=words,
            rewrite=rewrite,
        )  # fmt: skip


def _problems(scene: Scene, prompt: str) -> Iterator[tuple[str, str, str]]:
    company = company_of(scene)
    for tool in dict.fromkeys(tools_in(prompt, company)):
        is_known = company is None or tool in company.tools
        why = "names a tool: who asks knows none." if is_known else "is no tool of this world."
        yield tool, f"“{tool}” {why}", "Leave the tool out"
    patterns = (
        (_TOOL, "This tells the agent to use tools: say what is wanted.", "Leave the tool out"),
        (_STEPS, "This gives the agent its steps: say what is wanted.", "Leave the steps out"),
        (_GRADED, "This speaks of how the work is graded.", "Leave it out"),
        (_NOTES, "This looks like a note that was not meant for the agent.", "Leave it out"),
    )
    for pattern, why, label in patterns:
        if hit := pattern.search(prompt):
            yield hit[0], why, label
    if scene.snapshot is None and (hit := RELATIVE.search(read(prompt, names_of(scene)).plain)):
        words = prompt[hit.start() : hit.end()]
        yield words, f"“{words}” needs a world with a clock.", "Write the date"
