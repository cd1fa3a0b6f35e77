"""The lead desk as a list: its queues, and one verb for many leads."""

from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import organisation
from accounts.bulk import matched, picked
from accounts.doors import requires
from accounts.models.organisation import Level
from leads import answering, grading, rating, reception, terms
from leads import desk as work
from leads.models import Lead
from leads.scoring import teaching
from leads.views.desk.queues import QUEUES, DeskFilters, leads_in, order_of, queue_of
from leads.views.desk.verbs import ASIDE, TARGETS, allowed, as_what, bulk_forms, tell, verb_of
from pipeline.channels import Channel
from ui import formats, keyset
from ui.htmx import redirect, render_part
from ui.inline import following
from ui.tables import Column, Table

ABOUT = (
    "id", "contact__full_name", "contact__company__name", "channel", "campaign__name", "desk_by__full_name", "desk_since",
)  # fmt: skip
COLUMNS = [
    Column("name", gettext_lazy("Lead"), href="href", note="contact__company__name"),
    Column("grade_now", gettext_lazy("Grade"), kind="grade"),
    Column("engagement", gettext_lazy("Engagement"), kind="number"),
    Column("channel", gettext_lazy("Channel"), note="campaign__name"),
    Column("since", gettext_lazy("Since"), kind="ago"),
    Column("answer", gettext_lazy("Answer by"), kind="ago"),
    Column("taken", gettext_lazy("Taken by"), note="taken_ago"),
    Column("missing", gettext_lazy("To do")),
]
LEFT_OUT = {"new": {"missing"}, "ready": {"missing", "taken", "answer"}}


def _queue(data):
    asked = data.get("queue", "")
    return asked if asked in QUEUES else "mql"


@matched("leads:desk")
def matching(request, data):
    """The filters of one queue, over the leads that the user sees in it."""
    at = timezone.now()
    leads = Lead.objects.counted().visible_to(request.user).filter(**QUEUES[_queue(data)][1])
    filters = DeskFilters(data or None, grading.graded(leads, at), request=request)
    filters.at = at
    return filters


@requires("leads.qualify_lead")
def desk(request):
    """One queue of the desk: MQLs by grade and age, what reps returned, what is new, what waits for a rep."""
    queue, filters = _queue(request.GET), matching(request, request.GET)
    table = _table(request, filters.qs, queue, filters.at)
    counts = leads_in(request.user)
    tabs = [(key, label, counts[key], key == queue) for key, (label, _where) in QUEUES.items()]
    context = {
        "filter": filters, "table": table, "tabs": tabs, "queue": queue, "aside": ASIDE, **bulk_forms(),
        "rating": rating.choices() if queue in ("mql", "returned") else (),
        "pool_url": reverse("leads:pool") if organisation.current().level >= Level.TEAM else "",
    }  # fmt: skip
    return render_part(request, "leads/desk/desk.html", "rows", context)


def _table(request, leads, queue, at):
    since = "captured_at" if queue == "new" else "mql_at"
    # All of a queue are graded to be put in order; people, companies and campaigns are asked for those shown.
    ordered = leads.values("id", "grade_now", "engagement", "captured_at", "mql_at", "desk_due_at")
    page = keyset.page(ordered, order_of(queue), cursor=request.GET.get("cursor", ""))
    about = Lead.objects.filter(pk__in=[row["id"] for row in page.rows]).values(*ABOUT)
    told = {one["id"]: one for one in about}
    missing = (
        terms.unready([row["id"] for row in page.rows], confirmed=True)
        if queue in ("mql", "returned")
        else {}
    )
    due = _due(told, queue, at)
    nothing = _("Nothing is missing: make it ready")
    for row in page.rows:
        row |= told[row["id"]]
        row.update(
            name=row["contact__full_name"] or _("Nameless contact"),
            href=f"{reverse('leads:complete', args=[row['id']])}?queue={queue}",
            channel=Channel(row["channel"]).label,
            engagement=row["engagement"] and round(row["engagement"], 1),
            since=row[since] or row["captured_at"],
            missing=missing.get(row["id"], nothing),
            answer=row["desk_due_at"] or due.get(row["id"]),
            **_taken(row, at),
        )
    columns = [column for column in COLUMNS if column.name not in LEFT_OUT.get(queue, ())]
    words = _("Nothing waits here. Leads come by capture forms, quick-add, or an Excel of yours.")
    return Table(page.rows, columns, _("Leads at the desk"), request=request, page=page, cards=True, pick="id", beyond=True,
                 empty=_("Nothing waits here."), first=(words, reverse("leads:import-list"), _("Bring an Excel")))  # fmt: skip


def _due(lead_ids, queue, at):
    if queue == "ready":
        return {}
    return answering.due(grading.graded(Lead.objects.filter(pk__in=lead_ids), at, cell=False))


def _taken(row, at):
    """Who works on the lead of a row, and since when nothing has been done; nothing where nobody does."""
    since = row["desk_since"]
    if not since or since <= at - reception.IDLE:
        return {}
    return {"taken": row["desk_by__full_name"], "taken_ago": formats.ago(since, at)}


@require_POST
@requires("leads.qualify_lead")
def many(request):
    """One verb for all chosen leads. More than one is shown first: how many move, who stays, and why."""
    verb, ids, back = request.POST.get("verb", ""), _picked(request), _came_from(request)
    if verb not in TARGETS or not ids:
        messages.warning(request, _("Choose leads first."))
        return redirect(request, back)
    made, act = verb_of(request, verb)
    form = made(request.POST, prefix=verb) if made else None
    if form is not None and not form.is_valid():
        messages.error(request, " ".join(f"{error}" for errors in form.errors.values() for error in errors))
        return redirect(request, back)
    if len(ids) > 1 and "sure" not in request.POST:
        return render(request, "leads/desk/preview.html", _preview(request, verb, ids, form) | {"back": back})
    before = work.stages_of(ids)
    result = act(ids, form, timezone.now())
    moved = set(result.moved)
    before = {stage: [pk for pk in pks if pk in moved] for stage, pks in before.items()}
    tell(request, result, undo=(TARGETS[verb], before), back=back)
    return redirect(request, back)


def _preview(request, verb, ids, form):
    said, code = as_what(verb, form)
    forecast, at = work.forecast(ids, TARGETS[verb]), timezone.now()
    for lead in forecast.moving:
        holder = reception.holder(lead, at)
        lead.colleague = holder if holder != request.user else None
    kept = [(name, value) for name, value in request.POST.items() if name.startswith(f"{verb}-")]
    return {
        "forecast": forecast,
        "as_what": said,
        "lesson": teaching.foreseen([lead.pk for lead in forecast.moving], code),
        "verb": verb,
        "target": TARGETS[verb].label,
        "picked": ids,
        "kept": kept,
        "queue": queue_of(request),
    }


def _came_from(request):
    """The list in which the leads were ticked: the desk with its filters, or the list of leads; else the queue."""
    came_from = request.POST.get("next") or request.headers.get("Referer")
    return following(came_from, request, f"{reverse('leads:desk')}?queue={queue_of(request)}")


def _picked(request):
    """The chosen leads that the user may work at the desk."""
    return allowed(request, picked(request, Lead))
