"""What can be imported: the fields of each kind of record, their types and the words by which a header names them."""

from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from leads.importing.columns import (
    CAMPAIGN,
    CAMPAIGN_KEY,
    CHANNEL,
    COMPANY,
    COUNTRY,
    CURRENCY,
    KEY,
    MOST,
    OWNER,
    PERSON,
    PRODUCT,
    REGION,
    SEGMENT,
    Field,
    count,
    text,
)
from leads.importing.dates import FIRST, LAST
from leads.models import TouchKind
from leads.models.imports import ImportKind
from pipeline.channels import Channel
from pipeline.models import CampaignStatus, DealKind, FieldOwner, Outcome, SpendKind
from pipeline.stages import Stage

ATTRIBUTE = "attributes."
CANCELLED = gettext_noop(
    "is below zero: what was cancelled of a deal is recorded on the page of the deal, or by the API"
)

FIELDS = {
    ImportKind.COMPANIES: (
        text("name", _("name"), 300, required=True, words="company, account, account name, firma, 公司名称, название"),
        KEY,
        text("domain", _("web domain"), 253, words="website, site, url, сайт, 网站"),
        text("tax_id", _("tax id"), 50, words="inn, инн, vat, ust-id, 税号, 统一社会信用代码"),
        text("parent", _("part of"), 300, words="parent, subsidiary_of"),
        SEGMENT,
        REGION,
        COUNTRY,
        text("industry", _("industry"), 100, words="sector, отрасль, 行业"),
        count("employees", _("employees"), words="size, staff, 人数"),
        Field("is_partner", "boolean", _("dealer or partner")),
        Field("sales_owner", "person", _("account owner")),
        Field("marketing_contact", "person", _("marketing contact")),
    ),
    ImportKind.PRODUCTS: (
        text("name", _("name"), required=True, words="product, product name, 产品"),
        text("code", _("code"), 60, words="sku, product code, артикул, 编码"),
        KEY,
        text("family", _("product line"), 100, words="series, category, product category"),
        Field("list_price", "money", _("list price"), words="price, sales_price, цена, 价格"),
        Field("floor_price", "money", _("lowest price")),
        CURRENCY,
        Field("active", "boolean", _("for sale"), words="product active"),
        Field("unit_cost", "money", _("unit cost"), words="cost, себестоимость, 成本"),
        Field("cost_since", "date", _("unit cost since"), whole=FIRST),
    ),
    ImportKind.CAMPAIGNS: (
        text("name", _("name"), 300, required=True, words="campaign, campaign name"),
        text("code", _("code"), 60),
        KEY,
        Field("channel", "channel", _("channel"), choices=Channel, words="type, medium"),
        Field("status", "choice", _("status"), choices=CampaignStatus),
        Field("parent", "campaign", _("programme"), longest=300),
        OWNER,
        SEGMENT,
        REGION,
        PRODUCT,
        Field("starts_on", "date", _("first day"), words="start date, start, начало, 开始日期", whole=FIRST),
        Field("ends_on", "date", _("last day"), words="end date, end, окончание, 结束日期", whole=LAST),
        Field("budget", "money", _("budget"), words="budgeted cost"),
        CURRENCY,
        count("expected_leads", _("expected leads")),
        count("expected_mqls", _("expected MQLs")),
        count("expected_sqls", _("expected SQLs")),
        Field("expected_pipeline", "money", _("expected pipeline")),
        Field("expected_revenue", "money", _("expected revenue")),
        Field("for_existing", "boolean", _("for existing customers")),
        Field("actual_cost", "money", _("actual cost in all"), words="actual cost", comes_back=True),
        text("note", _("note"), 10_000, words="description, comment, комментарий, 备注"),
    ),
    ImportKind.LEADS: (
        KEY,
        text("full_name", _("full name"), 300, words="name, contact, contact name, фио, 姓名, 联系人"),
        text("given_name", _("given name"), 150, words="first name, имя, 名"),
        text("family_name", _("family name"), 150, words="last name, surname, фамилия, 姓"),
        *PERSON,
        text("job_title", _("job title"), 200, words="title, position, должность, 职位"),
        COMPANY,
        text("domain", _("web domain"), 253),
        text("industry", _("industry"), 100, words="sector, отрасль, 行业"),
        count("employees", _("employees")),
        COUNTRY,
        text("city", _("city"), 100, words="town, город, 城市"),
        text("language", _("language"), 10),
        REGION,
        SEGMENT,
        PRODUCT,
        CAMPAIGN,
        CAMPAIGN_KEY,
        CHANNEL,
        text("source_text", _("source as in the file")),
        OWNER,
        Field("captured_at", "moment", _("captured"), words="created, created time, created at, date, date of visit, visit date, visited, дата, дата визита, дата посещения, "
              "дата контакта, дата встречи, 日期, 创建时间, 拜访日期, 拜访时间, 来访日期, 到访日期, 接触日期"),
        Field("stage", "choice", _("stage"), choices=Stage),
        Field("mql_at", "moment", _("MQL since")),
        Field("ready_at", "moment", _("ready since")),
        Field("sql_at", "moment", _("accepted by sales")),
        Field("deal_at", "moment", _("deal since")),
        Field("won_at", "moment", _("won")),
        Field("touch_kind", "choice", _("kind of touch"), choices=TouchKind,
              words="warmth, hot/warm/cold, интерес, теплота, 意向, 意向程度, 热度"),
        text("note", _("note"), 10_000, words="comment, message, комментарий, 备注"),
    ),
    ImportKind.TOUCHES: (
        KEY,
        text("lead_key", _("lead's external id"), words="lead, lead id, leadid"),
        *PERSON,
        Field("kind", "choice", _("kind"), choices=TouchKind, required=True, words="type, activity"),
        Field("at", "moment", _("at"), required=True, words="date, time, when, date of visit, visit date, дата, дата визита, дата посещения, дата контакта, дата встречи, "
              "时间, 日期, 拜访日期, 拜访时间, 来访日期, 到访日期, 接触日期"),
        CHANNEL,
        CAMPAIGN,
        CAMPAIGN_KEY,
        Field("outbound", "boolean", _("from us")),
        Field("automatic", "boolean", _("automatic")),
        Field("reached", "boolean", _("reached")),
        Field("actor", "person", _("by"), words="owner"),
        text("note", _("note"), 10_000, words="subject, comment, комментарий, 备注"),
    ),
    ImportKind.SPEND: (
        KEY,
        CAMPAIGN,
        CAMPAIGN_KEY,
        Field("channel", "channel", _("channel of new campaigns"), choices=Channel),
        Field("kind", "choice", _("kind"), choices=SpendKind),
        Field(
            "on", "date", _("date"), required=True, words="day, invoice date, start date (in utc), reporting starts, день, дата, дата счета, дата счёта, начало отчетности, начало отчётности, tag, datum, rechnungsdatum, startdatum (in utc), berichtsstart, 日期, 天, 时间-天, 开始日期（utc）, 开始日期 (utc), 报告开始日期, 统计日期, 发票日期, 开票日期", whole=FIRST, instead="month"
        ),
        Field("month", "date", _("month of service"), words="month, month of spend, месяц, месяц расхода, monat, leistungsmonat, 月份, 费用月份, 花费月份, 所属月份", whole=FIRST),
        Field("amount", "money", _("amount"), required=True, words="cost, spend, spent, amount spent, total spent, сумма, стоимость, расход, расходы, потрачено, kosten, kosten (umgerechnete währung), ausgaben, gesamtausgaben, ausgegebener betrag, betrag, 金额, 费用, 花费, 消费, 消耗, 总花费, 总消耗, 总费用, 已花费金额, 花费金额", comes_back=True),
        CURRENCY,
        text("vendor", _("vendor"), words="supplier, поставщик, подрядчик, контрагент, lieferant, anbieter, 供应商"),
        text("note", _("note"), 500, words="comment, description, комментарий, bemerkung, kommentar, notiz, 备注"),
        count("impressions", _("impressions"), 10**14 - 1, words="impr., показы, impressionen, 展示, 展示次数, 展示数, 展示量, 展现, 展现量, 曝光, 曝光量, 曝光次数"),
        count("clicks", _("clicks"), 10**14 - 1, words="link clicks, клики, klicks, link-klicks, 点击, 点击次数, 点击数, 点击量, 链接点击量"),
        Field("reported_leads", "shared", _("leads as the platform reports"), longest=MOST, words="leads, лиды, 潜在客户, 线索, 线索数, 线索量"),
        Field("reported_orders", "shared", _("orders as the platform reports"), longest=MOST, words="orders, conversions, конверсии, 转化, 转化次数, 转化数, 转化量"),
        Field("reported_revenue", "money", _("revenue as the platform reports"), words="revenue, conv. value, conversion value, ценность конверсий, ценность конверсии, conv.-wert, conversion-wert, 转化价值"),
    ),
    ImportKind.DEALS: (
        text("name", _("name"), 300, words="deal, deal name, opportunity, opportunity name, potential name, сделка, 商机"),
        KEY,
        text("lead_key", _("lead's external id"), words="lead, lead id, leadid"),
        *PERSON,
        COMPANY,
        Field("kind", "choice", _("kind"), choices=DealKind),
        Field("stage", "deal_stage", _("stage"), words="deal_stage"),
        Field("outcome", "choice", _("outcome"), choices=Outcome, words="status, result, статус, результат, 状态, 结果"),
        Field("outcome_reason", "reason", _("reason")),
        OWNER,
        Field("amount", "money", _("amount"), words="value, close_value, сумма, 金额", below=CANCELLED),
        CURRENCY,
        Field("cost", "money", _("cost")),
        Field("collected", "money", _("money received"), words="paid, received, payment, оплачено, 已收款", comes_back=True),
        Field("collected_on", "date", _("received on"), words="paid on, payment date, дата оплаты, 收款日期"),
        Field("opened_at", "moment", _("opened"), words="created, created time, created date, engage_date"),
        Field("closed_at", "moment", _("closed"), words="closing date, close date, close_date"),
        Field("signed_on", "date", _("signed on")),
        Field("expected_close", "date", _("expected close"), whole=LAST),
        Field("contract_until", "date", _("contract until"), whole=LAST),
        PRODUCT,
        text("partner", _("dealer"), 300),
        CAMPAIGN,
        CAMPAIGN_KEY,
        CHANNEL,
    ),
    ImportKind.READINGS: (
        KEY,
        Field("product", "product", _("product"), required=True, words="product code, model, sku, артикул, модель, 型号, 产品型号, 产品编码"),
        text("serial", _("serial number"), 100, required=True, words="serial, serial no, s/n, sn, unit, device, asset, серийный №, заводской номер, 序列号, 设备号, 设备编号, 机号"),
        COMPANY,
        Field("day", "date", _("day"), required=True, words="date, reading date, дата, 日期, 统计日期"),
        Field("usage", "shared", _("use"), required=True, longest=MOST, words="usage, hours, run time, runs, pages, наработка, моточасы, часы, 用量, 使用量, 运行时长, 开机时长, 使用时长"),
        count("errors", _("errors"), words="faults, alarms, failures, ошибки, сбои, отказы, 错误数, 故障数, 报警数"),
        text("version", pgettext_lazy("of a product", "version"), 50, words="firmware, software version, прошивка, 固件版本, 软件版本"),
        Field("since", "date", _("in use since"), words="installed, installed on, installation date, дата установки, 安装日期, 投用日期"),
    ),
}  # fmt: skip
# Kinds that take further columns as attributes, and whose own fields they may be.
OPEN_ENDED = {ImportKind.LEADS: FieldOwner.LEAD, ImportKind.DEALS: FieldOwner.DEAL}


@cache
def by_name(kind):
    """Name → Field of a kind."""
    return {field.name: field for field in FIELDS[kind]}


def field_for(kind, target):
    """The Field of a target; an attribute is text. KeyError where there is none."""
    if target.startswith(ATTRIBUTE) and kind in OPEN_ENDED and len(target) > len(ATTRIBUTE):
        return Field(target, "attribute", target.removeprefix(ATTRIBUTE), longest=10_000)
    return by_name(kind)[target]


@cache
def header_words(kind):
    """Header in small letters → name of the field that it means, in every language of the product."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for field in FIELDS[kind]:
                found.setdefault(str(field.label).casefold(), field.name)
    for field in FIELDS[kind]:
        found.setdefault(field.name, field.name)
        found.setdefault(field.name.replace("_", " "), field.name)
        for word in filter(None, field.words.casefold().split(", ")):
            found.setdefault(word, field.name)
    return found
