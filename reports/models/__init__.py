"""What reports are read from: derived tables only, each a pure function of the facts below."""

from reports.models.answers import AnswerMinutes, AnswerMonth, CountedOffer
from reports.models.credits import CampaignMonth, Credit, CreditMonth
from reports.models.deals import CountedDeal, DealMonth
from reports.models.marks import DirtyKey, MarkKind
from reports.models.passes import CountedPass, FunnelMonth, StepDays, StepMonth

__all__ = [
    "AnswerMinutes",
    "AnswerMonth",
    "CampaignMonth",
    "CountedDeal",
    "CountedOffer",
    "CountedPass",
    "Credit",
    "CreditMonth",
    "DealMonth",
    "DirtyKey",
    "FunnelMonth",
    "MarkKind",
    "StepDays",
    "StepMonth",
]
