"""A run's statistics as a page and over REST."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.grading.stored import FAIL, PASS, make_stored_run
from tests.web.conftest import HOSTILE

pytestmark = pytest.mark.django_db
LABELS = {f"t{i}": {"category": "reasoning", "difficulty": "hard", "target_level": 2}
          for i in range(8)}  # fmt: skip
STRONG = {f"t{i}": [PASS, PASS] for i in range(8)}
WEAK = {f"t{i}": [PASS if i == 0 else FAIL, FAIL] for i in range(8)}


@pytest.fixture
def stored(runner):
    return make_stored_run({"weak": WEAK, "strong": STRONG}, owner=runner, labels=LABELS)


def text_of(answer):
    html = re.sub(r"<(text|title|script)\b.*?</\1>", " ", answer.content.decode(), flags=re.S)
    words = re.sub(r"<[^>]+>", " ", html)
    return " ".join(words.replace("\xa0", " ").split())


def address(run, name="grading:statistics", **query):
    text = "&".join(f"{key}={value}" for key, value in query.items())
    return f"{reverse(name, args=[run.pk])}?{text}"


def test_the_page_answers_first_who_passes_most_and_whether_that_is_certain(stored, page):
    text = text_of(page(address(stored)))

    assert "strong passes 100 % (68 % to 100 %), the most of 2 agents." in text
    assert "16 trials of 8 tasks. The others are behind by more than chance explains." in text


def test_the_page_shows_n_and_interval_beside_each_number(stored, page):
    text = text_of(page(address(stored)))

    assert "weak 6 % 1 % to 35 %" in text
    assert "16 trials of 8 tasks" in text
    assert "−94 points −100 to −79" in text
    assert "p 0.008 adjusted 0.008" in text
    assert "0 better, 8 worse" in text
    assert "Of 2 trials at least one passes 12 % of the time, all pass 0 %." in text


def test_where_nothing_was_tried_twice_the_page_says_what_to_do(runner, page):
    run = make_stored_run({"one": {"a": [PASS]}}, owner=runner)

    text = text_of(page(address(run)))

    assert "No task was tried twice." in text
    assert "This run has one agent." in text
    assert "No failure notes yet." in text


def test_a_run_without_results_is_a_page_and_no_fault(runner, page):
    run = make_stored_run({"one": {"a": ["provider_error"]}}, owner=runner)

    answer = page(address(run))

    assert answer.status_code == 200
    assert "Nothing is graded yet." in text_of(answer)
    assert "1 masked" in text_of(answer)


def test_another_run_can_be_compared_with(stored, runner, page):
    past = make_stored_run({"weak": STRONG}, owner=runner, title="Last week")

    text = text_of(page(address(stored, against=past.pk)))

    assert "this run minus “Last week”, agent by agent" in text
    assert f"weak minus weak in run {past.pk}" in text


@pytest.mark.parametrize("name", ["grading:statistics", "api:run-statistics"])
def test_a_run_that_one_may_not_see_or_that_counts_in_no_numbers_is_not_found(
    name, stored, runner, author, page
):
    foreign = make_stored_run({"weak": WEAK}, owner=author)
    dry = make_stored_run({"weak": WEAK}, owner=runner, kind="dry_run")

    for other in (foreign.pk, dry.pk, stored.pk, 999999):
        assert page(address(stored, name, against=other)).status_code == 404


def test_hostile_names_are_text(runner, page):
    run = make_stored_run({HOSTILE: {"a": [PASS]}, "other": {"a": [FAIL]}}, owner=runner,
                          labels={"a": {"category": HOSTILE}}, title=HOSTILE)  # fmt: skip

    html = page(address(run)).content.decode()

    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "style=" not in html


def test_the_api_gives_the_same_numbers(stored, page):
    found = json.loads(page(address(stored, "api:run-statistics")).content)

    weak, strong = found["agents"]
    assert (found["grading"], found["baseline"], found["against"]) == (1, "strong", None)
    assert weak["passed"]["value"] == 1 / 16
    assert (weak["passed"]["n"], weak["passed"]["clusters"]) == (16, 8)
    assert strong["passed"]["interval"] == {
        "low": pytest.approx(0.676, abs=1e-3), "high": 1.0, "method": "wilson", "why": "",
    }  # fmt: skip
    assert weak["repeats"]["rates"]["1"]["value"] == 1 / 8
    assert weak["groups"][0]["label"] == "category"
    assert weak["conduct"]["errors"]["value"] == 0
    assert weak["criteria"]["completeness"]["value"] == 1 / 16
    assert found["pairs"][0]["passed"]["tasks"] == {"better": 0, "worse": 8, "same": 0}
    assert len(found["criteria"]) == 2 * 8 * 3


@pytest.mark.parametrize("given", ["x", "-1", "9" * 20, "1e3"])
def test_the_api_says_what_a_bad_run_number_should_be(given, stored, page):
    answer = page(address(stored, "api:run-statistics", against=given))

    assert answer.status_code == 400
    assert json.loads(answer.content)["error"]["field"] == "against"


def test_the_run_leads_to_its_statistics(stored, page):
    html = page(reverse("grading:run", args=[stored.pk])).content.decode()

    assert f'href="{reverse("grading:statistics", args=[stored.pk])}"' in html


def test_the_queries_of_the_page_do_not_grow_with_the_run(stored, runner, page):
    small = make_stored_run({"one": {"a": [PASS]}}, owner=runner)
    counts = []
    for run in (small, stored):
        with CaptureQueriesContext(connection) as queries:
            page(address(run))
        counts.append(len(queries))

    assert counts[0] == counts[1]
