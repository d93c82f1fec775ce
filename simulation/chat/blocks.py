"""Answers that stand in a block of code, as models like to write them."""

_MARK = "```"


def unblocked(text: str) -> str:
    """Give what stands in the one block of code that a text is, else the text.

    No pattern does it: one that may begin and end with spaces takes hours for a text of them.
    """
    bare = text.strip()
    if len(bare) < 2 * len(_MARK) or not (bare.startswith(_MARK) and bare.endswith(_MARK)):
        return text
    inside = bare[len(_MARK) : -len(_MARK)]
    return inside.removeprefix("json").strip()
