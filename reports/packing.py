"""How the joint pack of a month is written, in the reader's language."""

from decimal import Decimal
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Track
from reports import drawing, monthly
from reports.attribution.models import model_named
from reports.models import Measure
from reports.money import NOT_AVAILABLE
from reports.months.official import PASSES
from reports.packed_campaigns import campaigns
from reports.scorecard.telling import satisfied
from ui import formats

MOST_PARTS = 12  # lines of regions, and of segments, that a paper holds
FUNNEL = (
    ("leads", gettext_lazy("Leads"), None),
    ("mqls", gettext_lazy("MQLs"), "new_mql"),
    ("offered", gettext_lazy("First offers"), None),
    ("sqls", gettext_lazy("Accepted SQLs"), "mql_sql"),
    ("deals", gettext_lazy("Deals"), "sql_deal"),
    ("wins", gettext_lazy("Won"), "deal_won"),
)
KEPT = {
    "answer": gettext_lazy("Offers answered in time"),
    "contact": gettext_lazy("Contacts made in time"),
    "persistence": gettext_lazy("Attempts owed and made"),
}
MONEY = {"won", "margin", "pipeline", "created", "spend", "lost"}
# of margin kept none is told apart: what was frozen does not say which deals were of existing customers
LATE = {Measure.WON: "won", Measure.MARGIN: "margin", Measure.SQLS: "sqls", Measure.PIPELINE: "created"}
RATES = {"win_rate", "acceptance", "answer_in_time", "revenue_roi", "margin_roi"}


def shown(found):
    """The pack in words, for the template."""
    said = _Words(found)
    return {
        "name": formats.month(found.month.month),
        "shut": found.month.shut,
        "frozen": found.frozen,
        "model": model_named(found.model).label,
        "heads": said.heads(),
        "chiefs": satisfied(found.chiefs),
        "tiles": said.tiles(),
        "marketing": said.marketing(),
        "sales": said.sales(),
        "funnel": said.funnel(),
        "campaigns": campaigns(found),
        "agreement": said.agreement(),
        "targets": said.targets(),
        "restated": said.restated(),
        "late": monthly.changed_figures(found.month.late, found.currency),
        "biggest": [
            (name, "" if company in name else company, formats.money(Decimal(amount), found.currency))
            for name, company, amount in found.more["biggest"]
        ],
        "currency": found.currency,
    }


