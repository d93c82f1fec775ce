"""The page of the API: opened, followed to a schema, on a narrow screen as well."""

import pytest

from tests.e2e.conftest import axe


@pytest.mark.parametrize(("width", "scheme"), [(1400, "light"), (390, "dark")])
def test_an_operation_leads_to_what_it_answers(width, scheme, visit):
    page = visit("/api/docs/", is_signed_in=False, width=width, color_scheme=scheme)
    operation = page.locator("details", has=page.locator("#runs_retrieve"))

    operation.locator("summary").click()
    operation.get_by_role("link", name="RunOut").click()

    assert page.locator("#schema-RunOut").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert axe(page) == []
