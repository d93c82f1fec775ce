"""A date in a text is wrong: a day or a month off."""

import datetime as dt
from collections.abc import Iterator

from authoring.mutants import KINDS, Mutation
from authoring.mutants.subject import Subject
from authoring.mutants.values import with_day, written_in, wrong_days


@KINDS.add("value-date")
def value_date(subject: Subject) -> Iterator[Mutation]:
    for prose in subject.prose:
        for written in written_in(prose.text, subject.year):
            if isinstance(written.found.value, dt.date):
                for _, day in wrong_days(written.found.value):
                    if text := with_day(written, day):
                        yield subject.rewritten(prose, written.span, text)
