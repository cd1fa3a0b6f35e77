"""The turns of routing behind the offers of the last weeks, so that the ledger and each offer can say why.

The story tells pass by pass and asks who is next without looking ahead; told in the order of time, some of its offers are no
turns: the rep had the lead before, or would get more than a fair share. Those were given by hand, as a team lead does.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from accounts.models import RepKind, RepProfile
from leads import because
from leads.assignment import turns
from leads.fairness import SPAN
from leads.models import AssignmentRule, AssignmentRun, Handoff, RuleTurn

NEAR = 0.9  # of a lead: so far from fair a turn may leave a rep, for leads cannot be cut into parts
TRIED = ("expired", "returned")


@dataclass
class Day:
    """One run of a rule: the offers of a day to whoever could have had them, and the parts of each by grade."""

    able: list
    turn: dict
    offers: list = field(default_factory=list)
    parts: dict = field(default_factory=lambda: defaultdict(lambda: defaultdict(float)))

    def dealt(self):
        """As a run keeps it, better grades first: nobody was kept up with."""
        grades = [offer.grade for offer in self.offers]
        return [
            [
                self.able,
                grade,
                grades.count(grade),
                {},
                {str(pk): round(part, 6) for pk, part in self.parts[grade].items()},
                {},
            ]
            for grade in sorted(self.parts)
        ]


class Ledger:
    """Where the reps of one rule stand, in turns and in leads that could be cut into parts."""

    def __init__(self, reps):
        self.standings = {pk: turns.Standing(pk, float(rep.weight), 0.0, 1, 0) for pk, rep in reps.items()}
        self.weighed: set = set()
        self.shared: set = set()  # who had a share of what was dealt last

    def turn_of(self, offer, able):
        """The parts of one lead among those who are `able`, if it may have been its rep's turn, which moves them on; else None."""
        line = [self.standings[pk] for pk in able]
        before = [one.fair for one in line]
        parts = turns.pour(line, 1) if offer.rep_id in able else {}
        rep = self.standings[offer.rep_id]
        rep.turn += 1 / rep.weight
        if parts and all(abs(one.turn - one.fair) * one.weight <= NEAR for one in line):
            self.weighed |= set(able)
            self.shared = set(parts)
            return parts
        rep.turn -= 1 / rep.weight
        for one, fair in zip(line, before, strict=True):
            one.fair = fair
        return None


def tell(desk):
    """The runs behind the offers of the last weeks: one for each rule, day and set of reps; and what was given by hand.

    Each rule leaves its reps where its next run finds them.
    """
    reps = {rep.user_id: rep for rep in RepProfile.objects.select_related("user__team__head")}
    offers = Handoff.objects.filter(offered_at__gte=desk.at - SPAN, because=because.TURN, rep__in=reps)
    offers = list(offers.select_related("lead").order_by("offered_at", "pk"))
    hunters, tried = _hunters(), _tried(offers)
    rules = dict(AssignmentRule.regions.through.objects.values_list("region", "assignmentrule"))
    ledgers, days, by_hand = {}, {}, []
    for offer in offers:
        region = offer.lead.region_id
        ledger = ledgers.setdefault(rules.get(region), Ledger(reps))
        able = sorted(hunters[region] - tried[offer.pk])
        day = days.setdefault(
            (region, offer.offered_at.date(), *able),
            Day(able, {pk: ledger.standings[pk].turn for pk in able}),
        )
        parts = ledger.turn_of(offer, able)
        if parts is None:
            offer.because, offer.offered_by = because.CHOSEN, reps[offer.rep_id].user.team.head
            by_hand.append(offer)
            continue
        day.offers.append(offer)
        for pk, part in parts.items():
            day.parts[offer.grade][pk] += part
    _keep({key: day for key, day in days.items() if day.offers}, reps, rules)
    _leave(ledgers)
    Handoff.objects.bulk_update(by_hand, ["because", "offered_by"], batch_size=500)


def _hunters():
    """{region id: the hunters of it who are here}."""
    found = defaultdict(set)
    here = RepProfile.objects.filter(kind=RepKind.HUNTER, accepting=True)
    for user, region in here.values_list("user", "regions"):
        found[region].add(user)
    return found


def _tried(offers):
    """{offer id: the reps who had its lead before and returned it or let it run out}."""
    had, tried = defaultdict(set), {}
    leads = {offer.lead_id for offer in offers}
    rows = Handoff.objects.filter(lead__in=leads).order_by("offered_at", "pk")
    for pk, lead, rep, end in rows.values_list("pk", "lead", "rep", "end"):
        tried[pk] = set(had[lead])
        if end in TRIED:
            had[lead].add(rep)
    return tried


def _keep(days, reps, rules):
    """Store the runs, and in each offer which run and rank it had. `rules` is {region id: rule id}."""
    names = dict(AssignmentRule.objects.values_list("pk", "name"))
    placed = []
    for (region, *_key), day in days.items():
        run = AssignmentRun.objects.create(
            rule_id=rules.get(region), rule_name=names.get(rules.get(region), ""), at=day.offers[0].offered_at, offered=len(day.offers), dealt=day.dealt(),
            candidates=[
                {"rep": pk, "weight": float(reps[pk].weight), "open": reps[pk].open_n, "capacity": reps[pk].capacity,
                 "turn": day.turn[pk], "hindrance": ""}
                for pk in day.able
            ],
        )  # fmt: skip
        for rank, offer in enumerate(sorted(day.offers, key=lambda one: one.grade), 1):
            offer.run, offer.rank = run, rank
            placed.append(offer)
    Handoff.objects.bulk_update(placed, ["run", "rank"], batch_size=500)


def _leave(ledgers):
    """Keep where the reps of each rule stand after the last of its runs."""
    RuleTurn.objects.bulk_create(
        RuleTurn(
            rule_id=rule,
            rep_id=pk,
            fair=one.fair,
            owed=(one.fair - one.turn) * one.weight,
            shared=pk in ledger.shared,
        )
        for rule, ledger in ledgers.items()
        for pk, one in ledger.standings.items()
        if pk in ledger.weighed
    )
