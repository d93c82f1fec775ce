"""Where the transcripts of what a page shows are downloaded."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from grading.models import Run
from grading.scopes import SCOPE
from grading.transcripts import FORMS


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptsLink:
    """A form of transcripts. purpose: what it is for."""

    title: str
    purpose: str
    url: str


def transcripts_links(run: Run, filters: Mapping[str, str]) -> tuple[TranscriptsLink, ...]:
    """filters: agent, task and outcome as the run's page has them; "" is all."""
    chosen = {name: value for name, value in filters.items() if value and name in SCOPE}
    base = reverse("api:transcripts")
    return tuple(
        TranscriptsLink(
            title=form.title,
            purpose=form.purpose,
            url=f"{base}?{urlencode({'run': run.pk, 'form': name, **chosen})}",
        )
        for name, form in FORMS.items()
    )
