"""What people say, on pages: forms without scripts, what is hidden, what it costs."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grading.graders import Cited
from grading.models import Assessment, FailureNote, Grading, TaskReport, Verdict
from grading.people.failures import Note, note_failure
from grading.people.reports import Complaint, report_task
from grading.people.verdicts import record_verdict, withdraw
from grading.verdicts import grade_episode
from tests.factories import (
    make_criterion,
    make_plan,
    make_rubric,
    make_world,
    reference,
    scripted,
    signed_in,
)
from tests.grading.people.makers import HUMAN, NEVER, said

pytestmark = pytest.mark.django_db
SECRET = "The reason nobody may see yet."
RUBRIC = make_rubric(
    make_criterion("sold", text="The lamps are paid for."),
    make_criterion("kind", text="The answer is kind.", check=HUMAN),
    make_criterion("extra", text="Something else was sold.", points=-2, check=NEVER),
    make_criterion("subject", text="The e-mail has a subject.", check={"kind": "nope"}),
)
TALKS = scripted({"text": "I **sold** nothing."})


@pytest.fixture
def rollout(launch, runner):
    """An attempt that talks only: not met, open, clean, grader error."""
    return launch([make_plan(make_world(owner=runner), agent=TALKS, rubric=RUBRIC)]).rollouts.get()


@pytest.fixture
def assessment(rollout):
    return rollout.assessments.get()


@pytest.fixture
def failed(launch, runner):
    return launch([make_plan(make_world(owner=runner), agent=TALKS)]).rollouts.get()


def url(rollout, name="episode", *more, **query):
    path = reverse(f"grading:{name}", args=[rollout.run_id, rollout.pk, *more])
    return f"{path}?{'&'.join(f'{k}={v}' for k, v in query.items())}" if query else path


@pytest.fixture
def send():
    def post(person, address, data=None, **options):
        client = signed_in(person)
        return client.post(address, data or {}, **options)

    return post


def html_of(response, status=200):
    assert response.status_code == status, response.content.decode()[:500]
    return response.content.decode()


def criterion(html, key):
    return html.split(f'id="criterion-{key}"')[1].split('<li class="criterion')[0]


def give(key="kind", outcome="met", reason="Because.", **fields):
    return {
        "criterion": key, "outcome": outcome, "reason": reason, "authoritative": "1", **fields
    }  # fmt: skip


# verdicts


def test_a_verdict_leads_back_to_its_criterion_and_says_what_counts_now(rollout, send, reviewer):
    answer = send(reviewer, url(rollout, "verdict"), give(), follow=False)

    assert (answer.status_code, answer.url) == (303, f"{url(rollout)}#criterion-kind")
    client = signed_in(reviewer)
    html = html_of(client.get(url(rollout)))
    shown = criterion(html, "kind")
    assert "decided by bob" in shown
    assert "is-human" in html.split('id="criterion-kind"')[0].rsplit("<li", 1)[1]


def test_what_was_typed_stays_when_it_is_refused(rollout, send, reviewer):
    sent = give(outcome="not_met", reason=" ", evidence="99: nothing\nnonsense")

    html = html_of(send(reviewer, url(rollout, "verdict"), sent), 422)

    assert "Nothing was saved." in html
    assert 'href="#verdict-evidence-kind"' in html
    shown = criterion(html, "kind")
    assert "99: nothing\nnonsense" in shown
    assert re.search(r'value="not_met"[^>]* checked', shown)
    assert not Verdict.objects.filter(source="human").exists()
    html = html_of(send(reviewer, url(rollout, "verdict"), {**sent, "evidence": ""}), 422)
    assert 'href="#verdict-reason-kind"' in html
    assert "Say why" in criterion(html, "kind")


def test_with_htmx_only_what_changed_comes_back(rollout, send, reviewer, assessment):
    last = rollout.episode.steps.order_by("index").last().index
    sent = give("sold", "met", evidence=f"{last}: I sold nothing.")
    htmx = {"HX-Request": "true"}

    html = html_of(send(reviewer, url(rollout, "verdict"), sent, headers=htmx))

    assert "<html" not in html
    assert html.strip().startswith('<section class="criteria" id="criteria"')
    assert 'id="episode-head"' in html
    assert re.search(r'id="live"[^>]*>Criterion 1: met, no reward yet<', html)
    assert f'id="step-{last}" hx-swap-oob="true"' in html
    assert 'id="timeline" hx-swap-oob="true"' in html
    assert "<mark>I </mark><strong><mark>sold</mark></strong>" in html
    refused = html_of(send(reviewer, url(rollout, "verdict"), give(reason=""), headers=htmx), 422)
    assert 'id="problems"' in refused
    assert 'id="episode-head"' not in refused


def test_the_announcement_gives_the_points_once_there_are_some(failed, send, reviewer):
    sent = give("lamp-sold", "met")

    html = html_of(send(reviewer, url(failed, "verdict"), sent, headers={"HX-Request": "true"}))

    assert "Criterion 1: met, reward 1/1" in html


def test_agreeing_is_one_press(failed, send, reviewer, page):
    html = html_of(page(url(failed), reviewer))
    seen = re.search(r'name="seen" value="(\d+)"', html)[1]
    agree = {"criterion": "lamp-sold", "act": "agree", "seen": seen}

    assert send(reviewer, url(failed, "verdict"), agree).status_code == 303

    verdict = Verdict.objects.get(author=reviewer)
    assert (verdict.outcome, verdict.is_authoritative) == ("not_met", True)
    shown = criterion(html_of(page(url(failed), reviewer)), "lamp-sold")
    assert "data-agree" not in shown  # nobody agrees with oneself


def test_a_verdict_that_changed_meanwhile_is_not_agreed_with(failed, send, reviewer, analyst):
    seen = failed.assessments.get().verdicts.get().pk
    record_verdict(failed.assessments.get().pk, "lamp-sold", said("met"), author=analyst)
    agree = {"criterion": "lamp-sold", "act": "agree", "seen": seen}

    html = html_of(send(reviewer, url(failed, "verdict"), agree), 409)

    assert "changed since you opened the page" in html


def test_the_owner_of_a_run_gives_an_opinion_and_no_more(rollout, send, runner, page):
    shown = criterion(html_of(page(url(rollout), runner)), "kind")
    assert 'name="authoritative"' not in shown
    assert "your opinion" in shown

    html = html_of(send(runner, url(rollout, "verdict"), give()), 403)
    assert "needs the role reviewer, analyst or admin" in html
    assert send(runner, url(rollout, "verdict"), give(authoritative="")).status_code == 303
    assert Verdict.objects.get(author=runner).is_authoritative is False


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("verdict", give()),
        ("failure_note", {"level": "1", "kind": "other", "text": "x"}),
        ("report_task", {"fault": "task", "text": "x"}),
    ],
)
@pytest.mark.parametrize("person", ["charlie", "author"])
def test_nobody_says_anything_about_what_they_do_not_see(
    name, data, person, rollout, send, request
):
    assert send(request.getfixturevalue(person), url(rollout, name), data).status_code == 404
    assert not Verdict.objects.filter(source="human").exists()
    assert not FailureNote.objects.exists()
    assert not TaskReport.objects.exists()


def test_a_criterion_that_there_is_none_of_is_not_found(rollout, send, reviewer):
    assert send(reviewer, url(rollout, "verdict"), give("nope")).status_code == 404


def test_while_it_is_graded_there_are_no_forms_and_what_is_sent_is_refused(
    launch, runner, send, reviewer, page
):
    live = launch([make_plan(make_world(owner=runner), rubric=RUBRIC)], is_finished=False)
    rollout = live.rollouts.get()

    html = html_of(page(url(rollout), reviewer))
    assert "once it is graded" in html
    assert "data-override" not in html
    html = html_of(send(reviewer, url(rollout, "verdict"), give()), 409)
    assert "has not ended" in html


def test_a_harm_is_never_called_met(rollout, page, reviewer):
    shown = criterion(html_of(page(url(rollout), reviewer)), "extra")

    assert "Harm was done" in shown
    assert ">Clean<" in shown
    assert not re.search(r"\b[Mm]et\b", re.sub(r'"[^"]*"', "", shown))


def test_what_needs_somebody_stands_on_top_with_links(rollout, page, reviewer):
    html = html_of(page(url(rollout), reviewer))
    line = html.split('<p class="needs">')[1].split("</p>")[0]

    assert 'href="#criterion-kind"' in line
    assert "a person decides" in line
    assert 'href="#criterion-subject"' in line
    assert "grader error" in line
    assert "criterion-sold" not in line
    assert "Read it aloud." in html  # the instructions
    assert re.search(r"<details[^>]*data-override open", criterion(html, "kind"))


# history


def test_the_history_tells_everything_and_strikes_what_was_taken_back(
    assessment, rollout, page, send, reviewer, analyst
):
    first = record_verdict(assessment.pk, "kind", said("met", "Kind."), author=analyst)
    withdraw(first.pk, actor=analyst, reason="Not so kind.")
    record_verdict(assessment.pk, "kind", said("not_met", "Rude."), author=reviewer, is_blind=True)
    votes = [{"outcome": o, "rationale": f"Vote {n}."} for n, o in enumerate(("met", "not_met"))]
    Verdict.objects.create(
        assessment=assessment, criterion_key="kind", source="judge", outcome="met", round=2,
        rationale="A judge says so.", votes=votes, copy_of=assessment.verdicts.first(),
    )  # fmt: skip

    shown = criterion(html_of(page(url(rollout), reviewer)), "kind")

    for words in (
        "Taken back by anna", "Not so kind.", "<s>Kind.</s>", "given blind", "authoritative",
        "round 2", "copied from grading 1", "2 votes", "Vote 0.", "Vote 1.", "counts",
    ):  # fmt: skip
        assert words in shown, words
    own, others = Verdict.objects.get(author=reviewer), first
    assert url(rollout, "verdict_withdraw", own.pk) in shown
    assert url(rollout, "verdict_withdraw", others.pk) not in shown


def test_taking_back_is_a_form_too(assessment, rollout, send, reviewer, admin_person):
    verdict = record_verdict(assessment.pk, "kind", said("met"), author=reviewer)
    address = url(rollout, "verdict_withdraw", verdict.pk)

    answer = send(admin_person, address, {"reason": "No."})

    assert answer.status_code == 303
    assert verdict.withdrawal.author == admin_person
    assert send(reviewer, url(rollout, "verdict_withdraw", 10**9)).status_code == 404


# blind

WORDS = ("not met", "clean", "harm found", "grader error", "can’t tell", "incomplete", "★")


def test_blind_nothing_of_any_verdict_is_in_the_page(assessment, rollout, page, reviewer, analyst):
    last = rollout.episode.steps.order_by("index").last().index
    cited = [Cited(last, "sold nothing")]
    record_verdict(assessment.pk, "sold", said("met", SECRET, evidence=cited), author=analyst)
    record_verdict(assessment.pk, "subject", said("met", SECRET), author=analyst)
    record_verdict(assessment.pk, "kind", said("not_met", SECRET), author=analyst)
    note_failure(rollout.pk, Note(level=2, kind="wrong_order", text=SECRET), author=analyst)
    report_task(rollout.pk, Complaint(fault="rubric", text=SECRET), reporter=analyst)
    plain = html_of(page(url(rollout), reviewer)).split('<dialog class="panel"')[0]
    assert SECRET in plain

    html = html_of(page(url(rollout, blind=1), reviewer)).split('<dialog class="panel"')[0]

    assert "You look blind." in html
    main = html.split('<main id="main"')[1]
    assert SECRET not in html
    assert "there is no sale" not in html  # the check's reason
    assert "anna" not in main.replace('value="anna"', "").replace(">anna</option>", "")
    for words in WORDS:
        assert words not in main, words
    assert not re.search(r"state-(met|not_met|clean|harm|pass|fail|incomplete|grader_error)", main)
    assert "<mark>" not in main
    assert "points" not in main.replace("Points", "")
    assert "wrong order</span>" not in main
    assert main.count("hidden from you") == 5  # the outcome and four criteria


def test_blind_a_criterion_is_shown_once_its_person_has_spoken(
    assessment, rollout, page, send, reviewer, analyst
):
    record_verdict(assessment.pk, "kind", said("not_met", SECRET), author=analyst)
    sent = give("kind", "met", "I think so.", authoritative="")

    html = html_of(
        send(reviewer, url(rollout, "verdict", blind=1), sent, headers={"HX-Request": "true"})
    )

    assert Verdict.objects.get(author=reviewer).was_blind
    assert SECRET in criterion(html, "kind")
    assert "hidden from you" in criterion(html, "sold")
    assert re.search(r'id="live"[^>]*>Criterion 2: not met<', html)  # and no reward
    for key in ("sold", "extra", "subject"):
        opinion = give(key, "cannot_tell", authoritative="")
        assert send(reviewer, url(rollout, "verdict", blind=1), opinion).status_code == 303
    html = html_of(page(url(rollout, blind=1), reviewer))
    assert "everything is shown" in html
    assert "Grading is incomplete" in html


def test_who_saw_the_verdicts_before_is_not_blind_by_a_switch(rollout, reviewer):
    client = signed_in(reviewer)
    client.get(url(rollout))
    client.post(reverse("grading:blind"), {"blind": "on"})

    client.post(url(rollout, "verdict"), give(authoritative=""))

    assert Verdict.objects.get(author=reviewer).was_blind is False


def test_blind_there_is_nothing_to_agree_with(rollout, send, reviewer):
    agree = {"criterion": "sold", "act": "agree"}

    html = html_of(send(reviewer, url(rollout, "verdict", blind=1), agree), 409)

    assert "give a verdict of your own first" in html
    assert not Verdict.objects.filter(source="human").exists()


def test_blindness_is_remembered_and_left_on_purpose(rollout, reviewer):
    client = signed_in(reviewer)
    switch = reverse("grading:blind")

    there = client.post(switch, {"blind": "on", "next": url(rollout)})
    assert there.url == url(rollout)
    assert "You look blind." in html_of(client.get(url(rollout)))
    assert "You look blind." in html_of(client.get(url(rollout, blind=0)))  # no way round
    step = rollout.episode.steps.filter(kind="tool_call").first()
    assert step is None
    client.post(switch, {"blind": "off", "next": "https://evil.example/"})
    assert "You look blind." not in html_of(client.get(url(rollout)))


def test_blind_a_payload_has_no_marks(launch, runner, reviewer, page):
    rollout = launch([make_plan(make_world(owner=runner), agent=reference())]).rollouts.get()
    step = rollout.episode.steps.filter(tool="sell").get()
    assessment = rollout.assessments.get()
    cited = [Cited(step.index, '"buyer": "dee"')]
    record_verdict(assessment.pk, "lamp-sold", said("met", evidence=cited), author=reviewer)
    address = url(rollout, "step_payload", step.index, "result")

    assert "<mark>" in html_of(page(address, runner))
    assert "<mark>" not in html_of(page(f"{address}?blind=1", runner))


# notes and reports


def test_a_failure_note_is_kept_shown_replaced_and_taken_back(failed, send, page, runner, reviewer):
    note = {"level": "2", "kind": "wrong_order", "first_step": "1", "text": "Too early."}

    answer = send(runner, url(failed, "failure_note"), note)

    assert (answer.status_code, answer.url) == (303, f"{url(failed)}#failure")
    html = html_of(page(url(failed), reviewer))
    assert "Too early." in html
    assert "level 2 planning · ruth" in html
    blind = html_of(page(url(failed, blind=1), reviewer))
    assert "Too early." not in blind
    send(runner, url(failed, "failure_note"), {"act": "take_back"})
    assert "Too early." not in html_of(page(url(failed), reviewer))


def test_blind_others_notes_are_shown_after_ones_own(failed, send, page, runner, reviewer):
    note_failure(failed.pk, Note(level=2, kind="wrong_order", text=SECRET), author=runner)
    opinion = give("lamp-sold", "not_met", authoritative="")
    send(reviewer, url(failed, "verdict", blind=1), opinion)
    html = html_of(page(url(failed, blind=1), reviewer))
    assert "Why it failed" in html
    assert SECRET not in html

    note_failure(failed.pk, Note(level=1, kind="invented_fact"), author=reviewer)

    assert SECRET in html_of(page(url(failed, blind=1), reviewer))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"level": ""}, "note-level"),
        ({"kind": ""}, "note-kind"),
        ({"first_step": "999"}, "note-first_step"),
        ({"first_step": "two"}, "note-first_step"),
    ],
)
def test_a_refused_note_keeps_what_was_typed(change, field, failed, send, runner):
    note = {"level": "1", "kind": "wrong_order", "first_step": "1", "text": "My words."}

    html = html_of(send(runner, url(failed, "failure_note"), {**note, **change}), 422)

    assert f'href="#{field}"' in html
    assert f'id="{field}"' in html
    assert "My words." in html


def test_a_note_on_what_did_not_fail_is_refused_in_words(rollout, send, runner):
    note = {"level": "1", "kind": "wrong_order"}

    assert "no reward" in html_of(send(runner, url(rollout, "failure_note"), note), 409)


def test_a_report_is_filed_from_a_criterion_and_dealt_with_on_its_own_page(
    rollout, send, page, runner, author, reviewer
):
    sent = {"criterion": "subject", "fault": "rubric", "text": "No e-mail was asked for."}
    answer = send(runner, url(rollout, "report_task"), sent)
    assert answer.url == f"{url(rollout)}#criterion-subject"
    report = TaskReport.objects.get()
    one, move = (reverse(f"reports:{name}", args=[report.pk]) for name in ("report", "move"))
    assert one in html_of(page(url(rollout), reviewer))

    html = html_of(page(one, reviewer))
    assert "The e-mail has a subject." in html
    assert "No e-mail was asked for." in html
    html = html_of(send(reviewer, move, {"action": "fix", "fixed_in": "1", "comment": "x"}), 422)
    assert "2 or later" in html
    assert 'href="#fix-fixed_in"' in html
    assert "x</textarea>" in html
    assert send(reviewer, move, {"action": "fix", "fixed_in": "2"}).status_code == 303
    assert "fixed in revision 2" in html_of(page(one, runner))
    assert send(reviewer, move, {"action": "accept"}).status_code == 409
    assert send(reviewer, move, {"action": "explode"}).status_code == 404
    assert send(reviewer, move, {"action": "assign", "owner": "alice"}).status_code == 303
    assert page(one, author).status_code == 200  # the owner, who does not see the episode
    assert url(rollout) not in html_of(page(one, author))
    assert send(author, move, {"action": "comment", "comment": "Right."}).status_code == 303
    assert "Right." in html_of(page(one, runner))


def test_a_refused_report_keeps_what_was_typed(rollout, send, runner):
    sent = {"fault": "judge", "text": " ", "owner": "nobody-at-all"}

    html = html_of(send(runner, url(rollout, "report_task"), sent), 422)
    assert 'href="#report-owner"' in html
    html = html_of(send(runner, url(rollout, "report_task"), {**sent, "owner": ""}), 422)
    assert 'href="#report-text"' in html
    assert re.search(r'value="judge" selected', html)


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 3), ("state=open", 2), ("state=rejected", 1), ("fault=task", 1), ("mine=1", 2),
     ("owner=alice", 1), ("task=sell-lamps", 3), ("task=other", 0), ("state=nonsense", 3)],
)  # fmt: skip
def test_reports_are_narrowed_by_the_address(query, count, rollout, page, runner, author, analyst):
    report_task(rollout.pk, Complaint(fault="task", text="a", owner=author), reporter=runner)
    report_task(rollout.pk, Complaint(fault="rubric", text="b"), reporter=runner)
    rejected = report_task(rollout.pk, Complaint(fault="judge", text="c"), reporter=analyst)
    TaskReport.objects.filter(pk=rejected.pk).update(state="rejected")

    html = html_of(page(f"{reverse('reports:reports')}?{query}", runner))

    assert html.count('class="title wrap"') == count
    assert ("No report matches" in html) == (count == 0)


def test_an_empty_list_of_reports_says_how_one_comes_about(page, reviewer):
    assert "Nobody has reported a task." in html_of(page(reverse("reports:reports"), reviewer))


# gradings


def test_another_grading_is_shown_as_one_that_does_not_count(rollout, page, send, reviewer, runner):
    trial = Grading.objects.create(
        run=rollout.run, number=2, purpose="trial", asked_by=runner, rubrics="draft"
    )
    other = Assessment.objects.create(
        rollout=rollout, rubric=rollout.assessments.get().rubric, grading=trial
    )
    grade_episode(rollout.episode_id)
    sent = give("sold", "met", SECRET)

    answer = send(reviewer, url(rollout, "verdict", grading=2), sent)

    assert answer.url == f"{url(rollout, grading=2)}#criterion-sold"
    assert Verdict.objects.get(author=reviewer).assessment == other
    html = html_of(page(url(rollout, grading=2), reviewer))
    assert "Grading 2, trial of a draft: it does not count." in html
    assert SECRET in html
    official = html_of(page(url(rollout), reviewer))
    assert "does not count" not in official
    assert SECRET not in official
    assert f'href="{url(rollout, grading=2)}"' in official


@pytest.mark.parametrize("number", ["3", "0", "x", "", "9" * 30])
def test_a_grading_that_there_is_none_of_is_not_found(number, rollout, page, reviewer):
    assert page(url(rollout, grading=number), reviewer).status_code == 404


def test_a_grading_that_leaves_this_rollout_out_says_so(rollout, page, reviewer, send):
    Grading.objects.create(run=rollout.run, number=2, purpose="regrade", asked_by=reviewer)

    assert "does not measure this episode" in html_of(page(url(rollout, grading=2), reviewer))
    assert send(reviewer, url(rollout, "verdict", grading=2), give()).status_code == 404


# the queue


def test_the_queue_leads_to_what_waits_and_is_narrowed(rollout, page, reviewer):
    html = html_of(page(reverse("grading:queue"), reviewer))
    assert f"{url(rollout)}#criterion-kind" in html
    assert "a person decides" in html
    narrowed = html_of(page(f"{reverse('grading:queue')}?why=grader_error", reviewer))
    assert "#criterion-subject" in narrowed
    assert "#criterion-kind" not in narrowed
    following = page(reverse("grading:queue_next"), reviewer)
    assert following.url == f"{url(rollout)}#criterion-kind"
    narrow = page(f"{reverse('grading:queue_next')}?why=grader_error", reviewer)
    assert narrow.url.endswith("#criterion-subject")


def test_blind_the_queue_does_not_tell_why(rollout, page, reviewer):
    html = html_of(page(f"{reverse('grading:queue')}?blind=1&why=grader_error", reviewer))

    assert "grader error" not in html
    assert "#criterion-kind" in html  # and so it cannot be asked for either


def test_an_empty_queue_says_what_people_decided(failed, page, reviewer):
    record_verdict(failed.assessments.get().pk, "lamp-sold", said("met"), author=reviewer)

    html = html_of(page(reverse("grading:queue"), reviewer))

    assert "Nothing waits for a person." in html
    assert "1 criterion decided by people" in html
    assert page(reverse("grading:queue_next"), reviewer).url == reverse("grading:queue")


def test_home_counts_what_waits(rollout, page, reviewer, runner, author):
    report_task(rollout.pk, Complaint(fault="task", text="x", owner=author), reporter=runner)

    assert "2 criteria for a person to decide" in html_of(page("/", reviewer))
    assert "1 task report for you to deal with" in html_of(page("/", author))


# cost


@pytest.fixture
def cost_of(reviewer):
    """Give how many queries a page takes, for somebody who is signed in already."""
    client = signed_in(reviewer)

    def cost(address):
        client.get(address)  # the first time, the session learns what was seen
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    return cost


def test_an_episode_costs_the_same_however_much_was_said(rollout, assessment, cost_of, reviewer):
    few = cost_of(url(rollout))
    for n in range(12):
        verdict = record_verdict(
            assessment.pk, "kind", said(("met", "not_met")[n % 2], f"Word {n}."), author=reviewer
        )
        if n % 3 == 0:
            withdraw(verdict.pk, actor=reviewer)
        report_task(rollout.pk, Complaint(fault="task", text=f"{n}"), reporter=reviewer)

    assert cost_of(url(rollout)) == few
    assert few <= 15


def test_the_queue_and_the_reports_cost_the_same_however_long(launch, runner, cost_of):
    world = make_world(owner=runner)
    addresses = [reverse("grading:queue"), reverse("reports:reports")]
    launch([make_plan(world, rubric=RUBRIC)])
    report_all(runner)
    few = [cost_of(address) for address in addresses]
    launch([make_plan(world, rubric=RUBRIC, index=n) for n in range(1, 8)])
    report_all(runner)

    assert [cost_of(address) for address in addresses] == few
    assert max(few) <= 9


def report_all(runner):
    for assessment in Assessment.objects.all():
        report_task(assessment.rollout_id, Complaint(fault="task", text="x"), reporter=runner)
