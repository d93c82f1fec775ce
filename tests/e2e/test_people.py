"""People who judge episodes in a browser: by keyboard alone, offline, without scripts, blind."""

import re

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from playwright.sync_api import expect

from grading.graders import Cited
from grading.models import FailureNote, Run, TaskReport, Verdict
from grading.people.failures import Note, note_failure
from grading.people.reports import Complaint, report_task
from grading.people.verdicts import record_verdict
from simulation.roles import REVIEWER
from tests.e2e.conftest import axe_in_both_themes, bring_session
from tests.e2e.ways import width_of
from tests.factories import (
    make_criterion,
    make_plan,
    make_rubric,
    make_run,
    make_user,
    make_world,
    scripted,
)
from tests.grading.people.makers import HUMAN, NEVER, said
from tests.web.conftest import finish

pytestmark = pytest.mark.django_db(transaction=True)
RUBRIC = make_rubric(
    make_criterion("sold", text="The lamps are paid for."),
    make_criterion("kind", text="The answer is kind.", check=HUMAN),
    make_criterion("extra", text="Something else was sold.", points=-2, check=NEVER),
)
TALKS = scripted({"text": "I **sold** nothing."})


@pytest.fixture
def rollout(runner):
    runner.groups.add(Group.objects.get_or_create(name=REVIEWER)[0])
    plan = make_plan(
        make_world(owner=runner), agent=TALKS, rubric=RUBRIC, labels={"title": "Sell lamps"}
    )
    return finish(make_run(plan, owner=runner, title="A run")).rollouts.get()


def path(rollout, **query):
    address = reverse("grading:episode", args=[rollout.run_id, rollout.pk])
    return f"{address}?{'&'.join(f'{k}={v}' for k, v in query.items())}" if query else address


