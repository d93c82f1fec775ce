"""The OpenAPI document is whole, and its page shows all of it."""

import re

import pytest
from django.urls import get_resolver
from drf_spectacular.validation import validate_schema
from drf_spectacular.views import SpectacularAPIView

from config.api_docs import read_document
from simulation.rest.views import ApiView
from tests.web.document import api_document

ERRORS = {"get": {400, 401, 403, 404, 406, 429}}
WRITE_ERRORS = {400, 401, 403, 404, 406, 409, 412, 413, 415, 422, 429, 503}


def operations():
    for path, methods in api_document()[0]["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", method, operation


def views_below(patterns):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from views_below(pattern.url_patterns)
        elif cls := getattr(pattern.callback, "cls", None):
            yield cls


def test_the_document_is_valid_and_its_making_complains_of_nothing():
    document, complaints = api_document()

    validate_schema(document)
    assert complaints == ()


def test_every_view_has_what_all_have_in_common():
    views = set(views_below(get_resolver().url_patterns))

    assert len(views) > 10
    assert {v for v in views if not issubclass(v, ApiView)} == {SpectacularAPIView}


def test_every_operation_says_what_it_is_and_what_may_go_wrong():
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(names) == len(set(names)) > 30
    for name, method, operation in operations():
        assert operation["summary"], name
        assert len(operation["tags"]) == 1, name
        statuses = {int(status) for status in operation["responses"]}
        assert ERRORS.get(method, WRITE_ERRORS) <= statuses, name
        assert any(200 <= status < 300 for status in statuses), name
        own_errors = [
            s for s, a in operation["responses"].items() if s >= "400" and "$ref" not in a
        ]
        assert own_errors == [], name


def test_every_parameter_has_a_type_and_an_example():
    for name, method, operation in operations():
        parameters = {each["name"]: each for each in operation.get("parameters", [])}
        for each in parameters.values():
            assert each["schema"], (name, each["name"])
            free = ("fields", "cursor", "filters")
            assert "example" in each or each["name"] in free, (name, each["name"])
        if method != "get":
            assert "Idempotency-Key" in parameters, name


def test_every_read_in_json_takes_fields():
    missing = [
        name
        for name, method, operation in operations()
        if method == "get"
        and "application/json" in operation["responses"]["200"].get("content", {})
        and "fields" not in {each["name"] for each in operation["parameters"]}
    ]

    assert missing == []


def test_every_reference_of_the_page_leads_to_something():
    page = read_document(api_document()[0])

    known = {schema.name for schema in page.schemas}
    shown = [each for area in page.areas for each in area.operations]
    parts = [part for each in shown for part in (*each.parameters, *each.bodies, *each.answers)]
    members = [member for schema in page.schemas for member in schema.members]
    assert page.count == len(shown) == sum(1 for _ in operations())
    assert {link for part in [*parts, *members] for link in part.links} <= known


@pytest.mark.django_db
def test_the_page_shows_every_operation_without_script_of_its_own(page):
    body = page("/api/docs/", None).content.decode()

    for _, _, operation in operations():
        assert f'id="{operation["operationId"]}"' in body
    targets = set(re.findall(r'href="#([^"]+)"', body))
    assert targets <= set(re.findall(r'id="([^"]+)"', body))
    assert "style=" not in body
    assert re.findall(r"<script(?![^>]*\bsrc=)", body) == []
