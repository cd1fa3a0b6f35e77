"""What may be changed of many leads or deals at once. The verbs of the desk stand beside them in the list of leads."""

from django import forms
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.bulk import NOTHING, ONE_BY_ONE, Bulk, Choice, column, theirs
from accounts.models import Region, Segment, User
from engine.moments import day_in_reach
from leads import assignment, because, closing, handoffs, ownership, rating
from leads.forms.books import sellers
from leads.handoffs.changes import hand_deals
from leads.handoffs.refusals import NOT_TO_OFFER
from leads.models import Lead
from pipeline.many import REGION, SEGMENT, keyed
from pipeline.models import Deal, ForecastCategory, Outcome, Product
from pipeline.stages import Stage

OFFERED = (Stage.READY, Stage.SQL, Stage.DEAL)
REP, OWNER, PRODUCT = gettext_lazy("Rep"), gettext_lazy("Owner"), gettext_lazy("Product")
CLOSE, CATEGORY = gettext_lazy("Expected close"), gettext_lazy("Forecast category")


def _offered(user, lead, value):
    """Why a lead is not offered; an offer is taken back from whoever has not accepted it."""
    return theirs("leads.offer_lead")(user, lead, value) or ("" if lead.stage in OFFERED else NOT_TO_OFFER)


def _lock_reps(changes):
    """Wait for every rep who gives or takes, before the first lead changes hands: in one order for everybody."""
    reps = {rep for lead, to in changes.items() for rep in (lead.owner_id, to) if rep}
    with connection.cursor() as cursor:
        ownership.lock_reps(cursor, sorted(reps))


def _offer(choice, changes, *, by, at):
    """Offer each lead, one by one: every handoff has clocks of its own."""
    _lock_reps(changes)
    reps, refused = User.objects.in_bulk(set(changes.values()) - {None}), {}
    for lead, to in changes.items():
        try:
            if to is None:
                handoffs.withdraw(lead.pk, at=at)
            elif handoffs.offer(lead.pk, to=reps[to], by=by, at=at) is None:
                refused[lead.pk] = _("Only suggested: nothing is sent in the shadow week.")
        except handoffs.Refused as why:
            refused[lead.pk] = str(why)
    return refused


def _routed(choice, changes, *, by, at):
    """A fact that routing goes by: leads that wait in line are looked at again at once."""
    refused = column(choice, changes, by=by, at=at)
    assignment.look_again([lead.pk for lead in changes], at)
    return refused


def _open(permission):
    """For `why_not` of a deal: closed ones stay, and those that are not the user's."""

    def why_not(user, deal, value):
        closed = "" if deal.outcome == Outcome.OPEN else _("The deal is closed. Open it again first.")
        return closed or theirs(permission)(user, deal, value)

    return why_not


def _handed(user, deal, value):
    if deal.outcome != Outcome.OPEN:
        return _("The deal is closed. Open it again first.")
    if value is None:
        return _("A deal needs an owner.")
    return "" if user.has_perm("leads.hand_over_book", deal.owner) else _("This one is not yours to change.")


def _lock_leads(ids):
    """Leads come before deals everywhere."""
    leads = Lead.objects.filter(deal__in=ids, merged_into=None)
    list(leads.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def _fact(choice, changes, *, by, at):
    closing.change_many(changes, choice.name, by=by, at=at)
    return {}


def _hand(choice, changes, *, by, at):
    """Another owner, for the deal and for the leads that it came from."""
    reps, refused = User.objects.in_bulk(set(changes.values())), {}
    leads = Lead.objects.filter(deal__in=[deal.pk for deal in changes], merged_into=None, stage=Stage.DEAL)
    of_deal = {}
    for pk, deal, owner in leads.order_by("pk").values_list("pk", "deal", "owner"):
        of_deal.setdefault(deal, []).append((pk, owner))
    for deal, to in changes.items():
        try:
            for lead, owner in of_deal.get(deal.pk, ()):
                if owner != to:
                    handoffs.offer(lead, to=reps[to], by=by, at=at)
            hand_deals(Deal.objects.filter(pk=deal.pk).exclude(owner=to), reps[to], by, because.CHOSEN, at)
        except handoffs.Refused as why:
            refused[deal.pk] = str(why)
    return refused


def _category(user):
    """A category, or as the stage says, in so many words."""
    choices = [("", "–"), (NOTHING, _("As the stage says")), *ForecastCategory.choices]
    return forms.TypedChoiceField(
        label=CATEGORY,
        choices=choices,
        coerce=lambda value: "" if value == NOTHING else value,
        empty_value="",
    )


class _OfLeads:
    """The choices for many leads: the fixed ones, then those of the desk, one of them for each question in use."""

    def __init__(self, *fixed):
        self.fixed = fixed

    def __iter__(self):
        yield from self.fixed
        yield from rating.choices()


LEADS = Bulk(
    "lead",
    "leads",
    "leads",
    Lead,
    "leads:lead-list",
    _OfLeads(
        Choice(
            "owner",
            gettext_lazy("Offer to a rep"),
            "handshake",
            keyed(sellers, REP, required=True),
            "leads.offer_lead",
            _offered,
            write=_offer,
            most=ONE_BY_ONE,
            attname="owner_id",
            note=gettext_lazy(
                "Each rep is told, and the clocks of the answer begin; what is accepted meanwhile stays."
            ),
        ),
        Choice(
            "segment",
            SEGMENT,
            "tag",
            keyed(Segment.objects.all, SEGMENT),
            "leads.change_lead",
            theirs("leads.change_lead"),
            write=_routed,
            attname="segment_id",
        ),
        Choice(
            "region",
            REGION,
            "map-pin",
            keyed(Region.objects.all, REGION),
            "leads.change_lead",
            theirs("leads.change_lead"),
            write=_routed,
            attname="region_id",
        ),
        Choice(
            "product",
            PRODUCT,
            "package",
            keyed(lambda: Product.objects.filter(active=True), PRODUCT),
            "leads.change_lead",
            theirs("leads.change_lead"),
            write=_routed,
            attname="product_id",
        ),
    ),
    seen=lambda found: found.counted(),
    beside=("contact",),
)
DEALS = Bulk(
    "deal",
    "leads",
    "deals",
    Deal,
    "leads:deal-list",
    (
        Choice(
            "owner",
            OWNER,
            "user-round",
            keyed(sellers, OWNER, required=True),
            "leads.hand_over_book",
            _handed,
            write=_hand,
            most=ONE_BY_ONE,
            lock=_lock_leads,
            attname="owner_id",
            note=gettext_lazy("Leads that led to a deal go with it, and the new owner is told."),
        ),
        Choice(
            "expected_close",
            CLOSE,
            "calendar",
            lambda user: forms.DateField(label=CLOSE, validators=[day_in_reach]),
            "pipeline.work_deal",
            _open("pipeline.work_deal"),
            write=_fact,
        ),
        Choice(
            "category",
            CATEGORY,
            "chart-column",
            _category,
            "pipeline.work_deal",
            _open("pipeline.work_deal"),
            write=_fact,
        ),
    ),
    beside=("company", "owner"),
)
