"""Pages and API of the common commission: who drafts, signs, reads and settles, and what each sees."""

from datetime import date
from decimal import Decimal

import pytest

from accounts import organisation
from accounts.models import Organisation, User
from reports.commission import plans
from reports.models import CommissionPlan, CommissionStatement
from tests.api import Api
from tests.downloads import read_tables
from tests.pages import queries, same_queries
from tests.reports.commission.test_statement import AMOUNTS, settle
from tests.reports.commission.worlds import FIRST, agree, lot

pytestmark = pytest.mark.django_db
HOME, STATEMENT = "/dashboard/commission/", "/dashboard/commission/2026-01/"
READERS = {"marketer", "marketing_head", "manager", "other_manager", "sales_head", "admin", "finance"}


@pytest.fixture(autouse=True)
def afresh():
    """What another test's organisation was."""
    Organisation.objects.update(level=3)
    organisation.forget()


def who(client, cast, send):
    """Names of those who are answered 200 or 302."""
    found = set()
    for name, user in cast.everybody().items():
        client.force_login(user)
        if send().status_code in (200, 302):
            found.add(name)
    return found


def test_who_reads_and_who_only_sees_the_own_share(client, cast):
    agree(cast, {cast.marketer: None, cast.rep: None}, with_sales=True)
    lot(*AMOUNTS)
    settle(cast)
    assert who(client, cast, lambda: client.get(STATEMENT)) == READERS
    assert who(client, cast, lambda: client.get(HOME)) == READERS | {"rep"}
    client.force_login(cast.rep)
    page = client.get(HOME).content.decode()
    assert ("€23.00" in page, "1 of 2" in page, "€46.00" in page, "460" in page) == (True, True, False, False)
    assert client.get(f"{HOME}plans/{CommissionPlan.objects.get().pk}/").status_code == 403
    assert "Common commission" in client.get("/dashboard/quotas/").content.decode()
    client.force_login(cast.teammate)
    assert "Common commission" not in client.get("/dashboard/quotas/").content.decode()
    status, body = Api(cast.rep).get("/reports/commission/")
    assert (status, body["plans"], body["quarters"]) == (200, [], [])
    assert [(one["key"], Decimal(one["amount"])) for one in body["own"]] == [("2026-01", 23)]
    assert Api(cast.teammate).get("/reports/commission/")[0] == 403
    assert Api(cast.rep).get("/reports/commission/2026-01/")[0] == 403


def test_a_plan_is_drafted_and_counts_once_both_heads_have_signed(client, cast):
    sent = {
        "span": "2026-01+3", "rate": "7.5", "cap": "1200", "rule": "named", "with_sales": "on", "unproven": "on",
        f"part-{cast.marketer.pk}": "on", f"share-{cast.marketer.pk}": "60",
        f"part-{cast.rep.pk}": "on", f"share-{cast.rep.pk}": "39.99",
    }  # fmt: skip
    url = f"{HOME}plans/new/"
    client.force_login(cast.marketing_head)
    quarters = [value for value, _label in client.get(url).context["form"].fields["span"].choices]
    sent["span"] = quarters[3]  # six quarters ago
    page = client.post(url, sent)
    assert (page.status_code, "The shares sum to 99.99%, and not to 100%." in page.content.decode()) == (
        422,
        True,
    )
    for wrong, words in (
        ({f"share-{cast.rep.pk}": ""}, "Name the share of everybody"),
        ({"with_sales": ""}, "Somebody of sales is chosen"),
        ({f"part-{cast.rep.pk}": "", f"part-{cast.marketer.pk}": ""}, "Choose who takes part."),
        ({"rate": "0"}, "greater than"),
    ):
        page = client.post(url, {**sent, f"share-{cast.rep.pk}": "40", **wrong})
        assert (page.status_code, words in page.content.decode()) == (422, True), words
    assert not CommissionPlan.objects.exists()
    client.post(url, {**sent, f"share-{cast.rep.pk}": "40"})
    plan = CommissionPlan.objects.get()
    assert (plan.rate, plan.cap, plan.unproven, plan.baselines) == (Decimal("7.5"), 1200, True, False)
    assert (plan.created_by, f"{plan.first:%Y-%m}+3") == (cast.marketing_head, sent["span"])
    assert dict(plan.shares.values_list("person", "percent")) == {cast.marketer.pk: 60, cast.rep.pk: 40}
    page = f"{HOME}plans/{plan.pk}/"
    assert not plans.takes_part(cast.rep)  # nobody has signed it
    client.post(f"{page}sign/")
    client.post(f"{page}sign/")
    assert list(plan.signatures.values_list("track", flat=True)) == ["marketing"]
    assert "waits for signatures" in client.get(HOME).content.decode()
    client.post(f"{page}discard/")
    assert CommissionPlan.objects.exists()  # signed by one: it stays
    client.force_login(cast.sales_head)
    assert "Sign" in client.get(page).content.decode()
    client.post(f"{page}sign/")
    assert plans.takes_part(cast.rep)
    assert "Signed by both heads" in client.get(page).content.decode()
    again = client.get(f"{url}?from={plan.pk}").context["form"]
    assert (again[f"share-{cast.rep.pk}"].value(), again["rate"].value()) == ("40", "7.5")
    client.post(url, {**sent, f"share-{cast.rep.pk}": "40"})
    other = CommissionPlan.objects.exclude(pk=plan.pk).get()
    client.post(f"{HOME}plans/{other.pk}/discard/")
    assert CommissionPlan.objects.get() == plan


