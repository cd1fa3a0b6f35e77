"""The rows of the demo, gathered by their type: the table of each, in the order in which they are loaded, and what points to what."""

from demo import tables

# In the order in which they are loaded: a row comes after those it points to.
TABLES = {
    tables.Company: "pipeline_company",
    tables.Contact: "pipeline_contact",
    tables.Identity: "pipeline_identity",
    tables.Consent: "pipeline_consentevent",
    tables.LaunchPlan: "reports_launchplan",
    tables.Campaign: "pipeline_campaign",
    tables.Spend: "pipeline_spend",
    tables.SalesCost: "pipeline_salescost",
    tables.Deal: "pipeline_deal",
    tables.Receipt: "pipeline_receipt",
    tables.DealLine: "pipeline_dealline",
    tables.DealContact: "pipeline_dealcontact",
    tables.DealChange: "pipeline_dealchange",
    tables.Step: "pipeline_step",
    tables.Lead: "leads_lead",
    tables.StageChange: "leads_stagechange",
    tables.Score: "leads_leadscore",
    tables.Handoff: "leads_handoff",
    tables.Touch: "leads_touch",
}
KEYLESS = {tables.StageChange, tables.LaunchPlan}

# Which rows a column points to; columns that point to reference rows hold their codes.
POINTERS = {
    "contact_id": tables.Contact,
    "company_id": tables.Company,
    "partner_id": tables.Company,
    "campaign_id": tables.Campaign,
    "parent_id": tables.Campaign,
    "deal_id": tables.Deal,
    "lead_id": tables.Lead,
}
PEOPLE = {"owner_id", "actor_id", "rep_id", "offered_by_id", "sales_owner_id", "marketing_contact_id"}


class Rows:
    """Rows by their type, numbered in the order of arrival."""

    def __init__(self):
        self.of = {kind: [] for kind in TABLES}

    def add(self, row):
        """Keep a row; returns its number."""
        rows = self.of[type(row)]
        rows.append(row)
        return len(rows)
