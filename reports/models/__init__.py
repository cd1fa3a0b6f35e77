"""What reports are read from: derived tables, each a pure function of the facts below; and what people fixed of them."""

from reports.models.answers import (
    AnswerMinutes,
    AnswerMonth,
    CountedOffer,
    OfferDay,
    ReasonMonth,
    WhoseAnswers,
    WhoseMinutes,
)
from reports.models.brand import BrandWave, Reputation, SearchShare
from reports.models.chiefs import Chief, ChiefWord
from reports.models.commission import (
    CommissionCorrection,
    CommissionLine,
    CommissionPart,
    CommissionPlan,
    CommissionShare,
    CommissionSignature,
    CommissionStatement,
    ShareRule,
)
from reports.models.credits import CampaignMonth, Credit, CreditMonth
from reports.models.customers import CampaignSegment, CountedCustomer, CustomerMonth
from reports.models.deals import (
    CountedDeal,
    CountedReceipt,
    DealCycle,
    DealDay,
    DealMonth,
    DueMonth,
    LossMonth,
    ReceiptDay,
    WhoseDeals,
    WhoseDue,
)
from reports.models.deeds import DeedDay
from reports.models.forecast import ForecastCall, ForecastItem
from reports.models.growth import Growth, GrowthState
from reports.models.index import IndexComponent, IndexKind, IndexSignature, IndexVersion
from reports.models.launches import LaunchPlan, PlanRemark
from reports.models.learned import ChannelWeight, ModelLock
from reports.models.lessons import Lesson
from reports.models.market import MarketGoal
from reports.models.marks import DirtyKey, MarkKind
from reports.models.months import (
    FrozenCampaign,
    FrozenCell,
    FrozenItem,
    FrozenMonth,
    FrozenRegion,
    MonthComment,
)
from reports.models.passes import (
    CountedPass,
    FunnelMonth,
    FunnelSplit,
    PassDay,
    StepDays,
    StepMonth,
    WhoseDays,
    WhoseFunnel,
    WhoseSplit,
    WhoseSteps,
)
from reports.models.places import CampaignPlace, CreditPlace
from reports.models.promises import CountedDesk, CountedPromise, DeliveryMonth, DeskMonth, PromiseMonth
from reports.models.quotas import Quota
from reports.models.retention import KeepGoal, KeepSignature
from reports.models.rounds import RoundSignature, RoundTarget, Side, TargetRound
from reports.models.shifts import Shift, ShiftAxis
from reports.models.targets import Measure, Target

__all__ = [
    "AnswerMinutes",
    "AnswerMonth",
    "BrandWave",
    "CampaignMonth",
    "CampaignPlace",
    "CampaignSegment",
    "ChannelWeight",
    "Chief",
    "ChiefWord",
    "CommissionCorrection",
    "CommissionLine",
    "CommissionPart",
    "CommissionPlan",
    "CommissionShare",
    "CommissionSignature",
    "CommissionStatement",
    "CountedCustomer",
    "CountedDeal",
    "CountedDesk",
    "CountedOffer",
    "CountedPass",
    "CountedPromise",
    "CountedReceipt",
    "Credit",
    "CreditMonth",
    "CreditPlace",
    "CustomerMonth",
    "DealCycle",
    "DealDay",
    "DealMonth",
    "DeedDay",
    "DeliveryMonth",
    "DeskMonth",
    "DirtyKey",
    "DueMonth",
    "ForecastCall",
    "ForecastItem",
    "FrozenCampaign",
    "FrozenCell",
    "FrozenItem",
    "FrozenMonth",
    "FrozenRegion",
    "FunnelMonth",
    "FunnelSplit",
    "Growth",
    "GrowthState",
    "IndexComponent",
    "IndexKind",
    "IndexSignature",
    "IndexVersion",
    "KeepGoal",
    "KeepSignature",
    "LaunchPlan",
    "Lesson",
    "LossMonth",
    "MarkKind",
    "MarketGoal",
    "Measure",
    "ModelLock",
    "MonthComment",
    "OfferDay",
    "PassDay",
    "PlanRemark",
    "PromiseMonth",
    "Quota",
    "ReasonMonth",
    "ReceiptDay",
    "Reputation",
    "RoundSignature",
    "RoundTarget",
    "SearchShare",
    "ShareRule",
    "Shift",
    "ShiftAxis",
    "Side",
    "StepDays",
    "StepMonth",
    "Target",
    "TargetRound",
    "WhoseAnswers",
    "WhoseDays",
    "WhoseDeals",
    "WhoseDue",
    "WhoseFunnel",
    "WhoseMinutes",
    "WhoseSplit",
    "WhoseSteps",
]
