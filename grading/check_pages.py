"""What the pages of checks show, as plain values."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from grading.check_forms.sheet import CheckSheet
from simulation.pages import Choice, Mark, Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRow:
    """One field of a kind of check; `depth` is how far inside others it stands."""

    name: str
    label: str
    takes: str
    hint: str
    depth: int
    is_required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KindCard:
    """One kind of check: what it does, an example in English and as data, its fields."""

    kind: str
    title: str
    about: SafeString
    sentence: str
    example: str
    fields: tuple[FieldRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksPage:
    cards: tuple[KindCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedStep:
    """A place in the episode that a finding rests on; `url` leads there."""

    step: int
    quote: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TryResult:
    """What a check says of an episode; `mark` is None where only a model or a person can tell.

    json: the check with the results of its queries. link: this try, to share; "" when it is long.
    """

    sentence: str
    mark: Mark | None
    reason: str
    evidence: tuple[CitedStep, ...]
    json: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TryPage:
    """A check that is tried on an episode, changing nothing.

    kinds: links that choose the kind. criteria: links that begin with a criterion of the episode.
    json: what was pasted, or "". `notice` says why nothing can be decided here.
    """

    title: str
    episode: str
    episode_url: str
    run_title: str
    run_url: str
    form_url: str
    kind: str
    about: SafeString
    kinds: tuple[Choice, ...]
    criteria: tuple[Choice, ...]
    sheet: CheckSheet
    json: str
    json_problem: str
    result: TryResult | None = None
    notice: Notice | None = None
