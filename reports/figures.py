"""What each figure means: one name, one text, wherever it stands. docs/metrics.md holds the same sentences."""

from django.utils.translation import gettext_lazy as _

from reports.meaning import Figure, Nature
from reports.meanings import MORE

ALL = (
    Figure(
        "won",
        _("Won revenue"),
        "trophy",
        Nature.FLOW,
        _(
            "Net amounts of the deals signed in the period, in report currency at the rate of the day; what was cancelled is off the month of its cancellation."
        ),
        money=True,
    ),
    Figure(
        "revenue_roi",
        _("Revenue ROI"),
        "trending-up",
        Nature.TO_DATE,
        _(
            "(credited revenue − spend) ÷ spend of the campaigns that spent or brought leads in the period, each to date. "
            "New and expansion deals only, by the model named; spend is paid and committed."
        ),
        money=True,
    ),
    Figure(
        "margin_roi",
        _("Margin ROI"),
        "trending-up",
        Nature.TO_DATE,
        _(
            "(credited margin − spend) ÷ spend of the campaigns that spent or brought leads in the period, each to date. "
            "It leads where the cost of every credited deal is known."
        ),
        money=True,
    ),
    Figure(
        "roas",
        _("ROAS"),
        "trending-up",
        Nature.TO_DATE,
        _(
            "Credited revenue ÷ spend, campaign to date, shown as ×. Never mixed with ROI, which is shown in %."
        ),
        money=True,
    ),
    Figure(
        "pipeline",
        _("Open pipeline"),
        "layers",
        Nature.STOCK,
        _("Amounts of the deals that are open today, whenever they were opened."),
        money=True,
    ),
    Figure(
        "open_pipeline",
        _("Open pipeline credited"),
        "layers",
        Nature.STOCK,
        _(
            "Amounts of the deals that are open today, shared out along their paths until now by the model named. "
            "New and expansion deals only."
        ),
        money=True,
    ),
    Figure(
        "created",
        _("Pipeline created"),
        "circle-plus",
        Nature.FLOW,
        _("Amounts at opening of the deals opened in the period; later growth and shrinkage are not in it."),
        money=True,
    ),
    Figure(
        "spend",
        _("Marketing spend"),
        "wallet",
        Nature.FLOW,
        _(
            "Paid and committed spend by month of service, spend without a campaign included. Planned spend stands apart."
        ),
        money=True,
    ),
    Figure(
        "leads",
        _("New leads"),
        "users",
        Nature.FLOW,
        _("Passes captured in the period, without merged, test and spam records."),
    ),
    Figure(
        "mqls",
        _("MQLs"),
        "badge-check",
        Nature.FLOW,
        _("Passes that became an MQL for the first time in the period."),
    ),
    Figure(
        "sqls",
        _("Accepted SQLs"),
        "handshake",
        Nature.FLOW,
        _(
            "Passes that sales accepted in the period: an SQL begins when the rep accepts. Of a rep or team, those that "
            "they accepted first, whoever holds them today."
        ),
    ),
    Figure(
        "acceptance",
        _("Acceptance"),
        "handshake",
        Nature.COHORT,
        _("Of the passes first offered in the period and finally answered or expired, the share accepted."),
    ),
    Figure(
        "win_rate",
        _("Win rate"),
        "target",
        Nature.FLOW,
        _(
            "Won ÷ (won + lost) of the deals closed in the period, by count; “no decision” is lost. "
            "The range is where the true rate lies in 19 of 20 cases; below 20 closed deals nothing should be ranked by it."
        ),
    ),
    Figure(
        "speed",
        _("Speed to lead"),
        "timer",
        Nature.COHORT,
        _(
            "Capture → first human attempt in working minutes of the owner's calendar, for the passes captured in the "
            "period: the median. Whoever nobody has tried counts as slower than all others. Without history and own finds."
        ),
    ),
    Figure(
        "answer",
        _("Answer times"),
        "timer",
        Nature.COHORT,
        _(
            "Offer → accept or return in working minutes of the rep's calendar, for the offers made in the period; "
            "expired and open ones count as not answered."
        ),
    ),
    Figure(
        "conversion",
        _("Conversion"),
        "filter",
        Nature.COHORT,
        _(
            "Of the passes that reached a stage in the period, the share that reached the next one by today. "
            "Grey while most of them have not yet had the time that three of four took before."
        ),
    ),
    Figure(
        "step_days",
        _("Days per step"),
        "gauge",
        Nature.COHORT,
        _("Median and 90th percentile of the days between two stages, of the steps whose dates are known."),
    ),
    Figure(
        "velocity",
        _("Sales velocity"),
        "gauge",
        Nature.FLOW,
        _("Open deals × win rate × mean won amount ÷ median days from SQL to won: revenue a day."),
        money=True,
    ),
    Figure(
        "cost_per",
        _("Cost per lead, MQL, SQL, deal"),
        "receipt",
        Nature.TO_DATE,
        _(
            "Paid and committed spend ÷ passes that the campaign created and that came so far, campaign to date."
        ),
        money=True,
    ),
    *MORE,
    Figure(
        "segment_spend",
        _("Spend by segment"),
        "wallet",
        Nature.FLOW,
        _(
            "Paid and committed spend of the period: a campaign for a segment spends on it, any other on the segments of the "
            "passes it brought, by their number; without a pass or a campaign, on no segment."
        ),
        money=True,
    ),
    Figure(
        "retention",
        _("Retention"),
        "repeat",
        Nature.STOCK,
        _(
            "Of the customers' years that are over, the share in which the customer bought again: the twelve months after "
            "the first purchase, or after a year with one. The range is where the true share lies in 19 of 20 cases."
        ),
        money=True,
    ),
    Figure(
        "worth",
        _("Customer lifetime value"),
        "gem",
        Nature.STOCK,
        _(
            "m·r ÷ (1 + d − r): m is the margin of a year in which a customer bought again, r the retention, d the discount "
            "rate a year. Told from 20 customers' years that are over, where every cost is known."
        ),
        money=True,
    ),
    Figure(
        "incremental_roi",
        _("Incremental ROI"),
        "scale",
        Nature.TO_DATE,
        _(
            "(incremental revenue − spend) ÷ spend of a campaign: what those it reached brought beyond those held out by lot, "
            "or, weaker, beyond a baseline. The range holds the truth in 19 of 20 cases."
        ),
        money=True,
    ),
)
FIGURES = {figure.name: figure for figure in ALL}
