"""One field of a record, changed where it is read: a pencil that links to a page with one input; htmx opens it in place.

The form is the whole form of the record, filled with what the record holds, so that every rule of it and the check of
`ui.conflicts` hold for one field as they do for all.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.http import Http404, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from ui import conflicts
from ui.htmx import redirect, wants_fragment

PENCIL = '<a class="edit" href="{0}" hx-get="{0}" hx-target="closest .inline" hx-swap="outerHTML" aria-label="{1}"></a>'
OWN = "x_"  # what an administrator added, see `pipeline.own_fields`


@dataclass(frozen=True)
class Inline:
    """What of a kind of record may be changed field by field.

    `url`: the address, which takes the key and the field; `page`: the record's own; `form`: a ModelForm of the whole
    record; `fields`: names of it, beside fields of one's own; `shows`: how a value is read where the form cannot tell.
    """

    url: str
    page: str
    form: type
    fields: tuple
    shows: dict[str, Callable] = field(default_factory=dict)

    def pencils(self, thing, allowed):
        """For a page: `{{ edit.budget }}` is the link that changes the budget, nothing where it is not allowed."""
        return Pencils(self, thing.pk) if allowed else {}

    def href(self, pk, name):
        """Where the field is changed."""
        return reverse(self.url, args=[pk, name])


class Pencils:
    """The links of one record, made as the template asks for them."""

    def __init__(self, room, pk):
        self.room, self.pk = room, pk

    def __getitem__(self, name):
        if name in self.room.fields or name.startswith(OWN):
            return pencil(self.room.href(self.pk, name), _("Change"))
        raise KeyError(name)


def pencil(href, label):
    """The link behind a value; both stand in an element with the class `inline`."""
    return format_html(PENCIL, href, label)


def change(request, room, thing, name, save):
    """Show the input of one field, or save it. `save(form)` answers false after adding an error to the form."""
    form = _form(request, room, thing, name)
    if name not in form.fields or not (name in room.fields or name.startswith(OWN)):
        raise Http404
    back = reverse(room.page, args=[thing.pk])
    bound = form[name]
    context = {
        "form": form,
        "bound": bound,
        "thing": thing,
        "back": back,
        "action": room.href(thing.pk, name),
    }
    if request.method != "POST":
        if "value" in request.GET:
            return _shown(request, room, thing, name)
        bound.field.widget.attrs["autofocus"] = True
        return _asked(request, context | {"next": following(request.headers.get("Referer"), request, back)})
    if form.is_valid() and save(form):
        if wants_fragment(request):
            thing.refresh_from_db()
            return _shown(request, room, thing, name)
        return redirect(request, following(request.POST.get("next"), request, back))
    elsewhere = [
        (form[other].label, form.errors[other]) for other in form.errors if other not in (name, "__all__")
    ]
    context |= {"elsewhere": elsewhere, "next": following(request.POST.get("next"), request, back)}
    return _asked(request, context, status=422)


def _form(request, room, thing, name):
    """The whole form; when posted, as the record stands but for the one field."""
    blank = room.form(instance=thing)
    if request.method != "POST":
        return blank
    data = QueryDict(mutable=True)
    for other in blank.fields:
        if other != conflicts.SEEN:
            conflicts.write(data, blank.fields[other], other, conflicts.shown(blank, other))
    data.setlist(name, request.POST.getlist(name))
    for beside in (conflicts.SEEN, f"{conflicts.KEEP}-{name}"):
        data.setlist(beside, request.POST.getlist(beside))
    return room.form(data, instance=thing)


def _asked(request, context, status=200):
    part = "#field" if wants_fragment(request) else ""
    return render(request, f"ui/inline.html{part}", context, status=status)


def _shown(request, room, thing, name):
    """The value as it now stands, with its pencil."""
    show = room.shows.get(name)
    form = room.form(instance=thing)
    value = show(thing) if show else conflicts.read(form.fields[name], conflicts.shown(form, name))
    context = {"value": value, "pencil": pencil(room.href(thing.pk, name), _("Change"))}
    return render(request, "ui/inline.html#value", context)


def following(address, request, back):
    """An address of ours to go on to, else `back`."""
    safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if safe and (address.startswith("/") or "://" in address) else back
