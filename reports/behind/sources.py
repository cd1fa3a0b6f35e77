"""Which rows a list is made of, as far as the user may see them, and what of each is shown."""

from django.db.models import F, Q

from accounts.models import User
from accounts.visibility import sees_all
from leads.models import Handoff, Lead
from leads.models.handoffs import HandoffKind
from pipeline.models import Campaign, Company, Deal, Spend
from reports.behind.lists import of
from reports.choice import linked
from reports.forecast.said import sees_every_deal
from reports.models import (
    CountedCustomer,
    CountedDeal,
    CountedOffer,
    CountedPass,
    CountedReceipt,
    Credit,
    Quota,
    Target,
)
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
RECEIPT = {
    "name": F("deal__name"),
    "company": F("deal__company__name"),
    "owner_name": F("deal__owner__full_name"),
    "signed_on": F("deal__signed_on"),
    "note": F("receipt__note"),
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
    "company": F("deal__company__name"),
    "campaign_name": F("campaign__name"),
    "opened": F("deal__opened_at"),
    "signed_on": F("deal__signed_on"),
}


def rows(name, user, choice):
    """The rows behind a figure as a queryset of values(), with the order to page them by. `name` is one that `of` knows.

    As far as `user` may see them; None: everybody's.
    """
    behind = of(name)
    seen, path = SOURCES[behind.kind](user)
    narrowed = _by_campaigns(seen, choice) if behind.of_campaigns else _narrowed(seen, path, choice)
    found = behind.counted(narrowed, choice)
    plain, named = VALUES[behind.kind]
    ordered = {name.removeprefix("-") for name in behind.order} - {*plain, *named}
    return found.values(*plain, *ordered, **named), behind.order


def counted(name, user, choice):
    """(how many rows of the list `user` sees, how many there are); None where `user` sees all that there are."""
    if sees_all(user) or of(name).kind in EVERYBODYS:
        return None
    seen, every = (rows(name, one, choice)[0].count() for one in (user, None))
    return (seen, every) if seen < every else None


def needs_money(name):
    """Does the list show what only readers of money may see? Whoever sees a deal sees its amount."""
    return of(name).kind in ("spend", "credit", "margin", "target", "counted_target")


def _reads_all(user):
    return user is None or sees_all(user)


def _reads_deals(user):
    return user is None or sees_every_deal(user)


def _pass_rows(user):
    rows = CountedPass.objects.all()
    return rows if _reads_all(user) else rows.filter(lead__in=Lead.objects.visible_to(user)), ""


def _deal_rows(user):
    rows = CountedDeal.objects.all()
    return rows if _reads_deals(user) else rows.filter(deal__in=Deal.objects.visible_to(user)), ""


def _receipt_rows(user):
    rows = CountedReceipt.objects.all()
    return rows if _reads_deals(user) else rows.filter(deal__in=Deal.objects.visible_to(user)), ""


def _offer_rows(user):
    rows = CountedOffer.objects.all()
    return rows if _reads_all(user) else rows.filter(handoff__in=Handoff.objects.visible_to(user)), ""


def _promise_rows(user):
    rows = Handoff.objects.all() if user is None else Handoff.objects.visible_to(user)
    return rows.exclude(kind__in=(HandoffKind.OWN_FIND, HandoffKind.IMPORTED)), "lead__"


def _spend_rows(user):
    return Spend.objects.visible_to(user), "campaign__"


def _credit_rows(user):
    rows = Credit.objects.filter(renewal=False)
    return rows if _reads_deals(user) else rows.filter(deal__in=Deal.objects.visible_to(user)), "campaign__"


def _customer_rows(user):
    rows = CountedCustomer.objects.all()
    return rows if _reads_all(user) else rows.filter(company__in=Company.objects.visible_to(user)), ""


def _target_rows(user):
    return Target.objects.all(), ""


def _quota_rows(user):
    """All for whoever sees the money, else the own one and that of the own team; of teams, those with people."""
    staffed = User.objects.filter(is_active=True, team__isnull=False).values("team")
    rows = Quota.objects.filter(Q(team=None) | Q(team__in=staffed))
    if user.has_perm("reports.view_money"):
        return rows, ""
    return rows.filter(Q(person=user) | Q(team=user.team_id, team__isnull=False)), ""


SOURCES = {
    "pass": _pass_rows,
    "deal": _deal_rows,
    "opened": _deal_rows,
    "margin": _deal_rows,
    "target": _target_rows,
    "counted_target": _target_rows,
    "quota": _quota_rows,
    "counted_quota": _quota_rows,
    "due": _deal_rows,
    "contract": _deal_rows,
    "receipt": _receipt_rows,
    "offer": _offer_rows,
    "promise": _promise_rows,
    "customer": _customer_rows,
    "spend": _spend_rows,
    "credit": _credit_rows,
}
EVERYBODYS = ("spend", "target", "counted_target", "quota", "counted_quota")  # not read by whose they are
VALUES = {
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
    "contract": (("deal_id", "kind", "outcome", "closed_on", "amount"), CONTRACT),
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
            "share",
            "amount",
            "margin",
        ),
        CREDIT,
    ),
}


def _narrowed(found, path, choice):
    if found.model is Quota:
        return _of_whom(found, choice)
    for name, axis in (("segment", choice.segment), ("region", choice.region)):
        if axis is not None:
            found = found.filter(linked(f"{path}{name}", axis.under))
    if found.model in (CountedCustomer, Target):  # they come by no channel and belong to nobody
        return found
    if choice.channel is not None:
        by = "channel" if found.model is Credit else f"{path}channel"
        which = Q(**{by: choice.channel})
        # what has no campaign has no channel
        found = found.filter(which | Q(**{f"{by}__isnull": True}) if choice.channel == "" else which)
    if found.model is Handoff:
        found = (
            found if choice.campaigns is None else found.filter(linked("lead__campaign", choice.campaigns))
        )
        return found if choice.owners is None else found.filter(rep__in=choice.owners)
    if path:  # spend belongs to a campaign and to nobody
        return found.filter(linked("campaign", only(choice))) if choice.by_row else found
    if choice.campaigns is not None:
        found = found.filter(campaign__in=choice.campaigns)
    return found if choice.owners is None else found.filter(owner__in=choice.owners)


def _by_campaigns(found, choice):
    """Rows of campaigns of this choice, whatever stands in the rows themselves."""
    campaigns = Campaign.objects.all()
    for name, axis in (("segment", choice.segment), ("region", choice.region)):
        if axis is not None:
            campaigns = campaigns.filter(linked(name, axis.under))
    if choice.channel is not None:
        campaigns = campaigns.filter(channel=choice.channel)
    found = found.filter(campaign__in=campaigns.values("pk"))
    return found.filter(campaign__in=only(choice)) if choice.by_row else found


def _of_whom(quotas, choice):
    """The quotas of the chosen person, else of the chosen team as a whole, else of all teams."""
    if choice.rep is not None:
        return quotas.filter(person=choice.rep.id)
    return (
        quotas.filter(team__isnull=False) if choice.team is None else quotas.filter(team__in=choice.team.ids)
    )
