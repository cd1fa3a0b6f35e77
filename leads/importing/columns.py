"""A field that can be imported, and those that several kinds of records have."""

import builtins
from dataclasses import dataclass

from django.db.models import Choices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from pipeline.channels import Channel

MOST = 2**31 - 1  # of an integer in the database


@dataclass(frozen=True)
class Field:
    """One target of a mapping. `type` names the converter; `words` are further headers that mean it.

    A number is not below zero (`below` says so), unless it `comes_back` as money does; a whole one has at most `longest` as its value.
    `whole`: the cell of a date may name a month, and means its first or last day. `instead`: a field that may stand in
    for a required one.
    """

    name: str
    type: str
    label: str | Promise
    required: bool = False
    longest: int = 200
    choices: builtins.type[Choices] | None = None
    words: str = ""
    comes_back: bool = False
    below: str = gettext_noop("is below zero")
    whole: str = ""
    instead: str = ""


def count(name, label, most=MOST, **more) -> Field:
    """A field of a whole number."""
    return Field(name, "integer", label, longest=most, **more)


def text(name, label, longest=200, **more) -> Field:
    """A field of text, cut by nothing: what is longer is refused."""
    return Field(name, "text", label, longest=longest, **more)


KEY = text(
    "external_id",
    _("external id"),
    words="id, record id, row id, leadid, dealid, campaignid, opportunity_id, mql_id",
)
OWNER = Field(
    "owner",
    "person",
    _("owner"),
    words="lead owner, deal owner, potential owner, sales_agent, ответственный, 负责人",
)
CAMPAIGN = Field(
    "campaign",
    "campaign",
    _("campaign"),
    longest=300,
    words="campaign name, campaign_name, utm_campaign, кампания, название кампании, kampagne, kampagnenname, name der kampagne, 活动, 广告系列, 广告系列名称, 推广计划, 推广计划名称, 计划名称, 广告计划, 广告计划名称",
)
CAMPAIGN_KEY = text(
    "campaign_key",
    _("campaign's external id"),
    words="campaign id, campaign_id, № кампании, номер кампании, id кампании, kampagnen-id, kampagnen id, 广告系列 id, 广告系列编号, 计划 id, 推广计划 id",
)
CHANNEL = Field(
    "channel",
    "channel",
    _("channel"),
    choices=Channel,
    words="lead source, source, utm_medium, origin, источник, 来源",
)
COMPANY = text(
    "company",
    _("company"),
    300,
    words="account, account name, organisation, organization, firma, организация, 公司名称, 企业名称, 单位, 单位名称, 工作单位",
)
PRODUCT = Field("product", "product", _("product"))
SEGMENT = Field("segment", "segment", _("segment"))
REGION = Field("region", "region", _("region"), words="territory")
COUNTRY = text("country", _("country"), 100)
CURRENCY = Field(
    "currency",
    "currency",
    _("currency"),
    words="currency code, код валюты, währung, währungscode, 货币代码, 货币, 币种",
)

PERSON = (
    Field(
        "email",
        "email",
        _("e-mail"),
        longest=320,
        words="email, e-mail address, email address, mail, почта, эл. почта, 邮箱",
    ),
    Field("mobile", "mobile", _("mobile"), words="mobile phone, cell, моб. телефон, 手机号"),
    Field("phone", "phone", _("phone"), words="telephone, tel, phone number, телефон, 电话"),
    Field("wechat", "wechat", _("WeChat"), words="wechat id, 微信号"),
    text("contact_key", _("contact's external id"), words="contact id, contact_id, contactid"),
)
