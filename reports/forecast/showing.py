"""The forecast in words, tables and charts, every figure with the address of its deals."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from accounts.models import Team, Track
from pipeline.models.deals import ForecastCategory
from reports import drawing, file_tables, heeding, periods, titles
from reports.choice import alone, together
from reports.figures import FIGURES
from reports.forecast.said import sees_every_deal, subject, unheeded
from reports.forecast.sums import BY, CATEGORIES
from reports.forecast.telling import address as said_address
from reports.regions import indented, named
from ui import charts, formats
from ui.tables import Column, Table

LABELS = {
    ForecastCategory.CLOSED: pgettext_lazy("of a forecast", "Closed"),
    ForecastCategory.COMMIT: gettext_lazy("+ commit"),
    ForecastCategory.BEST_CASE: gettext_lazy("+ best case"),
    ForecastCategory.PIPELINE: gettext_lazy("+ pipeline"),
}
# The lists whose sums are measured against a target.
MEASURED = tuple(
    f"forecast_{one}" for one in ("closed", "commit", "best_case", "pipeline", "weighted", "open")
)
MONEY = [Column(one, label, "short_money", href=f"{one}_href") for one, label in LABELS.items()]


def address(name, choice, **other):
    """The address of the deals behind a forecast figure."""
    return f"{reverse('reports:behind', args=[f'forecast_{name}'])}?{choice.query(**other)}"


def tiles(found, choice, promised):
    """What stands on top: the four cumulative sums, the weighted one and coverage, as ui/kpi.html has them.

    `promised` names the page that tells what coverage is measured against: one that the reader may open.
    """
    total, money = found.total, lambda amount: formats.short_money(amount, choice.currency)
    shown = [
        {
            "name": LABELS[one],
            "figure": money(total.up_to(one)),
            "href": address(one, choice),
            "note": _share(total, one),
            "meaning": FIGURES["forecast"].meaning,
        }
        for one in CATEGORIES
    ]
    whose = subject(choice)
    said = None if whose is None else found.latest(**whose)
    shown.append(
        {
            "name": _("Weighted"),
            "meaning": FIGURES["weighted"].meaning,
            "figure": money(total.weighted),
            "href": address("weighted", choice),
            "note": _says(said, money) if said else _("by the chance of each stage"),
        }
    )
    shown.append(
        {
            "name": _("Coverage"),
            "meaning": FIGURES["coverage"].meaning,
            "figure": covered(total),
            "href": f"{reverse(promised)}?{choice.query(**_teams(found))}",
            "note": _("of %(target)s") % {"target": money(total.target)}
            if total.target
            else _("no target for this choice"),
        }
    )
    return shown


def _says(said, money):
    if said.rep is None and said.team is None:
        return _("the head says %(amount)s") % {"amount": money(said.commit)}
    return _("%(who)s says %(amount)s") % {"who": said.by, "amount": money(said.commit)}


def _teams(found):
    """What asks for the teams whose quotas are the target, where it is not the house's."""
    return {"team": together(found.teams)} if found.teams and found.total.target is not None else {}


def beside(user, choice):
    """[(heading, address)] of what the forecast of a choice is measured against, as in `board`: none where it has no target.

    The targets of the house, else the quotas of the teams of a reader whose people's deals alone are in the list.
    """
    if sees_every_deal(user):
        told = user.has_perm("reports.view_money") and choice.channel is None and not choice.by_row
        return [(titles.title("targets-won"), drawing.address("targets-won", choice))] if told else []
    own = Q(pk=user.team_id) | Q(head=user)
    teams = [] if choice.is_narrow else Team.objects.filter(own, track=Track.SALES).order_by("pk")
    if not teams:
        return []
    heading = f"{titles.title('quotas-won')} ({formats.listed([one.name for one in teams])})"
    return [(heading, drawing.address("quotas-won", choice, team=together([one.pk for one in teams])))]


def said_note(choice):
    """A sentence about the filters that what people said is not narrowed by; "" where there are none."""
    words = [heeding.NARROWING[name] for name in unheeded(choice)]
    if not words:
        return ""
    return _("What people said is of all their deals, whatever the %(filters)s.") % {
        "filters": formats.listed(words)
    }


def covered(sums):
    """Coverage in words: "reached" past the target."""
    return pgettext("of a target", "reached") if sums.reached else formats.times(sums.coverage)


def _share(total, category):
    if not total.target:
        return ""
    share = formats.percent(total.up_to(category) / total.target, 0)
    return _("%(share)s of the target") % {"share": share}


