"""The draft rubric tried on episodes that there are: graded in memory, nothing is stored."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import F, QuerySet

from authoring.content import TaskContent
from authoring.models import Task
from grading.criteria import Criterion, Outcome, reward_of
from grading.graders import Finding, is_deterministic
from grading.models import Assessment, Rollout, Run, Verdict
from grading.regrading.measures import setup_hash
from grading.verdicts import DECIDED, criteria_of, effective, grade, read_evidence, standing
from simulation.episodes import read_steps_of
from simulation.worlds import find_world

USUAL, MOST = 20, 50  # episodes
LOOKED_AT = 500  # among which they are chosen
KINDS = (Run.Kind.EVALUATION, Run.Kind.DEMO, Run.Kind.TRAINING, Run.Kind.DRY_RUN)
OTHER_WORLD = "in another world"
OTHER_SETUP = "with another setup"
BROKEN = "no longer rebuilt as recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """A criterion whose outcome is another one by the draft."""

    number: int
    criterion: Criterion
    before: Verdict
    after: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """One episode by its official grading (`assessment`) and by the draft.

    reward and passed are None where a criterion stays open.
    """

    assessment: Assessment
    flips: tuple[Flip, ...]
    reward: float | None
    passed: bool | None

    @property
    def is_other(self) -> bool:
        """Tell whether it passes by one and fails by the other."""
        return None not in (self.passed, self.assessment.passed) and (
            self.passed != self.assessment.passed
        )


@dataclass(frozen=True, kw_only=True)
class PastTrial:
    """Episodes, flips first; left_out: how many could not be measured by the draft, by reason."""

    criteria: Sequence[Criterion]
    episodes: Sequence[Retried]
    left_out: Mapping[str, int]

    @property
    def flips(self) -> list[Flip]:
        return [flip for episode in self.episodes for flip in episode.flips]


def try_on_past(task: Task, content: TaskContent, user: User, *, number: int = USUAL) -> PastTrial:
    """Grade the newest graded episodes of a task that a person may see by a rubric.

    It takes five queries. Criteria that no rule decides keep their verdict while they say the same.
    """
    chosen, left_out = _choose(_graded(task, user), content, number)
    assessments = list(
        Assessment.objects.filter(pk__in=chosen)
        .select_related("rollout__episode", "rollout__run")
        .order_by("-rollout__episode__ended_at", "-pk")
    )
    steps = read_steps_of(each.rollout.episode_id for each in assessments)
    known = _verdicts(assessments)
    criteria, found = content.rubric.criteria, []
    for each in assessments:
        evidence = read_evidence(each.rollout.episode, steps[each.rollout.episode_id])
        if evidence is None:
            left_out[BROKEN] += 1
        else:
            found.append(_retried(each, criteria, grade(criteria, evidence), known[each.pk]))
    found.sort(key=lambda e: (-len(e.flips), not e.is_other))
    return PastTrial(criteria=criteria, episodes=found, left_out=dict(left_out))


def _graded(task: Task, user: User) -> QuerySet[Assessment]:
    """Give the official assessments of a task's episodes, newest episode first."""
    seen = Rollout.objects.visible_to(user).still_gradable()
    rollouts = seen.filter(subject__startswith=f"{task.slug}@", run__kind__in=KINDS)
    official = Assessment.objects.filter(
        rollout__in=rollouts, grading=F("rollout__run__official"), status__in=DECIDED
    )
    return official.order_by("-rollout__episode__ended_at", "-pk")


def _choose(
    graded: QuerySet[Assessment], content: TaskContent, number: int
) -> tuple[list[int], Counter[str]]:
    """Take the newest episodes that began as the draft does; counts the newer ones that did not."""
    world, setup = find_world(content.world).pk, setup_hash(content.setup)
    episode = "rollout__episode"
    rows = graded.values_list("pk", f"{episode}__world", f"{episode}__spec__setup")[:LOOKED_AT]
    chosen: list[int] = []
    left_out: Counter[str] = Counter()
    for pk, its_world, its_setup in rows:
        if len(chosen) == number:
            break
        if its_world != world:
            left_out[OTHER_WORLD] += 1
        elif setup_hash(its_setup or ()) != setup:
            left_out[OTHER_SETUP] += 1
        else:
            chosen.append(pk)
    return chosen, left_out


def _verdicts(assessments: Sequence[Assessment]) -> defaultdict[int, dict[str, Verdict]]:
    said: defaultdict[int, list[Verdict]] = defaultdict(list)
    for verdict in standing().filter(assessment__in=assessments).select_related("author"):
        said[verdict.assessment_id].append(verdict)
    return defaultdict(dict, {pk: effective(verdicts) for pk, verdicts in said.items()})


def _retried(
    assessment: Assessment,
    criteria: Sequence[Criterion],
    findings: Mapping[str, Finding],
    known: Mapping[str, Verdict],
) -> Retried:
    kept = _kept(criteria, criteria_of(assessment.rubric_id), known)
    result = reward_of(criteria, {**kept, **{k: f.outcome for k, f in findings.items()}})
    reward, passed = result or (None, None)
    flips = tuple(_flips(criteria, findings, known))
    return Retried(assessment=assessment, flips=flips, reward=reward, passed=passed)


def _kept(
    criteria: Sequence[Criterion], before: Sequence[Criterion], known: Mapping[str, Verdict]
) -> dict[str, Outcome]:
    """Give what judges and people decided of criteria that say the same in the draft."""
    hashes = {criterion.key: criterion.hash for criterion in before}
    same = (c for c in criteria if not is_deterministic(c) and hashes.get(c.key) == c.hash)
    return {c.key: Outcome(known[c.key].outcome) for c in same if c.key in known}


def _flips(
    criteria: Sequence[Criterion], findings: Mapping[str, Finding], known: Mapping[str, Verdict]
) -> Iterator[Flip]:
    for number, criterion in enumerate(criteria, start=1):
        before, after = known.get(criterion.key), findings.get(criterion.key)
        if before and after and before.outcome != after.outcome:
            yield Flip(number=number, criterion=criterion, before=before, after=after)
