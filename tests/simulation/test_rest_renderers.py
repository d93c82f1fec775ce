"""Answers as JSON: the framework's own bytes, whatever is in them."""

import datetime as dt
import json
from collections import OrderedDict
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

import pytest
from django.db import models
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from hypothesis import given, settings
from hypothesis import strategies as st
from rest_framework.renderers import JSONRenderer
from rest_framework.settings import api_settings
from rest_framework.utils.serializer_helpers import ReturnDict, ReturnList

from simulation.rest.renderers import Json

LONG_AGO = dt.datetime(2025, 9, 15, 19, tzinfo=dt.UTC)


class Kind(models.TextChoices):
    ONE = "one"


class Pair(NamedTuple):
    first: int
    second: str


texts = st.text(st.characters(codec="utf-8"))
plain_floats = st.floats(allow_nan=False, allow_infinity=False).filter(lambda n: "e" not in repr(n))
leaves = st.one_of(st.none(), st.booleans(), st.integers(), plain_floats, texts)
values = st.recursive(
    leaves, lambda inside: st.lists(inside) | st.dictionaries(texts, inside), max_leaves=10
)


@settings(max_examples=50)
@given(values.filter(lambda value: value is not None))
def test_random_values_are_written_as_the_framework_writes_them(value):
    assert Json().render(value) == JSONRenderer().render(value)


@pytest.mark.parametrize(
    "value",
    [
        LONG_AGO,
        LONG_AGO.replace(microsecond=120),
        LONG_AGO.astimezone(dt.timezone(dt.timedelta(hours=2))),
        LONG_AGO.date(),
        dt.time(1, 2),
        dt.timedelta(seconds=1.5),
        Decimal("1.50"),
        UUID(int=7),
        b"bytes",
        Kind.ONE,
        SafeString("<b>"),
        gettext_lazy("Yes"),
        Pair(1, "b"),
        (1, (2,)),
        OrderedDict(b=1, a=2),
        ReturnDict({"a": 1}, serializer=None),
        ReturnList([1], serializer=None),
        {0: "a", None: 2, True: 3},
        2**70,
        '\u2028 \u2029 \x00 \x1f \x7f / é 😀 \\ "',
    ],
    ids=repr,
)
def test_all_kinds_of_values_are_written_as_the_framework_writes_them(value):
    data = {"value": value, "in": [value]}

    assert Json().render(data) == JSONRenderer().render(data)


def test_what_can_be_read_once_is_there_even_when_the_framework_has_to_write_it():
    assert Json().render({"items": (n for n in (1, 2**70))}) == b'{"items":[1,%d]}' % 2**70


def test_nothing_is_written_for_nothing():
    assert Json().render(None) == b""


def test_who_asks_for_indented_json_gets_it():
    asked = "application/json; indent=2"

    assert Json().render({"a": 1}, asked, {}) == JSONRenderer().render({"a": 1}, asked, {})


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_are_read_back_as_they_were(number):
    assert json.loads(Json().render([number])) == [number]


def test_what_nobody_can_write_is_an_error():
    with pytest.raises(TypeError):
        Json().render({"a": object()})


def test_every_answer_of_the_api_is_written_so():
    assert Json in api_settings.DEFAULT_RENDERER_CLASSES
