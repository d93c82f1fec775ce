"""Bringing a bundle in: whole or not at all, twice the same, and out again to the byte."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from authoring.bundles.bundle import BundleProblems
from authoring.bundles.importing import import_bundle
from authoring.bundles.reading import bundle_at, bundle_files, read_bundle
from authoring.drafts.saving import replace_draft
from authoring.models import (
    Draft,
    Pack,
    PackEntry,
    PackTask,
    PackVersion,
    ReviewEvent,
    Revision,
    Task,
)
from simulation.errors import Forbidden
from simulation.models import World
from simulation.roles import limit_held_out
from tests.authoring.bundles.elsewhere import empty
from tests.authoring.bundles.made import CANARY, approve, bundle_of, make_version, zipped
from tests.authoring.tasks import make_revision, make_task
from tests.factories import STORE, make_world

MODELS = (World, Task, Draft, Revision, ReviewEvent, Pack, PackTask, PackVersion, PackEntry)


def read(files):
    return read_bundle(bundle_files(zipped(files)))


def counts():
    return {model.__name__: model.objects.count() for model in MODELS}


@pytest.fixture
def elsewhere(bundle, db):
    """The bundle, where nothing of it is."""
    return read(bundle)


def test_the_world_and_the_tasks_become_the_importers_own_as_drafts(elsewhere, admin_person):
    done = import_bundle(elsewhere, owner=admin_person)

    assert done.worlds == ("store@1",)
    assert done.new == ("hold-lamps@1", "sell-lamps@1")
    revision = Revision.objects.get(task__slug="sell-lamps")
    assert (revision.state, revision.cause, revision.author) == ("saved", "imported", admin_person)
    assert revision.task.owner == admin_person
    assert revision.task.draft.content == revision.content
    assert not revision.task.draft.is_ahead
    assert not World.objects.get().is_draft
    assert not Pack.objects.exists()


def test_held_out_tasks_are_hidden_at_once_and_others_get_their_split_with_approval(
    elsewhere, admin_person
):
    import_bundle(elsewhere, owner=admin_person)
    splits = dict(Task.objects.values_list("slug", "split"))

    import_bundle(elsewhere, owner=admin_person, approve=True)

    assert splits == {"hold-lamps": "heldout", "sell-lamps": ""}
    assert set(Task.objects.values_list("split", flat=True)) == {"heldout", "train"}


def test_with_approval_the_version_is_frozen_as_it_was(elsewhere, admin_person):
    done = import_bundle(elsewhere, owner=admin_person, approve=True)

    version = PackVersion.objects.get()
    assert (done.version, done.is_new) == ("lamps@1", True)
    assert version.hash == elsewhere.contents.hash
    assert version.pack.canary == elsewhere.canary
    assert {(e.task.slug, e.split) for e in version.entries.all()} == {
        ("hold-lamps", "heldout"),
        ("sell-lamps", "train"),
    }
    assert set(Revision.objects.values_list("state", flat=True)) == {"approved"}
    events = ReviewEvent.objects.values_list("action", "comment", "actor__username")
    assert set(events) == {("import", "lamps@1", "adam")}
    assert version.pack.tasks.count() == 2


@pytest.mark.parametrize("approved", [False, True])
def test_a_second_import_adds_nothing(approved, elsewhere, admin_person):
    import_bundle(elsewhere, owner=admin_person, approve=approved)
    before = counts()

    again = import_bundle(elsewhere, owner=admin_person, approve=approved)

    assert counts() == before
    assert again.known == ("hold-lamps@1", "sell-lamps@1")
    assert (again.worlds, again.new, again.further, again.is_new) == ((), (), (), False)


@pytest.fixture
def second_world(author):
    return make_world(
        {**STORE, "item": {**STORE["item"], "sofa": {"name": "Sofa", "price": 300, "inStock": 1}}},
        owner=author, slug="barn", version=3, prompts={"clerk": "Be kind.\n"},
    )  # fmt: skip


def several(author, store_world, second_world):
    sell, barn = make_task(author, store_world), make_task(author, second_world, "sell-barn")
    return make_version(author, [approve(sell), approve(barn, "test")], changelog=[])


def second(author, store_world, second_world):
    sell, hold = make_task(author, store_world), make_task(author, store_world, "hold-lamps")
    one, held = approve(sell), approve(hold, "heldout")
    make_version(author, [one, held])
    two = make_revision(sell, notes="Now with a note.")
    type(two).objects.filter(pk=one.pk).update(state="superseded")
    type(two).objects.filter(pk=two.pk).update(state="approved")
    two.refresh_from_db()
    line = {"kind": "changed", "before": 1, "after": 2, "parts": ["labels"], "comparable": True}
    gone = {"kind": "removed", "before": 4, "after": None, "parts": [], "comparable": False}
    changelog = [
        {"task": "sell-lamps", "why": "", **line},
        {"task": "gone-lamps", "why": "Only the older version has this task.", **gone},
    ]
    return make_version(
        author, [two, held], number=2, changelog=changelog, notes="Brighter.", description="# Hm"
    )


def alone(author, store_world, second_world):
    update = {"op": "update", "entity_type": "item", "id": "chair", "fields": {"note": None}}
    task = make_task(author, store_world, setup=[update], tags=["a", "ä"])
    Task.objects.filter(pk=task.pk).update(family="lamps")
    return make_version(author, [approve(task, "test")])


@pytest.mark.parametrize("with_held_out", [True, False])
@pytest.mark.parametrize("make", [alone, several, second])
def test_what_is_brought_in_and_taken_out_again_is_the_same_to_the_byte(
    make, with_held_out, author, store_world, second_world, admin_person
):
    files = bundle_of(make(author, store_world, second_world), with_held_out=with_held_out)
    empty()

    import_bundle(read(files), owner=admin_person, approve=True)

    (version,) = PackVersion.objects.all()
    assert bundle_of(version, with_held_out=with_held_out) == files
    assert bundle_of(version, with_held_out=True) == files


@pytest.mark.parametrize(
    ("person", "approved", "expected"),
    [
        ("charlie", False, "needs the role author, reviewer or admin"),
        ("runner", False, "needs the role author, reviewer or admin"),
        ("analyst", False, "needs the role author, reviewer or admin"),
        ("author", True, "needs the role admin"),
        ("reviewer", True, "needs the role admin"),
        ("author", False, "lamps@1 has 1 held-out task"),
    ],
)
def test_who_may_not_import_is_told(person, approved, expected, elsewhere, request):
    with pytest.raises(Forbidden, match=expected):
        import_bundle(elsewhere, owner=request.getfixturevalue(person), approve=approved)

    assert not World.objects.exists()


def test_a_token_without_the_scope_brings_no_held_out_tasks_in(elsewhere, admin_person):
    limit_held_out(admin_person, sees=False)

    with pytest.raises(Forbidden, match="has 1 held-out task"):
        import_bundle(elsewhere, owner=admin_person, approve=True)


def test_an_author_imports_a_bundle_without_held_out_tasks(open_bundle, reviewer):
    done = import_bundle(read(open_bundle), owner=reviewer)

    assert done.new == ("sell-lamps@1",)


def test_a_world_of_the_same_name_and_other_content_stands_against_it(elsewhere, admin_person):
    make_world(slug="store", version=1)

    with pytest.raises(BundleProblems) as raised:
        import_bundle(elsewhere, owner=admin_person)

    (problem,) = raised.value.problems
    assert problem.startswith("world.json: version: store@1 is here with other content")
    assert not Task.objects.exists()


def test_a_world_that_is_here_is_used(elsewhere, admin_person, store_world):
    assert import_bundle(elsewhere, owner=admin_person).worlds == ()
    assert World.objects.get() == store_world


def test_a_task_of_another_origin_keeps_its_name(elsewhere, admin_person, store_world):
    task = make_task(admin_person, store_world, prompt="Sell dee a lamp and mark it as paid.")
    make_revision(task)
    before = counts()

    with pytest.raises(BundleProblems) as raised:
        import_bundle(elsewhere, owner=admin_person)

    (problem,) = raised.value.problems
    assert problem.startswith("tasks/sell-lamps.json: id: another task is called sell-lamps here")
    assert counts() == before


def next_version(version, number=2, title="Sell lamps to dee"):
    """Cut a further revision of sell-lamps and freeze it in the next version."""
    task = Task.objects.get(slug="sell-lamps")
    revision = make_revision(task, title=title)
    Revision.objects.filter(task=task, state="approved").update(state="superseded")
    Revision.objects.filter(pk=revision.pk).update(state="approved")
    others = [e.revision for e in version.entries.exclude(task=task)]
    return bundle_of(make_version(version.pack.owner, [revision, *others], number=number))


def test_a_further_version_brings_a_further_revision(version, admin_person):
    first, then = bundle_of(version), next_version(version)
    empty()
    import_bundle(read(first), owner=admin_person, approve=True)

    done = import_bundle(read(then), owner=admin_person, approve=True)

    assert (done.further, done.known) == (("sell-lamps@2",), ("hold-lamps@1",))
    task = Task.objects.get(slug="sell-lamps")
    states = dict(task.revisions.values_list("number", "state"))
    assert states == {1: "superseded", 2: "approved"}
    assert task.draft.content["title"] == "Sell lamps to dee"
    assert not task.draft.is_ahead
    assert PackVersion.objects.count() == 2


def test_an_older_version_approves_nothing_in_the_place_of_what_is_newer(version, admin_person):
    first, then = bundle_of(version), next_version(version)
    empty()
    import_bundle(read(then), owner=admin_person, approve=True)

    import_bundle(read(first), owner=admin_person, approve=True)

    task = Task.objects.get(slug="sell-lamps")
    states = dict(task.revisions.values_list("number", "state"))
    assert states == {1: "superseded", 2: "approved"}
    assert task.draft.content["title"] == "Sell lamps to dee"


def test_a_draft_that_is_ahead_stays(version, admin_person):
    first, then = bundle_of(version), next_version(version)
    empty()
    import_bundle(read(first), owner=admin_person)
    task = Task.objects.get(slug="sell-lamps")
    replace_draft(task, {**task.draft.content, "title": "My own"}, by=admin_person)

    import_bundle(read(then), owner=admin_person)

    assert Draft.objects.get(task=task).content["title"] == "My own"


def test_a_number_that_says_something_else_is_refused_with_approval_and_the_next_without(
    version, admin_person
):
    first, then = bundle_of(version), next_version(version)
    empty()
    import_bundle(read(first), owner=admin_person)
    make_revision(Task.objects.get(slug="sell-lamps"), title="My own")

    with pytest.raises(BundleProblems, match="revision: revision 2 says something else here"):
        import_bundle(read(then), owner=admin_person, approve=True)
    done = import_bundle(read(then), owner=admin_person)

    assert done.further == ("sell-lamps@3",)


def test_a_split_is_kept_for_life(version, admin_person):
    files = bundle_of(version)
    empty()
    import_bundle(read(files), owner=admin_person)
    Task.objects.filter(slug="sell-lamps").update(split="test")

    with pytest.raises(BundleProblems, match="split: it is test here, not train"):
        import_bundle(read(files), owner=admin_person, approve=True)


PACKS_HERE = {
    "a pack of the same name": ({"slug": "lamps", "canary": "x"}, "slug: another pack is called"),
    "a pack of the same canary": ({"slug": "chairs", "canary": CANARY}, "canary: it is the canary"),
}


@pytest.mark.parametrize(("fields", "expected"), PACKS_HERE.values(), ids=PACKS_HERE)
def test_another_pack_stands_against_it(fields, expected, elsewhere, admin_person):
    Pack.objects.create(title="Else", owner=admin_person, **fields)

    with pytest.raises(BundleProblems, match=expected):
        import_bundle(elsewhere, owner=admin_person, approve=True)


def test_another_name_gives_the_version_another_hash(elsewhere, admin_person):
    import_bundle(elsewhere, owner=admin_person, approve=True, slug="lanterns")

    version = PackVersion.objects.get()
    assert str(version) == "lanterns@1"
    assert version.hash != elsewhere.contents.hash
    assert read(bundle_of(version)).name == "lanterns@1"


def test_a_reference_that_does_not_pass_is_not_approved(version, admin_person):
    revision = make_revision(Task.objects.get(slug="sell-lamps"), reference=[{"message": "No."}])
    files = bundle_of(make_version(version.pack.owner, [revision], "dim", canary="dim"))
    empty()

    with pytest.raises(
        BundleProblems, match=r"sell-lamps.json: reference: sale-is-paid is not_met"
    ):
        import_bundle(read(files), owner=admin_person, approve=True)
    assert counts() == dict.fromkeys(counts(), 0)

    assert import_bundle(read(files), owner=admin_person).new == ("sell-lamps@2",)


def test_what_lint_finds_is_not_approved(version, admin_person):
    task = Task.objects.get(slug="sell-lamps")
    criteria = task.draft.content["rubric"]["criteria"]
    rubric = {"criteria": [*criteria, {**criteria[1], "key": "the-same-again"}]}
    revision = make_revision(task, rubric=rubric)
    files = bundle_of(make_version(version.pack.owner, [revision], "dim", canary="dim"))
    empty()

    with pytest.raises(BundleProblems, match=r"sell-lamps.json: R01, criterion/the-same-again"):
        import_bundle(read(files), owner=admin_person, approve=True)

    assert counts() == dict.fromkeys(counts(), 0)


def test_the_number_of_queries_does_not_depend_on_the_number_of_tasks(
    author, store_world, admin_person
):
    def version_of(size, slug):
        tasks = [make_task(author, store_world, f"{slug}-{n}") for n in range(size)]
        return make_version(author, [approve(task) for task in tasks], slug, canary=slug)

    small, large = bundle_of(version_of(2, "few")), bundle_of(version_of(6, "many"))
    empty()
    import_bundle(read(small), owner=admin_person, approve=True)
    empty()
    with CaptureQueriesContext(connection) as few:
        import_bundle(read(small), owner=admin_person, approve=True)
    with CaptureQueriesContext(connection) as many:
        import_bundle(read(large), owner=admin_person, approve=True)

    assert len(many) <= len(few)


@pytest.mark.parametrize("name", ["lamps", "lamps.zip"])
def test_what_the_command_of_exports_writes_is_read(name, version, tmp_path):
    call_command("export", "lamps@1", "bundle", tmp_path / name, held_out=True)

    assert bundle_at(tmp_path / name).contents.hash == version.hash
