"""What of a book is only lent: a colleague's own hand-over takes it along, and still it goes back to its owner."""

from dataclasses import dataclass

from leads.books.gathering import KINDS, Book
from leads.models import BookMove


@dataclass(frozen=True)
class Lent:
    """A part of somebody's book that goes back when `move` does."""

    move: BookMove
    part: Book


def reached(move):
    """{user id: {kind: set of ids}} of who may hold what of a move: its heirs, and whoever got a book from those since.

    What somebody else handed over since has left the move: it was passed on by itself before. One statement.
    """
    return _followed(move, BookMove.objects.filter(pk__gt=move.pk).order_by("pk"))


def lent_to(user, shares):
    """{heir id: [Lent]} of what in these shares of the user's book colleagues will have back. Two statements."""
    out = BookMove.objects.filter(until__isnull=False, back_at=None).exclude(rep=user)
    moves = list(out.select_related("rep").order_by("until", "pk"))
    since = min((move.pk for move in moves), default=0)
    later = list(BookMove.objects.filter(pk__gt=since).order_by("pk")) if moves else []
    found = {}
    for move in moves:
        held = _followed(move, [one for one in later if one.pk > move.pk]).get(user.pk, {})
        for heir, book in shares:
            part = Book(**{kind: sorted(held.get(kind, set()) & set(getattr(book, kind))) for kind in KINDS})
            if part:
                found.setdefault(heir.pk, []).append(Lent(move, part))
    return found


def _followed(move, later):
    held = {int(heir): _sets(part) for heir, part in move.given.items()}
    for step in later:
        giver = held.get(step.rep_id, {})
        for heir, part in step.given.items():
            for kind, ids in _sets(part).items():
                own = ids & giver.get(kind, set())
                for hands in held.values():
                    hands[kind] -= ids - own
                if own:
                    held.setdefault(int(heir), _sets({}))[kind] |= own
    return held


def _sets(part):
    return {kind: set(part.get(kind, ())) for kind in KINDS}
