"""Where a customer stands on the way to buying, by the strongest fact that is open, and why."""

from leads.buying.definition import BuyingStage
from leads.buying.listing import at_stage
from leads.buying.telling import Process, Standing, of_companies, of_contacts, shown

__all__ = ["BuyingStage", "Process", "Standing", "at_stage", "of_companies", "of_contacts", "shown"]
