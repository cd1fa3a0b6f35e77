"""Disputed returns: argued by both sides on one page, ruled by both heads, carried out once they agree.

Rule and argument decide, nobody's sales figures (capability 54). Heads who do not agree in time leave it to the arbiter whom
the agreement names, and what nobody decides to its clause (`leads.arbitration`): nothing stays open.
"""

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import Role, Track, User
from engine.hints import hint
from leads import arbitration, because, funnel, handoffs, notices, ownership
from leads.clocks import desk_due
from leads.handoffs.refusals import Refused, insist
from leads.models import Decider, Dispute, GoesTo, Handoff, Lead, Ruling
from leads.models.handoffs import HandoffEnd
from leads.scoring import teaching
from pipeline.stages import Stage, path

OVER = (Stage.DEAL, Stage.WON)
MOST = 50  # disputes that one look closes
DECIDED = gettext_noop("Decided by both heads")


class NotNow(ValueError):
    """This return cannot be disputed, argued or ruled on by this user now; the text says why."""


def speaks_for(user):
    """The tracks for which this user rules: the own as its head; an administrator for a track without a head."""
    is_admin = user.role == Role.ADMIN or user.is_superuser
    headed = set(User.objects.filter(is_active=True).exclude(head_of="").values_list("head_of", flat=True))
    return [track for track in Track if track == user.head_of or (is_admin and track not in headed)]


def open_dispute(handoff_id, argument, *, by, at):
    """Dispute a return of the other side with an argument; both heads are told. Returns the Dispute. Raises NotNow."""
    side = by.side
    if side is None:
        raise NotNow(_("Marketing or sales disputes a return."))
    with transaction.atomic():
        handoff = Handoff.objects.select_for_update(of=("self",)).get(pk=handoff_id)
        if handoff.end != HandoffEnd.RETURNED:
            raise NotNow(_("Only a return can be disputed."))
        if Dispute.objects.filter(handoff=handoff).exists():
            raise NotNow(_("This return is disputed already: each side says its word there, once."))
        if side == handoff.returned_for:
            raise NotNow(_("Your own side made this return: only the other side disputes it."))
        made = Dispute.objects.create(
            handoff=handoff, track=side, opened_by=by, opened_at=at, argument=argument.strip(),
            rule_by=arbitration.term(at),
        )  # fmt: skip
        notices.disputed(made, heads(), at)
    return made


def answer(dispute, text, *, by, at):
    """The other side's argument, once; both heads are told. Raises NotNow."""
    side = by.side
    if side is None or side == dispute.track:
        raise NotNow(_("The other side answers."))
    with transaction.atomic():
        fresh = Dispute.objects.filter(pk=dispute.pk, answered_at=None, decided_at=None)
        if not fresh.update(answered_by=by, answered_at=at, answer=text.strip()):
            raise NotNow(_("It has been answered or decided already."))
        notices.disputed(dispute, heads(), at, step="answered")


def rule(dispute, *, counts, goes_to, why, by, at):
    """A head's ruling; the second one that says the same decides, and is carried out with it.

    Returns whether the dispute is decided now. Raises NotNow, or handoffs.Refused when the lead cannot go there.
    """
    tracks = [""] if arbitration.decides(dispute, by) else speaks_for(by)
    if not tracks:
        raise NotNow(_("The heads of marketing and of sales rule."))
    with transaction.atomic():
        lead_id = Handoff.objects.filter(pk=dispute.handoff_id).values_list("lead_id", flat=True).get()
        with connection.cursor() as cursor:
            ownership.lock_leads(cursor, [lead_id])
        fresh = (
            Dispute.objects.select_for_update(of=("self",)).select_related("handoff__rep").get(pk=dispute.pk)
        )
        if not fresh.is_open:
            raise NotNow(_("It is decided: the decision holds."))
        Ruling.objects.bulk_create(
            Ruling(dispute=fresh, track=track, by=by, at=at, counts=counts, goes_to=goes_to, why=why.strip())
            for track in tracks
        )
        said = {ruling.track: (ruling.counts, ruling.goes_to) for ruling in fresh.rulings.order_by("pk")}
        arbiter = said.pop("", None)
        if not arbiter and (len(said) < len(Track) or len(set(said.values())) > 1):
            return False
        _decide(fresh, lead_id, counts, goes_to, Decider.ARBITER if arbiter else Decider.HEADS, by, at)
    hint("leads.tasks.assign")
    return True


