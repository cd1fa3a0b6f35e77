"""Audiences that live: whoever meets the conditions belongs, and the three looks at them agree with a naive count."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leads import scoring
from leads.live.conditions import CHOICES, cleaned, members
from leads.models import Audience, AudienceMember, Lead, LiveAudience, TouchKind
from pipeline.models import ConsentEvent, DealStage, Product, Step
from tests import cast as make
from tests.api import Api, who_may
from tests.cast import NOON
from tests.pages import queries

pytestmark = pytest.mark.django_db
PAGE = "/audiences/"
DAY = timedelta(days=1)


def keep(cast, name="Pump users", **conditions):
    return LiveAudience.objects.create(name=name, owner=cast.marketer, conditions=cleaned(conditions))


def product(code, name=None):
    return Product.objects.create(code=code, name=name or code.title())


def score():
    scoring.score_due(1000, NOON)


def names(conditions, at=NOON):
    return set(members(cleaned(conditions), at).values_list("contact__full_name", flat=True))


# -- who belongs -------------------------------------------------------------------------------------------
def test_a_person_is_asked_about_once_by_the_latest_pass():
    anna = make.contact("Anna")
    make.lead(contact=anna, stage="won", ended_at=NOON)
    make.lead(contact=anna, cycle=2, stage="nurture")
    make.lead(contact=make.contact("Ben"), stage="won", ended_at=NOON)
    make.lead(contact=make.contact("Cem"), is_test=True, stage="won")
    make.lead(contact=make.contact("Dana", merged_into=anna), stage="won", ended_at=NOON)
    assert names({"stages": ["won"]}) == {"Ben"}
    assert names({"stages": ["won", "nurture"]}) == {"Anna", "Ben"}
    assert names({}) == {"Anna", "Ben"}


def test_each_condition_narrows_and_all_of_them_must_be_met(cast):
    smb, north = make.segment(), make.region()
    part = make.region("harz")
    part.parent = north
    part.save()
    pump, fair = product("pump"), make.campaign("Fair")
    trial = make.campaign("Trial", product=pump)
    firm, bought = make.company(segment=smb, employees=80), make.company(region=part)
    make.deal(company=bought, stage=DealStage.objects.get(outcome="won"), outcome="won", signed_on=NOON.date(), closed_at=NOON)  # fmt: skip
    anna = make.contact("Anna", company=firm)
    ben = make.contact("Ben", company=bought, job_title="Buyer")
    make.lead(contact=anna, campaign=fair, channel="webinar", at=NOON - 9 * DAY)
    make.lead(contact=ben, product=pump, grade="A", stage="mql")
    make.touch(anna, NOON - 3 * DAY, TouchKind.VISIT, campaign=trial)
    make.touch(ben, NOON - 3 * DAY, TouchKind.VISIT, outbound=True, campaign=trial)
    for conditions, who in (
        ({"stages": ["mql"]}, {"Ben"}),
        ({"grades": ["A"]}, {"Ben"}),
        ({"segments": ["smb"]}, {"Anna"}),
        ({"regions": ["north"]}, {"Ben"}),
        ({"channels": ["webinar"]}, {"Anna"}),
        ({"campaigns": [fair.code]}, {"Anna"}),
        ({"products": ["pump"]}, {"Ben"}),
        ({"customers": "customers"}, {"Ben"}),
        ({"customers": "others"}, {"Anna"}),
        ({"captured_days": 5}, {"Ben"}),
        ({"touch_days": 5}, {"Anna"}),
        ({"touch_days": 2}, set()),
        ({"touch_days": 5, "touch_kinds": ["visit"], "touch_products": ["pump"]}, {"Anna"}),
        ({"touch_days": 5, "touch_campaigns": [fair.code]}, set()),
        ({"own": [{"field": "company.employees", "operator": "between", "value": ["50", None]}]}, {"Anna"}),
        (
            {"own": [{"field": "contact.job_title", "operator": "contains", "value": ["buy%er", "uye"]}]},
            {"Ben"},
        ),
        ({"segments": ["smb"], "customers": "customers"}, set()),
    ):
        assert names(conditions) == who, conditions


def test_engagement_is_as_of_now(cast):
    warm = make.lead(contact=make.contact("Anna"))
    make.lead(contact=make.contact("Ben"))
    make.touch(warm.contact, NOON, TouchKind.QUOTE_REQUEST)
    Lead.objects.filter(pk=warm.pk).update(grade="")
    score()
    heat = members({}, NOON).get(pk=warm.pk).engagement
    assert names({"engagement": heat / 2}) == {"Anna"}
    assert names({"engagement": heat / 2}, NOON + 400 * DAY) == set()


@pytest.mark.parametrize(
    "wrong",
    [
        [], {"strange": 1}, {"stages": ["nowhere"]}, {"stages": "mql"}, {"campaigns": ["c?"]}, {"engagement": "x"},
        {"touch_days": 1.5}, {"touch_days": -1}, {"touch_kinds": ["visit"]}, {"customers": "all"}, {"own": [{"field": "nothing", "operator": "is", "value": "x"}]},
        {"own": ["x"]}, {"own": [{"field": "company", "operator": "like"}]}, {"captured_days": True},
    ],
)  # fmt: skip
def test_conditions_that_cannot_be_read_are_refused(wrong):
    with pytest.raises(ValueError, match=r"."):
        cleaned(wrong)


# -- pages and API -------------------------------------------------------------------------------------------
def test_filters_of_the_list_are_kept_as_an_audience(client, cast):
    fair = make.campaign("Fair")
    client.force_login(cast.marketer)
    assert "audiences/new/" in client.get("/leads/").content.decode()
    query = f"stage=mql&campaign={fair.pk}&q=smith&sort=-heat&x_size=9"
    page = client.get(f"{PAGE}new/", {"query": query})
    form = page.context["form"]
    assert form.instance.conditions == {
        "stages": ["mql"], "campaigns": [fair.code], "own": [{"field": "attributes.size", "operator": "is", "value": "9"}],
    }  # fmt: skip
    assert page.context["lost"] == ["q"]
    data = {"name": "Fair", "owner": cast.marketer.pk, "stages": ["mql"], "campaigns": [fair.code]}
    data |= {"field_1": "company.industry", "operator_1": "in", "value_1": "Food, Pharma"}
    assert client.post(f"{PAGE}new/", data).status_code == 302
    one = LiveAudience.objects.get()
    assert one.conditions == {
        "stages": ["mql"], "campaigns": [fair.code],
        "own": [{"field": "company.industry", "operator": "in", "value": ["Food", "Pharma"]}],
    }  # fmt: skip
    text = client.get(f"{PAGE}{one.pk}/").content.decode()
    assert "MQL" in text
    assert "Food, Pharma" in text
    wrong = data | {"field_1": "company.employees", "operator_1": "between", "value_1": "9, 1"}
    assert client.post(f"{PAGE}{one.pk}/edit/", wrong).status_code == 422
    assert client.post(f"{PAGE}new/", data | {"name": " FAIR"}).status_code == 422
    assert client.post(f"{PAGE}{one.pk}/edit/", {"name": "Fair", "grades": ["A"]}).status_code == 302
    assert LiveAudience.objects.get().conditions == {"grades": ["A"]}
    assert client.post(f"{PAGE}{one.pk}/delete/").status_code == 302
    assert not LiveAudience.objects.exists()


def test_a_rep_sees_the_own_people_of_it(client, cast):
    mine = make.lead(contact=make.contact("Anna"), owner=cast.rep, stage="sql")
    make.lead(contact=make.contact("Ben"), owner=cast.other_rep, stage="sql")
    Step.objects.create(what="Send the offer", owner=cast.rep, due_at=NOON, contact=mine.contact)
    one = keep(cast, stages=["sql"])
    for user, shown in ((cast.rep, {"Anna"}), (cast.marketer, {"Anna", "Ben"})):
        client.force_login(user)
        page = client.get(f"{PAGE}{one.pk}/")
        assert {row["name"] for row in page.context["table"].rows} == shown
        assert (page.context["seen"], page.context["all"]) == (len(shown), 2)
        status, body = Api(user).get(f"/audiences/{one.pk}/people/")
        assert (status, {row["name"] for row in body["results"]}) == (200, shown)
    assert (
        client.get(f"{PAGE}{one.pk}/", {"owner": cast.rep.pk}).context["table"].rows[0]["step"]
        == "Send the offer"
    )
    assert client.get(f"{PAGE}{one.pk}/", {"interest": "nothing:1"}).status_code == 400


def test_the_lot_of_a_campaign_is_drawn_from_whoever_belongs_now(client, cast):
    in_it, out = make.lead(stage="mql"), make.lead()
    gone = make.lead(stage="mql")
    ConsentEvent.objects.create(contact=gone.contact, purpose="marketing", given=False, at=NOON)
    one, drive = keep(cast, stages=["mql"]), make.campaign("Drive")
    client.force_login(cast.manager)
    assert client.post(f"{PAGE}{one.pk}/use/", {"campaign": drive.pk}).status_code == 403
    client.force_login(cast.marketer)
    for wrong in (
        {"campaign": ""},
        {"campaign": drive.pk, "held_percent": 100},
        {"campaign": drive.pk, "held_percent": "a"},
    ):
        answer = client.post(f"{PAGE}{one.pk}/use/", wrong)
        assert (answer.status_code, bool(answer.context["form"].errors)) == (422, True), wrong
    assert client.post(f"{PAGE}{one.pk}/use/", {"campaign": drive.pk, "held_percent": 0}).status_code == 302
    assert Audience.objects.get().held_percent == 0
    assert {row.contact for row in AudienceMember.objects.all()} == {in_it.contact}
    Lead.objects.filter(pk=out.pk).update(stage="mql")
    assert Api(cast.marketer).post(f"/audiences/{one.pk}/use/", {"campaign": drive.pk}) == (200, {"drawn": 1})


def test_the_tabs_cost_the_same_with_more(client, cast):
    def add():
        lead = make.lead(product=product(f"p{Product.objects.count()}"), answers={"need": "x"})
        make.touch(lead.contact, timezone.now() - DAY, campaign=make.campaign())
        ConsentEvent.objects.create(contact=lead.contact, purpose="marketing", given=True, at=NOON)

    one = keep(cast, stages=["new"])
    client.force_login(cast.marketer)
    add()
    tabs = ("", f"{one.pk}/", f"{one.pk}/promotion/", f"{one.pk}/research/")
    for tab in tabs:
        client.get(f"{PAGE}{tab}")
    counted = [queries(client, f"{PAGE}{tab}") for tab in tabs]
    for n in range(6):
        add()
        keep(cast, f"More {n}", stages=["new"])
    assert [queries(client, f"{PAGE}{tab}") for tab in tabs] == counted


def test_audiences_in_the_api(cast):
    make.lead(stage="mql", product=product("pump"))
    api = Api(cast.manager)
    body = {"name": "Warm", "conditions": {"stages": ["mql"], "grades": []}}
    status, row = api.post("/audiences/", body)
    assert (status, row["conditions"]) == (201, {"stages": ["mql"]})
    assert api.post("/audiences/", {"name": "Other", "conditions": {"stages": ["x"]}})[0] == 400
    status, row = api.patch(f"/audiences/{row['id']}/", {"conditions": {"stages": ["mql", "new"]}})
    assert (status, row["conditions"]) == (200, {"stages": ["mql", "new"]})
    status, found = api.get(f"/audiences/{row['id']}/channels/")
    assert (status, found["people"], found["email"]) == (200, 1, 1)
    status, found = api.get(f"/audiences/{row['id']}/interests/")
    assert (status, found["product"], found["hidden"]) == (200, [], 1)
    assert Api(cast.rep).patch(f"/audiences/{row['id']}/", {"name": "x"})[0] == 403
    workers = {
        "marketer",
        "marketing_head",
        "rep",
        "teammate",
        "other_rep",
        "manager",
        "other_manager",
        "sales_head",
        "admin",
    }
    seen = {name for name, user in cast.everybody().items() if Api(user).get("/audiences/")[1].get("results")}
    assert seen == workers
    assert who_may(cast, lambda api: api.post("/audiences/", {"name": f"by {LiveAudience.objects.count()}", "conditions": {}})[0], 201) == {
        "marketer", "marketing_head", "manager", "other_manager", "sales_head", "admin",
    }  # fmt: skip
    assert api.delete(f"/audiences/{row['id']}/")[0] == 204
    assert set(CHOICES) == {"stages", "grades", "channels", "touch_kinds", "usage"}
