"""The columns of the lists behind the figures, and of the returns by campaign."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.models.handoffs import HandoffEnd
from pipeline.channels import Channel
from pipeline.models import SpendKind
from pipeline.models.deals import DealKind, ForecastCategory
from pipeline.stages import Stage
from reports import deed_columns, drawing
from ui.tables import Column

ANSWERS = {
    "accepted": (gettext_lazy("Accepted"), "ok"),
    "returned": (gettext_lazy("Returned"), "warn"),
    "expired": (gettext_lazy("Expired"), "bad"),
    "waiting": (gettext_lazy("Waiting"), ""),
    "withdrawn": (gettext_lazy("Withdrawn"), ""),
    "moved": (gettext_lazy("Taken over"), ""),
    "uncounted": (gettext_lazy("Return does not count"), ""),
}
OUTCOMES = {"won": "ok", "lost": "bad", "cancelled": "warn"}
CANCELLED = gettext_lazy("Cancellation")
COLUMNS = {
    "pass": [
        Column("name", gettext_lazy("Lead"), href="href", note="company"),
        Column("stage", gettext_lazy("Stage"), "pill"),
        Column("grade", gettext_lazy("Grade"), "grade"),
        Column("campaign_name", gettext_lazy("Campaign"), note="channel"),
        Column("channel", gettext_lazy("Channel"), shown=False),
        Column("rep_name", gettext_lazy("Rep"), kind="person"),
        Column("owner_name", gettext_lazy("Owner"), kind="person"),
        Column("captured_on", gettext_lazy("Captured"), "day"),
        Column("mql_on", gettext_lazy("MQL since"), "day"),
        Column("sql_on", gettext_lazy("Accepted by sales"), "day"),
        Column("won_on", gettext_lazy("Won"), "day"),
    ],
    "deal": [
        Column("name", gettext_lazy("Deal"), href="href", note="company"),
        Column("stage", gettext_lazy("Stage"), "pill"),
        Column("kind", gettext_lazy("Kind")),
        Column("owner_name", gettext_lazy("Owner"), kind="person"),
        Column("opened_on", gettext_lazy("Opened"), "day"),
        Column("closed_on", gettext_lazy("Closed on"), "day"),
        Column("amount", gettext_lazy("Amount"), "money"),
    ],
    "opened": [
        Column("name", gettext_lazy("Deal"), href="href", note="company"),
        Column("stage", gettext_lazy("Stage"), "pill"),
        Column("kind", gettext_lazy("Kind")),
        Column("owner_name", gettext_lazy("Owner"), kind="person"),
        Column("opened_on", gettext_lazy("Opened"), "day"),
        Column("opening", gettext_lazy("Amount at opening"), "money"),
        Column("amount", gettext_lazy("Amount today"), "money"),
    ],
    "margin": [
        Column("name", gettext_lazy("Deal"), href="href", note="company"),
        Column("stage", gettext_lazy("Stage"), "pill"),
        Column("kind", gettext_lazy("Kind")),
        Column("owner_name", gettext_lazy("Owner"), kind="person"),
        Column("closed_on", gettext_lazy("Closed on"), "day"),
        Column("amount", gettext_lazy("Amount"), "money"),
        Column("margin", gettext_lazy("Margin"), "money"),
    ],
    "contract": [
        Column("name", gettext_lazy("Deal"), href="href", note="company"),
        Column("kind", gettext_lazy("Kind")),
        Column("owner_name", gettext_lazy("Owner"), kind="person"),
        Column("closed_on", gettext_lazy("Closed on"), "day"),
        Column("until", gettext_lazy("Contract until"), "day"),
        Column("renewal", gettext_lazy("Renewal")),
        Column("amount", gettext_lazy("Amount"), "money"),
    ],
    "due": [
        Column("name", gettext_lazy("Deal"), href="href", note="company"),
        Column("stage", gettext_lazy("Stage"), "pill"),
        Column("category", gettext_lazy("Forecast category")),
        Column("owner_name", gettext_lazy("Owner"), kind="person"),
        Column("due_on", gettext_lazy("Expected close"), "day"),
        Column("closed_on", gettext_lazy("Closed on"), "day"),
        Column("chance", gettext_lazy("Probability"), "percent"),
        Column("amount", gettext_lazy("Amount"), "money"),
        Column("weighted", gettext_lazy("Weighted"), "money"),
    ],
    "offer": [
        Column("name", gettext_lazy("Lead"), href="href", note="company"),
        Column("rep", gettext_lazy("Rep"), kind="person"),
        Column("grade", gettext_lazy("Grade"), "grade"),
        Column("outcome", gettext_lazy("Answer"), "pill"),
        Column("offered_on", gettext_lazy("Offered"), "day"),
        Column("answer", gettext_lazy("Offer → answer")),
        Column("contact", gettext_lazy("Accept → first contact")),
        Column("speed", gettext_lazy("Capture → first contact")),
    ],
    "promise": [
        Column("name", gettext_lazy("Lead"), href="href", note="company"),
        Column("rep_name", gettext_lazy("Rep"), kind="person"),
        Column("grade", gettext_lazy("Grade"), "grade"),
        Column("answer_due_at", gettext_lazy("Answer due"), "moment"),
        Column("accepted_at", gettext_lazy("Accepted"), "moment"),
        Column("contact_due_at", gettext_lazy("Contact due"), "moment"),
        Column("contacted_at", gettext_lazy("First contact"), "moment"),
        Column("attempts", gettext_lazy("Attempts"), "number"),
        Column("ended_at", gettext_lazy("Ended"), "moment", note="end"),
    ],
    "customer": [
        Column("name", gettext_lazy("Company"), href="href"),
        Column("year", gettext_lazy("Year as a customer"), "number"),
        Column("since", gettext_lazy("Bought before"), "month"),
        Column("kept", gettext_lazy("In the year after"), "pill"),
        Column("deals", gettext_lazy("Won deals"), "number"),
        Column("revenue", gettext_lazy("Revenue"), "money"),
        Column("margin", gettext_lazy("Margin"), "money"),
        Column("due_on", gettext_lazy("Year was over"), "month"),
    ],
    "credit": [
        Column("name", gettext_lazy("Deal"), href="href", note="firm"),
        Column("campaign_name", gettext_lazy("Campaign"), href="campaign_href"),
        Column("channel", gettext_lazy("Channel")),
        Column("place", gettext_lazy("Touch")),
        Column("month", gettext_lazy("Month"), "month"),
        Column("share", gettext_lazy("Share"), "percent"),
        Column("amount", gettext_lazy("Credit"), "money"),
        Column("margin", gettext_lazy("Margin"), "money"),
    ],
    "receipt": [
        Column("name", gettext_lazy("Deal"), href="href", note="company"),
        Column("owner_name", gettext_lazy("Owner"), kind="person"),
        Column("signed_on", gettext_lazy("Signed on"), "day"),
        Column("received_on", gettext_lazy("Received on"), "day"),
        Column("amount", gettext_lazy("Amount"), "money"),
        Column("note", gettext_lazy("Note")),
    ],
    "spend": [
        Column("campaign_name", gettext_lazy("Campaign"), href="href", note="vendor"),
        Column("channel", gettext_lazy("Channel")),
        Column("kind", gettext_lazy("Kind"), "pill"),
        Column("month", gettext_lazy("Month of service"), "month"),
        Column("on", gettext_lazy("Date"), "day"),
        Column("base_amount", gettext_lazy("Amount"), "money"),
    ],
}


def _set(kind, of):
    """The columns of what was set beforehand, month by month."""
    return [
        Column("month", gettext_lazy("Month"), "month"),
        *of,
        Column("amount", gettext_lazy("Amount"), kind),
        Column("by", gettext_lazy("Set by"), kind="person"),
        Column("set_at", gettext_lazy("Set on"), "moment"),
    ]


PLACES = [Column("region_name", gettext_lazy("Region")), Column("segment_name", gettext_lazy("Segment"))]
PEOPLE = [
    Column("team_name", gettext_lazy("Team")),
    Column("person_name", gettext_lazy("Person"), kind="person"),
]
COLUMNS |= {
    "target": _set("money", PLACES),
    "counted_target": _set("number", PLACES),
    "quota": _set("money", PEOPLE),
    "counted_quota": _set("number", PEOPLE),
}


COLUMNS |= deed_columns.COLUMNS | {"account": COLUMNS["contract"]}
DEALS = ("deal", "opened", "margin", "contract", "account", "due", "credit", "receipt")
WORTH = ("money", "short_money")


def filed(kind):
    """The columns of the file: those of the table, and what tells its rows from others: the deal's number, the firm, the currency."""
    first, *rest = COLUMNS[kind]
    number = [Column("number", gettext_lazy("Number of the deal"))] if kind in DEALS else []
    firm = [Column("company", gettext_lazy("Company"))] if first.note in ("company", "firm") else []
    currency = (
        [Column("currency", gettext_lazy("Currency"))] if any(one.kind in WORTH for one in rest) else []
    )
    return [first, *number, *firm, *currency, *rest]


