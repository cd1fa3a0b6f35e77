"""Disputes over owners and clocks: a late contact that both heads excused, an account that stays, a lead still argued about."""

from datetime import timedelta

from django.db.models import F

from accounts.models import Track
from leads import arbitration, terms
from leads.models import Case, CaseKind, CaseOutcome, CaseRuling, Decider, Handoff
from pipeline.models import Company

RULES = (
    ("contact_minutes", "around_the_clock"),
    ("protection_days", "farmer_days"),
    ("collision_days", "cooling_days"),
)


def tell(desk):
    """What the firm has argued about in the last weeks, as far as its story has such a thing."""
    past = Handoff.objects.filter(kind="new", contacted_at__lt=desk.at - timedelta(days=2))
    late = past.filter(contacted_at__gt=F("contact_due_at")).select_related("rep")
    late = late.order_by("-contacted_at", "-pk").first()
    if late:
        about = {"handoff": late, "clock": "contact", "due_at": late.contact_due_at, "holder": late.rep}
        _decided(desk, 0, CaseKind.CLOCK, late.rep, late.contacted_at, CaseOutcome.EXCUSED, **about)
        Handoff.objects.filter(pk=late.pk).update(contact_due_at=None)
    firm = (
        Company.objects.filter(sales_owner__in=desk.reps.values())
        .select_related("sales_owner")
        .order_by("-pk")
        .first()
    )
    if firm:
        other = _another(desk, firm.sales_owner)
        about = {"company": firm, "holder": firm.sales_owner, "claimant": other}
        _decided(desk, 1, CaseKind.OWNER, other, desk.at - timedelta(days=16), CaseOutcome.STANDS, **about)
    held = Handoff.objects.open().filter(
        kind="new", rep__in=desk.reps.values(), accepted_at__lt=desk.at - timedelta(days=1)
    )
    if one := held.select_related("lead", "rep").order_by("-accepted_at", "-pk").first():
        other = _another(desk, one.rep)
        about = {"lead": one.lead, "holder": one.rep, "claimant": other, "asked": CaseOutcome.MOVES}
        _argued(desk, 2, CaseKind.OWNER, other, desk.at - timedelta(hours=20), **about)


def _another(desk, rep):
    """The rep who asks for what this one has."""
    return next(user for code, user in desk.reps.items() if user != rep and code.startswith("rep"))


def _argued(desk, number, kind, by, at, **about):
    """Both sides have said their word."""
    argument, counter, _why = desk.house.world.words["cases"][number]
    rule, answer_rule = RULES[number]
    holds = about["holder"] if about["holder"] != by else desk.people["marketer"]
    return Case.objects.create(
        kind=kind, agreement=terms.in_force(), track=Track.SALES, opened_by=by, opened_at=at, argument=argument, rule=rule,
        answered_by=holds, answered_at=at + timedelta(hours=6), answer=counter, answer_rule=answer_rule,
        rule_by=arbitration.term(at), **about,
    )  # fmt: skip


def _decided(desk, number, kind, by, at, outcome, **about):
    """Argued, and ruled alike by both heads."""
    asked = CaseOutcome.EXCUSED if kind == CaseKind.CLOCK else CaseOutcome.MOVES
    why, rule = desk.house.world.words["cases"][number][2], RULES[number][0]
    done = at + timedelta(hours=40)
    held = {
        "decided_at": done,
        "decided_by": Decider.HEADS,
        "outcome": outcome,
        "held_rule": rule,
        "held_why": why,
    }
    case = _argued(desk, number, kind, by, at, asked=asked, **held, **about)
    heads = (("head.marketing", Track.MARKETING), ("head.sales", Track.SALES))
    CaseRuling.objects.bulk_create(
        CaseRuling(case=case, track=track, by=desk.people[code], at=done, outcome=outcome, rule=rule, why=why)
        for code, track in heads
    )
