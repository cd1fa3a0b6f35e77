"""Deals as a list and as a board."""

from urllib.parse import urlencode

import django_filters
from django.contrib import messages
from django.db.models import Count, Exists, F, OuterRef, Sum, Window
from django.db.models.functions import RowNumber
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django_htmx.http import reswap, retarget

from accounts import saved
from accounts.bulk import matched, ticks
from accounts.doors import get_permitted, owners_permitted, permitted, requires
from accounts.models import User
from accounts.organisation import current
from leads import closing, deal_grades, many
from leads.models import Grade
from leads.views import deal_page
from pipeline import own_fields
from pipeline.cancellations import cancelled
from pipeline.dealers import through_filter
from pipeline.models import Company, Deal, DealStage, FieldOwner, Outcome, OutcomeReason
from ui import changes, keyset
from ui.filters import FilterSet, WordsFilter
from ui.htmx import redirect, render_part, toast
from ui.tables import Column, Table, addresses, chosen, extra, sorting

TICKETS = 40
COLUMNS = [
    Column("name", gettext_lazy("Deal"), href="href", note="company__name"),
    Column("stage", gettext_lazy("Stage"), kind="pill"),
    Column("grade", gettext_lazy("Grade"), kind="grade", note="customer"),
    Column("amount", gettext_lazy("Amount"), kind="money", sort="base_amount", first="-", edit="amount"),
    Column(
        "expected_close",
        gettext_lazy("Expected close"),
        kind="day",
        sort="expected_close",
        edit="expected_close",
    ),
    Column("owner__full_name", gettext_lazy("Owner"), kind="person"),
    Column("opened_at", gettext_lazy("Opened"), kind="day", sort="opened_at", first="-"),
    Column("signed_on", gettext_lazy("Signed"), kind="day", shown=False),
    Column("product__name", gettext_lazy("Product"), edit="product", shown=False),
    Column("partner__name", gettext_lazy("Dealer"), shown=False),
    Column("company__region__name", gettext_lazy("Region"), shown=False),
    Column("company__segment__name", gettext_lazy("Segment"), shown=False),
    Column("contract_until", gettext_lazy("Contract until"), kind="day", edit="contract_until", shown=False),
    Column("outcome_reason__name", gettext_lazy("Won or lost because"), shown=False),
    Column("rival", gettext_lazy("Who got it instead"), shown=False),
    Column("cancelled", gettext_lazy("Amount cancelled"), kind="money", shown=False),
]
ALWAYS = (
    "id", "name", "kind", "company__name", "stage__name", "outcome", "amount", "base_amount", "currency", "expected_close",
    "owner__full_name", "owner_id", "opened_at",
)  # fmt: skip
TONES = {Outcome.WON: "ok", Outcome.LOST: "bad"}


class DealFilters(own_fields.OwnFilters, FilterSet):
    """What the list and the board may be narrowed to; all of it stands in the address."""

    own = FieldOwner.DEAL

    q = WordsFilter(columns=["name", "company__name"], label=gettext_lazy("Search"))
    stage = django_filters.ModelChoiceFilter(
        queryset=DealStage.objects.all(), label=gettext_lazy("Stage"), to_field_name="code"
    )
    owner = django_filters.ModelChoiceFilter(
        queryset=User.objects.filter(Exists(Deal.objects.filter(owner=OuterRef("pk")))),
        label=gettext_lazy("Owner"),
    )
    signed_on = django_filters.DateFromToRangeFilter(label=gettext_lazy("Signed"))
    opened = django_filters.DateFromToRangeFilter(field_name="opened_at", label=gettext_lazy("Opened"))
    campaign = django_filters.NumberFilter(
        field_name="leads__campaign", distinct=True, label=gettext_lazy("Campaign")
    )

    grade = django_filters.ChoiceFilter(choices=Grade.choices, label=gettext_lazy("Grade"), method="by_grade")
    partner = django_filters.ModelChoiceFilter(
        queryset=Company.objects.surviving().filter(is_partner=True).only("name").order_by("name"),
        label=gettext_lazy("Dealer"),
    )
    through = through_filter(label=gettext_lazy("Through"))
    reason = django_filters.ModelChoiceFilter(
        queryset=OutcomeReason.objects.filter(outcome=Outcome.LOST),
        field_name="outcome_reason",
        to_field_name="code",
        label=gettext_lazy("Lost because"),
    )

    class Meta:
        model = Deal
        fields = ["outcome", "kind", "company"]

    def by_grade(self, queryset, name, value):
        """Deals whose lead has the grade now."""
        return deal_grades.graded_as(queryset, value, timezone.now())

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for hidden in ("company", "campaign", "signed_on", "opened"):
            if not any(name.startswith(hidden) for name in self.data or ()):
                del self.form.fields[hidden]


