"""Disputes over owners, clocks and deals: the panel where the fact stands, the list, and the page of one."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import get_permitted, permitted, require, requires
from leads import arbitration, cases, clauses, settling
from leads.disputes import NotNow, speaks_for
from leads.forms.cases import CaseRulingForm, OriginForm, OwnerForm, WordForm
from leads.handoffs import Refused
from leads.models import Case, CaseClock, CaseKind, Handoff, Lead
from leads.views.counsel import KINDS, PAGES, seen
from pipeline.models import Company, Deal
from pipeline.stages import Stage
from ui import keyset
from ui.htmx import redirect, render_part
from ui.responses import invalid

SEEN = Case.objects.select_related(*cases.SEEN)
OPEN = "leads/cases/open.html"
ONE = "leads/cases/one.html"


@requires("leads.view_case")
def case_list(request):
    """Disputes that the user sees: what waits for a ruling first, then the precedents."""
    found = SEEN.visible_to(request.user)
    page = keyset.page(
        found.exclude(decided_at=None), ("-decided_at", "-id"), cursor=request.GET.get("cursor", "")
    )
    waiting = list(found.waiting().order_by("opened_at", "pk"))
    context = {"waiting": waiting, "decided": page.rows, "page": page}
    return render(request, "leads/cases/list.html", {**context, "gone": _gone(request)})


def _gone(request):
    """[(handoff, the kind and id of what may be disputed)] of what another has by now."""
    told = []
    for one in cases.gone(request.user, timezone.now()):
        deal = one.lead.deal_id if one.lead.stage == Stage.DEAL else None
        told.append((one, "deal" if deal else "lead", deal or one.lead_id))
    return told


@require_safe
def cases_of(request, kind, pk):
    """The panel of a lead, deal or company: what is or was disputed of it, and what may be."""
    found = seen(request, kind, pk)
    context = {
        "about": found,
        "about_kind": kind,
        "about_page": PAGES[kind],
        "cases": [one for one in cases.on(found) if permitted(request, "leads.view_case", one)],
        "may_open": permitted(request, "leads.open_case", found) and _may_dispute(found),
        "clocks": _missed(request, found) if kind == "lead" else [],
    }
    return render_part(request, "leads/cases/of.html", "panel", context)


def _may_dispute(thing):
    """Whether it is in somebody's hands whose it may be disputed to be."""
    if isinstance(thing, Company):
        return thing.sales_owner_id is not None
    return thing.owner_id is not None and not (thing.closed_at if isinstance(thing, Deal) else thing.ended_at)


def _missed(request, lead):
    """[(handoff, clock, its label, when it was due)] of the lead's handoffs, which the user may dispute."""
    at = timezone.now()
    rows = Handoff.objects.filter(lead=lead).select_related("rep").order_by("-pk")[:10]
    taken = set(Case.objects.filter(handoff__lead=lead).values_list("handoff", "clock"))
    return [
        (one, clock.value, clock.label, due)
        for one in rows
        if permitted(request, "leads.dispute_clock", one)
        for clock in CaseClock
        if (one.pk, clock.value) not in taken and (due := settling.missed(one, clock, at))
    ]


def case_open(request, kind, pk, what):
    """Dispute whose a thing is, who brought a deal, or that a clock of a handoff was missed."""
    thing, case, form = _asked(request, kind, pk, what)
    context = {
        "form": form,
        "about": thing,
        "what": case.get_kind_display(),
        "clock": case.get_clock_display(),
        "holder": case.holder,
        "precedents": _told(cases.precedents(case)),
    }
    if request.method != "POST":
        return render(request, OPEN, context)
    if not form.is_valid():
        return invalid(request, OPEN, context)
    said = dict(form.cleaned_data)
    word = {"argument": said.pop("text"), "rule": said.pop("rule"), "by": request.user, "at": timezone.now()}
    try:
        if case.kind == CaseKind.CLOCK:
            made = cases.over_clock(thing, case.clock, **word)
        elif case.kind == CaseKind.ORIGIN:
            made = cases.over_origin(thing, said["asked"], **word)
        else:
            made = cases.over_owner(thing, **said, **word)
    except NotNow as refusal:
        messages.warning(request, str(refusal))
        return render(request, OPEN, context)
    messages.success(request, _("Disputed: both heads are told."))
    return redirect(request, "leads:case", made.pk)


