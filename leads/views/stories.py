"""Win stories: the library, one story, and the short form of whoever won."""

from decimal import Decimal

import django_filters
from django.contrib import messages
from django.db.models import Q
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.doors import get_permitted, permitted, requires
from accounts.models import Segment
from accounts.organisation import current
from leads import stories
from leads.consulting import Refused
from leads.forms.stories import StoryForm
from leads.models import UseOfStory, WinStory
from pipeline.models import Deal, Product
from ui import formats, keyset
from ui.filters import FilterSet, WordsFilter
from ui.htmx import redirect, render_part
from ui.responses import invalid
from ui.tables import Column, Table

SEEN = WinStory.objects.select_related(*stories.SEEN, "deal__owner")
MIDDLE, LARGE = 1, 5  # times the amount from which on a story is asked for
USUAL = 50_000  # where the house asks for none by amount
COLUMNS = [
    Column("name", gettext_lazy("Deal"), href="href", note="company"),
    Column("lesson", gettext_lazy("What others can take from it")),
    Column("amount", gettext_lazy("Amount"), kind="short_money"),
    Column("product", gettext_lazy("Product")),
    Column("segment", gettext_lazy("Segment")),
    Column("winner", gettext_lazy("Told by"), kind="person"),
    Column("told_at", gettext_lazy("Told"), kind="day"),
    Column("help", gettext_lazy("Helped"), kind="number"),
    Column("read", gettext_lazy("Readers"), kind="number"),
    Column("use", gettext_lazy("May marketing use it"), kind="pill"),
]


class StoryFilters(FilterSet):
    """What the library may be narrowed to. Amounts are in the report currency."""

    q = WordsFilter(
        columns=["deal__name", "deal__company__name", *stories.TEXTS], label=gettext_lazy("Search")
    )
    segment = django_filters.ModelChoiceFilter(
        queryset=Segment.objects.all(), field_name="deal__company__segment", label=gettext_lazy("Segment")
    )
    product = django_filters.ModelChoiceFilter(
        queryset=Product.objects.filter(active=True),
        field_name="deal__product",
        label=gettext_lazy("Product"),
    )
    size = django_filters.ChoiceFilter(choices=[], method="by_size", label=gettext_lazy("Size"))
    use = django_filters.ChoiceFilter(choices=UseOfStory.choices, label=gettext_lazy("May marketing use it"))

    class Meta:
        model = WinStory
        fields = []

    def add_filters(self):
        """The sizes are those of this house."""
        least, most = (formats.short_money(bound, current().currency) for bound in _bounds())
        self.filters["size"].extra["choices"] = [
            ("small", _("below %(amount)s") % {"amount": least}),
            ("middle", f"{least} – {most}"),
            ("large", _("%(amount)s and more") % {"amount": most}),
        ]

    def by_size(self, queryset, name, value):
        """Stories of deals of this size."""
        least, most = _bounds()
        return queryset.filter(
            {
                "small": Q(deal__base_amount__lt=least),
                "middle": Q(deal__base_amount__gte=least, deal__base_amount__lt=most),
                "large": Q(deal__base_amount__gte=most),
            }[value]
        )


def _bounds():
    """From which amounts on, in the report currency, a deal is of a middle size, and large."""
    least = current().story_from or USUAL
    return Decimal(MIDDLE * least), Decimal(LARGE * least)


@requires("leads.view_story")
def story_list(request):
    """The library of what was told, newest first."""
    filters = StoryFilters(request.GET or None, stories.told().visible_to(request.user), request=request)
    rows = filters.qs.values(
        "id", "told_at", "lesson", "convinced", "use", "help", "read", "winner__full_name", "deal__name",
        "deal__company__name", "deal__company__segment__name", "deal__product__name", "deal__base_amount",
    )  # fmt: skip
    page = keyset.page(rows, ("-told_at", "-id"), cursor=request.GET.get("cursor", ""))
    for row in page.rows:
        row.update(
            name=row["deal__name"], href=reverse("leads:win-story", args=[row["id"]]),
            company=row["deal__company__name"] or "", lesson=row["lesson"] or row["convinced"],
            amount=row["deal__base_amount"], currency=current().currency, product=row["deal__product__name"],
            segment=row["deal__company__segment__name"], winner=row["winner__full_name"],
            tone="ok" if row["use"] in ("named", "nameless") else "", use=UseOfStory(row["use"]).label,
        )  # fmt: skip
    table = Table(
        page.rows, COLUMNS, _("Win stories"), request=request, page=page, cards=True,
        empty=_("No story matches. Whoever wins a large deal or a key account is asked for one."),
    )  # fmt: skip
    return render_part(request, "leads/stories/list.html", "rows", {"filter": filters, "table": table})


def story(request, pk):
    """One story. Who reads it is counted, and so is whom it helped."""
    found = _found(request, pk)
    if found.told_at:
        stories.read_by(found, request.user)
    may_open = permitted(request, "pipeline.view_deal", found.deal)
    context = {
        "story": found,
        "parts": [(StoryForm.base_fields[name].label, getattr(found, name)) for name in stories.TEXTS],
        "deal_href": reverse("leads:deal", args=[found.deal_id]) if may_open else "",
        "may_tell": permitted(request, "leads.tell_story", found),
        "currency": current().currency,
        "helped": found.helped.count(),
        "read": found.readers.count(),
    }
    return render(request, "leads/stories/one.html", context)


def story_tell(request, pk):
    """The short form: five questions, of which one has to be answered."""
    found = get_permitted(request, SEEN, "leads.tell_story", pk)
    now = {name: getattr(found, name) for name in (*stories.TEXTS, "use", "use_note")}
    form = StoryForm(request.POST or None, initial=now)
    context = {"form": form, "story": found}
    if request.method != "POST":
        return render(request, "leads/stories/form.html", context)
    if not form.is_valid():
        return invalid(request, "leads/stories/form.html", context)
    texts, use = form.said
    stories.tell(WinStory.objects.get(pk=pk), texts, **use, at=timezone.now())
    messages.success(request, _("Told: it stands in the library and in briefings of similar deals."))
    return redirect(request, "leads:win-story", pk)


@require_POST
def story_decline(request, pk):
    """Nothing to tell; nobody asks again."""
    found = get_permitted(request, SEEN, "leads.tell_story", pk)
    _verb(request, _("All right: you are not asked again."), stories.decline, found, at=timezone.now())
    return redirect(request, "leads:deal", found.deal_id)


@require_POST
def story_ask(request, pk):
    """Ask by hand whoever won a deal."""
    deal = get_permitted(request, Deal.objects.select_related("owner"), "leads.ask_story", pk)
    _verb(request, _("%(person)s is asked.") % {"person": deal.owner}, stories.ask, deal, at=timezone.now())
    return redirect(request, "leads:deal", pk)


@require_POST
def story_helps(request, pk):
    """It helped the reader on."""
    found = _found(request, pk)
    _verb(request, _("Noted: it helped."), stories.helps, found, by=request.user)
    return redirect(request, "leads:win-story", pk)


def _found(request, pk):
    return get_permitted(request, SEEN, "leads.view_story", pk)


def _verb(request, said, verb, *args, **named):
    try:
        verb(*args, **named)
        messages.success(request, said)
    except Refused as refusal:
        messages.warning(request, str(refusal))
