"""The tasks that are put together, with all that checks and versions ask of them but content."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Subquery

from authoring.models import Pack, PackTask, Task
from authoring.packs.splitting import Member
from simulation.errors import Problems
from simulation.models import World
from simulation.wording import listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A task of the next version. state: of the revision. world: SLUG@VERSION."""

    slug: str
    task_id: int
    revision_id: int
    number: int
    hash: str
    state: str
    is_retired: bool
    family: str
    split: str
    world: str
    category: str
    difficulty: str


COLUMNS = {
    "slug": "task__slug",
    "task_id": "task_id",
    "revision_id": "revision_id",
    "number": "revision__number",
    "hash": "revision__hash",
    "state": "revision__state",
    "is_retired": "task__is_retired",
    "family": "task__family",
    "split": "task__split",
    "world": "revision__content__world",
    "category": "revision__content__category",
    "difficulty": "revision__content__difficulty",
}


def chosen_in(pack: Pack) -> list[Chosen]:
    """Give what is put together, in order of slugs, whoever may see it."""
    rows = PackTask.objects.filter(pack=pack).order_by("task__slug").values_list(*COLUMNS.values())
    return [Chosen(**dict(zip(COLUMNS, row, strict=True))) for row in rows]


def worlds_of(chosen: Collection[Chosen]) -> dict[str, World]:
    """Give the published worlds of these tasks by name."""
    names = {each.world for each in chosen}
    slugs = {name.partition("@")[0] for name in names}
    worlds = World.objects.published().filter(slug__in=slugs).defer("manifest")
    return {str(world): world for world in worlds if str(world) in names}


def members_of(pack: Pack, chosen: Collection[Chosen]) -> list[Member]:
    """Give what splits are planned for: a family that has one anywhere gives it to new members.

    Raises Problems for families that have several.
    """
    given = _splits_of_families(pack)
    new = [each for each in chosen if not each.split]
    if torn := [each for each in new if len(given.get(each.family, ())) > 1]:
        raise Problems([_torn(each, given[each.family]) for each in torn])
    return [
        Member(
            slug=each.slug,
            family=each.family,
            split=each.split or next(iter(given.get(each.family, ())), ""),
        )
        for each in chosen
    ]


def _splits_of_families(pack: Pack) -> Mapping[str, set[str]]:
    families = PackTask.objects.filter(pack=pack).exclude(task__family="").values("task__family")
    there = Task.objects.filter(family__in=Subquery(families)).exclude(split="").order_by()
    found: dict[str, set[str]] = {}
    for family, split in there.values_list("family", "split").distinct():
        found.setdefault(family, set()).add(split)
    return found


def _torn(new: Chosen, splits: Collection[str]) -> str:
    return (
        f"{new.slug}: its family {new.family} is in {listed(sorted(splits))} already, so it can be"
        " in none of them: give it another family"
    )
