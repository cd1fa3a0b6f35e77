"""Advice between the tracks: one that sales asked for and adopted, one offered unasked, and one that waits for marketing."""

from datetime import timedelta

from django.db.models import Case, When

from accounts.models import Track
from leads.models import Counsel
from pipeline.models import Deal

DAY = 480  # working minutes


def tell(desk):
    """On three of the reps' open deals, where there are so many."""
    adviser, words = desk.people["marketer"], desk.house.world.words["counsel"]
    own = Case(When(owner=desk.people["rep"], then=0), default=1)  # whoever looks in as a rep finds some
    deals = list(
        Deal.objects.open().filter(owner__in=desk.reps.values(), company__isnull=False).select_related("owner")
        .order_by(own, "-amount", "pk")[:3]
    )  # fmt: skip
    parts = (_adopted, _offered, _asked)
    rows = [part(desk, deal, adviser, words) for part, deal in zip(parts, deals, strict=False)]
    desk.keep(Counsel, rows)


def _adopted(desk, deal, adviser, words):
    asked = max(desk.moment(desk.today - timedelta(days=12)), deal.opened_at)
    given = min(asked + timedelta(hours=4), desk.at)
    return Counsel(
        deal=deal, track=Track.MARKETING, asked_by=deal.owner, asked_at=asked, question=words[0], due_at=_due(desk, asked),
        adviser=adviser, text=words[1], given_at=given, adopted=True, reply=words[2], replied_by=deal.owner,
        replied_at=min(given + timedelta(hours=26), desk.at),
    )  # fmt: skip


def _offered(desk, deal, adviser, words):
    given = max(desk.moment(desk.today - timedelta(days=2)), deal.opened_at)
    return Counsel(deal=deal, track=Track.MARKETING, adviser=adviser, text=words[3], given_at=given)


def _asked(desk, deal, adviser, words):
    asked = max(desk.moment(desk.today - timedelta(days=1)), deal.opened_at)
    return Counsel(
        deal=deal, track=Track.MARKETING, asked_by=deal.owner, asked_at=asked, question=words[0], due_at=_due(desk, asked),
        adviser=adviser,
    )  # fmt: skip


def _due(desk, asked):
    return desk.house.office(0).add(asked, 3 * DAY)
