"""Importing criteria as a page and over REST: looked at, added, in the place of others, refused."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from authoring.drafts.saving import replace_draft
from authoring.rubric_imports import FORMATS
from authoring.tokens import make_token
from tests.authoring.rubric_imports.samples import CSV, HEALTHBENCH, TEXTS, lines
from tests.authoring.tasks import make_task
from tests.factories import signed_in

HOSTILE = '[{"text": "</textarea><script>alert(1)</script>", "points": 0}]'


@pytest.fixture
def task(author, store_world):
    return make_task(author, store_world)


@pytest.fixture
def client(author):
    return signed_in(author)


@pytest.fixture
def send(client, task):
    def send(text="", **more):
        data = {"content": text, "form": "", "part": "", **more}
        return client.post(reverse("rubric_import:choose", args=[task.slug]), data)

    return send


def criteria(task):
    task.draft.refresh_from_db()
    return task.draft.content["rubric"]["criteria"]


def body(response):
    return response.content.decode()


def base_in(response):
    return response.context["page"].preview.base


def test_a_rubric_is_looked_at_before_anything_is_written(send, task):
    before = criteria(task)

    response = send(TEXTS["healthbench"])

    text = body(response)
    assert response.status_code == 200
    assert "3 criteria · HealthBench" in text
    assert "Promises money back before the lamp has been seen." in text
    assert "-6 points" in text
    assert "Add 3 criteria" in text
    assert "Remove 2 criteria that are there now" in text
    assert criteria(task) == before


def test_criteria_are_added_behind_those_that_are_there(send, task):
    base = base_in(send(TEXTS["healthbench"]))

    response = send(TEXTS["healthbench"], do="add", base=base)

    made = criteria(task)
    assert (response.status_code, len(made)) == (303, 5)
    assert response.url.endswith("#criterion-says-that-the-lamp-can-be")
    assert [each["points"] for each in made[2:]] == [8, -6, 2]
    assert {each["check"]["kind"] for each in made[2:]} == {"judge"}
    assert "axis:completeness" in made[2]["note"]


def test_a_rubric_is_replaced_when_that_is_confirmed_and_can_be_had_back(send, task, client):
    before = criteria(task)

    refused = send(CSV, do="replace")
    assert refused.status_code == 422
    assert 'href="#id_confirm"' in body(refused)
    assert criteria(task) == before

    done = send(CSV, do="replace", confirm="on")
    assert done.status_code == 303
    assert [each["points"] for each in criteria(task)] == [2, 1, -2]
    kept = task.revisions.get()
    client.post(reverse("history:restore", args=[task.slug, kept.number]))
    assert criteria(task) == before


def test_what_somebody_changed_meanwhile_is_not_written_over(send, task, admin_person):
    base = base_in(send(CSV))
    changed = {**task.draft.content, "rubric": {"criteria": criteria(task)[:1]}}
    replace_draft(task, changed, by=admin_person)

    response = send(CSV, do="replace", confirm="on", base=base)

    assert response.status_code == 409
    assert "somebody changed the rubric meanwhile" in body(response).lower()
    assert "Stays polite." in body(response)
    assert criteria(task) == changed["rubric"]["criteria"]
    assert send(CSV, do="add", base=base_in(response)).status_code == 303


@pytest.mark.parametrize("more", [{}, {"do": "add"}, {"do": "replace", "confirm": "on"}])
def test_a_rubric_with_problems_is_never_imported_and_what_was_typed_stays(send, task, more):
    before = criteria(task)

    response = send(HOSTILE, **more)

    text = body(response)
    assert response.status_code == 422
    assert '<a href="#id_content">Item 1, points: points are 0: write a whole number' in text
    assert "&lt;/textarea&gt;&lt;script&gt;" in text
    assert "<script>alert" not in text
    assert criteria(task) == before


def test_a_hostile_text_is_escaped_in_the_preview(send):
    response = send(HOSTILE.replace('"points": 0', '"points": 1'))

    assert response.status_code == 200
    assert "<script>alert" not in body(response)


def test_a_file_is_read_and_its_text_shown(send):
    file = SimpleUploadedFile("rubric.csv", CSV.encode())

    response = send("typed before", file=file)

    assert response.status_code == 200
    assert "3 criteria · Table (CSV)" in body(response)
    assert response.context["page"].typed.text == CSV


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"\xff\xfe", "not UTF-8"), (b"[" * 1_000_001, "larger than 1 MB")],
)
def test_a_file_that_cannot_be_read_leaves_what_was_typed(send, data, said):
    response = send("typed before", file=SimpleUploadedFile("rubric.json", data))

    assert response.status_code == 422
    assert 'href="#id_file"' in body(response)
    assert said in body(response)
    assert response.context["page"].typed.text == "typed before"


def test_one_row_of_several_is_chosen(send, task):
    text = lines(HEALTHBENCH, {**HEALTHBENCH, "rubrics": HEALTHBENCH["rubrics"][:1]})

    asked = send(text)
    assert asked.status_code == 422
    assert 'href="#id_part"' in body(asked)
    assert "Row 2, 1 criterion: My lamp came broken." in body(asked)

    assert "1 criterion · HealthBench" in body(send(text, part="2"))


def test_the_tab_leads_there_and_others_do_not_find_it(client, task, reviewer):
    url = reverse("rubric_import:choose", args=[task.slug])
    assert url in body(client.get(reverse("rubric:page", args=[task.slug])))

    client.force_login(reviewer)
    assert url not in body(client.get(reverse("rubric:page", args=[task.slug])))
    assert client.post(url, {"content": CSV, "do": "add"}).status_code == 404
    assert len(criteria(task)) == 2


@pytest.mark.parametrize("form", FORMATS)
def test_a_rubric_goes_out_in_every_format_and_comes_back_as_the_same(send, client, task, form):
    response = client.get(reverse("rubric:export", args=[task.slug]) + f"?form={form}")

    assert response.status_code == 200
    assert response["Content-Disposition"].startswith('attachment; filename="sell-lamps-rubric.')
    preview = send(body(response)).context["page"].preview
    assert [row.text for row in preview.rows] == [each["text"] for each in criteria(task)]
    assert preview.add_problem == "all of these criteria are there already"


def test_what_is_not_to_be_had_in_a_format_is_said_on_the_tab(client, task, author, store_world):
    harm = [{"key": "a", "text": "A.", "points": -2}, {"key": "b", "text": "B."}]
    other = make_task(author, store_world, "harm", rubric={"criteria": harm})
    url = reverse("rubric:export", args=[other.slug])

    response = client.get(f"{url}?form=paperbench", follow=True)
    assert "a: PaperBench has no weights below 0" in body(response)
    assert client.get(f"{url}?form=none").status_code == 404


def post(user, task, data, *, query="", scopes=("author",)):
    name = f"laptop {user.api_tokens.count()}"
    token = make_token(user, name=name, scopes=list(scopes))
    url = reverse("api:task-rubric-import", args=[task.slug])
    headers = {"authorization": f"Bearer {token}"}
    return Client().post(url + query, json.dumps(data), "application/json", headers=headers)


def test_rest_looks_first_and_then_imports_what_it_showed(author, task):
    before = criteria(task)

    looked = post(author, task, {"content": [*json.loads(TEXTS["rar"])]}, query="?dry_run=true")
    assert looked.status_code == 200
    assert looked.json()["format"] == "rar"
    assert criteria(task) == before

    data = {"content": TEXTS["rar"], "mode": "replace", "base": looked.json()["base"]}
    done = post(author, task, data).json()
    assert [each["key"] for each in done["criteria"]] == [each["key"] for each in criteria(task)]
    assert [each["points"] for each in criteria(task)] == [5, 3, -1]
    assert done["version"] == task.draft.version
    assert post(author, task, data).status_code == 409


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"content": HOSTILE}, "item 1, points"),
        ({"content": "x", "format": "none"}, "none"),
        ({"content": TEXTS["rar"], "mode": "merge"}, "merge"),
        ({"content": lines(HEALTHBENCH, HEALTHBENCH)}, "choose one, 1 to 2"),
        ({"content": None}, "null"),
        ({"content": 7}, "none of these forms"),
        ({"content": [{"text": "A", "points": -1}], "mode": "replace"}, "points above 0"),
        ({}, "required"),
    ],
)
def test_rest_says_what_is_wrong(author, task, data, said):
    response = post(author, task, data)

    assert response.status_code == 400
    assert said in response.json()["error"]["message"]


def test_rest_takes_no_numbers_that_are_none(author, task):
    headers = {"authorization": f"Bearer {make_token(author, name='raw', scopes=['author'])}"}
    url = reverse("api:task-rubric-import", args=[task.slug])
    for number in ("1e999", "NaN", "-Infinity"):
        raw = f'{{"content": [{{"text": "A", "points": {number}}}]}}'

        response = Client().post(url, raw, "application/json", headers=headers)

        assert response.status_code == 400
        assert "number" in response.json()["error"]["message"] or "JSON" in str(response.json())


def test_rest_is_not_found_by_those_who_may_not_edit(reviewer, author, task):
    data = {"content": TEXTS["rar"]}

    assert post(reviewer, task, data).status_code == 404
    assert post(author, task, data, query="?dryrun=1").status_code == 400
    assert post(author, task, data, scopes=("read",)).status_code == 403
    assert len(criteria(task)) == 2
