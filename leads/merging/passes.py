"""The passes of two contacts that become one: open ones are joined, the others follow one another."""

from django.db.models import Case, Exists, IntegerField, OuterRef, Value, When
from django.utils.translation import gettext, gettext_noop

from accounts import organisation
from accounts.models import Absence
from engine.copying import array
from leads import agreement, funnel, notices, ownership
from leads.clocks import clocks_of
from leads.merging.values import write
from leads.models import Handoff, Lead, Question
from leads.models.handoffs import HandoffEnd
from pipeline.models import FieldOwner
from pipeline.models.fields import CustomField
from pipeline.stages import Stage

IN_SALES = (Stage.SQL, Stage.DEAL)
MERGED = gettext_noop("Merged with another record of the same person.")
PARTED = gettext_noop("The merge was undone.")
# Which of two open passes goes on: the one that has come further.
FURTHEST = (Stage.DEAL, Stage.SQL, Stage.READY, Stage.MQL, Stage.NEW, Stage.NURTURE)
# What a pass waits for: over while it is part of another, and given back by undo.
WAITS = ("route_at", "pooled_at", "wake_at", "desk_due_at")
MOVE = """
UPDATE leads_lead l SET contact_id = %(to)s, cycle = n.cycle, updated_at = clock_timestamp()
FROM (
  SELECT id, row_number() OVER (ORDER BY cycle, id)
    + (SELECT coalesce(max(cycle), 0) FROM leads_lead WHERE contact_id = %(to)s) AS cycle
  FROM leads_lead WHERE contact_id = %(since)s
) n
WHERE l.id = n.id
"""
BACK = """
UPDATE leads_lead l SET contact_id = %(to)s, cycle = was.cycle, updated_at = clock_timestamp()
FROM unnest(%(leads)s::bigint[], %(cycles)s::int[]) AS was(id, cycle)
WHERE l.id = was.id AND l.contact_id = %(since)s
"""


def lock(cursor, contact_ids):
    """Wait for every pass of these contacts, in the order of ids."""
    ids = list(Lead.objects.filter(contact__in=contact_ids).values_list("pk", flat=True))
    ownership.lock_leads(cursor, ids)


def join(cursor, survivor_id, gone_id, at):
    """Make one pass of the open ones and hang all of `gone`'s passes on `survivor`. Returns what the journal keeps.

    The handoff of the pass that ends with it is ended: the person is in one rep's hands.
    """
    kept: dict[str, list | dict] = {"joined": [], "handoffs": [], "followers": [], "values": [], "told": {}}
    running = list(
        _in_order(Lead.objects.running().filter(contact__in=(survivor_id, gone_id), merged_into=None))
    )
    if len(running) == 2:
        stays, goes = running
        ended = list(Handoff.objects.open().filter(lead=goes).values_list("pk", flat=True))
        ownership.end(cursor, ended, HandoffEnd.RELEASED, at=at, note=MERGED)
        kept["told"] = _unlike(stays, goes)
        kept["values"] = _filled_in(stays, goes) + write(goes, dict.fromkeys(WAITS))
        followers = Lead.objects.filter(merged_into=goes)
        kept["followers"] = sorted(followers.values_list("pk", flat=True))
        Lead.objects.filter(pk__in=[*kept["followers"], goes.pk]).update(merged_into=stays)
        kept |= {"joined": [[goes.pk, stays.pk]], "handoffs": ended}
    kept["cycles"] = {
        str(lead): cycle for lead, cycle in Lead.objects.filter(contact=gone_id).values_list("pk", "cycle")
    }
    cursor.execute(MOVE, {"since": gone_id, "to": survivor_id})
    return kept


def _in_order(leads):
    """The pass that goes on first: furthest in the funnel, held by a rep, the older one."""
    place = Case(
        *(When(stage=stage, then=Value(n)) for n, stage in enumerate(FURTHEST)), output_field=IntegerField()
    )
    held = Case(
        When(Exists(Handoff.objects.open().filter(lead=OuterRef("pk"))), then=Value(0)), default=Value(1)
    )
    return leads.annotate(place=place, held=held).order_by("place", "held", "captured_at", "pk")


