"""How each kind of record is written: one function for each, from a staged batch into the tables."""

from leads.importing.kinds import campaigns, companies, deals, leads, products, readings, spend, touches
from leads.models.imports import ImportKind

LOADERS = {
    ImportKind.COMPANIES: companies.load,
    ImportKind.PRODUCTS: products.load,
    ImportKind.CAMPAIGNS: campaigns.load,
    ImportKind.LEADS: leads.load,
    ImportKind.TOUCHES: touches.load,
    ImportKind.SPEND: spend.load,
    ImportKind.DEALS: deals.load,
    ImportKind.READINGS: readings.load,
}
