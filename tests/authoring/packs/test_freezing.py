"""Freezing: one hashed list of revisions, splits for life, and whoever comes second."""

import pytest

from authoring.models import Task
from authoring.packs.composing import change_pack
from authoring.packs.freezing import freeze_pack

pytestmark = pytest.mark.django_db


def test_a_frozen_version_lists_revisions_and_gives_their_tasks_splits(filled, author):
    change_pack(filled, {"sizes": {"heldout": 1, "test": 1}}, by=author)

    version = freeze_pack(filled, by=author, notes="the first")

    entries = dict(version.entries.values_list("task__slug", "split"))
    assert entries == dict(Task.objects.values_list("slug", "split"))
    assert sorted(entries.values()) == ["heldout", "test", "train", "train"]
    assert {split: has["tasks"] for split, has in version.splits.items()} == {
        "train": 2,
        "test": 1,
        "heldout": 1,
    }
    assert [line["kind"] for line in version.changelog] == ["added"] * 4
    assert version.worlds[0]["name"] == "store@1"
