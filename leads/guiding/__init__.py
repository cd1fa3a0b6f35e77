"""One next step with its reason, for whoever has a lead, a deal or an account in hand: the first that fits, by plain rules."""

from leads.guiding.accounts import of_company
from leads.guiding.deals import of_deal
from leads.guiding.passes import of_lead
from leads.guiding.steps import Guide

__all__ = ["Guide", "of_company", "of_deal", "of_lead"]
