"""Lists of words, written as rows of text."""


def word_set(*rows: str) -> frozenset[str]:
    """The words of all rows."""
    return frozenset(word for row in rows for word in row.split())
