"""Leads as a list, and taking one in by hand."""

import django_filters
from django.contrib import messages
from django.db.models import F
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import saved
from accounts.bulk import matched, ticks
from accounts.doors import permitted, requires
from accounts.models import Region, Role, Segment, User
from leads import capture, grading, handoffs, many
from leads.forms.leads import NewLeadForm
from leads.models import MET, Grade, Handoff, Lead
from leads.views.desk.verbs import ASIDE, bulk_forms
from pipeline import own_fields
from pipeline.channels import Channel
from pipeline.models import Campaign, FieldOwner
from pipeline.stages import Stage
from ui import keyset
from ui.filters import FilterSet, WordsFilter
from ui.htmx import redirect, render_part
from ui.responses import invalid
from ui.tables import Column, Table, addresses, chosen, extra, labels, sorting

TONES = {
    Stage.MQL: "warn",
    Stage.READY: "warn",
    Stage.SQL: "accent",
    Stage.DEAL: "accent",
    Stage.WON: "ok",
    Stage.DISQUALIFIED: "bad",
}
COLUMNS = [
    Column("name", gettext_lazy("Lead"), href="href", note="contact__company__name"),
    Column("stage", gettext_lazy("Stage"), kind="pill"),
    Column("grade_now", gettext_lazy("Grade"), kind="grade"),
    Column("engagement", gettext_lazy("Engagement"), kind="number", sort="heat", first="-"),
    Column("channel", gettext_lazy("Channel")),
    Column("campaign__name", gettext_lazy("Campaign")),
    Column("owner__full_name", gettext_lazy("Owner"), kind="person"),
    Column("captured_at", gettext_lazy("Captured"), kind="day", sort="captured_at", first="-"),
    Column("segment__name", gettext_lazy("Segment"), edit="segment", shown=False),
    Column("region__name", gettext_lazy("Region"), edit="region", shown=False),
    Column("product__name", gettext_lazy("Product"), edit="product", shown=False),
    Column("source_text", gettext_lazy("Source"), edit="source_text", shown=False),
    Column("contact__job_title", gettext_lazy("Job title"), shown=False),
    Column("contact__country", gettext_lazy("Country"), shown=False),
    Column("mql_at", gettext_lazy("MQL since"), kind="day", shown=False),
    Column("sql_at", gettext_lazy("Accepted by sales"), kind="day", shown=False),
    Column("hand_raised_at", gettext_lazy("Raised a hand"), kind="day", shown=False),
]
ALWAYS = (
    "id", "contact__full_name", "contact__company__name", "stage", "grade_now", "engagement", "heat", "channel",
    "campaign__name", "owner__full_name", "captured_at",
)  # fmt: skip


class LeadFilters(own_fields.OwnFilters, FilterSet):
    """What the list may be narrowed to; all of it stands in the address."""

    own = FieldOwner.LEAD

    q = WordsFilter(columns=["contact__full_name", "contact__company__name"], label=gettext_lazy("Search"))
    stage = django_filters.ChoiceFilter(choices=Stage.choices, label=gettext_lazy("Stage"))
    grade = django_filters.ChoiceFilter(choices=Grade.choices, label=gettext_lazy("Grade"), method="by_grade")
    channel = django_filters.ChoiceFilter(choices=Channel.choices, label=gettext_lazy("Channel"))
    campaign = django_filters.ModelChoiceFilter(
        queryset=Campaign.objects.order_by("name"), label=gettext_lazy("Campaign")
    )
    owner = django_filters.ModelChoiceFilter(
        queryset=User.objects.filter(role__in=(Role.SALES, Role.MANAGER)).order_by("full_name"),
        label=gettext_lazy("Owner"),
    )
    segment = django_filters.ModelChoiceFilter(queryset=Segment.objects.all(), label=gettext_lazy("Segment"))
    region = django_filters.ModelChoiceFilter(queryset=Region.objects.all(), label=gettext_lazy("Region"))
    captured = django_filters.DateFromToRangeFilter(field_name="captured_at", label=gettext_lazy("Captured"))
    company = django_filters.NumberFilter(field_name="contact__company", label=gettext_lazy("Company"))
    contact = django_filters.NumberFilter(field_name="contact", label=gettext_lazy("Contact"))

    class Meta:
        model = Lead
        fields = []

    def __init__(self, *args, at=None, **kwargs):
        self.at = at
        super().__init__(*args, **kwargs)
        for hidden in ("company", "contact", "captured"):
            if not any(name.startswith(hidden) for name in self.data or ()):
                del self.form.fields[hidden]

    def by_grade(self, queryset, name, value):
        return queryset.filter(grading.graded_as(value, self.at))


