"""The lead desk: what marketing answers, grades and hands over, or sets aside."""

from datetime import timedelta

import django_filters
from django.contrib import messages
from django.db.models import Q
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accounts.doors import get_permitted, require, requires
from leads import agreement, funnel, grading, handoffs, terms
from leads.forms.leads import DeskForm, DisqualifyForm, NurtureForm, ReasonForm
from leads.models import Grade, Lead
from leads.scoring import teaching
from leads.views.leads import graded_as
from pipeline.channels import Channel
from pipeline.models import Campaign
from pipeline.stages import Stage
from ui import keyset
from ui.filters import FilterSet, WordsFilter
from ui.htmx import redirect, render_part
from ui.responses import invalid
from ui.tables import Column, Table

MOST_PICKED = 500
QUEUES = {
    "mql": (gettext_lazy("MQLs"), {"stage": Stage.MQL}),
    "returned": (gettext_lazy("Returned"), {"stage": Stage.MQL, "desk_due_at__isnull": False}),
    "new": (gettext_lazy("New"), {"stage": Stage.NEW}),
    "ready": (gettext_lazy("Waiting for a rep"), {"stage": Stage.READY, "route_at__isnull": False}),
}
AGES = (
    ("1", gettext_lazy("Since yesterday")),
    ("3", gettext_lazy("3 days")),
    ("7", gettext_lazy("A week")),
    ("old", gettext_lazy("Older than a week")),
)
COLUMNS = [
    Column("name", gettext_lazy("Lead"), href="href", note="contact__company__name"),
    Column("grade_now", gettext_lazy("Grade"), kind="grade"),
    Column("engagement", gettext_lazy("Engagement"), kind="number"),
    Column("channel", gettext_lazy("Channel")),
    Column("campaign__name", gettext_lazy("Campaign")),
    Column("since", gettext_lazy("Since"), kind="ago"),
    Column("missing", gettext_lazy("To do")),
]


class DeskFilters(FilterSet):
    """What the desk may be narrowed to."""

    also = FilterSet.also | {"queue"}

    q = WordsFilter(columns=["contact__full_name", "contact__company__name"], label=gettext_lazy("Search"))
    grade = django_filters.ChoiceFilter(choices=Grade.choices, label=gettext_lazy("Grade"), method="by_grade")
    age = django_filters.ChoiceFilter(choices=AGES, label=gettext_lazy("Age"), method="by_age")
    channel = django_filters.ChoiceFilter(choices=Channel.choices, label=gettext_lazy("Channel"))
    campaign = django_filters.ModelChoiceFilter(
        queryset=Campaign.objects.order_by("name"), label=gettext_lazy("Campaign")
    )

    class Meta:
        model = Lead
        fields = []

    def by_grade(self, queryset, name, value):
        return queryset.filter(graded_as(value, self.at))

    def by_age(self, queryset, name, value):
        newest = self.at - timedelta(days=7 if value == "old" else int(value))
        since = Q(mql_at__lt=newest) if value == "old" else Q(mql_at__gte=newest)
        fresh = Q(captured_at__lt=newest) if value == "old" else Q(captured_at__gte=newest)
        return queryset.filter(since | Q(mql_at=None) & fresh)


@requires("leads.qualify_lead")
def desk(request):
    """One queue of the desk: MQLs by grade and age, what reps returned, what is new, what waits for a rep."""
    at = timezone.now()
    queue = request.GET.get("queue", "")
    queue = queue if queue in QUEUES else "mql"
    leads = Lead.objects.counted().visible_to(request.user).filter(**QUEUES[queue][1])
    filters = DeskFilters(request.GET or None, grading.graded(leads, at), request=request)
    filters.at = at
    table = _table(request, filters.qs, queue)
    tabs = [(key, label, key == queue) for key, (label, _where) in QUEUES.items()]
    context = {"filter": filters, "table": table, "tabs": tabs, "queue": queue, **_bulk_forms(),
    }  # fmt: skip
    return render_part(request, "leads/desk/desk.html", "rows", context)


def _table(request, leads, queue):
    since = "captured_at" if queue == "new" else "mql_at"
    order = ("desk_due_at", "id") if queue == "returned" else ("grade_now", f"-{since}", "id")
    rows = leads.values(
        "id", "contact__full_name", "contact__company__name", "grade_now", "engagement", "channel", "campaign__name",
        "captured_at", "mql_at", "desk_due_at",
    )  # fmt: skip
    page = keyset.page(rows, order, cursor=request.GET.get("cursor", ""))
    missing = (
        terms.unready([row["id"] for row in page.rows], confirmed=True)
        if queue in ("mql", "returned")
        else {}
    )
    for row in page.rows:
        row.update(
            name=row["contact__full_name"] or _("Nameless contact"),
            href=reverse("leads:lead", args=[row["id"]]),
            channel=Channel(row["channel"]).label,
            engagement=row["engagement"] and round(row["engagement"], 1),
            since=row[since] or row["captured_at"],
            missing=missing.get(row["id"], ""),
        )
    columns = COLUMNS if queue in ("mql", "returned") else COLUMNS[:-1]
    return Table(page.rows, columns, _("Leads at the desk"), request=request, page=page, cards=True, pick="id",
                 empty=_("Nothing waits here."))  # fmt: skip