@matched("leads:deal-list")
def matching(request, data):
    """The filters of the list, over the deals that the user sees."""
    return DealFilters(data or None, Deal.objects.visible_to(request.user), request=request)


@requires("pipeline.view_deal")
def deal_list(request):
    """Deals that the user sees, newest first unless sorted otherwise."""
    if home := saved.opening(request, "deals") or own_fields.without_retired(request, "deal"):
        return home
    filters = matching(request, request.GET)
    columns = [*COLUMNS, *own_fields.columns(filters.own_fields)]
    shown, sort = chosen(request, columns), sorting(request, COLUMNS, "-opened_at")
    rows = filters.qs.annotate(cancelled=cancelled()).values(
        *ALWAYS, *extra(shown, COLUMNS), **own_fields.values(filters.own_fields, shown)
    )
    page = keyset.page(rows, (sort, "-id"), cursor=request.GET.get("cursor", ""))
    own_fields.complete(filters.own_fields, page.rows)
    _complete(request, page.rows)
    first = ()
    if permitted(request, "pipeline.add_deal"):
        words = _("No deals yet: one is opened after the talk with a lead.")
        first = (words, reverse("leads:deal-open"), _("Open a deal"))
    bulk = many.DEALS.bar(request)
    table = Table(
        page.rows,
        shown,
        _("Deals"),
        request=request,
        sort=sort,
        page=page,
        cards=True,
        **ticks(bulk),
        empty=_("No deals match."),
        first=first,
    )
    context = {"filter": filters, "table": table, "many": bulk, "views": saved.Bar(request, "deals", columns)}
    return render_part(request, "leads/deals/list.html", "rows", context)


def _complete(request, rows):
    """Add addresses and words to the rows of one page."""
    workable = owners_permitted(request, "pipeline.work_deal", Deal, rows)
    address, grades = addresses("leads:deal"), deal_grades.of([row["id"] for row in rows], timezone.now())
    for row in rows:
        href, works, stage = address(row["id"]), row["owner_id"] in workable, row["stage__name"]
        graded = grades.get(row["id"])
        row.update(
            grade=graded.now if graded else "",
            customer=_("Customer") if deal_grades.is_customers(row["kind"], graded) else "",
            href=href,
            edit=f"{href}edit/" if works and row["outcome"] == Outcome.OPEN else "",
            stage=_(stage),
            tone=TONES.get(row["outcome"], ""),
        )
        if why := row.get("outcome_reason__name"):
            row["outcome_reason__name"] = _(why)


@requires("pipeline.view_deal")
def deal_board(request):
    """Open deals by stage."""
    return render(request, "leads/deals/board.html", _board(request))


@require_POST
def deal_move(request, pk):
    """Move a deal to the stage chosen on its ticket or page; won and lost ask for their reason first.

    What takes a move back says in the address where to: an undo has no fields of its own.
    """
    deal = get_permitted(request, Deal.objects.select_related("stage"), "pipeline.work_deal", pk)
    asked = request.GET if "stage" in request.GET else request.POST
    stage, before = DealStage.objects.filter(code=asked.get("stage", ""), active=True).first(), deal.stage
    stage = stage or before
    if stage.outcome != Outcome.OPEN:
        return redirect(request, f"leads:deal-{'win' if stage.outcome == Outcome.WON else 'lose'}", pk)
    passing = request.POST.get("passing", "") if permitted(request, "pipeline.pass_gate") else ""
    try:
        said, kind = _moved(request, deal, stage, asked.get("was", ""), passing)
    except closing.Stopped:
        return redirect(
            request, f"{reverse('leads:deal-gate', args=[pk])}?{urlencode({'stage': stage.code})}"
        )
    moved = kind == "ok" and stage != before and before.active
    undo = _way_back(request, deal, before) if moved and asked is request.POST else ""
    if not request.htmx:
        level = messages.SUCCESS if kind == "ok" else messages.ERROR
        messages.add_message(request, level, said, extra_tags=undo)
        return redirect(request, "leads:deal-board")
    board = render(request, "leads/deals/board.html#board", _board(request))
    return toast(reswap(retarget(board, "#board"), "innerHTML"), said, kind, undo=undo)


