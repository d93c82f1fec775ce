"""What the form of a pack shows and was sent."""

from dataclasses import dataclass

from simulation.pages import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class PackForm:
    """What somebody typed of a pack, as it was typed."""

    slug: str = ""
    title: str = ""
    description: str = ""
    licence: str = "proprietary"
    is_for_training: bool = False
    is_exact: bool = False
    sizes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeField:
    name: str
    label: str
    value: str
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackFormPage:
    """heading and button of the form for a new pack or for its settings. then: what is added to a
    new pack once it is made, as a query string."""

    heading: str
    button: str
    url: str
    back_url: str
    is_new: bool
    typed: PackForm
    sizes: tuple[SizeField, ...]
    errors: dict[str, str]
    problems: tuple[Choice, ...]
    slug: str = ""
    title: str = ""
    then: str = ""
