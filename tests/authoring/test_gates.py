"""What stands against submission and approval: lint, the trials, and what people decided."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from authoring import gates
from authoring.content import DraftContent
from authoring.dry_runs.decisions import decide, decided_on_reference
from authoring.lint import RULES, Finding, Severity
from authoring.models import DryRun, Task
from authoring.review import move
from grading.people.verdicts import Said, record_verdict, withdraw
from simulation import roles
from simulation.errors import Forbidden, Problems
from simulation.models import World
from tests.authoring.dry_runs import KIND, PAID, SHELF, make_dry_run, reference_of
from tests.authoring.tasks import make_revision, make_task
from tests.factories import make_user
from tests.grading.judging.judges import cite, decides, make_judge, record_in, verdict

RUDE = {**KIND, "key": "rude", "text": "The answer is rude.", "points": -2}


@pytest.fixture
def task(author: User, store_world: World) -> Task:
    return make_task(author, store_world, rubric={"criteria": [PAID, SHELF, KIND]})


def say(dry_run: DryRun, outcome: str, by: User, key: str = "kind-words") -> Any:
    said = Said(outcome=outcome, reason="I read it.", is_authoritative=True)
    return decide(reference_of(dry_run), key, said, dry_run=dry_run, by=by)


def test_what_no_rule_decides_is_decided_by_a_reviewer_in_a_dry_run(task, author, reviewer):
    revision = make_revision(task, "in_review")
    (open_one,) = gates.approval_problems(revision)
    assert open_one.startswith("criterion 3 (kind-words): a reviewer decides it")
    with pytest.raises(Problems, match="kind-words"):
        move(revision, "approve", actor=reviewer)

    dry_run = make_dry_run(task)
    assert gates.approval_problems(revision) == [open_one]
    say(dry_run, "met", reviewer)

    assert dry_run.revision == revision
    assert gates.approval_problems(revision) == []
    assert move(revision, "approve", actor=reviewer).state == "approved"


def test_the_author_decides_nothing_of_their_own_whatever_role_they_have(task, author, reviewer):
    dry_run = make_dry_run(task)
    author.groups.set(reviewer.groups.all())
    person = User.objects.get(pk=author.pk)

    with pytest.raises(Forbidden):
        say(dry_run, "met", person)
    said = Said(outcome="met", reason="Mine.", is_authoritative=True)
    record_verdict(reference_of(dry_run).pk, "kind-words", said, author=person)

    assert reference_of(dry_run).passed is True
    assert len(gates.approval_problems(dry_run.revision)) == 1


def test_an_analysts_word_does_not_approve(task, author, analyst):
    dry_run = make_dry_run(task)
    with pytest.raises(Forbidden):
        say(dry_run, "met", analyst)

    said = Said(outcome="met", reason="It is.", is_authoritative=True)
    record_verdict(reference_of(dry_run).pk, "kind-words", said, author=analyst)

    assert "kind-words" not in decided_on_reference(dry_run.revision)


def test_a_later_dry_run_of_the_same_content_needs_no_second_decision(task, author, reviewer):
    said = say(make_dry_run(task), "not_met", reviewer)
    later = make_dry_run(task)

    (problem,) = gates.approval_problems(later.revision)
    assert problem == "reference: criterion 3 (kind-words) is not_met, says bob in the dry run"

    withdraw(said.pk, actor=reviewer)
    assert "a reviewer decides it" in gates.approval_problems(later.revision)[0]
    say(later, "met", make_user("rita", roles.REVIEWER))
    assert gates.approval_problems(later.revision) == []


def test_a_judge_decides_too_but_not_against_a_reviewer(
    author, reviewer, store_world, model_server
):
    judged = {**KIND, "check": {"kind": "judge", "look_at": ["answer"]}}
    task = make_task(author, store_world, rubric={"criteria": [PAID, SHELF, judged]})
    first = make_dry_run(task)
    (problem,) = gates.approval_problems(first.revision)
    assert "a judge or a reviewer decides it" in problem
    last = reference_of(first).rollout.episode.steps.get(content="Sold and paid.").index
    kind = verdict("kind-words", "met", evidence=cite(last, "Sold and paid."))

    def rule(key: str, body: Any) -> Any:
        is_said = any("Sold and paid." in line for line in record_in(body))
        return kind if is_said else verdict(key)

    decides(model_server, rule)

    dry_run = make_dry_run(task, judge=make_judge(model_server.url))
    assert gates.approval_problems(dry_run.revision) == []

    say(dry_run, "not_met", reviewer)
    make_dry_run(task, judge=make_judge(model_server.url))
    (problem,) = gates.approval_problems(dry_run.revision)
    assert problem == "reference: criterion 3 (kind-words) is not_met, says bob in the dry run"


def test_other_words_need_a_new_decision(task, author, reviewer):
    say(make_dry_run(task), "met", reviewer)

    other = make_revision(task, "in_review", title="Sell two lamps, kindly")

    assert len(gates.approval_problems(other)) == 1


HARM = {"not_met": [], "cannot_tell": [], "met": ["does the harm of criterion 3 (rude)"]}


def test_a_harm_that_the_reference_does_stands_against_it(author, reviewer, store_world):
    task = make_task(author, store_world, rubric={"criteria": [PAID, SHELF, RUDE]})
    dry_run = make_dry_run(task)

    for outcome, said in HARM.items():
        say(dry_run, outcome, reviewer, "rude")
        problems = gates.approval_problems(dry_run.revision)
        assert [words in problem for words, problem in zip(said, problems, strict=True)] == [
            True for _ in said
        ]


def test_errors_of_lint_stand_against_both(task, monkeypatch):
    revision = make_revision(task, rubric={"criteria": [PAID, SHELF]})
    content = revision.draft_value
    assert (gates.submission_problems(content), gates.approval_problems(revision)) == ([], [])
    found = [
        Finding(rule="X01", severity=severity, place="prompt", why=f"It is a {severity}.")
        for severity in Severity
    ]

    monkeypatch.setitem(RULES._parts, "X01", lambda scene: found)

    for problems in (gates.submission_problems(content), gates.approval_problems(revision)):
        assert "X01, prompt: It is a error." in problems
        assert "X01, prompt: It is a warning." not in problems


def test_what_is_unfinished_is_named_and_not_played(task):
    content = DraftContent.model_validate({**task.draft.content, "prompt": "", "reference": []})

    problems = gates.submission_problems(content)

    assert [problem.partition(":")[0] for problem in problems] == ["prompt", "reference"]


def test_trivial_agents_that_earn_much_are_a_warning(author, store_world):
    easy = {
        **PAID,
        "points": 1,
        "check": {**SHELF["check"], "expect": [{"path": "name", "value": "Lamp"}]},
    }
    task = make_task(author, store_world, rubric={"criteria": [easy, SHELF]})
    revision = make_revision(task)

    assert gates.warnings_of(revision.value) == [
        f"{kind}: gets a reward of 0.50 for nothing" for kind in gates.TRIVIAL
    ]
    assert gates.approval_problems(revision) == []
