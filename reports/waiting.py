"""Where leads wait now, and on whom: at the desk, for an offer, for an answer, for the first contact."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import drawing, reading
from reports.cells import cells, chosen_rows
from reports.forecast.said import within_sight
from reports.models import PassDay
from reports.models.base import NONE
from ui import formats
from ui.tables import Column, Table

PLACES = {
    "at_desk": gettext_lazy("MQL, to be made ready"),
    "not_offered": gettext_lazy("Ready, to be offered"),
    "unanswered": gettext_lazy("Offered, to be answered"),
    "untouched": gettext_lazy("Accepted, to be contacted"),
}  # each a list of reports.behind
MOST = 40


@dataclass(frozen=True)
class Waiting:
    """How many leads wait at a place on one person (`rep` None: on the desk), and since when the oldest does."""

    place: str
    rep: int | None
    name: str
    leads: int
    since: datetime | None


def parts(choice, user=None):
    """What `made` needs, for `reading.read`: of reps those whose work `user` (None: everybody) may see."""
    where, params = choice.narrow("d.")
    sight, seen = within_sight(user)
    return {
        **chosen_rows(choice),
        "desk": _desk(choice),
        "hands": (
            "SELECT CASE WHEN h.accepted_at IS NULL THEN 'unanswered' ELSE 'untouched' END AS place, h.rep_id AS rep, u.full_name AS name, "
            "count(*) AS leads, min(coalesce(h.accepted_at, h.offered_at)) AS since "
            "FROM leads_handoff h JOIN reports_countedoffer d ON d.handoff_id = h.id JOIN accounts_user u ON u.id = h.rep_id "
            f"WHERE h.ended_at IS NULL AND h.contacted_at IS NULL AND {where} AND {sight} "
            "GROUP BY 1, 2, 3 ORDER BY 1, count(*) DESC, 2 LIMIT %s",
            [*params, *seen, MOST],
        ),
    }


def _desk(choice):
    """What is in nobody's hands, by place. Of people it is what they hold today all the same, whoever took it before."""
    if choice.owners is None:
        days, narrow = cells(PassDay, choice)
        flows = f"{days} WHERE flow IN ('at_desk', 'not_offered')"
    else:
        where, narrow = choice.narrow("d.", people=False)
        held = (
            "l.owner_id = ANY(%s)"  # by the index of owners and stages: what waits elsewhere is not looked at
        )
        if NONE in choice.owners:
            held = f"({held} OR l.owner_id IS NULL)"
        flows = (
            "(SELECT waits AS flow, 1 AS n, CASE waits WHEN 'at_desk' THEN coalesce(mql_on, captured_on) "
            "ELSE coalesce(ready_on, captured_on) END AS day FROM reports_countedpass d JOIN leads_lead l ON l.id = d.lead_id "
            f"WHERE waits <> '' AND {where} AND {held} AND l.stage IN ('mql', 'ready')) AS held WHERE true"
        )
        narrow = [*narrow, choice.owners]
    return (
        "SELECT flow AS place, sum(n)::bigint AS leads, "
        "(min(day) FILTER (WHERE n > 0))::timestamp AT TIME ZONE (SELECT zone FROM accounts_organisation) AS since "
        f"FROM {flows} GROUP BY flow HAVING sum(n) > 0 ORDER BY flow",
        narrow,
    )


def made(rows):
    """[Waiting] from the rows that `parts` asked for, in the order of the funnel."""
    desk = [
        Waiting(row["place"], None, "", row["leads"], reading.moment(row["since"])) for row in rows["desk"]
    ]
    hands = [
        Waiting(row["place"], row["rep"], row["name"], row["leads"], reading.moment(row["since"]))
        for row in rows["hands"]
    ]
    return [*desk, *hands]


def table(found, choice, at) -> Table:
    """Where leads wait, with the list of them."""
    rows = [
        {
            "place": str(PLACES[one.place]),
            "whom": one.name or _("The desk"),
            "leads": one.leads,
            "since": formats.ago(one.since, at),
            "since_exact": one.since and timezone.localdate(one.since),
            "href": drawing.address(one.place, choice, **({"rep": one.rep} if one.rep else {})),
        }
        for one in found
    ]
    return Table(
        rows,
        [
            Column("place", gettext_lazy("Where"), href="href"),
            Column("whom", gettext_lazy("On whom")),
            Column("leads", gettext_lazy("Leads"), "number"),
            Column("since", gettext_lazy("The oldest since")),
        ],
        _("Where leads wait, and on whom"),
        cards=True,
        empty=_("Nobody waits for anything."),
    )
