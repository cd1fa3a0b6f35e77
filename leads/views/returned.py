"""Why leads come back: the returns of a campaign, a rep, a team or a score rule, and the list behind each figure."""

from django.core.exceptions import SuspiciousOperation
from django.db.models import Q
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts import memberships
from accounts.doors import permitted, requires
from accounts.models import Team, User
from leads import returned
from leads.models import Handoff, ReturnReason, ScoreRule
from leads.scoring.explaining import describe
from pipeline.models import Campaign
from ui import keyset
from ui.htmx import render_part
from ui.tables import Column, Table

MOST = 100
COLUMNS = [
    Column("name", gettext_lazy("Lead"), href="href", note="lead__contact__company__name"),
    Column("reason", gettext_lazy("Reason"), kind="pill", note="note"),
    Column("rep__full_name", gettext_lazy("Rep"), kind="person"),
    Column("lead__campaign__name", gettext_lazy("Campaign"), href="campaign_href"),
    Column("grade", gettext_lazy("Grade"), kind="grade"),
    Column("ended_at", gettext_lazy("Returned"), kind="ago"),
    Column("dispute_words", gettext_lazy("Dispute"), href="dispute_href"),
]


@requires("leads.view_handoff")
def returns(request):
    """The returns that the user sees, newest first, narrowed to a campaign, a rep, a team, a score rule or a reason."""
    at = timezone.now()
    ever = request.GET.get("span") == "all"
    offers = returned.offers() if ever else returned.offers(at - returned.SPAN, at)
    offers, about = _narrowed(request, offers.visible_to(request.user))
    names = returned.names()
    reasons = returned.whole(offers).why(names)
    back = returned.came_back(offers)
    if code := request.GET.get("reason"):
        back = back.filter(reason=get_object_or_404(ReturnReason, code=code))
    page = keyset.page(
        back.values(
            "id", "lead", "lead__contact__full_name", "lead__contact__company__name", "reason__code", "note",
            "rep", "rep__full_name", "lead__campaign", "lead__campaign__name", "grade", "ended_at", "dispute",
            "dispute__decided_at", "returned_by",
        ),
        ("-ended_at", "-id"), cursor=request.GET.get("cursor", ""),
    )  # fmt: skip
    people = User.objects.in_bulk({row[one] for row in page.rows for one in ("rep", "returned_by")} - {None})
    for row in page.rows:
        one = Handoff(rep=people[row["rep"]], returned_by=people.get(row["returned_by"]))
        row.update(
            **_dispute(row, permitted(request, "leads.dispute_return", one)),
            name=row["lead__contact__full_name"] or _("Nameless contact"),
            href=reverse("leads:lead", args=[row["lead"]]),
            reason=names[row["reason__code"]],
            campaign_href=reverse("pipeline:campaign", args=[row["lead__campaign"]]) if row["lead__campaign"] else "",
        )  # fmt: skip
    table = Table(
        page.rows, COLUMNS, _("Returns"), request=request, page=page, cards=True, empty=_("None came back.")
    )
    context = {"table": table, "about": about, "reasons": reasons, "code": code, "ever": ever}
    context["asked"] = _asked(request)
    return render_part(request, "leads/returned/list.html", "rows", context)


def _dispute(row, may):
    """The words and the address of a return's dispute; where there is none yet, the way to begin one for whoever may."""
    if row["dispute"]:
        words = pgettext("of a dispute", "decided") if row["dispute__decided_at"] else _("under dispute")
        return {"dispute_words": words, "dispute_href": reverse("leads:dispute", args=[row["dispute"]])}
    if not may:
        return {"dispute_words": None}
    return {"dispute_words": _("Dispute it"), "dispute_href": reverse("leads:dispute-open", args=[row["id"]])}


def _narrowed(request, offers):
    """The offers of what the address names, and its name in words. Raises 400 for what is no number, 404 for nothing."""
    about = []
    for name, model, of in (
        ("campaign", Campaign, lambda found: Q(lead__campaign=found)),
        ("rep", User, lambda found: Q(rep=found)),
        ("team", Team, lambda found: memberships.in_team(found, "rep", "offered_at")),
    ):
        if pk := _number(request, name):
            found = get_object_or_404(model, pk=pk)
            offers = offers.filter(of(found))
            about.append(str(found))
    if pk := _number(request, "rule"):
        rule = get_object_or_404(ScoreRule.objects.select_related("model"), pk=pk)
        if not permitted(request, "leads.view_scoring"):
            return offers.none(), about
        offers = returned.meeting(rule, offers)
        about.append(describe(rule))
    return offers, about


def _number(request, name):
    value = request.GET.get(name, "")
    if value and not (value.isascii() and value.isdigit() and len(value) < 18):
        raise SuspiciousOperation(name)
    return int(value) if value else None


def _asked(request):
    """The address without the reason and the place in the list: what a reason's link adds to."""
    asked = request.GET.copy()
    for name in ("reason", "cursor"):
        asked.pop(name, None)
    return asked.urlencode()


@requires("leads.view_handoff")
def team_returns(request, team):
    """The returns of a team's reps, as a panel of the team's page."""
    found, at = get_object_or_404(Team, pk=team), timezone.now()
    offers = returned.of_team(found, returned.offers(at - returned.SPAN, at).visible_to(request.user))
    names = returned.names()
    rows = [(tally, tally.why(names)[:2]) for tally in returned.tallies("rep", offers)]
    return render_part(request, "leads/returned/team.html", "panel", {"team": found, "rows": rows})


@requires("leads.view_handoff")
def campaign_returns(request):
    """Campaigns by how many of their leads come back, and why."""
    at = timezone.now()
    offers = returned.offers(at - returned.SPAN, at).visible_to(request.user)
    names = returned.names()
    rows = [(tally, tally.why(names)[:2]) for tally in returned.tallies("campaign", offers)[:MOST]]
    return render(request, "leads/returned/campaigns.html", {"rows": rows})
