"""The queues of the desk: which leads, in which order, and who stands next to whom."""

from datetime import timedelta

import django_filters
from django.db.models import F, IntegerField, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Organisation
from leads import answering, grading, reception
from leads.models import Grade, Lead
from pipeline.channels import Channel
from pipeline.models import Campaign
from pipeline.stages import Stage
from ui import formats
from ui.filters import FilterSet, WordsFilter

MOST_COUNTED = 5_000  # leads of a queue: to count half a million for each page would cost more than the page
MOST_AROUND = 300  # leads of a queue that "next" and "previous" walk through
QUEUES = {
    "mql": (gettext_lazy("MQLs"), {"stage": Stage.MQL}),
    "returned": (gettext_lazy("Returned"), {"stage": Stage.MQL, "desk_due_at__isnull": False}),
    "new": (pgettext_lazy("leads", "New"), {"stage": Stage.NEW}),
    "ready": (gettext_lazy("Waiting for a rep"), {"stage": Stage.READY, "route_at__isnull": False}),
}
AGES = (
    ("1", gettext_lazy("Since yesterday")),
    ("3", gettext_lazy("3 days")),
    ("1-3", gettext_lazy("1 to 3 days old")),
    ("7", gettext_lazy("A week")),
    ("3-7", gettext_lazy("3 to 7 days old")),
    ("old", gettext_lazy("Older than a week")),
)
ASKED = (("yes", gettext_lazy("Asked for us")), ("no", gettext_lazy("Did not ask")))
TAKEN = (
    ("mine", gettext_lazy("Me")),
    ("free", gettext_lazy("Nobody")),
    ("colleagues", gettext_lazy("Colleagues")),
)
ANSWER = (("owed", gettext_lazy("Not given yet")), ("late", gettext_lazy("Overdue")))
# From how many days on, up to how many; None is no bound.
BOUNDS = {"1": (None, 1), "3": (None, 3), "1-3": (1, 3), "7": (None, 7), "3-7": (3, 7), "old": (7, None)}


class DeskFilters(FilterSet):
    """What the desk may be narrowed to."""

    also = FilterSet.also | {"queue"}

    q = WordsFilter(columns=["contact__full_name", "contact__company__name"], label=gettext_lazy("Search"))
    grade = django_filters.ChoiceFilter(choices=Grade.choices, label=gettext_lazy("Grade"), method="by_grade")
    age = django_filters.ChoiceFilter(choices=AGES, label=gettext_lazy("Age"), method="by_age")
    asked = django_filters.ChoiceFilter(choices=ASKED, label=gettext_lazy("Raised a hand"), method="by_hand")
    taken = django_filters.ChoiceFilter(choices=TAKEN, label=gettext_lazy("Taken by"), method="by_taken")
    answer = django_filters.ChoiceFilter(choices=ANSWER, label=gettext_lazy("Our answer"), method="by_answer")
    channel = django_filters.ChoiceFilter(choices=Channel.choices, label=gettext_lazy("Channel"))
    campaign = django_filters.ModelChoiceFilter(
        queryset=Campaign.objects.order_by("name"), label=gettext_lazy("Campaign")
    )

    class Meta:
        model = Lead
        fields = []

    def by_grade(self, queryset, name, value):
        return queryset.filter(grading.graded_as(value, self.at))

    def by_hand(self, queryset, name, value):
        return queryset.filter(hand_raised_at__isnull=value == "no")

    def by_taken(self, queryset, name, value):
        held, own = reception.held(self.at), Q(desk_by=self.request.user)
        if value == "free":
            return queryset.exclude(held)
        return queryset.filter(held & (own if value == "mine" else ~own))

    def by_answer(self, queryset, name, value):
        said = answering.promise()
        if said is None:
            return queryset.none()
        return answering.owing(queryset) if value == "owed" else answering.late(queryset, self.at, said)

    def by_age(self, queryset, name, value):
        youngest, oldest = BOUNDS[value]
        as_mql, as_new = Q(), Q()
        if oldest:
            since = self.at - timedelta(days=oldest)
            as_mql, as_new = Q(mql_at__gte=since), Q(captured_at__gte=since)
        if youngest:
            before = self.at - timedelta(days=youngest)
            as_mql, as_new = as_mql & Q(mql_at__lt=before), as_new & Q(captured_at__lt=before)
        return queryset.filter(as_mql | Q(mql_at=None) & as_new)


class Counted(Subquery):
    """How many rows a sliced queryset has."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def leads_in(user):
    """{queue: how many leads wait in it, in words}, in one statement; beyond MOST_COUNTED nobody counts on: "5,000+"."""
    seen = Lead.objects.counted().visible_to(user).order_by().values("pk")
    counts = {
        key: Counted(seen.filter(**where)[: MOST_COUNTED + 1]) for key, (_label, where) in QUEUES.items()
    }
    found = Organisation.objects.values(**counts)[0]  # its only row, to hang the counts on
    return {key: _in_words(count or 0) for key, count in found.items()}


def _in_words(count):
    return formats.number(min(count, MOST_COUNTED)) + ("+" if count > MOST_COUNTED else "")


def order_of(queue):
    if queue == "returned":
        return ("desk_due_at", "id")
    return ("grade_now", "-captured_at" if queue == "new" else "-mql_at", "id")


def around(request, lead, at):
    """The addresses of the leads before and after this one in its queue, "" where there is none; past what colleagues have taken."""
    queue = queue_of(request)
    leads = Lead.objects.counted().visible_to(request.user).filter(**QUEUES[queue][1])
    leads = leads.filter(Q(pk=lead.pk) | reception.free_for(request.user, at))
    order = [
        F(name.removeprefix("-")).desc(nulls_last=True) if name[0] == "-" else F(name).asc(nulls_last=True)
        for name in order_of(queue)
    ]
    ids = list(grading.graded(leads, at).order_by(*order).values_list("pk", flat=True)[:MOST_AROUND])
    place = ids.index(lead.pk) if lead.pk in ids else -1
    before = ids[place - 1] if place > 0 else None
    after = ids[place + 1] if place + 1 < len(ids) else None
    return [f"{reverse('leads:complete', args=[pk])}?queue={queue}" if pk else "" for pk in (before, after)]


def queue_of(request):
    asked = request.POST.get("queue") or request.GET.get("queue", "")
    return asked if asked in QUEUES else "mql"
