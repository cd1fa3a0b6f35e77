"""Plain tables: rows are dicts, columns say how a value is shown. Rendered in one pass, for long lists.

    Table(page.rows, COLUMNS, caption=_("Leads"), request=request, sort=sort, page=page, cards=True)

and in the template `{% include "ui/table.html" %}` with it as `table`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from ui import formats
from ui.escaping import html
from ui.inline import PENCIL
from ui.keyset import Page
from ui.templatetags.ui import ago, grade
from ui.words import breakable


@dataclass(frozen=True)
class Column:
    """One column.

    `name`: the key of the row. `kind`: a key of KINDS. `sort`: what stands in ?sort= (empty: not sortable);
    `first`: "-" where the first click should sort downwards. `href`, `tone`, `currency`, `note`: keys of the
    row that hold the address behind the value, the tone of a pill, the currency of an amount, a second line.
    `edit`: the field that may be changed in place, under the address that the row holds as `edit` (see `ui.inline`).
    `shown`: whether it is shown to somebody who chose no columns.
    """

    name: str
    label: str | Promise
    kind: str = "text"
    sort: str = ""
    first: str = ""
    href: str = ""
    tone: str = "tone"
    currency: str = "currency"
    note: str = ""
    edit: str = ""
    shown: bool = True


def _pill(value, row, column, code):
    if value in (None, ""):
        return formats.EMPTY
    return mark_safe(f'<span class="pill {html(row.get(column.tone, ""))}">{html(value)}</span>')


def _text(value, row, column, code):
    return formats.EMPTY if value in (None, "") else value


def _balance(value, row, column, code):
    """A signed figure as a pill, under its head as the figures beside it."""
    return _pill(formats.number(value, sign=True) if value is not None else None, row, column, code)


def _amount(write):
    return lambda value, row, column, code: write(value, row.get(column.currency), code=code)


def _figure(write):
    return lambda value, row, column, code: write(value, code=code)


def _plain(write):
    return lambda value, row, column, code: write(value)


KINDS: dict[str, Callable] = {
    "text": _text,
    "person": _text,
    "figure": _text,  # written already
    "pill": _pill,
    "balance": _balance,
    "grade": _plain(grade),
    "money": _amount(formats.money),
    "short_money": _amount(formats.short_money),
    "number": _figure(formats.number),
    "percent": _plain(formats.percent),
    "times": _plain(formats.times),
    "duration": _plain(formats.duration),
    "day": _figure(formats.day),
    "month": _figure(formats.month),
    "moment": _plain(formats.moment),
    "ago": _plain(ago),
}
RIGHT = {"balance", "figure", "money", "short_money", "number", "percent", "times", "duration"}
FEW_CHARACTERS = 5
LONG_NAME = 24  # characters; a shorter name of a person stays in one line
SHORT = {"day", "month", "moment", "ago", "grade", "pill"}
# Written from figures and dates alone, by signs that HTML does not mind.
CLEAN = {"number", "day", "month"}


@dataclass
class Table:
    """What templates/ui/table.html shows.

    `pick`: the key of the row that a checkbox in front of it sends as `pick`, for bulk actions, with the form around the
    table or the one whose id is `picks`; with `beyond` all that match may be chosen where there are more pages than this.
    `empty`: the sentence for a list without rows. `first`: (sentence, address, action), what to do
    where there is nothing yet at all: no rows, and nothing was asked for. `cards`: on narrow pages each row becomes a card;
    `sideways`: of many figures it stays a table, and slides under the names of its rows.
    `target`: what sorting and paging replace by htmx.
    """

    rows: list
    columns: list
    caption: str | Promise
    request: HttpRequest | None = None
    sort: str = ""
    page: Page | None = None
    cards: bool = False
    sideways: bool = False
    pick: str = ""
    picks: str = ""
    beyond: bool = False
    empty: str | Promise = ""
    first: tuple = ()
    target: str = "#rows"
    footer: list = field(default_factory=list)

    @property
    def begins(self):
        """Whether there is nothing yet, rather than nothing that matches."""
        return bool(self.first) and not self.rows and not (self.request and self.request.GET)

    @property
    def head(self):
        """Header cells: label, css class, address of the sort, what is sorted now."""
        return [self._head(column) for column in self.columns]

    def _head(self, column):
        sorted_now = {column.sort: "ascending", f"-{column.sort}": "descending"}.get(self.sort, "")
        down = self.sort == column.sort if sorted_now else column.first == "-"
        return {
            "label": breakable(column.label),
            "side": _side(column),
            "href": self.address(sort=f"{'-' if down else ''}{column.sort}") if column.sort else "",
            "sorted": sorted_now if column.sort else "",
        }

    def address(self, **changed):
        """This list with other parameters; changing anything but the page goes back to the first one."""
        if self.request is None:
            raise ValueError("A list that is sorted or paged needs its request.")
        query = self.request.GET.copy()
        for name in ("cursor", *changed):
            query.pop(name, None)
        query.update({name: value for name, value in changed.items() if value})
        return f"{self.request.path}?{query.urlencode()}"

    @property
    def older(self):
        """The address of the next page, or empty."""
        return self.address(cursor=self.page.older) if self.page and self.page.older else ""

    @property
    def newer(self):
        """The address of the page before, or empty."""
        return self.address(cursor=self.page.newer) if self.page and self.page.newer else ""

    @property
    def matching(self):
        """The address of all that match, where there is more of it than this page and a change may go beyond; or empty."""
        return self.address() if self.beyond and self.page and (self.page.older or self.page.newer) else ""

    @property
    def body(self):
        """All rows as HTML."""
        cells = [
            _cell(column, first=not index, labelled=self.cards) for index, column in enumerate(self.columns)
        ]
        choose = str(_("Choose %(name)s"))
        return mark_safe(
            "".join(
                f"<tr>{self._pick(row, choose)}{''.join([write(row) for write in cells])}</tr>"
                for row in self.rows
            )
        )

    def _pick(self, row, choose):
        if not self.pick:
            return ""
        label = choose % {"name": row.get(self.columns[0].name)}
        form = f' form="{html(self.picks)}"' if self.picks else ""
        box = '<td class="pick"><input type="checkbox" name="pick" value="{}" aria-label="{}"{}></td>'
        return box.format(html(row[self.pick]), html(label), form)


def _side(column):
    if column.kind in RIGHT:
        return "right"
    return "short" if column.kind in SHORT else ""


def _cell(column, first, labelled):
    """A function from a row to its cell: what is the same in every row is worked out here, once."""
    show, code = KINDS[column.kind], formats.language()  # asked once, not for each cell
    escaped = str if column.kind in CLEAN else html
    side = _side(column)
    css = f' class="{side}"' if side else ""
    label = f' data-label="{html(breakable(column.label))}"' if labelled else ""
    opening, closing = (f'<th scope="row"{css}{label}>', "</th>") if first else (f"<td{css}{label}>", "</td>")
    changes = html(f"{column.label}: {_('Change')}") if column.edit else ""
    is_name = column.kind == "person"
    whole = opening if side else opening.replace("<td", '<td class="short"')

    def write(row):
        value = escaped(show(row.get(column.name), row, column, code))
        unbroken = _is_a_word(value) or (is_name and len(value) <= LONG_NAME)
        if column.href and row.get(column.href):
            value = f'<a href="{html(row[column.href])}">{value}</a>'
        if column.note and row.get(column.note):
            value = f'{value}<small class="note">{html(row[column.note])}</small>'
        if column.edit and row.get("edit"):
            change = PENCIL.format(html(f"{row['edit']}{column.edit}/"), changes)
            value = f'<span class="inline">{value}{change}</span>'
        return f"{whole if unbroken else opening}{value}{closing}"

    return write


def _is_a_word(text):
    """Whether it is a Chinese name or word of a few characters, which a narrow column would break."""
    return 1 < len(text) <= FEW_CHARACTERS and not text.isascii()


def labels(choices):
    """A function from a code of these choices to its label, as text: in long lists each is translated once."""
    return cache(lambda code: str(choices(code).label))


def addresses(name):
    """A function from a key to the address of its page: what is the same in every row is asked once."""
    before, _key, after = reverse(name, args=[0]).rpartition("0")
    return lambda pk: f"{before}{pk}{after}"


def sorting(request, columns, default):
    """The `sort` parameter of the request if a column has it, `default` if there is none, else 400."""
    asked = request.GET.get("sort", "")
    if not asked:
        return default
    if asked.removeprefix("-") not in {column.sort for column in columns if column.sort}:
        raise SuspiciousOperation(_("This list cannot be sorted by “%(name)s”.") % {"name": asked[:60]})
    return asked


def chosen(request, columns):
    """The columns that the address names (`columns=a,b`), after the first, which always stands; else those shown.

    Raises SuspiciousOperation (400) for a column that the list does not have.
    """
    asked = [name for value in request.GET.getlist("columns") for name in value.split(",") if name]
    if not asked:
        return [column for column in columns if column.shown]
    known = {column.name: column for column in columns[1:]}
    strange = [name for name in asked if name not in known]
    if strange:
        raise SuspiciousOperation(_("This list has no column “%(name)s”.") % {"name": strange[0][:60]})
    return [columns[0], *(known[name] for name in dict.fromkeys(asked))]


def extra(shown, columns):
    """The names of the columns shown that are not shown to everybody: what values() has to fetch beside the rest."""
    hidden = {column.name for column in columns if not column.shown}
    return [column.name for column in shown if column.name in hidden]