def deal_gate(request, pk):
    """What a deal lacks for the stage asked for, each with the place where it is entered; a head may let it pass."""
    deal = get_permitted(request, Deal.objects.select_related("stage"), "pipeline.work_deal", pk)
    stage = get_object_or_404(DealStage.objects.open(), code=request.GET.get("stage", ""))
    lacking = deal_page.lacking(deal, stage)
    passes = lacking and permitted(request, "pipeline.pass_gate")
    context = {"deal": deal, "stage": stage, "lacking": lacking, "passes": passes}
    return render(request, "leads/deals/gate.html", context)


def _way_back(request, deal, before):
    """The address that takes a move back: to where the deal stood `before`, unless it has moved on meanwhile."""
    back = {"stage": before.code, "was": deal.stage_id, **({"mine": 1} if "mine" in request.GET else {})}
    return f"{reverse('leads:deal-move', args=[deal.pk])}?{urlencode(back)}"


def _moved(request, deal, stage, was, passing):
    """Move it, unless somebody else has moved it since the page was made; (what to say, its tone). Raises Stopped."""
    at = timezone.now()
    if was and was != str(deal.stage_id) and stage != deal.stage:
        said = changes.who_and_when([deal], ["stage"], at)
        now = _("%(deal)s is in “%(stage)s” now; move it again if you still want to.")
        return f"{said} {now % {'deal': deal.name, 'stage': deal.stage}}", "warn"
    try:
        closing.move(deal, stage, by=request.user, at=at, passing=passing)
    except closing.Stopped:
        raise
    except closing.Refused as refusal:
        return str(refusal), "bad"
    return _("%(deal)s is now in “%(stage)s”.") % {"deal": deal.name, "stage": stage}, "ok"


def _board(request):
    """Columns with at most TICKETS deals each, soonest close first, and the totals of all of them."""
    deals = Deal.objects.visible_to(request.user).open()
    mine = request.GET.get("mine") == "1"
    if mine:
        deals = deals.filter(owner=request.user)
    totals = {
        row["stage"]: row for row in deals.values("stage").annotate(n=Count("id"), total=Sum("base_amount"))
    }
    tickets, workable = _tickets(request, deals)
    stages = list(DealStage.objects.filter(active=True))
    columns = [
        {**totals.get(stage.pk, {"n": 0, "total": 0}), "stage": stage, "tickets": tickets.get(stage.pk, [])}
        for stage in stages
        if stage.outcome == Outcome.OPEN
    ]
    return {
        "columns": columns,
        "stages": stages,
        "currency": current().currency,
        "mine": mine,
        "moves": workable or not tickets,
        "begins": not (totals or mine) and permitted(request, "pipeline.add_deal"),
    }


def _tickets(request, deals):
    """({stage: its first TICKETS deals as rows}, whether the user may move any of them)."""
    ranked = Window(
        RowNumber(), partition_by="stage", order_by=[F("expected_close").asc(nulls_last=True), "id"]
    )
    shown = (
        deals.annotate(rank=ranked)
        .filter(rank__lte=TICKETS)
        .values(
            "id", "name", "kind", "stage", "amount", "currency", "expected_close", "company__name", "owner_id",
            "owner__full_name",
        )
        .order_by("rank")
    )  # fmt: skip
    tickets = {}
    workable = owners_permitted(request, "pipeline.work_deal", Deal, shown)
    grades = deal_grades.of([row["id"] for row in shown], timezone.now())
    for row in shown:
        graded = grades.get(row["id"])
        more = {
            "grade": graded.now if graded else "",
            "customer": deal_grades.is_customers(row["kind"], graded),
        }
        tickets.setdefault(row["stage"], []).append(row | more | {"moves": row["owner_id"] in workable})
    return tickets, bool(workable)
