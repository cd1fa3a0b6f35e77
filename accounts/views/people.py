"""People: the list, and one person with what routing knows of them."""

import django_filters
from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from accounts import absences, invitations, people
from accounts.doors import held, permitted, require, requires, saves
from accounts.forms.people import AbsenceForm, PersonForm, RepForm, TokenForm
from accounts.models import Absence, RepProfile, Role, Team, Track, User
from ui import keyset
from ui.filters import FilterSet, WordsFilter
from ui.htmx import redirect, render_part
from ui.menu import address
from ui.responses import invalid
from ui.tables import Column, Table, sorting

COLUMNS = [
    Column("full_name", pgettext_lazy("of a person", "Name"), href="href", note="email", sort="full_name"),
    Column("role_name", gettext_lazy("Role")),
    Column("team__name", gettext_lazy("Team"), sort="team__name"),
    Column("rep__open_n", gettext_lazy("In hand"), kind="number"),
    Column("rep__capacity", gettext_lazy("At most"), kind="number"),
    Column("last_login", gettext_lazy("Last here"), kind="ago", sort="last_login", first="-"),
    Column("state", gettext_lazy("State"), kind="pill"),
]


class PeopleFilters(FilterSet):
    """What the list may be narrowed to."""

    q = WordsFilter(columns=["full_name", "email"], label=gettext_lazy("Search"))
    team = django_filters.ModelChoiceFilter(queryset=Team.objects.all(), label=gettext_lazy("Team"))

    class Meta:
        model = User
        fields = ["role", "team", "is_active"]


@requires("accounts.view_user")
def people_list(request):
    """Everybody, by name unless sorted otherwise."""
    filters = PeopleFilters(request.GET or None, User.objects.all(), request=request)
    sort = sorting(request, COLUMNS, "full_name")
    rows = filters.qs.values(
        "id", "full_name", "email", "role", "head_of", "team__name", "rep__open_n", "rep__capacity", "last_login",
        "is_active", "left_at",
    )  # fmt: skip
    page = keyset.page(rows, (sort, "id"), cursor=request.GET.get("cursor", ""))
    for row in page.rows:
        row["href"] = reverse("accounts:person", args=[row["id"]])
        row["role_name"] = _role(row)
        row["state"], row["tone"] = _state(row)
    table = Table(page.rows, COLUMNS, _("People"), request=request, sort=sort, page=page, cards=True)
    context = {"filter": filters, "table": table, "may_invite": permitted(request, "accounts.manage_people")}
    return render_part(request, "accounts/people/list.html", "rows", context)


def _role(row):
    role = str(Role(row["role"]).label)
    if row["head_of"]:
        return _("%(role)s, head of %(track)s") % {"role": role, "track": Track(row["head_of"]).label}
    return role


def _state(row):
    if not row["is_active"]:
        return _("gone"), "bad"
    return (_("here"), "ok") if row["last_login"] else (_("invited"), "accent")


@requires("accounts.manage_people")
def person_new(request):
    """Invite somebody: they get a link to set a password."""
    form = PersonForm(request.POST or None)
    context = {"form": form, "title": _("Invite somebody"), "action": _("Invite")}
    if request.method != "POST":
        return render(request, "accounts/people/form.html", context)
    if not form.is_valid():
        return invalid(request, "accounts/people/form.html", context)
    user = people.invite(form.save(commit=False), timezone.now())
    messages.success(request, _("%(person)s is invited: a link is on its way.") % {"person": user})
    return redirect(request, "accounts:person", user.pk)


@requires("accounts.view_user")
def person(request, pk):
    """One person."""
    return render(request, "accounts/people/person.html", _page(request, _found(pk)))


@saves
@requires("accounts.manage_people")
def person_edit(request, pk):
    """Change who somebody is and what they may do."""
    found = held(request, _found(pk))
    form = PersonForm(request.POST or None, instance=found)
    context = {"form": form, "person": found, "title": _("Edit the account"), "action": _("Save")}
    if request.method != "POST":
        return render(request, "accounts/people/form.html", context)
    if form.is_valid():
        try:
            people.change(form.save(commit=False))
        except people.LastAdministrator:
            form.add_error("role", _("At least one administrator must stay."))
    if form.errors:
        return invalid(request, "accounts/people/form.html", context)
    messages.success(request, _("“%(person)s” is saved.") % {"person": found})
    return redirect(request, "accounts:person", pk)


