"""What stopped talks of late: some that marketing has answered, one of them in One voice, and some that wait."""

from datetime import timedelta

from leads.models import AnswerKind, Obstacle
from pipeline.models import Deal, Statement, StatementKind

DAY = 480  # working minutes
CLOSED = 60  # deals that met one and are over: enough to compare


def tell(desk):
    """On the newest deals of the reps, open ones and some that are over, one obstacle each."""
    marketer, words = desk.people["marketer"], desk.house.world.words["obstacles"]
    ours = Deal.objects.filter(owner__in=desk.reps.values(), company__isnull=False).select_related("owner")
    deals = [
        *ours.open().order_by("-opened_at", "pk")[: 2 * len(words)],
        *ours.exclude(outcome="open").order_by("-closed_at", "pk")[:CLOSED],
    ]
    rows = [
        _one(desk, deal, marketer, words[number % len(words)], number) for number, deal in enumerate(deals)
    ]
    desk.keep(Obstacle, rows)
    _speak(desk, words)


def _one(desk, deal, marketer, told, number):
    kind, said, answer, _argument = told
    last = min(deal.closed_at or desk.at, desk.at)
    at = max(deal.opened_at, last - timedelta(days=3 + number % 11))
    row = Obstacle(
        deal=deal, kind=kind, words=said, by=deal.owner, at=at, asked=marketer,
        due_at=desk.house.office(0).add(at, 3 * DAY),
    )  # fmt: skip
    if answer:
        row.answer, row.answered_by = answer, marketer
        row.answer_kind = AnswerKind.MATERIAL if kind == "trust" else AnswerKind.ARGUMENT
        row.answered_at = min(at + timedelta(hours=20 + number % 9), desk.at)
    return row


def _speak(desk, words):
    """The first answer that was turned into an argument, still to be signed."""
    first = next((one for one in words if one[3]), None)
    found = first and Obstacle.objects.filter(kind=first[0], answered_at__isnull=False).order_by("pk").first()
    if found:
        said = Statement(kind=StatementKind.CLAIM, text=first[3], proof=first[2], by=found.answered_by)
        (found.statement,) = desk.keep(Statement, [said])
        found.save(update_fields=["statement"])
