"""The turns of routing behind the offers of the last weeks, so that the ledger and each offer can say why."""

from collections import defaultdict
from datetime import timedelta

from accounts.models import RepProfile
from leads import because
from leads.assignment import turns
from leads.models import AssignmentRule, AssignmentRun, Handoff

SPAN = timedelta(days=35)  # the ledger looks back thirty days


def tell(desk):
    """The runs behind the offers of the last weeks: one for each rule and day."""
    reps = {rep.user_id: rep for rep in RepProfile.objects.select_related("user")}
    rules = {rule.team_id: rule for rule in AssignmentRule.objects.all()}
    offers = Handoff.objects.filter(offered_at__gte=desk.at - SPAN, because=because.TURN, rep__in=reps)
    offers = list(offers.select_related("rep", "lead").order_by("offered_at", "pk"))
    regions, days = defaultdict(set), defaultdict(list)
    for offer in offers:
        regions[offer.lead.region_id].add(offer.rep_id)
        rule = rules.get(offer.rep.team_id)
        days[rule and rule.pk, offer.lead.region_id, offer.offered_at.date()].append(offer)
    turn, placed = defaultdict(float), []
    standings = {pk: turns.Standing(pk, float(rep.weight), 0.0, len(offers), 0) for pk, rep in reps.items()}
    for (rule_id, region, _day), those in sorted(days.items(), key=lambda item: item[1][0].offered_at):
        able = sorted(regions[region])
        run = AssignmentRun.objects.create(
            rule_id=rule_id, at=those[0].offered_at, offered=len(those), dealt=_dealt(those, able, standings),
            candidates=[
                {"rep": pk, "weight": float(reps[pk].weight), "open": reps[pk].open_n, "capacity": reps[pk].capacity,
                 "turn": turn[pk], "hindrance": ""}
                for pk in able
            ],
        )  # fmt: skip
        for rank, offer in enumerate(sorted(those, key=lambda one: one.grade), 1):
            offer.run, offer.rank = run, rank
            turn[offer.rep_id] += 1 / float(reps[offer.rep_id].weight)
            placed.append(offer)
    Handoff.objects.bulk_update(placed, ["run", "rank"], batch_size=500)


def _dealt(offers, able, standings):
    """As a run keeps it: [[who could have had them], grade, how many, why not others, fair shares], better grades first."""
    grades = sorted(offer.grade for offer in offers)
    counts = {grade: grades.count(grade) for grade in grades}
    line = [standings[pk] for pk in able]
    shares = {grade: turns.pour(line, count) for grade, count in counts.items()}
    return [
        [able, grade, count, {}, {str(pk): round(part, 6) for pk, part in shares[grade].items()}]
        for grade, count in counts.items()
    ]
