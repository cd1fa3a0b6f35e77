"""The ledger of a choice: what stands on each side of each line, in one statement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal

from accounts import organisation
from leads.models.touches import TALKS
from pipeline.channels import BY_OTHERS, BY_SALES, Channel
from reports import reading, sides
from reports.cells import cells, chosen_rows
from reports.ledger.lines import LINES, MARKETING, SALES, Line
from reports.models import AnswerMonth, DealDay, FunnelMonth
from reports.models.deeds import NOTE, STEP
from reports.returns import of_campaigns
from reports.rollups.events import EARNED

HOUSE = "0"  # one key for all
# Whose side somebody takes, as accounts.models.people says it.
SIDE = (
    "coalesce(nullif(u.head_of, ''), CASE WHEN u.role = 'marketing' THEN 'marketing' "
    "WHEN u.role IN ('sales', 'manager') THEN 'sales' END)"
)


@dataclass(frozen=True)
class Entry:
    """What one side has on a line: `value`, `of` how many where it is a share."""

    value: Decimal | int
    of: int | None = None

    @property
    def share(self):
        """The share; None where nothing was owed."""
        return Decimal(self.value) / self.of if self.of else None


def ledger(choice, at) -> list[tuple[Line, dict[str, Entry]]]:
    """The lines of a Choice with the Entry of each side that has one; a line that its filters cannot narrow has none."""
    rows = reading.read(parts(choice, at))
    found = {**_passes(rows), **_done(rows), **_deals(rows), **_promises(rows)}
    return [
        (line, {side: found[line.name].get(side, Entry(0)) for side in line.lists} if line.known(choice) else {})
        for line in LINES
    ]  # fmt: skip


def moments(choice):
    """The first moment of the period, and the first after it, in the house's zone."""
    zone = organisation.zone()
    return [datetime.combine(one, time(), zone) for one in (choice.period.first, choice.period.until)]


def parts(choice, at):
    """What `ledger` reads, for `reading.read`."""
    days = [choice.period.first, choice.period.until]
    channels, narrow = cells(FunnelMonth, choice, "channel", only=("leads",))
    funnel, of_funnel = cells(FunnelMonth, choice)
    answers, of_answers = cells(AnswerMonth, choice)
    opened, of_opened = cells(DealDay, choice)
    within, campaigns = of_campaigns(choice)
    where, params = choice.narrow("d.")
    return {
        **chosen_rows(choice),
        "channels": (
            f"SELECT channel, sum(leads)::bigint AS n FROM {channels} WHERE month >= %s AND month < %s GROUP BY channel",
            [*narrow, *days],
        ),
        "funnel": (
            "SELECT coalesce(sum(readies), 0)::bigint AS ready, coalesce(sum(sqls), 0)::bigint AS sqls "
            f"FROM {funnel} WHERE month >= %s AND month < %s",
            [*of_funnel, *days],
        ),
        "answers": (
            "SELECT coalesce(sum(returned), 0)::bigint AS returned, coalesce(sum(in_time), 0)::bigint AS in_time, "
            f"coalesce(sum(due), 0)::bigint AS due FROM {answers} WHERE month >= %s AND month < %s",
            [*of_answers, *days],
        ),
        "opened": (
            f"SELECT flow AS side, sum(amount) AS amount FROM {opened} "
            "WHERE flow = ANY(%s) AND day >= %s AND day < %s GROUP BY flow",
            [*of_opened, [MARKETING, SALES], *days],
        ),
        "won": (WON.format(where=where), [*days, *params]),
        "lost": (LOST.format(where=where), [*days, *params]),
        "spend": (SPEND.format(where=within("m.campaign")), [*days, *campaigns]),
        "campaigns": (RUN.format(where=within("c.id")), [days[1], days[0], *campaigns]),
        "deeds": deeds(choice),
        "told": told(choice),
        **sides.promised_parts(choice, at),
    }


def of_people(choice):
    """The condition and parameters that pick people `u` of the choice's team and person, whatever else narrows it."""
    where, params = ["true"], []
    if choice.team is not None:
        where.append("coalesce(u.team_id, 0) = ANY(%s)")
        params.append(list(choice.team.ids))
    if choice.rep is not None:
        where.append("coalesce(u.id, 0) = ANY(%s)")
        params.append(list(choice.rep.ids))
    return " AND ".join(where), params


def deeds(choice, key=HOUSE):
    """The part that sums what was done, by side and deed, and by `key` of the person."""
    where, params = of_people(choice)
    join = "LEFT JOIN" if key == HOUSE else "JOIN"  # much is done by nobody in particular
    # Of the whole house only what has no track of its own needs to know whose it is.
    person = "person" if params or key != HOUSE else "CASE track WHEN '' THEN person END"
    return (
        f"SELECT {key} AS key, coalesce(nullif(d.track, ''), {SIDE}) AS side, d.deed, sum(d.n)::bigint AS n FROM ("
        f"SELECT track, deed, {person} AS person, sum(n) AS n FROM reports_deedday WHERE day >= %s AND day < %s GROUP BY 1, 2, 3"
        f") AS d {join} accounts_user u ON u.id = d.person WHERE {where} GROUP BY 1, 2, 3",
        [choice.period.first, choice.period.until, *params],
    )


def told(choice, key=HOUSE):
    """The part that counts what people said of campaigns, opportunities and decisions, by line and side, and by `key` of the person."""
    (where, params), span = of_people(choice), moments(choice)
    join = "LEFT JOIN" if key == HOUSE else "JOIN"
    return (
        f"SELECT {key} AS key, line, coalesce(nullif(side, ''), {SIDE}) AS side, count(*) AS n FROM ({TOLD}) AS said "
        f"{join} accounts_user u ON u.id = said.person WHERE {where} GROUP BY 1, 2, 3",
        [*span * TOLD.count(" >= "), *params],
    )


