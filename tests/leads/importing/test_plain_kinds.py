"""Companies, products, campaigns and spend: written, updated, and the same again changing nothing."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts import organisation
from accounts.models import Organisation
from leads.importing import mapping as mappings
from leads.importing import runs, told
from leads.models import ImportedRow, ImportReject
from leads.models.imports import ImportKind
from pipeline.models import Campaign, Company, ExchangeRate, MonthClose, Product, ProductCost, Spend
from pipeline.models.campaigns import NOT_PAID_YET
from tests import cast as people
from tests.cast import NOON
from tests.leads.importing.running import figures, rejects

pytestmark = pytest.mark.django_db


# -- campaigns -------------------------------------------------------------------------------------------
CAMPAIGNS = {
    "kind": "campaigns",
    "source": "crm",
    "formats": ["%Y-%m-%d"],
    "columns": {
        "id": "external_id",
        "name": "name",
        "type": "channel",
        "start": "starts_on",
        "end": "ends_on",
        "budget": "budget",
        "cost": "actual_cost",
        "owner": "owner",
        "programme": "parent",
    },
    "values": {"channel": {"Fair": "exhibition"}},
}
CAMPAIGN_ROWS = (
    "id,name,type,start,end,budget,cost,owner,programme\n"
    'c1,Spring,Fair,2026-03-01,2026-03-05,$115.00K,"$1,117.10K",Marketer,\n'
    "c2,spring,carrier pigeon,2026-03-01,,,,Nobody Known,Spring\n"
    "c3,Late,email,2026-03-05,2026-03-01,,,,\n"
    "c4,No start,email,,,,5,,Never heard\n"
)


def test_campaigns(load, cast):
    unrated = load(CAMPAIGN_ROWS, CAMPAIGNS)
    assert rejects(unrated)[0] == (
        2,
        "cost",
        "$1,117.10K",
        "No exchange rate of USD is known for 2026-03-01.",
    )
    Campaign.objects.all().delete()
    ExchangeRate.objects.create(currency="USD", on=date(2026, 1, 1), rate=Decimal("0.9"))
    run = load(CAMPAIGN_ROWS, CAMPAIGNS, by=cast.marketing_head)
    assert Spend.objects.get().entered_by == cast.marketing_head
    spring, lower, no_start = Campaign.objects.order_by("external_id")
    assert (spring.name, spring.channel, spring.starts_on, spring.budget) == (
        "Spring", "exhibition", date(2026, 3, 1), Decimal(115_000),
    )  # fmt: skip
    assert (spring.source, spring.code, spring.owner, spring.currency) == ("crm", "c1", cast.marketer, "USD")
    assert (lower.name, lower.channel, lower.owner, lower.owner_text, lower.parent) == (
        "spring", "other", None, "Nobody Known", spring,
    )  # fmt: skip
    spend = Spend.objects.get()
    assert (spend.campaign, spend.kind, spend.on, spend.month, spend.amount, spend.base_amount) == (
        spring, "paid", date(2026, 3, 1), date(2026, 3, 1), Decimal(1_117_100), Decimal(1_005_390),
    )  # fmt: skip
    assert rejects(run) == [(4, "end", "2026-03-01", "the last day is before the first one")]
    assert rejects(run, warning=True) == [
        (5, "programme", "Never heard", "no such campaign is known: bring it in first, or correct its name"),
        (5, "cost", "5", "the cost is left out, because the campaign has no first day"),
    ]
    assert figures(run) == {
        "campaigns": 3, "created": 3, "spends": 1, "rejected": 1, "warnings": 2, "unknown": {"Nobody Known": 1},
    }  # fmt: skip
    assert no_start.name == "No start"


def test_campaigns_again_change_nothing_and_a_new_cost_corrects(load, cast):
    ExchangeRate.objects.create(currency="USD", on=date(2026, 1, 1), rate=Decimal("0.9"))
    load(CAMPAIGN_ROWS, CAMPAIGNS)
    before = list(Campaign.objects.values()), list(Spend.objects.values())
    again = load(CAMPAIGN_ROWS, CAMPAIGNS)
    assert (list(Campaign.objects.values()), list(Spend.objects.values())) == before
    assert (again.counts["created"], again.counts["updated"], again.counts["unchanged"]) == (0, 0, 3)
    assert not ImportedRow.objects.filter(run=again).exists()
    run = load(CAMPAIGN_ROWS.replace("$1,117.10K", "$2000").replace("$115.00K", "$90"), CAMPAIGNS)
    assert run.counts["updated"] == 1
    assert Spend.objects.get().amount == 2000
    note = ImportedRow.objects.get(run=run, table="campaign")
    assert (note.before["was"]["budget"], note.before["now"]["budget"]) == (115000, 90)


def test_campaigns_without_ids_are_known_by_exact_name(load):
    mapping = {"kind": "campaigns", "columns": {"name": "name", "note": "note"}}
    load("name,note\nSpring,a\nspring,b\n", mapping)
    run = load("name,note\nSpring,c\n", mapping)
    assert set(Campaign.objects.values_list("name", "note", "code")) == {
        ("Spring", "c", "spring"), ("spring", "b", "spring-2"),
    }  # fmt: skip
    assert run.counts["updated"] == 1


def test_a_code_that_another_campaign_has_is_refused(load):
    people.campaign(name="Old", code="x", source="crm", external_id="1")
    run = load(
        "id,code,name\n2,x,New\n",
        {
            "kind": "campaigns",
            "source": "crm",
            "columns": {"id": "external_id", "code": "code", "name": "name"},
        },
    )
    assert rejects(run) == [(2, "code", "x", "another campaign has this code")]


def test_a_name_that_several_campaigns_bear_is_refused(load):
    people.campaign(name="Twin")
    people.campaign(name="Twin")
    run = load("name\nTwin\n", {"kind": "campaigns", "columns": {"name": "name"}})
    assert rejects(run) == [(2, "name", "Twin", "several campaigns bear this name")]
    Campaign.objects.all().delete()
    for mapping, rows in (
        ({"kind": "campaigns", "columns": {"code": "code", "name": "name"}}, "code,name\nx,Twin\n,Twin\n"),
        ({"kind": "campaigns", "columns": {"id": "external_id", "name": "name"}}, "id,name\n1,Pair\n,Pair\n"),
        ({"kind": "products", "columns": {"code": "code", "name": "name"}}, "code,name\nx,Twin\n,Twin\n"),
    ):
        load(rows, mapping)
        before = [list(model.objects.order_by("pk").values()) for model in (Campaign, Product)]
        again = load(rows, mapping)
        assert (again.counts["unchanged"], again.counts["rejected"]) == (2, 0)
        assert [list(model.objects.order_by("pk").values()) for model in (Campaign, Product)] == before
    assert set(Campaign.objects.values_list("code", "name")) == {
        ("x", "Twin"),
        ("twin", "Twin"),
        ("1", "Pair"),
        ("pair", "Pair"),
    }


# -- spend -----------------------------------------------------------------------------------------------
SPEND = {
    "kind": "spend",
    "source": "ads",
    "columns": {"id": "external_id", "day": "on", "campaign": "campaign", "sum": "amount", "cur": "currency"},
}


def test_spend_follows_its_campaign_and_the_rate_of_the_day(load):
    spring = people.campaign(name="Spring")
    ExchangeRate.objects.create(currency="USD", on=date(2026, 1, 1), rate=Decimal("0.9"))
    run = load(
        "id,day,campaign,sum,cur\n1,2026-02-05,Spring,100,USD\n2,2026-02-06,,50,\n3,2026-02-06,Autumn,50,\n4,2026-02-06,,50,GBP\n",
        SPEND,
    )
    assert list(
        Spend.objects.order_by("external_id").values_list("campaign", "month", "amount", "base_amount")
    ) == [
        (spring.pk, date(2026, 2, 1), Decimal(100), Decimal(90)),
        (None, date(2026, 2, 1), Decimal(50), Decimal(50)),
    ]
    assert rejects(run) == [
        (4, "campaign", "Autumn", "no such campaign is known: bring it in first, or correct its name"),
        (5, "cur", "GBP", "No exchange rate of GBP is known for 2026-02-06."),
    ]


def test_signs_in_amounts_name_the_currency_or_are_refused(load):
    for currency, rate in (("USD", "0.9"), ("RUB", "0.01"), ("CNY", "0.125")):
        ExchangeRate.objects.create(currency=currency, on=date(2026, 1, 1), rate=Decimal(rate))
    rows = (
        'id,day,campaign,sum,cur\n1,2026-02-05,,$100,\n2,2026-02-05,,"1 200 руб.",\n3,2026-02-05,,EUR 500,\n'
        "4,2026-02-05,,12万元,\n5,2026-02-05,,￥80,\n6,2026-02-05,,$5,USD\n7,2026-02-05,,€5,USD\n"
        "8,2026-02-05,,£7,\n9,2026-02-05,,€7 USD,\n10,2026-02-05,,7 kr,\n11,2026-02-05,,9,\n12,2026-02-05,,8,₽\n"
        "13,2026-02-05,,XYZ 7,\n"
    )
    run = load(rows, SPEND)
    booked = Spend.objects.order_by("pk").values_list("amount", "currency", "base_amount")
    assert list(booked) == [
        (100, "USD", 90), (1200, "RUB", 12), (500, "EUR", 500), (120_000, "CNY", 15_000), (80, "CNY", 10), (5, "USD", Decimal("4.5")),
        (9, "EUR", 9), (8, "RUB", Decimal("0.08")),
    ]  # fmt: skip
    assert rejects(run) == [
        (8, "sum", "€5", "is marked as €, but the amounts of this row are in USD"),
        (9, "sum", "£7", "No exchange rate of GBP is known for 2026-02-05."),
        (10, "sum", "€7 USD", "is marked by two currencies: € USD"),
        (11, "sum", "7 kr", "kr may be SEK, NOK, DKK, ISK: add a column with the currency, or say it for the whole file "
         "(currency in the mapping)"),
        (14, "sum", "XYZ 7", "XYZ is no currency"),
    ]  # fmt: skip
    before = list(Spend.objects.values())
    assert load(rows, SPEND).counts["unchanged"] == 8
    assert list(Spend.objects.values()) == before

    columns = {**SPEND["columns"], "what": "kind"}
    back = load(
        "id,day,campaign,sum,cur,what\n1,2026-02-05,,-10,,paid\n2,2026-02-05,,(10),,planned\n",
        {**SPEND, "source": "notes", "columns": columns},
    )
    assert list(Spend.objects.filter(source="notes").values_list("amount", "kind")) == [(-10, "paid")]
    assert [(line, column, value) for line, column, value, _reason in rejects(back)] == [(3, "sum", "(10)")]

    said = load(rows, {**SPEND, "source": "other", "currency": "USD"})
    assert [(line, value) for line, _column, value, _reason in rejects(said)] == [
        (3, "1 200 руб."), (4, "EUR 500"), (5, "12万元"), (6, "￥80"), (8, "€5"), (9, "£7"), (10, "€7 USD"), (11, "7 kr"),
        (14, "XYZ 7"),
    ]  # fmt: skip
    ignored = load(rows, {**SPEND, "source": "third", "signs": "ignore"})
    assert (ignored.counts["spends"], ignored.counts["signs"]) == (13, 9)
    assert Spend.objects.get(source="third", external_id="8").currency == "EUR"
    assert ("Amounts with the sign of another currency, not heeded", 9) in told(ignored)


def test_what_is_paid_on_a_day_to_come_is_refused(load):
    """By the column that says so; planned and committed money has days to come, and what is paid may be for a later month."""
    spend = {"kind": "spend", "columns": {"what": "kind", "month": "month", "day": "on", "sum": "amount"}}
    today, tomorrow = NOON.date(), NOON.date() + timedelta(days=1)
    rows = (
        f"what,month,day,sum\npaid,2026-12-01,{today},1\npaid,2026-06-01,{tomorrow},2\npaid,2026-12-01,,3\n"
        f"planned,2026-12-01,,4\ncommitted,2026-12-01,{tomorrow},5\n"
    )
    run = load(rows, spend)
    assert set(Spend.objects.values_list("kind", "amount")) == {("paid", 1), ("planned", 4), ("committed", 5)}
    assert rejects(run) == [(3, "day", str(tomorrow), NOT_PAID_YET), (4, "month", "2026-12-01", NOT_PAID_YET)]


def test_the_cost_of_a_campaign_to_come_was_paid_by_today(load):
    rows = "name,start,cost\nFair,2026-09-01,5\n"
    mapping = {"kind": "campaigns", "columns": {"name": "name", "start": "starts_on", "cost": "actual_cost"}}
    load(rows, mapping)
    told = [(NOON.date(), date(2026, 9, 1), 5)]
    assert list(Spend.objects.values_list("on", "month", "amount")) == told
    assert load(rows, mapping, at=NOON + timedelta(days=3)).counts.get("spends_updated", 0) == 0
    assert list(Spend.objects.values_list("on", "month", "amount")) == told
    load(rows.replace("09-01", "02-01"), mapping)
    assert list(Spend.objects.values_list("on", "month", "amount")) == [
        (date(2026, 2, 1), date(2026, 2, 1), 5)
    ]


def test_spend_of_a_closed_month_is_taken_and_booked_to_the_first_open_one(load, cast):
    for month in (date(2026, 1, 1), date(2026, 2, 1)):
        MonthClose.objects.create(
            month=month, closed_by=cast.finance, closed_at=NOON, deal_history=0, spend_history=0, last_deal=0, last_spend=0
        )  # fmt: skip
    run = load("id,day,campaign,sum,cur\n1,2026-01-05,,100,\n2,2026-03-06,,50,\n", SPEND)
    assert list(Spend.objects.order_by("external_id").values_list("on", "month", "booked")) == [
        (date(2026, 1, 5), date(2026, 1, 1), date(2026, 3, 1)),
        (date(2026, 3, 6), date(2026, 3, 1), date(2026, 3, 1)),
    ]
    told = "2026-01 is closed: booked to 2026-03; month of service and date are kept"
    assert rejects(run, warning=True) == [(2, "day", "2026-01-05", told)]
    assert (run.counts["rejected"], run.counts["spends"]) == (0, 2)


def test_months_stand_for_days_where_a_month_is_meant(load):
    monthly = {"kind": "spend", "columns": {"month": "month", "day": "on", "sum": "amount"}}
    run = load("month,day,sum\n2026-01,,100\n02/2026,2026-03-07,50\n,,5\n,2026-02,7\n", monthly)
    assert list(Spend.objects.order_by("-amount").values_list("month", "on")) == [
        (date(2026, 1, 1), date(2026, 1, 1)),
        (date(2026, 2, 1), date(2026, 3, 7)),
        (date(2026, 2, 1), date(2026, 2, 1)),
    ]
    assert rejects(run) == [(4, "day", "", "is missing")]
    del monthly["columns"]["day"]
    assert load("month,sum\n2026-01,3\n", monthly).counts["created"] == 1
    load("name,start,end\nFair,2026-01,02.2026\n",
         {"kind": "campaigns", "columns": {"name": "name", "start": "starts_on", "end": "ends_on"}})  # fmt: skip
    fair = Campaign.objects.get()
    assert (fair.starts_on, fair.ends_on) == (date(2026, 1, 1), date(2026, 2, 28))


@pytest.mark.parametrize("chunk", [1, 100])
def test_spend_without_ids_comes_once_and_says_so(load, monkeypatch, chunk):
    monkeypatch.setattr(runs, "CHUNK", chunk)
    mapping = {**SPEND, "columns": {"day": "on", "sum": "amount"}}
    rows = "day,sum\n2026-02-05,100\n2026-02-05,100\n2026-02-06,100\n"
    first, again = load(rows, mapping), load(rows, mapping)
    assert Spend.objects.count() == 2
    assert (again.counts["unchanged"], again.counts["created"]) == (3, 0)
    for run in (first, again):
        assert rejects(run, warning=True) == [(3, "", "", "is the same row as line 2, and counts once")]
        assert ("Same rows within the file, counted once", 1) in told(run)


def test_spend_makes_campaigns_where_the_mapping_lets_it(load):
    run = load(
        "day,campaign,sum\n2026-02-05,New one,1\n2026-02-06,New one,2\n",
        {
            "kind": "spend",
            "create": ["campaigns"],
            "columns": {"day": "on", "campaign": "campaign", "sum": "amount"},
        },
    )
    assert Campaign.objects.get().spends.count() == 2
    assert (run.counts["campaigns"], run.counts["spends"]) == (1, 2)


# -- companies and products --------------------------------------------------------------------------------
COMPANIES = {
    "kind": "companies",
    "columns": {
        "name": "name",
        "staff": "employees",
        "parent": "parent",
        "site": "domain",
        "region": "region",
    },
}


def test_companies_are_known_by_name_without_legal_form(load):
    known = people.company("Acme GmbH")
    known.key = "acme"
    known.save()
    people.region("north")
    rows = (
        "name,staff,parent,site,region\n"
        "ACME AG,12,,https://www.acme.de/en,North\n"
        "Beta Ltd,,Acme,,\n"
        'Gamma,,Nobody,,\n"Beta, Ltd.",7,,,\nDelta,,,,Atlantis\n'
    )
    run = load(rows, COMPANIES)
    known.refresh_from_db()
    assert (known.name, known.employees, known.domain, known.region.code) == (
        "ACME AG",
        12,
        "acme.de",
        "north",
    )
    assert dict(Company.objects.values_list("name", "parent__key")) == {
        "ACME AG": None,
        "Beta Ltd": "acme",
        "Gamma": None,
    }
    assert rejects(run) == [
        (5, "name", "Beta, Ltd.", "line 3 is the same record"),
        (6, "region", "Atlantis", "is not known here"),
    ]
    assert rejects(run, warning=True) == [
        (4, "parent", "Nobody", "no such company is known: bring it in first, or correct its name")
    ]
    again = load(rows, COMPANIES)
    assert (again.counts["created"], again.counts["updated"]) == (0, 0)


@pytest.mark.parametrize("kind, model", [("campaigns", Campaign), ("companies", Company)])
def test_nothing_is_part_of_itself_by_whatever_way_round(load, kind, model):
    mapping = {"kind": kind, "columns": {"name": "name", "parent": "parent"}}
    load("name,parent\nAlpha,Beta\nBeta,\nGamma,\nDelta,Gamma\n", mapping)
    # Alpha and Gamma close a ring; Alpha then stays under Beta, so that Beta under Alpha closes another
    run = load("name,parent\nAlpha,Gamma\nGamma,Alpha\nBeta,Alpha\nDelta,Beta\nEpsilon,Delta\n", mapping)
    told = "so it would be part of itself: what it was part of stays"
    assert sorted(rejects(run, warning=True)) == [
        (line, "parent", whole, told) for line, whole in ((2, "Gamma"), (3, "Alpha"), (4, "Alpha"))
    ]
    assert dict(model.objects.values_list("name", "parent__name")) == {
        "Alpha": "Beta", "Beta": None, "Gamma": None, "Delta": "Beta", "Epsilon": "Delta",
    }  # fmt: skip


def test_products_and_their_cost(load):
    mapping = {
        "kind": "products",
        "columns": {
            "code": "code",
            "name": "name",
            "price": "list_price",
            "cost": "unit_cost",
            "since": "cost_since",
        },
    }
    rows = "code,name,price,cost,since\nP1,Pump,100,60,2026-01-01\n,Valve,10,,\n"
    load(rows, mapping)
    load(rows.replace("60", "65"), mapping)
    assert set(Product.objects.values_list("code", "name", "list_price")) == {
        ("P1", "Pump", Decimal(100)), ("valve", "Valve", Decimal(10)),
    }  # fmt: skip
    assert list(ProductCost.objects.values_list("unit_cost", flat=True)) == [Decimal(65)]


# -- rows that cannot be taken -----------------------------------------------------------------------------
def test_bad_cells_say_where_and_why(load):
    run = load(
        "id,day,campaign,sum,cur\n1,tomorrow,,1,\n2,2026-02-05,,much,\n3,2026-02-05,,,\n4,2026-02-05,,1,euros\n5,2026-02-05,,1\n"
        "6,2026-02-05,\x00,1,\n7,2026-02-05,,1,EUR\n8,2026-02-05,,NaN,\n9,n/a,,1,\n10,2026-02-05,,1,XYZ\n",
        {**SPEND, "decimal": "."},
    )
    assert rejects(run) == [
        (2, "day", "tomorrow", "is not a date that can be read"),
        (3, "sum", "much", "is not a number"),
        (4, "sum", "", "is missing"),
        (5, "cur", "euros", "is no currency such as EUR"),
        (6, "", "", "the row has 4 of 5 columns"),
        (7, "campaign", "␀", "holds a NUL byte"),
        (9, "sum", "NaN", "is not an amount"),
        (10, "day", "n/a", "stands for nothing, but is needed"),
        (11, "cur", "XYZ", "is no currency such as EUR"),
    ]
    assert (run.state, run.counts["rejected"], Spend.objects.count()) == ("done", 9, 1)
    kept = ImportReject.objects.get(run=run, line=3)
    assert kept.cells == ["2", "2026-02-05", "", "much", ""]


def test_a_refusal_that_nobody_foresaw_costs_its_row_only(load):
    ExchangeRate.objects.create(currency="GBP", on="2026-01-01", rate=2)
    most = "90000000000000"  # twice of that no column holds
    run = load(
        f"id,day,campaign,sum,cur\n1,2026-02-05,,1,GBP\n2,2026-02-05,,{most},GBP\n3,2026-02-05,,{most},EUR\n",
        SPEND,
    )
    assert set(Spend.objects.values_list("external_id", flat=True)) == {"1", "3"}
    assert rejects(run) == [(3, "", "", "holds a value outside of what can be stored")]
    assert run.rows_done == 3


def test_currency_of_the_organisation(load):
    Organisation.objects.update_or_create(only=True, defaults={"currency": "USD"})
    organisation.forget()
    load("day,sum\n2026-02-05,100\n", {**SPEND, "columns": {"day": "on", "sum": "amount"}})
    assert Spend.objects.get().currency == "USD"


def test_a_heading_or_a_column_of_codes_names_the_currency(db):
    meta = mappings.guess(ImportKind.SPEND, ["Day", "Campaign name", "Amount spent (USD)", "Impressions"])
    assert (meta.columns["Amount spent (USD)"], meta.currency) == (["amount"], "USD")
    google = mappings.guess(
        ImportKind.SPEND, ["Campaign", "Day", "Currency code", "Cost", "Impr.", "Conversions"]
    )
    assert [google.columns[name] for name in ("Currency code", "Cost", "Impr.", "Conversions")] == [
        ["currency"],
        ["amount"],
        ["impressions"],
        ["reported_orders"],
    ]
    assert google.currency == ""


@pytest.mark.parametrize(
    ("header", "targets"),
    [
        (
            ["Start Date (in UTC)", "Campaign Name", "Total Spent", "Impressions"],
            ["on", "campaign", "amount", "impressions"],
        ),
        (
            ["市场活动", "费用月份", "金额", "供应商", "发票日期", "备注"],
            ["campaign", "month", "amount", "vendor", "on", "note"],
        ),
        (
            ["Кампания", "Месяц расхода", "Сумма", "Поставщик", "Дата счёта"],
            ["campaign", "month", "amount", "vendor", "on"],
        ),
        (
            [
                "День",
                "Кампания",
                "Код валюты",
                "Показы",
                "Клики",
                "Стоимость",
                "Конверсии",
                "Ценность конверсий",
            ],
            [
                "on",
                "campaign",
                "currency",
                "impressions",
                "clicks",
                "amount",
                "reported_orders",
                "reported_revenue",
            ],
        ),
        (
            ["Дата", "№ Кампании", "Название кампании", "Показы", "Клики", "Расход (руб.)", "Конверсии"],
            ["on", "campaign_key", "campaign", "impressions", "clicks", "amount", "reported_orders"],
        ),
        (
            ["Кампания", "Месяц", "Сумма", "Подрядчик", "Вид"],
            ["campaign", "month", "amount", "vendor", "kind"],
        ),
        (
            ["日期", "广告系列", "货币代码", "展示次数", "点击次数", "费用", "转化次数", "转化价值"],
            [
                "on",
                "campaign",
                "currency",
                "impressions",
                "clicks",
                "amount",
                "reported_orders",
                "reported_revenue",
            ],
        ),
        (
            ["广告系列名称", "天", "展示次数", "链接点击量", "已花费金额 (USD)"],
            ["campaign", "on", "impressions", "clicks", "amount"],
        ),
        (
            ["开始日期（UTC）", "货币", "广告系列名称", "展示次数", "点击次数", "总花费", "潜在客户"],
            ["on", "currency", "campaign", "impressions", "clicks", "amount", "reported_leads"],
        ),
        (
            ["日期", "推广计划", "展现", "点击", "消费", "转化数"],
            ["on", "campaign", "impressions", "clicks", "amount", "reported_orders"],
        ),
        (
            ["时间-天", "计划名称", "展示数", "点击数", "消耗(元)", "转化数"],
            ["on", "campaign", "impressions", "clicks", "amount", "reported_orders"],
        ),
        (
            ["日期", "推广计划名称", "曝光量", "点击量", "花费"],
            ["on", "campaign", "impressions", "clicks", "amount"],
        ),
        (["Reporting starts", "Campaign name", "Amount spent (EUR)"], ["on", "campaign", "amount"]),
        (  # of Google
            [
                "Tag",
                "Kampagne",
                "Kampagnen-ID",
                "Währungscode",
                "Impr.",
                "Klicks",
                "Kosten",
                "Conversions",
                "Conv.-Wert",
            ],
            [
                "on",
                "campaign",
                "campaign_key",
                "currency",
                "impressions",
                "clicks",
                "amount",
                "reported_orders",
                "reported_revenue",
            ],
        ),
        (  # of Meta
            ["Kampagnenname", "Tag", "Impressionen", "Link-Klicks", "Ausgegebener Betrag (EUR)"],
            ["campaign", "on", "impressions", "clicks", "amount"],
        ),
        (["Berichtsstart", "Kampagnenname", "Ausgegebener Betrag (EUR)"], ["on", "campaign", "amount"]),
        (  # of LinkedIn
            [
                "Startdatum (in UTC)",
                "Name der Kampagne",
                "Gesamtausgaben",
                "Impressions",
                "Klicks",
                "Leads",
                "Währung",
            ],
            ["on", "campaign", "amount", "impressions", "clicks", "reported_leads", "currency"],
        ),
        (
            ["Kampagne", "Leistungsmonat", "Betrag", "Lieferant", "Rechnungsdatum", "Bemerkung"],
            ["campaign", "month", "amount", "vendor", "on", "note"],
        ),
    ],
)
def test_headings_of_platforms_and_of_tables_kept_by_hand_are_known(db, header, targets):
    found = mappings.guess(ImportKind.SPEND, header)
    assert [found.columns.get(name) for name in header] == [[target] for target in targets]


def test_a_german_report_of_google_is_taken_as_it_is_proposed(load):
    rows = "Tag;Kampagne;Währungscode;Impr.;Klicks;Kosten\n01.02.2026;Frühling;EUR;1.234;17;1.275,35\n28.02.2026;Frühling;EUR;900;3;0,50\nGesamt: Konto;;EUR;2.134;20;1.275,85\n"
    found = mappings.guess(ImportKind.SPEND, rows.splitlines()[0].split(";"))
    run = load(rows, found.spec | {"create": ["campaigns"]})
    told = Spend.objects.order_by("on").values_list(
        "on", "campaign__name", "currency", "clicks", "impressions", "amount"
    )
    assert list(told) == [
        (date(2026, 2, 1), "Frühling", "EUR", 17, 1234, Decimal("1275.35")),
        (date(2026, 2, 28), "Frühling", "EUR", 3, 900, Decimal("0.5")),
    ]
    assert [(line, cell) for line, _column, cell, _why in rejects(run)] == [(4, "Gesamt: Konto")]


def test_a_table_kept_by_hand_says_plan_and_fact_and_months_in_several_ways(load):
    found = mappings.guess(ImportKind.SPEND, ["Месяц", "Вид", "Расход, руб."])
    assert (found.columns["Расход, руб."], found.currency) == (["amount"], "RUB")
    ExchangeRate.objects.create(currency="RUB", on=date(2026, 1, 1), rate=Decimal("0.01"))
    rows = (
        "Месяц,Вид,Сумма\nмай 2026,План,1\n05.2026,Факт,2\n01.05.2026,обязательство,3\n2026-05,оплачено,4\n"
    )
    columns = {"Месяц": "month", "Вид": "kind", "Сумма": "amount"}
    assert rejects(load(rows, {"kind": "spend", "columns": columns})) == []
    assert list(Spend.objects.order_by("amount").values_list("month", "kind")) == [
        (date(2026, 5, 1), kind) for kind in ("planned", "paid", "committed", "paid")
    ]


def test_a_report_of_google_finds_campaigns_by_name_and_keeps_shared_conversions(load):
    """An unknown id of the platform beside a name finds the campaign of that name that has no other id."""
    spring, autumn = (
        people.campaign(name="Spring"),
        people.campaign(name="Autumn", source="crm", external_id="7"),
    )
    columns = {
        "Campaign": "campaign",
        "Campaign ID": "campaign_key",
        "Day": "on",
        "Cost": "amount",
        "Conversions": "reported_orders",
    }
    mapping = {"kind": "spend", "source": "google", "columns": columns}
    run = load(
        "Campaign,Campaign ID,Day,Cost,Conversions\nSpring,991,2026-02-05,10,2.50\nSpring,991,2026-02-06,10,3.00\nAutumn,992,2026-02-06,10,1\n",
        mapping,
    )
    assert list(Spend.objects.order_by("on").values_list("campaign", "reported_orders")) == [
        (spring.pk, Decimal("2.5")),
        (spring.pk, 3),
    ]
    assert [(line, value) for line, _column, value, _why in rejects(run)] == [(4, "992")]
    assert autumn.spends.count() == 0
