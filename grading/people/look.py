"""How somebody looks at an episode: as of which grading, and whether blind."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.http import HttpRequest

from grading.models import Grading, Run

BLIND = "blind"  # in the address and in the session
SEEN = "seen"  # assessments whose verdicts a session was shown
MOST_SEEN = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A person's look at rollouts of one run.

    is_blind: what others and machines said about a criterion is hidden until this person has
    spoken on it. asked: what of it stands in the address, so links keep it.
    """

    user: User
    run: Run
    grading: Grading
    is_blind: bool = False
    asked: Mapping[str, str]

    @property
    def is_official(self) -> bool:
        return self.grading.pk == self.run.official_id

    def address(self, base: str, **more: object) -> str:
        """Give an address that keeps grading and blindness."""
        query = urlencode({**self.asked, **more})
        return f"{base}?{query}" if query else base


def is_blind(request: HttpRequest) -> bool:
    """Tell whether this person chose not to see verdicts: for good, or in this address."""
    return bool(request.session.get(BLIND)) or request.GET.get(BLIND) == "1"


def remember_seen(request: HttpRequest, assessment: int) -> None:
    """Note that verdicts were shown: whoever looks blind afterwards has seen them all the same."""
    seen = request.session.get(SEEN, [])
    if assessment not in seen and request.session.session_key:
        request.session[SEEN] = [*seen, assessment][-MOST_SEEN:]


def has_seen(request: HttpRequest, assessment: int) -> bool:
    return assessment in request.session.get(SEEN, [])
