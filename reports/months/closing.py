"""Closing a month: its official figures are frozen as they stand. Taking it back needs finance and a reason."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import organisation
from engine.copying import chunk, take_lock
from pipeline import months as books
from pipeline.models import Campaign, Deal, MonthClose, MonthReopening, SalesCost, Spend
from reports import attribution, locks, rollups
from reports.models import FrozenMonth
from reports.months import figures, items, screens, trees
from reports.periods import shifted
from ui import formats

LOCK = "reports.months"
HISTORY = (
    "SELECT (SELECT coalesce(max(pgh_id), 0) FROM pipeline_dealevent), (SELECT coalesce(max(pgh_id), 0) FROM pipeline_spendevent), "
    "(SELECT coalesce(max(id), 0) FROM pipeline_deal), (SELECT coalesce(max(id), 0) FROM pipeline_spend), "
    "(SELECT coalesce(max(pgh_id), 0) FROM pipeline_campaignevent)"
)
# Nobody changes a campaign, a deal or a spend while the month is being written down; they wait, and come too late for it.
HOLD = f"LOCK TABLE {', '.join(one._meta.db_table for one in (Campaign, Deal, Spend))} IN SHARE MODE"


class Refused(Exception):
    """The month cannot be closed or re-opened; says why and what to do."""


def model_of(month):
    """The model of attribution that is official for a month: the one locked for its fiscal year, else the default."""
    locked = locks.model_on(month)
    return locked if locked in attribution.MODELS else attribution.DEFAULT


def closable(at, shut):
    """The months that may be closed next, oldest first: those beside the closed ones, or any of the last year."""
    this = organisation.today(at).replace(day=1)
    asked = (
        [shifted(shut[0], -1), books.after(shut[-1])]
        if shut
        else [shifted(this, -back) for back in range(12, 0, -1)]
    )
    return [month for month in asked if month < this]


def close(month, by, at):
    """Close a month. Returns its MonthClose. Raises Refused."""
    check(month, at)
    rollups.roll_all()  # most of the work, before anybody has to wait
    with chunk() as cursor:
        take_lock(cursor, LOCK)
        take_lock(cursor, rollups.LOCK)
        cursor.execute(HOLD)
        check(month, at)
        rollups.work_off_all(cursor)
        cursor.execute(HISTORY)
        deals, spends, last_deal, last_spend, campaigns = cursor.fetchone()
        model, shut = model_of(month), books.closed()
        made = MonthClose.objects.create(
            month=month, number=MonthClose.objects.filter(month=month).count() + 1, closed_by=by, closed_at=at,
            deal_history=deals, spend_history=spends, campaign_history=campaigns, last_deal=last_deal, last_spend=last_spend,
        )  # fmt: skip
        before = models_of(shut) if shut and shut[-1] < month else {}
        items.freeze(cursor, made, model, before)
        trees.freeze(cursor, made)
        FrozenMonth.objects.create(
            close=made,
            model=model,
            currency=organisation.current().currency,
            **_told(month, model, by, at),
        )
    return made


def _told(month, model, by, at):
    """Every official figure: those of the pack and those of the other tabs."""
    told = figures.told(month, model, at)
    more = screens.told(figures.choice_of(month, model, at), by, at)
    return {
        "figures": {**more.pop("figures"), **told["figures"]},
        "pack": {**told["pack"], **more},
    }


def reopen(month, by, reason, at):
    """Take back the close of the last closed month. Returns the MonthReopening. Raises Refused.

    What was frozen is kept. Spend that was booked after it because it was closed goes back to it.
    """
    with transaction.atomic():
        with chunk() as cursor:
            take_lock(cursor, LOCK)
        check_reopening(month, reason)
        found = MonthClose.objects.in_force().get(month=month)
        made = MonthReopening.objects.create(close=found, by=by, at=at, reason=reason.strip())
        for model in (Spend, SalesCost):
            model.objects.filter(booked=books.after(month), month__lte=month).update(booked=month)
    return made


def check_reopening(month, reason):
    """Raise Refused unless the month may be re-opened for this reason."""
    shut = books.closed()
    if month not in shut:
        raise Refused(_("%(month)s is not closed.") % {"month": formats.month(month)})
    if month != shut[-1]:
        raise Refused(
            _("%(last)s is closed after it. Re-open that first.") % {"last": formats.month(shut[-1])}
        )
    if not reason.strip():
        raise Refused(_("Say why the month is re-opened."))


def models_of(shut):
    """{month: model} of closed months."""
    return dict(
        FrozenMonth.objects.filter(close__month__in=shut, close__reopening__isnull=True).values_list(
            "close__month", "model"
        )
    )


def check(month, at):
    """Raise Refused unless the month may be closed now."""
    name, today = formats.month(month), organisation.today(at)
    if month >= today.replace(day=1):
        raise Refused(_("%(month)s is not over yet.") % {"month": name})
    shut = books.closed()
    if month in shut:
        raise Refused(_("%(month)s is closed already.") % {"month": name})
    if shut and month not in (shifted(shut[0], -1), books.after(shut[-1])):
        raise Refused(
            _("Months are closed in a row. The next one is %(next)s.") % {"next": formats.month(books.after(shut[-1]))}
        )  # fmt: skip
