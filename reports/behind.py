"""The list behind each figure: exactly the rows that it counts, as far as the user may see them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q

from accounts.visibility import sees_all
from leads.models import Handoff, Lead
from pipeline.models import Company, Deal, Spend, SpendKind
from pipeline.models.deals import ForecastCategory
from reports.forecast.said import sees_every_deal
from reports.models import CountedCustomer, CountedDeal, CountedOffer, CountedPass
from reports.returns import only

PASS = {
    "name": F("lead__contact__full_name"),
    "company": F("lead__contact__company__name"),
    "campaign_name": F("lead__campaign__name"),
    "stage": F("lead__stage"),
    "owner_name": F("lead__owner__full_name"),
}
DEAL = {
    "name": F("deal__name"),
    "company": F("deal__company__name"),
    "stage": F("deal__stage__name"),
    "owner_name": F("deal__owner__full_name"),
}
OFFER = {
    "name": F("handoff__lead__contact__full_name"),
    "company": F("handoff__lead__contact__company__name"),
    "rep": F("handoff__rep__full_name"),
    "grade": F("handoff__grade"),
}
CUSTOMER = {"name": F("company__name")}
SPEND = {"campaign_name": F("campaign__name"), "channel": F("campaign__channel")}


@dataclass(frozen=True)
class Behind:
    """A list behind a figure: what its rows are, which of them count, and their order."""

    kind: str
    counted: Callable
    order: tuple[str, ...]


def _during(*names):
    """Rows with one of these days in the period."""

    def counted(rows, choice):
        days = Q()
        for name in names:
            days |= Q(**{f"{name}__gte": choice.period.first, f"{name}__lt": choice.period.until})
        return rows.filter(days)

    return counted


def _reached(name):
    """Passes captured in the period that came so far."""
    return lambda rows, choice: _during("captured_on")(rows, choice).filter(**{f"{name}__isnull": False})


def _passes(name, counted=None):
    return Behind("pass", counted or _during(name), (f"-{name}", "-lead_id"))


def _closed(*outcomes):
    return Behind(
        "deal",
        lambda rows, choice: _during("closed_on")(rows, choice).filter(outcome__in=outcomes),
        ("-closed_on", "-deal_id"),
    )


def _open(**which):
    return Behind("deal", lambda rows, choice: rows.filter(outcome="open", **which), ("-amount", "-deal_id"))


def _forecast(*categories):
    """Deals of a forecast, up to these categories: open ones expected to close in the period, and those won in it."""

    def counted(rows, choice):
        open_ones = [
            *categories,
            *([ForecastCategory.CLOSED] if ForecastCategory.COMMIT in categories else []),
        ]
        due = Q(outcome="open", category__in=open_ones)
        won = Q(outcome="won")
        span = choice.period.first, choice.period.until
        return rows.filter(
            due & Q(due_on__gte=span[0], due_on__lt=span[1])
            | won & Q(closed_on__gte=span[0], closed_on__lt=span[1])
        )

    return Behind("due", counted, ("-amount", "-deal_id"))


def _waiting_at(stage):
    """Passes that stand at a stage and are in nobody's hands."""
    held = Handoff.objects.open().filter(lead=OuterRef("lead_id"))
    return lambda rows, choice: rows.filter(~Exists(held), lead__stage=stage)


def _overdue(rows, choice):
    late = Q(due_on__isnull=True) | Q(due_on__lt=choice.today)
    return rows.filter(late, outcome="open").exclude(category=ForecastCategory.OMITTED)


