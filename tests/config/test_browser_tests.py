"""What a browser test asks of a page: the page may still be on its way."""

import ast
from pathlib import Path

BROWSER_TESTS = Path(__file__).parents[1] / "e2e"
ASKED_ONCE = {
    "is_visible", "is_hidden", "is_checked", "is_enabled", "is_disabled",
    "input_value", "inner_text", "all_inner_texts", "text_content", "get_attribute",
}  # fmt: skip


def hasty(source: str) -> list[int]:
    """Give the lines that assert what a page shows in the moment of asking."""
    return [
        claim.lineno
        for claim in ast.walk(ast.parse(source))
        if isinstance(claim, ast.Assert)
        for asked in ast.walk(claim)
        if isinstance(asked, ast.Attribute)
        and (asked.attr in ASKED_ONCE or ast.unparse(asked).endswith("page.url"))
    ]


def test_what_a_page_shows_is_waited_for_and_never_asked_once():
    """`expect(…)` asks again until it holds; a page asked once may not be there yet."""
    found = {
        f"{path.name}:{line}"
        for path in BROWSER_TESTS.glob("*.py")
        for line in hasty(path.read_text("utf-8"))
    }

    assert found == set()
    assert hasty("assert page.get_by_text('done').is_visible()\nassert hand.page.url == '/'") == [
        1,
        2,
    ]
