"""What packs and their versions look like over REST."""

from typing import Any

from rest_framework import serializers

from authoring.content import CATEGORIES
from authoring.listing.asked import DIFFICULTIES, LINTS, LONGEST, Asked
from authoring.models import Pack, PackVersion
from authoring.packs.changes import PARTS
from authoring.packs.checking import Level
from authoring.packs.composing import MOST
from authoring.splits import SPLITS
from authoring.states import MARKS
from simulation.errors import InvalidArgument
from simulation.rest.bodies import Body


class PackOut(serializers.ModelSerializer[Pack]):
    """What the next version of a pack says."""

    owner = serializers.CharField(source="owner.username")
    sizes = serializers.DictField(
        child=serializers.IntegerField(min_value=0),
        help_text="exact numbers of tasks by split; empty: by share",
    )
    tasks = serializers.IntegerField(source="task_count", help_text="held-out ones among them")
    newest = serializers.IntegerField(
        source="newest_number", allow_null=True, help_text="number of the newest frozen version"
    )

    class Meta:
        model = Pack
        fields = (
            "slug", "title", "description", "licence", "canary", "is_for_training", "sizes",
            "owner", "tasks", "newest", "created_at", "updated_at",
        )  # fmt: skip


class PackChanges(Body):
    title = serializers.CharField(max_length=200, required=False)
    description = serializers.CharField(
        max_length=50_000, required=False, allow_blank=True, help_text="Markdown, for the README"
    )
    licence = serializers.CharField(
        max_length=100, required=False, help_text="an SPDX name, or proprietary"
    )
    is_for_training = serializers.BooleanField(
        required=False, help_text="then no criterion may wait for a person"
    )
    sizes = serializers.DictField(
        child=serializers.IntegerField(min_value=0),
        required=False,
        help_text="exact numbers of tasks by split; one that is left out takes what is left",
    )


class PackIn(PackChanges):
    slug = serializers.CharField(max_length=80, help_text="its name for life")
    title = serializers.CharField(max_length=200)


class PackTaskOut(serializers.Serializer[Any]):
    """A task of the next version. split: empty until it is frozen with a version for the first
    time."""

    task = serializers.CharField(source="slug")
    title = serializers.CharField()
    category = serializers.ChoiceField(CATEGORIES)
    difficulty = serializers.ChoiceField(DIFFICULTIES)
    world = serializers.CharField(help_text="SLUG@VERSION")
    revision = serializers.IntegerField(source="number")
    hash = serializers.CharField(source="content_hash", help_text="of the content")
    family = serializers.CharField(source="of_family")
    split = serializers.ChoiceField(SPLITS, source="in_split", allow_blank=True)


class FilterIn(Body):
    """The filters of the list of tasks; only approved tasks are found, by what was approved."""

    state = serializers.ChoiceField([*MARKS], required=False)
    owner = serializers.CharField(max_length=LONGEST, required=False)
    reviewer = serializers.CharField(max_length=LONGEST, required=False)
    category = serializers.ChoiceField(CATEGORIES, required=False)
    difficulty = serializers.ChoiceField(DIFFICULTIES, required=False)
    tag = serializers.CharField(max_length=LONGEST, required=False)
    lint = serializers.ChoiceField(LINTS, required=False)
    q = serializers.CharField(max_length=LONGEST, required=False, help_text="words of the task")


class SlugsIn(Body):
    slugs = serializers.ListField(
        child=serializers.CharField(max_length=80), max_length=MOST, allow_empty=False
    )


