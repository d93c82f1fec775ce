"""The page that says how far verdicts can be trusted."""

from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef
from django.urls import reverse

from grading.agreement.items import CLASSES, Item, Scope, counting_runs, read_items
from grading.agreement.numbers import AgreementReport, Compared, Person, report
from grading.agreement.repeats import Flips, flips, read_repeated
from grading.agreement.values import (
    AgreementFilter,
    AgreementPage,
    ComparedRow,
    ConfusionTable,
    FlipRow,
    PersonRow,
    Section,
)
from grading.models import Run, Verdict
from grading.models.runs import shown_to
from grading.statistics.agreement.confusion import Confusion
from grading.statistics.figures import Figure
from grading.statistics_page import drawing
from grading.statistics_page.values import Drawn
from grading.wording import percent
from simulation.pages import Choice, Notice
from simulation.wording import counted, spoken

ENOUGH = 50  # verdicts of people; below it the page warns
WORDS = {"met": "met", "not_met": "not met", "cannot_tell": "can’t tell"}
RUNS = 100  # that the filter offers
# Landis and Koch, 1977: words that people know for a kappa
STRENGTH = ((0.8, "almost perfect"), (0.6, "substantial"), (0.4, "moderate"), (0.2, "fair"))


def agreement_page(user: User, scope: Scope) -> AgreementPage:
    """Read what people decided in scope and show how machines compare."""
    wide = Scope(run=scope.run, kind=scope.kind, is_blind_only=scope.is_blind_only)
    everything = read_items(user, wide)
    found = report([item for item in everything if scope.has(item)])
    chosen = _query(scope)
    return AgreementPage(
        headline=_headline(found),
        detail=_detail(found),
        notice=_notice(found),
        filter=_filter(user, scope, everything),
        sections=tuple(_sections(found, scope)),
        confusions=tuple(_confusions(found)),
        people=_people(found),
        people_note=_people_note(found),
        persons=tuple(_person_row(person) for person in found.persons),
        flips=tuple(_flip_row(each) for each in flips(read_repeated(user, scope))),
        labels_url=f"{reverse('agreement:labels')}{chosen}",
        import_url=reverse("agreement:import"),
        json_url=f"{reverse('api:agreement')}{chosen}",
    )


def _headline(found: AgreementReport) -> str:
    chief = found.judge or found.check
    if chief is None or chief.two.observed.value is None:
        return "Nobody has decided a criterion that a machine decided too."
    who = "Judges" if found.judge else "Checks"
    said = f"{who} and people agree on {percent(chief.two.observed.value)}"
    kappa = chief.two.kappa
    if kappa.value is None:
        return f"{said} of {counted(chief.n, 'verdict')}; kappa has no value: {kappa.why}."
    words = next((word for bound, word in STRENGTH if kappa.value > bound), "slight")
    return f"{said} of {counted(chief.n, 'verdict')}: kappa {kappa.value:.2f}, {words}."


def _detail(found: AgreementReport) -> str:
    if not found.items:
        return "Open an episode and agree with a verdict or override it: each counts here."
    return (
        f"{counted(found.items, 'criterion', 'criteria')} decided by people in "
        f"{counted(found.episodes, 'episode')}; intervals are 95 %, by bootstrap over episodes."
    )


def _notice(found: AgreementReport) -> Notice | None:
    chief = found.judge or found.check
    if chief is None or chief.n >= ENOUGH:
        return None
    text = (
        f"{counted(chief.n, 'verdict')} of people say little. People who only look where a verdict "
        "seems wrong find more wrong ones than there are: decide some episodes blind, taken by "
        "chance."
    )
    return Notice(tone="warn", title="Too few to rely on", text=text)


def _sections(found: AgreementReport, scope: Scope) -> Iterable[Section]:
    whole = [each for each in (found.judge, found.check) if each]
    yield _section("all", "Machines against people", "", whole, scope, "source")
    yield _section("judges", "By judge", "versions apart", found.by_judge, scope, "judge")
    yield _section("checks", "By kind of check", "", found.by_check, scope, "check")
    yield _section("authors", "By author of the task", "", found.by_author, scope, "author")


def _section(
    key: str, title: str, note: str, groups: Sequence[Compared], scope: Scope, side: str
) -> Section:
    return Section(
        key=key,
        title=title,
        note=note,
        rows=tuple(_compared_row(group, scope, side) for group in groups),
    )


