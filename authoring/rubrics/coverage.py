"""What criteria look at already: which rows, and which of their fields."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from authoring.content import DraftCriterion
from authoring.rubrics.subjects import Subject
from grading.expectations import first_broken
from grading.expected import known
from grading.graders import read_check
from grading.graders.response import ResponseCheck, Written
from grading.graders.state import StateCheck
from simulation.errors import GymError

ROW = "+"  # in the place of a field: the row itself


@dataclass(frozen=True)
class Look:
    """Where a criterion looks: rows of a type, and their fields."""

    key: str
    number: int
    check: StateCheck | ResponseCheck

    def covers(self, subject: Subject, field: str) -> bool:
        if isinstance(self.check, ResponseCheck):
            source = self.check.source
            is_there = isinstance(source, Written) and source.entity_type == subject.entity_type
            return is_there and isinstance(source, Written) and source.field == field
        return self._chooses(subject) and self._asks(field)

    def _chooses(self, subject: Subject) -> bool:
        check = self.check
        if not isinstance(check, StateCheck) or check.entity_type != subject.entity_type:
            return False
        try:
            if check.id is not None or not subject.is_made:
                return known(check.id) == subject.row["id"] and not subject.is_made
            world = subject.evidence.world
            return not first_broken(world, subject.entity_type, subject.row, check.where)
        except GymError:
            return False

    def _asks(self, field: str) -> bool:
        check = self.check
        if not isinstance(check, StateCheck):
            return False
        if field == ROW:
            return True
        paths = [*(e.path for e in check.expect), *(t.path for t in check.changed)]
        paths += [e.path for e in check.where] if check.created else []
        return any(path.partition(".")[0] == field for path in paths)


def looks_of(criteria: Sequence[DraftCriterion]) -> Iterator[Look]:
    for number, criterion in enumerate(criteria, start=1):
        try:
            check = read_check(criterion.check)
        except GymError:
            continue
        if isinstance(check, StateCheck | ResponseCheck):
            yield Look(criterion.key, number, check)
