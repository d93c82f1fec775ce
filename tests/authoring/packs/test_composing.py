"""Putting packs together: who may, what is left out and why, and newer revisions in one step."""

import pytest

from authoring.listing.asked import Asked
from authoring.models import Pack, PackTask, Revision, Task
from authoring.packs.composing import (
    RETIRED,
    UNAPPROVED,
    UNKNOWN,
    add_tasks,
    change_pack,
    create_pack,
    matching,
    newer_revisions,
    remove_tasks,
    take_newer,
)
from simulation.errors import Conflict, Forbidden, GymError, Problems
from tests.authoring.listed import make_many
from tests.authoring.tasks import make_revision, make_task

pytestmark = pytest.mark.django_db


def approve_another(task: Task, **changes) -> Revision:
    task.revisions.filter(state="approved").update(state="superseded")
    return make_revision(task, "approved", **changes)


def test_every_pack_has_a_canary_of_its_own_for_life(pack, author):
    other = create_pack(slug="other", title="Other", by=author)

    change_pack(pack, {"title": "Renamed"}, by=author)

    assert pack.canary.startswith("enterprisegym-canary ")
    assert pack.canary != other.canary
    assert Pack.objects.get(pk=pack.pk).canary == pack.canary


@pytest.mark.parametrize(
    ("person", "may"),
    [
        *(("author", True), ("reviewer", True), ("admin_person", True)),
        *(("runner", False), ("analyst", False), ("charlie", False)),
    ],
)
def test_authors_reviewers_and_admins_make_packs(person, may, request):
    person = request.getfixturevalue(person)

    if may:
        assert create_pack(slug="mine", title="Mine", by=person).owner == person
    else:
        with pytest.raises(Forbidden, match="author or reviewer or admin"):
            create_pack(slug="mine", title="Mine", by=person)


@pytest.mark.parametrize(
    "change",
    [
        lambda pack, by: change_pack(pack, {"title": "Mine"}, by=by),
        lambda pack, by: add_tasks(pack, ["lamps"], by=by),
        lambda pack, by: remove_tasks(pack, ["lamps"], by=by),
        lambda pack, by: take_newer(pack, by=by),
    ],
    ids=["change", "add", "remove", "take newer"],
)
def test_only_its_owner_and_admins_change_a_pack(change, pack, reviewer, admin_person, author):
    with pytest.raises(Forbidden):
        change(pack, reviewer)
    change(pack, author)
    change(pack, admin_person)


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ({"title": "  "}, "title: "),
        ({"title": "x" * 201}, "title: "),
        ({"licence": ""}, "licence: "),
        ({"sizes": {"dev": 3}}, "there is no split 'dev'; there are train, test, heldout"),
        ({"sizes": {"test": -1}}, "test: write a whole number"),
        ({"sizes": {"test": True}}, "test: write a whole number"),
        ({"sizes": [3]}, "write an object"),
        ({"canary": "mine"}, "a pack has no such member; it has title"),
        ({"slug": "other"}, "a pack has no such member"),
    ],
)
def test_bad_values_are_named(members, says, pack, author):
    with pytest.raises(Problems, match=says):
        change_pack(pack, members, by=author)


def test_all_bad_values_are_named_at_once(author):
    with pytest.raises(Problems) as caught:
        create_pack(slug="x", title="", licence="", sizes={"dev": 1}, by=author)

    assert len(caught.value.problems) == 3


@pytest.mark.parametrize("slug", ["", "Upper", "a b", "a--b", "x" * 81])
def test_a_slug_is_refused_that_is_none(slug, author):
    with pytest.raises(GymError, match="lower-case letters"):
        create_pack(slug=slug, title="A pack", by=author)


def test_a_name_is_taken_once(pack, author):
    with pytest.raises(Conflict, match="basics already"):
        create_pack(slug="basics", title="Mine", by=author)


