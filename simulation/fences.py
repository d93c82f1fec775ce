"""The fence around what nobody vouches for: agents' words, tools' results, customers, imports.

Three things hold it. The lines that open and close it carry a word that nobody inside can know.
Each line of somebody else begins with a margin, so none of them is a line of ours. And what looks
like a fence, like a server's own marks between messages, or is written to be invisible, is changed
so that it no longer does.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from django.utils.crypto import salted_hmac

MARGIN = "| "
OURS = "\0"  # begins lines of ours inside a fence; no text of anybody else has it
WORD = "untrusted"
_NONCE_LENGTH = 24  # hexadecimal digits, 96 bits
_CUT = OURS + "… {count:,} characters left out here …"

# letters of other scripts that look like those of WORD, after NFKC and lower case
_LOOK_ALIKE = str.maketrans(
    {
        **dict.fromkeys("υսսц", "u"),
        **dict.fromkeys("пηոռñ", "n"),
        **dict.fromkeys("тτţŧᴛ", "t"),
        **dict.fromkeys("гᴦɾ", "r"),
        **dict.fromkeys("ѕꜱş", "s"),
        **dict.fromkeys("еεėёē", "e"),
        **dict.fromkeys("ԁđժ", "d"),
    }
)
_BRACKETS = "<\u2039\uff1c\u3008\u27e8\u276e\u227a\u02c2"  # of many scripts and widths
_FENCE = re.compile(rf"(?<!\W)\W++{WORD}")  # with a bracket anywhere before the word
_MARKS = re.compile(  # between messages, for the servers of several families of models
    r"<(?=[|\uff5c])|(?<=[|\uff5c])>"
    r"|<(?=/?(?:s|bos|eos|start_of_turn|end_of_turn|think|tool_call|tool_response)>)"
    r"|\[(?=/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\])"
    r"|<(?=</?SYS>>)",
    re.IGNORECASE,
)
_HIDDEN = re.compile(  # controls, direction marks, invisible characters and invisible letters
    "[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def nonce_of(*content: str) -> str:
    """Give the word of a fence: from this installation's secret and all that is asked."""
    text = "\0".join(content)
    word = salted_hmac("simulation.fences", text, algorithm="sha256").hexdigest()
    return word[:_NONCE_LENGTH]


def fenced(text: str, *, name: str, nonce: str) -> str:
    """Put a fence around lines that `harmless` has made."""
    return f'<{WORD} id="{nonce}" part="{name}">\n{text}\n</{WORD} id="{nonce}">'


def lines_of(texts: Sequence[str]) -> str:
    """Give texts one below the other, each line behind the margin but those of ours."""
    return "\n".join(_line(line) for text in texts for line in text.splitlines() or [""])


def _line(line: str) -> str:
    return line[1:] if line.startswith(OURS) else f"{MARGIN}{line}"


def cut(text: str, limit: int) -> str:
    """Leave out the middle of a text that is longer than so many characters."""
    if len(text) <= limit:
        return text
    head = (limit + 1) // 2
    tail = limit - head
    mark = _CUT.format(count=len(text) - limit)
    return f"{text[:head]}\n{mark}\n{text[len(text) - tail :]}"


def harmless(text: str) -> str:
    """Change what could pass for a fence, for a message of its own, or for nothing at all."""
    shown = _HIDDEN.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", text)
    return _without_fences(_MARKS.sub(_broken, shown))


def _broken(mark: re.Match[str]) -> str:
    return f" {mark[0]}" if mark[0] == ">" else f"{mark[0]} "


def _without_fences(text: str) -> str:
    skeleton, places = _skeleton(text)
    before = (span for match in _FENCE.finditer(skeleton) for span in range(*match.span()))
    found = [places[place] for place in before if skeleton[place] in _BRACKETS]
    if not found:
        return text
    letters = list(text)
    for place in found:
        letters[place] = "("
    return "".join(letters)


def _skeleton(text: str) -> tuple[str, Sequence[int]]:
    """Give a text as it looks to a hasty reader, and where each character of that comes from."""
    if text.isascii():
        return text.lower(), range(len(text))
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        kept = _seen(character)
        letters.append(kept)
        places.extend([place] * len(kept))
    return "".join(letters), places


@lru_cache(maxsize=4096)
def _seen(character: str) -> str:
    """Give the letters that a character passes for, none for one that is not seen at all."""
    seen = unicodedata.normalize("NFKC", character).lower().translate(_LOOK_ALIKE)
    hidden = ("Cf", "Mn", "Me")
    return "".join(letter for letter in seen if unicodedata.category(letter) not in hidden)