def by_side(rows, name):
    """{side: what the rows of each side sum to}"""
    found: dict[str, Decimal] = {}
    for row in rows:
        found[row["side"]] = found.get(row["side"], Decimal()) + Decimal(row[name] or 0)
    return found


def whole(sums: Mapping):
    """{side: Entry} of counts."""
    return {side: Entry(int(n)) for side, n in sums.items()}


def lines_done(deeds_of, told_of):
    """{line: {side: Entry}} of what was done and said."""
    touches = [one for one in deeds_of if one["deed"] not in (NOTE, STEP)]
    return {
        "notes": whole(by_side([one for one in deeds_of if one["deed"] == NOTE], "n")),
        "steps": whole(by_side([one for one in deeds_of if one["deed"] == STEP], "n")),
        "touches": whole(by_side(touches, "n")),
        "talks": whole(by_side([one for one in touches if one["deed"] in TALKS], "n")),
        **{
            name: whole(by_side([one for one in told_of if one["line"] == name], "n"))
            for name in ("advice", "counsel", "growth", "lessons")
        },
    }


def side_of_channel(channel):
    """Whose a channel is; "" of partners and of what nobody knows."""
    if channel in BY_SALES:
        return SALES
    return "" if channel in BY_OTHERS or channel not in Channel.values else MARKETING


def _passes(rows):
    (funnel,), (answers,) = rows["funnel"], rows["answers"]
    leads = [{"side": side_of_channel(row["channel"]), "n": row["n"]} for row in rows["channels"]]
    return {
        "leads": whole(by_side(leads, "n")),
        "ready": {MARKETING: Entry(funnel["ready"])},
        "returned": {SALES: Entry(answers["returned"])},
        "sqls": {SALES: Entry(funnel["sqls"])},
        "in_time": {SALES: Entry(answers["in_time"], answers["due"])},
    }


def _done(rows):
    return {
        **lines_done(rows["deeds"], rows["told"]),
        "campaigns": whole(by_side(rows["campaigns"], "n")),
        "spend": {side: Entry(amount) for side, amount in by_side(rows["spend"], "amount").items()},
    }


def _deals(rows):
    (lost,) = rows["lost"]
    return {
        "losses": {SALES: Entry(lost["losses"])},
        "rivals": {SALES: Entry(lost["rivals"])},
        "deals": whole(by_side(rows["won"], "deals")),
        **{
            name: {side: Entry(amount) for side, amount in by_side(rows[part], column).items()}
            for name, part, column in (
                ("opened", "opened", "amount"),
                ("won", "won", "amount"),
                ("margin", "won", "margin"),
            )
        },
    }


def _promises(rows):
    kept = {one.name: Entry(one.given, one.owed) for one in sides.promised(rows)}
    return {name: {SALES: kept[name]} for name in ("contact", "persistence")}


# A row: wins of the period by whose work brought them, less what was cancelled of such in it.
WON = f"""
SELECT d.source AS side, count(*) FILTER (WHERE d.outcome = 'won') AS deals, sum(d.amount) AS amount, sum(d.margin) AS margin FROM (
  SELECT d.outcome, d.amount, d.margin, CASE d.outcome WHEN 'won' THEN d.source ELSE (
    SELECT o.source FROM pipeline_deal c JOIN reports_counteddeal o ON o.deal_id = c.cancels_id WHERE c.id = d.deal_id
  ) END AS source FROM reports_counteddeal d
  WHERE {EARNED} AND d.closed_on >= %s AND d.closed_on < %s AND {{where}}
) AS d GROUP BY d.source
"""
# One row: losses of the period that say why, and those to a competitor.
LOST = """
SELECT count(r.id) AS losses, count(r.id) FILTER (WHERE r.code = 'competitor') AS rivals
FROM reports_counteddeal d JOIN pipeline_deal p ON p.id = d.deal_id LEFT JOIN pipeline_outcomereason r ON r.id = p.outcome_reason_id
WHERE d.outcome = 'lost' AND d.closed_on >= %s AND d.closed_on < %s AND {where}
"""
SPEND = """
SELECT coalesce(c.track, 'marketing') AS side, sum(m.paid + m.committed) AS amount
FROM reports_campaignmonth m LEFT JOIN pipeline_campaign c ON c.id = m.campaign
WHERE m.month >= %s AND m.month < %s AND {where} GROUP BY 1
"""
RUN = """
SELECT c.track AS side, count(*) AS n FROM pipeline_campaign c
WHERE c.status IN ('active', 'done') AND c.starts_on < %s AND coalesce(c.ends_on, 'infinity') >= %s AND {where} GROUP BY 1
"""
# A row: something said in the period; `side` empty: that of the person.
TOLD = """
SELECT 'advice' AS line, 'sales' AS side, rep_id AS person FROM pipeline_advice WHERE answered_at >= %s AND answered_at < %s
UNION ALL SELECT 'advice', 'marketing', replied_by_id FROM pipeline_advice WHERE replied_at >= %s AND replied_at < %s
UNION ALL SELECT 'counsel', track, adviser_id FROM leads_counsel WHERE given_at >= %s AND given_at < %s
UNION ALL SELECT 'growth', '', entered_by_id FROM reports_growth WHERE created_at >= %s AND created_at < %s
UNION ALL SELECT 'lessons', '', by_id FROM reports_lesson WHERE at >= %s AND at < %s
"""
