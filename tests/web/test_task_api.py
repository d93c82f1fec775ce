"""Tasks over REST: the same services, lint and moves as in the browser."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from authoring.drafts.saving import replace_draft
from authoring.dry_runs.starting import start_dry_run
from authoring.listing.templates import TEMPLATES
from authoring.models import Comment, Draft, InboxItem, KeptFinding, Revision, Task
from authoring.reviewing.checklist import KEYS
from simulation import roles
from tests.authoring.dry_runs import KIND, make_dry_run, make_tried_task
from tests.authoring.tasks import content_of, make_revision, make_task
from tests.factories import make_user, make_world
from tests.web.conftest import finish
from tests.web.rest import Script, rows

pytestmark = pytest.mark.django_db
MISS = {"name": "SECRET-MISS", "solution": [{"message": "SECRET-MISS-TEXT"}]}
SECRETS = {"notes": "SECRET-NOTES", "near_misses": [MISS]}


@pytest.fixture
def world(author):
    return make_world(owner=author, slug="store", version=1, prompts={"clerk": "You are a clerk."})


@pytest.fixture
def task(author, world):
    return make_task(author, world)


@pytest.fixture
def alice(author):
    return Script(author)


@pytest.fixture
def bob(reviewer):
    return Script(reviewer)


# beginning


def test_a_task_is_begun_from_a_template_of_nothing_as_a_copy_and_whole(alice, world):
    made = alice.post("tasks/", {"title": "Late parcel", "world": "store@1"})
    assert (alice.status, made["slug"], made["state"]) == (201, "late-parcel", "draft")
    assert alice.headers["Location"] == "/api/v1/tasks/late-parcel/"

    name, template = next(iter(TEMPLATES.items()))
    made = alice.post("tasks/", {"title": "Begun", "world": "store@1", "template": name})
    assert made["content"]["prompt"] == template.prompt

    content = content_of(world, title="Whole")
    made = alice.post("tasks/", {"slug": "whole", "content": content})
    assert (made["content"], made["draft"]["version"]) == (content, 1)
    assert made["lint"] is not None

    copy = alice.post("tasks/", {"duplicate_of": "whole"})
    assert (copy["slug"], copy["content"]["title"]) == ("whole-copy", "Whole (copy)")


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({}, 400, "title: "),
        ({"title": "x", "world": "nowhere@1"}, 400, "world: "),
        ({"titel": "x"}, 400, "there is no field 'titel'"),
        ({"slug": "new", "content": {"category": "reasoning"}}, 400, "slug: new is an address"),
        ({"slug": "x", "content": {"category": "odd", "prompt": 5}}, 400, "category: "),
        ({"slug": "x", "content": {}, "title": "y"}, 400, "leave out title"),
        ({"duplicate_of": "nothing"}, 404, "no such thing"),
        ([1], 400, ""),
    ],
)
def test_what_is_no_task_is_refused_with_what_would_be_right(body, status, said, alice, world):
    answer = alice.post("tasks/", body)

    assert (alice.status, said in answer["error"]["message"]) == (status, True), answer
    assert not Task.objects.exists()


def test_all_that_is_wrong_with_content_is_named_at_once(alice, world):
    answer = alice.post("tasks/", {"slug": "x", "content": {"category": "odd", "prompt": 5}})

    assert "category: " in answer["error"]["message"]
    assert "\nprompt: " in f"\n{answer['error']['message']}"


def test_who_writes_no_tasks_begins_none(runner, world):
    ruth = Script(runner)

    assert "needs the role author" in ruth.post("tasks/", {"title": "x"})["error"]["message"]
    assert ruth.status == 403


# the list


def test_the_list_filters_as_the_page_does_and_refuses_wishes_that_it_does_not_know(
    alice, bob, world, author, reviewer
):
    make_task(author, world, "one", title="One", difficulty="easy", tags=["red"])
    make_task(author, world, "two", title="Two", difficulty="hard")
    make_revision(make_task(reviewer, world, "three", title="Three"), "approved")
    found = {
        "": ["one", "three", "two"],
        "?sort=-slug": ["two", "three", "one"],
        "?sort=-changed": ["three", "two", "one"],
        "?owner=bob": ["three"],
        "?difficulty=hard": ["two"],
        "?tag=red": ["one"],
        "?state=approved": ["three"],
        "?q=three": ["three"],
        "?reviewer=-&owner=alice": ["one", "two"],
        "?split=heldout": [],
    }

    assert {query: rows(bob.get(f"tasks/{query}"), "slug") for query in found} == found
    assert rows(alice.get("tasks/"), "slug") == ["one", "three", "two"]
    assert rows(alice.get("tasks/"), "lint")[1] is None  # of a draft that is not theirs
    assert "no parameter 'ownr'" in bob.get("tasks/?ownr=x")["error"]["message"]
    assert bob.get("tasks/?state=odd")["error"]["field"] == "state"


def test_a_long_list_goes_on_by_cursor_whatever_its_order(bob, world, author):
    for number in range(5):
        make_task(author, world, f"task-{number}")

    for sort in ("slug", "-changed"):
        seen, where = [], f"tasks/?page_size=2&sort={sort}"
        while where:
            page = bob.get(where)
            seen += rows(page, "slug")
            where = page["next"] and page["next"].removeprefix("http://testserver")
        assert sorted(seen) == [f"task-{number}" for number in range(5)], sort


def test_the_list_takes_as_many_queries_for_many_tasks_as_for_one(
    bob, world, author, django_assert_max_num_queries
):
    for number in range(4):
        make_task(author, world, f"task-{number}")
    bob.get("tasks/")

    with django_assert_max_num_queries(4):
        bob.get("tasks/")


# what is seen


@pytest.fixture
def secret_task(author, world):
    """An approved task that says secret things in each part that gives it away."""
    rubric = [{"key": "k", "text": "SECRET-RUBRIC", "check": {"kind": "human"}}]
    task = make_task(
        author,
        world,
        "approved",
        reference=[{"message": "SECRET-REFERENCE"}],
        setup=[{"op": "delete", "entity_type": "item", "id": "SECRET-SETUP"}],
        rubric={"criteria": rubric},
        **SECRETS,
    )
    content = Draft.objects.get(task=task).content
    Revision.objects.create(
        task=task, number=1, content=content, hash="1" * 64, author=author, state="approved"
    )
    Draft.objects.filter(task=task).update(is_ahead=True)
    return task


READS = ("", "draft/", "lint/", "revisions/", "revisions/1/", "revisions/1/differences/?from=1")
MORE_READS = ("review/", "comments/", "dry-runs/")


@pytest.mark.parametrize("role", ["", roles.RUNNER])
def test_who_does_not_see_the_rubric_gets_the_prompt_and_the_labels_alone(role, secret_task):
    script = Script(make_user("somebody", *([role] if role else [])), "read")

    answers = {part: script.ask("GET", f"tasks/approved/{part}") for part in READS + MORE_READS}

    assert "SECRET" not in str(answers)
    assert {part for part, body in answers.items() if "error" not in body} == {""}
    assert set(answers[""]["content"]) == {
        *("prompt", "title", "category", "difficulty", "target_level", "tags")
    }
    assert "SECRET" not in str(script.get("tasks/?q=SECRET-RUBRIC"))


def test_an_author_of_other_tasks_reads_the_approved_revision_and_no_draft(secret_task):
    script = Script(make_user("other", roles.AUTHOR), "read")

    task, revision = script.get("tasks/approved/"), script.get("tasks/approved/revisions/1/")

    assert revision["content"] == task["content"]
    assert "SECRET-REFERENCE" in str(task)
    assert (task["draft"], task["lint"], task["reviewer"]) == (None, None, None)
    for part in ("draft/", "lint/", *MORE_READS):
        assert (script.get(f"tasks/approved/{part}"), script.status)[1] == 404, part


def test_a_reviewer_gets_no_reference_before_they_ask_for_it(bob, alice, author, world):
    task = make_task(author, world, reference=content_of(world)["reference"], **SECRETS)
    alice.post("tasks/sell-lamps/comments/", {"place": "reference", "body": "SECRET-COMMENT"})
    revision = make_revision(task, "in_review")
    parts = (*READS, *MORE_READS)

    before = {part: bob.get(f"tasks/sell-lamps/{part}") for part in parts}
    bob.get("tasks/sell-lamps/draft/")
    tag = bob.headers["ETag"]
    assert not [part for part, body in before.items() if "error" in body]
    assert "SECRET" not in str(before)
    assert "reference" not in before["draft/"]["content"]
    assert before["draft/"]["hidden"] == ["reference", "near_misses", "notes"]
    assert not [p for p in before["draft/"]["fingerprints"] if p.startswith("reference")]
    assert (bob.post("tasks/", {"duplicate_of": "sell-lamps"}), bob.status)[1] == 403

    bob.post("tasks/sell-lamps/review/reveal/", {"revision": revision.number})
    bob.ask("GET", "tasks/sell-lamps/draft/", If_None_Match=tag)
    assert bob.status == 200  # the same draft, and more of it is shown
    after = {part: bob.get(f"tasks/sell-lamps/{part}") for part in parts}
    assert after["draft/"]["content"]["notes"] == "SECRET-NOTES"
    assert "SECRET-COMMENT" in str(after["comments/"])


# the draft


def test_a_draft_is_replaced_whole_by_who_saw_what_it_was(alice, task):
    draft = alice.get("tasks/sell-lamps/draft/")
    tag = alice.headers["ETag"]
    content = {**draft["content"], "title": "Another title"}

    saved = alice.ask("PUT", "tasks/sell-lamps/draft/", {"content": content}, If_Match=tag)

    assert (alice.status, saved["version"], saved["content"]) == (200, 2, content)
    assert tag.startswith(f'"{draft["hash"]}.')
    assert not alice.headers["ETag"].startswith(tag[:60])
    assert alice.ask("PUT", "tasks/sell-lamps/draft/", {"content": content}, If_Match=tag)
    assert alice.status == 412
    assert alice.ask("PUT", "tasks/sell-lamps/draft/", {"content": content})
    assert alice.status == 428
    assert Draft.objects.get().version == 2


def test_edits_of_parts_are_saved_together_and_say_what_they_saw(alice, task):
    draft = alice.get("tasks/sell-lamps/draft/")
    seen = draft["fingerprints"]
    criterion = draft["content"]["rubric"]["criteria"][0]
    key = f"rubric/{criterion['key']}"
    new = {"key": "polite", "text": "It is polite.", "check": {}}
    edits = [
        {"path": "title", "value": "Lamps", "base": seen["title"]},
        {"path": key, "value": {**criterion, "text": "Changed."}, "base": seen[key]},
        {"path": "rubric/polite", "value": new, "base": draft["absent"]},
    ]

    saved = alice.ask("PATCH", "tasks/sell-lamps/draft/", {"edits": edits})

    assert alice.status == 200, saved
    texts = [each["text"] for each in saved["content"]["rubric"]["criteria"]]
    assert (saved["content"]["title"], texts[0], texts[-1]) == ("Lamps", "Changed.", new["text"])


def test_parts_that_clash_lose_nothing_and_both_sides_are_told(alice, task, admin_person):
    seen = alice.get("tasks/sell-lamps/draft/")["fingerprints"]
    theirs = [{"path": "title", "value": "Theirs", "base": seen["title"]}]
    Script(admin_person).ask("PATCH", "tasks/sell-lamps/draft/", {"edits": theirs})
    edits = [
        {"path": "title", "value": "Mine", "base": seen["title"]},
        {"path": "notes", "value": "More", "base": seen["notes"]},
    ]

    error = alice.ask("PATCH", "tasks/sell-lamps/draft/", {"edits": edits})["error"]

    assert (alice.status, error["code"]) == (409, "conflict")
    (clash,) = error["clashes"]
    assert (clash["path"], clash["mine"], clash["theirs"]) == ("title", "Mine", "Theirs")
    assert Draft.objects.get().content["notes"] != "More"
    edits[0]["base"] = clash["base"]
    assert alice.ask("PATCH", "tasks/sell-lamps/draft/", {"edits": edits})["content"]["title"] == (
        "Mine"
    )


@pytest.mark.parametrize(
    "edits",
    [
        [],
        "x",
        [{"path": "nothing", "value": 1, "base": "x"}],
        [{"path": "title", "value": 5, "base": None}],
        [
            {"path": "rubric", "value": 5, "base": "-"},
            {"path": "rubric/a", "value": 1, "base": "-"},
        ],
        [{"path": "rubric/a", "value": "text", "base": "-"}],
        [{"path": "title", "value": 1, "base": "-"}] * 2,
        [{"path": "setup/99", "value": {}, "base": "-"}],
        [{"path": "setup", "value": 7, "base": "-"}],
        [{"path": "\x00", "value": 7, "base": "-"}],
    ],
)
def test_hostile_edits_change_nothing(edits, alice, task):
    seen = alice.get("tasks/sell-lamps/draft/")
    if isinstance(edits, list):
        known = {**seen["fingerprints"], "setup/99": seen["absent"], "rubric/a": seen["absent"]}
        edits = [
            {**edit, "base": known.get(edit["path"], "-") if edit["base"] == "-" else edit["base"]}
            for edit in edits
        ]

    error = alice.ask("PATCH", "tasks/sell-lamps/draft/", {"edits": edits})["error"]

    assert (alice.status, error["code"]) == (400, "invalid_argument"), error
    assert Draft.objects.get().version == 1


# lint


def test_findings_are_given_kept_for_a_reason_and_taken_back(alice, task):
    found = alice.get("tasks/sell-lamps/lint/")
    finding = next(each for each in found["findings"] if each["severity"] != "error")
    said = {"fingerprint": finding["fingerprint"], "reason": "It is meant so."}
    names = {"rule", "severity", "place", "why", "rewrite", "kept"}
    assert names <= set(finding)

    kept = alice.post("tasks/sell-lamps/lint/keep/", said)
    (held,) = [each for each in kept["findings"] if each["kept"]]
    assert (held["fingerprint"], held["kept"]["reason"]) == tuple(said.values())
    assert held["kept"]["by"] == "alice"

    back = alice.post("tasks/sell-lamps/lint/take-back/", {"fingerprint": said["fingerprint"]})
    assert not [each for each in back["findings"] if each["kept"]]
    assert not KeptFinding.objects.exists()
    gone = alice.post("tasks/sell-lamps/lint/keep/", {**said, "fingerprint": "0" * 64})
    assert (alice.status, gone["error"]["code"]) == (409, "conflict")


# revisions


def test_revisions_are_named_compared_and_brought_back(alice, task):
    first = alice.post("tasks/sell-lamps/revisions/", {"name": "before"})
    assert (alice.status, first["number"], first["name"]) == (201, 1, "before")
    draft = alice.get("tasks/sell-lamps/draft/")
    edit = {"path": "prompt", "value": "Sell a chair.", "base": draft["fingerprints"]["prompt"]}
    alice.ask("PATCH", "tasks/sell-lamps/draft/", {"edits": [edit]})
    alice.post("tasks/sell-lamps/revisions/", {"name": "after"})

    compared = alice.get("tasks/sell-lamps/revisions/2/differences/?from=1")
    assert [part["name"] for part in compared["parts"]] == ["prompt"]
    assert alice.get("tasks/sell-lamps/revisions/2/differences/") == compared
    assert alice.get("tasks/sell-lamps/revisions/2/differences/?from=draft")["parts"] == []
    assert rows(alice.get("tasks/sell-lamps/revisions/"), "name") == ["after", "before"]

    alice.post("tasks/sell-lamps/revisions/1/restore/")
    assert alice.get("tasks/sell-lamps/draft/")["content"] == first["content"]
    for number in ("3", "0", "999999999"):
        assert (alice.get(f"tasks/sell-lamps/revisions/{number}/"), alice.status)[1] == 404


# people, retiring


def test_owner_reviewer_and_tags_are_given_as_by_the_actions_of_the_list(
    task, alice, admin_person, reviewer
):
    other = make_user("olga", roles.AUTHOR)
    made = alice.ask("PATCH", "tasks/sell-lamps/", {"reviewer": "bob", "tags": ["b", "a", "b"]})
    assert (made["reviewer"], made["content"]["tags"]) == ("bob", ["b", "a"])
    assert InboxItem.objects.get().person == reviewer

    adam = Script(admin_person)
    both = adam.ask("PATCH", "tasks/sell-lamps/", {"reviewer": None, "owner": "olga"})
    assert (both["reviewer"], both["owner"]) == (None, "olga")
    refused = adam.ask("PATCH", "tasks/sell-lamps/", {"reviewer": "olga", "tags": []})
    assert (adam.status, refused["error"]["field"]) == (400, "reviewer")
    assert Task.objects.get().draft.content["tags"] == ["b", "a"]  # all of it, or nothing
    assert other == Task.objects.get().owner
    assert (alice.ask("PATCH", "tasks/sell-lamps/", {"owner": "alice"}), alice.status)[1] == 404


def test_a_task_is_retired_and_brought_back(alice, bob, task):
    assert alice.post("tasks/sell-lamps/retire/")["state"] == "retired"
    assert (alice.ask("PATCH", "tasks/sell-lamps/", {"tags": []}), alice.status)[1] == 404
    assert (bob.post("tasks/sell-lamps/bring-back/"), bob.status)[1] == 404
    assert alice.post("tasks/sell-lamps/bring-back/")["state"] == "draft"


# review


def test_everything_that_stands_against_handing_in_is_said_at_once(alice, author, world):
    make_task(author, world, title="", prompt="", reference=[])

    error = alice.post("tasks/sell-lamps/submit/")["error"]

    assert (alice.status, error["code"]) == (400, "invalid_argument")
    assert {"title", "prompt", "reference"} <= {
        line.partition(":")[0] for line in error["message"].splitlines()
    }


def test_a_whole_review_goes_over_rest(alice, bob, author, reviewer, world):
    make_tried_task(author, world, KIND, near_misses=[])
    at = "tasks/sell-lamps/"
    waiting = alice.post(f"{at}submit/", {"comment": "Please.", "reviewer": "bob"})
    assert (alice.status, waiting["revision"]["state"], waiting["mine"]) == (200, "in_review", None)

    seen = bob.get(f"{at}review/")
    number = {"revision": seen["revision"]["number"]}
    refused = bob.post(f"{at}approve/", number)["error"]["message"].splitlines()
    assert bob.status == 400
    assert refused == seen["mine"]["reasons"]
    assert len(refused) == 4, refused

    sent_back = bob.post(f"{at}request-changes/", {**number, "comment": "Say which lamps."})
    assert sent_back["revision"]["state"] == "changes_requested"
    (thread,) = alice.get(f"{at}comments/?is_open=true")["results"]
    alice.post(f"{at}comments/{thread['id']}/replies/", {"body": "Done."})
    draft = alice.get(f"{at}draft/")
    edit = {"path": "notes", "value": "Two of them.", "base": draft["fingerprints"]["notes"]}
    alice.ask("PATCH", f"{at}draft/", {"edits": [edit]})
    number = {"revision": alice.post(f"{at}submit/")["revision"]["number"]}
    resolved = bob.post(f"{at}comments/{thread['id']}/resolve/")
    assert (resolved["resolved_by"], len(resolved["replies"])) == ("bob", 1)

    tried = alice.post(f"{at}dry-runs/")
    assert (alice.status, tried["is_live"]) == (202, True)
    finish(Revision.objects.latest("pk").task.dry_runs.get().run)
    criteria = {tick["criterion"]: True for tick in bob.get(f"{at}review/")["mine"]["ticks"]}
    bob.post(f"{at}review/reveal/", number)
    bob.post(f"{at}review/ticks/", {**number, "ticks": criteria})
    answers = {key: {"is_fine": True} for key in KEYS}
    bob.post(f"{at}review/checklist/", {**number, "answers": answers})
    decided = {"criterion": "kind-words", "outcome": "met", "reason": "It is."}
    dry_run = bob.post(f"{at}dry-runs/{tried['id']}/decide/", decided)
    assert dry_run["to_decide"][0]["outcome"] == "met", dry_run
    assert bob.get(f"{at}review/")["mine"]["reasons"] == []

    approved = bob.post(f"{at}approve/", {**number, "comment": "Good."})
    assert approved["revision"]["state"] == "approved"
    assert alice.get(at)["approved"]["number"] == number["revision"]
    said = [event["action"] for event in approved["events"]]
    assert said == ["submit", "request_changes", "submit", "approve"]


def test_a_revision_that_was_not_looked_at_is_not_judged(bob, alice, task):
    alice.post("tasks/sell-lamps/submit/")

    assert bob.post("tasks/sell-lamps/approve/")["error"]["field"] == "revision"
    assert (bob.post("tasks/sell-lamps/approve/", {"revision": 7}), bob.status)[1] == 404
    own = alice.post("tasks/sell-lamps/approve/", {"revision": 1})["error"]
    assert (alice.status, own["code"]) == (403, "forbidden")
    assert alice.post("tasks/sell-lamps/withdraw/")["revision"]["state"] == "withdrawn"
    assert (alice.post("tasks/sell-lamps/withdraw/"), alice.status)[1] == 409


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("review/ticks/", {"ticks": {"sale-is-paid": True, "nothing": True}}),
        ("review/checklist/", {"answers": {"odd": {"is_fine": True}}}),
        ("review/checklist/", {"answers": {"voice": {"is_fine": "perhaps"}}}),
        ("review/checklist/", {"answers": {"voice": 5}}),
        ("request-changes/", {}),
    ],
)
def test_what_a_review_cannot_take_leaves_it_as_it_was(path, body, alice, bob, task):
    alice.post("tasks/sell-lamps/submit/")
    before = bob.get("tasks/sell-lamps/review/")

    assert "error" in bob.post(f"tasks/sell-lamps/{path}", {"revision": 1, **body})

    assert bob.status in (400, 404)
    assert bob.get("tasks/sell-lamps/review/") == before


def test_comments_stand_at_places_that_there_are(alice, task):
    error = alice.post("tasks/sell-lamps/comments/", {"place": "rubrik", "body": "x"})["error"]
    assert "place: " in error["message"]
    assert not Comment.objects.exists()

    made = alice.post("tasks/sell-lamps/comments/", {"place": "prompt", "body": "<b>Why</b>\x00?"})
    assert (alice.status, made["body"], made["replies"]) == (201, "<b>Why</b>\ufffd?", [])
    again = alice.post(f"tasks/sell-lamps/comments/{made['id']}/reopen/")
    assert (alice.status, again["error"]["code"]) == (409, "conflict")


# dry runs


def test_a_dry_run_says_what_each_agent_got_and_hides_what_a_reviewer_has_not_asked_for(
    alice, bob, author, world
):
    task = make_tried_task(author, world)
    dry_run = make_dry_run(task)
    make_revision(task, "in_review")

    mine, theirs = (
        script.get(f"tasks/sell-lamps/dry-runs/{dry_run.pk}/") for script in (alice, bob)
    )

    assert (mine["summary"], mine["is_live"]) == ("reference passes", False)
    (reference,) = [each for each in mine["tried"] if each["role"] == "reference"]
    assert (reference["passed"], reference["reward"]) == (True, 1.0)
    assert all(verdict["rationale"] for verdict in reference["verdicts"])
    (hidden,) = [each for each in theirs["tried"] if each["role"] == "reference"]
    assert not any(verdict["rationale"] for verdict in hidden["verdicts"])
    assert rows(alice.get("tasks/sell-lamps/dry-runs/"), "id") == [dry_run.pk]
    assert alice.post(f"tasks/sell-lamps/dry-runs/{dry_run.pk}/cancel/")["id"] == dry_run.pk


def test_a_reviewer_learns_of_near_misses_that_there_are_and_not_what_they_do(bob, author, world):
    task = make_tried_task(author, world)
    dry_run = make_dry_run(task)
    make_revision(task, "in_review")

    tried = bob.get(f"tasks/sell-lamps/dry-runs/{dry_run.pk}/")["tried"]

    assert [each["agent"] for each in tried if each["role"] == "near_miss"] == ["near-miss 1"]


def test_lists_of_a_task_take_as_many_queries_however_long_they_are(alice, author, world):
    task = make_tried_task(author, world)
    alice.get("me/")  # that the token was used is noted once a minute
    counts = []
    for number in (1, 2):
        start_dry_run(changed(task, number), by=author)
        thread = Comment.objects.create(task=task, place="task", body="Why?", author=author)
        Comment.objects.create(task=task, place="task", body="So.", author=author, parent=thread)
        for part in ("comments", "dry-runs", "revisions"):
            with CaptureQueriesContext(connection) as queries:
                assert len(alice.get(f"tasks/sell-lamps/{part}/")["results"]) == number, part
            counts.append(len(queries))

    assert counts[:3] == counts[3:]


def changed(task, number):
    """Change a task, so that its next dry run is of another revision."""
    replace_draft(task, {**task.draft.content, "notes": str(number)}, by=task.owner)
    task.refresh_from_db()
    return task


def test_an_unfinished_draft_is_not_tried_and_all_reasons_are_said(alice, author, world):
    make_task(author, world, prompt="", reference=[])

    error = alice.post("tasks/sell-lamps/dry-runs/")["error"]

    assert (alice.status, len(error["message"].splitlines()) > 1) == (400, True)


def test_held_out_tasks_are_for_the_scope_alone(author, world, admin_person):
    task = make_revision(make_task(author, world), "approved").task
    Task.objects.filter(pk=task.pk).update(split="heldout")
    scripts = {
        "admin": Script(admin_person, "read", name="plain"),
        "granted": Script(admin_person, "read", "heldout", name="granted"),
        "author": Script(author, "read", name="mine"),
    }

    found = {name: rows(script.get("tasks/"), "slug") for name, script in scripts.items()}

    assert found["granted"] == ["sell-lamps"]
    assert found["author"] == []
    assert (scripts["granted"].get("tasks/sell-lamps/"), scripts["granted"].status)[1] == 200
    assert (scripts["author"].get("tasks/sell-lamps/"), scripts["author"].status)[1] == 404


def test_nobody_without_a_token_or_session_gets_in(client, task):
    assert client.get("/api/v1/tasks/").status_code == 401
    assert client.get("/api/v1/tasks/sell-lamps/").status_code == 401