class AddIn(Body):
    """Which tasks: by their slugs, or all that a filter finds."""

    slugs = serializers.ListField(
        child=serializers.CharField(max_length=80), max_length=MOST, required=False
    )
    filter = FilterIn(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            raise serializers.ValidationError(
                {"slugs": ["name tasks by slugs, or write a filter: one of the two"]}
            )
        return attrs


class NewerIn(Body):
    slugs = serializers.ListField(
        child=serializers.CharField(max_length=80),
        max_length=MOST,
        required=False,
        help_text="left out: all that have a newer approved revision",
    )


class NotAddedOut(serializers.Serializer[Any]):
    task = serializers.CharField()
    why = serializers.CharField()


class AddedOut(serializers.Serializer[Any]):
    """added: slugs; kept: those that were there before."""

    added = serializers.ListField(child=serializers.CharField())
    kept = serializers.ListField(child=serializers.CharField())
    left_out = NotAddedOut(many=True)


class RemovedOut(serializers.Serializer[Any]):
    removed = serializers.IntegerField()


class NewerOut(serializers.Serializer[Any]):
    """A task with a newer approved revision than the one that is chosen."""

    task = serializers.CharField()
    chosen = serializers.IntegerField()
    approved = serializers.IntegerField()


class ChangedOut(serializers.Serializer[Any]):
    changed = serializers.IntegerField()


class PackProblemOut(serializers.Serializer[Any]):
    """check: the stable name of what was checked. tasks: slugs, of those that you may see."""

    level = serializers.ChoiceField([str(level) for level in Level])
    check = serializers.CharField()
    text = serializers.CharField()
    tasks = serializers.ListField(child=serializers.CharField())


class CellOut(serializers.Serializer[Any]):
    category = serializers.CharField()
    difficulty = serializers.CharField()
    split = serializers.CharField()
    tasks = serializers.IntegerField()


class CheckOut(serializers.Serializer[Any]):
    """What the next version would be. unseen: held-out tasks that are counted, not named. waiting:
    tasks that are still to be played, of which nothing is said yet."""

    can_freeze = serializers.BooleanField()
    problems = PackProblemOut(many=True)
    cells = CellOut(many=True)
    splits = serializers.DictField(child=serializers.IntegerField())
    new_held_out = serializers.IntegerField()
    unseen = serializers.IntegerField()
    tasks = serializers.IntegerField()
    waiting = serializers.IntegerField()


class FreezeIn(Body):
    notes = serializers.CharField(
        max_length=20_000, required=False, default="", allow_blank=True,
        help_text="what is new, for people",
    )  # fmt: skip


class SplitOut(serializers.Serializer[Any]):
    tasks = serializers.IntegerField()
    hash = serializers.CharField(help_text="over the entries of the split")


class WorldNameOut(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="SLUG@VERSION")
    hash = serializers.CharField()


class PackVersionOut(serializers.ModelSerializer[PackVersion]):
    """A frozen version: it never changes."""

    name = serializers.CharField(source="__str__", help_text="SLUG@NUMBER")
    pack = serializers.CharField(source="pack.slug")
    splits = serializers.DictField(child=SplitOut())
    worlds = WorldNameOut(many=True)
    frozen_by = serializers.CharField(source="frozen_by.username")

    class Meta:
        model = PackVersion
        fields = (
            "name", "pack", "number", "hash", "title", "description", "licence", "canary",
            "is_for_training", "notes", "splits", "worlds", "frozen_by", "created_at",
        )  # fmt: skip


class TaskChangeOut(serializers.Serializer[Any]):
    """comparable: whether rewards of both versions may be set side by side; why: if not."""

    task = serializers.CharField()
    kind = serializers.ChoiceField(("added", "removed", "changed"))
    before = serializers.IntegerField(allow_null=True, help_text="revision")
    after = serializers.IntegerField(allow_null=True, help_text="revision")
    parts = serializers.ListField(child=serializers.ChoiceField(PARTS))
    comparable = serializers.BooleanField()
    why = serializers.CharField(allow_blank=True)


class ChangesOut(serializers.Serializer[Any]):
    """since: number of the version that is compared with, null for none."""

    since = serializers.IntegerField(allow_null=True)
    number = serializers.IntegerField()
    changes = TaskChangeOut(many=True)


def asked_of(filters: dict[str, Any]) -> Asked:
    """Raises InvalidArgument for a filter that asks for nothing: it would find every task."""
    asked = Asked(**filters)
    if not asked.is_narrowed:
        raise InvalidArgument(
            'write a filter, such as {"state": "approved"} for all approved tasks', field="filter"
        )
    return asked
