"""Making the pages of bringing a bundle in."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from django.contrib.auth.models import User
from django.urls import reverse

from authoring.access import visible_tasks
from authoring.bundles.bundle import Bundle, BundleProblems
from authoring.bundles.limits import BUNDLE, MAX_TASK_FILE, MAX_TASKS
from authoring.bundles.members import PACK_FILE
from authoring.bundles.pages import BundlePage, BundleTaskRow, BundleWorldRow, ChooseBundlePage
from authoring.bundles.permission import check_may_import_this, may_approve
from authoring.bundles.plan import Fate, ImportPlan, PlannedTask, PlannedWorld, plan_import
from authoring.bundles.uploads import uploaded_bundle
from authoring.packs.coverage import SPLIT_WORDS
from authoring.splits import SPLITS
from simulation.errors import Forbidden, GymError
from simulation.models import Upload
from simulation.pages import Fact, Mark, Notice
from simulation.portability.limits import MAX_ARCHIVE, MAX_FILE
from simulation.portability.page import problem_groups
from simulation.portability.problems import Problem
from simulation.wording import counted, size

TASKS_SHOWN = 200
MARKS = {
    Fate.NEW: Mark(state="pass", word="new"),
    Fate.KNOWN: Mark(state="ended", word="here already"),
    Fate.FURTHER: Mark(state="queued", word="further revision"),
    Fate.TAKEN: Mark(state="fail", word="name is taken"),
}


def choose_page(error: str = "") -> ChooseBundlePage:
    limits = {
        "archive": _megabytes(MAX_ARCHIVE),
        "one file, unpacked": _megabytes(MAX_FILE),
        "all files, unpacked": _megabytes(BUNDLE.total),
        "tasks": f"{MAX_TASKS:,}",
        "one task": _megabytes(MAX_TASK_FILE),
    }
    return ChooseBundlePage(
        limits=tuple(Fact(label=label, value=value) for label, value in limits.items()),
        largest=limits["archive"],
        error=error,
    )


def bundle_page(
    upload: Upload, user: User, *, slug: str = "", refusal: GymError | None = None
) -> BundlePage:
    """Read an upload and show it.

    slug: what the person typed as the name here. refusal: why an import was refused.
    """
    try:
        bundle = uploaded_bundle(upload)
    except BundleProblems as error:
        return _unreadable(upload, error)
    except GymError as error:
        return _unreadable(upload, BundleProblems([Problem.at("archive", error.message)]))
    if barred := _barred(bundle, user):
        return _not_theirs(upload, bundle, barred)
    approves = may_approve(user)
    plan = plan_import(bundle, by=user, slug=slug)
    approval = plan_import(bundle, by=user, slug=slug, approve=True) if approves else plan
    shown = _problems(approval, refusal)
    seen = _seen(plan, user)
    return BundlePage(
        title=bundle.contents.title,
        name=upload.name,
        mark=_mark(plan, approval),
        facts=tuple(_facts(upload, approval)),
        notices=tuple(_notices(plan, approval, refusal)),
        groups=tuple(problem_groups(shown)),
        more="",
        worlds=tuple(_world(world, bundle) for world in plan.worlds),
        tasks=tuple(_task(task, seen) for task in plan.tasks[:TASKS_SHOWN]),
        more_tasks=_more_tasks(plan),
        splits=", ".join(_splits(bundle)),
        notes=tuple(problem_groups(bundle.notes)),
        ignored=bundle.ignored,
        slug=approval.slug,
        slug_error=next((p.text for p in shown if _is_about_slug(p)), ""),
        may_approve=approves,
        can_import=not plan.problems,
        can_approve=approves and not approval.problems,
    )


def _unreadable(upload: Upload, error: BundleProblems) -> BundlePage:
    return replace(
        _bare(upload),
        mark=Mark(state="fail", word=counted(len(error.found) + error.more, "problem")),
        groups=tuple(problem_groups(error.found)),
        more=f"and {error.more:,} more at least; repair these first" if error.more else "",
    )


def _not_theirs(upload: Upload, bundle: Bundle, why: str) -> BundlePage:
    """Show nothing of a bundle that has held-out tasks: not even what of it is here."""
    notice = Notice(tone="bad", title="This is not for you to import.", text=f"{why}.")
    return replace(
        _bare(upload),
        title=bundle.contents.title,
        mark=Mark(state="fail", word="not yours to import"),
        notices=(notice,),
    )


def _bare(upload: Upload) -> BundlePage:
    return BundlePage(
        title="This bundle cannot be read",
        name=upload.name,
        mark=Mark(state="fail", word="cannot be read"),
        facts=tuple(_upload_facts(upload)),
        notices=(),
        groups=(),
        more="",
        worlds=(),
        tasks=(),
        more_tasks="",
        splits="",
        notes=(),
        ignored=(),
        slug="",
        slug_error="",
        may_approve=False,
        can_import=False,
        can_approve=False,
    )


def _barred(bundle: Bundle, user: User) -> str:
    """Say why this person may not import this; "" when they may."""
    try:
        check_may_import_this(bundle, user, approve=False)
    except Forbidden as error:
        return error.message
    return ""


def _problems(approval: ImportPlan, refusal: GymError | None) -> Sequence[Problem]:
    """Give what stands against it, with what an import found in the end."""
    found = refusal.found if isinstance(refusal, BundleProblems) else ()
    return tuple(dict.fromkeys([*approval.problems, *found]))


def _is_about_slug(problem: Problem) -> bool:
    return problem.file == PACK_FILE and problem.field == "slug"


def _mark(plan: ImportPlan, approval: ImportPlan) -> Mark:
    if plan.problems:
        return Mark(state="fail", word=counted(len(plan.problems), "problem"))
    if approval.is_done:
        return Mark(state="ended", word="here already")
    if approval.problems:
        return Mark(state="incomplete", word="as drafts only")
    return Mark(state="pass", word="ready to import")


def _notices(plan: ImportPlan, approval: ImportPlan, refusal: GymError | None) -> Iterator[Notice]:
    if refusal is not None and not isinstance(refusal, BundleProblems):
        yield Notice(tone="bad", title="Nothing was imported.", text=refusal.message)
    elif refusal is not None:
        text = "What stands against it is below."
        yield Notice(tone="bad", title="Nothing was imported.", text=text)
    if approval.is_done:
        text = "Importing it again adds nothing."
        yield Notice(tone="info", title="All of it is here.", text=text)
    elif approval.problems and not plan.problems:
        text = "What is below stands against taking over approvals and the frozen version."
        yield Notice(tone="warn", title="It can be imported as drafts.", text=text)


def _facts(upload: Upload, plan: ImportPlan) -> Iterator[Fact]:
    contents = plan.bundle.contents
    yield Fact(label="version", value=plan.version, detail=f"hash {plan.hash[:12]}")
    yield Fact(label="tasks", value=f"{len(plan.tasks):,}")
    yield Fact(label="licence", value=contents.licence)
    yield Fact(label="for training", value="yes" if contents.is_for_training else "no")
    yield from _upload_facts(upload)


def _upload_facts(upload: Upload) -> Iterator[Fact]:
    yield Fact(label="upload", value=size(len(upload.data)), detail=f"sha256 {upload.sha256[:12]}")
    yield Fact(label="kept until", value=f"{upload.expires_at:%-d %b %H:%M} UTC")


def _world(planned: PlannedWorld, bundle: Bundle) -> BundleWorldRow:
    parcel = bundle.worlds[planned.name].parcel
    slug, _, version = planned.name.partition("@")
    is_here = planned.fate != Fate.NEW
    return BundleWorldRow(
        name=planned.name,
        mark=MARKS[planned.fate],
        rows=f"{sum(map(len, parcel.entities.values())):,}",
        hash=planned.hash[:12],
        url=reverse("simulation:world", args=[slug, int(version)]) if is_here else "",
    )


def _seen(plan: ImportPlan, user: User) -> set[str]:
    """Name the tasks here that this person may know of."""
    slugs = [task.packed.slug for task in plan.tasks if task.known]
    return set(visible_tasks(user).filter(slug__in=slugs).values_list("slug", flat=True))


def _task(planned: PlannedTask, seen: Collection[str]) -> BundleTaskRow:
    slug = planned.packed.slug
    return BundleTaskRow(
        slug=slug,
        title=planned.packed.content.title,
        revision=str(planned.number),
        split=SPLIT_WORDS[planned.packed.split],
        mark=MARKS[planned.fate],
        url=reverse("editor:prompt", args=[slug]) if slug in seen else "",
    )


def _more_tasks(plan: ImportPlan) -> str:
    more = len(plan.tasks) - TASKS_SHOWN
    return f"and {counted(more, 'more task')}" if more > 0 else ""


def _splits(bundle: Bundle) -> Iterator[str]:
    contents = bundle.contents
    for split in SPLITS:
        if split in contents.splits:
            count = contents.splits[split]["tasks"]
            absent = " (not in this bundle)" if split in contents.left_out else ""
            yield f"{count:,} {SPLIT_WORDS[split]}{absent}"


def _megabytes(count: int) -> str:
    return f"{count // 1_000_000} MB"
