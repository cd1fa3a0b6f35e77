"""What each role may do with the spine: campaigns, spend, companies, contacts, products, deals, steps, files."""

import rules

from accounts.permissions import (
    is_admin,
    is_finance,
    is_manager,
    is_sales_head,
    is_service,
    is_visible,
    leads_all,
    markets,
    of_colleague,
    owns,
    reads_all,
    reads_some,
    reads_spine,
    sells,
    works,
)
from accounts.visibility import colleague_ids


@rules.predicate
def holds_account(user, company):
    """The company has no owner in sales yet, or the user is the one."""
    return company is None or company.sales_owner_id in (None, user.pk)


@rules.predicate
def of_colleagues_account(user, company):
    """The company's owner in sales is one of the user's people."""
    return company is None or company.sales_owner_id in colleague_ids(user)


@rules.predicate
def owns_account(user, company):
    """The company's owner in sales is the user."""
    return company is None or company.sales_owner_id == user.pk


@rules.predicate
def owns_account_of(user, person):
    """The person works for an account of the user's."""
    return person is None or person.company.sales_owner_id == user.pk


@rules.predicate
def of_colleagues_account_of(user, person):
    """The person works for an account of one of the user's people."""
    return person is None or person.company.sales_owner_id in colleague_ids(user)


@rules.predicate
def of_colleagues_customer(user, deal):
    """The deal is with an account of one of the user's people."""
    return deal is None or (
        deal.company_id is not None and deal.company.sales_owner_id in colleague_ids(user)
    )


@rules.predicate
def of_no_others_deal(user, attachment):
    """The file hangs on no deal, or on one of the user's people."""
    return attachment is None or not attachment.deal_id or attachment.deal.owner_id in colleague_ids(user)


@rules.predicate
def of_colleagues_deal(user, receipt):
    """The receipt's deal belongs to one of the user's people."""
    return receipt is None or receipt.deal.owner_id in colleague_ids(user)


@rules.predicate
def planned_it(user, step):
    """The user planned the step for somebody else."""
    return step is None or step.planned_by_id == user.pk


PERMISSIONS = {
    "pipeline.view_campaign": reads_spine,
    "pipeline.add_campaign": markets | is_manager,
    "pipeline.change_campaign": markets | (works & owns),
    "pipeline.delete_campaign": markets,
    "pipeline.view_spend": reads_spine,
    "pipeline.add_spend": markets,
    "pipeline.change_spend": markets,
    "pipeline.view_company": reads_spine,
    "pipeline.add_company": works,
    "pipeline.change_company": works,
    "pipeline.assign_company": leads_all | (works & holds_account) | (is_manager & of_colleagues_account),
    "pipeline.mark_company": leads_all | is_manager,
    "pipeline.staff_account": leads_all | (works & owns_account) | (is_manager & of_colleagues_account),
    "pipeline.change_account_person": leads_all
    | (works & owns_account_of)
    | (is_manager & of_colleagues_account_of),
    "pipeline.view_contact": reads_all | (reads_some & is_visible),
    "pipeline.add_contact": works,
    "pipeline.change_contact": reads_all | (reads_some & is_visible),
    "pipeline.view_registration": reads_spine,
    "pipeline.add_registration": works,
    "pipeline.change_registration": works,
    "pipeline.view_product": reads_spine,
    "pipeline.change_product": leads_all,
    "pipeline.view_unit": reads_spine,
    "pipeline.change_unit": works,
    "pipeline.report_usage": works | is_service,
    "pipeline.view_cost": markets | is_manager | is_finance,
    "pipeline.change_rate": leads_all,
    "pipeline.view_deal": reads_all | is_finance | (reads_some & (of_colleague | of_colleagues_customer)),
    "pipeline.add_deal": sells,
    "pipeline.work_deal": leads_all | (reads_some & of_colleague),
    "pipeline.add_receipt": leads_all | is_finance | (reads_some & of_colleague),
    "pipeline.change_receipt": leads_all | is_finance | (reads_some & of_colleagues_deal),
    "pipeline.pass_gate": is_sales_head | is_admin,
    "pipeline.reopen_deal": leads_all | (is_manager & of_colleague),
    "pipeline.cancel_deal": leads_all | is_finance | (is_manager & of_colleague),
    "pipeline.delete_deal": is_admin,
    "pipeline.view_step": reads_all | (reads_some & (of_colleague | planned_it)),
    "pipeline.add_step": works,
    "pipeline.work_step": leads_all | (works & (owns | planned_it)) | (is_manager & of_colleague),
    "pipeline.view_attachment": reads_spine & is_visible,
    "pipeline.add_attachment": works,
    "pipeline.delete_attachment": leads_all | (works & is_visible & (reads_all | of_no_others_deal)),
    "pipeline.view_statement": reads_spine,
    "pipeline.add_statement": works,
    "pipeline.sign_statement": leads_all,
    "pipeline.manage_stages": is_admin,
    "pipeline.manage_fields": is_admin,
}
for name, predicate in PERMISSIONS.items():
    rules.add_perm(name, predicate)
