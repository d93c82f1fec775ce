"""A pack with a frozen version that can be exported, made in few words."""

from django.contrib.auth.models import User

from authoring.models import PackVersion
from authoring.packs.composing import add_tasks, create_pack
from authoring.packs.freezing import freeze_pack
from simulation.models import World
from tests.authoring.tasks import make_revision, make_task


def freeze_one(owner: User, world: World, slug: str = "basics") -> PackVersion:
    """Freeze a pack of one approved task, "packed"."""
    make_revision(make_task(owner, world, "packed"), "approved")
    pack = create_pack(slug=slug, title="Basics", by=owner)
    add_tasks(pack, ["packed"], by=owner)
    return freeze_pack(pack, by=owner)
