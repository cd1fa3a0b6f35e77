"""My numbers as a file: the figures of the post as exact numbers, times in working minutes, and the leagues below them."""

from django.utils.translation import gettext_lazy

from reports import drawing, minding, ranking
from reports.mine import POSTS
from reports.models.answers import Clock
from ui.tables import Column

COLUMNS = [
    Column("part", gettext_lazy("Post or league")),
    *ranking.COLUMNS[1::-1],  # the place first, as the file has always had it
    Column("value", gettext_lazy("Value")),
    ranking.COLUMNS[2],
    Column("low", gettext_lazy("Least")),
    Column("high", gettext_lazy("Most")),
    *ranking.COLUMNS[4:],
    Column("note", gettext_lazy("Note")),
    Column("goal", gettext_lazy("Goal")),
    Column("standing", gettext_lazy("Standing")),
]


def _cost_per(step):
    return lambda found: found.returns.total.cost_per[step] if found.returns.total.spend else None


EXACT = {
    "renewal_rate": lambda found: found.renewals.rate,
    "margin_kept": lambda found: found.margin_kept,
    "expansions": lambda found: found.wins.kinds["expansion"].won_amount,
    "leads": lambda found: found.funnel.now.leads,
    "mqls": lambda found: found.funnel.now.mqls,
    "sqls": lambda found: found.funnel.now.sqls,
    "ready": lambda found: found.funnel.now.readies,
    "offered": lambda found: found.funnel.now.offered,
    "acceptance": lambda found: found.funnel.acceptance,
    "cost_per_mql": _cost_per("mql"),
    "cost_per_sql": _cost_per("sql"),
    "revenue_roi": lambda found: found.returns.total.revenue_roi,
    "spend": lambda found: found.returns.spent,
    "created": lambda found: found.wins.now.opened_amount,
    "won": lambda found: found.wins.now.won_amount,
    "pipeline": lambda found: found.wins.now.open_amount,
    "win_rate": lambda found: found.wins.now.win_rate,
    "in_time": lambda found: found.answers.in_time,
    "speed": lambda found: found.answers.clocks[Clock.SPEED].median(),
    "contact": lambda found: found.answers.clocks[Clock.CONTACT].median(),
    "desk_days": lambda found: found.funnel.steps["mql_ready"].median,
    "returned": lambda found: found.answers.now.returned,
    "stepless": lambda found: found.wins.now.stepless,
}


def file(found, choice):
    """(columns, rows): the figures first, then every league."""
    rows = [
        {
            "part": str(POSTS[found.post]),
            "name": drawing.measured(tile["key"], tile["name"]),
            "value": EXACT[tile["key"]](found),
            "note": tile["note"],
            "goal": found.goals[tile["key"]].target if tile["key"] in found.goals else None,
            "standing": tile["standing_words"],
        }
        for tile in minding.tiles(found, choice)
    ]
    for name, league in found.leagues.items():
        table = ranking.league_table(name, league, choice)
        rows += [row | {"part": str(table.caption)} for row in table.rows]
    return COLUMNS, rows
