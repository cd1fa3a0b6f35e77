"""What may be changed of many companies or campaigns at once."""

from django.forms import DateField, ModelChoiceField
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.bulk import NOTHING, UNSAID, Bulk, Choice, theirs
from accounts.models import Region, Segment
from engine.moments import day_in_reach
from pipeline import companies
from pipeline.forms.base import possible_owners
from pipeline.models import Campaign, Company


class OrNothing(ModelChoiceField):
    """One of the records, or NOTHING in so many words: with many records an empty answer is rather a slip."""

    class iterator(ModelChoiceIterator):
        def __iter__(self):
            first, *others = super().__iter__()
            yield from (first, (NOTHING, gettext_lazy("Nothing: empty it")), *others)

    def clean(self, value):
        return None if value == NOTHING else super().clean(value)


def keyed(records, label, required=False):
    """A form field that asks for one of `records()`; where it is not required, nothing is a value too."""
    return lambda user: (ModelChoiceField if required else OrNothing)(records(), label=label)


def _account(user, company, value):
    return "" if user.has_perm("pipeline.assign_company", company) else companies.COLLEAGUES_ACCOUNT


def _ends(user, campaign, value):
    if why := theirs("pipeline.change_campaign")(user, campaign, value):
        return why
    backwards = value not in (UNSAID, None) and campaign.starts_on and value < campaign.starts_on
    return _("The last day is before the first day.") if backwards else ""


SEGMENT, REGION = gettext_lazy("Segment"), gettext_lazy("Region")
OWNER, LAST_DAY = gettext_lazy("Owner"), gettext_lazy("Last day")
ACCOUNT_OWNER = gettext_lazy("Account owner")
COMPANIES = Bulk(
    "company",
    "pipeline",
    "companies",
    Company,
    "pipeline:company-list",
    (
        Choice(
            "sales_owner",
            ACCOUNT_OWNER,
            "user-round",
            keyed(possible_owners, ACCOUNT_OWNER),
            "pipeline.change_company",
            _account,
            attname="sales_owner_id",
        ),
        Choice(
            "segment",
            SEGMENT,
            "tag",
            keyed(Segment.objects.all, SEGMENT),
            "pipeline.change_company",
            attname="segment_id",
        ),
        Choice(
            "region",
            REGION,
            "map-pin",
            keyed(Region.objects.all, REGION),
            "pipeline.change_company",
            attname="region_id",
        ),
    ),
    seen=lambda found: found.surviving(),
)
CAMPAIGNS = Bulk(
    "campaign",
    "pipeline",
    "campaigns",
    Campaign,
    "pipeline:campaign-list",
    (
        Choice(
            "owner",
            OWNER,
            "user-round",
            keyed(possible_owners, OWNER),
            "pipeline.change_campaign",
            theirs("pipeline.change_campaign"),
            attname="owner_id",
        ),
        Choice(
            "ends_on",
            LAST_DAY,
            "calendar-off",
            lambda user: DateField(label=LAST_DAY, validators=[day_in_reach]),
            "pipeline.change_campaign",
            _ends,
        ),
    ),
)
