"""Disputes over owners, missed clocks and who brought a deal: argued by both sides, each by a clause of the agreement.

Argument and rule decide, never rank or sales figures (capability 54): neither is shown, and none is asked for. Heads,
arbiter, term and default are those of disputed returns; what was decided is carried out (`leads.settling`) and kept as a
precedent for similar ones.
"""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Role
from accounts.visibility import colleague_ids
from leads import arbitration, clauses, notices, settling
from leads.disputes import NotNow, heads, speaks_for
from leads.models import OUTCOMES, Case, CaseKind, CaseOutcome, CaseRuling, Decider, Handoff, Lead
from leads.terms import in_force
from pipeline.models import Company, Deal
from pipeline.stages import Stage

PRECEDENTS, MOST, MANY = 5, 100, 20
LATELY = timedelta(days=30)  # for as long a rep finds what went to somebody else
SEEN = (
    "lead__contact", "deal", "company", "handoff__lead__contact", "holder", "claimant", "agreement", "opened_by", "answered_by",
)  # fmt: skip


def may_ask_for(user, claimant):
    """Whether the user may ask for it for somebody: a rep only for themselves."""
    return claimant == user or user.role != Role.SALES or bool(user.head_of)


def over_owner(thing, *, claimant, argument, rule, by, at):
    """Dispute whose a lead, an open deal or a company is, and for whom it is asked. Returns the Case. Raises NotNow."""
    owner = _owner(thing)
    if owner is None:
        raise NotNow(_("Nobody owns it: there is nothing to dispute."))
    if owner == claimant:
        raise NotNow(_("It is theirs already."))
    about = {type(thing).__name__.lower(): thing}
    if handed := _handed(thing):
        about["agreement"] = handed.agreement  # its terms held when it was handed over
    return _open(
        CaseKind.OWNER,
        about,
        argument,
        rule,
        by,
        at,
        holder=owner,
        claimant=claimant,
        asked=CaseOutcome.MOVES,
    )


def over_clock(handoff, clock, *, argument, rule, by, at):
    """Dispute that a clock of a handoff was missed: "it was not late because …". Returns the Case. Raises NotNow."""
    due = settling.missed(handoff, clock, at)
    if due is None:
        raise NotNow(_("This clock was not missed."))
    about = {"handoff": handoff, "clock": clock, "due_at": due, "agreement": handoff.agreement}
    return _open(
        CaseKind.CLOCK, about, argument, rule, by, at, holder=handoff.rep, asked=CaseOutcome.EXCUSED
    )  # fmt: skip


def over_origin(deal, asked, *, argument, rule, by, at):
    """Dispute who brought a deal: marketing, sales or both. Returns the Case. Raises NotNow."""
    if asked not in OUTCOMES[CaseKind.ORIGIN] or asked == CaseOutcome.STANDS:
        raise NotNow(_("Say who brought it."))
    return _open(CaseKind.ORIGIN, {"deal": deal}, argument, rule, by, at, holder=deal.owner, asked=asked)


def had(user, thing):
    """Whether a lead or deal was in the user's own hands, or on offer to them: that is what proves an interest in it."""
    of = {Lead: "lead", Deal: "lead__deal"}.get(type(thing))
    return of is not None and Handoff.objects.filter(**{of: thing}, rep=user).exists()


def gone(user, at):
    """Handoffs of the user, each lead's last, the newest first, that ended lately where another has by now what the user does not see."""
    ended = Handoff.objects.filter(rep=user, ended_at__gt=at - LATELY, lead__owner__isnull=False)
    seen = Lead.objects.visible_to(user).filter(pk=OuterRef("lead"))
    last = ended.filter(~Exists(seen), lead__ended_at=None, lead__merged_into=None).exclude(
        lead__stage=Stage.WON
    )
    last = (
        last.order_by("lead", "-ended_at", "-pk")
        .distinct("lead")
        .select_related("lead__contact", "lead__owner")
    )
    return sorted(last, key=lambda one: (one.ended_at, one.pk), reverse=True)[:MANY]


def _handed(thing):
    """The open handoff by which a lead, or that of a deal, is in somebody's hands, or None."""
    of = {Lead: "lead", Deal: "lead__deal"}.get(type(thing))
    held = Handoff.objects.open().select_related("agreement").order_by("-pk")
    return held.filter(**{of: thing}).first() if of else None


def _owner(thing):
    if isinstance(thing, Company):
        return thing.sales_owner
    over = thing.closed_at if isinstance(thing, Deal) else thing.ended_at or thing.stage == Stage.WON
    if over:
        raise NotNow(_("It is closed: it keeps its owner."))
    return thing.owner


def _open(kind, about, argument, rule, by, at, **fields):
    if by.side is None:
        raise NotNow(_("Marketing or sales disputes it."))
    _insist(rule)
    said = {"agreement": in_force(), **about, **fields}
    try:
        with transaction.atomic():
            made = Case.objects.create(
                kind=kind, track=by.side, opened_by=by, opened_at=at, argument=argument.strip(), rule=rule,
                rule_by=arbitration.term(at), **said,
            )  # fmt: skip
            notices.argued(made, (heads() | {made.holder_id}) - {None, by.pk}, at)
    except IntegrityError:
        raise NotNow(_("This is disputed already: each side says its word there, once.")) from None
    return made


