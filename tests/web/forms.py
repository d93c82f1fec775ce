"""Forms as a browser without scripts reads and sends them."""

import re
from html.parser import HTMLParser
from typing import Any

Pairs = list[tuple[str, str]]


def form_data(body: str, *, form: str = "sheet") -> dict[str, list[str]]:
    """Give what pressing the default button of a form sends, as the test client takes it."""
    reader = _Reader(form)
    reader.feed(body)
    assert reader.was_there, f"there is no form #{form}"
    data: dict[str, list[str]] = {}
    for name, value in reader.pairs:
        data.setdefault(name, []).append(value)
    data.pop("csrfmiddlewaretoken", None)
    return data


class _Reader(HTMLParser):
    def __init__(self, form: str) -> None:
        super().__init__(convert_charrefs=True)
        self.form, self.is_inside, self.was_there = form, False, False
        self.pairs: Pairs = []
        self._select: str | None = None
        self._options: list[tuple[str, bool]] = []
        self._area: str | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, Any] = dict(attrs)
        if tag == "form" and given.get("id") == self.form:
            self.is_inside = self.was_there = True
        if not self.is_inside or not given.get("name", tag == "option"):
            return
        if tag == "input":
            self._input(given)
        elif tag == "select":
            self._select, self._options = given["name"], []
        elif tag == "option" and self._select:
            self._options.append((given.get("value") or "", "selected" in given))
        elif tag == "textarea":
            self._area, self._text = given["name"], ""

    def _input(self, given: dict[str, Any]) -> None:
        if given.get("type") in ("checkbox", "radio") and "checked" not in given:
            return
        value = re.sub(r"[\r\n]", "", given.get("value") or "")
        if given.get("type") == "date" and not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            value = ""
        time = r"\d\d:\d\d(:\d\d(\.\d{1,3})?)?"
        if given.get("type") == "time" and not re.fullmatch(time, value):
            value = ""
        self.pairs.append((given["name"], value))

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_inside = False
        if tag == "select" and self._select:
            chosen = [value for value, is_selected in self._options if is_selected]
            self.pairs.append((self._select, (chosen or [self._options[0][0]])[-1]))
            self._select = None
        if tag == "textarea" and self._area:
            text = self._text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\n")
            self.pairs.append((self._area, text.replace("\n", "\r\n")))
            self._area = None
