"""Settling a quarter: its statement is frozen as it stands, once and for good."""

from django.utils.translation import gettext as _

from accounts import organisation
from engine.copying import chunk, take_lock
from reports import rollups
from reports.commission import keeping, plans
from reports.commission.statement import statement
from reports.models import CommissionCorrection, CommissionLine, CommissionPart, CommissionStatement
from ui import formats

LOCK = "reports.commission"


class Refused(ValueError):
    """The quarter cannot be settled; says why and what to do."""


def check(kept, period, at):
    """Raise Refused unless a quarter may be settled now."""
    if period.first in kept.settled:
        raise Refused(_("%(quarter)s is settled already.") % {"quarter": period.label})
    if plans.covering(kept.plans, period) is None:
        raise Refused(
            _("No plan that both heads have signed covers %(quarter)s.") % {"quarter": period.label}
        )
    if period.until > organisation.today(at):
        raise Refused(_("%(quarter)s is not over yet.") % {"quarter": period.label})
    if period.first != kept.next:
        said = _("Quarters are settled in a row. The next one begins with %(month)s.")
        raise Refused(said % {"month": formats.month(kept.next) if kept.next else formats.EMPTY})


def may(kept, period, at):
    """May a quarter be settled now?"""
    try:
        check(kept, period, at)
    except Refused:
        return False
    return True


def settle(period, by, at):
    """Settle a quarter. Returns its CommissionStatement. Raises Refused."""
    check(keeping.kept(period), period, at)
    rollups.roll_all()  # baselines are read from what is counted
    with chunk() as cursor:
        take_lock(cursor, LOCK)
        kept, house = keeping.kept(period), organisation.current()
        check(kept, period, at)
        found = statement(kept, period, organisation.today(at), house.currency, house.live_on)
        return _freeze(found, by, at)


def _freeze(found, by, at):
    made = CommissionStatement.objects.create(
        plan_id=found.plan.id, first=found.period.first, until=found.period.until, currency=found.currency,
        margin=found.margin, earned=found.earned, corrected=found.corrected, carried=found.carried, paid=found.paid,
        carry=found.carry, settled_by=by, settled_at=at,
    )  # fmt: skip
    CommissionLine.objects.bulk_create(_line(made, one) for one in found.lines)
    CommissionCorrection.objects.bulk_create(
        CommissionCorrection(
            statement=made,
            of_id=one.statement,
            amount=one.amount,
            changes=[[change.campaign, str(change.was), str(change.now)] for change in one.changes],
        )
        for one in found.corrections
    )
    CommissionPart.objects.bulk_create(
        CommissionPart(
            statement=made, person_id=one.sharer.person, percent=one.sharer.percent, amount=one.amount
        )
        for one in found.parts
    )
    return made


def _line(made, one):
    effect, scope = one.effect, one.scope
    told = {name: getattr(effect, name) if effect else None for name in ("estimate", "low", "high")}
    return CommissionLine(
        statement=made, campaign=scope.campaign, kind=scope.kind, audience=scope.audience, first=scope.first, last=scope.last,
        since=scope.since, regions=list(scope.regions), segment=scope.segment, cancelled=one.cancelled, uncosted=one.uncosted, why=one.why,
        counted=one.counted, left_out=one.left_out, **told,
    )  # fmt: skip
