"""A task written in the browser: what is typed, chosen and pressed, in the words of the pages."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Locator, Page, Response, Route, expect

Condition = tuple[str, str, str | tuple[str, ...]]


class Pen:
    """Somebody who writes one task; every write goes through the pages."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.slug = ""

    def begin(self, title: str, category: str) -> None:
        self.page.goto("/tasks/new/")
        self.page.get_by_label("Title").fill(title)
        self.page.get_by_label("Category", exact=True).select_option(label=category)
        self.press("Make the task")
        self.page.wait_for_url("**/tasks/*-*/")
        self.slug = self.page.url.rstrip("/").rpartition("/")[2]

    def open(self, tab: str) -> None:
        parts = self.page.get_by_role("navigation", name="Parts of the task")
        link = parts.get_by_role("link", name=re.compile(rf"^{tab}"))
        link.click()
        expect(link).to_have_attribute("aria-current", "page")
        self.page.wait_for_load_state()

    def press(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("button", name=name).last.click()

    def follow(self, name: str | re.Pattern[str], *, exact: bool = False) -> None:
        self.page.get_by_role("link", name=name, exact=exact).first.click()

    @contextmanager
    def saved(self) -> Iterator[None]:
        """Wait until what is typed has saved itself."""
        with self.page.expect_response(_is_save):
            yield

    def write(self, label: str, text: str) -> None:
        """Type into a field that saves itself when it is left."""
        field = self.page.get_by_label(label, exact=True)
        with self.saved():
            field.fill(text)
            field.press("Tab")

    def choose(self, label: str, option: str) -> None:
        with self.saved():
            self.page.get_by_label(label, exact=True).select_option(label=option)

    def fill(self, form: Locator, values: Mapping[str, str]) -> None:
        """Fill the fields of a form that is sent by a button; a box is ticked with "yes"."""
        for label, value in values.items():
            field = form.get_by_label(label, exact=True)
            match field.evaluate("field => field.type"):
                case "select-one":
                    field.select_option(label=value)
                case "checkbox":
                    field.check()
                case _:
                    field.fill(value)

    def call(self, tool: str, values: Mapping[str, str], *, taken: Mapping[str, str] = {}) -> None:
        """Add a call behind the others. taken: values of earlier results, by their path."""
        self.open("Reference")
        self.follow("Add a call")
        self.follow(tool, exact=True)
        form = self.page.get_by_role("form", name=f"Arguments of {tool}")
        self.fill(form, values)
        for label, path in taken.items():
            source = form.get_by_label(f"{label}, taken from an earlier result")
            source.locator("xpath=ancestor::details").locator("summary").click()
            source.fill(path)
        self.press(re.compile(r"^Add step \d+$"))
        self.page.wait_for_url("**/reference/#step-*")

    def ask(self, rows: str, take: str, conditions: Iterable[Condition], **more: str) -> None:
        """Put a question to the world by the query builder. more: what else is asked, by label."""
        page = self.page
        page.wait_for_load_state()  # a choice before the scripts run asks nothing
        kinds = page.get_by_label("Rows of", exact=True)
        self.asked(lambda: kinds.select_option(value=rows))
        measure = page.get_by_label("Take the")
        if measure.evaluate("field => field.selectedOptions[0].label") != take:
            self.asked(lambda: measure.select_option(label=take))
        for label, path in more.items():
            self._leave(page.get_by_label(re.compile(rf"^{label.replace('_', ' ')}\b")), path)
        for number, condition in enumerate(conditions, start=1):
            self._condition(number, *condition)

    def _condition(self, number: int, path: str, op: str, value: str | tuple[str, ...]) -> None:
        page = self.page
        self.asked(lambda: page.get_by_role("button", name="Add a condition").click())
        self._leave(page.get_by_label(f"Field of condition {number}"), path)
        if op != "is":
            ops = page.get_by_label(f"Comparison of condition {number}")
            self.asked(lambda: ops.select_option(label=op))
        box = page.get_by_role("group", name=f"Condition {number}", exact=True)
        if isinstance(value, tuple):
            for label, day in zip(("From", "To"), value, strict=True):
                self._leave(box.get_by_label(label, exact=True), day)
            return
        field = box.get_by_label(f"Value of condition {number}")
        if field.evaluate("field => field.tagName") == "SELECT":
            self.asked(lambda: field.select_option(label=value))
        else:
            self._leave(field, value)

    def list_of(self, rows: str, field: str, conditions: Iterable[Condition]) -> None:
        """Begin one criterion for each row that a field of other rows names."""
        self.open("Rubric")
        self.follow("One criterion for each row of a list")
        self.ask(rows, "list", conditions, List_of=field)

    def wish(self, label: str, option: str) -> None:
        """Choose what each criterion of a list is like."""
        self.asked(lambda: self.page.get_by_label(label).select_option(label=option))

    def pattern(self, text: str) -> None:
        """Write the text that each criterion of a list gets."""
        self._leave(self.page.get_by_label("Text", exact=True), text)

    def pattern_while_waiting(self, text: str) -> None:
        """Write the text while the answer to the choice before it is still under way."""
        page, held = self.page, list[Route]()
        page.route("**/per-row/?*", lambda route: route.continue_() if held else held.append(route))
        with page.expect_request(lambda request: "check=" in request.url):
            page.get_by_label("It is met when").select_option("listed")
        field = page.get_by_label("Text", exact=True)
        field.fill(text)
        field.blur()
        with page.expect_response(lambda response: "pattern=The" in response.url):
            held[0].continue_()
        expect(field).to_have_value(text)

    def repeat(self, tool: str, *, path: str, part: str, into: str) -> None:
        """Add one call for each item of a list in an earlier result."""
        self.open("Reference")
        self.follow("Repeat for each")
        self.follow(tool, exact=True)
        values = {"path of the list": path, "what of each item": part, "the item goes to": into}
        self.fill(self.page.locator("#call"), values)
        self.press("Show the calls")
        self.press(re.compile(r"^Add \d+ calls as steps$"))
        self.page.wait_for_url("**/reference/#step-*")

    def near_miss(self, name: str, message: str, *, begin: str = "a copy of the reference") -> None:
        """Write another solution that ends with a message."""
        self.open("Reference")
        self.page.get_by_label("What goes wrong in it?").fill(name)
        self.page.get_by_label("Begin with").select_option(label=begin)
        self.press("Add a near-miss")
        self.page.wait_for_url("**/near-misses/*/")
        self.write("Last message", message)

    def copy_order(self, key: str) -> None:
        """Put another order like one into the setup: with a board and memory, not yet shipped."""
        page = self.page
        self.open("Setup")
        self.follow("Add from the world")
        page.get_by_label("Words in any row").fill(key)
        self.press("Search")
        page.get_by_role("link", name=f"… with its dependents : {key}").click()
        form = page.locator("#like-form")
        page.get_by_role("checkbox", name=re.compile("^shipment")).uncheck()
        self._item(1, "skyforge-b650-core")
        self.press("Add a row to line items")
        self._item(3, "mnemora-swift-ddr5-6000-32gb-kit")
        moment = {"created at required": "2025-09-15", "created at, time in UTC": "09:31"}
        self.fill(form, moment)
        self.press("Show what is added")
        self.press("Add to the setup")
        page.wait_for_url("**/setup/#op-*")

    def _item(self, number: int, product: str) -> None:
        row = self.page.get_by_role("group", name=f"line items {number}", exact=True)
        self.fill(row, {"product required": product, "qty required": "1"})

    def add_row(self, kind: str, values: Mapping[str, str]) -> None:
        self.open("Setup")
        self.follow("Add from the world")
        self.follow(re.compile(f"^{kind}s"))
        self.follow(f"New {kind}")
        self.fill(self.page.locator("#row-form"), values)
        self.press("Add to the setup")
        self.page.wait_for_url("**/setup/#op-*")

    def take_change(self, begins: str) -> None:
        """Add a criterion from a state change of the reference with one click."""
        cards = self.page.get_by_role("heading", level=3, name=re.compile(f"^{begins}"))
        self.press(re.compile(f"^Add a criterion: {begins}"))
        expect(cards).to_have_count(1)

    def read_from(self, form: Locator, kind: str, field: str) -> None:
        """Let a check read a text field of rows that the agent wrote."""
        form.get_by_text("or instead of that").click()
        with self.saved():
            form.get_by_label("entity type required", exact=True).first.select_option(label=kind)
        with self.saved():
            box = form.get_by_label("field required", exact=True)
            box.fill(field)
            box.press("Tab")

    def part(self, form: Locator, name: str) -> Locator:
        """Open a part of a check that is not set."""
        part = form.get_by_role("group", name=name, exact=True)
        if not part.is_visible():
            form.locator("summary", has_text=re.compile(rf"^{name}")).last.click()
        return part

    def bind(self, part: Locator, name: str) -> None:
        """Go from a value of a check to the question that gives it."""
        self.page.locator("[data-save-state=saved]").first.wait_for()
        part.get_by_role("button", name=f"Bind to a question : {name}").click()
        self.page.get_by_role("heading", name="What to compute").wait_for()

    def _leave(self, field: Locator, text: str) -> None:
        field.fill(text)
        self.asked(lambda: field.press("Tab"))

    def asked(self, act: Any) -> None:
        """Act, and wait until the page has answered the question that this asks."""
        with self.page.expect_response(_is_question):
            act()
        expect(self.page.locator(".htmx-request, .htmx-settling")).to_have_count(0)

    def criterion(self, kind: str, text: str) -> Locator:
        """Add a criterion of a kind; gives its open form."""
        self.open("Rubric")
        self.page.get_by_label(re.compile("^What must be true may be written")).fill(text)
        self.press(f"Add a criterion of the kind {kind}")
        form = self.page.get_by_role("form", name=re.compile(r"^Criterion \d+$"))
        expect(form.get_by_label("What must be true", exact=True)).to_have_value(text)
        return form

    def done(self) -> None:
        self.press("Done")
        expect(self.page.get_by_role("form", name=re.compile(r"^Criterion \d+$"))).to_have_count(0)


def _is_save(response: Response) -> bool:
    return response.request.method == "POST"


def _is_question(response: Response) -> bool:
    return response.request.method == "GET" and "type=" in response.url
