"""Amounts that follow from rows of a setup, written into it."""

from collections.abc import Iterable, Sequence
from typing import Any

from authoring.drafts.document import Document, fingerprint
from authoring.setups.ground import Ground, Operation
from authoring.setups.operations import CLEARED, Do, update
from authoring.setups.table import fitting, surprises
from simulation.errors import Conflict
from simulation.integrity.parts import Correction


def fitted(ground: Ground) -> Do:
    """Correct a setup: the operations on a row, or one more where there is none."""
    seen = [dict(each.operation) for each in ground.placed]
    found = fitting(ground, surprises(ground))

    def do(document: Document) -> Document:
        if fingerprint(document["setup"]) != fingerprint(seen):
            raise Conflict("the setup changed meanwhile: look at the amounts once more")
        return {**document, "setup": corrected(document["setup"], found)}

    return do


def corrected(operations: Sequence[Operation], found: Iterable[Correction]) -> list[dict[str, Any]]:
    """Write corrections into the last operation on their row, behind all where there is none."""
    fixed = [dict(each) for each in operations]
    for each in found:
        place = each.entity_type, each.id
        last = next((o for o in reversed(fixed) if _place(o) == place), None)
        if last is None:
            last = update(*place, {})
            fixed.append(last)
        fields = dict(last.get("fields", {}))
        if each.value is None and last["op"] == "create":
            fields.pop(each.field, None)
        else:
            fields[each.field] = CLEARED if each.value is None else each.value
        last["fields"] = fields
    return fixed


def _place(operation: Operation) -> tuple[object, object]:
    return operation.get("entity_type"), operation.get("id")
