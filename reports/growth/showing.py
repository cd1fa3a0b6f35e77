"""How the register of opportunities to grow is written."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import drawing
from reports.models import GrowthState
from reports.models.growth import Growth
from ui import formats
from ui.tables import Column

TONES = {
    GrowthState.IDEA: "",
    GrowthState.TRIED: "accent",
    GrowthState.GROWN: "ok",
    GrowthState.DROPPED: "bad",
}
OPEN = (GrowthState.IDEA, GrowthState.TRIED)
ROW = (
    "id", "name", "segment__name", "region__name", "product__name", "margin", "cost", "marketer__full_name", "seller__full_name",
    "state", "campaign_id", "campaign__name", "look_on",
)  # fmt: skip
COLUMNS = [
    Column("name", gettext_lazy("What"), href="href", note="where"),
    Column("state_name", gettext_lazy("State"), "pill"),
    Column("margin", gettext_lazy("Expected margin a year"), "short_money"),
    Column("came", gettext_lazy("Margin to date"), "short_money", href="came_href"),
    Column("cost", gettext_lazy("Cost to try"), "short_money"),
    Column("spent", gettext_lazy("Spent to date"), "short_money", href="spent_href"),
    Column("marketer__full_name", gettext_lazy("Owner in marketing"), "person"),
    Column("seller__full_name", gettext_lazy("Owner in sales"), "person"),
    Column("look_on", gettext_lazy("Look again on"), "day", note="look_note"),
]
FILE = [
    *COLUMNS[:1],
    Column("where", gettext_lazy("For whom")),
    *COLUMNS[1:],
    Column("campaign__name", gettext_lazy("Campaign that tries it")),
]


def completed(rows, came, choice):
    """The rows of a page with addresses, words and what came of them so far; changes and returns them."""
    for row in rows:
        real = came.get(row["campaign_id"])
        due = row["look_on"] and row["look_on"] <= choice.today and row["state"] in OPEN
        row |= {
            "href": reverse("reports:growth-one", args=[row["id"]]),
            "where": where(row["segment__name"], row["region__name"], row["product__name"]),
            "state_name": GrowthState(row["state"]).label,
            "tone": TONES[row["state"]],
            "currency": choice.currency,
            "came": real and real.margin,
            "spent": real and real.spend,
            **(behind(row["campaign_id"], choice) if real else {}),
            "look_note": _("due: look at it again") if due else "",
        }
    return rows


def behind(campaign, choice):
    """The addresses of what a campaign, with all under it, was credited with and spent to date."""
    lists = {"came_href": "margin_roi", "spent_href": "return_spend"}
    return {key: drawing.to_date(name, choice, campaign=campaign) for key, name in lists.items()}


def where(*names):
    """Segment, region and product in one line."""
    return " · ".join(str(name) for name in names if name)


def against(growth: Growth, real, choice):
    """[(label, expected, real, address of what is behind it)] of an opportunity that a campaign tries: money as it is written."""
    lists = behind(growth.campaign_id, choice) if real else {"came_href": "", "spent_href": ""}
    margin = (
        formats.money(real.margin, choice.currency) if real and real.margin is not None else formats.EMPTY
    )
    if real and real.margin is None:
        margin = _("not available")
    spent = formats.money(real.spend, choice.currency) if real else formats.EMPTY
    return [
        (
            _("Margin: expected a year, credited to date"),
            formats.money(growth.margin, choice.currency),
            margin,
            lists["came_href"],
        ),
        (
            _("Cost: to try it, spent to date"),
            formats.money(growth.cost, choice.currency),
            spent,
            lists["spent_href"],
        ),
    ]
