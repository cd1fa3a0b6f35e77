"""Both sides of the agreement over a period: what marketing owed and delivered, how fast and persistent sales was.

The same figures as on the agreement's own page (`leads.standing`), from what the rollups keep of each month.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from accounts import organisation
from leads import crossings, owing, standing, terms
from pipeline.stages import Stage
from reports import answers, funnel, periods, reading
from reports.cells import cells
from reports.models import ReasonMonth
from reports.models.answers import Clock

PROMISES = ("answer", "contact", "persistence")
DESK = "desk"


@dataclass(frozen=True)
class Account:
    """One line of the account between the teams: what was owed and what was given, as counts.

    `side` is the one that owes it: marketing (accepted SQLs of grade B or better; `name` a segment, empty for all,
    `segment` its number, or standing.NONE for leads that have none; DESK: answers of the desk that fell due) or sales (promises that fell due; `name` one of PROMISES).
    """

    side: str
    name: str
    owed: int
    given: int
    segment: int | str | None = None

    @property
    def is_clock(self):
        """Whether it is a promise to answer or to try within a time: of sales, or DESK of marketing."""
        return self.side == "sales" or self.name == DESK

    @property
    def balance(self):
        """What was given over what was owed: a credit above nothing, a debit below."""
        return self.given - self.owed

    @property
    def share(self):
        """The share of what was owed that was given; None where nothing was."""
        return self.given / self.owed if self.owed else None


@dataclass(frozen=True)
class Reason:
    """Why offers came back, where such leads go, and whether that counts against marketing's quality."""

    id: int
    name: str
    to: str
    blames: bool
    offers: int


@dataclass(frozen=True)
class Sides:
    """The accounts of both sides, why offers came back, and the figures of the period by month.

    `since`: the first month in which marketing owes anything.
    """

    version: int
    since: date
    accounts: list[Account]
    offered: dict[str, tuple[int, int]]
    reasons: list[Reason]
    funnel: funnel.Funnel
    answers: answers.Answers

    def of(self, side):
        """The accounts of one side."""
        return [one for one in self.accounts if one.side == side]

    @property
    def answer(self):
        """The histogram of offer → answer."""
        return self.answers.clocks[Clock.ANSWER]

    @property
    def contact(self):
        """The histogram of accept → first human attempt."""
        return self.answers.clocks[Clock.CONTACT]


def sides(choice, at) -> Sides:
    """The Sides of a Choice in two statements; what is owed, by the versions of the agreement as they were in force."""
    agreement = terms.in_force()
    rows = reading.read({**funnel.parts(choice), **answers.parts(choice), **_parts(choice, at)})
    names = {row["id"]: (row["code"], row["name"]) for row in rows["segments"]}
    delivered = {row["segment"] or None: (row["accepted"], row["offered"]) for row in rows["delivered"]}
    since = since_when(rows, at)
    owing_now = owed(choice, rows, at)
    found = [owed_by_marketing(choice, rows, at)]
    for pk, (code, name) in names.items():
        due = round(owing_now[code])
        if due or delivered.get(pk, (0, 0))[0]:
            found.append(Account("marketing", name, due, delivered.get(pk, (0, 0))[0], pk))
    if names and delivered.get(None, (0, 0))[0]:
        found.append(Account("marketing", _("No segment"), 0, delivered[None][0], standing.NONE))
    found += _of_desk(rows, agreement) + promised(rows)
    return Sides(
        agreement.version,
        since,
        found,
        {names[pk][1] if pk in names else "": counts for pk, counts in delivered.items()},
        [
            Reason(row["id"], row["name"], row["destination"], row["blames"], row["offers"])
            for row in rows["reasons"]
        ],
        funnel.made(choice, rows),
        answers.made(choice, rows),
    )


def delivered_parts(choice):
    """What `owed_by_marketing` needs, for `reading.read`."""
    return {
        "since": (SINCE, []),
        "versions": (owing.VERSIONS, []),
        "delivered": (
            "SELECT segment, sum(accepted)::bigint AS accepted, sum(offered)::bigint AS offered FROM reports_deliverymonth "
            "WHERE month >= %s AND month < %s GROUP BY segment HAVING sum(accepted) <> 0 OR sum(offered) <> 0",
            [choice.period.first, choice.period.until],
        ),
    }


def owed_by_marketing(choice, rows, at):
    """The Account of all good SQLs that the versions of the agreement ask for in the period."""
    return Account(
        "marketing",
        "",
        round(owed(choice, rows, at)[""]),
        sum(row["accepted"] for row in rows["delivered"]),
    )


def crossed(choice):
    """The crossings.Counted of the period: contacts that the agreement leaves to the other track."""
    return crossings.count(*map(organisation.midnight, (choice.period.first, choice.period.until)))


