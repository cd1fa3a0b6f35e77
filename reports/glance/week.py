"""What changed since last week, in words: seven days up to today against the seven before, each sentence a real difference."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports import reading
from reports.cells import cells, chosen_rows
from reports.forecast.said import within_sight
from reports.models import DealDay, OfferDay, PassDay
from ui import formats

WEEK = timedelta(days=7)
FLOWS = ("leads", "mqls", "sqls", "won", "cancelled", "lost", "opened", "returned")
TOLD = {  # the flows that are kept by day → what is told of them
    **{name: name for name in ("leads", "mqls", "sqls", "lost", "returned")},
    **dict.fromkeys(("new", "existing"), "won"),
    **dict.fromkeys(("cancel_new", "cancel_old"), "cancelled"),
    **dict.fromkeys(("marketing", "sales", "partner", "other"), "opened"),
}


@dataclass(frozen=True)
class Count:
    """How many of something, and their amount where they have one, in the week and in the one before."""

    now: int = 0
    before: int = 0
    amount: Decimal = Decimal()
    amount_before: Decimal = Decimal()

    @property
    def more(self):
        """By how many it differs from the week before."""
        return self.now - self.before


@dataclass(frozen=True)
class Week:
    """The Count of each of FLOWS; `best`: the biggest win of the week that the reader may see, as (deal id, name, amount)."""

    counts: dict[str, Count] = field(default_factory=dict)
    best: tuple | None = None

    def __getitem__(self, name):
        return self.counts.get(name, Count())


def parts(user, choice, at=None):
    """What `made` needs, for `reading.read`."""
    where, params = choice.narrow("d.")
    until = choice.today + timedelta(days=1)
    since, before = until - WEEK, until - 2 * WEEK
    flows, bound = [], []
    for model, amount in ((PassDay, "0"), (OfferDay, "0"), (DealDay, "amount")):
        days, narrow = cells(model, choice)
        flows.append(
            f"SELECT flow, day >= %s AS now, sum(n)::bigint AS count, coalesce(sum({amount}), 0)::numeric AS amount "
            f"FROM {days} WHERE flow = ANY(%s) AND day >= %s AND day < %s GROUP BY flow, 2"
        )
        bound += [since, *narrow, list(TOLD), before, until]
    sight, seen = within_sight(user)
    return {
        **chosen_rows(choice),
        "week": (" UNION ALL ".join(flows), bound),
        "week_best": (
            "SELECT d.deal_id, p.name, d.amount FROM (SELECT deal_id, amount FROM reports_counteddeal d "
            f"WHERE d.outcome = 'won' AND d.closed_on >= %s AND d.closed_on < %s AND d.amount > 0 AND {where} AND {sight} "
            "ORDER BY d.amount DESC, d.deal_id LIMIT 1) AS d JOIN pipeline_deal p ON p.id = d.deal_id",
            [since, until, *params, *seen],
        ),
    }


def made(rows) -> Week:
    """The Week from the rows that `parts` asked for."""
    counts = {}
    for name in FLOWS:
        both = {
            now: [row for row in rows["week"] if row["now"] == now and TOLD[row["flow"]] == name]
            for now in (True, False)
        }
        counts[name] = Count(
            *(sum(row["count"] for row in both[now]) for now in both),
            *(sum((Decimal(row["amount"]) for row in both[now]), Decimal()) for now in both),
        )
    best = rows["week_best"][0] if rows["week_best"] else None
    return Week(counts, best and (best["deal_id"], best["name"], Decimal(best["amount"])))


def changes(user, choice):
    """The Week of a Choice, in one statement."""
    return made(reading.read(parts(user, choice)))


# -- in words --------------------------------------------------------------------------------------------
def sentences(found, currency, *, money=True, choice=None):
    """[(sentence, address or "")]: what differs from the week before, the most important first.

    With a Choice each sentence has the address of the list behind it.
    """
    told = [*(_deals(found, currency) if money else ()), *_passes(found)]
    told = [(text, href if href or choice is None else _list(name, choice)) for text, href, name in told]
    return told or [(_("Nothing has changed since last week."), "")]


def _list(name, choice):
    return f"{reverse('reports:behind', args=[f'week_{name}'])}?{choice.query()}"


def _deals(found, currency):
    won, lost, opened = found["won"], found["lost"], found["opened"]
    gone = replace(
        found["cancelled"], amount=-found["cancelled"].amount, amount_before=-found["cancelled"].amount_before
    )
    if won.now or won.before:
        text = ngettext(
            "%(count)s deal worth %(amount)s was won", "%(count)s deals worth %(amount)s were won", won.now
        )
        yield _against(text, won, currency), "", "won"
    if found.best:
        deal, name, amount = found.best
        words = {"name": name, "amount": formats.short_money(amount, currency)}
        yield (
            _("The biggest win was %(name)s, worth %(amount)s.") % words,
            reverse("leads:deal", args=[deal]),
            "won",
        )
    if gone.now or gone.before:
        text = ngettext(
            "%(count)s cancellation took back %(amount)s",
            "%(count)s cancellations took back %(amount)s",
            gone.now,
        )
        yield _against(text, gone, currency), "", "cancelled"
    if lost.now or lost.before:
        text = ngettext(
            "%(count)s deal worth %(amount)s was lost", "%(count)s deals worth %(amount)s were lost", lost.now
        )
        yield _against(text, lost, currency), "", "lost"
    if opened.now or opened.before:
        text = ngettext(
            "%(count)s deal worth %(amount)s was opened",
            "%(count)s deals worth %(amount)s were opened",
            opened.now,
        )
        yield _against(text, opened, currency), "", "opened"


def _against(text, count, currency):
    said = text % {"count": formats.number(count.now), "amount": formats.short_money(count.amount, currency)}
    before = {
        "said": _begun(said),
        "count": formats.number(count.before),
        "amount": formats.short_money(count.amount_before, currency),
    }
    return _("%(said)s; the week before %(count)s, worth %(amount)s.") % before


def _passes(found):
    texts = {
        "leads": lambda n: ngettext("%(count)s lead came in", "%(count)s leads came in", n),
        "mqls": lambda n: ngettext("%(count)s lead became an MQL", "%(count)s leads became MQLs", n),
        "sqls": lambda n: ngettext("sales accepted %(count)s lead", "sales accepted %(count)s leads", n),
        "returned": lambda n: ngettext(
            "sales returned %(count)s offer of the week", "sales returned %(count)s offers of the week", n
        ),
    }
    for name, text in texts.items():
        count = found[name]
        if count.now or count.before:
            yield _compared(text(count.now) % {"count": formats.number(count.now)}, count), "", name


def _compared(said, count):
    said = _begun(said)
    if not count.more:
        return _("%(said)s, as many as the week before.") % {"said": said}
    words = {"said": said, "more": formats.number(abs(count.more))}
    if count.more > 0:
        return _("%(said)s, %(more)s more than the week before.") % words
    return _("%(said)s, %(more)s fewer than the week before.") % words


def _begun(said):
    """As a sentence begins: not every language puts the number first."""
    return said[:1].upper() + said[1:]
