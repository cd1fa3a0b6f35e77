"""Who reads the reports, and who reads the money in them."""

import rules

from accounts.permissions import (
    is_admin,
    is_finance,
    is_head,
    is_manager,
    is_marketing_head,
    is_rep,
    is_sales_head,
    leads_all,
    markets,
    reads_spine,
    works,
)
from reports.models import Measure

# what marketing answers for, by segment, as sales does by region
SHARED = {Measure.KEPT, Measure.SQLS, Measure.PIPELINE}


@rules.predicate
def both_answer(user, measure):
    """Both tracks answer for the measure."""
    return measure is None or measure in SHARED


@rules.predicate
def owns_growth(user, growth):
    """Somebody who owns the opportunity on either side, or wrote it down."""
    return growth is not None and user.pk in (growth.marketer_id, growth.seller_id, growth.entered_by_id)


reads_money = markets | is_manager | is_finance
PERMISSIONS = {
    "reports.view_report": reads_spine,
    # What leaves the house is not taken along by whoever may leave it: reps read lists, and do not export them.
    "reports.export": leads_all | (reads_spine & ~is_rep),
    "reports.view_mine": works,
    "reports.view_money": reads_money,
    "reports.view_forecast": reads_spine,
    "reports.call_forecast": is_rep | is_manager | is_sales_head | is_admin,
    "reports.lock_model": is_finance | is_admin,
    "reports.close_month": is_finance | leads_all,
    "reports.comment_month": is_head,
    "reports.reopen_month": is_finance | is_admin,
    "reports.view_commission": markets | is_manager | is_finance,
    "reports.draft_commission": leads_all | is_finance,
    "reports.sign_commission": is_head | is_admin,
    "reports.settle_commission": is_finance | is_admin,
    "reports.shift_spend": markets | is_manager,
    "reports.view_sales_cost": is_head | is_finance | is_admin,
    "reports.change_sales_cost": is_sales_head | is_finance | is_admin,
    "reports.draft_goal": leads_all,
    "reports.sign_goal": is_head | is_admin,
    "reports.view_growth": reads_money | (reads_spine & owns_growth),
    "reports.change_growth": markets | is_manager,
    "reports.change_brand": markets,
    "reports.draft_index": leads_all,
    "reports.sign_index": is_head | is_admin,
    "reports.change_quota": leads_all | is_manager,
    "reports.change_market": leads_all,
    "reports.say_satisfied": is_head | is_admin | is_finance,
    "reports.propose_targets": leads_all,
    # Who has neither Today nor My day reads on the dashboard what waits for them.
    "reports.view_needs": is_finance,
    "reports.sign_targets": is_head | is_admin | is_finance,
    "reports.change_target": is_admin | is_sales_head | (is_marketing_head & both_answer),
}
for name, predicate in PERMISSIONS.items():
    rules.add_perm(name, predicate)