def complete(request, pk):
    """The desk's page of a lead: facts, agreed questions, grade; save, or save and make ready."""
    lead = get_permitted(request, Lead.objects.select_related("contact__company"), "leads.qualify_lead", pk)
    at = timezone.now()
    proposal = grading.proposed([lead.pk], at).get(lead.pk)
    form = DeskForm(request.POST or None, lead=lead, proposed=proposal.grade if proposal else "")
    context = {"form": form, "lead": lead}
    if request.method != "POST":
        return render(request, "leads/desk/complete.html", context)
    if not form.is_valid():
        return invalid(request, "leads/desk/complete.html", context)
    form.save()
    if "ready" in request.POST:
        refused = agreement.make_ready([lead.pk], actor=request.user, at=at).refused
        if refused:
            form.add_error(None, refused[0].why)
            return invalid(request, "leads/desk/complete.html", context)
        messages.success(request, _("Ready: it is on its way to a rep."))
        return redirect(request, "leads:desk")
    messages.success(request, _("Saved."))
    return redirect(request, "leads:lead", pk)


@require_POST
def qualify(request, pk):
    """Make an MQL by hand, with a reason."""
    return _one(request, pk, ReasonForm, lambda ids, form, at: funnel.advance(
        ids, Stage.MQL, actor=request.user, reason=form.cleaned_data["reason"], at=at))  # fmt: skip


@require_POST
def nurture(request, pk):
    """Set aside until a day."""
    return _one(request, pk, NurtureForm, _nurture(request))


@require_POST
def disqualify(request, pk):
    """Out of the funnel: a robot, a competitor, a student …"""
    return _one(request, pk, DisqualifyForm, _disqualify(request))


@require_POST
def ready(request, pk):
    """Mark one MQL ready; where answers are missing, the page that asks for them."""
    lead = get_permitted(request, Lead.objects.all(), "leads.qualify_lead", pk)
    result = agreement.make_ready([lead.pk], actor=request.user, at=timezone.now())
    if result.refused:
        messages.warning(request, result.refused[0].why)
        return redirect(request, "leads:complete", pk)
    messages.success(request, _("Ready: it is on its way to a rep."))
    return redirect(request, "leads:lead", pk)


@require_POST
@requires("leads.qualify_lead")
def many(request):
    """One verb for all chosen leads: ready, nurture, disqualify, or qualify."""
    verbs = {
        "ready": (None, lambda ids, form, at: agreement.make_ready(ids, actor=request.user, at=at)),
        "nurture": (NurtureForm, _nurture(request)),
        "disqualify": (DisqualifyForm, _disqualify(request)),
        "qualify": (ReasonForm, lambda ids, form, at: funnel.advance(
            ids, Stage.MQL, actor=request.user, reason=form.cleaned_data["reason"], at=at)),
    }  # fmt: skip
    made, act = verbs.get(request.POST.get("verb", ""), (None, None))
    form = made(request.POST, prefix=request.POST["verb"]) if made else None
    ids = _picked(request)
    if act is None or not ids:
        messages.warning(request, _("Choose leads first."))
    elif form is not None and not form.is_valid():
        messages.error(request, " ".join(f"{error}" for errors in form.errors.values() for error in errors))
    else:
        _tell(request, act(ids, form, timezone.now()))
    return redirect(request, f"{reverse('leads:desk')}?queue={_queue(request)}")


def _bulk_forms():
    """The forms behind the verbs for many; each carries its verb as prefix, and nothing is required before one is chosen."""
    made = {"mql_form": ReasonForm(prefix="qualify"), "nurture_form": NurtureForm(prefix="nurture"),
            "disqualify_form": DisqualifyForm(prefix="disqualify")}  # fmt: skip
    for form in made.values():
        form.use_required_attribute = False
    return made


def _queue(request):
    asked = request.POST.get("queue", "")
    return asked if asked in QUEUES else "mql"


def _picked(request):
    """The chosen leads that the user may work at the desk."""
    ids = [
        int(pk)
        for pk in request.POST.getlist("pick")[:MOST_PICKED]
        if pk.isascii() and pk.isdigit() and len(pk) < 19
    ]
    leads = Lead.objects.visible_to(request.user).filter(pk__in=ids)
    for lead in leads:
        require(request, "leads.qualify_lead", lead)
    return [lead.pk for lead in leads]


def _tell(request, result):
    """Say how many moved, and why the others did not."""
    if result.moved:
        count = len(result.moved)
        messages.success(
            request, ngettext("%(count)d lead moved.", "%(count)d leads moved.", count) % {"count": count}
        )
    reasons = {refusal.why for refusal in result.refused}
    if reasons:
        count = len(result.refused)
        said = ngettext("%(count)d lead stayed: %(why)s", "%(count)d leads stayed: %(why)s", count)
        messages.warning(request, said % {"count": count, "why": " ".join(sorted(reasons)[:3])})


def _nurture(request):
    return lambda ids, form, at: handoffs.set_aside(
        ids, Stage.NURTURE, by=request.user, reason=form.cleaned_data["reason"], at=at, wake_at=form.cleaned_data["until"])  # fmt: skip


def _disqualify(request):
    def aside(ids, form, at):
        code = form.cleaned_data["code"]
        result = handoffs.set_aside(
            ids, Stage.DISQUALIFIED, by=request.user, reason=form.words, at=at, code=code
        )
        lesson = teaching.teach(result.moved, code)
        if lesson:
            said = _("The next scorecard takes points from: %(about)s. A head of marketing publishes it.")
            messages.info(request, said % {"about": ", ".join(lesson.about[:3])})
        return result

    return aside


def _one(request, pk, made, act):
    """One verb on one lead; what the form refuses is a page of its own."""
    lead = get_permitted(request, Lead.objects.select_related("contact__company"), "leads.qualify_lead", pk)
    form = made(request.POST)
    if not form.is_valid():
        return invalid(request, "leads/desk/verb.html", {"form": form, "lead": lead})
    _tell(request, act([lead.pk], form, timezone.now()))
    return redirect(request, "leads:lead", pk)