def shown(kind, rows, choice):
    """Rows as the table shows them: words for codes, addresses, seconds for minutes."""
    for row in rows:
        SHOWN[kind](row)
        row["currency"] = choice.currency
    return rows


def _channel(code):
    return str(Channel(code).label) if code in Channel.values else ""


def _pass(row):
    row.update(
        href=link("leads:lead", row["lead_id"]) if row.get("opens", True) else "",
        name=row["name"] or _("Nameless"),
        stage=Stage(row["stage"]).label,
        channel=_channel(row["channel"]),
    )


def _deal(row):
    row.update(
        href=link("leads:deal", row["deal_id"]),
        stage=str(CANCELLED) if row["outcome"] == "cancelled" else _(row["stage"]),
        kind=DealKind(row["kind"]).label,
        tone=OUTCOMES.get(row["outcome"], ""),
    )


def _due(row):
    category, chance = row["category"], row["chance"] / 100
    _deal(row)
    row.update(
        category=ForecastCategory(category).label,
        chance=chance,
        weighted=None if row["amount"] is None else row["amount"] * chance,
    )


def _offer(row):
    label, tone = ANSWERS[row["outcome"]]
    row.update(
        href=link("leads:lead", row["lead"]), name=row["name"] or _("Nameless"), outcome=str(label), tone=tone
    )
    for clock in ("answer", "contact", "speed"):
        row[clock] = None if row[clock] is None else drawing.worked(row[clock])


