"""The deals that a forecast was about, as they stood when it was said, and what has become of each."""

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.visibility import colleagues
from pipeline.models import Deal
from pipeline.models.deals import ForecastCategory, Outcome
from reports import reading
from reports.columns import OUTCOMES, link
from reports.forecast.said import sees_every_deal
from reports.models import ForecastCall, ForecastItem
from ui.tables import Column

COMMIT, BEST_CASE, WEIGHTED = SIDES = ("commit", "best_case", "weighted")
# Cumulative, as the sums of a call are.
HELD = {
    COMMIT: (ForecastCategory.CLOSED, ForecastCategory.COMMIT),
    BEST_CASE: (ForecastCategory.CLOSED, ForecastCategory.COMMIT, ForecastCategory.BEST_CASE),
    WEIGHTED: ForecastCategory.values,
}
SUMMED = {COMMIT: "summed_commit", BEST_CASE: "summed_best_case", WEIGHTED: "weighted"}
ORDER = ("-amount", "-deal")
COLUMNS = [
    Column("name", gettext_lazy("Deal"), href="href", note="company"),
    Column("owner_name", gettext_lazy("Owner then"), kind="person"),
    Column("category", gettext_lazy("Forecast category")),
    Column("due_on", gettext_lazy("Expected close"), "day"),
    Column("chance", gettext_lazy("Probability"), "percent"),
    Column("amount", gettext_lazy("Amount"), "money"),
    Column("weighted", gettext_lazy("Weighted"), "money"),
    Column("outcome", gettext_lazy("Today"), "pill"),
]


def visible_to(user):
    """The calls whose deals `user` may see: all, or those of the own people and teams."""
    calls = ForecastCall.objects.select_related("rep", "team", "by")
    if sees_every_deal(user):
        return calls
    return calls.filter(Q(rep__in=colleagues(user)) | Q(team__head=user) | Q(team=user.team_id or 0))


def items(call, side):
    """The deals behind a sum of a ForecastCall, as a queryset of values(); none where they were not kept."""
    held = {"pk": call.pk}
    if call.by_id is None:  # written once, for the house
        moment = {name: getattr(call, name) for name in ("first", "months", "at")}
        held = {**moment, "by": None, "rep": None, "team": None}
    rows = ForecastItem.objects.filter(call__in=ForecastCall.objects.filter(**held))
    if call.rep_id:
        rows = rows.filter(owner=call.rep_id)
    if call.team_id:
        rows = rows.filter(team=call.team_id)
    return rows.filter(category__in=HELD[side]).values(
        "deal", "owner", "category", "amount", "chance", "due_on"
    )


def named(rows, user):
    """The rows with the name, company and outcome of each deal today, "" where `user` may not see it or it is gone, and its owner's name."""
    read = reading.read(
        {
            "deals": Deal.with_cancellations.shown_to(user)
            .filter(pk__in={row["deal"] for row in rows})
            .values(
                "pk", "name", "outcome", company_name=Coalesce("company__name", "cancels__company__name")
            ),
            "people": User.objects.filter(pk__in={row["owner"] for row in rows}).values("pk", "full_name"),
        }
    )
    deals = {one["pk"]: one for one in read["deals"]}
    people = {one["pk"]: one["full_name"] for one in read["people"]}
    for row in rows:
        deal = deals.get(row["deal"], {})
        row.update(
            name=deal.get("name", ""),
            company=deal.get("company_name", ""),
            outcome=deal.get("outcome", ""),
            owner_name=people.get(row["owner"], ""),
        )
    return rows


def shown(rows, user, currency):
    """The rows as a table shows them."""
    for row in named(rows, user):
        chance, outcome = row["chance"] / 100, row["outcome"]
        row.update(
            href=link("leads:deal", row["deal"]) if row["name"] else "",
            name=row["name"] or _("Deal %(number)s") % {"number": row["deal"]},
            owner_name=row["owner_name"] or _("Nobody"),
            category=ForecastCategory(row["category"]).label,
            chance=chance,
            weighted=None if row["amount"] is None else row["amount"] * chance,
            outcome=Outcome(outcome).label if outcome else "",
            tone=OUTCOMES.get(outcome, ""),
            currency=currency,
        )
    return rows
