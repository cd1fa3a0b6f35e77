"""The spine both teams share."""

from pipeline.models.account_people import AccountPart, AccountPerson
from pipeline.models.campaigns import Campaign, CampaignStatus, ExchangeRate, Spend, SpendKind
from pipeline.models.companies import Company
from pipeline.models.consent import ConsentEvent, ConsentPurpose, Suppression
from pipeline.models.consulting import Advice, Consultation
from pipeline.models.contacts import Contact, Identity, IdentityKind
from pipeline.models.deal_parts import DealChange, DealContact, DealContactRole, DealLine
from pipeline.models.deals import (
    Deal,
    DealKind,
    DealStage,
    ForecastCategory,
    Outcome,
    OutcomeReason,
)
from pipeline.models.fields import CustomField, FieldKind, FieldOwner
from pipeline.models.months import MonthClose, MonthReopening
from pipeline.models.products import Product, ProductCost
from pipeline.models.receipts import Receipt
from pipeline.models.registrations import DealRegistration
from pipeline.models.selling import SalesCost, SalesCostFile, SalesCostOf
from pipeline.models.units import Reading, Unit
from pipeline.models.voice import Audience, Statement, StatementKind, StatementSignature
from pipeline.models.words import SearchWord
from pipeline.models.work import Attachment, Step

__all__ = [
    "AccountPart",
    "AccountPerson",
    "Advice",
    "Attachment",
    "Audience",
    "Campaign",
    "CampaignStatus",
    "Company",
    "ConsentEvent",
    "ConsentPurpose",
    "Consultation",
    "Contact",
    "CustomField",
    "Deal",
    "DealChange",
    "DealContact",
    "DealContactRole",
    "DealKind",
    "DealLine",
    "DealRegistration",
    "DealStage",
    "ExchangeRate",
    "FieldKind",
    "FieldOwner",
    "ForecastCategory",
    "Identity",
    "IdentityKind",
    "MonthClose",
    "MonthReopening",
    "Outcome",
    "OutcomeReason",
    "Product",
    "ProductCost",
    "Reading",
    "Receipt",
    "SalesCost",
    "SalesCostFile",
    "SalesCostOf",
    "SearchWord",
    "Spend",
    "SpendKind",
    "Statement",
    "StatementKind",
    "StatementSignature",
    "Step",
    "Suppression",
    "Unit",
]
