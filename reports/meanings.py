"""What the figures of the forecast, of the posts and of the first screens mean; part of `reports.figures`."""

from django.utils.translation import gettext_lazy as _

from reports.meaning import Figure, Nature

MORE = (
    Figure(
        "payback",
        _("Payback month"),
        "calendar-check",
        Nature.TO_DATE,
        _(
            "The first month since which what a campaign earned to date, with all under it, has covered what it spent to date: by credited "
            "margin where every cost is known, else by credited revenue; by the model named."
        ),
        money=True,
    ),
    Figure(
        "expansions",
        _("Expansions won"),
        "trending-up",
        Nature.FLOW,
        _(
            "Net amounts of the expansions with existing customers signed in the period; what was cancelled is off the month of its "
            "cancellation."
        ),
        money=True,
    ),
    Figure(
        "margin_kept",
        _("Margin kept"),
        "heart-handshake",
        Nature.FLOW,
        _(
            "Margin of the expansions and renewals signed in the period, of deals whose cost is known; what was cancelled is "
            "off the month of its cancellation. What both tracks keep with existing customers, by region and by segment."
        ),
        money=True,
    ),
    Figure(
        "forecast",
        _("Forecast"),
        "binoculars",
        Nature.STOCK,
        _(
            "Amounts won in the period, and of the open deals that are expected to close in it by forecast category, each sum "
            "with all that are surer: closed, + commit, + best case, + pipeline. A deal's own category counts, else that of its stage."
        ),
        money=True,
    ),
    Figure(
        "weighted",
        _("Weighted forecast"),
        "binoculars",
        Nature.STOCK,
        _(
            "What is won in the period + amount × probability of the stage of every open deal expected to close in it."
        ),
        money=True,
    ),
    Figure(
        "coverage",
        _("Coverage"),
        "shield-check",
        Nature.STOCK,
        _("Open pipeline due in the period ÷ (target − won so far); “reached” past the target."),
        money=True,
    ),
    Figure(
        "forecast_error",
        _("Forecast error"),
        "binoculars",
        Nature.COHORT,
        _(
            "(what was submitted by the end of the first day − what was won) ÷ what was won, of a past period. People are held to "
            "their commit, the deals to their weighted sum."
        ),
        money=True,
    ),
    Figure(
        "in_time",
        _("Answered in time"),
        "timer",
        Nature.COHORT,
        _("Of the offers made in the period with a promised time, the share accepted or returned within it."),
    ),
    Figure(
        "contact",
        _("First contact"),
        "phone",
        Nature.COHORT,
        _(
            "Accept → first human attempt in working minutes of the rep's calendar, for the offers made in the period: the median. "
            "Whoever nobody has tried counts as slower than all others."
        ),
    ),
    Figure(
        "ready",
        _("Made ready"),
        "clipboard-check",
        Nature.FLOW,
        _("Passes that became ready in the period: the agreed questions answered and the grade set."),
    ),
    Figure(
        "offered",
        _("Offered to sales"),
        "send",
        Nature.FLOW,
        _("Passes offered to a rep for the first time in the period."),
    ),
    Figure(
        "returned",
        _("Returned by sales"),
        "undo-2",
        Nature.COHORT,
        _("Of the offers made in the period, those that the rep returned with a reason."),
    ),
    Figure(
        "stepless",
        _("No next step"),
        "list-todo",
        Nature.STOCK,
        _("Open deals without a step that is still to be done."),
    ),
    Figure(
        "league",
        _("League"),
        "scale",
        Nature.FLOW,
        _(
            "Reps by win rate, campaigns by acceptance, each with the range where the true rate lies in 19 of 20 cases. A place is given as "
            "the places that the ranges allow; below 20 cases nobody is ranked."
        ),
    ),
    Figure(
        "sourced",
        _("Marketing-sourced pipeline"),
        "trending-up",
        Nature.FLOW,
        _(
            "Amounts at opening of the deals opened in the period whose first pass belongs to a campaign of marketing."
        ),
        money=True,
    ),
    Figure(
        "influenced",
        _("Influenced pipeline"),
        "waypoints",
        Nature.FLOW,
        _(
            "Amounts at opening of the deals opened in the period with a touch of a marketing campaign by one of their contacts within 180 "
            "days before. Never added to what is sourced."
        ),
        money=True,
    ),
    Figure(
        "cac",
        _("Customer acquisition cost"),
        "user-plus",
        Nature.FLOW,
        _(
            "Paid and committed spend of the period, that without a campaign included, ÷ companies that won their first deal in the period "
            "up to today. Cost of sales is not in it. Of a segment: spend by segment ÷ such companies of it; of a region, and of teams and "
            "people of sales, it is not told."
        ),
        money=True,
    ),
    Figure(
        "cac_with_sales",
        _("Customer acquisition cost with sales"),
        "user-plus",
        Nature.FLOW,
        _(
            "Spend of marketing and cost of sales of the period ÷ companies that won their first deal in it up to today. Beside the "
            "acquisition cost, never in its place."
        ),
        money=True,
    ),
    Figure(
        "renewal_rate",
        _("Renewal rate"),
        "repeat",
        Nature.COHORT,
        _(
            "Of the value of the contracts that end in the period, the share whose renewal has been won by today. A renewal counts with the "
            "value of the contract that it renews."
        ),
        money=True,
    ),
    Figure(
        "collected",
        _("Collected"),
        "banknote",
        Nature.FLOW,
        _(
            "Money received in the period on deals won, in report currency at the rate of the day; what was paid back is taken off."
        ),
        money=True,
    ),
    Figure(
        "left",
        _("Budget left"),
        "wallet",
        Nature.TO_DATE,
        _(
            "Budgets of the campaigns and programmes with money in the period, or with a budget and days in it − all that these have paid or committed to date, spend without a campaign included."
        ),
        money=True,
    ),
    Figure(
        "joint_index",
        _("Joint index"),
        "gauge",
        Nature.FLOW,
        _(
            "Σ weight × points ÷ Σ weights of the components that were measured; points = min(cap, reached ÷ expected × 100), 0 at least. "
            "Components, weights, cap and expectations are those of the version that both heads signed and that held in the period's first month."
        ),
    ),
    Figure(
        "effect_on_sales",
        _("Effect on sales"),
        "handshake",
        Nature.FLOW,
        _(
            "Revenue of the new and expansion deals signed in the period that is credited to campaigns, by the model that finance locked, "
            "else the usual one; what was cancelled is off the month of its cancellation."
        ),
        money=True,
    ),
    Figure(
        "brand_awareness",
        _("Brand awareness"),
        "megaphone",
        Nature.STOCK,
        _(
            "Of those asked in the latest survey, the share who knew the brand: unaided (named first or later) or when prompted. "
            "The range is where the true share lies in 19 of 20 cases."
        ),
    ),
    Figure(
        "brand_reputation",
        _("Brand reputation"),
        "heart-handshake",
        Nature.STOCK,
        _("The score of the latest survey in % of its scale: 0 is the worst answer, 100 the best."),
    ),
    Figure(
        "share_of_search",
        _("Share of search"),
        "search",
        Nature.FLOW,
        _("Searches for our brand ÷ searches for all brands of the category, ours included, in the period."),
    ),
)
