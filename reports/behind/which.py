"""How the rows of a list behind a figure are picked: by which day, outcome or state."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts import organisation
from leads.models import Handoff
from pipeline.cancellations import cancelled
from pipeline.models import SpendKind
from pipeline.models.deals import ForecastCategory
from reports.models import CampaignMonth, CountedPromise, Measure
from reports.periods import year_before
from reports.rollups.events import beyond

ANY = Q()
EARNED = ("won", "cancelled")  # what revenue is made of: a cancellation is below nothing
NOT_ASKED = ("withdrawn", "moved")  # outcomes without an answer that anybody owed


@dataclass(frozen=True)
class Behind:
    """A list behind a figure: what its rows are, which of them count, and their order.

    `of_campaigns`: narrowed by what their campaigns are for (channel, segment, region), as returns are. `owner`: whose
    they are, by which they are narrowed to people. `placed`: credits narrowed by where their deals stand, not by what their campaigns are for.
    """

    kind: str
    counted: Callable
    order: tuple[str, ...]
    of_campaigns: bool = False
    owner: str = "owner"
    placed: bool = False


def during(*names):
    """Rows with one of these days in the period."""

    def counted(rows, choice):
        days = Q()
        for name in names:
            days |= Q(**{f"{name}__gte": choice.period.first, f"{name}__lt": choice.period.until})
        return rows.filter(days)

    return counted


def reached(name):
    """Passes captured in the period that came so far."""
    return lambda rows, choice: during("captured_on")(rows, choice).filter(**{f"{name}__isnull": False})


def graded(grade, counted=during("captured_on")):
    """Passes captured in the period that count under this grade, of those `counted`."""
    return passes("captured_on", lambda rows, choice: counted(rows, choice).filter(grade=grade))


def stuck(since, until):
    """Passes that reached one stage in the period and not the next."""
    return passes(
        since, lambda rows, choice: during(since)(rows, choice).filter(**{f"{until}__isnull": True})
    )


def then(since, until=None):
    """Passes that reached one stage in the same months a year before, and the other by today; none of all time."""

    def counted(rows, choice):
        before = year_before(choice.period)
        if before is None:
            return rows.none()
        went_on = {f"{until}__isnull": False} if until else {}
        return rows.filter(**{f"{since}__gte": before[0], f"{since}__lt": before[1]}, **went_on)

    return passes(since, counted)


def went(since, until):
    """Passes that reached one stage in the period, and the next by today."""
    return passes(
        since, lambda rows, choice: during(since)(rows, choice).filter(**{f"{until}__isnull": False})
    )


def passes(name, counted=None):
    return Behind("pass", counted or during(name), (f"-{name}", "-lead_id"))


def closed(*outcomes, **which):
    return Behind(
        "deal",
        lambda rows, choice: during("closed_on")(rows, choice).filter(outcome__in=outcomes, **which),
        ("-closed_on", "-deal_id"),
    )


def opened(**which):
    """Deals opened in the period of which this holds, with their amounts at opening."""
    return Behind(
        "opened",
        lambda rows, choice: during("opened_on")(rows, choice).filter(**which),
        ("-opened_on", "-deal_id"),
    )


def week(kind, day, order, **which):
    """Rows whose day lies in the seven days up to today, whatever the period."""

    def counted(rows, choice):
        since = choice.today - timedelta(days=6)
        return rows.filter(**{f"{day}__gte": since, f"{day}__lte": choice.today}, **which)

    return Behind(kind, counted, (f"-{day}", order))


def offers(outcome):
    return Behind(
        "offer",
        lambda rows, choice: during("offered_on")(rows, choice).filter(outcome=outcome),
        ("-offered_on", "-handoff_id"),
    )


def asked_in(day):
    """Offers of the period by `day` that somebody was asked with: not those that moved with a book."""
    return lambda rows, choice: during(day)(rows, choice).exclude(outcome="moved")


def answered(low=None, high=None):
    """Offers answered in more than `low` minutes and at most `high` (None: no bound), as the answer clock keeps them;
    without either, those nobody has answered."""

    def counted(rows, choice):
        rows = during("offered_on")(rows, choice).exclude(outcome__in=NOT_ASKED)
        if low is None and high is None:
            return rows.filter(answer=None)
        span = {} if not low else {"answer__gte": beyond(low)}
        return rows.filter(
            answer__isnull=False, **span, **({} if high is None else {"answer__lt": beyond(high)})
        )

    return Behind("offer", counted, ("-answer", "-handoff_id"))


def of_reason(pk):
    """Offers of the period that came back for one reason."""

    def counted(rows, choice):
        return during("offered_on")(rows, choice).filter(outcome="returned", reason=pk)

    return Behind("offer", counted, ("-offered_on", "-handoff_id"))


def kept(promise, day, which=ANY):
    """Of the offers under a promise that fell due, those of which it was kept."""
    due = promised(day, which)
    told = CountedPromise.objects.filter(handoff=OuterRef("pk"), **{promise: True})
    return Behind("promise", lambda rows, choice: due.counted(rows, choice).filter(Exists(told)), due.order)


def promised(day, which=ANY):
    """Offers under a promise of sales that fell due in the period, up to now, as `leads.standing` counts them."""

    def counted(rows, choice):
        zone = organisation.zone()
        first, until = (
            datetime.combine(one, time(), zone) for one in (choice.period.first, choice.period.until)
        )
        span = {f"{day}__gte": first, f"{day}__lt": min(until, timezone.now())}
        return rows.filter(which, **span)

    return Behind("promise", counted, (f"-{day}", "-id"))


def of_desk(*, kept=False):
    """Answers of the desk that fell due in the period, up to now; of them those that were given by then, where `kept`."""

    def counted(rows, choice):
        found = rows.filter(
            due_on__gte=choice.period.first, due_on__lt=choice.period.until, due_at__lt=timezone.now()
        )
        return found.filter(kept=True) if kept else found

    return Behind("desk", counted, ("-due_at", "-promise_id"))


def spent(*kinds):
    return Behind(
        "spend",
        lambda rows, choice: during("month")(rows, choice).filter(kind__in=kinds),
        ("-month", "-id"),
    )


def credited(**which):
    """Credits by the model of the choice, by the month of the win (of the opening, while the deal is open)."""
    return Behind(
        "credit",
        lambda rows, choice: during("month")(rows, choice).filter(model=choice.model, **which),
        ("-month", "-id"),
    )


def active(choice):
    """Rows of the campaigns whose return is told: with spend or new leads in the period, as `reports.returns` has them."""
    if choice.period.is_all:
        return Q(campaign__gt=0)
    span = {"month__gte": choice.period.first, "month__lt": choice.period.until}
    active = CampaignMonth.objects.filter(~Q(paid=-F("committed")) | ~Q(leads=0), campaign__gt=0, **span)
    return Q(campaign__in=active.values("campaign"))


def campaignless(choice):
    """Credits of the period that no campaign earned, as `reports.returns` counts them."""
    return Q(campaign__isnull=True, month__gte=choice.period.first, month__lt=choice.period.until)


def returned(campaigns_only=True):
    """The credits to date of those campaigns; with those of the period that no campaign earned unless `campaigns_only`."""

    def counted(rows, choice):
        which = active(choice) if campaigns_only else active(choice) | campaignless(choice)
        return rows.filter(which, model=choice.model, open=False)

    return Behind("credit", counted, ("-month", "-id"))


def return_spend(rows, choice):
    """What those campaigns have paid and committed to date."""
    return rows.filter(active(choice), kind__in=(SpendKind.COMMITTED, SpendKind.PAID))


def to_date(kind, order, campaigns_only=True, **which):
    """Rows of the campaigns whose return is told, to date; with credits of the period that no campaign earned unless
    `campaigns_only`."""

    def counted(rows, choice):
        campaigns = active(choice) if campaigns_only else active(choice) | campaignless(choice)
        by = {"model": choice.model} if kind == "credit" else {}
        return rows.filter(campaigns, **by, **which)

    return Behind(kind, counted, order, of_campaigns=kind != "credit")


def open_deals(**which):
    return Behind("deal", lambda rows, choice: rows.filter(outcome="open", **which), ("-amount", "-deal_id"))


def forecast(*categories, won=True):
    """Deals of a forecast, up to these categories: open ones expected to close in the period, from today on; if `won`, those won or cancelled in it."""

    def counted(rows, choice):
        open_ones = [
            *categories,
            *([ForecastCategory.CLOSED] if ForecastCategory.COMMIT in categories else []),
        ]
        due = Q(outcome="open", category__in=open_ones)
        span = choice.period.first, choice.period.until
        which = due & Q(due_on__gte=max(span[0], choice.today), due_on__lt=span[1])
        if won:
            which |= Q(outcome__in=EARNED, closed_on__gte=span[0], closed_on__lt=span[1])
        return rows.filter(which)

    return Behind("due", counted, ("-amount", "-deal_id"))


def waiting_at(stage):
    """Passes that stand at a stage and are in nobody's hands."""
    held = Handoff.objects.open().filter(lead=OuterRef("lead_id"))
    return lambda rows, choice: rows.filter(~Exists(held), lead__stage=stage)


def set_before(what, measure):
    """The targets or quotas of a measure for the months of the period."""
    kind = {"targets": "target", "quotas": "quota"}[what]
    return Behind(
        f"counted_{kind}" if measure == Measure.SQLS else kind,
        lambda rows, choice: during("month")(rows, choice).filter(measure=measure),
        ("-month", "-id"),
    )


def ending(rows, choice):
    """Won deals whose contract ends in the period and was not cancelled in full."""
    span = {"deal__contract_until__gte": choice.period.first, "deal__contract_until__lt": choice.period.until}
    left = Q(gone__isnull=True) | Q(gone__lt=F("deal__amount"))
    return rows.annotate(gone=cancelled(of="deal")).filter(left, outcome="won", **span)


def overdue(rows, choice):
    late = Q(due_on__isnull=True) | Q(due_on__lt=choice.today)
    return rows.filter(late, outcome="open").exclude(category=ForecastCategory.OMITTED)