@require_POST
@requires("accounts.manage_people")
def person_link(request, pk):
    """Mail somebody a new link to set a password."""
    found = _found(pk)
    if found.is_active:
        invitations.mail_password_link(found, timezone.now(), invitation=not found.last_login)
        messages.success(request, _("A link is on its way to %(email)s.") % {"email": found.email})
    return redirect(request, "accounts:person", pk)


@require_POST
@requires("accounts.manage_people")
def deactivate(request, pk):
    """Somebody leaves: sessions and tokens end at once."""
    found = _found(pk)
    try:
        planned = people.deactivate(found, timezone.now())
        messages.success(request, _("%(person)s may no longer sign in.") % {"person": found})
        if planned:
            messages.warning(request, people.taken_back(planned))
    except people.LastAdministrator:
        messages.error(request, _("At least one administrator must stay."))
    return redirect(request, "accounts:person", pk)


@require_POST
@requires("accounts.manage_people")
def reactivate(request, pk):
    """Somebody comes back."""
    people.reactivate(_found(pk))
    return redirect(request, "accounts:person", pk)


@saves
def rep_edit(request, pk):
    """What routing knows of a rep."""
    found = _found(pk)
    profile = get_object_or_404(RepProfile, user=found)
    require(request, "accounts.change_repprofile", profile)
    form = RepForm(request.POST or None, instance=held(request, profile))
    context = {"form": form, "person": found, "title": _("Rep profile"), "action": _("Save")}
    if request.method != "POST":
        return render(request, "accounts/people/form.html", context)
    if not form.is_valid():
        return invalid(request, "accounts/people/form.html", context)
    said = form.cleaned_data
    people.keep_profile(form.save(commit=False), regions=said["regions"], segments=said["segments"])
    return redirect(request, "accounts:person", pk)


@require_POST
def absence_new(request, pk):
    """Note days on which a rep is offered nothing."""
    found = _found(pk)
    profile = get_object_or_404(RepProfile, user=found)
    require(request, "accounts.add_absence", profile)
    form = AbsenceForm(request.POST)
    if not form.is_valid():
        return invalid(request, "accounts/people/person.html", _page(request, found, form))
    form.save(profile, timezone.now())
    return redirect(request, "accounts:person", pk)


@require_POST
def absence_delete(request, pk, absence):
    """The rep is back after all."""
    kept = get_object_or_404(Absence, pk=absence, rep__user=pk)
    require(request, "accounts.add_absence", kept.rep)
    kept.delete()
    return redirect(request, "accounts:person", pk)


def _found(pk):
    return get_object_or_404(User.objects.select_related("team", "rep"), pk=pk)


def _page(request, found, absence_form=None):
    profile = getattr(found, "rep", None)
    manages = permitted(request, "accounts.manage_people")
    may_absent = profile is not None and permitted(request, "accounts.add_absence", profile)
    may_issue = found.role == Role.SERVICE and permitted(request, "accounts.issue_apitoken", found)
    return {
        "person": found,
        "rep": profile,
        "manages": manages,
        "leave_url": _leave_url(found) if manages else "",
        "book_url": _book_url(request, found),
        "may_profile": profile is not None and permitted(request, "accounts.change_repprofile", profile),
        "owner": found,
        "token_form": TokenForm() if may_issue else None,
        "tokens": found.tokens.filter(revoked_at=None) if may_issue else [],
        "absences": _absences(profile) if profile else [],
        "may_absent": may_absent,
        "absence_form": (absence_form or AbsenceForm()) if may_absent else None,
        "absence_url": _absence_url(found) if may_absent else "",
    }


def _absences(profile):
    """Newest first, each with its first and its last day."""
    kept, zone = list(profile.absences.order_by("-during")), timezone.get_current_timezone()
    for absence in kept:
        absence.first, absence.last = absences.days(absence.during.lower, absence.during.upper, zone)
    return kept


def _book_url(request, found):
    """Where the book of somebody who sells is handed over; the leads floor knows how."""
    sells = found.role in (Role.SALES, Role.MANAGER)
    may = sells and permitted(request, "leads.hand_over_book", found)
    return address("leads:book", found.pk) if may else ""


def _absence_url(found):
    """Where an absence is posted: the leads floor also sends on the offers that wait for an answer."""
    return address("leads:absence-new", found.pk) or reverse("accounts:absence-new", args=[found.pk])


def _leave_url(found):
    """Where leaving is posted: the leads floor also releases what is in hand."""
    return address("leads:release-person", found.pk) or reverse("accounts:deactivate", args=[found.pk])
