"""What customers put together: ordered, still to be ordered, unfinished, or not fitting."""

import datetime as dt
from collections.abc import Iterable, Sequence

from simulation.environments.corecraft.generator.baskets import add_fitting
from simulation.environments.corecraft.generator.build_names import Namer
from simulation.environments.corecraft.generator.catalogue import Catalogue, Product
from simulation.environments.corecraft.generator.company_builds import base_builds
from simulation.environments.corecraft.generator.dice import Dice
from simulation.environments.corecraft.generator.draft import Draft
from simulation.environments.corecraft.generator.fit import conflicts, fits
from simulation.environments.corecraft.generator.moments import NOW, Span, after
from simulation.environments.corecraft.generator.numbering import number
from simulation.environments.corecraft.generator.records import Build, Customer, Line, Order

COMPLETE, UNFINISHED, MISFITS = 26, 58, 14
NAMELESS, ORDERED = 22, 70  # percent
PARTS = ("cpu", "motherboard", "memory", "gpu", "storage", "psu", "case", "cooling")
_LEAST_KINDS = 3
_PLANS: dict[Sequence[str], int] = {
    PARTS: 20,
    PARTS[:3]: 16,
    PARTS[:2]: 10,
    (*PARTS[:3], "storage", "psu", "case", "cooling"): 12,
    (*PARTS[:3], "case"): 8,
    (*PARTS[:3], "gpu", "psu"): 10,
    ("cpu", "motherboard", "cooling", "case"): 6,
    ("gpu", "psu"): 6,
    ("case", "cooling", "psu"): 4,
    ("motherboard", "memory", "storage", "storage"): 4,
    ("gpu", "storage"): 4,
}
# a part that is put in instead of the fitting one, so that just one rule is broken
_SWAPPED = ("cpu", "memory", "gpu", "cooling", "psu", "motherboard")


def plan_builds(draft: Draft) -> None:
    """Save the customers' builds, the ordered ones with their orders."""
    dice = draft.dice("saved builds")
    draft.builds += [*_ordered(draft, dice), *_saved(draft, dice)]


def name_builds(draft: Draft) -> None:
    """Give most customers' builds a name."""
    dice = draft.dice("build names")
    namer = Namer(dice)
    for build in draft.builds:
        if build.customer and not dice.chance(NAMELESS):
            build.name = namer.name(build)


def note_misfits(draft: Draft) -> None:
    for build in draft.builds:
        if not fits(build.parts):
            draft.note("build", build, "incompatible_build")


def number_builds(draft: Draft) -> None:
    """Number all but the builds behind machines, whose ids are fixed."""
    fixed = set(base_builds().values())
    number([build for build in draft.builds if build not in fixed], "build")


def parts_bought(order: Order) -> list[Product]:
    """Give the loose parts of machines on an order, each as often as it was bought."""
    return [
        line.product
        for line in order.lines
        if line.product.category in PARTS
        if line.product.specs.get("form") != "external"
        for _ in range(line.qty)
    ]


def draw_parts(
    dice: Dice, catalogue: Catalogue, categories: Sequence[str], given: Iterable[Product] = ()
) -> list[Product]:
    """Draw parts that fit each other and what is given, of one class of price."""
    trial, third = Order(NOW, [Line(part) for part in given]), dice.number(0, 2)
    for category in categories:
        inside = (part for part in catalogue.of(category) if part.specs.get("form") != "external")
        by_price = sorted(inside, key=lambda part: part.price)
        fair = by_price[len(by_price) * third // 3 : len(by_price) * (third + 1) // 3]
        add_fitting(dice, trial, fair) or add_fitting(dice, trial, by_price)
    return list(trial.products)


def may_belong_to(person: Customer, moment: dt.datetime, days: int) -> Span | None:
    """Give when a person could have saved what they used at an instant, at most so long before."""
    return Span(max(person.created, after(moment, days=-days)), moment).within(
        person.created, after(moment, minutes=-2)
    )


def save(dice: Dice, parts: list[Product], person: Customer, span: Span) -> Build:
    """Save parts at an instant of a span, and change something about them later in it."""
    created = span.draw(dice)
    updated = Span(created, span.high).draw(dice) if dice.chance(45) else created
    return Build(parts, created, updated, customer=person)


def _ordered(draft: Draft, dice: Dice) -> Iterable[Build]:
    """Let most orders of several parts come from a build that holds just these."""
    for order in draft.orders:
        parts = parts_bought(order)
        span = may_belong_to(order.customer, order.created, 24)
        if _is_machine(parts) and span and dice.chance(ORDERED):
            order.build = save(dice, parts, order.customer, span)
            yield order.build


def _is_machine(parts: Sequence[Product]) -> bool:
    """Tell whether somebody planned these together: three kinds of parts, processor or board."""
    kinds = {part.category for part in parts}
    return len(kinds) >= _LEAST_KINDS and not kinds.isdisjoint(("cpu", "motherboard"))


def _saved(draft: Draft, dice: Dice) -> Iterable[Build]:
    """Save builds that nobody ordered: complete ones, unfinished ones, some that cannot work."""
    owners = [person for person in draft.customers if after(person.created, days=2) < NOW]
    plans: list[Sequence[str]] = [PARTS] * draft.scaled(COMPLETE)
    plans += [dice.weighted(_PLANS) for _ in range(draft.scaled(UNFINISHED))]
    for plan in plans:
        yield _save_some_time(
            dice, _with_a_twin(dice, draw_parts(dice, draft.catalogue, plan)), owners
        )
    for misfit in range(draft.scaled(MISFITS)):
        swapped = _SWAPPED[misfit % len(_SWAPPED)]
        yield _save_some_time(dice, _misfit(dice, draft.catalogue, swapped), owners)


def _save_some_time(dice: Dice, parts: list[Product], owners: Sequence[Customer]) -> Build:
    person = dice.one(owners)
    low = max(person.created, after(NOW, days=-dice.one((30, 120, 560))))
    return save(dice, parts, person, Span(low, min(NOW, after(low, days=100))))


def _with_a_twin(dice: Dice, parts: list[Product]) -> list[Product]:
    """Put in a second memory kit or drive of the same kind now and then, where it fits."""
    several = [part for part in parts if part.category in ("memory", "storage")]
    twin = dice.one(several) if several and dice.chance(25) else None
    return [*parts, twin] if twin and fits([*parts, twin]) else parts


def _misfit(dice: Dice, catalogue: Catalogue, swapped: str) -> list[Product]:
    """Draw a machine, complete or not, in which one part breaks one rule."""
    while True:
        plan = PARTS if dice.chance(60) else (*PARTS[:3], "gpu", "psu", "case", "cooling")
        wrong = dice.one(catalogue.of(swapped))
        parts = [
            wrong if part.category == swapped else part
            for part in draw_parts(dice, catalogue, plan)
        ]
        if len(parts) == len(plan) and len(conflicts(parts)) == 1:
            return parts
