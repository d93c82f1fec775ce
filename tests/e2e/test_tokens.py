"""A token in a browser: made, copied, used by a script, revoked."""

import json
import re
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from authoring.models import ApiToken
from authoring.tokens import PREFIX
from tests.e2e.conftest import axe

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_token_is_made_copied_used_and_revoked(visit, live_server, runner):
    page = visit("/", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Your menu").click()
    page.get_by_role("link", name="API tokens").click()
    page.get_by_role("link", name="New token").click()
    page.get_by_label("What it is for").fill("nightly")
    page.get_by_label("run").check()
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_role("heading", name="nightly is made")).to_be_visible()
    assert axe(page) == []

    page.get_by_role("button", name="Copy").click()
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.startswith(PREFIX)
    expect(page).not_to_have_url(re.compile(re.escape(text)))

    def asked():
        headers = {"Authorization": f"Bearer {text}"}
        return urlopen(Request(f"{live_server.url}/api/v1/me/", headers=headers), timeout=10)

    with asked() as answer:
        assert json.load(answer)["scopes"] == ["read", "run"]
    page.get_by_role("link", name="I have copied it").click()
    expect(page.get_by_role("row", name="nightly")).to_contain_text(text[:12])
    assert text not in page.content()

    page.get_by_role("link", name="Revoke nightly").click()
    page.get_by_role("button", name="Revoke it").click()
    expect(page.get_by_role("row", name="nightly")).to_contain_text("revoked")
    with pytest.raises(HTTPError, match="401"):
        asked()
    assert ApiToken.objects.get().is_revoked
