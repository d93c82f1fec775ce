"""What stands against bringing a bundle in here, by file and field, with what would be right."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import User

from authoring.bundles.bundle import Bundle
from authoring.bundles.known import Known, KnownTask
from authoring.bundles.members import PACK_FILE
from authoring.exports.contents import PackedTask
from authoring.exports.task_files import task_path
from authoring.listing.beginning import RESERVED
from authoring.loading import SLUG
from authoring.packs.members import read_slug
from authoring.splits import HELD_OUT
from simulation.errors import InvalidArgument
from simulation.portability.problems import WORLD_FILE, Problem
from simulation.roles import ADMIN, has_role

Said = Iterator[tuple[str, str]]  # field and text
_WAITS_FOR_PEOPLE = "human"


def gets_split(packed: PackedTask, *, approve: bool) -> str:
    """Give the split that a task without one gets: held-out ones at once, so that nobody sees them
    meanwhile."""
    return packed.split if approve or packed.split == HELD_OUT else ""


@dataclass(frozen=True, kw_only=True)
class Objections:
    """One comparison of a bundle with what is here; iterating gives the problems.

    slug and hash: of the version here.
    """

    bundle: Bundle
    known: Known
    by: User
    approve: bool
    slug: str
    hash: str

    def __iter__(self) -> Iterator[Problem]:
        yield from self._of_worlds()
        for packed in self.bundle.tasks:
            here = self.known.tasks.get(packed.slug)
            said = self._of_new(packed) if here is None else self._of_known(packed, here)
            for field, text in said:
                yield Problem.at(task_path(packed.slug), text, field=field)
        if self.approve:
            for field, text in self._of_pack():
                yield Problem.at(PACK_FILE, text, field=field)
            if self.bundle.contents.is_for_training:
                yield from self._of_training()

    def _of_worlds(self) -> Iterator[Problem]:
        for name, world in self.bundle.worlds.items():
            here = self.known.worlds.get(name)
            if here is None or here.content_hash == world.hash:
                continue
            is_there = "is a draft here" if here.is_draft else "is here with other content"
            text = (
                f"{name} {is_there}, and a version never changes: bring the pack in where "
                f"{name} is free or has the hash {world.hash[:12]}…"
            )
            yield Problem.at(f"{world.start}{WORLD_FILE}", text, field="version")

    def _of_new(self, packed: PackedTask) -> Said:
        if not SLUG.fullmatch(packed.slug):
            yield "id", "write lower-case letters and digits with single hyphens"
        elif packed.slug in RESERVED:
            yield "id", f"{packed.slug} is an address of the application: no task has that name"
        yield from self._of_family(packed)

    def _of_known(self, packed: PackedTask, here: KnownTask) -> Said:
        if here.equal(packed.hash) is None and not here.is_kin:
            text = "it has no revision like this one and never was in this pack"
            yield "id", f"another task is called {packed.slug} here: {text}; rename one of the two"
            return
        there = here.numbered(packed.revision)
        is_there = there is not None and there.hash == packed.hash
        if self.approve and there is not None and not is_there:
            text = f"revision {packed.revision} says something else here"
            why = "a version of a pack names revisions by their numbers"
            yield "revision", f"{text}, and {why}: bring it in without approving"
        brings = here.equal(packed.hash) is None or (self.approve and not is_there)
        if brings or (gets_split(packed, approve=self.approve) and not here.task.split):
            yield from self._of_change(packed, here)
        yield from self._of_labels(packed, here)

    def _of_change(self, packed: PackedTask, here: KnownTask) -> Said:
        if here.task.is_retired:
            yield "id", f"{packed.slug} is retired here: bring it back first"
        if here.task.owner_id != self.by.pk and not has_role(self.by, ADMIN):
            text = "its author or an admin brings a further revision in"
            yield "id", f"{packed.slug} is somebody else's task here: {text}"

    def _of_labels(self, packed: PackedTask, here: KnownTask) -> Said:
        task = here.task
        if self.approve and task.family != packed.family:
            yield "family", f"its family is {task.family!r} here, not {packed.family!r}"
        if not task.split:
            yield from self._of_family(packed)
        elif task.split != packed.split and gets_split(packed, approve=self.approve):
            text = "a task keeps its split for life"
            yield "split", f"it is {task.split} here, not {packed.split}: {text}"

    def _of_family(self, packed: PackedTask) -> Said:
        others = self.known.families.get(packed.family, set()) - {packed.split}
        if others and gets_split(packed, approve=self.approve):
            text = f"others of the family {packed.family} are {', '.join(sorted(others))} here"
            yield "split", f"{text}, not {packed.split}: a family has one split"

    def _of_pack(self) -> Said:
        known = self.known
        if known.pack and known.pack.canary != self.bundle.canary:
            yield "slug", f"another pack is called {self.slug} here: give this one another name"
        elif objection := _against_name(self.slug):
            yield "slug", f"{self.slug!r} cannot be a pack's name: {objection}"
        if known.canary_of:
            text = "a canary is one pack's"
            yield "canary", f"it is the canary of the pack {known.canary_of} here: {text}"
        if known.version and known.version.hash != self.hash:
            yield "version", f"{known.version} says something else here: versions never change"

    def _of_training(self) -> Iterator[Problem]:
        for packed in self.bundle.tasks:
            for number, criterion in enumerate(packed.content.rubric.criteria):
                if criterion.kind == _WAITS_FOR_PEOPLE:
                    text = f"{criterion.key} waits for a person: no pack for training does"
                    place = f"rubric.{number}.check"
                    yield Problem.at(task_path(packed.slug), text, field=place)


def _against_name(slug: str) -> str:
    try:
        read_slug(slug)
    except InvalidArgument as error:
        return error.message
    return ""
