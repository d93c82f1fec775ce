"""Lists of words as they are written in source: apart by blanks."""


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())
