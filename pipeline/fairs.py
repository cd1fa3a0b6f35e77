"""Which campaigns are fairs: everybody is met there at once, so that the clocks of their leads wait until it is over."""

from datetime import timedelta

from django.db.models import DateTimeField, F, Func, Q, Value

from pipeline.channels import FAIRS

# What lasts longer is a series, such as a roadshow or webinars all year: its leads are called while it runs.
DAYS = 14


def last_day(campaign):
    """The last day of a campaign (or None) that is a fair; None of any other, and of one whose last day is not known."""
    if campaign is None or campaign.channel not in FAIRS or campaign.ends_on is None:
        return None
    lasts = (campaign.ends_on - (campaign.starts_on or campaign.ends_on)).days
    return campaign.ends_on if lasts < DAYS else None


def of(campaign):
    """The same as a condition on rows that have a campaign by that name."""
    first, last = f"{campaign}__starts_on", f"{campaign}__ends_on"
    short = Q(**{first: None}) | Q(**{f"{last}__lt": F(first) + timedelta(days=DAYS)})
    return short & Q(**{f"{campaign}__channel__in": FAIRS, f"{last}__isnull": False})


def over(campaign, zone):
    """When the last day of that campaign is over in a time zone, as an expression: a moment."""
    template, joiner = "((%(expressions)s)", " + 1)::timestamp AT TIME ZONE "
    ends = F(f"{campaign}__ends_on")
    return Func(ends, Value(str(zone)), template=template, arg_joiner=joiner, output_field=DateTimeField())


def last_day_of(alias):
    """The same in SQL, for the row of a campaign (or of its history) by that name: a date, or NULL."""
    channels = ", ".join(f"'{channel}'" for channel in FAIRS)
    lasts = f"{alias}.ends_on - coalesce({alias}.starts_on, {alias}.ends_on)"
    return f"CASE WHEN {alias}.channel IN ({channels}) AND {lasts} < {DAYS} THEN {alias}.ends_on END"
