"""What is counted, row by row, and the totals that follow from it."""

from leads.because import SLIPS
from reports import attribution
from reports.models import (
    AnswerMinutes,
    AnswerMonth,
    CampaignMonth,
    CampaignPlace,
    CampaignSegment,
    CountedCustomer,
    CountedDeal,
    CountedDesk,
    CountedOffer,
    CountedPass,
    CountedPromise,
    CountedReceipt,
    Credit,
    CreditMonth,
    CreditPlace,
    CustomerMonth,
    DealCycle,
    DealDay,
    DealMonth,
    DeedDay,
    DeliveryMonth,
    DeskMonth,
    DueMonth,
    FunnelMonth,
    FunnelSplit,
    LossMonth,
    OfferDay,
    PassDay,
    PromiseMonth,
    ReasonMonth,
    ReceiptDay,
    StepDays,
    StepMonth,
    WhoseAnswers,
    WhoseDays,
    WhoseDeals,
    WhoseDue,
    WhoseFunnel,
    WhoseMinutes,
    WhoseSplit,
    WhoseSteps,
)
from reports.models.base import EVERYBODY
from reports.rollups import arms
from reports.rollups.arms import Arm
from reports.rollups.totals import CELL, Counted, Total, columns
from reports.statements import statement

WHOSE = ("campaign", "owner", "team", "crew")
LOST = (EVERYBODY, *CELL, "owner", "lost_at", "rival")
SOURCED = (*WHOSE, "source")
ANYBODY = (EVERYBODY, *WHOSE, *CELL)


def _reader(name, **bound):
    def read(cursor):
        cursor.execute(statement(name), bound or None)

    return read


SPENT = (
    "planned", "committed", "paid", "impressions", "clicks", "reported_leads", "reported_orders", "reported_revenue",
    "reported_spend",
)  # fmt: skip
PLACE = ("month", "campaign", "segment", "region")
PLACED = ("leads", "mqls", "sqls", "answered", "accepted", "sql_days", "dated")
PLACED_DEALS = ("opened", "opened_amount", "won", "won_amount", "margin", "uncosted")
SPEND = Total(
    CampaignMonth,
    ("campaign", "month"),
    (Arm({"campaign": "campaign", "month": "month"}, {one: one for one in SPENT}),),
    cube=False,
    measures=SPENT,
)
COUNTED = (
    Counted(
        CountedPass,
        "due_lead",
        "lead_id",
        "lead_id",
        ("lead_id",),
        "fresh_pass",
        _reader("fresh_pass", slips=list(SLIPS)),
        (
            Total(FunnelMonth, ("month",), arms.FUNNEL_ARMS),
            Total(WhoseFunnel, ("month",), arms.FUNNEL_ARMS, cube=False, whose=SOURCED),
            Total(FunnelSplit, ("axis", "key", "month"), arms.SPLIT_ARMS, cube=False),
            Total(WhoseSplit, ("axis", "key", "month"), arms.SLICE_ARMS, cube=False, whose=WHOSE + CELL),
            Total(PassDay, ("flow", "day"), arms.PASS_FLOW_ARMS, cube=False, whose=ANYBODY),
            Total(StepMonth, ("step", "month"), arms.STEP_ARMS),
            Total(WhoseSteps, ("step", "month"), arms.STEP_ARMS, cube=False, whose=SOURCED),
            Total(StepDays, ("step", "month", "days"), arms.DAY_ARMS),
            Total(WhoseDays, ("step", "month", "days"), arms.DAY_ARMS, cube=False, whose=SOURCED),
            Total(
                CampaignMonth,
                ("campaign", "month"),
                arms.CAMPAIGN_ARMS,
                cube=False,
                measures=("leads", "mqls", "sqls", "deals", "wins"),
            ),
            Total(CampaignPlace, PLACE, arms.PLACE_ARMS, cube=False, measures=PLACED),
            Total(CampaignSegment, ("campaign", "segment"), arms.SEGMENT_ARMS, cube=False),
            Total(DeliveryMonth, ("segment", "month"), arms.DELIVERY_ARMS, cube=False),
        ),
    ),
    Counted(
        CountedPromise,
        "due_lead",
        "lead_id",
        "lead",
        ("handoff_id",),
        "fresh_promise",
        _reader("fresh_promise"),
        (Total(PromiseMonth, ("promise", "month"), arms.PROMISE_ARMS, cube=False),),
    ),
    Counted(
        CountedDesk,
        "due_lead",
        "lead_id",
        "lead",
        ("promise_id",),
        "fresh_desk",
        _reader("fresh_desk"),
        (Total(DeskMonth, ("month",), arms.DESK_ARMS, cube=False),),
    ),
    Counted(
        CountedOffer,
        "due_lead",
        "lead_id",
        "lead",
        ("handoff_id",),
        "fresh_offer",
        _reader("fresh_offer", slips=list(SLIPS)),
        (
            Total(AnswerMonth, ("month",), arms.ANSWER_ARMS),
            Total(WhoseAnswers, ("month",), arms.ANSWER_ARMS, cube=False, whose=WHOSE),
            Total(OfferDay, ("flow", "day"), arms.OFFER_FLOW_ARMS, cube=False, whose=ANYBODY),
            Total(ReasonMonth, ("reason", "month"), arms.REASON_ARMS, cube=False, whose=ANYBODY),
            Total(AnswerMinutes, ("clock", "month", "minutes"), arms.MINUTE_ARMS),
            Total(WhoseMinutes, ("clock", "month", "minutes"), arms.MINUTE_ARMS, cube=False, whose=WHOSE),
        ),
    ),
    Counted(
        CountedDeal,
        "due_deal",
        "deal_id",
        "deal_id",
        ("deal_id",),
        "fresh_deal",
        _reader("fresh_deal"),
        (
            Total(DealDay, ("flow", "day"), arms.DEAL_FLOW_ARMS, cube=False, whose=ANYBODY),
            Total(DealMonth, ("kind", "month"), arms.DEAL_ARMS),
            Total(WhoseDeals, ("kind", "month"), arms.DEAL_ARMS, cube=False, whose=WHOSE),
            Total(LossMonth, ("reason", "month"), arms.LOSS_ARMS, cube=False, whose=LOST),
            Total(DealCycle, ("month", "source", "influenced", "days"), arms.CYCLE_ARMS, cube=False),
            Total(DueMonth, ("category", "month"), arms.DUE_ARMS),
            Total(WhoseDue, ("region", "category", "month"), arms.DUE_ARMS, cube=False, whose=WHOSE),
            Total(
                CampaignMonth, ("campaign", "month"), arms.PIPELINE_ARMS, cube=False, measures=("pipeline",)
            ),
            Total(CampaignPlace, PLACE, arms.PLACED_DEAL_ARMS, cube=False, measures=PLACED_DEALS),
        ),
    ),
    Counted(
        CountedReceipt,
        "due_deal",
        "deal_id",
        "deal_id",
        ("receipt_id",),
        "fresh_receipt",
        _reader("fresh_receipt"),
        (Total(ReceiptDay, ("flow", "day"), arms.RECEIPT_ARMS, cube=False, whose=ANYBODY),),
    ),
    Counted(
        CountedCustomer,
        "due_customer",
        "company_id",
        "company_id",
        ("company_id", "year"),
        "fresh_customer",
        _reader("fresh_customer"),
        (Total(CustomerMonth, ("segment", "region", "month"), arms.CUSTOMER_ARMS, cube=False),),
    ),
    Counted(
        Credit,
        "due_deal",
        "deal_id",
        "deal_id",
        ("deal_id", "model", "position"),
        "fresh_credit",
        attribution.work_out,
        (
            Total(
                CreditMonth,
                ("model", "campaign", "channel", "month", "renewal"),
                arms.CREDIT_ARMS,
                cube=False,
            ),
            Total(
                CreditPlace,
                ("model", "month", "campaign", "segment", "region", "renewal"),
                arms.PLACED_CREDIT_ARMS,
                cube=False,
            ),
        ),
    ),
)