def test_what_is_left_out_says_why(pack, author, reviewer, store_world, approved):
    for slug in ("lamps", "again", "third"):
        approved(slug)
    make_task(author, store_world, "draft")
    Task.objects.filter(slug="again").update(is_retired=True)
    approved("secret", split="heldout")
    add_tasks(pack, ["third"], by=author)

    done = add_tasks(
        pack, ["lamps", "again", "draft", "nowhere", "third", "secret", "lamps"], by=author
    )

    assert (done.added, done.kept) == (("lamps",), ("third",))
    assert {left.task: left.why for left in done.left_out} == {
        "again": RETIRED,
        "draft": UNAPPROVED,
        "nowhere": UNKNOWN,
        "secret": UNKNOWN,
    }


def test_held_out_tasks_are_added_and_taken_out_by_admins_alone(
    pack, author, admin_person, approved
):
    approved("secret", split="heldout")

    assert add_tasks(pack, ["secret"], by=admin_person).added == ("secret",)
    assert remove_tasks(pack, ["secret"], by=author) == 0
    assert remove_tasks(pack, ["secret"], by=admin_person) == 1


def test_a_filter_finds_approved_tasks_by_what_was_approved(
    author, reviewer, approved, store_world
):
    hard = approved("lamps", difficulty="hard", tags=["vip"])
    approved("again")
    make_revision(hard, difficulty="easy")  # a draft is ahead of what was approved
    make_task(author, store_world, "draft", difficulty="hard")
    Task.objects.filter(pk=approved("third", difficulty="hard").pk).update(is_retired=True)
    approved("fourth", difficulty="hard", split="heldout")

    def found(**asked):
        return [task.slug for task in matching(reviewer, Asked(**asked))]

    assert found(difficulty="hard") == ["lamps"]
    assert found(tag="vip") == ["lamps"]
    assert found(q="lights") == ["again"]
    assert found(state="approved") == ["again"]


def test_newer_revisions_are_taken_in_one_step(filled, author, approved):
    newer = {
        slug: approve_another(Task.objects.get(slug=slug), tags=["new"])
        for slug in ("lamps", "third")
    }

    names = [(each.task, each.chosen, each.approved) for each in newer_revisions(filled, by=author)]
    assert names == [("lamps", 1, 2), ("third", 1, 2)]
    assert take_newer(filled, by=author, slugs=["third", "again"]) == 1
    assert take_newer(filled, by=author) == 1
    assert newer_revisions(filled, by=author) == []
    chosen = dict(PackTask.objects.values_list("task__slug", "revision"))
    assert {slug: chosen[slug] for slug in newer} == {s: r.pk for s, r in newer.items()}


def test_newer_revisions_of_held_out_tasks_are_not_named(filled, author, admin_person):
    task = Task.objects.get(slug="lamps")
    approve_another(task, tags=["new"])
    Task.objects.filter(pk=task.pk).update(split="heldout")

    assert newer_revisions(filled, by=author) == []
    assert take_newer(filled, by=author) == 0
    assert take_newer(filled, by=admin_person) == 1


def test_many_tasks_cost_as_many_queries_as_few(
    pack, author, store_world, django_assert_max_num_queries
):
    slugs = [task.slug for task in make_many(author, store_world, 300)]

    with django_assert_max_num_queries(9):
        assert len(add_tasks(pack, slugs, by=author).added) == 300
    with django_assert_max_num_queries(7):
        assert take_newer(pack, by=author) == 0
    with django_assert_max_num_queries(9):
        assert remove_tasks(pack, slugs, by=author) == 300


@pytest.mark.parametrize("slug", ["new", "import"])
def test_a_slug_is_refused_that_is_an_address(slug, author):
    with pytest.raises(GymError, match=f"address of the application: write {slug}-pack"):
        create_pack(slug=slug, title="A pack", by=author)


def test_who_writes_no_title_is_told_what_one_is(author):
    with pytest.raises(Problems, match="title: write a title, such as Support basics"):
        create_pack(slug="x", title=" ", by=author)