def test_a_rubric_is_decided_by_keyboard_alone(rollout, visit, runner):
    page = visit(path(rollout))
    expect(page.locator(".state.chip").first).to_have_text("incomplete", use_inner_text=True)

    page.keyboard.press("n")  # the first criterion
    page.keyboard.press("n")
    page.keyboard.press("1")  # met: asks why, records nothing
    expect(page.locator(":focus")).to_have_id("verdict-reason-kind")
    page.keyboard.type("Kind enough, 1 and 2.")
    page.keyboard.press("Control+Enter")

    page.get_by_text("decided by ruth").wait_for()
    expect(page.locator("main > #timeline, main > #episode-head")).to_have_count(
        2
    )  # in their places
    expect(page.locator("#live")).to_have_text("Criterion 2: met, reward 1/2")
    expect(page.locator(":focus")).to_have_id("criterion-kind")
    expect(page.locator(".state.chip").first).to_have_text("fail", use_inner_text=True)
    verdict = Verdict.objects.get(author=runner)
    assert (verdict.outcome, verdict.rationale) == ("met", "Kind enough, 1 and 2.")

    page.keyboard.press("p")
    page.keyboard.press("a")  # agrees with the check
    page.locator("#criterion-sold.is-human").wait_for()
    expect(page.locator("#live")).to_have_text("Criterion 1: not met, reward 1/2")

    # undo: the history of the second, then its button
    page.keyboard.press("n")
    page.locator("#criterion-kind .history summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("I misread it.")
    page.keyboard.press("Enter")
    page.locator("#criterion-kind s").first.wait_for(state="attached")
    expect(page.locator("#live")).to_have_text("Criterion 2: open, no reward yet")
    assert verdict.withdrawal.reason == "I misread it."


def test_a_criterion_is_flagged_and_a_failure_noted_by_keyboard_alone(rollout, visit, runner):
    record_verdict(rollout.assessments.get().pk, "kind", said("met"), author=runner)
    page = visit(path(rollout))

    page.keyboard.press("n")
    page.keyboard.press("f")
    expect(page.locator(":focus")).to_have_id("report-text-sold")
    page.keyboard.type("Nobody asked for lamps.")
    page.keyboard.press("Control+Enter")
    page.get_by_text("was filed").wait_for()
    report = TaskReport.objects.get()
    assert (report.criterion_key, report.fault) == ("sold", "rubric")

    page.locator("[data-note] summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")  # the radio button of level 2, or 1 where none was chosen
    page.keyboard.press("Tab")
    page.keyboard.type("inv")  # invented fact
    page.keyboard.press("Tab")
    page.keyboard.type("1")
    page.keyboard.press("Tab")
    page.keyboard.type("It says what it did not do.")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Your failure note was kept.").wait_for()
    note = FailureNote.objects.get()
    assert (note.kind, note.first_step) == ("invented_fact", 1)
    expect(page.locator("#failure [data-note] textarea")).to_have_value(note.text)


def test_an_override_names_its_outcome_by_keys_and_a_harm_is_asked_for_in_its_own_words(
    rollout, visit
):
    page = visit(path(rollout))
    for _ in range(3):
        page.keyboard.press("n")

    page.keyboard.press("o")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    form = page.locator("#criterion-extra form.act-form").first
    expect(form.get_by_label("Harm was done")).to_be_checked()
    page.keyboard.press("2")  # keys work on the buttons of an answer, too
    expect(form.get_by_label("Clean")).to_be_checked()
    expect(page.locator(":focus")).to_have_id("verdict-reason-extra")
    page.keyboard.press("Escape")
    expect(form).to_be_hidden()


def test_keys_do_nothing_while_somebody_types_or_when_switched_off(rollout, visit):
    page = visit(path(rollout))
    reason = page.locator("#verdict-reason-kind")
    reason.focus()

    page.keyboard.type("a1o2f3")
    expect(reason).to_have_value("a1o2f3")
    assert not Verdict.objects.filter(source="human").exists()

    page.evaluate("localStorage.setItem('keys-off', '1')")
    page.reload()
    page.keyboard.press("f")
    expect(page.locator("[data-flag][open]")).to_have_count(0)


def test_nothing_typed_is_lost_with_the_connection(rollout, browser, live_server):
    context = browser.new_context(base_url=live_server.url)
    bring_session(context, live_server.url)
    page = context.new_page()
    page.goto(path(rollout))
    page.locator("#criterion-kind").get_by_label("Not met").check()
    page.locator("#verdict-reason-kind").fill("Long words.")
    context.set_offline(True)

    page.keyboard.press("Control+Enter")

    page.wait_for_function("document.getElementById('live').textContent.includes('Not recorded')")
    expect(page.locator("#verdict-reason-kind")).to_have_value("Long words.")
    context.set_offline(False)
    page.keyboard.press("Control+Enter")
    page.get_by_text("decided by ruth").wait_for()
    assert Verdict.objects.get(source="human").rationale == "Long words."
    context.close()


def test_nothing_typed_is_lost_with_the_page(rollout, visit):
    page = visit(path(rollout))
    reason = page.locator("#verdict-reason-kind")
    page.locator("#criterion-kind").get_by_label("Not met").check()
    reason.fill("Long words.")

    page.reload()
    expect(reason).to_have_value("Long words.")
    expect(page.locator("#criterion-kind").get_by_label("Not met")).to_be_checked()

    page.locator("#criterion-kind .act-form button").first.click()
    page.get_by_text("decided by ruth").wait_for()
    page.reload()
    expect(page.locator("#verdict-reason-kind")).to_have_value("")
    assert Verdict.objects.get(source="human").rationale == "Long words."


def test_a_refused_verdict_shows_why_and_what_was_typed(rollout, visit):
    page = visit(path(rollout))
    criterion = page.locator("#criterion-kind")
    criterion.get_by_label("Not met").check()
    page.locator("#verdict-reason-kind").fill("Because.")
    criterion.get_by_text("Evidence").first.click()
    page.locator("#verdict-evidence-kind").fill("77: nowhere")

    criterion.get_by_role("button", name="Record").click()

    page.get_by_role("link", name=re.compile("Step 77 is not")).click()
    expect(page.locator(":focus")).to_have_id("verdict-evidence-kind")
    expect(page.locator("#verdict-reason-kind")).to_have_value("Because.")
    expect(criterion.get_by_label("Not met")).to_be_checked()


def test_evidence_is_gone_to_in_both_directions(rollout, visit, runner):
    last = rollout.episode.steps.order_by("index").last().index
    cited = [Cited(last, "I sold nothing")]
    record_verdict(rollout.assessments.get().pk, "kind", said("met", evidence=cited), author=runner)
    page = visit(path(rollout))

    page.locator("#criterion-kind .cite").click()
    step = page.locator("article.step:target")
    expect(step.locator("mark")).to_have_text(["I ", "sold", " nothing"], use_inner_text=True)
    step.locator(".cites a").click()
    expect(page.locator(".criterion:target")).to_have_attribute("id", "criterion-kind")


def test_without_scripts_everything_is_said_too(rollout, visit, runner):
    page = visit(path(rollout), java_script_enabled=False)
    criterion = page.locator("#criterion-kind")
    criterion.get_by_label("Not met").check()
    page.locator("#verdict-reason-kind").fill("Rude.")
    criterion.get_by_role("button", name="Record").click()
    expect(page).to_have_url(re.compile(r"#criterion-kind$"))
    page.get_by_text("Criterion 2: not met, reward 0/2").wait_for()

    page.locator("#criterion-sold").get_by_role("button", name="Agree").click()
    page.get_by_text("Criterion 1: not met, reward 0/2").wait_for()
    page.locator("[data-note] summary").click()
    page.get_by_label("3 adaptability").check()
    page.get_by_label("What went wrong").select_option("poor_search")
    page.get_by_role("button", name="Keep").click()
    page.get_by_text("Your failure note was kept.").wait_for()
    page.locator("#criterion-kind .history summary").click()
    page.locator("#criterion-kind .history").get_by_role("button", name="Take back").click()
    page.get_by_text("Criterion 2: open, no reward yet").wait_for()
    assert Verdict.objects.filter(source="human", withdrawal__isnull=False).count() == 1


def test_a_cited_step_is_marked_in_its_place_without_a_reload(rollout, visit):
    last = rollout.episode.steps.order_by("index").last().index
    page = visit(path(rollout))
    page.locator("#criterion-kind").get_by_label("Not met").check()
    page.locator("#verdict-reason-kind").fill("Rude.")
    page.locator("#criterion-kind").get_by_text("Evidence").first.click()
    page.locator("#verdict-evidence-kind").fill(f"{last}: sold nothing")

    page.locator("#criterion-kind").get_by_role("button", name="Record").click()

    marks = page.locator(f".steps > #step-{last} mark")
    marks.first.wait_for()
    expect(marks).to_have_text(["sold", " nothing"], use_inner_text=True)
    expect(page.locator("#timeline .is-evidence")).to_have_count(1)
    expect(page.locator("#people")).to_have_count(1)


def test_who_looks_blind_decides_first_and_sees_then(rollout, visit, runner):
    record_verdict(
        rollout.assessments.get().pk,
        "kind",
        said("met", "Hers."),
        author=make_user("anna", REVIEWER),
    )
    page = visit(reverse("grading:queue"))
    page.get_by_role("button", name="Look blind").click()
    page.goto(path(rollout))
    expect(page.get_by_text("Hers.")).to_have_count(0)
    expect(page.locator("#criterion-sold .state").first).to_have_text(
        "hidden from you", use_inner_text=True
    )

    page.locator("#criterion-kind").get_by_label("Not met").check()
    page.locator("#verdict-reason-kind").fill("Mine.")
    page.locator("#criterion-kind").get_by_role("button", name="Record").click()

    page.get_by_text("Hers.").first.wait_for()
    verdict = Verdict.objects.get(author=runner)
    assert (verdict.was_blind, verdict.is_authoritative) == (True, False)
    page.get_by_role("button", name="Show all verdicts").click()
    page.get_by_text("You see all verdicts again.").wait_for()
    expect(page.locator("#criterion-sold .state").first).to_have_text(
        "not met", use_inner_text=True
    )


@pytest.fixture
def full(rollout, runner):
    """An episode about which much was said."""
    anna, assessment = make_user("anna", REVIEWER), rollout.assessments.get()
    record_verdict(assessment.pk, "kind", said("not_met", "Rude."), author=anna)
    record_verdict(assessment.pk, "extra", said("met", "A chair."), author=runner)
    note_failure(rollout.pk, Note(level=3, kind="wrong_order", first_step=1), author=anna)
    complaint = Complaint(fault="rubric", text="Too strict.", criterion="kind", owner=anna)
    report_task(rollout.pk, complaint, reporter=runner)
    plan = make_plan(rollout.episode.world, rubric=RUBRIC)
    finish(make_run(plan, owner=runner, title="Another run"))
    return rollout


def addresses(rollout):
    report = reverse("reports:report", args=[TaskReport.objects.get().pk])
    queue, reports = reverse("grading:queue"), reverse("reports:reports")
    waiting = Run.objects.get(title="Another run").rollouts.get()
    return (path(rollout), path(waiting), path(rollout, blind=1), queue, reports, report)


@pytest.mark.parametrize("width", [1400, 390])
def test_axe_finds_nothing_and_nothing_is_too_wide(width, full, visit):
    page = visit("/", width=width)

    for address in addresses(full):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details.act').forEach((d) => (d.open = true))")
        assert axe_in_both_themes(page) == [], address
        assert width_of(page) <= width, address
