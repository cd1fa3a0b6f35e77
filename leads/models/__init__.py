"""Passes down the funnel and what moves them."""

from leads.models.agreement import Agreement, AgreementSignature, Destination, Question, ReturnReason
from leads.models.audiences import Audience, AudienceMember, Baseline, Inclusion
from leads.models.books import BookMove
from leads.models.cases import OUTCOMES, Case, CaseClock, CaseKind, CaseOutcome, CaseRuling
from leads.models.counsel import Counsel
from leads.models.desk import DeskPromise
from leads.models.disputes import Decider, Dispute, GoesTo, Ruling
from leads.models.duplicates import Duplicate, DuplicateMark, NumberMark
from leads.models.errands import ErrandKind, ImportErrand, ImportKeys
from leads.models.handoffs import AssignmentRule, AssignmentRun, Handoff, HandoffKind, Names, RuleTurn
from leads.models.handover import Event, HandoverRule
from leads.models.imports import ImportedRow, ImportReject, ImportRun, ImportState, Mapping
from leads.models.lead import Lead, LeadMove, StageChange
from leads.models.links import LinkClick, PersonalLink, TrackingLink
from leads.models.live import LiveAudience
from leads.models.merges import CameBy, Merge, MergeKind
from leads.models.moments import Moment, MomentRule, News
from leads.models.notes import ComplaintAnswer, Note
from leads.models.notices import Notice, NoticeChoice, NoticeKind, Robot
from leads.models.obstacles import AnswerKind, Obstacle, ObstacleKind
from leads.models.recipes import CampaignTemplate
from leads.models.score import Grade, LeadScore, ScoreModel, ScoreRule, TouchWeight
from leads.models.signals import SignalVerdict, Worth
from leads.models.stories import UseOfStory, WinStory
from leads.models.suggestions import Suggestion
from leads.models.taps import Tap
from leads.models.touches import HAND_RAISERS, HUMAN_ATTEMPTS, MET, Touch, TouchKind
from leads.models.usage import UsageKind, UsageRule, UsageSign
from leads.models.webforms import Submission, SubmissionState, WebForm
from leads.models.winning import LeadChance, WinModel

__all__ = [
    "HAND_RAISERS",
    "HUMAN_ATTEMPTS",
    "MET",
    "OUTCOMES",
    "Agreement",
    "AgreementSignature",
    "AnswerKind",
    "AssignmentRule",
    "AssignmentRun",
    "Audience",
    "AudienceMember",
    "Baseline",
    "BookMove",
    "CameBy",
    "CampaignTemplate",
    "Case",
    "CaseClock",
    "CaseKind",
    "CaseOutcome",
    "CaseRuling",
    "ComplaintAnswer",
    "Counsel",
    "Decider",
    "DeskPromise",
    "Destination",
    "Dispute",
    "Duplicate",
    "DuplicateMark",
    "ErrandKind",
    "Event",
    "GoesTo",
    "Grade",
    "Handoff",
    "HandoffKind",
    "HandoverRule",
    "ImportErrand",
    "ImportKeys",
    "ImportReject",
    "ImportRun",
    "ImportState",
    "ImportedRow",
    "Inclusion",
    "Lead",
    "LeadChance",
    "LeadMove",
    "LeadScore",
    "LinkClick",
    "LiveAudience",
    "Mapping",
    "Merge",
    "MergeKind",
    "Moment",
    "MomentRule",
    "Names",
    "News",
    "Note",
    "Notice",
    "NoticeChoice",
    "NoticeKind",
    "NumberMark",
    "Obstacle",
    "ObstacleKind",
    "PersonalLink",
    "Question",
    "ReturnReason",
    "Robot",
    "RuleTurn",
    "Ruling",
    "ScoreModel",
    "ScoreRule",
    "SignalVerdict",
    "StageChange",
    "Submission",
    "SubmissionState",
    "Suggestion",
    "Tap",
    "Touch",
    "TouchKind",
    "TouchWeight",
    "TrackingLink",
    "UsageKind",
    "UsageRule",
    "UsageSign",
    "UseOfStory",
    "WebForm",
    "WinModel",
    "WinStory",
    "Worth",
]