def read_spend(cursor):
    """Fill fresh_spend for the campaigns in due_campaign."""
    cursor.execute(statement("fresh_spend"))


def move_spend(cursor):
    """Spend is counted by campaign, from the totals themselves: there are few rows of it."""
    read_spend(cursor)
    cursor.execute(
        "DROP TABLE IF EXISTS moved; CREATE TEMPORARY TABLE moved ON COMMIT DROP AS "
        f"SELECT -1 AS sign, campaign, month, {', '.join(SPENT)} FROM reports_campaignmonth "
        "WHERE campaign IN (SELECT campaign FROM due_campaign) UNION ALL SELECT 1, * FROM fresh_spend"
    )
    SPEND.move(cursor, "moved", signed=True)


def shared_tables():
    """The tables whose rows several totals keep together: small ones, which a recount empties and adds up again."""
    return sorted({total.table for counted in COUNTED for total in counted.totals if total.measures})


def drop_forgotten(cursor):
    """Take away the emptied totals of campaigns that are gone: no name or channel is left to tell them under."""
    for total in {total.table: total for counted in COUNTED for total in counted.totals}.values():
        if "campaign" in total.keys:
            sums = " OR ".join(f"{one} <> 0" for one in columns(total.model, total.identity))
            cursor.execute(
                f"DELETE FROM {total.table} told WHERE campaign <> 0 AND NOT ({sums}) "
                "AND NOT EXISTS (SELECT 1 FROM pipeline_campaign c WHERE c.id = told.campaign)"
            )


def all_tables():
    """Every table that is derived, without the marks."""
    totals = {total.table for counted in COUNTED for total in counted.totals}
    return sorted({counted.table for counted in COUNTED} | totals | {DeedDay._meta.db_table})
