"""A real browser on a real server; without one these tests are skipped, unless CI asks for them."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from tests.factories import signed_in

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the driver runs an event loop in this thread
# the first has no window of its own to draw: a page opens in a quarter of the time
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))), ""
)
AXE = (Path(__file__).parent / "axe.min.js").read_text("utf-8")
FINDINGS = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"], selectors: false});
  return found.violations.flatMap(
    (rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 120)}`));
}"""
SCHEMES = ("light", "dark")
PATIENCE = 15_000  # ms: machines that run other tests at the same time are slow
expect.set_options(timeout=PATIENCE)
DROPPED = ["htmx:afterRequest", "htmx:sendError", "htmx:sendAbort"]
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM and not os.environ.get("CI"):
        pytest.skip("NO BROWSER: install chromium to run the browser tests")
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, live_server: Any, runner: Any) -> Iterator[Callable[..., Page]]:
    """Open an address as who is signed in; whatever the console complains of fails the test.

    is_cut_off: the test itself keeps requests from the server. is_quick: who sits there leaves
    pages that still ask for a part of them; the request is dropped then, and htmx says so.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_(
        path: str = "/",
        *,
        is_signed_in: bool = True,
        person: str = "ruth",
        is_cut_off: bool = False,
        is_quick: bool = False,
        width: int = 1400,
        **options: Any,
    ) -> Page:
        size = {"width": width, "height": 900}
        context = browser.new_context(base_url=live_server.url, viewport=size, **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        allowed = [*["ERR_FAILED"] * is_cut_off, *DROPPED * is_quick]
        page.on("console", lambda message: complaints.extend(_complaint(message, allowed)))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if is_signed_in:
            bring_session(context, live_server.url, person)
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []


def _complaint(message: ConsoleMessage, allowed: list[str]) -> list[str]:
    """Give what the console complains of; a form that is shown again, 422 or 409, is no fault."""
    is_form = "status of 422" in message.text or "status of 409" in message.text
    is_allowed = is_form or any(words in message.text for words in allowed)
    is_fault = message.type == "error" and not is_allowed
    return [message.text] if is_fault else []


def bring_session(context: BrowserContext, url: str, person: str = "ruth") -> None:
    """Sign somebody in without the form, which has a journey of its own."""
    client = signed_in(User.objects.get(username=person))
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])


def axe(page: Page) -> list[str]:
    """Give what axe-core finds on a page, one line a finding."""
    _bring_axe(page)
    return page.evaluate(FINDINGS)


def axe_in_both_themes(page: Page) -> list[str]:
    """Give what axe-core finds on one page as it is shown in the light and in the dark."""
    _bring_axe(page)
    found = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        found += [f"{scheme}: {each}" for each in page.evaluate(FINDINGS)]
    page.emulate_media(color_scheme=SCHEMES[0])
    return found


def take_pictures(page: Page, name: str) -> None:
    """Keep how a page looks in the light and in the dark."""
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=f"{name}-{scheme}.png", full_page=True)
    page.emulate_media(color_scheme=SCHEMES[0])


def _bring_axe(page: Page) -> None:
    page.wait_for_load_state()
    # evaluated by the driver, not loaded by the page: its policy forbids foreign scripts
    page.evaluate(AXE)
