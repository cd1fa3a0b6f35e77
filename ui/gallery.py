"""Every part and every chart on one page, with invented figures: to look at, and to test the look."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

from django import forms as django_forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ui import charts, formats, forms
from ui.keyset import Page
from ui.tables import Column, Table

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
EUROS = charts.money("EUR")
PEOPLE = ("Carla Ivanov", "王芳", "Ольга Константинопольская", "Bruno Silva", "Greta Peeters")
FIRMS = (
    "Orchard Retail",
    "上海精密机械有限公司",
    "ООО «Уральский машиностроительный завод»",
    "Tide AG",
    "Vanta Steel",
)
GRADES = "ABCDA"


class SampleForm(forms.Form):
    """One field of each kind."""

    name = django_forms.CharField(
        label=gettext_lazy("Name"), max_length=100, help_text=gettext_lazy("As it stands on the card.")
    )
    email = django_forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    channel = django_forms.ChoiceField(
        label=gettext_lazy("Channel"),
        choices=[("sem", gettext_lazy("Paid search")), ("exhibition", gettext_lazy("Exhibition"))],
    )
    amount = forms.MoneyField(label=gettext_lazy("Amount"))
    close = forms.MonthField(label=gettext_lazy("Expected close"))
    due = django_forms.DateField(label=gettext_lazy("Due"), required=False)
    heat = django_forms.ChoiceField(
        label=gettext_lazy("How warm"),
        choices=[
            ("hot", gettext_lazy("hot")),
            ("warm", gettext_lazy("warm")),
            ("cold", gettext_lazy("cold")),
        ],
        widget=django_forms.RadioSelect,
    )
    consent = django_forms.BooleanField(
        label=gettext_lazy("May be written to about our products"), required=False
    )
    note = django_forms.CharField(label=gettext_lazy("Note"), widget=django_forms.Textarea, required=False)


def sample_charts():
    """Name → chart, as the template asks for them."""
    months = [date(2026, month, 1) for month in range(1, 13)]
    return {
        "funnel": _funnel(),
        "bars": _bars(),
        "stacked": _stacked(),
        "lines": _lines(months),
        "sankey": _sankey(),
        "heat": _heat(months),
        "bullet": _bullet(),
        "histogram": _histogram(),
        "nothing": charts.bars([], [], _("Return by channel"), EUROS),
        "many": _many(),
        "one_point": charts.lines(
            [formats.short_month(months[0])], [charts.Series(_("Revenue"), (120_000,))], _("Revenue"), EUROS
        ),
    }


def _funnel():
    stages = [
        (_("Leads"), 18420),
        (_("MQL"), 2310),
        (_("Ready"), 1904),
        (_("SQL"), 940),
        (_("Deals"), 188),
        (_("Won"), 61),
    ]
    return charts.funnel(
        [
            charts.Stage(name, count, href="#", note=note)
            for (name, count), note in zip(stages, ("", "6 d", "1 d", "4 h", "22 d", "14 d"), strict=True)
        ],
        _("Funnel"),
    )


def _channels():
    return [_("Paid search"), _("Exhibition"), _("Webinar"), _("E-mail"), _("Partner"), _("Content")]


def _bars():
    series = [
        charts.Series(_("Spend"), (180_000, 242_000, 61_000, 33_000, 95_000, 70_000), tone=6),
        charts.Series(_("Pipeline"), (640_000, 910_000, 390_000, 262_000, 705_000, 345_000), tone=2),
        charts.Series(_("Revenue"), (300_000, 401_000, 210_000, 149_000, 388_000, None), tone=1),
    ]
    notes = ["1.7×", "1.7×", "3.4×", "4.5×", "4.1×", "–"]
    return charts.bars(_channels(), series, _("Return by channel"), EUROS, notes=notes, notes_name=_("ROAS"))


def _stacked():
    series = [
        charts.Series(_("planned"), (20_000, 30_000, 25_000, 40_000, 0, 12_000), tone=6),
        charts.Series(_("committed"), (12_000, 9_000, 14_000, 8_000, 0, 4_000), tone=2),
        charts.Series(_("paid"), (42_000, 38_000, 51_000, 20_000, 0, 3_000), tone=1),
    ]
    return charts.stacked(
        [formats.short_month(date(2026, month, 1)) for month in range(5, 11)], series, _("Spend"), EUROS
    )


def _lines(months):
    created = (186, 224, 214, 238, 241, 242, 286, 252, 270, 267, 299, 288)
    won = (92, 108, 102, 113, 129, 113, 117, 127, 148, 149, None, 152)
    series = [
        charts.Series(_("Pipeline created"), tuple(value * 1000 for value in created), tone=2),
        charts.Series(_("Won revenue"), tuple(value and value * 1000 for value in won), tone=1),
    ]
    return charts.lines(
        [formats.short_month(one) for one in months], series, _("Pipeline and revenue"), EUROS
    )


def _sankey():
    columns = [
        [charts.Node(name, name, tone) for tone, name in enumerate(_channels(), start=1)],
        [charts.Node("mql", _("MQL"), 1), charts.Node("out", _("Nurture"), 6)],
        [charts.Node("sql", _("SQL"), 2), charts.Node("back", _("Returned"), 3)],
        [
            charts.Node("won", _("Won"), 4),
            charts.Node("open", _("Open"), 1),
            charts.Node("lost", _("Lost"), 6),
        ],
    ]
    counts = ((360, 350), (240, 140), (180, 140), (120, 260), (40, 150), (120, 210))
    links = []
    for name, (good, rest) in zip(_channels(), counts, strict=True):
        links += [(name, "mql", good), (name, "out", rest)]
    links += [
        ("mql", "sql", 520),
        ("mql", "back", 540),
        ("sql", "won", 110),
        ("sql", "open", 170),
        ("sql", "lost", 240),
    ]
    return charts.sankey(columns, links, _("From first touch to outcome"))


def _heat(months):
    cells = [
        [0.21, 0.34, 0.41, 0.44, 0.46, 0.47],
        [0.19, 0.31, 0.39, 0.43, 0.45],
        [0.24, 0.38, 0.45, 0.49],
        [0.22, 0.36, 0.44],
        [0.26, 0.41],
        [0.28],
    ]
    padded = [line + [None] * (6 - len(line)) for line in cells]
    columns = [f"+{index}" for index in range(6)]
    return charts.heat(
        [formats.short_month(one) for one in months[5:11]],
        columns,
        padded,
        _("Cohorts: reached SQL"),
        pale={(5, 0)},
    )


def _bullet():
    targets = [
        charts.Target(_("MQLs"), 940, 1000),
        charts.Target(_("Pipeline created"), 3_250_000, 3_000_000, EUROS),
        charts.Target(_("Won revenue"), 1_320_000, 1_800_000, EUROS),
        charts.Target(_("Cost per MQL"), 735, 900, EUROS, lower_is_better=True),
        charts.Target(_("Answer time"), 4500, 3600, charts.DURATION, lower_is_better=True),
    ]
    return charts.bullet(targets, _("Targets this quarter"))


def _histogram():
    labels = ("0–15", "15–30", "30–60", "60–120", "120–240", "240+")
    counts = (42, 120, 96, 51, 22, 9)
    bins = [charts.Bin(label, count) for label, count in zip(labels, counts, strict=True)]
    marks = [charts.Mark(_("Median"), 1.8), charts.Mark(_("agreed"), 4.0)]
    return charts.histogram(bins, _("Answer time, minutes"), marks=marks)


def _many():
    names = [f"{name} {index}" for index in range(3) for name in _channels()]
    values = tuple(40_000 - 2_000 * index for index in range(len(names)))
    return charts.bars(names, [charts.Series(_("Spend"), values, tone=2)], _("Spend by campaign"), EUROS)


COLUMNS = [
    Column("name", gettext_lazy("Name"), sort="name", href="href", note="company"),
    Column("stage", gettext_lazy("Stage"), "pill"),
    Column("grade", gettext_lazy("Grade"), "grade", sort="grade"),
    Column("amount", gettext_lazy("Amount"), "money", sort="amount", first="-"),
    Column("rate", gettext_lazy("Win rate"), "percent"),
    Column("wait", gettext_lazy("Answer time"), "duration"),
    Column("owner", gettext_lazy("Owner")),
    Column("created", gettext_lazy("Created"), "day", sort="created", first="-"),
]


def sample_table(request) -> Table:
    """A list of leads with everything a table can do."""
    stages = [(_("New"), ""), (_("MQL"), "warn"), (_("SQL"), "accent"), (_("Won"), "ok"), (_("Lost"), "bad")]
    rows = [
        {
            "pk": index,
            "name": name,
            "company": FIRMS[index],
            "href": "#",
            "stage": stages[index][0],
            "tone": stages[index][1],
            "grade": GRADES[index],
            "amount": None if index == 0 else 12_345.5 * index**3,
            "currency": "EUR",
            "rate": 0.123 * index,
            "wait": 1800 * index,
            "owner": "Sam Ortiz",
            "created": NOON - timedelta(days=9 * index),
        }
        for index, name in enumerate(PEOPLE)
    ]
    page = Page(rows, newer="", older="cursor")
    return Table(rows, COLUMNS, _("Leads"), request, sort="-created", page=page, cards=True, pick="pk")


def sample_board():
    """Columns with tickets."""
    stages = [_("Qualify"), _("Proposal"), _("Negotiation"), _("Won")]
    return [
        SimpleNamespace(
            key=str(index),
            name=name,
            total=137_000 * (index + 1),
            tickets=[
                {
                    "pk": f"{index}{row}",
                    "name": FIRMS[row],
                    "amount": 51_000 * (row + 1),
                    "close": NOON.date(),
                }
                for row in range(4 - index)
            ],
        )
        for index, name in enumerate(stages)
    ]


def sample_events():
    """What happened to a lead, newest first."""
    return [
        {
            "icon": "calendar-check",
            "track": "sales",
            "title": _("Meeting"),
            "text": "Thursday 10:00, with their CFO",
            "at": NOON,
        },
        {
            "icon": "phone",
            "track": "sales",
            "title": _("Call"),
            "text": "Two plants, old ERP runs out in June",
            "at": NOON - timedelta(days=2),
        },
        {
            "icon": "sparkles",
            "track": "marketing",
            "title": _("MQL"),
            "text": "Webinar, role, size",
            "at": NOON - timedelta(days=4),
        },
        {
            "icon": "mouse-pointer-click",
            "track": "marketing",
            "title": _("Click"),
            "text": "ERP for food plants",
            "at": NOON - timedelta(days=30),
        },
    ]
