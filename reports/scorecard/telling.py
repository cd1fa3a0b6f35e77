"""The scorecard in words: one table of figures with who answers for each, how each chief stands, and what each says."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from reports import drawing, siding
from reports.figures import FIGURES
from reports.index import telling as index_words
from reports.index.figures import MONTH, QUARTER
from reports.models import Chief, IndexKind, Measure
from reports.periods import shifted
from reports.promising import BEHIND, promised
from reports.rounds.telling import year_name
from reports.scorecard.figures import LEVELS, MONTHS
from reports.sides import Account
from ui import formats
from ui.standing import Standing
from ui.tables import Column, Table

STANDINGS: dict[Standing, tuple[object, str]] = {
    Standing.REACHED: (pgettext_lazy("of a target", "reached"), "ok"),
    Standing.ON_THE_WAY: (gettext_lazy("on the way"), "accent"),
    Standing.BEHIND: (gettext_lazy("behind"), "bad"),
}
NAMES = {
    "left": gettext_lazy("Paid and committed of the budgets, to date"),
    "good_sqls": gettext_lazy("Accepted SQLs of grade B or better"),
    "answer": gettext_lazy("Answers given in time"),
    "contact": gettext_lazy("First contacts in time"),
}
MEANINGS: dict[str, object] = {
    "good_sqls": gettext_lazy("What marketing delivered of what the agreement asks of it by today."),
    "answer": gettext_lazy(
        "Of the answers to offers that fell due, those that sales gave in the agreed time."
    ),
    "contact": gettext_lazy("Of the first contacts that fell due, those that sales made in the agreed time."),
    **{measure: FIGURES[name].meaning for measure, name in BEHIND.items() if name in FIGURES},
    "left": gettext_lazy(
        "Of campaigns with money in the period, for their whole life, as the page of the budget has it."
    ),
    Measure.MARGIN: gettext_lazy(
        "Net amounts less costs of the deals signed in the period whose costs are known."
    ),
}
SCORES = [
    Column("name", gettext_lazy("Figure"), note="meaning"),
    Column("chiefs", gettext_lazy("Answers for it")),
    Column("agreed", gettext_lazy("What was agreed"), "figure", href="agreed_href", note="source"),
    Column("actual", gettext_lazy("Actual"), "figure", href="href"),
    Column("share", gettext_lazy("Share"), "percent", href="href"),
    Column("standing", gettext_lazy("Standing"), "pill"),
]


class Words:
    """A Scorecard in the reader's language."""

    def __init__(self, found, choice):
        self.found, self.choice = found, choice

    def table(self) -> Table:
        """Every figure once: who answers for it, what was agreed and by what, what came, and how it stands."""
        rows = [self._row(one) for one in self.found.scores]
        return Table(rows, SCORES, _("What the chiefs answer for"), cards=True)

    def _row(self, one):
        word, tone = STANDINGS.get(one.standing, (formats.EMPTY, ""))
        return {
            "name": self.name(one.name),
            "meaning": str(self._meaning(one.name)),
            "chiefs": " · ".join(str(Chief(chief).label) for chief in one.chiefs),
            "share": one.share,
            "standing": str(word),
            "tone": tone,
            "agreed_exact": one.agreed,
            "actual_exact": one.actual,
            **self._told(one),
        }

    def name(self, name):
        """What a figure is called, as everywhere."""
        if name in Measure.values:
            return str(Measure(name).label)
        if name in LEVELS:
            return str(IndexKind(name).label)
        return str(NAMES[name] if name in NAMES else FIGURES[name].label)

    def _meaning(self, name):
        if name in LEVELS:
            return index_words.MEANING[name]
        return MEANINGS[name] if name in MEANINGS else FIGURES[name].meaning

    def _told(self, one):
        """Agreed and actual in words, where each is found, and what the agreed figure rests on."""
        if one.name in Measure.values:
            return self._promise(one.name)
        if one.name == "left":
            return self._budget(one)
        if one.name == "joint_index" or one.name in LEVELS:
            return self._index(one)
        return self._side(one)

    def _promise(self, measure):
        told = promised(self.found.promised[measure], measure, self.choice)
        return {
            "agreed": told["target"],
            "agreed_href": told["target_href"],
            "actual": told["attained"],
            "href": told["href"],
            "source": self._rounds(measure) if self.found.promised[measure].target is not None else "",
        }

    def _rounds(self, measure):
        """Which round last agreed on targets of a measure in the period; of several years each is named."""
        years, told = self.found.targets.years, []
        for year in years:
            last = year.told(measure)
            if last is None and year.agreed:
                continue  # nothing is promised of it
            said = (
                _("agreed in round %(number)s") % {"number": last.number}
                if last
                else _("set, agreed by nobody")
            )
            told.append(said if len(years) == 1 else f"{year_name(year.first)}: {said}")
        return " · ".join(told)

    def _budget(self, one):
        page = f"{reverse('reports:budget')}?{self.choice.query()}"
        return {
            "agreed": formats.short_money(one.agreed, self.choice.currency),
            "agreed_href": page,
            "actual": formats.short_money(one.actual, self.choice.currency),
            "href": page,
            "source": _("budgets of campaigns"),
        }

    def _index(self, one):
        told = self.found.index
        length = MONTH if self.choice.period.months == 1 else QUARTER
        page = index_words.address(self.choice, length)
        line = next((line for line in told.lines if line.component.kind == one.name), None)
        words = index_words.Words(told, self.choice, True)
        write = index_words.points if line is None else lambda value: _level(one.name, value, self.choice)
        version = reverse("reports:index-version", args=[told.version.id]) if told.version else page
        return {
            "agreed": write(one.agreed),
            "agreed_href": version,
            "actual": write(one.actual),
            "href": (words.behind(line) if line else page) or page,
            "source": _("joint index, version %(number)s") % {"number": told.version.id}
            if told.version
            else "",
        }

    def _side(self, one):
        is_count = one.name == "good_sqls"
        write = (
            (lambda value: formats.number(value, 0))
            if is_count
            else (lambda value: formats.percent(value, 0))
        )
        account = Account("marketing" if is_count else "sales", "" if is_count else one.name, 0, 0)
        due = reverse("leads:agreement") if is_count else drawing.address(f"due_{one.name}", self.choice)
        return {
            "agreed": write(one.agreed),
            "agreed_href": due,
            "actual": write(one.actual),
            "href": siding.behind(account, self.choice, self.found.since),
            "source": _("agreement, version %(number)s") % {"number": self.found.agreement},
        }

    def chiefs(self):
        """[(chief, [(how many, standing, tone)], the word on the month shown)] of every Chief."""
        return [
            (
                str(chief.label),
                [
                    (count, str(STANDINGS[one][0]), STANDINGS[one][1])
                    for one, count in self.found.of(chief).items()
                ],
            )
            for chief in Chief
        ]

    def satisfaction(self) -> Table:
        """How satisfied each chief was with each of the last months, and what each said last."""
        last = self.choice.today.replace(day=1)
        months = [shifted(last, number + 1 - MONTHS) for number in range(MONTHS)]
        columns = [
            Column("chief", _("Chief")),
            *(Column(f"{month:%Y-%m}", formats.short_month(month), "figure") for month in months),
            Column("text", _("Last word"), note="by"),
        ]
        return Table(
            [self._satisfied(chief, months) for chief in Chief], columns, _("Chief satisfaction"), cards=True
        )

    def _satisfied(self, chief, months):
        said = [(month, self.found.words.get(month, {}).get(chief)) for month in months]
        last = next(((month, word) for month, word in reversed(said) if word), None)
        return {
            "chief": str(chief.label),
            **{f"{month:%Y-%m}": of_five(word and word["satisfied"]) for month, word in said},
            "text": last[1]["text"] if last else formats.EMPTY,
            "by": f"{last[1]['by']} · {formats.month(last[0])}" if last else "",
        }


def of_five(satisfied):
    """A number from 1 to 5 in words."""
    return _("%(satisfied)s of 5") % {"satisfied": satisfied} if satisfied else formats.EMPTY


def satisfied(words):
    """[(chief, how satisfied, the ChiefWord)] of those of {Chief: ChiefWord or None} who left one."""
    return [
        (str(chief.label), of_five(word.satisfied), word) for chief, word in words.items() if word is not None
    ]


def _level(kind, value, choice):
    return formats.EMPTY if value is None else index_words.level(kind, value, choice.currency)


FILED = [
    Column("name", gettext_lazy("Figure")),
    Column("chiefs", gettext_lazy("Answers for it")),
    Column("agreed_exact", gettext_lazy("What was agreed")),
    Column("source", gettext_lazy("Agreed in")),
    Column("actual_exact", gettext_lazy("Actual")),
    Column("share", gettext_lazy("Share")),
    Column("standing", gettext_lazy("Standing")),
]
