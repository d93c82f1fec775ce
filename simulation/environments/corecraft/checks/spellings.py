"""How brands are written: by the catalogue in one way or two, by customers as they like."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise

from simulation.integrity.inspection import Inspection

_WORD = re.compile(r"[^\W_]+")


def letters(text: str) -> str:
    """Give what two spellings of one name share: neither capitals nor spaces count."""
    return "".join(_WORD.findall(text.casefold()))


def spellings(inspection: Inspection) -> Mapping[str, Counter[str]]:
    """Give how often the catalogue writes a brand in each way, by its letters."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for product in inspection.rows("product"):
        found[letters(product["brand"])][product["brand"]] += 1
    return found


def unusual_brands(inspection: Inspection) -> Mapping[str, str]:
    """Give every spelling of a brand that is not the usual one, with the usual one."""
    unusual: dict[str, str] = {}
    for counts in spellings(inspection).values():
        usual = min(counts, key=lambda brand: (-counts[brand], brand))
        unusual |= {brand: usual for brand in counts if brand != usual}
    return unusual


def written_otherwise(inspection: Inspection) -> Iterator[tuple[str, str]]:
    """Give (what is written, ticket) where a customer writes a brand in one word, the catalogue in
    two, or the other way round."""
    known = spellings(inspection)
    usual = {" ".join(_WORD.findall(s.casefold())) for counts in known.values() for s in counts}
    for ticket in inspection.rows("support_ticket"):
        words = _WORD.findall(f"{ticket['subject']}\n{ticket.get('body', '')}".casefold())
        pairs = (f"{first} {second}" for first, second in pairwise(words))
        for written in {*words, *pairs} - usual:
            if letters(written) in known:
                yield written, ticket["id"]
