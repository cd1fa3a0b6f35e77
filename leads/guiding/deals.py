"""What to do next with a deal."""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import organisation
from leads import usage
from leads.guiding import steps
from leads.guiding.steps import Guide
from leads.models import UsageSign
from pipeline.models import DealContactRole, Outcome
from ui import formats

MOVED = 2  # times


def of_deal(deal, *, by, at):
    """The Guide of an open deal, or None."""
    if deal.outcome != Outcome.OPEN:
        return None
    own, people = steps.of(by, deal=deal), Q(contact__deal_contacts__deal=deal)
    return (
        steps.complained(people, by)
        or _late(deal, at)
        or steps.promised(own, at)
        or _used_less(deal)
        or _nobody_decides(deal)
        or _moved(deal)
        or steps.planned(own, at)
        or Guide(
            "plan",
            _("Plan the next step."),
            _("Nothing is planned: a deal without a next step is often lost."),
        )
    )


def _late(deal, at):
    """It should have closed."""
    if deal.expected_close is None or deal.expected_close >= organisation.today(at):
        return None
    why = _("It was expected to close on %(day)s.") % {"day": formats.day(deal.expected_close)}
    return Guide("late", _("Close it, or agree a new date with the customer."), why, urgent=True)


def _used_less(deal):
    """What the customer has says something: it is what to talk about."""
    signs = UsageSign.objects.open().filter(unit__company=deal.company_id).select_related("unit__product")
    sign = deal.company_id and signs.order_by("-began_at", "-pk").first()
    if not sign:
        return None
    why = f"{sign.unit}: {usage.sentence(sign)}"
    return Guide("usage", _("Talk about how they use what they have."), why)


def _nobody_decides(deal):
    if deal.deal_contacts.filter(role=DealContactRole.DECIDES).exists():
        return None
    return Guide(
        "decides", _("Find out who decides, and add them."), _("None of its people is known to decide.")
    )


def _moved(deal):
    """Its day was put off again and again."""
    moves = deal.changes.filter(field="expected_close").exclude(before="").count()
    if moves < MOVED:
        return None
    why = ngettext("Its close date was moved %(n)s time.", "Its close date was moved %(n)s times.", moves)
    return Guide("moved", _("Ask what holds the decision."), why % {"n": moves})
