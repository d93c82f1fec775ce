"""Fields that are written down one by one, where no schema says them."""

from typing import Any

from simulation.forms.fields import Field


def field_below(
    prefix: str,
    path: str,
    kind: str,
    *,
    label: str = "",
    is_required: bool = True,
    is_number: bool | None = None,
    **more: Any,
) -> Field:
    """Make the field of a value. path: of the value; its input's name begins with the prefix.

    label: the last word of the path unless it is given. is_number: a number is read as one, not
    as text, unless this says otherwise.
    """
    return Field(
        name=f"{prefix}.{path}",
        label=label or path.rpartition(".")[2].replace("_", " "),
        kind=kind,
        is_required=is_required,
        is_number=kind == "number" if is_number is None else is_number,
        **{"hint": "", "expects": "", **more},
    )
