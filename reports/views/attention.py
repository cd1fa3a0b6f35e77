"""The page of exceptions: everything that needs a hand, by kind and team."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.doors import permitted, requires
from accounts.models import Team, Track
from reports import attention
from reports.choice import axes, parse
from ui.filters import refuse_strange
from ui.forms import Form
from ui.htmx import render_part
from ui.responses import invalid
from ui.tables import Table


class AttentionForm(Form):
    """Which exceptions: of one kind, of one team, or all."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[("", gettext_lazy("All")), *((name, kind.label) for name, kind in attention.KINDS.items())],
    )
    team = forms.ModelChoiceField(
        Team.objects.filter(track=Track.SALES),
        label=gettext_lazy("Team"),
        required=False,
        empty_label=gettext_lazy("All"),
    )

    def __init__(self, data, path):
        super().__init__(data)
        for field in self.fields.values():
            field.widget.attrs |= {"hx-get": path, "hx-include": "closest form", "hx-trigger": "change"}


@require_safe
@requires("leads.view_handoff")
def exceptions(request):
    """What is late, full, slipping or forgotten, and what to do about each; only what the user may see."""
    refuse_strange(request.GET, {"kind", "team"})
    form = AttentionForm({name: request.GET.get(name, "") for name in ("kind", "team")}, request.path)
    context = {"form": form, "table": None}
    if not form.is_valid():
        return invalid(request, "reports/exceptions.html", context, part="rows")
    at, chosen = timezone.now(), form.cleaned_data
    choice = parse({}, axes(), at)
    money = choice.currency if permitted(request, "reports.view_money") else None
    rows = attention.listed(request.user, choice, at, kind=chosen["kind"], team=chosen["team"], money=money)
    context["table"] = Table(
        rows, attention.COLUMNS, _("Exceptions"), request=request, cards=True,
        empty=_("Nothing is late, full or forgotten."),
    )  # fmt: skip
    return render_part(request, "reports/exceptions.html", "rows", context)
