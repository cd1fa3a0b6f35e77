"""By which ways people want to be told besides the page."""

from leads.models.notices import NoticeChoice, NoticeKind


def chosen(user):
    """{kind: {"mail": …, "robot": …}} of every kind; who chose nothing is told by both."""
    kept = {choice.kind: choice for choice in NoticeChoice.objects.filter(user=user)}
    return {
        kind.value: {way: getattr(kept.get(kind.value), way, True) for way in ("mail", "robot")}
        for kind in NoticeKind
    }


def choose(user, ways):
    """Keep the ways of the kinds given, {kind: {"mail": …, "robot": …}}."""
    NoticeChoice.objects.bulk_create(
        (NoticeChoice(user=user, kind=kind, **both) for kind, both in ways.items()),
        update_conflicts=True,
        unique_fields=["user", "kind"],
        update_fields=["mail", "robot"],
    )
