"""The page of the API: opened, followed to a schema, on a narrow screen as well."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import axe
from tests.e2e.ways import width_of


@pytest.mark.parametrize(("width", "scheme"), [(1400, "light"), (390, "dark")])
def test_an_operation_leads_to_what_it_answers(width, scheme, visit):
    page = visit("/api/docs/", is_signed_in=False, width=width, color_scheme=scheme)
    operation = page.locator("details", has=page.locator("#runs_retrieve"))

    operation.locator("summary").click()
    operation.get_by_role("link", name="RunOut").click()

    expect(page.locator("#schema-RunOut")).to_be_visible()
    assert width_of(page) <= width
    assert axe(page) == []
