"""How measurements of the brand are written: lists, files, charts, and what one wave says."""

from django.apps import apps
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Region, Segment, User
from pipeline.changes import changes as changes_of
from reports.brand.shares import GROUPS, ROW, awareness, reputation
from reports.models import Reputation
from ui import charts, formats
from ui.tables import Column, Table

MOST = 24  # waves or months that a chart shows
REMOVED = 10
NAMES = {
    "top": gettext_lazy("Named it first (top of mind)"),
    "other": gettext_lazy("Named it later, unaided"),
    "unaided": gettext_lazy("Unaided awareness"),
    "prompted": gettext_lazy("Knew it only when prompted"),
    "total": gettext_lazy("Total awareness"),
}
PARTS = {
    "people": gettext_lazy("People"),
    "rate": gettext_lazy("Share"),
    "least": gettext_lazy("Least"),
    "most": gettext_lazy("Most"),
}
DRAWN = {"total": (gettext_lazy("Total"), 1), "unaided": (gettext_lazy("Unaided"), 2), "top": (gettext_lazy("Top of mind"), 5)}  # fmt: skip
WAVE_ROW = ("id", "name", "on", "region__name", "segment__name", *ROW)
SEARCH_ROW = ("id", "month", "region__name", "segment__name", "own", "total", "tool")
WAVES = [
    Column("name", gettext_lazy("Wave"), href="href", note="where"),
    Column("on", gettext_lazy("Over on"), "day"),
    Column("asked", gettext_lazy("Asked"), "number"),
    Column("top", gettext_lazy("Top of mind"), "percent", note="top_note", href="href"),
    Column("unaided", gettext_lazy("Unaided"), "percent", note="unaided_note", href="href"),
    Column("total", gettext_lazy("Total"), "percent", note="total_note", href="href"),
    Column("mark", gettext_lazy("Reputation"), "percent", note="mark_note", href="href"),
]
WAVES_FILED = [
    Column("name", gettext_lazy("Wave")),
    Column("on", gettext_lazy("Over on"), "day"),
    Column("region__name", gettext_lazy("Region")),
    Column("segment__name", gettext_lazy("Segment")),
    Column("asked", gettext_lazy("Asked"), "number"),
    *(
        Column(f"{name}_{part}", format_lazy("{}: {}", label, words))
        for name, label in NAMES.items()
        for part, words in PARTS.items()
    ),
    Column("score", gettext_lazy("Reputation: score")),
    Column("low", gettext_lazy("Scale from")),
    Column("high", gettext_lazy("Scale to")),
    Column("deviation", gettext_lazy("Standard deviation")),
    Column("mark", gettext_lazy("Reputation")),
]
SEARCHES = [
    Column("month", gettext_lazy("Month"), "month", href="href", note="where"),
    Column("own", gettext_lazy("Our brand"), "number"),
    Column("total", gettext_lazy("All brands"), "number"),
    Column("share", gettext_lazy("Share of search"), "percent", href="href"),
    Column("tool", gettext_lazy("Counted by")),
]
SEARCHES_FILED = [
    *SEARCHES[:1],
    Column("region__name", gettext_lazy("Region")),
    Column("segment__name", gettext_lazy("Segment")),
    *SEARCHES[1:],
]
GROUPS_TABLE = [
    Column("name", gettext_lazy("Group")),
    Column("people", gettext_lazy("People"), "number"),
    Column("rate", gettext_lazy("Share of those asked"), "percent"),
    Column("interval", gettext_lazy("True in 19 of 20 cases"), "figure"),
]
KEPT = {
    "brandwave": (
        "BrandWaveEvent",
        ("name", "on", "region_id", "segment_id", *ROW, "note"),
    ),
    "searchshare": (
        "SearchShareEvent",
        ("month", "region_id", "segment_id", "own", "total", "tool", "note"),
    ),
    "marketgoal": (
        "MarketGoalEvent",
        (
            "first",
            "region_id",
            "segment_id",
            "size",
            "source",
            "share",
            "awareness",
            "customers",
            "is_key",
            "note",
        ),
    ),
}


def market(region, segment):
    """A market in words, by the names of its region and segment."""
    return " · ".join(str(one) for one in (region, segment) if one) or _("the whole house")


def between(interval, places=1):
    """An interval of shares in words."""
    return _("%(low)s to %(high)s") % {
        name: formats.percent(value, places) for name, value in zip(("low", "high"), interval, strict=True)
    }


