"""Where tools are tried: a world, as a scene has it, below the address of whoever offers that."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.safestring import SafeString

from simulation.addresses import world_url
from simulation.browser.head import WorldHead, world_head
from simulation.models import World
from simulation.pages import Choice, Notice
from simulation.playground.scenes import PLAIN, Scene
from simulation.tools import Tool


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What the playground's pages are told by their caller.

    base: the address of the list of tools; a tool stands below it. crumbs: where base stands.
    toolsets: those that can be chosen, the first is taken first. take_url: the page that makes
    something of the calls, with its label; "" where that is for others. prompt: what is to be done,
    where something is.
    """

    world: World
    base: str
    title: str
    lead: str
    crumbs: tuple[Choice, ...]
    toolsets: tuple[str, ...]
    scene: Scene = PLAIN
    head: WorldHead | None = None
    take_url: str = ""
    take_label: str = ""
    prompt: SafeString | None = None
    back: Choice | None = None
    notice: Notice | None = None

    @property
    def tools(self) -> Mapping[str, Tool]:
        """Every tool that a clone of this stage takes."""
        return self.world.company.toolsets[self.scene.toolset]


def world_stage(world: World, person: User) -> Stage:
    """Set a world's own playground."""
    base = world_url(world, "tools/")
    names = sorted(world.company.toolsets, key=lambda name: name != "default")
    return Stage(
        world=world,
        base=base,
        title="Try the tools",
        lead="Call any tool as an agent would, in a clone of this world that is yours alone."
        " Nothing here touches the world.",
        crumbs=(
            Choice(value="", label="World", url=reverse("simulation:worlds")),
            Choice(value="", label=str(world), url=world_url(world)),
        ),
        toolsets=tuple(names),
        head=world_head(world, "Tools", person=person),
        take_url=f"{base}-/reference/",
        take_label="Copy as reference steps",
        notice=_draft_notice() if world.is_draft else None,
    )


def _draft_notice() -> Notice:
    return Notice(
        tone="info",
        title="This world is a draft.",
        text="Tools run in clones of a published version. Publish it first; until then the forms"
        " only show what each tool takes.",
    )
