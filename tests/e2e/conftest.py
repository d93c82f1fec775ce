"""A real browser on a real server; without one these tests are skipped, unless CI asks for them."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the driver runs an event loop in this thread
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
AXE = Path(__file__).parent / "axe.min.js"
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
    """Open an address as the signed-in runner; whatever the console complains of fails the test.

    is_cut_off: the test itself keeps requests from the server. is_quick: who sits there leaves
    pages that still ask for a part of them; the request is dropped then, and htmx says so.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_(
        path: str = "/",
        *,
        is_signed_in: bool = True,
        is_cut_off: bool = False,
        is_quick: bool = False,
        width: int = 1400,
        **options: Any,
    ) -> Page:
        size = {"width": width, "height": 900}
        context = browser.new_context(base_url=live_server.url, viewport=size, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        allowed = [*["ERR_FAILED"] * is_cut_off, *DROPPED * is_quick]
        page.on("console", lambda message: complaints.extend(_complaint(message, allowed)))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if is_signed_in:
            sign_in(page)
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


def sign_in(page: Page, person: str = "ruth") -> None:
    page.goto("/login/")
    page.get_by_label("User name").fill(person)
    page.get_by_label("Password").fill("secret")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "login" not in url)


def axe(page: Page) -> list[str]:
    """Give what axe-core finds on a page, one line a finding."""
    # evaluated by the driver, not loaded by the page: its policy forbids foreign scripts
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{rule['id']}: {node['html'][:120]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
