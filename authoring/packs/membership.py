"""In which packs a task is: frozen, and chosen for the next version."""

from dataclasses import dataclass

from django.urls import reverse

from authoring.models import PackEntry, PackTask, Task
from authoring.packs.pages.pack import SplitMark
from authoring.packs.task_rows import split_mark


@dataclass(frozen=True, slots=True, kw_only=True)
class PackPlace:
    """A version that has a revision of the task ("core@2"), or a pack that is being put
    together."""

    name: str
    url: str
    revision: int
    is_frozen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """split: the task's for life, None before its first frozen version."""

    split: SplitMark | None
    frozen: tuple[PackPlace, ...]
    chosen: tuple[PackPlace, ...]

    def of_revision(self, number: int) -> tuple[PackPlace, ...]:
        return tuple(place for place in self.frozen if place.revision == number)


def membership_of(task: Task) -> Membership:
    """Give where a task is, in two queries."""
    return Membership(
        split=split_mark(task.split) if task.split else None,
        frozen=tuple(_frozen(task)),
        chosen=tuple(_chosen(task)),
    )


def _frozen(task: Task) -> list[PackPlace]:
    entries = PackEntry.objects.filter(task=task).order_by("version__pack__slug", "version__number")
    rows = entries.values_list("version__pack__slug", "version__number", "revision__number")
    return [
        PackPlace(
            name=f"{pack}@{version}",
            url=reverse("packs:version", args=[pack, version]),
            revision=number,
            is_frozen=True,
        )
        for pack, version, number in rows
    ]


def _chosen(task: Task) -> list[PackPlace]:
    rows = PackTask.objects.filter(task=task).order_by("pack__slug")
    return [
        PackPlace(
            name=pack,
            url=reverse("packs:pack", args=[pack]),
            revision=number,
            is_frozen=False,
        )
        for pack, number in rows.values_list("pack__slug", "revision__number")
    ]