def _decide(dispute, lead_id, counts, goes_to, decider, by, at):
    _send(dispute, lead_id, goes_to, decider, by, at)
    decided = {"decided_at": at, "decided_by": decider, "counts": counts, "goes_to": goes_to}
    Dispute.objects.filter(pk=dispute.pk).update(**decided)
    told = {
        dispute.opened_by_id,
        dispute.answered_by_id,
        dispute.handoff.rep_id,
        arbitration.asked(dispute),
    } - {None}
    notices.disputed(dispute, told, at, step="decided")


def close_due(at=None):
    """Pass what the heads have not agreed on in time to the arbiter, and close by the agreement's clause what nobody decided.

    Returns how many it looked at.
    """
    at = at or timezone.now()
    waiting = Dispute.objects.waiting()
    waiting.filter(rule_by=None).update(rule_by=arbitration.term(at))  # opened before there was a term
    due = list(waiting.filter(rule_by__lte=at).order_by("rule_by", "pk").values_list("pk", flat=True)[:MOST])
    for pk in due:
        _close(pk, at)
    return len(due)


def _close(pk, at):
    with transaction.atomic():
        found = Dispute.objects.select_for_update(of=("self",), skip_locked=True).select_related("handoff")
        dispute = found.filter(pk=pk, decided_at=None, rule_by__lte=at).first()
        if dispute is None:
            return
        if arbiter := arbitration.next_for(dispute):
            Dispute.objects.filter(pk=pk).update(passed_on_at=at, rule_by=arbitration.term(at))
            notices.disputed(dispute, {arbiter.pk}, at, step="passed")
            return
        counts = not arbitration.as_asked()  # whoever disputes a return asks that it does not count
        _decide(dispute, dispute.handoff.lead_id, counts, GoesTo.STAYS, Decider.CLAUSE, None, at)


def heads():
    """Whom disputes go to: the heads of both tracks, administrators where a track has none."""
    heads = dict(User.objects.filter(is_active=True).exclude(head_of="").values_list("pk", "head_of"))
    if set(heads.values()) == set(Track.values):
        return set(heads)
    return {*heads, *User.objects.filter(is_active=True, role=Role.ADMIN).values_list("pk", flat=True)}


def _send(dispute, lead_id, goes_to, decider, by, at):
    """Bring the lead, whose row is locked, to where the decision says. Raises Refused."""
    if goes_to == GoesTo.STAYS:
        return
    lead = Lead.objects.get(pk=lead_id)
    if lead.stage in OVER:
        raise Refused(_("The lead has a deal by now: it can only stay where it is."))
    if Handoff.objects.open().filter(lead=lead).exists():
        raise Refused(_("Somebody has the lead by now: it can only stay where it is."))
    if goes_to == GoesTo.OUT:
        if lead.stage != Stage.DISQUALIFIED:
            insist(handoffs.set_aside([lead_id], Stage.DISQUALIFIED, by=by, reason=DECIDED, at=at))
        return
    taught = teaching.taught_by([lead_id])
    _walk(lead, Stage.MQL if goes_to == GoesTo.DESK else Stage.READY, by, at)
    cleared = {
        "wake_at": None,
        "pooled_at": None,
        "desk_due_at": None,
        "route_at": None,
        "disqualified_because": "",
    }
    if goes_to == GoesTo.DESK:
        cleared["desk_due_at"] = desk_due(at)
    if goes_to == GoesTo.ROUTE:
        cleared["route_at"] = at
    Lead.objects.filter(pk=lead_id).update(**cleared, rounds=0)
    teaching.forget(taught)
    if goes_to == GoesTo.REP:
        handoffs.offer(lead_id, to=dispute.handoff.rep, by=by, at=at, because=because.RULED_BY[decider])


def _walk(lead, target, by, at):
    if lead.stage == target:
        return
    # Backwards the funnel knows the way itself; forwards it is walked step by step, each with its gate.
    direct = lead.stage == Stage.SQL or (lead.stage == Stage.READY and target == Stage.MQL)
    for stage in (target,) if direct else path(lead.stage, target):
        insist(funnel.advance([lead.pk], stage, actor=by, reason=DECIDED, at=at))
