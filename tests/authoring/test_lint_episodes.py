"""R12: what the episodes that count say of a task."""

import pytest

from authoring.lint import Severity
from authoring.lint.episodes import lint_task
from grading.models import Run
from tests.authoring.tasks import make_revision, make_task
from tests.factories import make_plan, make_run, reference, scripted
from tests.web.conftest import finish

TALKS = scripted({"text": "Done."})
SELLS = [
    {"calls": [["sell", '{"buyer": "dee", "itemId": "lamp", "qty": 2}']]},
    {"calls": [["updateSale", '{"saleId": "sale-250915-008", "status": "paid"}']]},
    {"text": "Sold and paid."},
]


@pytest.fixture
def task(author, store_world):
    task = make_task(author, store_world)
    make_revision(task)
    return task


def launch(task, world, counts, kind=Run.Kind.EVALUATION, subject="sell-lamps@1"):
    plans = [
        make_plan(world, agent=agent, index=index, subject=subject)
        for agent, count in counts
        for index in range(1, count + 1)
    ]
    finish(make_run(*plans, owner=task.owner, kind=kind))


def named(name, *turns):
    return scripted(*turns).model_copy(update={"name": name})


GOOD, BAD = named("good", *SELLS), named("bad", {"text": "Done."})
EPISODES = [
    ("too few", [(BAD, 7)], []),
    ("all fail", [(BAD, 8)], ["None of the last 8 episodes passed"]),
    ("all pass", [(GOOD, 8)], ["All of the last 8 episodes passed"]),
    ("told apart", [(GOOD, 4), (BAD, 4)], []),
    ("saturated", [(GOOD, 8), (BAD, 1)], ["good passes in 100% of its episodes"]),
    ("our own agents", [(reference(), 8)], []),
]


@pytest.mark.parametrize(("name", "counts", "whys"), EPISODES)
def test_a_task_tells_agents_apart(name, counts, whys, task, store_world):
    launch(task, store_world, counts)

    hints = lint_task(task)

    assert [hint.severity for hint in hints] == [Severity.HINT] * len(whys)
    assert all(h.why.startswith(why) for h, why in zip(hints, whys, strict=True))


def test_other_tasks_and_dry_runs_do_not_count(task, store_world, django_assert_num_queries):
    launch(task, store_world, [(BAD, 8)], kind=Run.Kind.DRY_RUN)
    launch(task, store_world, [(BAD, 8)], subject="sell-lamps-again@1")

    with django_assert_num_queries(1):
        assert lint_task(task) == []