def may_answer(case, user):
    """Whether the other side's word is this user's: whose it is, their manager, or the other track."""
    if not case.is_open or case.answered_at or user.side is None:
        return False
    if user.pk in (case.opened_by_id, case.claimant_id):
        return False
    leads_holder = user.role == Role.MANAGER and case.holder_id in colleague_ids(user)
    theirs = case.kind == CaseKind.OWNER and (user.pk == case.holder_id or leads_holder)
    return theirs or user.side != case.track


def answer(case, text, *, rule, by, at):
    """The other side's argument and the clause it rests on, once; the heads are told. Raises NotNow."""
    _insist(rule)
    if not may_answer(case, by):
        raise NotNow(_("The other side answers."))
    with transaction.atomic():
        fresh = Case.objects.filter(pk=case.pk, answered_at=None, decided_at=None)
        if not fresh.update(answered_by=by, answered_at=at, answer=text.strip(), answer_rule=rule):
            raise NotNow(_("It has been answered or decided already."))
        notices.argued(case, heads(), at, step="answered")


def rule_on(case, outcome, *, rule, why, by, at):
    """A head's ruling; the second one that says the same decides, and is carried out with it; the arbiter's decides alone.

    Returns whether the dispute is decided now. Raises NotNow, or handoffs.Refused when it cannot be carried out.
    """
    tracks = [""] if arbitration.decides(case, by) else speaks_for(by)
    if not tracks:
        raise NotNow(_("The heads of marketing and of sales rule."))
    if outcome not in OUTCOMES[case.kind]:
        raise NotNow(_("This dispute cannot end so."))
    _insist(rule)
    with transaction.atomic():
        settling.hold(case)
        fresh = _locked().get(pk=case.pk)
        if not fresh.is_open:
            raise NotNow(_("It is decided: the decision holds."))
        CaseRuling.objects.bulk_create(
            CaseRuling(case=fresh, track=track, by=by, at=at, outcome=outcome, rule=rule, why=why.strip())
            for track in tracks
        )
        said = dict(fresh.rulings.order_by("pk").values_list("track", "outcome"))
        arbiter = said.pop("", None)
        if not arbiter and (len(said) < 2 or len(set(said.values())) > 1):
            return False
        _decide(fresh, outcome, Decider.ARBITER if arbiter else Decider.HEADS, by, at, rule, why.strip())
    return True


def _decide(case, outcome, decider, by, at, rule="", why=""):
    settling.settle(case, outcome, decider, by=by, at=at)
    held = {"held_rule": rule, "held_why": why}
    Case.objects.filter(pk=case.pk).update(decided_at=at, decided_by=decider, outcome=outcome, **held)
    told = {
        case.opened_by_id,
        case.answered_by_id,
        case.holder_id,
        case.claimant_id,
        arbitration.asked(case),
    } - {None}
    notices.argued(case, told, at, step="decided")


def close_due(at=None):
    """Pass what the heads have not agreed on in time to the arbiter, and close by the agreement's clause what nobody decided.

    Returns how many it looked at.
    """
    at = at or timezone.now()
    waiting = Case.objects.waiting().filter(rule_by__lte=at).order_by("rule_by", "pk")
    due = list(waiting.values_list("pk", flat=True)[:MOST])
    for pk in due:
        _close(pk, at)
    return len(due)


def _close(pk, at):
    with transaction.atomic():
        settling.hold(Case.objects.select_related("deal").get(pk=pk))
        case = _locked(skip_locked=True).filter(pk=pk, decided_at=None, rule_by__lte=at).first()
        if case is None:
            return
        if arbiter := arbitration.next_for(case):
            Case.objects.filter(pk=pk).update(passed_on_at=at, rule_by=arbitration.term(at))
            notices.argued(case, {arbiter.pk}, at, step="passed")
            return
        outcome = case.asked if arbitration.as_asked() else CaseOutcome.STANDS
        try:
            with transaction.atomic():
                _decide(case, outcome, Decider.CLAUSE, None, at)
        except settling.Refused:  # closed or let go meanwhile: it can only stay
            _decide(case, CaseOutcome.STANDS, Decider.CLAUSE, None, at)


def on(thing):
    """The disputes about a lead (and the clocks of its handoffs), a deal or a company, those not decided first."""
    about = Q(**{type(thing).__name__.lower(): thing})
    if isinstance(thing, Lead):
        about |= Q(handoff__lead=thing)
    return Case.objects.filter(about).select_related(*SEEN)


def precedents(case):
    """What heads or the arbiter decided in similar disputes: those by the same clause first, then of the same sort, the newest first."""
    sort = Q(clock=case.clock)
    for name in ("lead", "deal", "company"):
        sort &= Q(**{f"{name}__isnull": getattr(case, f"{name}_id") is None})
    decided = Case.objects.filter(kind=case.kind, decided_by__in=(Decider.HEADS, Decider.ARBITER))
    same_rule, same_sort = (
        ExpressionWrapper(which, BooleanField()) for which in (Q(held_rule=case.rule), sort)
    )
    return list(
        decided.exclude(pk=case.pk).order_by(same_rule.desc(), same_sort.desc(), "-decided_at", "-pk")[
            :PRECEDENTS
        ]
    )


def _insist(rule):
    if rule not in clauses.NAMES:
        raise NotNow(_("Name the clause of the agreement that it rests on."))


def _locked(**how):
    found = Case.objects.select_for_update(of=("self",), **how)
    return found.select_related("claimant", "handoff", "holder")
