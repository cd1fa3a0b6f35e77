"""Plans as launched, as they stand and as they came, in the reader's language."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import organisation
from pipeline.channels import Channel
from pipeline.models import CampaignStatus
from reports import drawing
from reports.columns import link
from reports.executing import MEASURES, MONEY
from ui import formats
from ui.tables import Column, Table

LABELS = {
    "spend": gettext_lazy("Spend"),
    "leads": gettext_lazy("Leads"),
    "mqls": gettext_lazy("MQLs"),
    "sqls": gettext_lazy("SQLs"),
    "pipeline": gettext_lazy("Pipeline"),
    "revenue": gettext_lazy("Revenue"),
}
BEHIND = {
    "spend": "return_spend",
    "leads": "return_leads",
    "mqls": "return_mqls",
    "sqls": "return_sqls",
    "pipeline": "return_created",
    "revenue": "revenue_roi",
}
TONES = {CampaignStatus.ACTIVE: "ok", CampaignStatus.PLANNED: "accent", CampaignStatus.CANCELLED: "bad"}
COLUMNS = [
    Column("name", gettext_lazy("Campaign"), href="href", note="code", sort="name"),
    Column("status", gettext_lazy("Status"), "pill"),
    Column("launched", gettext_lazy("Launched"), "day", note="launched_note", sort="launched", first="-"),
    Column("moved", gettext_lazy("Last day moved by"), "figure", note="moved_note", sort="moved", first="-"),
    *(
        Column(name, label, "short_money" if MEASURES[name] in MONEY else "number", href=f"{name}_href", note=f"{name}_note", sort=f"{name}_off", first="-")
        for name, label in LABELS.items()
    ),
    Column("off", gettext_lazy("Furthest off"), "figure", sort="off", first="-"),
    Column("changed", gettext_lazy("Changes of the plan"), "number", href="href", sort="changed", first="-"),
]  # fmt: skip
DEFAULT = "-off"


def ordered(found, sort):
    """The campaigns by what the reader asked for; what is not known comes last."""
    name = sort.removeprefix("-")
    read = {
        "name": lambda one: one.name.casefold(),
        "launched": lambda one: one.launched_at and one.launched_at.timestamp(),
        "moved": lambda one: one.moved,
        "changed": lambda one: one.changed,
        "off": lambda one: None if one.most_off is None else abs(one.most_off),
    }.get(name) or (lambda one: one.off(name.removesuffix("_off")))
    known = [one for one in found if read(one) is not None]
    rest = [one for one in found if read(one) is None]
    return [*sorted(known, key=read, reverse=sort.startswith("-")), *rest]


def overview(found, choice, request, sort) -> Table:
    """A row for each campaign that was launched: what came, and below it what was due by today of the plan as launched."""
    rows = [_row(one, choice) for one in ordered(found, sort)]
    empty = _("No campaign with days in this period was launched.")
    return Table(
        rows, COLUMNS, _("Plan against execution"), request=request, sort=sort, cards=True, target="#board", empty=empty
    )  # fmt: skip


def file(found, choice, sort):
    """(columns, rows) of the same as a file, plan and deviation in columns of their own."""
    columns = [Column("name", gettext_lazy("Campaign")), Column("code", gettext_lazy("Code")), *COLUMNS[1:4]]
    for name, label in LABELS.items():
        columns += [
            Column(f"{name}_plan", _("%(what)s: plan as launched") % {"what": label}),
            Column(f"{name}_now", _("%(what)s: plan today") % {"what": label}),
            Column(name, label),
            Column(f"{name}_off", _("%(what)s: deviation") % {"what": label}),
        ]
    rows = []
    for one in ordered(found, sort):
        row = _row(one, choice)
        for name in MEASURES:
            row |= {
                f"{name}_plan": one.planned(name),
                f"{name}_now": one.planned_now(name),
                f"{name}_off": one.off(name),
            }
        rows.append(row)
    return [*columns, *COLUMNS[-2:]], rows


def _row(one, choice):
    row = {
        "name": one.name,
        "code": one.code,
        "href": link("reports:execution-one", one.id),
        "status": CampaignStatus(one.status).label,
        "tone": TONES.get(one.status, ""),
        "launched": one.launched_at and organisation.today(one.launched_at),
        "launched_note": known(one),
        "moved": days(one.moved),
        "moved_exact": one.moved,
        "moved_note": _moved(one),
        "off": signed(one.most_off),
        "off_exact": one.most_off,
        "changed": one.changed if one.launched else None,
        "currency": choice.currency,
    }
    for name in MEASURES:
        row |= {
            name: one.came[name],
            f"{name}_href": drawing.to_date(BEHIND[name], choice, campaign=one.id, channel=None, segment=None, region=None),
            f"{name}_note": _due(one, name, choice),
        }  # fmt: skip
    return row


def known(one):
    """Where the plan as launched is from; empty where the database kept it at the launch."""
    if one.launched is None:
        return _("plan not kept")
    return _("from the history of changes") if one.from_history else ""


def _moved(one):
    if not one.moved:
        return ""
    return f"{formats.day(one.launched.ends_on)} → {formats.day(one.now.ends_on)}"


def _due(one, name, choice):
    off = one.off(name)
    if off is None:
        return ""
    due = amount(one.due(name), name, choice)
    return _("%(off)s of %(due)s due") % {"off": signed(off), "due": due}


def days(value):
    """Days with their sign, in words."""
    return "" if value is None else _("%(days)s d") % {"days": formats.number(value, 0, sign=True)}


def signed(value):
    """A deviation in words."""
    return "" if value is None else formats.percent(value, 0, sign=True)


def amount(value, name, choice):
    """A measure in words."""
    if value is None:
        return formats.EMPTY
    money = MEASURES[name] in MONEY
    return formats.short_money(value, choice.currency) if money else formats.number(value, 0)


ONE = [
    Column("name", gettext_lazy("What")),
    Column("launched", gettext_lazy("As launched"), "figure"),
    Column("now", gettext_lazy("Plan today"), "figure"),
    Column("due", gettext_lazy("Due by today"), "figure"),
    Column("came", gettext_lazy("Came"), "figure", href="href"),
    Column("off", gettext_lazy("Deviation"), "figure"),
]


def of_one(one, choice, known_axes) -> Table:
    """The plan of one campaign as launched and as it stands, and what came, each on its row."""
    rows = [
        _day(one, name, label) for name, label in (("starts_on", _("First day")), ("ends_on", _("Last day")))
    ]
    for name, label in LABELS.items():
        rows.append(
            {
                "name": label,
                "launched": amount(one.planned(name), name, choice),
                "launched_exact": one.planned(name),
                "now": amount(one.planned_now(name), name, choice),
                "now_exact": one.planned_now(name),
                "due": amount(one.due(name), name, choice),
                "due_exact": one.due(name),
                "came": amount(one.came[name], name, choice),
                "came_exact": one.came[name],
                "href": drawing.to_date(BEHIND[name], choice, campaign=one.id),
                "off": signed(one.off(name)),
                "off_exact": one.off(name),
            }
        )
    rows += _places(one, known_axes)
    return Table(rows, ONE, _("Plan against execution"), cards=True)


def _day(one, name, label):
    then, now = one.launched and getattr(one.launched, name), getattr(one.now, name)
    moved = (now - then).days if then and now else None
    return {
        "name": label,
        "launched": formats.day(then),
        "launched_exact": then,
        "now": formats.day(now),
        "now_exact": now,
        "off": days(moved) if moved else "",
        "off_exact": moved or None,
    }


def _places(one, known_axes):
    """Channel, segment and region, where they were set then or are now."""

    def channel(plan):
        return str(Channel(plan.channel).label) if plan else ""

    def named(axes, pk):
        return axes[pk].name if pk in axes else ""

    told = [(_("Channel"), channel(one.launched), channel(one.now))]
    for label, name, axes in (
        (_("Segment"), "segment", known_axes.segments),
        (_("Region"), "region", known_axes.regions),
    ):
        told.append(
            (
                label,
                named(axes, one.launched and getattr(one.launched, name)),
                named(axes, getattr(one.now, name)),
            )
        )
    return [{"name": label, "launched": then, "now": now} for label, then, now in told if then or now]


def months(one, spent, choice) -> Table:
    """By month of service what was planned at the launch, is planned now, and was paid or committed, of the campaign with all
    under it; `spent`: rows by month."""
    now, launched = {f"{row['month']:%Y-%m}": row for row in spent}, one.whole_months or {}
    keys = sorted({*now, *launched})
    rows = [
        {
            "name": formats.month(now[key]["month"]) if key in now else key,
            "launched": launched.get(key),
            "planned": now.get(key, {}).get("planned"),
            "came": (now.get(key, {}).get("paid") or 0) + (now.get(key, {}).get("committed") or 0),
            "currency": choice.currency,
        }
        for key in keys
    ]
    columns = [
        Column("name", gettext_lazy("Month of service")),
        Column("launched", gettext_lazy("Planned at the launch"), "short_money"),
        Column("planned", gettext_lazy("Planned now"), "short_money"),
        Column("came", gettext_lazy("Paid and committed"), "short_money"),
    ]
    return Table(
        rows, columns, _("By month of service"), cards=True, empty=_("Nothing is planned or spent by month.")
    )


def story(changes, remarks):
    """Changes of the plan and words on it in one line of time, the newest first: who, when, what, why."""
    told = [
        {"at": one.at, "by": one.by, "label": one.label, "before": one.before, "after": one.after}
        for one in changes
    ]
    told += [{"at": one.at, "by": one.by, "text": one.text} for one in remarks]
    return sorted(told, key=lambda one: one["at"], reverse=True)


def page(pk):
    """The address of the page of one campaign."""
    return reverse("reports:execution-one", args=[pk])
