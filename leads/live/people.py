"""The people of a living audience as a list: the hottest now first, who has them, where they stand, what comes next."""

from datetime import timedelta

import django_filters
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from leads.live import channels, interests
from leads.live.conditions import done, members
from leads.models import Lead, Touch
from pipeline.channels import Channel
from pipeline.models import Campaign, ConsentEvent, Step
from pipeline.models.consent import ConsentPurpose
from pipeline.stages import Stage
from ui.filters import FilterSet, WordsFilter

NAMED = (
    "id", "contact", "contact__full_name", "contact__company__name", "grade_now", "engagement", "heat", "stage",
    "owner__full_name", "last_at", "step", "step_due_at",
)  # fmt: skip


def seen_by(user, conditions, at):
    """The leads of the audience that the user may see, with their last touch and the next step that is promised."""
    steps = Step.objects.open().filter(contact=OuterRef("contact")).order_by("due_at", "pk")
    touches = Touch.objects.filter(contact=OuterRef("contact"), at__lte=at, automatic=False).order_by("-at")
    found = members(conditions, at)
    seen = found.filter(pk__in=Lead.objects.visible_to(user).values("pk"))
    return seen.annotate(
        heat=found.query.annotations["warmth"],
        last_at=Subquery(touches.values("at")[:1]),
        step=Subquery(steps.values("what")[:1]),
        step_due_at=Subquery(steps.values("due_at")[:1]),
    )


class PeopleFilters(FilterSet):
    """What the list of an audience may be narrowed to; figures of the other tabs open it like that.

    `answered_by` and `answered_to`: did something by that channel, or for that campaign, in the days that the figures count.
    `consent` with `over`: what they last said of being written to. `interest`: "kind:what", as the figure has it.
    """

    also = FilterSet.also | {"over"}
    q = WordsFilter(columns=["contact__full_name", "contact__company__name"], label=_("Search"))
    stage = django_filters.ChoiceFilter(choices=Stage.choices, label=_("Stage"))
    owner = django_filters.ModelChoiceFilter(
        queryset=User.objects.filter(role__in=(Role.SALES, Role.MANAGER)).order_by("full_name"),
        label=_("Owner"),
    )
    answered_by = django_filters.ChoiceFilter(
        choices=Channel.choices, label=_("Answers by"), method="by_channel"
    )
    answered_to = django_filters.ModelChoiceFilter(
        queryset=Campaign.objects.order_by("name"), label=_("Answers to"), method="by_campaign"
    )
    consent = django_filters.ChoiceFilter(
        choices=channels.Said.choices, label=_("Consent"), method="by_consent"
    )
    interest = django_filters.CharFilter(label=_("Interest"), method="by_interest")

    class Meta:
        model = Lead
        fields = []

    def __init__(self, *args, conditions, at, **kwargs):
        self.conditions, self.at = conditions, at
        super().__init__(*args, **kwargs)
        if "interest" not in (self.data or ()):
            del self.form.fields["interest"]

    def by_channel(self, queryset, name, value):
        return queryset.filter(_answered(self.at, channel=value))

    def by_campaign(self, queryset, name, value):
        return queryset.filter(_answered(self.at, campaign=value))

    def by_consent(self, queryset, name, value):
        """By the last word over a channel, or over any."""
        over, said = self.data.get("over", ""), ConsentEvent.objects.filter(purpose=ConsentPurpose.MARKETING)
        said = said.filter(contact=OuterRef("contact"), **({"channel__in": ("", over)} if over else {}))
        queryset = queryset.annotate(last_word=Subquery(said.order_by("-at", "-pk").values("given")[:1]))
        wanted = {channels.Said.GIVEN: True, channels.Said.WITHDRAWN: False}.get(value)
        return (
            queryset.filter(last_word__isnull=True) if wanted is None else queryset.filter(last_word=wanted)
        )

    def by_interest(self, queryset, name, value):
        return queryset.filter(contact__in=RawSQL(*interests.people_of(value, self.conditions, self.at)))


def _answered(at, **what):
    return Q(Exists(done(at - timedelta(days=channels.DAYS), at).filter(**what)))
