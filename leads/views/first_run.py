"""The first run: look around, start empty, or bring one's Excel; then seven short steps."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import organisation
from accounts.doors import requires, saves
from accounts.models import Team, User
from leads import because, first_run
from leads import shadow as suggestions
from leads.first_run import presets
from leads.first_run.forms import FORMS
from leads.models import ImportRun
from leads.models.imports import ImportKind
from pipeline.models import Product
from ui.menu import address
from ui.responses import invalid
from ui.tables import Column, Table

TITLES = {
    "house": (gettext_lazy("Your house"), gettext_lazy("Language, currency, tax, place")),
    "calendar": (gettext_lazy("Working hours"), gettext_lazy("The clocks of answers run only in them")),
    "way": (
        gettext_lazy("How you sell"),
        gettext_lazy("First values of the agreement; both heads may change them"),
    ),
    "people": (gettext_lazy("Colleagues"), gettext_lazy("Three to begin with; each gets a link")),
    "products": (gettext_lazy("What you sell"), gettext_lazy("Paste it; costs make returns visible")),
    "files": (
        gettext_lazy("Your Excel"),
        gettext_lazy("A dry run shows what would happen before anything does"),
    ),
    "live": (
        gettext_lazy("Going live"),
        gettext_lazy("A shadow week, then the day from which figures count"),
    ),
}
COLUMNS = [
    Column("name", gettext_lazy("Lead"), href="href", note="company"),
    Column("grade", gettext_lazy("Grade"), kind="grade"),
    Column("rep", gettext_lazy("Would go to")),
    Column("because", gettext_lazy("Why")),
    Column("by", gettext_lazy("By")),
]


@requires("accounts.change_organisation")
def start(request):
    """The three doors, or on to where the wizard was left."""
    organisation.forget()  # another process may have kept the step before
    ours = organisation.current()
    context = {
        "empty": first_run.is_empty(),
        "step": first_run.STEPS[ours.setup_step - 1] if 0 < ours.setup_step < first_run.DONE else "",
        "demo_url": address("demo:wish"),
        "demo": ours.demo,
    }
    return render(request, "leads/first_run/start.html", context)


@require_POST
@requires("accounts.change_organisation")
def begin(request):
    """Start empty, or with one's own files: the same steps; "skip" leaves everything as it is."""
    if "skip" in request.POST:
        first_run.reached(first_run.DONE)
        return redirect("accounts:setup")
    first_run.reached(1)
    request.session["brings_files"] = request.POST.get("way") == "files"
    return redirect("leads:first-run-step", first_run.STEPS[0])


@saves
@requires("accounts.change_organisation")
def step(request, name):
    """One step: what is asked, and what is there already."""
    if name not in FORMS:
        raise Http404
    organisation.forget()
    number = first_run.STEPS.index(name) + 1
    form = FORMS[name](request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if said := form.keep(request.user, timezone.now()):
            messages.info(request, said)
        first_run.reached(number + 1)
        return _onward(request, number)
    context = _page(request, name, number, form)
    if request.method == "POST":
        return invalid(request, "leads/first_run/step.html", context)
    return render(request, "leads/first_run/step.html", context)


def _onward(request, number):
    if number < len(first_run.STEPS):
        return redirect("leads:first-run-step", first_run.STEPS[number])
    messages.success(request, _("You are set up. Everything can be changed under Set-up."))
    return redirect("leads:shadow" if organisation.current().shadow else "home")


def _page(request, name, number, form):
    title, lead = TITLES[name]
    reached = organisation.current().setup_step
    context = {
        "name": name,
        "form": form,
        "title": title,
        "lead": lead,
        "number": number,
        "steps": [
            (one, TITLES[one][0], at < reached, one == name) for at, one in enumerate(first_run.STEPS, 1)
        ],
        "before": first_run.STEPS[number - 2] if number > 1 else "",
    }
    if name == "live":
        form.initial["live_on"] = organisation.today(timezone.now()) + timedelta(days=7)
    return {**context, **_there_already(request, name)}


def _suggested(one):
    """A row: the lead, and the rep or what becomes of it."""
    fates = {"wait": _("Waits in line"), "pool": _("The pool"), "desk": _("The desk"), "held": _("Held back")}
    return {
        "name": str(one.lead.contact),
        "company": str(one.lead.contact.company or ""),
        "href": reverse("leads:lead", args=[one.lead.pk]),
        "grade": one.lead.grade,
        "rep": str(one.rep) if one.rep else fates.get(one.fate, ""),
        "because": _(one.because) if one.because else "",
        "by": str(one.by or "") if one.by or one.because == because.CHOSEN else _("the router"),
    }


def _there_already(request, name):
    if name == "way":
        return {"presets": presets.PRESETS.values()}
    if name == "people":
        return {"people": User.objects.filter(is_active=True).order_by("pk"), "teams": Team.objects.all()}
    if name == "products":
        return {"products": Product.objects.order_by("name")[:50]}
    if name == "files":
        return {"kinds": ImportKind, "runs": ImportRun.objects.visible_to(request.user)[:10]}
    return {}


@requires("leads.offer_lead")
def shadow(request):
    """What would have happened: to whom the router would offer what is ready now and why, and what was offered by hand."""
    told = suggestions.told(request.user, timezone.now())
    rows = [_suggested(one) for one in told.rows]
    empty = _("Nothing is ready to be offered just now.")
    table = Table(rows, COLUMNS, _("Suggested offers"), request=request, cards=True, empty=empty)
    context = {"table": table, "told": told, "house": organisation.current()}
    return render(request, "leads/first_run/shadow.html", context)