def _spend(row):
    row.update(
        href=link("pipeline:campaign", row["campaign_id"]),
        campaign_name=row["campaign_name"] or _("Without a campaign"),
        channel=_channel(row["channel"]),
        kind=SpendKind(row["kind"]).label,
    )


def _credit(row):
    row.update(
        href=link("leads:deal", row["deal_id"]),
        firm=" · ".join(filter(None, (row["company"], str(CANCELLED) if row["cancelled"] else ""))),
        campaign_href=link("pipeline:campaign", row["campaign_id"]),
        channel=drawing.channel_name(row["channel"]),
        place=_("%(place)s of %(touches)s") % {"place": row["position"], "touches": row["touches"]}
        if row["touches"]
        else "",
    )


def _promise(row):
    row.update(
        href=link("leads:lead", row["lead"]),
        name=row["name"] or _("Nameless"),
        end=HandoffEnd(row["end"]).label if row["end"] else "",
    )


def _customer(row):
    row.update(
        href=link("pipeline:company", row["company_id"]),
        tone="ok" if row["kept"] else "warn",
        kept=str(_("Bought again") if row["kept"] else _("Did not buy")),
    )


SHOWN = {
    "pass": _pass,
    "deal": _deal,
    "margin": _deal,
    "opened": _deal,
    **dict.fromkeys(("target", "counted_target", "quota", "counted_quota"), lambda row: None),
    "due": _due,
    "contract": _deal,
    "account": _deal,
    "receipt": lambda row: row.update(href=link("leads:deal", row["deal_id"])),
    "offer": _offer,
    "customer": _customer,
    "spend": _spend,
    "credit": _credit,
    "promise": _promise,
    **deed_columns.SHOWN,
}


def link(name, pk):
    """The address of a record's page; empty without a record."""
    return reverse(name, args=[pk]) if pk else ""