def _compared_row(group: Compared, scope: Scope, side: str) -> ComparedRow:
    two = group.two
    left_out = [
        f"{group.unresolved} where people differ" if group.unresolved else "",
        counted(group.broken, "grader error") if group.broken else "",
    ]
    value = {"all judges": "judge", "all checks": "check"}.get(group.name, group.name)
    return ComparedRow(
        name=group.name,
        url=f"{reverse('agreement:agreement')}{_query(scope, **{side: value})}",
        basis=_basis(two.observed),
        agreed=_share(two.observed),
        kappa=drawing.coefficient(two.kappa),
        ac1=drawing.coefficient(two.ac1),
        met=_share(two.by_class[1]),
        not_met=_share(two.by_class[0]),
        balanced=_share(two.balanced_accuracy),
        prevalence=_prevalence(two),
        left_out=", ".join(filter(None, left_out)),
        blind=str(group.blind),
    )


def _prevalence(two: Confusion) -> str:
    met = two.prevalence[1].value
    return "" if met is None else percent(met)


def _confusions(found: AgreementReport) -> Iterable[ConfusionTable]:
    for group in filter(None, (found.judge, found.check)):
        columns = tuple(WORDS[name] for name in CLASSES)
        rows = tuple(
            (WORDS[name], tuple((str(n), i == j) for j, n in enumerate(group.all.counts[i])))
            for i, name in enumerate(CLASSES)
        )
        title = "Judges" if group is found.judge else "Checks"
        yield ConfusionTable(title=title, columns=columns, rows=rows)


def _people(found: AgreementReport) -> tuple[tuple[str, Drawn], ...]:
    people = found.people
    return (
        ("Krippendorff’s alpha", drawing.coefficient(people.alpha)),
        ("Alpha, ordinal", drawing.coefficient(people.alpha_ordinal)),
        ("Gwet’s AC1", drawing.coefficient(people.ac1)),
        ("Pairs that differ", _share(people.flip_rate)),
    )


def _people_note(found: AgreementReport) -> str:
    if not found.rated_twice:
        return ""
    return f"{counted(found.rated_twice, 'criterion', 'criteria')} decided by two people or more"


def _person_row(person: Person) -> PersonRow:
    return PersonRow(
        name=person.name,
        labels=f"{person.labels:,}",
        blind=str(person.blind),
        agreed=_share(person.against.observed),
        kappa=drawing.coefficient(person.against.kappa),
        pairs=counted(person.against.observed.n, "pair"),
    )


def _flip_row(each: Flips) -> FlipRow:
    return FlipRow(
        name=each.name,
        n=f"{each.n:,}",
        flipped=f"{each.flipped:,}",
        rate=_share(each.agreement.flip_rate),
        alpha=drawing.coefficient(each.agreement.alpha),
    )


def _share(figure: Figure) -> Drawn:
    return drawing.share(figure, unit="verdict")


def _basis(figure: Figure) -> str:
    return f"{counted(figure.n, 'verdict')} in {counted(figure.clusters, 'episode')}"


def _filter(user: User, scope: Scope, items: Sequence[Item]) -> AgreementFilter:
    """Offer what occurs in the items; runs are the newest ones with people's verdicts."""
    seen = shown_to(user, "assessment__rollout__episode")
    decided = Verdict.objects.filter(*seen, source="human", assessment__rollout__run=OuterRef("pk"))
    runs = counting_runs(user, Scope(kind=scope.kind)).filter(Exists(decided))
    known = dict(runs.order_by("-pk").values_list("pk", "title")[:RUNS])
    sides = {
        "judge": {item.judge for item in items},
        "check": {item.check for item in items},
        "author": {item.author for item in items},
    }
    return AgreementFilter(
        runs=_choices({"": "All runs"} | {str(k): v for k, v in known.items()}, scope.run or ""),
        kinds=_choices(
            {"": "Evaluations and demos"} | {k: spoken(k) for k in Run.Kind.values}, scope.kind
        ),
        judges=_choices(_named("All judges", sides["judge"]), scope.judge),
        checks=_choices(_named("All kinds", sides["check"]), scope.check),
        authors=_choices(_named("All authors", sides["author"]), scope.author),
        is_blind_only=scope.is_blind_only,
        is_active=bool(_query(scope)),
        clear_url=reverse("agreement:agreement"),
    )


def _named(everything: str, names: Iterable[str]) -> dict[str, str]:
    return {"": everything} | {name: name for name in sorted(filter(None, names))}


def _choices(labels: dict[str, str], chosen: str | int) -> tuple[Choice, ...]:
    return tuple(
        Choice(value=value, label=label, is_selected=value == str(chosen))
        for value, label in labels.items()
    )


def _query(scope: Scope, **changed: str) -> str:
    sides = {
        "run": scope.run or "",
        "kind": scope.kind,
        "source": scope.source,
        "judge": scope.judge,
        "check": scope.check,
        "author": scope.author,
        "blind": "1" if scope.is_blind_only else "",
    }
    query = urlencode({k: v for k, v in (sides | changed).items() if v})
    return f"?{query}" if query else ""
