"""The lines of the ledger: what each tells, of which kind it is, and the list behind it on each side."""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

INFORMATION, ACTIVITY, BEHAVIOUR = "information", "activity", "behaviour"
KINDS = {
    INFORMATION: _("Information"),
    ACTIVITY: _("Activity"),
    BEHAVIOUR: _("Sales behaviour"),
}
MARKETING, SALES = "marketing", "sales"
SIDES = {MARKETING: _("Marketing"), SALES: _("Sales")}
COUNT, MONEY, SHARE = "count", "money", "share"
EVERY, PEOPLE, NONE = "every", "people", "none"  # which filters a line can be narrowed by, beside the period
BEYOND_PEOPLE = ("channel", "segment", "region", "campaign")


@dataclass(frozen=True)
class Line:
    """A line: `lists` names the list behind its figure of each side that it has one for.

    `heeds`: EVERY filter, only PEOPLE (team and person), or NONE but the period. `by_money`: told to readers of money alone.
    """

    name: str
    kind: str
    label: Promise
    meaning: Promise
    lists: dict[str, str] = field(default_factory=dict)
    unit: str = COUNT
    heeds: str = EVERY
    by_money: bool = False

    def known(self, choice):
        """Can it be told within a Choice?"""
        beyond = any(getattr(choice, name) is not None for name in BEYOND_PEOPLE)
        people = choice.team is not None or choice.rep is not None
        return self.heeds == EVERY or not (beyond or (people and self.heeds == NONE))


def _both(name):
    return {side: f"{side}_{name}" for side in SIDES}


LINES = (
    Line(
        "leads",
        INFORMATION,
        _("Leads brought in"),
        _("Captured in the period: by channels of marketing; by sales' own finds, cold calls and tenders."),
        _both("leads"),
    ),
    Line(
        "ready",
        INFORMATION,
        _("Leads made ready"),
        _("Enriched by the desk: the agreed questions answered, the grade set."),
        {MARKETING: "ready"},
    ),
    Line(
        "returned",
        INFORMATION,
        _("Returns with a reason"),
        _("Offers of the period that sales sent back and said why."),
        {SALES: "returned"},
    ),
    Line("notes", INFORMATION, _("Notes on people"), _("Written down about contacts."), _both("notes"), heeds=PEOPLE),
    Line(
        "advice",
        INFORMATION,
        _("Word before launch"),
        _("Sales: answers to campaigns before their launch. Marketing: replies to such advice."),
        _both("advice"),
        heeds=PEOPLE,
    ),
    Line(
        "counsel",
        INFORMATION,
        _("Advice on leads and deals"),
        _("Given to the side that is responsible, asked or unasked."),
        _both("counsel"),
        heeds=PEOPLE,
    ),
    Line(
        "growth",
        INFORMATION,
        _("Growth opportunities"),
        _("Written down in the period."),
        _both("growth"),
        heeds=PEOPLE,
        by_money=True,
    ),
    Line(
        "lessons",
        INFORMATION,
        _("Lessons learned"),
        _("Words on growth opportunities and on decisions about spend."),
        _both("lessons"),
        heeds=PEOPLE,
        by_money=True,
    ),
    Line(
        "losses",
        INFORMATION,
        _("Losses explained"),
        _("Deals lost in the period whose reason sales gave."),
        {SALES: "sales_losses"},
    ),
    Line(
        "rivals",
        INFORMATION,
        _("News of competitors"),
        _("Of these, deals that went to a competitor."),
        {SALES: "sales_rivals"},
    ),
    Line(
        "campaigns",
        ACTIVITY,
        _("Campaigns running"),
        _("Running or done, with days in the period, by the track that runs them."),
        _both("campaigns"),
    ),
    Line(
        "spend",
        ACTIVITY,
        _("Spend"),
        _("Paid and committed by month of service; what has no campaign stands with marketing."),
        _both("spend"),
        MONEY,
        by_money=True,
    ),
    Line(
        "touches",
        ACTIVITY,
        _("Touches"),
        _("Every dealing with a contact by the track that it belongs to, without what a machine sent."),
        _both("touches"),
        heeds=PEOPLE,
    ),
    Line(
        "talks",
        ACTIVITY,
        _("Calls, meetings and visits"),
        _("Of these, the ones by voice or face to face."),
        _both("talks"),
        heeds=PEOPLE,
    ),
    Line("steps", ACTIVITY, _("Steps done"), _("Planned steps that were done in the period."), _both("steps"), heeds=PEOPLE),
    Line(
        "sqls",
        BEHAVIOUR,
        _("Accepted SQLs"),
        _("Leads that sales took in the period."),
        {SALES: "sqls"},
    ),
    Line(
        "in_time",
        BEHAVIOUR,
        _("Offers answered in time"),
        _("Of the offers of the period with a promised time that were answered or ran out."),
        {SALES: "sales_in_time"},
        SHARE,
    ),
    Line(
        "contact",
        BEHAVIOUR,
        _("First contact in time"),
        _("Of the first contacts that fell due."),
        {SALES: "kept_contact"},
        SHARE,
        heeds=NONE,
    ),
    Line(
        "persistence",
        BEHAVIOUR,
        _("Attempts owed before letting go"),
        _("Of the accepted leads that were let go, those with all attempts made."),
        {SALES: "kept_persistence"},
        SHARE,
        heeds=NONE,
    ),
    Line(
        "opened",
        BEHAVIOUR,
        _("Pipeline created"),
        _("Amounts at opening of the deals opened, by whose work brought them: a campaign of marketing, or sales."),
        {MARKETING: "sourced", SALES: "sourced_sales"},
        MONEY,
        by_money=True,
    ),
    Line(
        "deals",
        BEHAVIOUR,
        _("Deals won"),
        _("Signed in the period, by whose work brought them. Partners' and others' stand on neither side."),
        _both("deals"),
    ),
    Line(
        "won",
        BEHAVIOUR,
        _("Won revenue"),
        _("Their net amounts, less what was cancelled in the period."),
        _both("won"),
        MONEY,
        by_money=True,
    ),
    Line(
        "margin",
        BEHAVIOUR,
        _("Margin"),
        _("Of these, the margin of deals whose cost is known."),
        _both("margin"),
        MONEY,
        by_money=True,
    ),
)  # fmt: skip
