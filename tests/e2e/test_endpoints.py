"""Endpoints in a browser: made and tried by keyboard alone, and on a narrow screen."""

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from simulation.models import ModelEndpoint
from tests.e2e.conftest import axe, axe_in_both_themes
from tests.e2e.test_workshop import press, walk_to
from tests.e2e.ways import width_of
from tests.factories import make_endpoint
from tests.model_server import Reply

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin_of_models(runner):
    group, _ = Group.objects.get_or_create(name="admin")
    runner.groups.add(group)
    return runner


def test_by_keyboard_alone_an_endpoint_is_made_and_tried(admin_of_models, model_server, visit):
    model_server.replies.append(Reply(text="ready"))
    page = visit("/settings/endpoints/")

    walk_to(page, "New endpoint")
    press(page, "Enter")
    page.locator("#sheet").wait_for()
    for name, text in (("endpoint.name", "local"), ("endpoint.base_url", model_server.url)):
        walk_to(page, name)
        page.keyboard.type(text)
    press(page, "Enter")
    expect(page.get_by_text("local was made.")).to_be_visible()
    walk_to(page, "model")
    page.keyboard.type("small")
    press(page, "Enter")

    expect(page.get_by_text("It says: ready")).to_be_visible()
    assert ModelEndpoint.objects.get().name == "local"
    assert axe(page) == []


@pytest.mark.parametrize("width", [1400, 390])
def test_pages_of_endpoints_fit_and_can_be_read(width, admin_of_models, visit):
    page = visit("/settings/endpoints/", width=width)
    addresses = ["/settings/endpoints/", "/settings/endpoints/new/"]
    found = [axe_in_both_themes(page)]
    prices = {"a-model-with-a-name-that-is-long/2026-11": {"prompt": "1", "completion": "2"}}
    for name in ("local", "a-name-that-is-as-long-as-names-may-be-and-then-some-more-on"):
        made = make_endpoint(
            f"https://models.example.com/{name}/{name}/v1",
            name=name,
            key_variable=f"EG_MODEL_KEY_{'LONG_' * 12}",
            prices=prices,
            created_by=admin_of_models,
        )
        addresses.append(f"/settings/endpoints/{made.name}/")

    for address in addresses:
        page.goto(address)
        found.append(axe_in_both_themes(page))
        assert width_of(page) <= width, address

    assert not [line for lines in found for line in lines]
