"""Which programme each campaign of a report stands under."""


def above(parents):
    """{campaign: the campaign above it among these, None at the top} from {campaign: its parent, whatever that is}.

    Where stored links lead in a ring (the guard is younger than some records, and `manage.py verify` names them), the oldest
    of it stands at the top, so that nobody is lost and nobody counts twice.
    """
    found = {one: parent if parent in parents else None for one, parent in parents.items()}
    known: set[int] = set()
    for one in sorted(found):
        at, way = one, []
        while at is not None and at not in known:
            known.add(at)
            way.append(at)
            at = found[at]
        if at in way:
            found[min(way[way.index(at) :])] = None
    return found


def pruned(tree, listed, above):
    """Of lines that stand beneath their programmes, those `listed` (ids) and the programmes above them; `above` as found above."""
    kept, needed = [], set()
    for line in reversed(tree):  # what is under a programme stands after it
        if line.campaign in listed or line.campaign in needed:
            kept.append(line)
            needed.add(above.get(line.campaign))
    return kept[::-1]
