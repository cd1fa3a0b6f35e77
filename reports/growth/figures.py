"""What came of an opportunity to grow so far: the return of the campaign that tries it, with all under it."""

from dataclasses import dataclass
from decimal import Decimal

from django.apps import apps

from pipeline.changes import changes as changes_of
from reports import returns
from reports.models import Lesson
from reports.money import Money

KEPT = (
    "name", "segment_id", "region_id", "product_id", "known", "margin", "cost", "marketer_id", "seller_id", "state",
    "campaign_id", "look_on",
)  # fmt: skip


@dataclass(frozen=True)
class Came:
    """To date: what was spent on the campaign, and the margin credited to it; None where a credited deal's is not known."""

    spend: Decimal
    margin: Decimal | None


def came(choice):
    """{campaign: Came} of every campaign with spend or credits, by the model of the Choice, in one statement."""
    found = returns.side_by_side(choice, [choice.model], whole=True)[choice.model]
    return {line.campaign: _came(line.money) for line in found.tree() if line.campaign}


def _came(money: Money):
    return Came(money.spend, None if money.uncosted or money.unpriced else money.margin)


def changes(growth):
    """What was changed of an opportunity, newest first."""
    return changes_of(growth, apps.get_model("reports.GrowthEvent"), KEPT)


def learn(growth, text, by, at):
    """Keep what somebody learned, beside what others did."""
    return Lesson.objects.create(growth=growth, text=text, by=by, at=at)
