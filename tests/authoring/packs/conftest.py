import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User

from authoring.content import DraftContent
from authoring.models import Draft, Pack, Revision, Task
from authoring.packs import facts, kept
from authoring.packs.composing import add_tasks, create_pack
from simulation.models import World
from tests.authoring.tasks import content_of

PROMPTS = {  # far from each other, so that they are no duplicates
    "lamps": "Sell dee two lamps and mark the sale as paid.",
    "again": "A pair of our reading lights goes to dee today; book it and close the payment.",
    "third": "Please arrange for the customer called dee: lamp, quantity two, settled at once.",
    "fourth": "dee walked in, wants 2 x lamp; record what happened including that she paid cash.",
    "fifth": "Can somebody enter dee's order over two lamps? Money has arrived already.",
    "sixth": "Two lamps for dee. Invoice number follows, status must become paid before noon.",
}


@pytest.fixture
def approved(author: User, store_world: World) -> Callable[..., Task]:
    """Make a task with an approved revision, unlike the others: plain rows, without lint."""

    def make(slug: str, *, family: str = "", split: str = "", **changes: Any) -> Task:
        prompt = PROMPTS.get(slug, f"Sell dee two lamps. {slug} " * 2)
        content = content_of(store_world, **{"prompt": prompt, **changes})
        said = {"content": content, "hash": DraftContent.model_validate(content).hash}
        task = Task.objects.create(slug=slug, owner=author, family=family, split=split)
        Draft.objects.create(task=task, updated_by=author, **said)
        Revision.objects.create(task=task, number=1, author=author, state="approved", **said)
        return task

    return make


@pytest.fixture
def pack(author: User) -> Pack:
    return create_pack(slug="basics", title="Basics", by=author)


@pytest.fixture
def filled(pack: Pack, author: User, approved: Callable[..., Task]) -> Pack:
    """A pack of four tasks, none of which has a split."""
    for slug in ("lamps", "again", "third", "fourth"):
        approved(slug)
    add_tasks(pack, ["lamps", "again", "third", "fourth"], by=author)
    return pack


@pytest.fixture(autouse=True)
def nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start as a process of code that played nothing yet, here or elsewhere."""
    code = uuid.uuid4().hex
    monkeypatch.setattr(kept, "_code", lambda: code)
    facts._known.clear()