def owed(choice, rows, at):
    """{segment code, "" for all: good SQLs owed so far} of the period, from the first month on in which anything is.

    What is owed grows with the days, and each version counts for as long as it was in force.
    """
    held, found = owing.in_turn(rows["versions"]), Counter()
    for month in _months(choice, since_when(rows, at)):
        start, end, _passed = standing.month_of(at, month)
        found.update(owing.owed(held, start, end, at))
    return found


def since_when(rows, at):
    """The month of the first agreement, or of the first delivery where that was earlier: nothing is owed before there is either."""
    (first,) = rows["since"]
    signed = organisation.today(reading.moment(first["signed"]) or at).replace(day=1)
    return min(signed, reading.day(first["delivered"]) or signed)


def _months(choice, since):
    first, last = (
        max(choice.period.first, since),
        min(choice.period.until, periods.shifted(choice.today.replace(day=1), 1)),
    )
    length = (last.year - first.year) * 12 + last.month - first.month
    return [periods.shifted(first, number) for number in range(max(length, 0))]


def promised_parts(choice, at):
    """What `promised` needs, for `reading.read`."""
    months = [choice.period.first, choice.period.until]
    return {
        "promises": (
            "SELECT promise, sum(due)::bigint AS due, sum(kept)::bigint AS kept FROM reports_promisemonth "
            "WHERE month >= %s AND month < %s GROUP BY promise",
            months,
        ),
        "early": (EARLY, [at, at, *months]),
    }


def promised(rows):
    """The accounts of sales: what fell due in the months, without what falls due later than now."""
    counts = {name: [0, 0] for name in PROMISES}
    for row in rows["promises"]:
        counts[row["promise"]] = [row["due"], row["kept"]]
    for row in rows["early"]:
        due, kept = counts[row["promise"]]
        counts[row["promise"]] = [due - row["due"], kept - row["kept"]]
    return [Account("sales", name, *counts[name]) for name in PROMISES]


def _of_desk(rows, agreement):
    """The account of the desk's answers, where it promised any."""
    (due,), (early,) = rows["desk"], rows["desk_early"]
    owed, given = due["due"] - early["due"], due["kept"] - early["kept"]
    promises = agreement.desk_minutes and agreement.sales_from != Stage.MQL
    return [Account("marketing", DESK, owed, given)] if owed or promises else []


# A row: a promise that falls due later than now, and how often it is kept already.
EARLY = """
SELECT one.promise, count(*) AS due, count(*) FILTER (WHERE one.kept) AS kept
FROM reports_countedpromise p JOIN leads_handoff h ON h.id = p.handoff_id
CROSS JOIN LATERAL (VALUES ('answer', h.answer_due_at, p.answer_on, p.answered), ('contact', h.contact_due_at, p.contact_on, p.contacted))
  AS one (promise, at, day, kept)
WHERE p.last_due_at >= %s AND one.at >= %s AND one.day >= %s AND one.day < %s GROUP BY one.promise
"""

# One row: when the first version was signed by both, and the first month with a delivery.
SINCE = """
SELECT (SELECT min(whole) FROM (SELECT max(at) AS whole FROM leads_agreementsignature GROUP BY agreement_id HAVING count(*) = 2) s) AS signed,
  (SELECT min(month) FROM reports_deliverymonth WHERE offered <> 0 OR accepted <> 0) AS delivered
"""


def _parts(choice, at):
    months = [choice.period.first, choice.period.until]
    reasons, narrow = cells(ReasonMonth, choice)
    return {
        **delivered_parts(choice),
        "segments": ("SELECT id, code, name FROM accounts_segment ORDER BY position, name, id", []),
        **promised_parts(choice, at),
        "desk": (
            "SELECT coalesce(sum(due), 0)::bigint AS due, coalesce(sum(kept), 0)::bigint AS kept FROM reports_deskmonth "
            "WHERE month >= %s AND month < %s",
            months,
        ),
        "desk_early": (
            "SELECT count(*) AS due, count(*) FILTER (WHERE kept) AS kept FROM reports_counteddesk "
            "WHERE due_at >= %s AND due_on >= %s AND due_on < %s",
            [at, *months],
        ),
        "reasons": (
            "SELECT r.id, r.name, r.destination, r.blames, sum(d.offers)::bigint AS offers "
            f"FROM (SELECT * FROM {reasons} WHERE month >= %s AND month < %s) AS d "
            "JOIN leads_returnreason r ON r.id = d.reason GROUP BY r.id "
            "HAVING sum(d.offers) > 0 ORDER BY sum(d.offers) DESC, r.name",
            [*narrow, *months],
        ),
    }
