"""What the pages of endpoints show: the list, and the form with how a question to one went."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse

from simulation.chat.prices import ANY_MODEL
from simulation.drafts import fingerprint
from simulation.editing.endpoints import PREFIX, endpoint_fields, new_endpoint
from simulation.editing.sheet import Sheet, Typed, make_sheet
from simulation.endpoints import content_of, warning_of
from simulation.forms.writing import write_inputs
from simulation.models import ModelEndpoint
from simulation.pages import Choice, Fact, Mark, Notice
from simulation.trial_card import TrialCard
from simulation.wording import counted


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointRow:
    url: str
    name: str
    address: str
    key: Mark
    variable: str
    mark: Mark
    models: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointsPage:
    rows: tuple[EndpointRow, ...]
    count: str
    new_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointPage:
    """`name` is "" for a new one, and there is nothing to test then."""

    title: str
    name: str
    sheet: Sheet
    list_url: str
    form_url: str
    test_url: str = ""
    notice: Notice | None = None
    facts: tuple[Fact, ...] = ()
    models: tuple[Choice, ...] = ()
    model: str = ""
    model_problem: str = ""
    trial: TrialCard | None = field(default=None)


def endpoints_page(endpoints: Iterable[ModelEndpoint]) -> EndpointsPage:
    rows = tuple(map(_row, endpoints))
    return EndpointsPage(
        rows=rows, count=counted(len(rows), "endpoint"), new_url=reverse("endpoints:new")
    )


def new_page(typed: Typed | None = None) -> EndpointPage:
    given = new_endpoint()
    url = reverse("endpoints:new")
    return EndpointPage(
        title="New endpoint",
        name="",
        sheet=_sheet(given, typed, base=""),
        list_url=reverse("endpoints:list"),
        form_url=url,
    )


def edit_page(
    endpoint: ModelEndpoint,
    typed: Typed | None = None,
    *,
    base: str = "",
    model: str = "",
    model_problem: str = "",
    trial: TrialCard | None = None,
) -> EndpointPage:
    """base: what the form was opened on, the stored content when left out."""
    stored = content_of(endpoint)
    warning = warning_of(endpoint)
    models = [name for name in endpoint.prices if name != ANY_MODEL]
    return EndpointPage(
        title=endpoint.name,
        name=endpoint.name,
        sheet=_sheet(stored, typed, base=base or fingerprint(stored)),
        list_url=reverse("endpoints:list"),
        form_url=endpoint_url(endpoint),
        test_url=reverse("endpoints:test", args=[endpoint.name]),
        notice=Notice(tone="warn", title="The key is missing.", text=warning) if warning else None,
        facts=_facts(endpoint),
        models=tuple(Choice(value=name, label=name) for name in models),
        model=model or next(iter(models), ""),
        model_problem=model_problem,
        trial=trial,
    )


def endpoint_url(endpoint: ModelEndpoint) -> str:
    return reverse("endpoints:edit", args=[endpoint.name])


def _sheet(given: dict[str, object], typed: Typed | None, *, base: str) -> Sheet:
    fields = endpoint_fields()
    typed = typed or Typed(inputs=write_inputs(fields, given))
    return make_sheet(None, fields, given, typed, base=base, prefix=PREFIX, rows_url="")


def _facts(endpoint: ModelEndpoint) -> tuple[Fact, ...]:
    return (
        Fact(label="Made by", value=str(endpoint.created_by)),
        Fact(label="Made", value=f"{endpoint.created_at:%d %b %Y %H:%M} UTC"),
        Fact(label="Changed", value=f"{endpoint.updated_at:%d %b %Y %H:%M} UTC"),
        Fact(label="Key", value=_key(endpoint).word, detail=endpoint.key_variable),
    )


def _row(endpoint: ModelEndpoint) -> EndpointRow:
    return EndpointRow(
        url=endpoint_url(endpoint),
        name=endpoint.name,
        address=endpoint.base_url,
        key=_key(endpoint),
        variable=endpoint.key_variable,
        mark=_use(endpoint),
        models=_priced(endpoint),
    )


def _priced(endpoint: ModelEndpoint) -> str:
    named = len(endpoint.prices) - (ANY_MODEL in endpoint.prices)
    words = [counted(named, "model")] if named else []
    if ANY_MODEL in endpoint.prices:
        words.append("any other" if named else "any model")
    return ", ".join(words) or "–"


def _key(endpoint: ModelEndpoint) -> Mark:
    if not endpoint.key_variable:
        return Mark(state="ended", word="needs none")
    if warning_of(endpoint):
        return Mark(state="incomplete", word="not set")
    return Mark(state="pass", word="set")


def _use(endpoint: ModelEndpoint) -> Mark:
    if endpoint.is_active:
        return Mark(state="pass", word="in use")
    return Mark(state="cancelled", word="switched off")
