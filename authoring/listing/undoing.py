"""Taking back the last thing that was done to many tasks: tags and assignments.

What it was is kept in the session. Only what is still so is taken back, under the same rules.
"""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q

from authoring.listing.actions import ROLES_OF_PEOPLE, Wish
from authoring.listing.bulk import Result, carry_out, words_of
from authoring.listing.reading import listed
from authoring.models import Task

KEY = "undo_tasks"
OPPOSITE = {"add_tag": "remove_tag", "remove_tag": "add_tag"}
LARGEST = 1000  # tasks that a session remembers


def remembered(wish: Wish, result: Result) -> dict[str, Any] | None:
    """Give what a session keeps of what was done; None where it cannot be taken back."""
    can_undo = wish.action in OPPOSITE or wish.action in ROLES_OF_PEOPLE
    if not can_undo or not 0 < len(result.done) <= LARGEST:
        return None
    return {
        "action": wish.action,
        "tag": wish.tag,
        "person": wish.person.get_username() if wish.person else "",
        "before": {each.slug: each.before for each in result.done},
        "words": f"{words_of(wish)} {len(result.done)}",
    }


def undo(kept: dict[str, Any], *, by: User) -> Result:
    """Take back what a session remembers."""
    results = list(_taken_back(kept, by))
    return Result(
        done=tuple(each for result in results for each in result.done),
        left=tuple(each for result in results for each in result.left),
    )


def _taken_back(kept: dict[str, Any], by: User) -> Iterator[Result]:
    action, before = kept["action"], kept["before"]
    if action in OPPOSITE:
        wish = Wish(action=OPPOSITE[action], by=by, tag=kept["tag"])
        yield carry_out(wish, listed(by).filter(slug__in=before))
        return
    is_still_so = Q(**{f"{action}__username": kept["person"]})
    if not kept["person"]:
        is_still_so = Q(**{f"{action}__isnull": True})
    people = User.objects.in_bulk({*before.values()} - {""}, field_name="username")
    still = Task.objects.filter(is_still_so, slug__in=before).values_list("slug", flat=True)
    groups: dict[str, list[str]] = {}
    for slug in still:
        groups.setdefault(before[slug], []).append(slug)
    for name, slugs in groups.items():
        wish = Wish(action=action, by=by, person=people.get(name))
        yield carry_out(wish, listed(by).filter(slug__in=slugs))
