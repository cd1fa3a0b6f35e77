"""Whom a run of routing weighed for an offer, and why it went to this rep: what the page and the API tell."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from leads.assignment.ruling import OFF

ELSEWHERE = "elsewhere"  # free, but of another territory or kind, or had the lead before


@dataclass(frozen=True)
class Candidate:
    """A rep who was weighed. `behind`: leads by which the rep had got less than the others who could have had this one,
    when the run began; None for those who could not. `hindrance`: empty, gone, closed, absent, full, ELSEWHERE, or of those
    in reach “preferred” (others come first by the rule) or “off” (others were at work)."""

    rep: int
    name: str
    weight: float
    open: int
    capacity: int
    hindrance: str
    behind: float | None
    got: bool


@dataclass(frozen=True)
class Weighed:
    """The run behind an offer: its rule (None: whatever met none), the offer's `rank` among `offered`, the candidates as they
    stood in the turns of that rule.

    Those who could have had the lead first, whoever was furthest behind at the top.
    """

    at: datetime
    rule: str | None
    rank: int
    offered: int
    candidates: list[Candidate]


def weighed(handoff) -> Weighed | None:
    """The Weighed of a handoff; None where no turns were weighed (account owner, joined, by hand, own find …)."""
    run = handoff.run
    if run is None:
        return None
    who, _grade, _count, *rest = group_of(run.dealt, handoff.rank)
    able, passed_over = set(who), rest[0] if rest else None
    turns = {one["rep"]: (one["weight"], one["turn"]) for one in run.candidates if one["rep"] in able}
    width = sum(weight for weight, _turn in turns.values())
    level = sum(weight * turn for weight, turn in turns.values()) / width if width else 0
    names = dict(
        User.objects.filter(pk__in=[one["rep"] for one in run.candidates]).values_list("pk", "full_name")
    )
    found = [
        Candidate(
            one["rep"],
            names.get(one["rep"], ""),
            one["weight"],
            one["open"],
            one["capacity"],
            "" if one["rep"] in able else _hindrance(one, passed_over),
            one["weight"] * (level - one["turn"]) if one["rep"] in able else None,
            one["rep"] == handoff.rep_id,
        )
        for one in run.candidates
    ]
    found.sort(key=lambda one: (bool(one.hindrance), -(one.behind or 0), one.name))
    return Weighed(
        run.at, run.rule.name if run.rule else run.rule_name or None, handoff.rank, run.offered, found
    )


def _hindrance(candidate, passed_over):
    """Why a candidate could not have the lead. Being off work hinders only who is in reach: it never hides ELSEWHERE.

    `passed_over` is None for runs of former releases, which did not keep who was in reach.
    """
    stored = candidate["hindrance"]
    if passed_over is None:
        return stored or ELSEWHERE
    return passed_over.get(str(candidate["rep"])) or (ELSEWHERE if stored in ("", OFF) else stored)


def group_of(dealt, rank):
    """The group of `AssignmentRun.dealt` that the offer of this rank came of; an empty one where there is none."""
    reached = 0
    for group in dealt:
        reached += group[2]
        if rank <= reached:
            return group
    return [[], "", 0]
