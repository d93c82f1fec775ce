"""Importing criteria into a draft, all of them or none."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from authoring.drafts.cutting import cut_revision
from authoring.drafts.document import Document, fingerprint
from authoring.drafts.saving import change
from authoring.models import Draft, Revision, Task
from authoring.rubric_imports.looking import Found
from authoring.rubric_imports.planning import Plan, plan
from simulation.errors import Conflict, Problems


@dataclass(frozen=True, slots=True)
class Imported:
    plan: Plan
    draft: Draft


@transaction.atomic
def import_criteria(task: Task, found: Found, mode: str, *, by: User, base: str = "") -> Imported:
    """Add criteria to a draft's rubric, or put them in its place.

    What the draft said before is a revision afterwards, so that it can be restored. base: the
    fingerprint of the rubric that was seen, "" for whatever it is. Raises Problems for what cannot
    be imported, Conflict when the rubric is not the one that was seen.
    """
    if found.reading.problems:
        raise Problems(found.reading.problems)
    made: list[Plan] = []

    def do(document: Document) -> Document:
        if base and base != base_of(document):
            raise Conflict("somebody changed the rubric meanwhile: look at the criteria again")
        made[:] = [plan(mode, document, found.reading.criteria)]
        if made[0].problems:
            raise Problems(made[0].problems)
        return made[0].document

    draft = Draft.objects.filter(task=task).select_related("updated_by").first()
    if draft is not None and draft.is_ahead:
        cut_revision(task, by=draft.updated_by, cause=Revision.Cause.SESSION, complete=False)
    return Imported(draft=change(task, do, by=by), plan=made[0])


def base_of(document: Document) -> str:
    return fingerprint(document["rubric"])
