"""Findings on pages: what stands there, who may do what about them, and that nothing is lost."""

from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from authoring.access import look_at_task
from authoring.drafts.document import fingerprint
from authoring.drafts.saving import Edit, change, save
from authoring.drafts.scene import scene_of
from authoring.lint import Finding, Rewrite, lint
from authoring.lint.deciding import rewritten
from authoring.lint.panel import findings_at
from authoring.models import KeptFinding, Task
from simulation.errors import Conflict
from tests.authoring.folders import CRITERIA
from tests.authoring.tasks import make_revision, make_task
from tests.factories import signed_in
from tests.web.conftest import HOSTILE

UNPAID = {
    **CRITERIA[0],
    "check": {**CRITERIA[0]["check"], "expect": [{"path": "status", "value": "void"}]},
}


def found(task: Task, rule: str) -> Finding:
    task.draft.refresh_from_db()
    return next(f for f in lint(scene_of(task.draft.value)) if f.rule == rule)


def post(person: Any, name: str, task: Task, **data: Any) -> Any:
    client = signed_in(person)
    headers = data.pop("headers", {})
    return client.post(reverse(f"lint:{name}", args=[task.slug]), data, headers=headers)


def see(person: Any, task: Task, query: str = "", name: str = "lint:page") -> Any:
    client = signed_in(person)
    return client.get(reverse(name, args=[task.slug]) + query)


def text_of(response: Any) -> str:
    return unescape(response.content.decode())


@pytest.fixture
def task(author, store_world):
    return make_task(author, store_world, rubric=[UNPAID, CRITERIA[1]])


def test_the_page_shows_findings_with_why_words_and_what_would_mend_them(task, author):
    shown = text_of(see(author, task))

    assert "The reference sets status of sale" in shown
    assert "<mark>paid</mark>" in shown  # underlined in its sentence
    assert "The new sale to dee has status <mark>" in shown
    assert "Expect paid" in shown
    assert "Keep, because …" in shown


def test_a_task_without_findings_says_what_was_looked_at(author, store_world):
    clean = make_task(author, store_world, rubric=[], reference=[])

    assert "Nothing found." in text_of(see(author, clean))
    assert "the prompt, 0 setup edits, 0 reference steps and 0 criteria" in text_of(
        see(author, clean)
    )


@pytest.mark.parametrize(
    ("at", "anchor"),
    [
        ("", "side"),
        ("prompt", "at-prompt"),
        ("criterion/sale-is-paid", "criterion-sale-is-paid"),
        ("reference/2", "step-2"),
        ("criterion/x\r\nSet-Cookie: a=b", "side"),
    ],
)
def test_a_rewrite_changes_the_draft_and_leads_back(at, anchor, task, author):
    finding = found(task, "C15")
    came_from = f"http://testserver/tasks/{task.slug}/?side=lint"

    response = post(
        author,
        "apply",
        task,
        fingerprint=finding.fingerprint,
        at=at,
        headers={"referer": came_from},
    )

    assert (response.status_code, response.url) == (303, f"{came_from}#{anchor}")
    task.draft.refresh_from_db()
    check = task.draft.content["rubric"]["criteria"][0]["check"]
    assert check["expect"] == [{"path": "status", "value": "paid"}]
    assert "C15" not in {f.rule for f in lint(scene_of(task.draft.value))}


@pytest.mark.parametrize("site", ["https://evil.example", "http://testserver", "//evil.example"])
def test_a_rewrite_leads_to_no_other_site_and_to_nothing_that_is_only_sent(site, task, author):
    response = post(
        author,
        "apply",
        task,
        fingerprint=found(task, "C15").fingerprint,
        headers={"referer": f"{site}{reverse('lint:keep', args=[task.slug])}"},
    )

    assert response.url == reverse("lint:page", args=[task.slug])


def test_a_rewrite_of_what_somebody_changed_meanwhile_changes_nothing(task, author, admin_person):
    old = found(task, "C15").fingerprint
    path = "rubric/sale-is-paid"
    before = task.draft.content["rubric"]["criteria"][0]
    mine = {**before, "text": "The new sale is void.", "check": CRITERIA[0]["check"]}
    save(task, [Edit(path=path, value=mine, base=fingerprint(before))], by=admin_person)
    task.draft.refresh_from_db()
    version = task.draft.version

    client = signed_in(author)
    url = reverse("lint:apply", args=[task.slug])
    shown = text_of(client.post(url, {"fingerprint": old}, follow=True))

    task.draft.refresh_from_db()
    assert "not there any more: the text was changed meanwhile. Nothing was changed." in shown
    assert task.draft.version == version
    assert task.draft.content["rubric"]["criteria"][0]["text"] == "The new sale is void."


