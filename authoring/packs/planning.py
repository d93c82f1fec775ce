"""What is put together and how it would be split, without playing a task: lists need no more."""

from collections.abc import Mapping, Sequence

from authoring.models import Pack
from authoring.packs.chosen import Chosen, chosen_in, members_of
from authoring.packs.rules import Composition
from authoring.packs.splitting import plan_splits
from simulation.errors import Problems


def unplayed(pack: Pack) -> Composition:
    """Give what is put together; no check is made of it."""
    chosen = chosen_in(pack)
    return Composition(
        chosen=chosen,
        facts={},
        plan=_plan(pack, chosen),
        size_problems=(),
        is_for_training=pack.is_for_training,
        has_judge=False,
    )


def _plan(pack: Pack, chosen: Sequence[Chosen]) -> Mapping[str, str]:
    """Give the split of each slug: what it has already, where sizes cannot be met."""
    try:
        return plan_splits(members_of(pack, chosen), pack.sizes)
    except Problems:
        return {each.slug: each.split for each in chosen}
