"""The rows of the demo, one tuple type for each table, as COPY takes them.

Field names are the columns. Rows know each other by number (1, 2, … within their table); loading turns numbers into
keys of the database, and codes (of people, regions, products, stages, reasons) into theirs.
"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP
from typing import NamedTuple

from pipeline.money import STORED


def stored(amount) -> str:
    """A Decimal amount as the house rounds what it stores."""
    return str(amount.quantize(STORED, ROUND_HALF_UP))


class Contact(NamedTuple):
    full_name: str
    given_name: str
    family_name: str
    job_title: str
    company_id: int | None
    country: str
    city: str
    region_id: str
    language: str
    created_at: datetime


class Company(NamedTuple):
    name: str
    key: str
    domain: str
    segment_id: str | None
    region_id: str
    country: str
    industry: str
    employees: int | None
    is_partner: bool
    sales_owner_id: str | None
    marketing_contact_id: str | None
    created_at: datetime


class Identity(NamedTuple):
    contact_id: int
    kind: str
    value: str
    raw: str
    created_at: datetime


class Consent(NamedTuple):
    contact_id: int
    purpose: str
    channel: str
    given: bool
    basis: str
    text_version: str
    language: str
    evidence: dict
    at: datetime


class Campaign(NamedTuple):
    name: str
    code: str
    status: str
    channel: str
    track: str
    parent_id: int | None
    owner_id: str
    segment_id: str | None
    region_id: str | None
    product_id: str | None
    starts_on: date
    ends_on: date
    budget: int
    currency: str
    expected_leads: int
    expected_mqls: int
    expected_sqls: int
    expected_pipeline: int
    expected_revenue: int
    for_existing: bool
    note: str


class LaunchPlan(NamedTuple):
    """The plan of a campaign as it was launched; loaded before it, so that the database need not keep it by itself."""

    campaign_id: int
    launched_at: datetime
    channel: str
    segment_id: str | None
    region_id: str | None
    starts_on: date
    ends_on: date
    budget: int
    currency: str
    expected_leads: int
    expected_mqls: int
    expected_sqls: int
    expected_pipeline: int
    expected_revenue: int
    months: dict


class Spend(NamedTuple):
    campaign_id: int | None
    kind: str
    month: date
    on: date
    amount: int
    currency: str
    base_amount: str
    vendor: str
    note: str = ""
    impressions: int | None = None
    clicks: int | None = None
    reported_leads: int | None = None
    source: str = ""


class SalesCost(NamedTuple):
    of: str
    kind: str
    month: date
    on: date
    amount: int
    currency: str
    base_amount: str
    region_id: str | None
    payee: str


class Lead(NamedTuple):
    contact_id: int
    cycle: int
    stage: str
    seq: int
    campaign_id: int | None
    channel: str
    owner_id: str | None
    product_id: str | None
    segment_id: str | None
    region_id: str
    deal_id: int | None
    attributes: dict
    answers: dict
    captured_at: datetime
    grade: str
    grade_reason: str
    mql_grade: str
    hand_raised_at: datetime | None
    mql_at: datetime | None
    ready_at: datetime | None
    sql_at: datetime | None
    deal_at: datetime | None
    won_at: datetime | None
    ended_at: datetime | None
    route_at: datetime | None
    rounds: int
    pooled_at: datetime | None
    wake_at: datetime | None
    desk_due_at: datetime | None
    disqualified_because: str
    created_at: datetime


class StageChange(NamedTuple):
    lead_id: int
    seq: int
    from_stage: str
    to_stage: str
    at: datetime
    actor_id: str | None
    reason: str


class Touch(NamedTuple):
    contact_id: int
    kind: str
    at: datetime
    channel: str
    campaign_id: int | None = None
    track: str = "marketing"
    outbound: bool = False
    automatic: bool = False
    reached: bool | None = None
    actor_id: str | None = None
    note: str = ""


class Score(NamedTuple):
    lead_id: int
    model_id: str
    touched_at: datetime
    scored_at: datetime  # not due, so that nobody scores it before all of it is here


class Handoff(NamedTuple):
    lead_id: int
    rep_id: str
    kind: str
    grade: str
    agreement_id: str
    offered_at: datetime
    offered_by_id: str | None
    answer_due_at: datetime | None
    accepted_at: datetime | None
    contact_due_at: datetime | None
    contacted_at: datetime | None
    attempts: int
    protected_until: datetime | None
    ended_at: datetime | None
    end: str
    reason_id: str | None
    note: str
    because: str
    round: int


class Deal(NamedTuple):
    name: str
    company_id: int | None
    kind: str
    stage_id: str
    owner_id: str
    amount: int
    currency: str
    base_amount: str
    cost: str | None
    expected_close: date
    opened_at: datetime
    signed_on: date | None
    closed_at: datetime | None
    outcome: str
    outcome_reason_id: str | None
    outcome_note: str
    rival: str
    rival_price: str | None
    category: str
    product_id: str
    partner_id: int | None
    contract_until: date | None
    renewed: bool
    created_at: datetime


class Receipt(NamedTuple):
    deal_id: int
    on: date
    amount: str
    currency: str
    base_amount: str


class DealLine(NamedTuple):
    deal_id: int
    product_id: str
    quantity: int
    unit_price: int
    discount: int
    unit_cost: int | None


class DealContact(NamedTuple):
    deal_id: int
    contact_id: int
    role: str


class DealChange(NamedTuple):
    deal_id: int
    field: str
    before: str
    after: str
    actor_id: str | None
    reason: str
    at: datetime


class Step(NamedTuple):
    what: str
    owner_id: str
    due_at: datetime
    done_at: datetime | None
    contact_id: int | None
    deal_id: int | None
    created_at: datetime
