"""What a campaign cost and whom it brought: sets of figures, one query each."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.text import slugify

from pipeline import money
from pipeline.models import Campaign, Spend, SpendKind

LONGEST_CODE = 60


@dataclass(frozen=True)
class Reached:
    """How many passes that a campaign created reached each stage."""

    leads: int = 0
    mql: int = 0
    sql: int = 0
    deals: int = 0
    won: int = 0


def reached(campaign_ids):
    """{campaign id: Reached} of the campaigns that brought anybody, as the sums that are kept of them say."""
    rows = _kept(campaign__in=campaign_ids).values("campaign")
    rows = rows.annotate(
        brought=Sum("leads"), mql=Sum("mqls"), sql=Sum("sqls"), dealt=Sum("deals"), won=Sum("wins")
    )
    named = rows.filter(brought__gt=0).values_list("campaign", "brought", "mql", "sql", "dealt", "won")
    return {campaign: Reached(*figures) for campaign, *figures in named}


def _kept(**which):
    """Rows {campaign, month, leads … wins} that a higher floor keeps, a few seconds old at most, however many leads there are."""
    return apps.get_model(settings.CAMPAIGN_SUMS).objects.filter(**which).order_by()


def standing(campaign):
    """{stage: how many passes of the campaign stand there now}."""
    rows = campaign.leads.counted().values("stage").annotate(n=Count("id"))
    return {row["stage"]: row["n"] for row in rows}


def with_spend(campaigns):
    """The queryset with `planned`, `committed` and `paid` in the report currency; null where there is none."""
    return campaigns.annotate(**{kind.value: _total(kind) for kind in SpendKind})


def with_leads(campaigns):
    """The queryset with `brought`: how many counted passes each campaign brought, as the sums that are kept say."""
    mine = _kept(campaign=OuterRef("pk")).values("campaign")
    return campaigns.annotate(brought=Coalesce(Subquery(mine.annotate(n=Sum("leads")).values("n")), 0))


@cache
def _total(kind):
    spends = Spend.objects.filter(campaign=OuterRef("pk"), kind=kind).order_by().values("campaign")
    return Subquery(spends.annotate(total=Sum("base_amount")).values("total"))


def paid(campaign_ids):
    """{campaign id: what was paid for it in the report currency} of the campaigns that cost anything."""
    spends = (
        Spend.objects.filter(campaign__in=campaign_ids, kind=SpendKind.PAID).order_by().values("campaign")
    )
    return dict(spends.annotate(total=Sum("base_amount")).values_list("campaign", "total"))


def spending(campaign):
    """{kind: total in the report currency} of one campaign."""
    totals = campaign.spends.order_by().values("kind").annotate(total=Sum("base_amount"))
    return {kind.value: 0 for kind in SpendKind} | {row["kind"]: row["total"] for row in totals}


def spend_months(campaign, whole=False):
    """Rows {month, planned, committed, paid} in the report currency, one for each month with spend, in order; `whole`: with all under it."""
    spends = Spend.objects.filter(campaign__in=beneath(campaign)) if whole else campaign.spends
    sums = {kind.value: Sum("base_amount", filter=Q(kind=kind)) for kind in SpendKind}
    return list(spends.order_by("month").values("month").annotate(**sums))


def passed(campaign, today):
    """The share of the campaign's days that are over, 0 to the end of the first and 1 after the last; 1 where none are set."""
    first, last = campaign.starts_on, campaign.ends_on
    if first and today < first:
        return 0
    if not first or not last or today > last:
        return 1
    return (today - first).days / ((last - first).days + 1)


def budget_in_base(campaign, today):
    """The budget in the report currency at the rate of the first day; None where either is unknown."""
    try:
        return money.to_base(campaign.budget, campaign.currency, campaign.starts_on or today)
    except money.NoRate:
        return None


@dataclass(frozen=True)
class Overspent:
    """A running campaign whose paid and committed spend has passed its budget, both in the report currency."""

    pk: int
    name: str
    budget: Decimal
    spent: Decimal


OVERSPENT = f"""
SELECT id, name, budget, spent FROM (
  SELECT c.id, c.name, round(c.budget * {money.rate_sql("c.currency", "coalesce(c.starts_on, %s)")}, 4) AS budget,
    (SELECT sum(s.base_amount) FROM pipeline_spend s
     WHERE s.campaign_id = c.id AND s.kind IN ('committed', 'paid')) AS spent
  FROM pipeline_campaign c WHERE c.status = 'active' AND c.budget > 0
) AS running WHERE spent > budget ORDER BY spent - budget DESC, id LIMIT %s
"""


def overspent(currency, today, most=8):
    """The running campaigns furthest over their budget, as their own pages tell it; `currency` is the report currency."""
    with connection.cursor() as cursor:
        cursor.execute(OVERSPENT, [currency, today, most])
        return [Overspent(*row) for row in cursor.fetchall()]


def propose_code(name):
    """A free code made from a name: "Spring Fair 2026" → "spring-fair-2026", then "spring-fair-2026-2"."""
    stem = slugify(name, allow_unicode=True)[: LONGEST_CODE - 4].strip("-") or "campaign"
    taken = set(Campaign.objects.filter(code__startswith=stem).values_list("code", flat=True))
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(code for code in (stem, *numbered) if code not in taken)


def beneath(campaign):
    """The keys of the campaign and of everything that is part of it."""
    found, level = {campaign.pk}, {campaign.pk}
    while level:
        level = set(Campaign.objects.filter(parent__in=level).values_list("pk", flat=True)) - found
        found |= level
    return found
