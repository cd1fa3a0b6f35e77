"""What reports are read from: derived tables only, each a pure function of the facts below."""

from reports.models.answers import AnswerMinutes, AnswerMonth, CountedOffer
from reports.models.credits import CampaignMonth, Credit, CreditMonth
from reports.models.deals import CountedDeal, DealMonth
from reports.models.learned import ChannelWeight, ModelLock
from reports.models.marks import DirtyKey, MarkKind
from reports.models.passes import CountedPass, FunnelMonth, StepDays, StepMonth
from reports.models.targets import Measure, Target

__all__ = [
    "AnswerMinutes",
    "AnswerMonth",
    "CampaignMonth",
    "ChannelWeight",
    "CountedDeal",
    "CountedOffer",
    "CountedPass",
    "Credit",
    "CreditMonth",
    "DealMonth",
    "DirtyKey",
    "FunnelMonth",
    "MarkKind",
    "Measure",
    "ModelLock",
    "StepDays",
    "StepMonth",
    "Target",
]
