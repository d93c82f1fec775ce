"""What people confirm before a version of a pack is frozen."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.contrib.auth.models import User

from authoring.models import Pack
from authoring.packs.check_lines import A_LOOK, checks_of
from authoring.packs.checking import PackReport, composition_of, report_of
from authoring.packs.coverage import split_parts, words_of_parts
from authoring.packs.freezing import says_the_same
from authoring.packs.list_page import PURPOSES
from authoring.packs.pages.freezing import FreezePage
from simulation.pages import Choice, Fact
from simulation.wording import counted


def freeze_page(
    user: User, pack: Pack, *, notes: str = "", problems: Sequence[str] = ()
) -> FreezePage:
    composition = composition_of(pack, seconds=A_LOOK)
    report = report_of(composition, by=user)
    newest = pack.versions.order_by("-number").first()
    given = Counter(composition.plan[each.slug] for each in composition.chosen if not each.split)
    repeats = newest and not problems and says_the_same(newest, composition)
    parts = split_parts(given, max(1, given.total()))
    return FreezePage(
        slug=pack.slug,
        title=pack.title,
        name=f"{pack.slug}@{newest.number + 1 if newest else 1}",
        facts=tuple(_facts(pack, len(composition.chosen))),
        given=_given(given.total(), words_of_parts(parts)),
        given_parts=parts,
        held_out=_held_out(report),
        held_out_count=report.new_held_out,
        checks=checks_of(report),
        can_freeze=report.can_freeze and not repeats,
        repeats=str(newest) if repeats else "",
        notes=notes,
        problems=tuple(Choice(value="", label=problem) for problem in problems),
    )


def _facts(pack: Pack, tasks: int) -> Iterable[Fact]:
    yield Fact(label="Tasks, with their chosen revisions", value=f"{tasks:,}")
    yield Fact(label="Title", value=pack.title)
    yield Fact(label="For", value=PURPOSES[pack.is_for_training])
    yield Fact(label="Licence", value=pack.licence)


def _given(count: int, words: str) -> str:
    if not count:
        return ""
    verb = "gets its split" if count == 1 else "get their split"
    return f"{counted(count, 'task')} {verb} for life: {words}."


def _held_out(report: PackReport) -> str:
    if not (count := report.new_held_out):
        return ""
    verb = "becomes" if count == 1 else "become"
    return f"{counted(count, 'task')} {verb} held out."
