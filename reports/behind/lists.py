"""What each list behind a figure holds, and in which order."""

from django.db.models import Q

from leads.models.handoffs import HandoffEnd, HandoffKind
from pipeline.models import SpendKind
from pipeline.models.deals import DealKind
from reports.answers import EDGES
from reports.behind.deeds import DEEDS
from reports.behind.losses import of_losses
from reports.behind.origins import SIDES, of_side
from reports.behind.which import (
    EARNED,
    NOT_ASKED,
    Behind,
    answered,
    asked_in,
    closed,
    credited,
    during,
    ending,
    forecast,
    graded,
    kept,
    of_desk,
    of_reason,
    offers,
    open_deals,
    opened,
    overdue,
    passes,
    promised,
    reached,
    return_spend,
    returned,
    set_before,
    spent,
    stuck,
    then,
    to_date,
    waiting_at,
    week,
    went,
)
from reports.models import Measure

GRADES = {f"grade_{grade.lower() or 'none'}": grade for grade in (*"ABCD", "")}
DAYS = {far: f"{far}_on" for far in ("mql", "ready", "sql", "deal", "won")}
TIMED = {"speaks": True, "handoff__kind__in": (HandoffKind.NEW, HandoffKind.INQUIRY)}  # of reports.delaying
EXISTING = (DealKind.EXPANSION, DealKind.RENEWAL)
LET_GO = Q(accepted_at__isnull=False) & (Q(end=HandoffEnd.EXPIRED) | Q(gave_up=True))
FAR = ("mql", "ready", "sql", "deal", "won")
STEPS = (
    ("mql", "ready"),
    ("ready", "sql"),
    ("mql", "sql"),
    ("sql", "deal"),
    ("deal", "won"),
    ("sql", "won"),
)
ONE_BY_ONE = {  # from each stage to the next
    "new_mql": ("captured_on", "mql_on"),
    "mql_ready": ("mql_on", "ready_on"),
    "ready_sql": ("ready_on", "sql_on"),
    "sql_deal": ("sql_on", "deal_on"),
    "deal_won": ("deal_on", "won_on"),
}
ENDING = ("-deal__contract_until", "-deal_id")
LISTS = {
    "leads": passes("captured_on"),
    "mqls": passes("mql_on"),
    "ready": passes("ready_on"),
    "sqls": passes("sql_on"),
    "acceptance": passes(
        "offered_on", lambda rows, choice: during("offered_on")(rows, choice).exclude(**{choice.answer: ""})
    ),
    "accepted_passes": passes(
        "offered_on",
        lambda rows, choice: during("offered_on")(rows, choice).filter(**{choice.answer: "accepted"}),
    ),
    "offered": passes("offered_on"),
    "to_mql": passes("captured_on", reached("mql_on")),
    "to_sql": passes("captured_on", reached("sql_on")),
    "to_deal": passes("captured_on", reached("deal_on")),
    "to_won": passes("captured_on", reached("won_on")),
    "deals": passes("deal_on"),
    **{name: graded(grade) for name, grade in GRADES.items()},
    **{
        f"{name}_to_{far}": graded(grade, reached(f"{far}_on"))
        for name, grade in GRADES.items()
        for far in FAR
    },
    "to_ready": passes("captured_on", reached("ready_on")),
    **{f"stuck_{step}": stuck(*days) for step, days in ONE_BY_ONE.items()},
    **{f"went_{since}_{until}": went(DAYS[since], DAYS[until]) for since, until in STEPS},
    **{f"then_{step}": then(*days) for step, days in ONE_BY_ONE.items()},
    **{f"entered_then_{step}": then(days[0]) for step, days in ONE_BY_ONE.items()},
    "week_leads": week("pass", "captured_on", "-lead_id"),
    "week_mqls": week("pass", "mql_on", "-lead_id"),
    "week_sqls": week("pass", "sql_on", "-lead_id"),
    "week_cancelled": week("deal", "closed_on", "-deal_id", outcome="cancelled"),
    "week_won": week("deal", "closed_on", "-deal_id", outcome="won"),
    "week_lost": week("deal", "closed_on", "-deal_id", outcome="lost"),
    "week_opened": week("opened", "opened_on", "-deal_id"),
    "week_returned": week("offer", "offered_on", "-handoff_id", outcome="returned"),
    "won": closed(*EARNED),
    "won_new": closed(*EARNED, kind=DealKind.NEW),
    "won_business": closed("won", kind__in=(DealKind.NEW, DealKind.EXPANSION)),
    "new_customers": closed("won", first_win=True),
    "margin": Behind("margin", closed(*EARNED).counted, ("-closed_on", "-deal_id")),
    "margin_kept": Behind("margin", closed(*EARNED, kind__in=EXISTING).counted, ("-closed_on", "-deal_id")),
    "won_expansions": closed(*EARNED, kind=DealKind.EXPANSION),
    "won_existing": closed(*EARNED, kind__in=EXISTING),
    "lost": closed("lost"),
    "collected": Behind("receipt", during("received_on"), ("-received_on", "-receipt_id")),
    "win_rate": closed("won", "lost"),
    "renewal_rate": Behind("contract", ending, ENDING),
    "account_renewals": Behind("account", ending, ENDING, owner="deal__company__sales_owner"),
    "created": opened(),
    "influenced": opened(influenced=True),
    "sourced": opened(source="marketing"),
    "sourced_sales": opened(source="sales"),
    "sourced_partner": opened(source="partner"),
    "sourced_other": opened(source="other"),
    "pipeline": open_deals(),
    "stepless": open_deals(stepless=True),
    "slipped": open_deals(slips__gte=2),
    "forecast_closed": forecast(),
    "forecast_commit": forecast("commit"),
    "forecast_best_case": forecast("commit", "best_case"),
    "forecast_pipeline": forecast("commit", "best_case", "pipeline"),
    "forecast_weighted": forecast("commit", "best_case", "pipeline"),
    "forecast_open": forecast("commit", "best_case", "pipeline", won=False),
    "forecast_overdue": Behind("due", overdue, ("due_on", "-deal_id")),
    "retention": Behind(
        "customer",
        lambda rows, choice: rows.filter(due_on__lte=choice.today.replace(day=1)),
        ("-due_on", "-id"),
    ),
    "spend": spent(SpendKind.COMMITTED, SpendKind.PAID),
    "planned": spent(SpendKind.PLANNED),
    "committed": spent(SpendKind.COMMITTED),
    "paid": spent(SpendKind.PAID),
    "revenue_roi": returned(),
    "margin_roi": returned(),
    "channel_roi": returned(campaigns_only=False),
    "return_spend": Behind("spend", return_spend, ("-month", "-id")),
    "return_leads": to_date("pass", ("-captured_on", "-lead_id")),
    **{
        f"return_{step}s": to_date("pass", ("-captured_on", "-lead_id"), **{f"{step}_on__isnull": False})
        for step in ("mql", "sql", "deal")
    },
    "return_created": to_date("opened", ("-opened_on", "-deal_id")),
    "return_open": to_date("credit", ("-month", "-id"), campaigns_only=False, open=True),
    "credits": credited(open=False),
    "placed_credits": Behind("credit", credited(open=False).counted, ("-month", "-id"), placed=True),
    "effect_on_sales": credited(open=False, campaign__isnull=False),
    "open_credits": credited(open=True),
    "answer": Behind(
        "offer",
        lambda rows, choice: during("offered_on")(rows, choice).exclude(outcome__in=NOT_ASKED),
        ("-answer", "-handoff_id"),
    ),
    "at_desk": Behind("pass", waiting_at("mql"), ("mql_on", "-lead_id"), owner="lead__owner"),
    "not_offered": Behind("pass", waiting_at("ready"), ("ready_on", "-lead_id"), owner="lead__owner"),
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
    "returned": offers("returned"),
    "accepted": offers("accepted"),
    "expired": offers("expired"),
    "offers": Behind("offer", asked_in("offered_on"), ("-offered_on", "-handoff_id")),
    "delays": Behind(
        "offer",
        lambda rows, choice: during("captured_on")(rows, choice).filter(**TIMED),
        ("-captured_on", "-handoff_id"),
    ),
    "untried": Behind(
        "offer",
        lambda rows, choice: during("captured_on")(rows, choice).filter(handoff__contacted_at=None, **TIMED),
        ("offered_on", "-handoff_id"),
    ),
    **{f"answered_in_{high}": answered(low, high) for low, high in zip((0, *EDGES), EDGES, strict=False)},
    "answered_later": answered(EDGES[-1]),
    "not_answered": answered(),
    "kept_answer": kept("answered", "answer_due_at"),
    "kept_contact": kept("contacted", "contact_due_at"),
    "kept_persistence": kept("persisted", "ended_at", LET_GO),
    "kept_desk": of_desk(kept=True),
    "due_desk": of_desk(),
    "due_answer": promised("answer_due_at"),
    "due_contact": promised("contact_due_at"),
    "due_persistence": promised("ended_at", LET_GO),
    "speed": Behind(
        "offer",
        lambda rows, choice: during("captured_on")(rows, choice).filter(speaks=True),
        ("-speed", "-handoff_id"),
    ),
    **{name: one for side in SIDES for name, one in of_side(side, DAYS, STEPS).items()},
    **DEEDS,
}


def of(name):
    """The Behind of a name, None where there is no such list.

    `returned-7` is that of the return reason 7, `targets-won` and `quotas-won` are what was promised of a measure,
    `lost-7` the deals lost for the outcome reason 7 (`reports.behind.losses`).
    """
    reason = name.removeprefix("returned-")
    if reason != name and reason.isascii() and reason.isdigit() and len(reason) < 19:
        return of_reason(int(reason))
    what, _dash, measure = name.partition("-")
    if what in ("targets", "quotas") and measure in Measure.values:
        return set_before(what, measure)
    if name.startswith("lost-"):
        return of_losses(name)
    return LISTS.get(name)
