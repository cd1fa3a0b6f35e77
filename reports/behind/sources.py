"""Which rows a list is made of, as far as the user may see them."""

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from accounts.visibility import colleagues, sees_all
from leads.models import Handoff, Lead
from leads.models.handoffs import HandoffKind
from pipeline.models import Campaign, Company, Deal, Spend
from reports import climbing
from reports.behind import deeds
from reports.behind.lists import of
from reports.behind.values import VALUES
from reports.choice import linked
from reports.forecast.said import sees_every_deal
from reports.models import (
    CountedCustomer,
    CountedDeal,
    CountedDesk,
    CountedOffer,
    CountedPass,
    CountedReceipt,
    Credit,
    Quota,
    Target,
)
from reports.returns import only


def rows(name, user, choice):
    """The rows behind a figure as a queryset of values(), with the order to page them by. `name` is one that `of` knows.

    As far as `user` may see them; None: everybody's.
    """
    behind = of(name)
    seen, path = SOURCES[behind.kind](user)
    if behind.kind in deeds.ACTORS:
        narrowed = deeds.of_people(seen, behind.kind, choice)
    elif behind.of_campaigns or behind.kind == "campaign":
        narrowed = _by_campaigns(seen, choice)
    else:
        narrowed = _narrowed(seen, path, choice, behind.owner, "" if behind.placed else path)
    found = behind.counted(narrowed, choice)
    plain, named = VALUES[behind.kind]
    ordered = {name.removeprefix("-") for name in behind.order} - {*plain, *named}
    return found.values(*plain, *ordered, **named, **_opens(behind.kind, user)), behind.order


def _opens(kind, user):
    """Whether the reader may open the lead itself, of passes that the own people took and hold no more."""
    if kind != "pass" or _reads_all(user):
        return {}
    return {"opens": Exists(Lead.objects.visible_to(user).filter(pk=OuterRef("lead_id")))}


def counted(name, user, choice):
    """(how many rows of the list `user` sees, how many there are); None where `user` sees all that there are."""
    if sees_all(user) or of(name).kind in EVERYBODYS:
        return None
    seen, every = (rows(name, one, choice)[0].count() for one in (user, None))
    return (seen, every) if seen < every else None


def needs_money(name):
    """Does the list show what only readers of money may see? Whoever sees a deal sees its amount."""
    return of(name).kind in (
        "spend", "credit", "margin", "target", "counted_target", "growth", "lesson",
    )  # fmt: skip


def _reads_all(user):
    return user is None or sees_all(user)


def _reads_deals(user):
    return user is None or sees_every_deal(user)


def _pass_rows(user):
    """All for whoever sees all, else what is seen of the leads themselves, and what the own people took, as of offers."""
    rows = CountedPass.objects.all()
    if _reads_all(user):
        return rows, ""
    return rows.filter(Q(lead__in=Lead.objects.visible_to(user)) | Q(owner__in=colleagues(user))), ""


def _deal_rows(user):
    rows = CountedDeal.objects.all()
    return rows if _reads_deals(user) else rows.filter(deal__in=Deal.with_cancellations.shown_to(user)), ""


def _account_rows(user):
    """Whoever looks after an account counts what others sold to it too."""
    rows = CountedDeal.objects.all()
    return rows if _reads_deals(user) else rows.filter(deal__in=Deal.objects.visible_to(user)), ""


def _receipt_rows(user):
    rows = CountedReceipt.objects.all()
    return rows if _reads_deals(user) else rows.filter(deal__in=Deal.objects.worked_by(user)), ""


def _offer_rows(user):
    rows = CountedOffer.objects.all()
    return rows if _reads_all(user) else rows.filter(handoff__in=Handoff.objects.visible_to(user)), ""


def _promise_rows(user):
    rows = Handoff.objects.all() if user is None else Handoff.objects.visible_to(user)
    return rows.exclude(kind__in=(HandoffKind.OWN_FIND, HandoffKind.IMPORTED)), "lead__"


def _desk_rows(user):
    rows = CountedDesk.objects.all()
    return rows if user is None or _reads_all(user) else rows.filter(
        promise__lead__in=Lead.objects.visible_to(user)
    ), "promise__lead__"


def _spend_rows(user):
    return Spend.objects.visible_to(user), "campaign__"


def _credit_rows(user):
    rows = Credit.objects.filter(renewal=False)
    if _reads_deals(user):
        return rows, "campaign__"
    return rows.filter(deal__in=Deal.with_cancellations.shown_to(user)), "campaign__"


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
    "account": _account_rows,
    "receipt": _receipt_rows,
    "offer": _offer_rows,
    "promise": _promise_rows,
    "desk": _desk_rows,
    "customer": _customer_rows,
    "spend": _spend_rows,
    "credit": _credit_rows,
    **deeds.sources(),
}
EVERYBODYS = (  # not read by whose they are
    "spend", "target", "counted_target", "quota", "counted_quota", "advice", "reply", "growth", "lesson", "campaign",
)  # fmt: skip


def _narrowed(found, path, choice, owner, place):
    if found.model is Quota:
        return _of_whom(found, choice)
    if found.model is Target:
        return found.filter(pk__in=climbing.counted(choice.period, choice.region, choice.segment))
    for name, axis in (("segment", choice.segment), ("region", choice.region)):
        if axis is not None:
            found = found.filter(linked(f"{place}{name}", axis.under))
    if found.model is CountedCustomer:  # they come by no channel and belong to nobody
        return found
    if choice.channel is not None:
        by = "channel" if found.model is Credit else f"{path}channel"
        which = Q(**{by: choice.channel})
        # what has no campaign has no channel
        found = found.filter(which | Q(**{f"{by}__isnull": True}) if choice.channel == "" else which)
    if found.model is Handoff:
        if choice.campaigns is not None:
            found = found.filter(linked("lead__campaign", choice.campaigns))
        return found if choice.owners is None else found.filter(rep__in=choice.owners)
    if path:  # spend belongs to a campaign and to nobody
        return found.filter(linked("campaign", only(choice))) if choice.by_row else found
    if choice.campaigns is not None:
        found = found.filter(campaign__in=choice.campaigns)
    return found if choice.owners is None else found.filter(linked(owner, choice.owners))


def _by_campaigns(found, choice):
    """Rows of campaigns of this choice, whatever stands in the rows themselves."""
    campaigns = Campaign.objects.all()
    for name, axis in (("segment", choice.segment), ("region", choice.region)):
        if axis is not None:
            campaigns = campaigns.filter(linked(name, axis.under))
    if choice.channel is not None:
        campaigns = campaigns.filter(channel=choice.channel)
    by = "pk" if found.model is Campaign else "campaign"
    found = found.filter(**{f"{by}__in": campaigns.values("pk")})
    return found.filter(**{f"{by}__in": only(choice)}) if choice.by_row else found


def _of_whom(quotas, choice):
    """The quotas of the chosen person, else of the chosen team as a whole, else of all teams."""
    if choice.rep is not None:
        return quotas.filter(person=choice.rep.id)
    return (
        quotas.filter(team__isnull=False) if choice.team is None else quotas.filter(team__in=choice.team.ids)
    )