def waves(rows):
    """The rows of waves with shares, intervals and addresses; changes and returns them."""
    for row in rows:
        known, mark = awareness(row), reputation(row)
        row |= {"href": reverse("reports:brand-wave", args=[row["id"]])}
        row |= {"where": market(row["region__name"], row["segment__name"])}
        for name, one in known.items():
            row[f"{name}_people"] = one and one.people.normalize()
            row[f"{name}_rate"] = one and one.rate
            row[f"{name}_least"], row[f"{name}_most"] = one.interval if one else (None, None)
            row[f"{name}_note"] = between(one.interval, 0) if one else ""
        row |= {name: row[f"{name}_rate"] for name in GROUPS}
        row |= {"mark": mark and mark.percent / 100, "mark_note": score(row)}
    return rows


def score(row):
    """The score as the survey told it, with its scale."""
    if not row["reputation"]:
        return ""
    told = formats.number(row["score"])
    if row["reputation"] == Reputation.NET:
        return _("net score %(score)s") % {"score": formats.number(row["score"], sign=True)}
    words = _("%(score)s on %(low)s to %(high)s")
    return words % {
        "score": told,
        "low": formats.number(row["low"]),
        "high": formats.number(row["high"]),
    }


def mark(known):
    """A Mark in words, with its interval; what it lacks is said."""
    if known is None:
        return ""
    told = _("%(share)s of the scale") % {"share": formats.hundredths(round(known.percent, 1))}
    if known.interval is None:
        return _("%(told)s; without the spread of the answers no interval is told") % {"told": told}
    low, high = (one / 100 for one in known.interval)
    return _("%(told)s (%(interval)s)") % {"told": told, "interval": between((low, high))}


def searches(rows):
    """The rows of shares of search with the share and addresses; changes and returns them."""
    for row in rows:
        row |= {
            "href": reverse("reports:brand-search", args=[row["id"]]),
            "where": market(row["region__name"], row["segment__name"]),
            "share": share(row),
        }
    return rows


def share(row):
    """The share of search of a month; from 0 to 1."""
    return row["own"] / row["total"]


def wave_chart(rows):
    """How awareness of one market went, by waves, the oldest first."""
    told = [awareness(row) for row in rows]
    series = [
        charts.Series(str(label), tuple(found.rate if (found := one[name]) else None for one in told), tone)
        for name, (label, tone) in DRAWN.items()
    ]
    return charts.lines(
        [formats.month(row["on"]) for row in rows],
        series,
        _("Awareness by wave"),
        unit=charts.PERCENT,
        area=False,
        links=[reverse("reports:brand-wave", args=[row["id"]]) for row in rows],
    )


def search_chart(rows):
    """How the share of search of one market went, by months, the oldest first."""
    return charts.lines(
        [formats.short_month(row["month"]) for row in rows],
        [charts.Series(_("Share of search"), tuple(share(row) for row in rows), 4)],
        _("Share of search by month"),
        unit=charts.PERCENT,
        links=[reverse("reports:brand-search", args=[row["id"]]) for row in rows],
    )


def groups(wave) -> Table:
    """Who knew the brand, group by group, with the sums that the field tells."""
    rows = [
        {
            "name": str(NAMES[name]),
            "people": one.people,
            "rate": one.rate,
            "interval": between(one.interval),
        }
        for name, one in awareness(wave).items()
        if one
    ]
    return Table(rows, GROUPS_TABLE, _("Who knew the brand"))


def changes(one):
    """What was changed of a measurement, newest first."""
    events, kept = KEPT[one._meta.model_name]
    return changes_of(one, apps.get_model(f"reports.{events}"), kept)


def removed(model):
    """Measurements that were taken away, the latest first: (what, market, when, by whom)."""
    events, _kept = KEPT[model._meta.model_name]
    found = apps.get_model(f"reports.{events}").objects.filter(pgh_label="delete")
    rows = list(found.select_related("pgh_context").order_by("-pgh_id")[:REMOVED])
    names = _named(rows)
    return [
        (
            formats.month(row.month) if hasattr(row, "month") else row.name,
            market(names["region"].get(row.region_id), names["segment"].get(row.segment_id)),
            row.pgh_created_at,
            names["by"].get(_user_of(row), ""),
        )
        for row in rows
    ]


def _named(rows):
    """{kind: {key: name}} of what the rows point to; nothing is asked where there are none."""
    if not rows:
        return {"region": {}, "segment": {}, "by": {}}
    by = {pk for pk in map(_user_of, rows) if pk}
    return {
        "region": Region.objects.in_bulk({row.region_id for row in rows} - {None}),
        "segment": Segment.objects.in_bulk({row.segment_id for row in rows} - {None}),
        "by": User.objects.in_bulk(by),
    }


def _user_of(row):
    return row.pgh_context.metadata.get("user") if row.pgh_context else None
