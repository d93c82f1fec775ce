"""The form of a pack: what was typed, and what stands against it."""

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from authoring.listing.beginning import proposed_slug
from authoring.models import Pack
from authoring.packs.coverage import SPLIT_WORDS
from authoring.packs.pages.form import PackForm, PackFormPage, SizeField
from authoring.splits import SPLITS
from simulation.errors import Conflict, GymError, Problems
from simulation.pages import Choice

FIELDS = ("slug", "title", "description", "licence", "is_for_training", "sizes")


def slug_of(form: PackForm) -> str:
    """Give the name that was typed, or one made of the title."""
    return form.slug or proposed_slug(form.title)


def read_form(data: QueryDict) -> PackForm:
    return PackForm(
        slug=data.get("slug", "").strip(),
        title=data.get("title", "").strip(),
        description=data.get("description", "").replace("\r\n", "\n"),
        licence=data.get("licence", "proprietary").strip(),
        is_for_training=data.get("purpose") == "training",
        is_exact=data.get("sizing") == "exact",
        sizes=tuple((split, data.get(f"size_{split}", "").strip()) for split in SPLITS),
    )


def form_of(pack: Pack) -> PackForm:
    return PackForm(
        slug=pack.slug,
        title=pack.title,
        description=pack.description,
        licence=pack.licence,
        is_for_training=pack.is_for_training,
        is_exact=bool(pack.sizes),
        sizes=tuple((split, str(pack.sizes.get(split, ""))) for split in SPLITS),
    )


def members_of(form: PackForm) -> dict[str, Any]:
    """Give what the services take. Raises Problems for sizes that are no numbers."""
    return {
        "title": form.title,
        "description": form.description,
        "licence": form.licence,
        "is_for_training": form.is_for_training,
        "sizes": _sizes(form) if form.is_exact else {},
    }


def _sizes(form: PackForm) -> dict[str, int]:
    typed = {split: text for split, text in form.sizes if text}
    if bad := [split for split, text in typed.items() if not _is_number(text)]:
        raise Problems([f"size_{split}: write a whole number of tasks" for split in bad])
    if not typed:
        raise Problems(["sizes: say how many tasks each split gets, or choose by share"])
    return {split: int(text) for split, text in typed.items()}


def _is_number(text: str) -> bool:
    return text.isdecimal() and text.isascii() and len(text) < 7


def problems_in(error: GymError) -> list[tuple[str, str]]:
    """Give (field, why) of each problem, "" for what is about no field of the form."""
    if isinstance(error, Conflict):
        return [(error.field or "slug", error.message)]
    if not isinstance(error, Problems):
        return [(error.field or "", error.message)]
    return [_problem(line) for line in error.problems]


def _problem(line: str) -> tuple[str, str]:
    field, _, why = line.partition(": ")
    name = field.partition(".")[0]
    is_known = why and (name in FIELDS or name.startswith("size_"))
    return (name, why) if is_known else ("", line)


def form_page(
    typed: PackForm,
    problems: Sequence[tuple[str, str]] = (),
    *,
    pack: Pack | None = None,
    then: str = "",
) -> PackFormPage:
    """pack: whose settings these are; None for a new one."""
    errors = {field: why for field, why in problems if field}
    slug = pack.slug if pack else ""
    return PackFormPage(
        heading="Settings" if pack else "New pack",
        button="Save the settings" if pack else "Make the pack",
        url=reverse("packs:settings", args=[slug]) if pack else reverse("packs:new"),
        back_url=reverse("packs:pack", args=[slug]) if pack else reverse("packs:list"),
        is_new=pack is None,
        typed=typed,
        sizes=tuple(_size_fields(typed, errors)),
        errors=errors,
        problems=tuple(_choice(field, why) for field, why in problems),
        slug=slug,
        title=pack.title if pack else "",
        then=then,
    )


def _size_fields(typed: PackForm, errors: dict[str, str]) -> list[SizeField]:
    values = dict(typed.sizes)
    return [
        SizeField(
            name=f"size_{split}",
            label=SPLIT_WORDS[split].capitalize(),
            value=values.get(split, ""),
            error=errors.get(f"size_{split}", ""),
        )
        for split in SPLITS
    ]


def _choice(field: str, why: str) -> Choice:
    name = f"{SPLIT_WORDS[field[5:]]} tasks" if field.startswith("size_") else field
    anchor = {"sizes": "id_exact", "is_for_training": "id_training"}.get(field, f"id_{field}")
    said = name.replace("is_for_training", "purpose")
    return Choice(value=anchor if field else "", label=f"{said}: {why}" if field else why)