def test_a_plan_made_of_another_says_whose_share_is_missing(client, cast):
    old = agree(cast, {cast.marketer: Decimal(60), cast.marketing_head: Decimal("40")}, rule="named")
    client.force_login(cast.sales_head)
    assert client.get(f"{HOME}plans/new/?from={old.pk}").context["form"].missing == ""
    User.objects.filter(pk=cast.marketer.pk).update(is_active=False)
    page = client.get(f"{HOME}plans/new/?from={old.pk}")
    assert f"{cast.marketer} (60%)" in page.context["form"].missing
    assert "Share out what was theirs" in page.content.decode()
    rate = page.context["form"]["rate"]
    assert rate.field.clean("2 %") == rate.field.clean("２％") == 2


def test_who_drafts_signs_and_settles(client, cast):
    plan = agree(cast)
    lot(*AMOUNTS)
    assert who(client, cast, lambda: client.get(f"{HOME}plans/new/")) == {
        "marketing_head",
        "sales_head",
        "admin",
        "finance",
    }
    sign = lambda: client.post(f"{HOME}plans/{plan.pk}/sign/")  # noqa: E731
    assert who(client, cast, sign) == {"marketing_head", "sales_head", "admin"}
    assert plan.signatures.count() == 2
    answers = {}
    for name, user in cast.everybody().items():
        client.force_login(user)
        answers[name] = client.post(f"{STATEMENT}settle/").status_code
    assert {name for name, status in answers.items() if status != 403} == {"admin", "finance"}
    assert (answers["admin"], answers["finance"]) == (302, 422)  # once
    assert CommissionStatement.objects.get().settled_by == cast.admin


def test_the_statement_on_its_page_in_files_and_in_the_api(client, cast):
    agree(cast, cap=Decimal(40))
    campaign, _deals = lot(*AMOUNTS)
    client.force_login(cast.finance)
    page = client.get(STATEMENT).content.decode()
    for words in (
        "Live",
        "Letter",
        "€460.00",
        "€40.00",
        "At most €40.00 in a quarter",
        "Settle the quarter",
        f"/campaigns/{campaign.pk}/effect/",
    ):
        assert words in page, words
    assert client.get(f"{HOME}2026-02/").status_code == 404  # no quarter begins there
    assert client.get(f"{HOME}2020-01/").status_code == 404  # no plan covers it
    tables = read_tables(client.get(f"{STATEMENT}?format=csv"))
    line = dict(zip(*tables[""], strict=True))
    assert [line[name] for name in ("Campaign", "Incremental margin", "From", "Counted")] == [
        "Letter", "460.0", "390.2431", "460.00",
    ]  # fmt: skip
    assert tables["From margin to commission"][-1] == ["To be paid", "40.00"]
    assert tables["Who gets what"][1:] == [["Marketer", "Marketing", "1 of 1", "40.00"]]
    assert client.get(f"{STATEMENT}?format=xlsx").status_code == 200
    assert client.get(f"{HOME}?format=csv").status_code == 200
    status, body = Api(cast.marketer).get("/reports/commission/2026-01/")
    assert (status, Decimal(body["paid"]), body["settled_at"]) == (200, 40, None)
    (line,) = body["lines"]
    assert (line["campaign"], line["kind"], line["why"], line["effect"]["sure"]) == (
        campaign.pk,
        "lot",
        "",
        True,
    )
    settle(cast)
    _, settled = Api(cast.marketer).get("/reports/commission/2026-01/")
    changed = {name for name in body if body[name] != settled[name]}
    assert changed == {"settled_at", "settled_by"}
    _, home = Api(cast.marketer).get("/reports/commission/")
    assert [(one["key"], one["paid"] and Decimal(one["paid"])) for one in home["quarters"]][-1] == (
        "2026-01",
        40,
    )
    assert Api(cast.marketer).get("/reports/commission/2026-02/")[0] == 404
    assert "Settled by Finance" in client.get(STATEMENT).content.decode()


def test_the_list_takes_as_many_statements_however_many_plans_there_are(client, cast):
    client.force_login(cast.finance)
    years = iter(range(2020, 2030))

    def add():
        year = next(years)
        agree(cast, first=date(year, 1, 1), until=date(year + 1, 1, 1))

    same_queries(client, HOME, add)
    assert queries(client, HOME) <= 2 + 5
    assert FIRST.first.year == 2026