def test_an_added_guard_covers_what_the_reference_changes(task, author):
    finding = found(task, "R06")

    post(author, "apply", task, fingerprint=finding.fingerprint)

    task.draft.refresh_from_db()
    guard = task.draft.content["rubric"]["criteria"][-1]
    assert guard["check"] == {
        "kind": "unchanged",
        "allow": [
            {"entity_type": "item", "id": "lamp", "fields": ["inStock"]},
            {"entity_type": "sale", "created": True, "count": 1},
        ],
    }
    rules = {f.rule for f in lint(scene_of(task.draft.value)) if f.place.endswith(guard["key"])}
    assert rules.isdisjoint({"R05", "R06", "R08", "R09", "C15"})


def test_a_criterion_is_split_in_its_place(task):
    document = task.draft.content
    values = ({"text": "First."}, {"text": "Second."})

    changed = rewritten(document, Rewrite(label="", path="rubric/sale-is-paid", values=values))

    criteria = changed["rubric"]["criteria"]
    assert [c["key"] for c in criteria] == ["sale-is-paid", "second", "lamps-left-the-shelf"]
    with pytest.raises(Conflict):
        rewritten(document, Rewrite(label="", path="rubric/nothing", values=values))


def test_keeping_needs_a_reason_and_shows_what_was_typed(task, author):
    finding = found(task, "R10")

    response = post(author, "keep", task, fingerprint=finding.fingerprint, reason="   ")

    assert response.status_code == 422
    assert "Say why it stays" in text_of(response)
    assert f'href="#reason-finding-{finding.fingerprint[:16]}"' in text_of(response)
    assert not KeptFinding.objects.exists()


def test_what_is_kept_counts_no_more_and_the_reviewer_reads_why(task, author, reviewer):
    finding = found(task, "R10")
    change(task, lambda document: {**document, "title": "Lamps"}, by=author)
    task.draft.refresh_from_db()
    before = task.draft.findings["warnings"]

    response = post(
        author, "keep", task, fingerprint=finding.fingerprint, reason=f"One is enough {HOSTILE}"
    )

    task.draft.refresh_from_db()
    assert response.status_code == 303
    assert task.draft.findings["warnings"] == before - 1
    shown = see(reviewer, task).content.decode()
    assert "1 kept for a reason" in shown
    assert "<strong>alice</strong>" in shown
    assert "One is enough &lt;script&gt;" in shown
    assert HOSTILE not in shown
    assert "Take back" not in shown  # the reviewer only reads

    post(author, "drop", task, fingerprint=finding.fingerprint)

    task.draft.refresh_from_db()
    assert task.draft.findings["warnings"] == before
    assert not KeptFinding.objects.exists()


def test_the_first_reason_stands_when_two_people_keep_one_finding(task, author, admin_person):
    finding = found(task, "R10")

    for person, reason in ((author, "mine"), (admin_person, "theirs")):
        post(person, "keep", task, fingerprint=finding.fingerprint, reason=reason)

    assert [(k.kept_by, k.reason) for k in KeptFinding.objects.all()] == [(author, "mine")]


def test_an_error_is_not_kept(task, author):
    post(author, "keep", task, fingerprint=found(task, "C15").fingerprint, reason="I like it")

    assert not KeptFinding.objects.exists()


def test_a_reason_falls_when_what_was_found_changes(task, author):
    finding = found(task, "R06")
    post(author, "keep", task, fingerprint=finding.fingerprint, reason="on purpose")
    changed = [*task.draft.content["reference"][:1], task.draft.content["reference"][2]]

    change(task, lambda document: {**document, "reference": changed}, by=author)

    assert found(task, "R06").fingerprint == finding.fingerprint  # it says the same still
    assert "1 kept for a reason" in text_of(see(author, task))
    change(task, lambda document: {**document, "reference": []}, by=author)
    assert "kept for a reason" not in text_of(see(author, task))