LISTS = {
    "leads": _passes("captured_on"),
    "mqls": _passes("mql_on"),
    "ready": _passes("ready_on"),
    "sqls": _passes("sql_on"),
    "acceptance": _passes("offered_on"),
    "to_mql": _passes("captured_on", _reached("mql_on")),
    "to_sql": _passes("captured_on", _reached("sql_on")),
    "to_deal": _passes("captured_on", _reached("deal_on")),
    "to_won": _passes("captured_on", _reached("won_on")),
    "won": _closed("won"),
    "win_rate": _closed("won", "lost"),
    "created": Behind("deal", _during("opened_on"), ("-opened_on", "-deal_id")),
    "influenced": Behind(
        "deal",
        lambda rows, choice: _during("opened_on")(rows, choice).filter(influenced=True),
        ("-opened_on", "-deal_id"),
    ),
    "pipeline": _open(),
    "stepless": _open(stepless=True),
    "slipped": _open(slips__gte=2),
    "forecast_closed": _forecast(),
    "forecast_commit": _forecast("commit"),
    "forecast_best_case": _forecast("commit", "best_case"),
    "forecast_pipeline": _forecast("commit", "best_case", "pipeline"),
    "forecast_weighted": _forecast("commit", "best_case", "pipeline"),
    "forecast_overdue": Behind("due", _overdue, ("due_on", "-deal_id")),
    "retention": Behind(
        "customer",
        lambda rows, choice: rows.filter(due_on__lte=choice.today.replace(day=1)),
        ("-due_on", "-id"),
    ),
    "spend": Behind("spend", _during("month"), ("-month", "-id")),
    "answer": Behind(
        "offer",
        lambda rows, choice: _during("offered_on")(rows, choice).exclude(outcome="withdrawn"),
        ("-answer", "-handoff_id"),
    ),
    "at_desk": Behind("pass", _waiting_at("mql"), ("mql_on", "-lead_id")),
    "not_offered": Behind("pass", _waiting_at("ready"), ("ready_on", "-lead_id")),
    "unanswered": Behind(
        "offer",
        lambda rows, choice: rows.filter(handoff__ended_at=None, handoff__accepted_at=None),
        ("offered_on", "-handoff_id"),
    ),
    "untouched": Behind(
        "offer",
        lambda rows, choice: rows.filter(
            handoff__ended_at=None, handoff__accepted_at__isnull=False, handoff__contacted_at=None
        ),
        ("offered_on", "-handoff_id"),
    ),
    "returned": Behind(
        "offer",
        lambda rows, choice: _during("offered_on")(rows, choice).filter(outcome="returned"),
        ("-offered_on", "-handoff_id"),
    ),
    "speed": Behind(
        "offer",
        lambda rows, choice: _during("captured_on")(rows, choice).filter(speaks=True),
        ("-speed", "-handoff_id"),
    ),
}


def rows(name, user, choice):
    """The rows behind a figure as a queryset of values(), with the order to page them by. Raises KeyError."""
    behind = LISTS[name]
    found = behind.counted(_narrowed(*SOURCES[behind.kind](user), choice), choice)
    return found.values(*VALUES[behind.kind][0], **VALUES[behind.kind][1]), behind.order


def needs_money(name):
    """Does the list show what only readers of money may see? Whoever sees a deal sees its amount."""
    return LISTS[name].kind == "spend"


def _pass_rows(user):
    rows = CountedPass.objects.all()
    return rows if sees_all(user) else rows.filter(lead__in=Lead.objects.visible_to(user)), ""


def _deal_rows(user):
    rows = CountedDeal.objects.all()
    return rows if sees_every_deal(user) else rows.filter(deal__in=Deal.objects.visible_to(user)), ""


def _offer_rows(user):
    rows = CountedOffer.objects.all()
    return rows if sees_all(user) else rows.filter(handoff__in=Handoff.objects.visible_to(user)), ""


def _spend_rows(user):
    return Spend.objects.visible_to(user).exclude(kind=SpendKind.PLANNED), "campaign__"


def _customer_rows(user):
    rows = CountedCustomer.objects.all()
    return rows if sees_all(user) else rows.filter(company__in=Company.objects.visible_to(user)), ""


SOURCES = {
    "pass": _pass_rows,
    "deal": _deal_rows,
    "due": _deal_rows,
    "offer": _offer_rows,
    "customer": _customer_rows,
    "spend": _spend_rows,
}
VALUES = {
    "pass": (
        ("lead_id", "channel", "captured_on", "mql_on", "offered_on", "sql_on", "won_on", "answer", "grade"),
        PASS,
    ),
    "deal": (
        ("deal_id", "kind", "outcome", "opened_on", "closed_on", "amount", "margin", "stepless", "slips"),
        DEAL,
    ),
    "due": (("deal_id", "kind", "outcome", "category", "chance", "due_on", "closed_on", "amount"), DEAL),
    "offer": (
        (
            "handoff_id",
            "lead",
            "offered_on",
            "captured_on",
            "outcome",
            "in_time",
            "answer",
            "contact",
            "speed",
        ),
        OFFER,
    ),
    "customer": (
        ("id", "company_id", "year", "since", "due_on", "kept", "deals", "revenue", "margin"),
        CUSTOMER,
    ),
    "spend": (("id", "campaign_id", "kind", "month", "on", "base_amount", "vendor"), SPEND),
}


def _narrowed(found, path, choice):
    for name, axis in (("segment", choice.segment), ("region", choice.region)):
        if axis is not None:
            found = found.filter(**{f"{path}{name}__in": axis.under})
    if found.model is CountedCustomer:  # customers come by no channel and belong to nobody
        return found
    if choice.channel is not None:
        found = found.filter(**{f"{path}channel": choice.channel})
    if path:  # spend belongs to a campaign and to nobody
        return found.filter(campaign__in=only(choice)) if choice.by_row else found
    if choice.campaigns is not None:
        found = found.filter(campaign__in=choice.campaigns)
    return found if choice.owners is None else found.filter(owner__in=choice.owners)
