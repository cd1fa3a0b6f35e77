"""The room of a list: what it would do to ticked rows, doing it, taking it back, and the pages for that."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.bulk.choices import UNSAID, key_of, packed, read, unpacked
from accounts.bulk.picking import first_of, picked
from accounts.doors import require
from accounts.visibility import Seen
from ui.forms import Form
from ui.htmx import redirect
from ui.inline import following
from ui.responses import invalid

UNDO = "many_undo"  # in the session: what the last click changed


@dataclass
class Forecast:
    """What a change would do: (record, value now as read) of those that change, (record, why) of those that stay."""

    changing: list = field(default_factory=list)
    staying: list = field(default_factory=list)


@dataclass
class Done:
    """{pk: value before} of the records that changed, and {pk: why} of those that did not."""

    before: dict = field(default_factory=dict)
    stayed: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Bulk:
    """What may be done with many records of one list, under /<address>/many/.

    `seen(records)` narrows what the user sees to what the list shows; `beside` is for select_related.
    """

    name: str
    app: str
    address: str
    model: type[Seen]
    page: str
    choices: Iterable
    seen: Callable = lambda records: records
    beside: tuple = ()

    def urls(self):
        """The paths of the change and of its undo."""
        base = f"{self.address}/many/"
        return [
            path(f"{base}undo/", require_POST(self.undo), name=f"{self.name}-many-undo"),
            path(f"{base}", require_POST(self.many), name=f"{self.name}-many"),
        ]

    def offered(self, user):
        """The Choices that a user may make at all."""
        return [choice for choice in self.choices if user.has_perm(choice.permission)]

    def choice(self, name):
        """The Choice of that name, or None."""
        return next((choice for choice in self.choices if choice.name == name), None)

    # -- what it does: the same for pages and API ---------------------------------------------------------
    def forecast(self, choice, ids, *, by, value=UNSAID):
        """The Forecast for the records among `ids` that the user sees."""
        records = list(self._records(by).filter(pk__in=ids[: choice.most]).order_by("pk"))
        now, found = choice.now(choice, records), Forecast()
        names = read(choice, by, set(now.values()))
        for record in records:
            why = choice.why_not(by, record, value)
            if why:
                found.staying.append((record, why))
            else:
                found.changing.append((record, names[now[record.pk]]))
        return found

    def change(self, choice, ids, value, *, by, at):
        """Give the records `value`, as far as the user may: Done. What has it already is left alone, and not counted."""
        return self._write(choice, dict.fromkeys(ids[: choice.most], value), by, at)

    def take_back(self, choice, before, value, *, by, at):
        """Give back what the records had before ({pk: value}), where they still have `value`: Done."""
        return self._write(choice, before, by, at, still=value)

    def _write(self, choice, wanted, by, at, still=UNSAID):
        done = Done()
        with transaction.atomic():
            choice.lock(list(wanted))
            found = self._records(by).filter(pk__in=wanted).order_by("pk")
            # Held before they are read with what stands beside them: a join that changed while we waited would hide them.
            list(found.select_related(None).select_for_update(no_key=True, of=("self",)).values_list("pk"))
            records = list(found)
            now, changes = choice.now(choice, records), {}
            for record in records:
                value = wanted[record.pk]
                why = choice.why_not(by, record, value)
                if still is not UNSAID and now[record.pk] != still:
                    why = _("Somebody has changed it since.")
                if why:
                    done.stayed[record.pk] = why
                elif now[record.pk] != value:
                    changes[record] = value
            if changes:
                refused = choice.write(choice, changes, by=by, at=at)
                done.stayed |= refused
                done.before = {one.pk: now[one.pk] for one in changes if one.pk not in refused}
        return done

    def _records(self, user):
        return self.seen(self.model.objects.visible_to(user)).select_related(*self.beside)

    # -- pages ---------------------------------------------------------------------------------------------
    def bar(self, request):
        """What the list's template needs under its table: nothing where the user may change nothing."""
        offered = self.offered(request.user)
        return {"action": reverse(f"{self.app}:{self.name}-many"), "choices": offered} if offered else None

    def many(self, request):
        """Ask for the new value, with what it will do; then do it."""
        choice = self.choice(request.POST.get("change", ""))
        if choice is None:
            raise Http404
        require(request, choice.permission)
        came_from = request.POST.get("next") or request.headers.get("Referer")
        back = following(came_from, request, reverse(self.page))
        ids = first_of(request, picked(request, self.model), choice.most)
        if not ids:
            messages.warning(request, _("Choose rows first."))
            return redirect(request, back)
        form = _form(choice, request.user, request.POST if "sure" in request.POST else None)
        if form.is_bound and form.is_valid():
            value = key_of(form.cleaned_data["value"])
            done = self.change(choice, ids, value, by=request.user, at=timezone.now())
            self._tell(request, choice, done, value, back)
            return redirect(request, back)
        context = {
            "choice": choice,
            "form": form,
            "forecast": self.forecast(choice, ids, by=request.user),
            "picked": ids,
            "back": back,
            "action": reverse(f"{self.app}:{self.name}-many"),
        }
        show = invalid if form.is_bound else render
        return show(request, "accounts/bulk.html", context)

    def undo(self, request):
        """Take the last change back."""
        last = request.session.pop(UNDO, None)
        if not last or last["room"] != self.name:
            messages.warning(request, _("There is nothing to take back: it was taken back already."))
            return redirect(request, self.page)
        choice = self.choice(last["choice"])
        require(request, choice.permission)
        before = {int(pk): unpacked(value) for pk, value in last["before"].items()}
        done = self.take_back(choice, before, unpacked(last["value"]), by=request.user, at=timezone.now())
        if done.before:
            count = len(done.before)
            said = ngettext("%(n)d is as it was.", "%(n)d are as they were.", count)
            messages.success(request, said % {"n": count})
        _stayed(request, done)
        return redirect(request, last["back"])

    def _tell(self, request, choice, done, value, back):
        count = len(done.before)
        if count:
            request.session[UNDO] = {
                "room": self.name,
                "choice": choice.name,
                "value": packed(value),
                "before": {str(pk): packed(was) for pk, was in done.before.items()},
                "back": back,
            }
            said = ngettext("%(what)s: %(n)d changed.", "%(what)s: %(n)d changed.", count)
            undo = reverse(f"{self.app}:{self.name}-many-undo")
            messages.success(request, said % {"what": choice.label, "n": count}, extra_tags=undo)
        elif not done.stayed:
            messages.info(request, _("They have that value already."))
        _stayed(request, done)


def _stayed(request, done):
    if done.stayed:
        reasons = " ".join(sorted({str(why) for why in done.stayed.values()})[:3])
        said = ngettext(
            "%(n)d stayed as it is: %(why)s", "%(n)d stayed as they are: %(why)s", len(done.stayed)
        )
        messages.warning(request, said % {"n": len(done.stayed), "why": reasons})


def ticks(bar):
    """What a Table takes so that its rows can be ticked for the bar, if there is one."""
    return {"pick": "id", "picks": "many", "beyond": True} if bar else {}


def _form(choice, user, data):
    """The form with one field, `value`."""
    made = type("ValueForm", (Form,), {"value": choice.field(user)})
    return made(data)