def _asked(request, kind, pk, what):
    """(the lead, deal, company or handoff, the unsaved Case, its form). 404 for what cannot be disputed so."""
    data = request.POST or None
    if kind == "handoff" and what in CaseClock.values:
        handoffs = Handoff.objects.select_related("rep", "lead__contact", "agreement")
        thing = get_permitted(request, handoffs, "leads.dispute_clock", pk)
        case = Case(kind=CaseKind.CLOCK, handoff=thing, clock=what, holder=thing.rep)
        return thing, case, WordForm(data)
    thing = _thing(request, kind, pk)
    require(request, "leads.open_case", thing)
    if what == CaseKind.OWNER:
        owner = thing.sales_owner if kind == "company" else thing.owner
        case = Case(kind=CaseKind.OWNER, **{kind: thing}, holder=owner)
        return thing, case, OwnerForm(data, by=request.user)
    if what == CaseKind.ORIGIN and kind == "deal":
        form = OriginForm(data, initial={"asked": request.user.side})
        return thing, Case(kind=CaseKind.ORIGIN, deal=thing, holder=thing.owner), form
    raise Http404


def _thing(request, kind, pk):
    """The lead, deal or company, also where it was the user's and another has it by now. 404 for any other."""
    rows, permission = KINDS[kind]
    thing = get_object_or_404(rows, pk=pk)
    if not (permitted(request, permission, thing) or cases.had(request.user, thing)):
        raise Http404
    return thing


@requires("leads.view_case")
def case(request, pk):
    """Both arguments and their clauses on one page, the precedents, and the ruling."""
    return render(request, ONE, _one(request, _found(request, pk)))


@require_POST
def case_answer(request, pk):
    """The other side's argument."""
    found = _found(request, pk)
    require(request, "leads.answer_case", found)
    form = WordForm(request.POST)
    if not form.is_valid():
        return invalid(request, ONE, _one(request, found, answer_form=form))
    said = form.cleaned_data
    return _done(request, found, _("Answered."), cases.answer, said["text"], rule=said["rule"])


@require_POST
def case_rule(request, pk):
    """A head's ruling, of which the second one that says the same decides; or the arbiter's, which decides alone."""
    found = _found(request, pk)
    if not arbitration.decides(found, request.user):
        require(request, "leads.rule_dispute")
    form = CaseRulingForm(request.POST, kind=found.kind)
    if not form.is_valid():
        return invalid(request, ONE, _one(request, found, ruling_form=form))
    return _done(request, found, _("Your ruling is noted."), cases.rule_on, **form.cleaned_data)


def _found(request, pk):
    return get_permitted(request, SEEN, "leads.view_case", pk)


def _done(request, found, said, verb, *args, **kwargs):
    try:
        verb(found, *args, by=request.user, at=timezone.now(), **kwargs)
        messages.success(request, said)
    except (NotNow, Refused) as refusal:
        messages.warning(request, str(refusal))
    return redirect(request, "leads:case", found.pk)


def _one(request, found, **forms):
    about = found.about
    kind = "deal" if isinstance(about, Deal) else "lead" if isinstance(about, Lead) else "company"
    heads = permitted(request, "leads.rule_dispute") and speaks_for(request.user)
    rules = found.is_open and (heads or arbitration.decides(found, request.user))
    may_answer = permitted(request, "leads.answer_case", found)
    return {
        "case": found,
        "about": about.contact if kind == "lead" else about,
        "about_page": PAGES[kind],
        "opens": type(about).objects.visible_to(request.user).filter(pk=about.pk).exists(),
        "words": [
            (side, who, at, text, _clause(found.agreement, rule) if rule else None)
            for side, who, at, text, rule in (
                (_("Whoever disputes it"), found.opened_by, found.opened_at, found.argument, found.rule),
                (_("The other side"), found.answered_by, found.answered_at, found.answer, found.answer_rule),
            )
        ],
        "held": _clause(found.agreement, found.held_rule) if found.held_rule else None,
        "rulings": [
            (one, f"{one.get_outcome_display()} · {clauses.label(one.rule)}")
            for one in found.rulings.select_related("by")
        ],
        "precedents": _told(cases.precedents(found)),
        "answer_form": WordForm() if may_answer else None,
        "ruling_form": CaseRulingForm(kind=found.kind) if rules else None,
        **forms,
    }


def _clause(agreement, rule):
    """(what a clause is called, what it says)."""
    return clauses.label(rule), clauses.of(agreement, rule)


def _told(precedents):
    """[(precedent, the name of its clause)]."""
    return [(one, clauses.label(one.held_rule)) for one in precedents]
