"""Audiences that live: the list, the form, and the tabs for sales, promotion and research."""

from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_POST

from accounts.doors import get_held, get_permitted, permitted, require, requires, saves
from leads.forms.live import LiveAudienceForm, UseForm, kept
from leads.live import channels, drawing, interests, people, wording
from leads.live.conditions import askable, members
from leads.models import LiveAudience
from leads.views.leads import TONES
from pipeline.channels import Channel
from pipeline.stages import Stage
from ui import formats, keyset
from ui.htmx import redirect, render_part
from ui.menu import address
from ui.responses import invalid
from ui.tables import Column, Table, labels

SEEN = LiveAudience.objects.select_related("owner")
LIST = [
    Column("name", pgettext_lazy("of an audience", "Name"), href="href", note="note"),
    Column("owner__full_name", gettext_lazy("Owner"), kind="person"),
    Column("created_at", gettext_lazy("Since"), kind="day"),
]
PEOPLE = [
    Column("name", gettext_lazy("Lead"), href="href", note="contact__company__name"),
    Column("engagement", gettext_lazy("Engagement"), kind="number"),
    Column("grade_now", gettext_lazy("Grade"), kind="grade"),
    Column("stage", gettext_lazy("Stage"), kind="pill"),
    Column("owner__full_name", gettext_lazy("Owner"), kind="person"),
    Column("step", gettext_lazy("Next step"), note="due"),
    Column("last_at", gettext_lazy("Last touch"), kind="ago"),
]


@requires("leads.view_audience")
def audience_list(request):
    """All audiences by name."""
    rows = LiveAudience.objects.visible_to(request.user).values(
        "id", "name", "note", "owner__full_name", "created_at"
    )
    page = keyset.page(rows, ("name", "id"), cursor=request.GET.get("cursor", ""))
    for row in page.rows:
        row["href"] = reverse("leads:audience", args=[row["id"]])
    first = ()
    if permitted(request, "leads.change_audience"):
        words = _("No audience yet: keep the filters of a list as one, or say who belongs.")
        first = (words, reverse("leads:audience-new"), _("New audience"))
    table = Table(page.rows, LIST, _("Audiences"), request=request, page=page, cards=True, first=first)
    return render_part(request, "leads/live/list.html", "rows", {"table": table})


@requires("leads.change_audience")
def audience_new(request):
    """Keep a new one; `?query=` holds the filters of the list of leads that it begins with."""
    conditions, lost = kept(request.GET.get("query", ""))
    new = LiveAudience(owner=request.user, conditions=conditions)
    return _edit(request, new, _("New audience"), lost)


@saves
def audience_edit(request, pk):
    """Change who belongs."""
    return _edit(request, get_held(request, SEEN, "leads.change_audience", pk), _("Edit the audience"))


@require_POST
def audience_delete(request, pk):
    """Take it away; what was drawn from it for campaigns stays, and history keeps it."""
    get_permitted(request, SEEN, "leads.change_audience", pk).delete()
    messages.success(request, _("The audience is deleted."))
    return redirect(request, "leads:audiences")


def _edit(request, instance, title, lost=()):
    form = LiveAudienceForm(request.POST or None, instance=instance)
    context = {"form": form, "title": title, "one": instance, "lost": lost}
    if request.method != "POST":
        return render(request, "leads/live/form.html", context)
    if not form.is_valid():
        return invalid(request, "leads/live/form.html", context)
    saved = form.save()
    messages.success(request, _("The audience is saved: whoever meets it belongs from now on."))
    return redirect(request, "leads:audience", saved.pk)


def _page(request, pk, tab):
    found, at = get_permitted(request, SEEN, "leads.view_audience", pk), timezone.now()
    asked = askable(found.conditions)
    context = {
        "one": found, "tab": tab, "conditions": wording.told(found.conditions), "at": at,
        "may_change": permitted(request, "leads.change_audience", found),
    }  # fmt: skip
    return asked, at, context


def audience(request, pk):
    """For sales: the people whom the user may see, the hottest now first."""
    asked, at, context = _page(request, pk, "people")
    filters = people.PeopleFilters(
        request.GET or None, people.seen_by(request.user, asked, at), request=request, conditions=asked, at=at
    )
    rows = filters.qs.values(*people.NAMED)
    page = keyset.page(rows, ("-heat", "-id"), cursor=request.GET.get("cursor", ""))
    stage = labels(Stage)
    for row in page.rows:
        row.update(
            name=row["contact__full_name"] or _("Nameless contact"),
            href=reverse("leads:lead", args=[row["id"]]),
            tone=TONES.get(row["stage"], ""),
            stage=stage(row["stage"]),
            due=row["step_due_at"] and formats.moment(row["step_due_at"]),
            engagement=row["engagement"] and round(row["engagement"], 1),
        )
    empty = _("Nobody meets it just now whom you may see.")
    table = Table(page.rows, PEOPLE, _("People"), request=request, page=page, cards=True, empty=empty)
    context |= {"table": table, "filter": filters, "seen": filters.qs.order_by().count()}
    context["all"] = members(asked, at).order_by().count()
    return render_part(request, "leads/live/people.html", "rows", context)


def audience_promotion(request, pk):
    """For promotion: size, consent, and what they answer to; a lot for a campaign is drawn from here."""
    return render(request, "leads/live/promotion.html", _promotion(request, pk, UseForm()))


def _promotion(request, pk, form):
    asked, at, context = _page(request, pk, "promotion")
    found, said = channels.of(asked, at), dict(Channel.choices)
    context |= {
        "found": found,
        "consents": [(said.get(one.channel, one.channel), one) for one in found.consents],
        "channels": [(said.get(one.channel, one.channel), one) for one in found.channels],
        "form": form,
        "days": channels.DAYS,
        "may_draw": permitted(request, "leads.draw_audience") and address("reports:effect", 1),
    }
    return context


def audience_research(request, pk):
    """For research: what they are interested in and how it changes, without names."""
    asked, at, context = _page(request, pk, "research")
    found = interests.of(asked, at)
    titles = {
        "product": _("Products"),
        "answer": _("Answers to the agreed questions"),
        "lost": _("Why deals were lost"),
        "returned": _("Why leads came back"),
    }
    context |= {
        "found": found,
        "kinds": [(kind, titles[kind], rows) for kind, rows in found.of_kind.items()],
        "fewest": interests.FEWEST,
    }
    return render(request, "leads/live/research.html", context)


@require_POST
def audience_use(request, pk):
    """Draw the lot of a campaign from whoever belongs now."""
    asked, at, _context = _page(request, pk, "promotion")
    require(request, "leads.draw_audience")
    form = UseForm(request.POST)
    if not form.is_valid():
        return invalid(request, "leads/live/promotion.html", _promotion(request, pk, form))
    added = drawing.use(asked, **form.cleaned_data, by=request.user, at=at)
    said = ngettext("%(count)s person was drawn.", "%(count)s people were drawn.", added)
    messages.success(request, said % {"count": added})
    return redirect(request, "reports:effect", form.cleaned_data["campaign"].pk)
