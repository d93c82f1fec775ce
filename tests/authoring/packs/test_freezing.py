"""Freezing: one hashed list of revisions, splits for life, and whoever comes second."""

import pytest
from django.db import Error, transaction

from authoring.models import PackVersion, Task
from authoring.packs.composing import add_tasks, change_pack, create_pack, remove_tasks, take_newer
from authoring.packs.freezing import freeze_pack
from authoring.packs.hashes import hash_of_split, hash_of_version
from simulation.errors import Conflict, Forbidden, Problems
from simulation.models import Episode
from tests.authoring.tasks import make_revision
from tests.beside import at_once
from tests.factories import make_plan, make_run

pytestmark = pytest.mark.django_db
ALL = ["again", "fourth", "lamps", "third"]


def test_a_version_lists_revisions_and_gives_their_tasks_splits(filled, author):
    change_pack(filled, {"sizes": {"heldout": 1, "test": 1}}, by=author)

    version = freeze_pack(filled, by=author, notes=" the first ")

    entries = dict(version.entries.values_list("task__slug", "split"))
    assert entries == dict(Task.objects.values_list("slug", "split"))
    assert sorted(entries.values()) == ["heldout", "test", "train", "train"]
    assert {split: has["tasks"] for split, has in version.splits.items()} == {
        "train": 2,
        "test": 1,
        "heldout": 1,
    }
    assert [(line["task"], line["kind"]) for line in version.changelog] == [
        (slug, "added") for slug in ALL
    ]
    assert (version.number, version.notes, version.canary) == (1, "the first", filled.canary)


def test_the_hashes_follow_from_what_is_listed(filled, author, store_world):
    version = freeze_pack(filled, by=author)

    lines = [
        (e.task.slug, e.revision.number, e.revision.hash, store_world.content_hash)
        for e in version.entries.filter(split="train").select_related("task", "revision")
    ]
    assert version.splits["train"] == {"tasks": len(lines), "hash": hash_of_split(lines[::-1])}
    said = {name: getattr(version, name) for name in ("title", "licence", "canary", "splits")}
    given = {**said, "slug": "basics", "number": 1, "is_for_training": False}
    worlds = [{"name": "store@1", "hash": store_world.content_hash}]
    assert version.worlds == worlds
    assert version.hash == hash_of_version(**given, worlds=worlds)


@pytest.mark.parametrize(
    "change",
    [
        lambda pack, by: change_pack(pack, {"title": "Other"}, by=by),
        lambda pack, by: change_pack(pack, {"description": "Other"}, by=by),
        lambda pack, by: change_pack(pack, {"licence": "CC-BY-4.0"}, by=by),
        lambda pack, by: change_pack(pack, {"is_for_training": True}, by=by),
        lambda pack, by: remove_tasks(pack, ["third"], by=by),
    ],
    ids=["title", "description", "licence", "training", "tasks"],
)
def test_the_next_version_says_something_else(change, filled, author, admin_person):
    first = freeze_pack(filled, by=author)
    with pytest.raises(Conflict, match="basics@1 says the same already"):
        freeze_pack(filled, by=author)

    change(filled, admin_person)
    second = freeze_pack(filled, by=author)

    assert second.number == 2
    assert second.hash != first.hash


def test_the_changelog_says_what_changed_since_the_version_before(filled, author, admin_person):
    freeze_pack(filled, by=author)
    Task.objects.get(slug="lamps").revisions.update(state="superseded")
    lamp = {"op": "update", "entity_type": "item", "id": "lamp", "fields": {"price": 9.5}}
    make_revision(Task.objects.get(slug="lamps"), "approved", setup=[lamp])
    take_newer(filled, by=admin_person)
    remove_tasks(filled, ["third"], by=admin_person)

    version = freeze_pack(filled, by=author)

    changed, removed = version.changelog
    assert changed == {
        "task": "lamps",
        "kind": "changed",
        "before": 1,
        "after": 2,
        "parts": ["setup"],
        "comparable": False,
        "why": "Setup differs between revisions 1 and 2: their rewards do not measure the same.",
    }
    assert (removed["task"], removed["kind"], removed["after"]) == ("third", "removed", None)


def test_a_split_once_given_stays_in_every_other_pack(filled, author, admin_person):
    change_pack(filled, {"sizes": {"heldout": 2, "test": 2}}, by=author)
    freeze_pack(filled, by=author)
    given = dict(Task.objects.values_list("slug", "split"))
    other = create_pack(slug="other", title="Other", by=admin_person)
    add_tasks(other, ALL, by=admin_person)

    version = freeze_pack(other, by=admin_person)

    assert dict(version.entries.values_list("task__slug", "split")) == given
    with pytest.raises(Error, match="never changes"), transaction.atomic():
        Task.objects.filter(slug="lamps").update(split="train")


def test_an_error_of_a_check_stands_against_it(filled, author):
    Task.objects.filter(slug="third").update(is_retired=True)

    with pytest.raises(Problems, match="third: Retired tasks are in no new pack"):
        freeze_pack(filled, by=author)
    assert not PackVersion.objects.exists()
    assert set(Task.objects.values_list("split", flat=True)) == {""}


def test_only_its_owner_and_admins_freeze(filled, reviewer, admin_person):
    with pytest.raises(Forbidden):
        freeze_pack(filled, by=reviewer)
    assert freeze_pack(filled, by=admin_person).frozen_by == admin_person


def test_what_agents_did_with_a_held_out_task_is_withdrawn_from_sight(
    filled, author, runner, store_world
):
    for subject in ("lamps@1", "elsewhere@1"):
        make_run(make_plan(store_world, subject=subject), owner=runner)
    change_pack(filled, {"sizes": {"heldout": 4}}, by=author)

    freeze_pack(filled, by=author)

    marked = Episode.objects.filter(is_held_out=True).values_list("rollout__subject", flat=True)
    assert [*marked] == ["lamps@1"]


def test_freezing_costs_as_many_queries_for_many_as_for_few(
    filled, author, approved, django_assert_max_num_queries
):
    for slug in ("fifth", "sixth"):
        approved(slug)
    add_tasks(filled, ["fifth", "sixth"], by=author)

    with django_assert_max_num_queries(32):
        freeze_pack(filled, by=author)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_freeze_at_once_one_wins(filled, author):
    outcomes = at_once(*[lambda: frozen(filled, author)] * 2)

    assert sorted(outcomes) == ["basics@1", "conflict"]
    assert PackVersion.objects.get().entries.count() == 4


@pytest.mark.django_db(transaction=True)
def test_two_packs_frozen_at_once_give_a_family_one_split(filled, author, approved):
    for slug, family in (("fifth", "selling"), ("sixth", "selling")):
        approved(slug, family=family)
    packs = [create_pack(slug=f"half-{n}", title="Half", by=author) for n in (1, 2)]
    for pack, slug, split in zip(packs, ("fifth", "sixth"), ("test", "train"), strict=True):
        add_tasks(pack, [slug], by=author)
        change_pack(pack, {"sizes": {split: 1}}, by=author)
        pack.refresh_from_db()

    outcomes = at_once(*(lambda pack=pack: frozen(pack, author) for pack in packs))

    won = [name for name in outcomes if "@" in name]
    assert (len(won), outcomes.count("invalid_argument")) == (1, 1)
    splits = Task.objects.exclude(split="").values_list("split", flat=True)
    assert len(splits) == 1


def frozen(pack, by) -> str:
    try:
        return str(freeze_pack(pack, by=by))
    except (Conflict, Problems) as error:
        return error.code
