"""The desk's work on many leads: what a verb would do, taking it back, and whom a lead may be a second record of."""

from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from leads import funnel, handoffs, terms
from leads.models import Lead
from pipeline.models import Contact
from pipeline.stages import GATES, Stage

UNDONE = gettext_noop("Taken back at the desk")
# How a move is taken back: the chain from where the lead was put to where it was. What is not here stays.
WAY_BACK = {
    (Stage.READY, Stage.MQL): (Stage.MQL,),
    (Stage.NURTURE, Stage.MQL): (Stage.MQL,),
    (Stage.DISQUALIFIED, Stage.NEW): (Stage.NEW,),
    (Stage.DISQUALIFIED, Stage.MQL): (Stage.NEW, Stage.MQL),
}
MOST_ALIKE = 4


@dataclass(frozen=True)
class Forecast:
    """What a move of chosen leads would do: leads that move, and (lead, why) of those that stay."""

    moving: list = field(default_factory=list)
    staying: list = field(default_factory=list)


def forecast(lead_ids, to):
    """The Forecast of moving leads to a stage at the desk. Nothing is changed."""
    leads = Lead.objects.filter(pk__in=lead_ids).select_related("contact__company").order_by("pk")
    missing = terms.unready(lead_ids, confirmed=True) if to == Stage.READY else {}
    moving, staying = [], []
    for lead in leads:
        if (lead.stage, to) not in GATES:
            stage = Stage(lead.stage).label
            staying.append((lead, _("From “%(stage)s” it does not go there.") % {"stage": stage}))
        elif lead.pk in missing:
            staying.append((lead, missing[lead.pk]))
        else:
            moving.append(lead)
    return Forecast(moving, staying)


def stages_of(lead_ids):
    """{stage: [lead ids]} as they stand, for taking a move back."""
    found = {}
    for pk, stage in Lead.objects.filter(pk__in=lead_ids).order_by("pk").values_list("pk", "stage"):
        found.setdefault(stage, []).append(pk)
    return found


def undoable(to, before):
    """Whether anything of a move to `to` from the stages of `before` can be taken back."""
    return any((to, stage) in WAY_BACK for stage in before)


def take_back(to, before, *, by, at):
    """Put leads back to the stages of `before` ({stage: [ids]}) as far as they still stand at `to`. Returns how many.

    An offer that was made meanwhile is taken from the rep; what a rep has accepted stays.
    """
    count = 0
    for stage, ids in before.items():
        here = list(Lead.objects.filter(pk__in=ids, stage=to).order_by("pk").values_list("pk", flat=True))
        chain = WAY_BACK.get((to, stage), ())
        for step in chain:
            here = _step_back(here, step, by, at)
        count += len(here) if chain else 0
    return count


def _step_back(lead_ids, step, by, at):
    """The ids of those that took the step; whatever hands they are in lets go of them."""
    if step == Stage.NEW:
        return funnel.advance(lead_ids, step, actor=by, reason=UNDONE, at=at, disqualified_because="").moved
    return handoffs.set_aside(lead_ids, step, by=by, reason=UNDONE, at=at).moved


def alike(contact):
    """Other contacts who may be the same person: of the same name, or of the same family at the same company."""
    same = Q()
    if len(contact.full_name) > 1:
        same |= Q(full_name__iexact=contact.full_name)
    if contact.company_id and contact.family_name:
        same |= Q(company=contact.company_id, family_name__iexact=contact.family_name)
    if not same:
        return []
    others = Contact.objects.surviving().filter(same).exclude(pk=contact.pk).select_related("company")
    return list(others.order_by("pk")[:MOST_ALIKE])