def test_the_script_gets_the_panel_anew_and_what_follows_it(task, author):
    finding = found(task, "R10")
    script = {"HX-Request": "true"}

    kept = post(author, "keep", task, fingerprint=finding.fingerprint, reason="ok", headers=script)
    refused = post(author, "keep", task, fingerprint="x", reason="ok", headers=script)
    empty = post(
        author,
        "keep",
        task,
        fingerprint=found(task, "R06").fingerprint,
        reason="",
        headers=script,
    )

    assert kept.status_code == 200
    assert kept["HX-Trigger"] == "draft:saved"
    assert 'id="lint-panel"' in text_of(kept)
    assert "autofocus" in text_of(kept)
    assert "not there any more" in text_of(refused)
    assert empty.status_code == 422
    assert "<html" not in text_of(empty)


def test_what_lint_finds_in_the_prompt_stands_below_it_and_comes_again_after_a_save(
    author, store_world
):
    task = make_task(author, store_world, prompt="Sell dee @item:lampp. Reply to the mayor.")

    for name in ("editor:prompt", "editor:frame"):
        shown = text_of(see(author, task, name=name))
        below = shown.split('id="at-prompt"')[1].split("</ul>")[0]
        assert "There is no item lampp in store@1 and setup. Is lamp meant?" in below
        assert "<mark>@item:lampp</mark>" in below


def test_hostile_words_are_escaped_everywhere(author, store_world):
    criterion = {**CRITERIA[0], "text": f"The reviewer's notes say {HOSTILE}"}
    prompt = f"Sell dee two lamps.\n- Write {HOSTILE} to the mayor."
    task = make_task(author, store_world, prompt=prompt, rubric=[criterion])

    for name in ("lint:page", "editor:prompt", "editor:frame"):
        shown = see(author, task, name=name).content.decode()
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown


def test_a_revision_is_read_as_it_was(task, author, reviewer):
    revision = make_revision(task)
    change(task, lambda document: {**document, "reference": []}, by=author)

    assert "The reference sets status" not in text_of(see(reviewer, task))
    shown = text_of(see(reviewer, task, f"?revision={revision.number}"))
    assert "The reference sets status" in shown
    assert "revision 1" in shown
    assert "Expect paid" not in shown  # nothing is mended in what is frozen
    assert see(reviewer, task, "?revision=7").status_code == 404
    assert see(reviewer, task, "?revision=x").status_code == 404


def test_a_reviewer_is_not_told_of_a_reference_before_they_ask_for_it(task, reviewer, author):
    make_revision(task, "in_review")

    shown = text_of(see(reviewer, task))

    assert "The reference sets" not in shown
    assert "near-miss" not in shown
    assert "about the reference: shown once you have asked to see it" in shown
    assert "The reference sets" in text_of(see(author, task))


@pytest.mark.parametrize(
    ("person", "reads", "writes"),
    [
        ("author", 200, 303),
        ("admin_person", 200, 303),
        ("reviewer", 200, 404),
        ("analyst", 404, 404),
        ("runner", 404, 404),
        ("charlie", 404, 404),
    ],
)
def test_drafts_are_linted_for_those_who_read_them(person, reads, writes, task, request):
    make_revision(task, "approved")  # everybody reads its prompt, and no more
    someone = request.getfixturevalue(person)

    assert see(someone, task).status_code == reads
    for name in ("apply", "keep", "drop"):
        response = post(someone, name, task, fingerprint="0", reason="because")
        assert response.status_code == writes


def test_findings_at_many_places_cost_one_query(author, store_world, django_assert_num_queries):
    wrong = [{**CRITERIA[1], "key": f"c-{n}", "text": f"@item:x{n} is sold."} for n in range(30)]
    look = look_at_task(author, make_task(author, store_world, rubric=wrong).slug)
    findings = lint(look.scene)

    with django_assert_num_queries(1):
        lines = [findings_at(look, findings, f"criterion/c-{n}") for n in range(30)]

    assert all(lines)


def test_many_findings_cost_no_more_queries_than_few(
    author, store_world, django_assert_max_num_queries
):
    wrong = [{**CRITERIA[1], "key": f"c-{n}", "text": f"@item:x{n} is sold."} for n in range(25)]
    few = make_task(author, store_world, "few", rubric=wrong[:1])
    many = make_task(author, store_world, "many", rubric=wrong)
    client = signed_in(author)
    client.get(reverse("lint:page", args=[many.slug]))

    with django_assert_max_num_queries(20) as few_queries:
        client.get(reverse("lint:page", args=[few.slug]))
    with django_assert_max_num_queries(20) as many_queries:
        client.get(reverse("lint:page", args=[many.slug]))

    assert len(many_queries) == len(few_queries)