def group_table(found, choice, by):
    """A row for each rep, team, region, segment or month: what it holds, what was said of it, its target."""
    rows = [
        _group(key, sums, found, choice, by) | {"name": indented(_named(key, by, found.names), depth)}
        for key, sums, depth in _ordered(found, by)
    ]
    promised = by in ("region", "segment", "month")
    return Table(
        rows,
        [
            Column("name", BY[by], href="narrow"),
            *MONEY,
            Column("weighted", gettext_lazy("Weighted"), "short_money", href="weighted_href"),
            *(
                [Column("said", gettext_lazy("Said"), "short_money", href="said_href", note="said_by")]
                if by in ("rep", "team")
                else []
            ),
            *(
                [
                    Column("target", gettext_lazy("Target"), "short_money", href="target_href"),
                    Column("coverage", gettext_lazy("Coverage"), href="open_href"),
                ]
                if promised
                else []
            ),
        ],
        _("Forecast by %(by)s") % {"by": BY[by]},
        cards=True,
        empty=_("No deal is due or won in this period that you may see."),
    )


def _ordered(found, by):
    """[(key, Sums, depth)]: months in turn, others the most first, a region before its parts."""

    def most(key):
        return -found.groups[key].up_to(ForecastCategory.PIPELINE), str(key)

    if by == "month":
        return [(key, sums, 0) for key, sums in sorted(found.groups.items())]
    if by == "region":
        return [(key, found.groups[key], depth) for key, depth in found.tree.lines(found.groups, most)]
    return [(key, found.groups[key], 0) for key in sorted(found.groups, key=most)]


def _group(key, sums, found, choice, by):
    narrow = {by: named(key, choice)} if by == "region" else _narrowing(key, by, found.bring)
    said = found.latest(**{by: key}) if by in ("rep", "team") and key and not unheeded(choice) else None
    row = {
        "narrow": f"{reverse('reports:forecast')}?{choice.query(**narrow)}" if key else "",
        "currency": choice.currency,
        "weighted": sums.weighted,
        "target": sums.target,
        "coverage": covered(sums),
        "said": said and said.commit,
        "said_by": said.by if said else "",
        "said_href": said and said_address(said, choice),
    }
    for one in CATEGORIES:
        row[str(one)] = sums.up_to(one)
        row[f"{one}_href"] = address(one, choice, **narrow)
    row["open_href"] = address("open", choice, **narrow)
    row["weighted_href"] = address("weighted", choice, **narrow)
    promised = "targets-won" if found.teams is None else "quotas-won"
    row["target_href"] = drawing.address(promised, choice, **narrow | _teams(found))
    return row


def _narrowing(key, by, bring):
    if by == "month":
        return {"period": "custom", "from": key[:7], "to": key[:7]}
    return {by: alone(key) if key in bring else key or 0}


def _named(key, by, names):
    if by == "month":
        return formats.month(periods.date.fromisoformat(key))
    return names.get(key) or (_("Nobody") if by == "rep" else _("None"))


def month_chart(found, choice):
    """Closed, commit, best case and pipeline of each month, one upon the other."""
    months = [month for month in found.months if month in choice.period][-18:]
    return charts.stacked(
        [formats.month(month) for month in months],
        [
            charts.Series(str(label), tuple(getattr(found.months[month], one) for month in months), tone)
            for (one, label), tone in zip(LABELS.items(), (4, 1, 2, 6), strict=True)
        ],
        _("Forecast by month of expected close"),
        unit=charts.money(choice.currency),
        links=[
            address(ForecastCategory.PIPELINE, choice, **_narrowing(f"{month:%Y-%m}", "month", ()))
            for month in months
        ],
    )


def overdue_note(found, choice):
    """What stands in no forecast, in words; empty where everything has a day."""
    count = found.overdue.deals
    if not count:
        return ""
    return ngettext(
        "%(count)s open deal (%(amount)s) is past its expected close or has none: it counts in no period from today on.",
        "%(count)s open deals (%(amount)s) are past their expected close or have none: they count in no period from today on.",
        count,
    ) % {
        "count": formats.number(count),
        "amount": formats.short_money(found.overdue.pipeline, choice.currency),
    }


def file(found, by):
    """(columns, rows) of the groups as a file: every category by itself, exact."""
    columns = [
        Column("name", BY[by]),
        *file_tables.part_of(found.tree),
        *(Column(one, ForecastCategory(one).label) for one in CATEGORIES),
        Column("weighted", gettext_lazy("Weighted")),
        Column("deals", gettext_lazy("Deals")),
        Column("target", gettext_lazy("Target")),
    ]
    return columns, [
        {"name": _named(key, by, found.names), **{str(one): getattr(sums, one) for one in CATEGORIES},
         "parent": found.names.get(found.tree.above.get(key)),
         "weighted": sums.weighted, "deals": sums.deals, "target": sums.target}
        for key, sums, _depth in _ordered(found, by)
    ]  # fmt: skip
