"""Transcripts as one file that is made once for what there is to say, and downloaded in parts."""

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import IO, Any

import orjson
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Count, Max, Q, QuerySet, Sum

from grading.models import Verdict, Withdrawal
from grading.transcripts import FORMS
from grading.transcripts.reading import Wanted, read_transcripts, wanted_rollouts
from simulation.artifacts import Artifact, artifact
from simulation.environments import environment, slugs
from simulation.errors import NotFound

MEDIA_TYPE = "application/jsonl"


def transcripts_file(user: User | AnonymousUser, wanted: Wanted, form: str) -> Artifact:
    """Give the transcripts that a person may see as a file of lines.

    A file that says the same is there already is given again. Raises NotFound for a form that there
    is none of, Unavailable when it cannot be written.
    """
    if form not in FORMS:
        raise NotFound(f"there is no form {form!r}; there are {', '.join(FORMS)}")
    rollouts = wanted_rollouts(user, wanted)
    where = f"run-{wanted.run}" if wanted.run else "runs"
    return artifact(
        ["transcripts", form, wanted.as_json(), _state(rollouts), _code()],
        name=f"{where}-{form}.jsonl",
        media_type=MEDIA_TYPE,
        write=lambda target: _write(rollouts, form, target),
    )


def lines(rollouts: "QuerySet[Any]", form: str) -> Iterator[bytes]:
    """Write one line after another: plain JSON with sorted keys."""
    write = FORMS[form].write
    for transcript in read_transcripts(rollouts):
        yield orjson.dumps(write(transcript), option=orjson.OPT_SORT_KEYS) + b"\n"


def _write(rollouts: "QuerySet[Any]", form: str, target: IO[bytes]) -> None:
    for line in lines(rollouts, form):
        target.write(line)


def _state(rollouts: "QuerySet[Any]") -> list[Any]:
    """Sum up all that the lines rest on and that may still change: another file is another state.

    Verdicts and withdrawals are only ever added, an episode that is over is replaced by another
    one or loses its steps, an assessment that is settled anew gets a later time.
    """
    gradings = sorted(_officials(rollouts))
    official = Q(assessments__grading__in=gradings)
    known = rollouts.order_by().aggregate(
        rollouts=Count("pk", distinct=True),
        episodes=Sum("episode_id", distinct=True),
        latest=Max("episode_id"),
        forgotten=Count("episode_id", filter=Q(episode__forgotten_at__isnull=False), distinct=True),
        graded=Max("assessments__graded_at", filter=official),
        decided=Count("assessments", filter=official & Q(assessments__reward__isnull=False)),
    )
    verdicts = Verdict.objects.filter(assessment__rollout__in=rollouts.order_by().values("pk"))
    said = verdicts.aggregate(count=Count("pk"), latest=Max("pk"))
    taken_back = Withdrawal.objects.filter(verdict__in=verdicts.values("pk")).count()
    return [*map(str, known.values()), gradings, *said.values(), taken_back]


def _officials(rollouts: "QuerySet[Any]") -> list[int]:
    return list(rollouts.order_by().values_list("run__official_id", flat=True).distinct())


@cache
def _code() -> str:
    """Give another value once the code of the forms, or a company's tools, are others."""
    folder = Path(__file__).parent
    digest = hashlib.sha256(b"\0".join(p.read_bytes() for p in sorted(folder.glob("*.py"))))
    digest.update("".join(environment(slug).tools_hash("all") for slug in slugs()).encode())
    return digest.hexdigest()
