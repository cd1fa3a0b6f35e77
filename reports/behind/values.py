"""What of each row a list shows: its columns, and what is looked up beside it, by kind."""

from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User

PASS: dict[str, Any] = {
    "name": F("lead__contact__full_name"),
    "company": F("lead__contact__company__name"),
    "campaign_name": F("lead__campaign__name"),
    "stage": F("lead__stage"),
    "rep_name": Subquery(User.objects.filter(pk=OuterRef("owner")).values("full_name")),
    "owner_name": F("lead__owner__full_name"),
}


def _of_deal(path):
    """What stands at the deal itself, or at the deal that it cancels."""
    return Coalesce(f"deal__{path}", f"deal__cancels__{path}")


NUMBER = Coalesce("deal__cancels", "deal")  # of the deal, also where a row is what was cancelled of it
DEAL = {
    "name": F("deal__name"),
    "company": _of_deal("company__name"),
    "stage": F("deal__stage__name"),
    "owner_name": _of_deal("owner__full_name"),
    "number": NUMBER,
}
RECEIPT = {
    "name": F("deal__name"),
    "company": F("deal__company__name"),
    "owner_name": F("deal__owner__full_name"),
    "signed_on": F("deal__signed_on"),
    "note": F("receipt__note"),
    "number": F("deal"),
}
CONTRACT = {**DEAL, "until": F("deal__contract_until"), "renewal": F("deal__renewal__name")}
OFFER = {
    "name": F("handoff__lead__contact__full_name"),
    "company": F("handoff__lead__contact__company__name"),
    "rep": F("handoff__rep__full_name"),
    "grade": F("handoff__grade"),
}
PROMISE = {
    "name": F("lead__contact__full_name"),
    "company": F("lead__contact__company__name"),
    "rep_name": F("rep__full_name"),
}
DESK = {
    "name": F("promise__lead__contact__full_name"),
    "company": F("promise__lead__contact__company__name"),
    "grade": F("promise__grade"),
    "asked_at": F("promise__asked_at"),
    "answered_at": F("promise__answered_at"),
    "ended_at": F("promise__ended_at"),
}
TARGET = {
    "region_name": F("region__name"),
    "segment_name": F("segment__name"),
    "by": F("set_by__full_name"),
}
QUOTA = {
    "team_name": F("team__name"),
    "person_name": F("person__full_name"),
    "by": F("set_by__full_name"),
}
CUSTOMER = {"name": F("company__name")}
SPEND = {"campaign_name": F("campaign__name"), "channel": F("campaign__channel")}
CREDIT = {
    "name": F("deal__name"),
    "company": _of_deal("company__name"),
    "campaign_name": F("campaign__name"),
    "opened": F("deal__opened_at"),
    "signed_on": F("deal__signed_on"),
    "number": NUMBER,
}
PERSON = "person_name"
CONTACT = {"name": F("contact__full_name"), "company": F("contact__company__name")}
ADVICE = {"name": F("consultation__campaign__name"), "campaign": F("consultation__campaign")}
DEEDS: dict[str, tuple[tuple, dict[str, Any]]] = {
    "touch": (
        ("id", "at", "kind", "contact_id"),
        {**CONTACT, PERSON: F("actor__full_name"), "said": F("note")},
    ),
    "note": (("id", "at", "contact_id"), {**CONTACT, PERSON: F("by__full_name"), "said": F("text")}),
    "done": (
        ("id", "done_at", "contact_id", "deal_id", "company_id"),
        {
            "name": Coalesce("deal__name", "contact__full_name", "company__name"),
            "firm": Coalesce("deal__company__name", "contact__company__name"),
            PERSON: F("owner__full_name"),
            "said": F("what"),
        },
    ),
    "advice": (("id", "answered_at", "agrees", "text"), {**ADVICE, PERSON: F("rep__full_name")}),
    "reply": (("id", "replied_at", "adopted", "reply"), {**ADVICE, PERSON: F("replied_by__full_name")}),
    "counsel": (
        ("id", "given_at", "lead_id", "deal_id", "company_id"),
        {
            "name": Coalesce("deal__name", "company__name", "lead__contact__full_name"),
            "firm": Coalesce("deal__company__name", "lead__contact__company__name"),
            PERSON: F("adviser__full_name"),
            "said": F("text"),
        },
    ),
    "growth": (("id", "name", "state", "created_at"), {PERSON: F("entered_by__full_name")}),
    "lesson": (
        ("id", "at", "growth", "shift"),
        {"name": Coalesce("growth__name", "shift__reason"), PERSON: F("by__full_name"), "said": F("text")},
    ),
    "campaign": (
        ("id", "name", "channel", "status", "starts_on", "ends_on"),
        {"owner_name": F("owner__full_name")},
    ),
}
VALUES: dict[str, tuple[tuple, dict[str, Any]]] = {
    **DEEDS,
    "pass": (
        ("lead_id", "channel", "captured_on", "mql_on", "offered_on", "sql_on", "won_on", "answer", "grade"),
        PASS,
    ),
    "deal": (
        ("deal_id", "kind", "outcome", "opened_on", "closed_on", "amount", "margin", "stepless", "slips"),
        DEAL,
    ),
    "opened": (("deal_id", "kind", "outcome", "opened_on", "closed_on", "opening", "amount"), DEAL),
    "margin": (("deal_id", "kind", "outcome", "opened_on", "closed_on", "amount", "margin"), DEAL),
    **dict.fromkeys(("target", "counted_target"), (("id", "month", "amount", "set_at"), TARGET)),
    **dict.fromkeys(("quota", "counted_quota"), (("id", "month", "amount", "set_at"), QUOTA)),
    "receipt": (("receipt_id", "deal_id", "received_on", "amount"), RECEIPT),
    **dict.fromkeys(
        ("contract", "account"), (("deal_id", "kind", "outcome", "closed_on", "amount"), CONTRACT)
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
    "promise": (
        (
            "id",
            "lead",
            "grade",
            "answer_due_at",
            "accepted_at",
            "contact_due_at",
            "contacted_at",
            "attempts",
            "ended_at",
            "end",
        ),
        PROMISE,
    ),
    "desk": (("promise_id", "lead", "due_at", "kept"), DESK),
    "customer": (
        ("id", "company_id", "year", "since", "due_on", "kept", "deals", "revenue", "margin"),
        CUSTOMER,
    ),
    "spend": (("id", "campaign_id", "kind", "month", "on", "base_amount", "vendor"), SPEND),
    "credit": (
        (
            "id",
            "deal_id",
            "campaign_id",
            "channel",
            "position",
            "touches",
            "month",
            "cancelled",
            "share",
            "amount",
            "margin",
        ),
        CREDIT,
    ),
}
