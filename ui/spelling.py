"""Typing errors that a search forgives."""

SHORTEST_FORGIVEN = 5  # letters


def one_error(typed, known):
    """Whether the words differ by at most one letter too many, missing or wrong, or by two neighbours swapped.

    >>> one_error("SMIHT", "SMITH"), one_error("SMTH", "SMITH"), one_error("SMOTTH", "SMITH")
    (True, True, False)
    """
    if typed == known:
        return True
    start = next((i for i, (a, b) in enumerate(zip(typed, known, strict=False)) if a != b), None)
    if start is None:
        return abs(len(typed) - len(known)) == 1
    rest, other = typed[start:], known[start:]
    swapped = rest[:2] == other[1::-1] and rest[2:] == other[2:]
    return rest[1:] == other[1:] or rest[1:] == other or rest == other[1:] or swapped
