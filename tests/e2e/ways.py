"""Ways of driving a page: by mouse, by keyboard alone, without scripts; each by visible names."""

import re

from playwright.sync_api import Locator, Page, expect

# how many stops the Tab key is away, forwards or backwards; None: it never stops there
DISTANCE = """target => {
  const seen = new Set();
  const stops = [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex]")].filter(stop => {
    if (stop.disabled || stop.tabIndex < 0 || stop.type === "hidden") return false;
    if (!stop.checkVisibility({ visibilityProperty: true })) return false;
    if (stop.type !== "radio") return true;
    const group = stop.form ? [...stop.form.elements].filter(e => e.name === stop.name) : [stop];
    const chosen = group.find(each => each.checked);
    return chosen ? stop === chosen : !seen.has(stop.name) && seen.add(stop.name);
  });
  const at = stops.indexOf(target);
  return at < 0 ? null : at - stops.indexOf(document.activeElement);
}"""
IS_FOCUSED = "target => target === document.activeElement"


def width_of(page: Page) -> int:
    """Give how many pixels wide a page is, once all of it is there."""
    page.wait_for_load_state()
    return page.evaluate("document.documentElement.scrollWidth")


class Mouse:
    """Clicks and fills, with scripts."""

    options: dict[str, bool] = {}

    def __init__(self, page: Page) -> None:
        self.page = page

    def sees(self, *words: str) -> None:
        for each in words:
            expect(self.page.get_by_text(each).locator("visible=true").first).to_be_visible()

    def region(self, name: str) -> Locator:
        return self.page.get_by_role("region", name=name, exact=True)

    def group(self, name: str) -> Locator:
        return self.page.get_by_role("group", name=name, exact=True)

    def control(self, name: str, within: Locator | None = None) -> Locator:
        """Give the first visible button or link of this name; it may end with “…”."""
        place = within or self.page
        begin, cut, _ = name.partition(" …")
        spaced = re.compile("^" + re.escape(begin).replace(":", r"\s*:") + ("" if cut else "$"))
        button = place.get_by_role("button", name=spaced)
        link = place.get_by_role("link", name=spaced)
        return button.or_(link).locator("visible=true").first

    def field(self, label: str, within: Locator | None = None) -> Locator:
        named = re.compile(rf"^\s*{re.escape(label)}\s*(required|optional|\(|may|$)")
        return (within or self.page).get_by_label(named).locator("visible=true").first

    def press(self, name: str, within: Locator | None = None, *, then: str = "") -> None:
        """Press a button or follow a link; `then` is what is to be read afterwards."""
        self.act(self.control(name, within))
        if then:
            self.sees(then)

    def unfold(self, words: str, within: Locator | None = None) -> None:
        summary = (within or self.page).locator("summary", has_text=words).locator("visible=true")
        self.act(summary.first)

    def mark(self, name: str, within: Locator | None = None) -> None:
        self.tick((within or self.page).get_by_role("radio", name=name, exact=True))

    def write(self, label: str, text: str, within: Locator | None = None) -> None:
        self.enter(self.field(label, within), text)

    def choose(self, label: str, option: str, within: Locator | None = None) -> None:
        self.select(self.field(label, within), option)

    def save(self, within: Locator) -> None:
        """Leave the field and wait until the editor says that it is saved."""
        self.page.keyboard.press("Tab")
        expect(self.page.locator("[data-save-state=saved]")).to_contain_text("Saved ")

    def refresh(self) -> None:
        """Wait for what a page with scripts shows by itself."""

    def answer(self) -> None:
        """Let what was ticked be saved: by itself, where scripts run."""

    def act(self, target: Locator) -> None:
        target.click()

    def enter(self, target: Locator, text: str) -> None:
        target.fill(text)

    def select(self, target: Locator, option: str) -> None:
        wanted = target.locator("option", has_text=re.compile(rf"^\s*{re.escape(option)}")).first
        target.select_option(value=wanted.get_attribute("value"))

    def tick(self, target: Locator) -> None:
        target.check()


class Plain(Mouse):
    """Clicks and fills where no script runs: only forms and links."""

    options = {"java_script_enabled": False}

    def save(self, within: Locator) -> None:
        self.act(within.get_by_role("button", name="Save", exact=True).first)

    def refresh(self) -> None:
        self.page.reload()

    def answer(self) -> None:
        self.press("Save the answers")


class Keyboard(Mouse):
    """Tab, Enter, arrows and letters: the mouse is not touched."""

    def act(self, target: Locator) -> None:
        self.reach(target)
        self.page.keyboard.press("Enter")

    def enter(self, target: Locator, text: str) -> None:
        self.reach(target)
        self.page.keyboard.press("Control+a")
        if text:
            self.page.keyboard.type(text)
        else:
            self.page.keyboard.press("Delete")

    def select(self, target: Locator, option: str) -> None:
        self.reach(target)
        self.page.keyboard.type(option)
        expect(target.locator("option:checked")).to_contain_text(option)

    def tick(self, target: Locator) -> None:
        self.reach(target)
        self.page.keyboard.press("Space")
        expect(target).to_be_checked()

    def reach(self, target: Locator) -> None:
        """Tab to a control, the shorter way round; fails where Tab does not stop at it."""
        target.wait_for()
        for _ in range(40):
            if target.evaluate(IS_FOCUSED):
                return
            distance = target.evaluate(DISTANCE)
            if distance is None:  # its form is being made anew
                self.page.wait_for_timeout(100)
                continue
            key = "Tab" if distance > 0 else "Shift+Tab"
            for _ in range(max(1, min(abs(distance), 150))):
                self.page.keyboard.press(key)
        raise AssertionError(f"Tab does not reach {target}")
