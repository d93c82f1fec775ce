"""Forms in which a value is typed, or taken from an earlier result."""

import pytest
from django.http import QueryDict

from simulation.forms.fields import Place, Traits, members
from simulation.forms.referring import read_referring, write_referring

SCHEMA = {
    "required": ["buyer"],
    "properties": {
        "buyer": {"type": "string"},
        "qty": {"type": "integer"},
        "status": {"enum": ["open", "paid"]},
        "tags": {"type": "array", "items": {"type": "string"}},
        "either": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
        "lines": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"item_id": {"type": "string"}, "qty": {"type": "integer"}},
            },
        },
        "free": {"type": "object"},
    },
}
TRAITS = Traits(target=lambda _: "", is_long=lambda *_: False, label=str)
FIELDS = tuple(members(SCHEMA, Place(name="arg", path="", is_required=True), TRAITS))


@pytest.mark.parametrize(
    "values",
    [
        {"buyer": {"$ref": "1.0.buyer"}, "qty": {"$ref": "2.qty"}, "status": {"$ref": "1.status"}},
        {"buyer": "dee", "qty": 2, "status": "open"},
        {"buyer": "dee", "tags": ["new", {"$ref": "1.0.id"}, {"$ref": "1.1.id"}]},
        {"buyer": "dee", "either": {"$ref": "1"}},
        {"buyer": "dee", "lines": [{"item_id": {"$ref": "3.id"}, "qty": 1}, {"item_id": "lamp"}]},
        {"buyer": "dee", "lines": {"$ref": "3.lines"}, "free": {"a": {"$ref": "1"}}},
        {"buyer": {"$ref": "1", "more": 1}},
    ],
)
def test_what_is_written_into_a_form_is_read_from_it(values):
    typed = write_referring(FIELDS, values)

    assert read_referring(FIELDS, typed) == (values, {})


def test_a_path_counts_more_than_what_is_typed():
    typed = QueryDict(mutable=True)
    typed.update({"arg.buyer": "dee", "arg.buyer:ref": " 1.0.buyer ", "arg.qty": "2"})

    assert read_referring(FIELDS, typed)[0] == {"buyer": {"$ref": "1.0.buyer"}, "qty": 2}


def test_a_path_has_an_input_of_its_own():
    typed = write_referring(FIELDS, {"buyer": {"$ref": "1.0.buyer"}})

    assert typed.dict() == {"arg.buyer:ref": "1.0.buyer"}
