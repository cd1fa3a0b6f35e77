"""Somebody leaves or is away: access ends, and what was in their hands goes on, to whom somebody chose."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts import people
from accounts.doors import require, requires
from accounts.models import User
from accounts.views import people as pages
from leads import books, handoffs
from leads.forms.books import BookForm
from ui import formats
from ui.htmx import redirect
from ui.responses import invalid


@require_POST
@requires("leads.release_person")
def release_person(request, pk):
    """End a person's access and route their leads anew, both or neither."""
    leaver, at = get_object_or_404(User, pk=pk), timezone.now()
    try:
        with transaction.atomic():
            planned = people.deactivate(leaver, at)
            released = handoffs.release(leaver, by=request.user, at=at)
    except people.LastAdministrator:
        messages.error(request, _("At least one administrator must stay."))
        return redirect(request, "accounts:person", pk)
    said = ngettext(
        "%(person)s may no longer sign in; %(n)d lead goes on to others.",
        "%(person)s may no longer sign in; %(n)d leads go on to others.",
        released,
    )
    messages.success(request, said % {"person": leaver, "n": released})
    if planned:
        messages.warning(request, people.taken_back(planned))
    return redirect(request, "accounts:person", pk)


@require_POST
def absence_new(request, pk):
    """Note an absence; once it has begun, offers that wait for this rep's answer go on at once."""
    answer = pages.absence_new(request, pk)
    if answer.status_code < 400:
        moved = handoffs.pass_on(at=timezone.now(), rep=get_object_or_404(User, pk=pk))
        said = ngettext(
            "%(n)d offer that waited for an answer goes on to the next rep.",
            "%(n)d offers that waited for an answer go on to the next reps.",
            moved,
        )
        if moved:
            messages.success(request, said % {"n": moved})
    return answer


def book(request, pk):
    """What a rep has in hand, and how it would be shared: nothing changes by looking."""
    found = _person(request, pk)
    form = BookForm(request.GET or None, user=found)
    shares = books.share(found, list(form.cleaned_data["heirs"])) if form.is_bound and form.is_valid() else []
    return render(
        request, "leads/books/book.html", _page(found, form, shares), status=422 if form.errors else 200
    )


@require_POST
def book_hand_over(request, pk):
    """Hand over what was previewed; when the book has changed since, the new shares are shown first."""
    found, at = _person(request, pk), timezone.now()
    form = BookForm(request.POST, user=found)
    if not form.is_valid():
        return invalid(request, "leads/books/book.html", _page(found, form, []))
    heirs, until = list(form.cleaned_data["heirs"]), form.cleaned_data["until"]
    try:
        move = books.hand_over(
            found, heirs, by=request.user, at=at, until=until, seen=form.cleaned_data["seen"]
        )
    except books.Refused as refusal:
        form.add_error(None, str(refusal))
        return invalid(request, "leads/books/book.html", _page(found, form, books.share(found, heirs)))
    undo = reverse("leads:book-back", args=[pk, move.pk])
    messages.success(request, _("Handed over: %(what)s.") % {"what": told(move.counts)}, extra_tags=undo)
    return redirect(request, "leads:book", pk)


@require_POST
def book_back(request, pk, move):
    """Bring a book back before its time, or after all."""
    found = _person(request, pk)
    try:
        back = books.bring_back(
            get_object_or_404(found.book_moves, pk=move), by=request.user, at=timezone.now()
        )
        if back:
            said = _("Back with %(person)s: %(what)s.") % {"person": found, "what": told(back.counts)}
            messages.success(request, said)
        else:
            messages.warning(
                request, _("Nothing came back: all of it is finished, or was passed on one by one.")
            )
    except books.Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(request, "leads:book", pk)


def told(counts):
    """ "12 leads, 4 deals, 9 steps, 31 companies, 5 leads asleep"; what there is none of is left out."""
    said = {
        "leads": ngettext("%(n)d lead", "%(n)d leads", counts["leads"]),
        "deals": ngettext("%(n)d deal", "%(n)d deals", counts["deals"]),
        "steps": ngettext("%(n)d step", "%(n)d steps", counts["steps"]),
        "companies": ngettext("%(n)d company", "%(n)d companies", counts["companies"]),
        "asleep": ngettext("%(n)d lead asleep", "%(n)d leads asleep", counts["asleep"]),
    }
    return formats.listed(said[kind] % {"n": count} for kind, count in counts.items() if count) or _(
        "nothing"
    )


def _person(request, pk):
    found = get_object_or_404(User.objects.select_related("team", "rep"), pk=pk)
    require(request, "leads.hand_over_book", found)
    return found


def _page(found, form, shares):
    moves = list(found.book_moves.select_related("by").order_by("-at", "-pk")[:10])
    for move in moves:
        move.told = told(move.counts)
    lent = books.lent_to(found, shares) if shares else {}
    return {
        "person": found,
        "form": form,
        "whole": told(books.book_of(found).counts),
        "shares": [_share(heir, part, lent.get(heir.pk, ())) for heir, part in shares],
        "seen": books.stamp(shares) if shares else "",
        "asleep": sum(len(part.asleep) for _heir, part in shares),
        "moves": moves,
    }


def _share(heir, part, lent):
    rep, leads = getattr(heir, "rep", None), len(part.leads)
    over = rep is not None and rep.open_n + leads > rep.capacity
    borrowed = [{"move": one.move, "told": told(one.part.counts)} for one in lent]
    return {"heir": heir, "told": told(part.counts), "leads": leads, "over": over, "lent": borrowed}
