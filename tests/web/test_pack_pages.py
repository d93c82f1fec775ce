"""The pages of packs: what is put together, what is frozen, and who sees which names."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from authoring.models import Pack, PackEntry, PackTask, PackVersion, Revision, Task
from authoring.packs.checking import Cell
from authoring.packs.composing import add_tasks, change_pack, create_pack, newer_revisions
from authoring.packs.coverage import coverage_of
from authoring.splits import HELD_OUT, TRAIN
from tests.authoring.listed import make_many
from tests.authoring.packs.conftest import PROMPTS
from tests.authoring.packs.frozen import freeze_one
from tests.authoring.tasks import make_revision, make_task
from tests.factories import make_user, make_world, signed_in
from tests.web.conftest import HOSTILE

LIST, NEW = reverse("packs:list"), reverse("packs:new")
SECRET = "held-secret"
HASH = "0" * 64


@pytest.fixture
def world(author):
    return make_world(owner=author, slug="store", version=1, prompts={"clerk": "You are a clerk."})


@pytest.fixture
def pack(author):
    return create_pack(slug="basics", title="Basics", by=author)


def at(name, *more, slug="basics"):
    return reverse(f"packs:{name}", args=[slug, *more])


def body(person, url, status=200):
    answer = signed_in(person).get(url)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def approve(owner, world, slug, **changes):
    task = make_task(owner, world, slug, **changes)
    make_revision(task, "approved")
    return task


def make_frozen(pack, tasks, *, by, number=1, splits=None, **fields):
    """Freeze by hand: the revision that each task has, in the split that is said or train."""
    splits = splits or {}
    counts = [splits.get(task.slug, TRAIN) for task in tasks]
    version = PackVersion.objects.create(
        pack=pack,
        number=number,
        hash=HASH,
        title=pack.title,
        licence=pack.licence,
        canary=pack.canary,
        splits={split: {"tasks": counts.count(split), "hash": HASH} for split in {*counts}},
        worlds=[{"name": "store@1", "hash": HASH}],
        frozen_by=by,
        **fields,
    )
    revisions = {r.task_id: r for r in Revision.objects.filter(task__in=tasks, state="approved")}
    PackEntry.objects.bulk_create(
        PackEntry(version=version, task=task, revision=revisions[task.pk], split=split)
        for task, split in zip(tasks, counts, strict=True)
    )
    for task, split in zip(tasks, counts, strict=True):
        Task.objects.filter(pk=task.pk, split="").update(split=split)
    return version


def test_empty_pages_say_what_comes_next(author, runner, pack):
    assert "No tasks yet." in (page := body(author, at("pack")))
    assert at("add") in page
    assert "Freeze version" not in page  # there is nothing to freeze
    assert "No task is approved yet." in body(author, at("add"))
    seen = body(runner, at("pack"))
    assert "Its owner and admins add approved tasks to it." in seen
    assert at("add") not in seen
    assert at("settings") not in seen
    Pack.objects.all().delete()
    assert "Make the first pack" in body(author, LIST)
    assert NEW not in body(runner, LIST)


def test_a_pack_is_made_and_named_after_its_title(author):
    answer = signed_in(author).post(NEW, {"title": "Support desk, basics", "licence": "MIT"})

    assert (answer.status_code, answer.url) == (303, at("pack", slug="support-desk-basics"))
    assert Pack.objects.get().licence == "MIT"


TYPED = {
    "title": "Kept title",
    "description": "Kept *text*",
    "licence": "CC0-1.0",
    "purpose": "training",
    "sizing": "exact",
    "size_heldout": "ten",
}


@pytest.mark.parametrize(
    ("changes", "anchor", "why"),
    [
        ({}, "id_size_heldout", "write a whole number of tasks"),
        ({"size_heldout": ""}, "id_exact", "say how many tasks each split gets"),
        ({"size_heldout": "1", "slug": "No Slug"}, "id_slug", "lower-case letters and digits"),
        ({"size_heldout": "1", "slug": "new"}, "id_slug", "is an address of the application"),
        ({"size_heldout": "1", "slug": "basics"}, "id_slug", "there is a pack basics already"),
        ({"size_heldout": "1", "licence": ""}, "id_licence", "write an SPDX name, or proprietary"),
    ],
)
def test_a_form_that_is_refused_keeps_what_was_typed(changes, anchor, why, author, pack):
    typed = {**TYPED, **changes}

    answer = signed_in(author).post(NEW, typed)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#{anchor}"' in page
    assert f'id="{anchor}"' in page
    assert why in page
    assert 'value="Kept title"' in page
    assert "Kept *text*</textarea>" in page
    assert f'value="{typed["size_heldout"]}"' in page
    assert 'name="purpose" value="training" checked' in page
    assert Pack.objects.count() == 1


def test_settings_show_and_change_what_the_next_version_has(author, pack):
    client = signed_in(author)
    data = {"title": "Better", "licence": "MIT", "sizing": "exact", "size_test": "3"}

    assert client.post(at("settings"), {**data, "purpose": "training"}).status_code == 303

    pack.refresh_from_db()
    assert (pack.title, pack.is_for_training, pack.sizes) == ("Better", True, {"test": 3})
    page = body(author, at("settings"))
    assert 'name="size_test" value="3"' in page
    assert "3 test, the rest train" in body(author, at("pack"))
    refused = client.post(at("settings"), {"title": "", "licence": "MIT"})
    assert refused.status_code == 422
    pack.refresh_from_db()
    assert pack.title == "Better"


def test_tasks_are_added_by_filter_after_a_page_that_counts_them(author, world, pack):
    for slug, difficulty in (("one", "hard"), ("two", "hard"), ("three", "easy")):
        approve(author, world, slug, difficulty=difficulty, title=slug.title())
    make_task(author, world, "draft", difficulty="hard")
    listed = body(author, f"{at('add')}?difficulty=hard")
    assert "All 2 approved tasks that match" in listed
    assert 'value="three"' not in listed

    asked = "?all=1&approved=1&filter=difficulty%3Dhard"
    page = body(author, at("adding") + asked)

    assert "Add 2 tasks to basics?" in page
    assert PackTask.objects.count() == 0  # looking adds nothing
    answer = signed_in(author).post(at("adding"), {"tasks": "one two"})
    assert answer.status_code == 303
    assert set(PackTask.objects.values_list("task__slug", flat=True)) == {"one", "two"}
    again = body(author, at("adding") + asked)
    assert "Nothing to add to basics" in again
    assert "2 tasks" in again


def test_what_is_left_out_is_named_with_the_reason(author, world, pack):
    approve(author, world, "good")
    make_task(author, world, "draft")
    Task.objects.filter(pk=approve(author, world, "gone").pk).update(is_retired=True)

    page = body(author, f"{at('adding')}?all=1&filter=")  # as from the list of tasks

    assert "Add 1 task to basics?" in page
    assert "has no approved revision" in page
    assert "is retired" in page
    assert 'name="tasks" value="good"' in page
    assert "No task is ticked." in body(author, at("adding"))


def test_the_list_of_tasks_leads_to_a_pack_or_to_a_new_one(author, runner, world, pack):
    approve(author, world, "good")
    assert 'value="add_to_pack"' in body(author, reverse("tasks:list"))
    client, bulk = signed_in(author), reverse("tasks:bulk")

    to_pack = client.get(bulk, {"action": "add_to_pack", "pack": "basics", "task": "good"})
    to_new = client.get(bulk, {"action": "add_to_pack", "pack": "", "task": "good"})

    assert to_pack.status_code == to_new.status_code == 303
    assert "Add 1 task to basics?" in client.get(to_pack.url).content.decode()
    form = client.get(to_new.url).context["page"]
    made = client.post(NEW, {"title": "Fresh", "licence": "MIT", "then": form.then})
    assert "Add 1 task to fresh?" in client.get(made.url).content.decode()
    for person, name in ((runner, ""), (make_user("olga", "author"), "basics")):
        asked = {"action": "add_to_pack", "pack": name, "task": "good"}
        assert signed_in(person).get(bulk, asked).status_code == 404


def test_tasks_are_taken_out_and_newer_revisions_taken(author, world, pack):
    for slug in ("one", "two", "three"):
        approve(author, world, slug)
    add_tasks(pack, ["one", "two", "three"], by=author)
    for slug in ("one", "two"):
        task = Task.objects.get(slug=slug)
        task.revisions.update(state="superseded")
        make_revision(task, "approved", notes="newer")
    client = signed_in(author)
    page = body(author, at("pack"))
    assert "2 tasks have a newer approved revision" in page
    assert "2 is approved" in page
    assert 'value="three" aria-label' not in body(author, f"{at('pack')}?newer=1")

    client.post(at("newer"), {"only": "one"})
    assert [each.task for each in newer_revisions(pack, by=author)] == ["two"]
    client.post(at("newer"))
    assert newer_revisions(pack, by=author) == []
    client.post(at("remove"), {"only": "one", "task": ["two"]})  # a row's own button counts alone
    assert set(pack.tasks.values_list("task__slug", flat=True)) == {"two", "three"}
    client.post(at("remove"), {"task": ["two", "three"]})
    assert pack.tasks.count() == 0
    assert "no task was ticked" in client.post(at("remove"), follow=True).content.decode()


def test_addresses_with_half_characters_and_too_many_tasks_are_answered(
    author, world, pack, monkeypatch
):
    approve(author, world, "good")
    client, bad = signed_in(author), "no\x00such"
    for name in ("remove", "newer"):
        assert client.post(at(name), {"only": bad}).status_code == 303
    assert client.post(at("adding"), {"task": bad}).status_code == 303
    assert client.post(NEW, {"title": f"A{bad}", "slug": bad}).status_code == 422
    assert client.get(at("adding"), {"task": bad}).status_code == 200
    monkeypatch.setattr("authoring.packs.composing.MOST", 0)

    answer = client.get(at("adding"), {"task": "good", "approved": "1"}, follow=True)

    assert "too many: at most 0" in answer.content.decode()
    assert answer.redirect_chain == [(at("add"), 303)]


def test_freezing_says_what_becomes_held_out_and_does_it_once(author, world, pack):
    for slug in ("lamps", "again"):
        approve(author, world, slug, prompt=PROMPTS[slug])
    add_tasks(pack, ["lamps", "again"], by=author)
    change_pack(pack, {"sizes": {"heldout": 1}}, by=author)

    page = body(author, at("freeze"))

    assert "2 tasks get their split for life: 1 train and 1 held out." in page
    assert "1 task becomes held out." in page
    assert PackVersion.objects.count() == 0
    answer = signed_in(author).post(at("freeze"), {"notes": "**First** one."})
    assert (answer.status_code, answer.url) == (303, at("version", 1))
    assert "<strong>First</strong>" in body(author, at("version", 1))
    assert "Nothing differs from <code>basics@1</code>." in body(author, at("freeze"))
    again = signed_in(author).post(at("freeze"), {"notes": "Kept notes"})
    assert again.status_code == 422
    assert "asics@1 says the same already" in again.content.decode()
    assert "Kept notes</textarea>" in again.content.decode()


def test_a_pack_with_errors_names_them_and_has_no_button(author, world, pack):
    approve(author, world, "good")
    add_tasks(pack, ["good"], by=author)
    Task.objects.update(is_retired=True)

    page = body(author, at("freeze"))

    assert "1 error keeps it from being frozen" in page
    assert "Freeze basics@1</button>" not in page
    for url in (at("checks"), at("freeze")):
        assert reverse("editor:prompt", args=["good"]) in body(author, url)
    part = signed_in(author).get(at("checks"), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "1 error keeps it" in part


@pytest.fixture
def secret(author, world, pack):
    """A version with a task in train and one held out, and both in what comes next."""
    tasks = [
        approve(author, world, slug, title=f"Title of {slug}", prompt=f"Prompt of {slug}.")
        for slug in ("open-task", SECRET)
    ]
    add_tasks(pack, [task.slug for task in tasks], by=author)
    make_frozen(pack, tasks[:1], by=author)
    return make_frozen(pack, tasks, by=author, number=2, splits={SECRET: HELD_OUT})


def test_held_out_tasks_are_named_to_admins_alone(secret, author, reviewer, runner, admin_person):
    newest = at("version", 2)
    urls = [LIST, at("pack"), at("checks"), newest, f"{newest}?split=heldout"]
    mine = [at("add"), f"{at('adding')}?task={SECRET}", at("freeze"), f"{at('pack')}?newer=1"]

    for person in (author, reviewer, runner):
        pages = {url: body(person, url) for url in [*urls, *(mine if person == author else [])]}
        said = {url: page.replace(url.partition("?")[2] or url, "") for url, page in pages.items()}
        assert [url for url, page in said.items() if SECRET in page] == [], person
        for url in (at("pack"), newest):
            assert "1 held-out task is not listed" in pages[url]
    for url in (at("pack"), at("version", 2), f"{at('version', 2)}?split=heldout"):
        assert f"Title of {SECRET}" in body(admin_person, url)
    assert "not listed" not in body(admin_person, at("version", 2))


def test_only_admins_download_held_out_tasks(author, admin_person, world):
    version = freeze_one(author, world)
    url = at("download", version.number, "bundle")

    def fetched(person, query=""):
        answer = signed_in(person).get(url + query)
        b"".join(answer)  # to the end, where its file is closed
        return answer.status_code, answer.get("Content-Disposition", "")

    assert fetched(author) == (200, 'attachment; filename="basics-1-bundle.zip"')
    assert "kB</span>" in body(author, at("version", 1))  # it is made now
    assert fetched(author, "?held_out=1")[0] == 404
    assert fetched(admin_person, "?held_out=1")[0] == 200
    assert signed_in(author).get(at("download", 1, "none-such")).status_code == 404


def test_a_version_says_what_changed_since_any_earlier_one(author, runner, world, pack):
    tasks = [approve(author, world, slug) for slug in ("kept", "changed")]
    make_frozen(pack, tasks, by=author)
    tasks[1].revisions.update(state="superseded")
    make_revision(tasks[1], "approved", prompt="Sell three lamps.")
    make_frozen(pack, tasks, by=author, number=2)
    added = approve(author, world, "added")
    make_frozen(pack, [*tasks, added], by=author, number=3)

    newest, since_first = (
        body(author, at("version", 3)),
        body(author, f"{at('version', 3)}?since=1"),
    )

    assert "1 task added" in newest
    assert "not comparable" not in newest
    assert "1 task changed" in since_first
    assert "not comparable" in since_first
    compare = f"{reverse('history:compare', args=['changed'])}?a=1&amp;b=2"
    assert compare in since_first
    assert compare not in body(runner, f"{at('version', 3)}?since=1")  # who may not read rubrics
    assert "What changed" not in body(author, at("version", 1))
    assert "Version 3 is the newest." in body(author, at("version", 1))
    assert "revision 1 to 2" not in body(author, f"{at('version', 3)}?since=9")


def test_runs_of_a_version_are_listed_for_those_who_see_them(author, runner, world, pack, launch):
    make_frozen(pack, [approve(author, world, "good")], by=author)
    launch(source="basics@1", title="Run of the pack", is_finished=False)

    assert "Run of the pack" in body(runner, at("version", 1))
    assert "No run of this version yet." in body(author, at("version", 1))


def test_a_task_says_in_which_packs_it_is(author, world, pack):
    task = approve(author, world, "good")
    make_frozen(pack, [task], by=author)
    add_tasks(pack, ["good"], by=author)

    page = body(author, reverse("history:page", args=["good"]))

    assert "basics@1</a>" in page
    assert "Chosen for the next version of" in page
    assert at("version", 1) in page


def test_what_people_write_of_a_pack_is_escaped(author, world):
    pack = create_pack(slug="basics", title=HOSTILE, by=author, description=HOSTILE)
    make_frozen(pack, [approve(author, world, "good", title=HOSTILE)], by=author, notes=HOSTILE)
    add_tasks(pack, ["good"], by=author)

    for url in (LIST, at("pack"), at("settings"), at("add"), at("freeze"), at("version", 1)):
        page = body(author, url)
        assert "<script>alert" not in page
        assert "<img" not in page


def cost(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_pages_cost_the_same_for_two_hundred_tasks_as_for_three(author, admin_person, world):
    def fill(slug, count):
        pack = create_pack(slug=slug, title=slug, by=author)
        tasks = make_many(author, world, count)
        add_tasks(pack, [task.slug for task in tasks], by=author)
        for number in (1, 2):
            split = {tasks[0].slug: HELD_OUT}
            make_frozen(pack, tasks, by=author, number=number, splits=split)
        return slug

    def costs(slug):
        urls = (at("pack", slug=slug), at("version", 2, slug=slug), at("add", slug=slug))
        people = (signed_in(author), signed_in(admin_person))
        return [cost(client, url) for client in people for url in (LIST, *urls)]

    few = costs(fill("few", 3))

    assert costs(fill("many", 200)) == few
    assert max(few) <= 24
    page = body(author, at("pack", slug="many"))
    assert "1 to 50 of 199" in page
    second = body(author, f"{at('version', 2, slug='many')}?split=train&page=4")
    assert "151 to 199 of 199" in second


def test_coverage_stacks_splits_and_counts_gaps():
    cells = [
        Cell(category="reasoning", difficulty="easy", split="train", tasks=3),
        Cell(category="reasoning", difficulty="easy", split="heldout", tasks=1),
        Cell(category="communication", difficulty="hard", split="", tasks=2),
    ]

    drawn = coverage_of(cells)

    assert coverage_of([]) is None
    assert coverage_of([*cells, *(cells[2:] * 600)]).sums == ["4", "0", "1,202", "1,206"]
    assert (drawn.total, drawn.totals) == (6, (4, 0, 2))
    row = next(row for row in drawn.rows if row.name == "reasoning")
    parts = row.cells[0].parts
    assert [(part.start, part.share) for part in parts] == [(0, 75), (75, 25)]
    assert row.cells[0].label == "3 train and 1 held out"
    assert [part.word for part in drawn.legend] == ["train", "held out", "no split yet"]
    assert drawn.gaps == 4 * 3 - 2