def _filled_in(stays, goes):
    """What the pass that goes on learns from the other: answers, attributes, a raised hand, facts it lacks."""
    changes = {"attributes": {**goes.attributes, **stays.attributes}, "answers": _answers(stays, goes)}
    for name in ("campaign_id", "segment_id", "region_id", "product_id", "grade", "owner_text"):
        if getattr(stays, name) in ("", None):
            changes[name] = getattr(goes, name)
    raised = [lead.hand_raised_at for lead in (stays, goes) if lead.hand_raised_at]
    if raised:
        changes["hand_raised_at"] = max(raised)
    return write(stays, changes)


def _unlike(stays, goes):
    """{label: value} of what the pass that ends knew otherwise than the one that goes on: answers, attributes, own fields."""
    answers, own = (
        _otherwise(getattr(stays, name), getattr(goes, name)) for name in ("answers", "attributes")
    )
    texts = dict(Question.objects.filter(code__in=answers).values_list("code", "text")) if answers else {}
    names = CustomField.objects.filter(on=FieldOwner.LEAD, code__in=own).values_list("code", "name")
    labels = dict(names) if own else {}
    told = {gettext(texts.get(code, code)): answer for code, answer in answers.items()}
    return told | {labels.get(name, name): value for name, value in own.items()}


def _otherwise(stands, comes):
    known = {name: value for name, value in comes.items() if value not in ("", None)}
    return {
        name: value
        for name, value in known.items()
        if stands.get(name) not in ("", None) and stands[name] != value
    }


def _answers(stays, goes):
    known = {code: answer for code, answer in stays.answers.items() if answer}
    return {**goes.answers, **stays.answers, **known}


def part(cursor, merge, at):
    """Hang each pass on its own contact again and take joined ones apart. Handoffs go back to whoever held them.

    What was offered is offered to the same rep again, who loses no turn by it, and with a new clock.
    """
    kept = merge.moved
    leads = [int(lead) for lead in kept["cycles"]]
    cycles = list(kept["cycles"].values())
    cursor.execute(BACK, {"leads": leads, "cycles": cycles, "since": merge.survivor_id, "to": merge.gone_id})
    for goes, stays in kept["joined"]:
        Lead.objects.filter(pk=goes, merged_into=stays).update(merged_into=None, updated_at=at)
        Lead.objects.filter(pk__in=kept["followers"]).update(merged_into=goes)
    lost = Handoff.objects.filter(pk__in=kept["handoffs"], rep__is_active=True)
    for handoff in lost.select_related("lead__campaign", "rep__team", "agreement"):
        if handoff.accepted_at and handoff.lead.stage in IN_SALES:
            ownership.resume(cursor, handoff, at)
        elif not handoff.accepted_at and handoff.lead.stage == Stage.READY:
            _offer_again(cursor, handoff, at)
    _route_again([goes for goes, _stays in kept["joined"]], at)


def _offer_again(cursor, handoff, at):
    """Ask the rep again who had been asked before the merge; not whoever is absent, nor in the shadow week."""
    away = Absence.objects.filter(rep__user=handoff.rep, during__contains=at).exists()
    if away or organisation.in_shadow(at):
        return
    in_force = agreement.in_force()
    made = ownership.take_one(
        cursor,
        handoff.lead,
        handoff.rep,
        kind=handoff.kind,
        because=handoff.because,
        agreement=in_force,
        at=at,
        clocks=clocks_of(handoff.rep, in_force, at),
        by=handoff.offered_by,
    )
    notices.offered(array([made]))


def _route_again(lead_ids, at):
    """Passes that stand at ready, or with sales in nobody's hands, look for their rep."""
    free = Lead.objects.filter(pk__in=lead_ids).exclude(handoffs__in=Handoff.objects.open())
    funnel.advance(
        list(free.filter(stage=Stage.SQL).values_list("pk", flat=True)), Stage.READY, reason=PARTED, at=at
    )
    free.filter(stage=Stage.READY).update(route_at=at)
