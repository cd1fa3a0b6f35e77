"""What each list behind a figure holds, and in which order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts import organisation
from leads.models import Handoff
from leads.models.handoffs import HandoffEnd
from pipeline.models import SpendKind
from pipeline.models.deals import DealKind, ForecastCategory
from reports.models import CampaignMonth


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


def _graded(grade, counted=_during("captured_on")):
    """Passes captured in the period that have this grade today, of those `counted`."""
    return _passes("captured_on", lambda rows, choice: counted(rows, choice).filter(grade=grade))


def _stuck(since, until):
    """Passes that reached one stage in the period and not the next."""
    return _passes(
        since, lambda rows, choice: _during(since)(rows, choice).filter(**{f"{until}__isnull": True})
    )


def _passes(name, counted=None):
    return Behind("pass", counted or _during(name), (f"-{name}", "-lead_id"))


def _closed(*outcomes, **which):
    return Behind(
        "deal",
        lambda rows, choice: _during("closed_on")(rows, choice).filter(outcome__in=outcomes, **which),
        ("-closed_on", "-deal_id"),
    )


def _opened(**which):
    """Deals opened in the period of which this holds."""
    return Behind(
        "deal",
        lambda rows, choice: _during("opened_on")(rows, choice).filter(**which),
        ("-opened_on", "-deal_id"),
    )


def _week(kind, day, order, **which):
    """Rows whose day lies in the seven days up to today, whatever the period."""

    def counted(rows, choice):
        since = choice.today - timedelta(days=6)
        return rows.filter(**{f"{day}__gte": since, f"{day}__lte": choice.today}, **which)

    return Behind(kind, counted, (f"-{day}", order))


def _offers(outcome):
    return Behind(
        "offer",
        lambda rows, choice: _during("offered_on")(rows, choice).filter(outcome=outcome),
        ("-offered_on", "-handoff_id"),
    )


def _promised(which, day):
    """Offers under a promise of sales that fell due in the period, up to now, as `leads.standing` counts them."""

    def counted(rows, choice):
        zone = organisation.zone()
        first, until = (
            datetime.combine(one, time(), zone) for one in (choice.period.first, choice.period.until)
        )
        span = {f"{day}__gte": first, f"{day}__lt": min(until, timezone.now())}
        return rows.filter(**span, **which)

    return Behind("promise", counted, (f"-{day}", "-id"))


def _spent(*kinds):
    return Behind(
        "spend",
        lambda rows, choice: _during("month")(rows, choice).filter(kind__in=kinds),
        ("-month", "-id"),
    )


def _credited(**which):
    """Credits by the model of the choice, by the month of the win (of the opening, while the deal is open)."""
    return Behind(
        "credit",
        lambda rows, choice: _during("month")(rows, choice).filter(model=choice.model, **which),
        ("-month", "-id"),
    )


def _active(choice):
    """Rows of the campaigns whose return is told: with spend or new leads in the period, as `reports.returns` has them."""
    if choice.period.is_all:
        return Q(campaign__isnull=False)
    span = {"month__gte": choice.period.first, "month__lt": choice.period.until}
    active = CampaignMonth.objects.filter(~Q(paid=-F("committed")) | ~Q(leads=0), campaign__gt=0, **span)
    return Q(campaign__in=active.values("campaign"))


def _returned(also=None):
    """The credits to date of those campaigns, and those of which `also` holds."""

    def counted(rows, choice):
        which = _active(choice) if also is None else _active(choice) | also
        return rows.filter(which, model=choice.model, open=False)

    return Behind("credit", counted, ("-month", "-id"))


def _return_spend(rows, choice):
    """What those campaigns have paid and committed to date."""
    return rows.filter(_active(choice), kind__in=(SpendKind.COMMITTED, SpendKind.PAID))


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


def _ending(rows, choice):
    """Won deals whose contract ends in the period."""
    span = {"deal__contract_until__gte": choice.period.first, "deal__contract_until__lt": choice.period.until}
    return rows.filter(outcome="won", **span)


def _overdue(rows, choice):
    late = Q(due_on__isnull=True) | Q(due_on__lt=choice.today)
    return rows.filter(late, outcome="open").exclude(category=ForecastCategory.OMITTED)


GRADES = {f"grade_{grade.lower() or 'none'}": grade for grade in (*"ABCD", "")}
FAR = ("mql", "ready", "sql", "deal", "won")
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
    "deals": _passes("deal_on"),
    **{name: _graded(grade) for name, grade in GRADES.items()},
    **{
        f"{name}_to_{far}": _graded(grade, _reached(f"{far}_on"))
        for name, grade in GRADES.items()
        for far in FAR
    },
    "to_ready": _passes("captured_on", _reached("ready_on")),
    "stuck_new_mql": _stuck("captured_on", "mql_on"),
    "stuck_mql_ready": _stuck("mql_on", "ready_on"),
    "stuck_ready_sql": _stuck("ready_on", "sql_on"),
    "stuck_sql_deal": _stuck("sql_on", "deal_on"),
    "stuck_deal_won": _stuck("deal_on", "won_on"),
    "week_leads": _week("pass", "captured_on", "-lead_id"),
    "week_mqls": _week("pass", "mql_on", "-lead_id"),
    "week_sqls": _week("pass", "sql_on", "-lead_id"),
    "week_won": _week("deal", "closed_on", "-deal_id", outcome="won"),
    "week_lost": _week("deal", "closed_on", "-deal_id", outcome="lost"),
    "week_opened": _week("deal", "opened_on", "-deal_id"),
    "week_returned": _week("offer", "offered_on", "-handoff_id", outcome="returned"),
    "won": _closed("won"),
    "won_new": _closed("won", kind=DealKind.NEW),
    "won_existing": _closed("won", kind__in=(DealKind.EXPANSION, DealKind.RENEWAL)),
    "lost": _closed("lost"),
    "collected": Behind("receipt", _during("received_on"), ("-received_on", "-receipt_id")),
    "win_rate": _closed("won", "lost"),
    "renewal_rate": Behind("contract", _ending, ("-deal__contract_until", "-deal_id")),
    "created": Behind("deal", _during("opened_on"), ("-opened_on", "-deal_id")),
    "influenced": _opened(influenced=True),
    "sourced": _opened(source="marketing"),
    "sourced_sales": _opened(source="sales"),
    "sourced_partner": _opened(source="partner"),
    "sourced_other": _opened(source="other"),
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
    "spend": _spent(SpendKind.COMMITTED, SpendKind.PAID),
    "planned": _spent(SpendKind.PLANNED),
    "committed": _spent(SpendKind.COMMITTED),
    "paid": _spent(SpendKind.PAID),
    "revenue_roi": _returned(),
    "margin_roi": _returned(),
    "channel_roi": _returned(Q(campaign__isnull=True)),
    "return_spend": Behind("spend", _return_spend, ("-month", "-id")),
    "credits": _credited(open=False),
    "open_credits": _credited(open=True),
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
    "returned": _offers("returned"),
    "accepted": _offers("accepted"),
    "expired": _offers("expired"),
    "due_answer": _promised({}, "answer_due_at"),
    "due_contact": _promised({}, "contact_due_at"),
    "due_persistence": _promised({"accepted_at__isnull": False, "end": HandoffEnd.EXPIRED}, "ended_at"),
    "speed": Behind(
        "offer",
        lambda rows, choice: _during("captured_on")(rows, choice).filter(speaks=True),
        ("-speed", "-handoff_id"),
    ),
}