@matched("leads:lead-list")
def matching(request, data):
    """The filters of the list, over the leads that the user sees."""
    at = timezone.now()
    leads = grading.graded(Lead.objects.counted().visible_to(request.user), at, cell=False)
    return LeadFilters(data or None, leads.annotate(heat=F("warmth")), request=request, at=at)


@requires("leads.view_lead")
def lead_list(request):
    """Leads that the user sees, newest first unless sorted otherwise; the grade is as of now."""
    if home := saved.opening(request, "leads") or own_fields.without_retired(request, "lead"):
        return home
    filters = matching(request, request.GET)
    columns = [*COLUMNS, *own_fields.columns(filters.own_fields)]
    shown, sort = chosen(request, columns), sorting(request, COLUMNS, "-captured_at")
    rows = filters.qs.values(*ALWAYS, *extra(shown, COLUMNS), **own_fields.values(filters.own_fields, shown))
    page = keyset.page(rows, (sort, "-id"), cursor=request.GET.get("cursor", ""))
    own_fields.complete(filters.own_fields, page.rows)
    _complete(request, page.rows, edits=any(column.edit for column in shown))
    first = ()
    if permitted(request, "leads.add_lead"):
        words = _("No leads yet: bring an Excel file, or take one in by hand.")
        first = (words, reverse("leads:lead-new"), _("New lead"))
    bulk = many.LEADS.bar(request)
    table = Table(
        page.rows,
        shown,
        _("Leads"),
        request=request,
        sort=sort,
        page=page,
        cards=True,
        **ticks(bulk),
        first=first,
    )
    context = {
        "filter": filters,
        "table": table,
        "many": bulk,
        "desk_verbs": _desk_verbs(request),
        "views": saved.Bar(request, "leads", columns),
    }
    return render_part(request, "leads/list.html", "rows", context)


def _complete(request, rows, edits):
    """Add addresses and words to the rows of one page."""
    address, stage, channel = addresses("leads:lead"), labels(Stage), labels(Channel)
    for row in rows:
        href = address(row["id"])
        row.update(
            name=row["contact__full_name"] or _("Nameless contact"),
            href=href,
            edit=f"{href}edit/" if edits and _may_change(request, row) else "",
            tone=TONES.get(row["stage"], ""),
            stage=stage(row["stage"]),
            channel=channel(row["channel"]),
            engagement=row["engagement"] and round(row["engagement"], 1),
        )


def _desk_verbs(request):
    """What the desk does with ticked leads, for those who work there."""
    return {"aside": ASIDE, **bulk_forms()} if permitted(request, "leads.qualify_lead") else None


def _may_change(request, row):
    """Whether the facts of a row may be changed: what stands in somebody's list is within their reach."""
    return permitted(request, "leads.change_lead", Lead(stage=row["stage"], pooled_at=row["captured_at"]))


@requires("leads.add_lead")
def lead_new(request):
    """Take a lead in by hand; what a rep found stays with the rep."""
    form = NewLeadForm(request.POST or None, user=request.user)
    if request.method != "POST":
        return render(request, "leads/new.html", {"form": form})
    lead = take_in(request, form) if form.is_valid() else None
    if lead is None:
        return invalid(request, "leads/new.html", {"form": form})
    if not permitted(request, "leads.view_lead", lead):
        messages.info(request, _("Somebody already works with this person; the touch was logged."))
        return redirect(request, "leads:lead-list")
    return redirect(request, "leads:lead", lead.pk)


def take_in(request, form):
    """The lead of a form that knows `captured()`, or None with the form's errors."""
    at = timezone.now()
    captured = form.captured()
    try:
        lead = capture.capture(captured, by=request.user, at=at)
    except (capture.IdentityConflict, capture.Suppressed) as error:
        form.add_error(None, str(error))
        return None
    nobody_has_it = not Handoff.objects.open().filter(lead=lead).exists()
    if lead.channel == Channel.SALES_OWN and lead.owner_id == request.user.pk and nobody_has_it:
        handoffs.own_find(lead.pk, by=request.user, at=at, met=captured.kind in MET)
    return lead
