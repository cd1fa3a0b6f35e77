"""Short lists that an administrator keeps: stages, reasons, questions, fields. One page to read, one to write.

STAGES = Register("stages", DealStage, StageForm, "pipeline.manage_stages", _("Deal stages"), _("…"), columns)
urlpatterns = [*STAGES.urls()]   # names: stages, stages-new, stages-edit
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Model
from django.forms import ModelForm
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from accounts.doors import hold, require, saves
from ui.htmx import redirect, render_part
from ui.responses import invalid
from ui.tables import Column, Table


@dataclass(frozen=True)
class Register:
    """A list of one model under /setup/<name>/, read and written with one permission.

    `cells` gives a row (a dict with the names of `columns`) for each object; `remove`, where records may go, takes
    away the object and raises ValueError with the words why not; `beside` names pages that say more, as (label, URL name);
    `begin` is what an empty list says to do next: (sentence, URL name, action).
    """

    name: str
    app: str
    model: type[Model]
    form: type[ModelForm]
    permission: str
    title: str
    lead: str
    columns: list[Column]
    cells: Callable
    new: bool = True
    remove: Callable | None = None
    beside: tuple = ()
    begin: tuple = ()

    def urls(self):
        """The paths of the register."""
        base = f"setup/{self.name}/"
        return [
            path(base, self.read, name=self.name),
            *([path(f"{base}new/", self.write, name=f"{self.name}-new")] if self.new else []),
            path(f"{base}<int:pk>/", self.write, name=f"{self.name}-edit"),
            *(
                [path(f"{base}<int:pk>/remove/", self.drop, name=f"{self.name}-remove")]
                if self.remove
                else []
            ),
        ]

    def address(self, what="", *args):
        """The address of the list, or of `what` in it."""
        return reverse(f"{self.app}:{self.name}{what}", args=args)

    def read(self, request):
        """All of it: these lists are short."""
        require(request, self.permission)
        rows = [
            {"href": self.address("-edit", one.pk), **self.cells(one)}
            for one in self.model._default_manager.all()
        ]
        new = self.address("-new") if self.new else ""
        first = (_("Nothing here yet."), new, _("Add")) if new else ()
        if self.begin:
            sentence, page, action = self.begin
            first = (sentence, reverse(page), action)
        table = Table(rows, self.columns, self.title, request=request, cards=True, first=first)
        context = {"register": self, "table": table, "new": new}
        return render_part(request, "accounts/register.html", "rows", context)

    def write(self, request, pk=None):
        """Make one, or change it."""
        return saves(self._write)(request, pk)

    def _write(self, request, pk):
        require(request, self.permission)
        one = get_object_or_404(self.model, pk=pk) if pk else None
        if one and request.method == "POST":
            one = hold(one)
        form = self.form(request.POST or None, instance=one)
        remove = self.address("-remove", pk) if pk and self.remove else ""
        context = {"register": self, "form": form, "one": one, "back": self.address(), "remove": remove}
        if request.method != "POST":
            return render(request, "accounts/register_form.html", context)
        if not form.is_valid():
            return invalid(request, "accounts/register_form.html", context)
        saved = form.save()
        messages.success(request, _("“%(name)s” is saved.") % {"name": saved})
        return redirect(request, self.address())

    def drop(self, request, pk):
        """Take one away where nothing needs it."""
        require(request, self.permission)
        one = get_object_or_404(self.model, pk=pk)
        if request.method == "POST" and self.remove:
            try:
                self.remove(one)
                messages.success(request, _("“%(name)s” is gone.") % {"name": one})
            except ValueError as why_not:
                messages.error(request, str(why_not))
        return redirect(request, self.address())