class _Words:
    """The pack's figures in words."""

    def __init__(self, found):
        self.found, self.more, self.currency = found, found.more, found.currency

    def figure(self, name):
        """A figure by its name in the frozen figures, with what came late: as the page of the month calls it official."""
        told = self.found.figures.get(name)
        if told is None:
            return formats.EMPTY
        if told == "not available":
            return str(NOT_AVAILABLE)
        number = Decimal(told) + self.late(name)
        if name in MONEY or name.startswith("cost_per_"):
            return self.money(number)
        if name in RATES:
            return formats.percent(number, 1, sign=name.endswith("roi"))
        return (
            drawing.worked(number)
            if name in ("speed", "answer_median", "answer_p90")
            else formats.number(number)
        )

    def late(self, name):
        """What of an official figure came late from closed months; 0 of what is no sum."""
        return monthly.late(self.found.month).get(name, Decimal())

    def total(self, measure):
        """{"target", "attained"} of a measure, with what came late."""
        one = self.more["targets"][measure]["total"]
        return one | {"attained": Decimal(one["attained"]) + self.late(LATE.get(measure))}

    def money(self, amount):
        """An amount, short."""
        return formats.short_money(None if amount is None else Decimal(amount), self.currency)

    def heads(self):
        """Both heads' comments."""
        return [{"track": Track(track).label, "said": said} for track, said in self.found.comments.items()]

    def tiles(self):
        """(label, figure, note) of what both sides look at first."""
        won, before = self.total(Measure.WON), self.more["last_year"]
        leading = (
            "margin_roi"
            if self.found.figures.get("margin_roi") not in (None, "not available")
            else "revenue_roi"
        )
        return [
            (_("Won revenue"), self.figure("won"), self._against(won, before["won"])),
            (_("Margin"), self.figure("margin"), self._share(self.total(Measure.MARGIN))),
            (_("Margin ROI") if leading == "margin_roi" else _("Revenue ROI"), self.figure(leading), _("to date")),
            (_("Marketing spend"), self.figure("spend"), self._left()),
            (_("Pipeline created"), self.figure("created"), self._share(self.total(Measure.PIPELINE))),
            (_("Open pipeline"), self.figure("pipeline"), _("as the month was told")),
            (_("Accepted SQLs"), self.figure("sqls"), self._share(self.total(Measure.SQLS))),
            (_("Win rate"), self.figure("win_rate"), ""),
        ]  # fmt: skip

    def marketing(self):
        """(label, text) of the head of marketing's first screen."""
        owed = self.more["agreement"]["owed"][0]
        kinds = self.more["kinds"]
        return [
            (_("New leads"), self._year("leads")),
            (_("MQLs"), self._year("mqls")),
            (_("Good SQLs against owed"), _("%(accepted)s of %(owed)s") % {
                "accepted": formats.number(owed["accepted"]), "owed": formats.number(owed["owed"])}),
            (_("Acceptance"), self.figure("acceptance")),
            (_("Cost per SQL"), self.figure("cost_per_sql")),
            (_("Returned because"), "; ".join(f"{_(name)} ({n})" for name, n in self.more["returned"] if name) or "–"),
            (_("New business won"), self.money(kinds["new"])),
        ]  # fmt: skip

    def sales(self):
        """(label, text) of the head of sales' first screen."""
        kinds = self.more["kinds"]
        return [
            (_("Deals won"), self.figure("wins")),
            (_("Lost value"), self.figure("lost")),
            (_("Speed to lead"), self.figure("speed")),
            (_("Offers answered in time"), self.figure("answer_in_time")),
            (_("Sales velocity a day"), self.money(self.found.figures.get("velocity"))),
            (_("Expansion won"), self.money(kinds["expansion"])),
            (_("Renewals won"), self.money(kinds["renewal"])),
        ]

    def funnel(self):
        """(label, how many, conversion from the step before)."""
        rates = self.found.figures
        return [
            (label, formats.number(self._count(name)), _rate(rates.get(f"conversion_{step}")) if step else "")
            for name, label, step in FUNNEL
        ]  # fmt: skip

    def agreement(self):
        """(label, what was promised, what was kept) of both sides."""
        owed = [
            (
                _("Marketing: good SQLs, %(segment)s") % {"segment": one["segment"]} if one["segment"] else _("Marketing: good SQLs"),
                formats.number(one["owed"]),
                formats.number(one["accepted"]),
            )
            for one in self.more["agreement"]["owed"]
            if one["owed"] or not one["segment"]
        ]  # fmt: skip
        kept = [
            (f"{_('Sales')}: {KEPT[one['name']]}", formats.number(one["due"]), formats.number(one["kept"]))
            for one in self.more["agreement"]["kept"]
        ]
        if desk := self.more["agreement"].get("desk"):  # packs from before its promises were kept have none
            told = f"{_('Marketing')}: {_('Answered by the desk in time')}"
            owed.append((told, formats.number(desk["due"]), formats.number(desk["kept"])))
        return owed + kept

    def targets(self):
        """(measure, target, attained, share) of each measure, won revenue by region and segment beneath."""
        rows = []
        for measure in Measure:
            if measure not in self.more["targets"]:  # a month closed before it could be promised
                continue
            told = self.more["targets"][measure]
            if told["total"]["target"] is not None:
                rows.append(self._promise(str(measure.label), self.total(measure), measure))
            if measure == Measure.WON:
                parts = [
                    *self._parts(told["regions"], _("No region"), measure),
                    *self._parts(told["segments"], _("No segment"), measure),
                ]
                if parts and self.late("won"):
                    late = _("late from closed months")
                    parts.append(
                        (f"{chr(0x2003)}{late}", formats.EMPTY, self.money(self.late("won")), formats.EMPTY)
                    )
                rows += parts
        return rows

    def _parts(self, told, none, measure):
        """The lines of an axis that have a target, and how many more there are than fit the paper."""
        held = [one for one in told if one["target"] is not None]
        rows = [
            self._promise(f"{chr(0x2003)}{one['name'] or none}", one, measure) for one in held[:MOST_PARTS]
        ]
        if more := len(held) - len(rows):
            words = ngettext("%(n)s more on the page of targets", "%(n)s more on the page of targets", more)
            rows.append((f"{chr(0x2003)}{words % {'n': more}}", *[formats.EMPTY] * 3))
        return rows

    def restated(self):
        """(month, what was restated) of closed months."""
        return [
            (formats.month(one.month), text)
            for one in self.found.restated
            if (text := monthly.changed_figures(one.restated, self.currency))
        ]

    def _promise(self, name, one, measure):
        write = partial(formats.number, places=0) if measure == Measure.SQLS else self.money
        return (
            name,
            write(Decimal(one["target"])),
            write(Decimal(one["attained"])),
            formats.percent(_share(one), 0),
        )

    def _against(self, target, before):
        told = [self._share(target)]
        if before and Decimal(before):
            growth = (
                (Decimal(self.found.figures["won"]) + self.late("won")) / Decimal(before) - 1
                if _is_number(self.found.figures["won"])
                else None
            )
            told.append(_("%(growth)s on last year") % {"growth": formats.percent(growth, 0, sign=True)})
        return " · ".join(one for one in told if one)  # fmt: skip

    def _share(self, one):
        share = _share(one)
        return "" if share is None else _("%(share)s of target") % {"share": formats.percent(share, 0)}

    def _left(self):
        left = self.more["budget"]["left"]
        return "" if left is None else _("%(amount)s of budgets left") % {"amount": self.money(left)}

    def _count(self, name):
        return self.more["funnel"][name] + (self.late(name) if name in PASSES else 0)

    def _year(self, name):
        before, now = self.more["last_year"][name], self._count(name)
        if before is None:
            return formats.number(now)
        return _("%(now)s (last year %(before)s)") % {
            "now": formats.number(now),
            "before": formats.number(before),
        }


def _share(one):
    return (
        Decimal(one["attained"]) / Decimal(one["target"])
        if one["target"] and Decimal(one["target"])
        else None
    )


def _rate(text):
    return formats.percent(Decimal(text), 0) if _is_number(text) else ""


def _is_number(text):
    return text not in (None, "not available")
