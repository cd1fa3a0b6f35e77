"""A step for somebody else: who may be asked, who is told, where it stands, and who may change it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Role
from accounts.visibility import sees_all, sees_some
from leads.models import Notice
from pipeline import helping
from pipeline.models import Company, Contact, Deal, Step
from tests import cast as make
from tests.api import Api
from tests.pages import same_queries

pytestmark = pytest.mark.django_db
SOON = "2027-01-01T10:00"


@pytest.fixture
def acme(cast):
    """The rep's account, which the other team's rep serves and the marketer looks after."""
    firm = make.company("Acme", sales_owner=cast.rep, marketing_contact=cast.marketer)
    firm.account_people.create(user=cast.other_rep, part="service")
    firm.account_people.create(user=cast.finance, part="contracts")
    return firm


def things(cast, acme):
    """[(a contact, deal or company, who has a part in it)]."""
    far = make.contact("Far")
    make.lead(contact=far, owner=cast.other_rep, stage="sql")
    in_deal = make.contact("In a deal")
    make.deal(owner=cast.teammate).deal_contacts.create(contact=in_deal)
    parts = {cast.rep, cast.marketer, cast.other_rep, cast.finance}
    return [
        (acme, parts),
        (make.company("Nobody's"), set()),
        (make.contact("Ada", company=acme), parts),
        (far, {cast.other_rep}),
        (in_deal, {cast.teammate}),
        (make.deal(company=acme, owner=cast.teammate), parts | {cast.teammate}),
        (make.deal(owner=cast.other_rep), {cast.other_rep}),
    ]


def test_those_are_asked_who_see_it_and_work_with_it(cast, acme):
    """An oracle: for everybody who sees a thing, each colleague and each who has a part, if the queryset shows it to them."""
    everybody = cast.everybody()
    for thing, parts in things(cast, acme):
        shown = {
            user
            for user in everybody.values()
            if (sees_all(user) or sees_some(user)) and type(thing).objects.visible_to(user).filter(pk=thing.pk).exists()
        }  # fmt: skip
        for name, by in everybody.items():
            if by not in shown:
                continue
            near = {
                user
                for user in everybody.values()
                if user.team_id and (user.team_id == by.team_id or user.team.head_id == by.pk)
            }
            found = {one.name for one in helping.helpers(thing, by)}
            assert found == {user.full_name for user in (near | parts) & shown | {by}}, (thing, name)


@pytest.mark.parametrize("of", [Company, Contact, Deal])
def test_a_step_for_somebody_else_stands_on_their_day_and_they_are_told(client, cast, acme, of):
    ada = make.contact("Ada", company=acme, city="Bonn")
    lead = make.lead(contact=ada, owner=cast.rep, stage="sql")
    deal = make.deal(company=acme, owner=cast.rep)
    asked = cast.teammate if of is Deal else cast.other_rep
    path, home = {
        Company: (f"/companies/{acme.pk}/steps/", f"/companies/{acme.pk}/"),
        Contact: (f"/leads/{lead.pk}/steps/", f"/contacts/{ada.pk}/"),
        Deal: (f"/deals/{deal.pk}/steps/", f"/deals/{deal.pk}/"),
    }[of]
    client.force_login(cast.rep)
    due = timezone.localtime() + timedelta(minutes=30)
    wish = {"what": "Look at the press", "due_at": due.strftime("%Y-%m-%dT%H:%M")}
    assert client.post(path, wish | {"owner": cast.finance.pk}).status_code == 422
    assert client.post(path, wish | {"owner": asked.pk}).status_code == 302
    step = Step.objects.get()
    assert (step.owner, step.planned_by) == (asked, cast.rep)
    told = Notice.objects.get()
    assert (told.user, told.kind, told.path) == (asked, "step", home)
    assert told.facts["where"] == ("Bonn" if of is Contact else "")
    page = client.get(home).content.decode()
    assert ("Look at the press" in page, f"/steps/{step.pk}/edit/" in page) == (True, True)
    client.force_login(asked)
    day = client.get("/my-day/")
    assert [one.pk for one in day.context["day"].steps] == [step.pk]
    assert "planned for you by Rep" in day.content.decode()
    assert client.get(home).status_code == 200
    assert client.post(f"/steps/{step.pk}/done/").status_code == 302
    assert Step.objects.get().done_at is not None


def test_ones_own_step_is_told_to_nobody(client, cast, acme):
    client.force_login(cast.rep)
    for owner in ({}, {"owner": cast.rep.pk}):
        assert (
            client.post(f"/companies/{acme.pk}/steps/", {"what": "x", "due_at": SOON, **owner}).status_code
            == 302
        )
    assert {(one.owner, one.planned_by) for one in Step.objects.all()} == {(cast.rep, None)}
    assert not Notice.objects.exists()


def test_who_planned_it_may_change_it_and_give_it_to_another(client, cast, acme):
    client.force_login(cast.rep)
    client.post(f"/companies/{acme.pk}/steps/", {"what": "x", "due_at": SOON, "owner": cast.other_rep.pk})
    step = Step.objects.get()
    allowed = {name for name, user in cast.everybody().items() if user.has_perm("pipeline.work_step", step)}
    assert allowed == {"rep", "other_rep", "other_manager", "sales_head", "marketing_head", "admin"}
    for user in cast.everybody().values():
        seen = Step.objects.visible_to(user).exists()
        assert seen == user.has_perm("pipeline.view_step", step), user
    edit = f"/steps/{step.pk}/edit/"
    assert f'value="{cast.other_rep.pk}" selected' in client.get(edit).content.decode()
    changed = {"what": "y", "due_at": SOON, "owner": cast.teammate.pk, "next": "/my-day/"}
    assert client.post(edit, changed).status_code == 302
    step.refresh_from_db()
    assert (step.what, step.owner, step.planned_by) == ("y", cast.teammate, cast.rep)
    assert set(Notice.objects.values_list("user", flat=True)) == {cast.other_rep.pk, cast.teammate.pk}
    client.post(edit, changed | {"what": "z"})
    assert Notice.objects.count() == 2
    client.post(edit, changed | {"owner": cast.rep.pk})
    step.refresh_from_db()
    assert (step.owner, step.planned_by, Notice.objects.count()) == (cast.rep, None, 2)


def test_a_program_plans_for_others_and_gives_away(cast, acme):
    api = Api(cast.rep)
    wish = {"what": "Look at the press", "due_at": f"{SOON}:00Z", "company": acme.pk}
    status, made = api.post("/steps/", wish | {"owner": cast.other_rep.pk})
    assert (status, made["owner"], made["planned_by"]) == (201, cast.other_rep.pk, cast.rep.pk)
    for nobody in (cast.finance, cast.other_manager, cast.service):
        assert api.post("/steps/", wish | {"owner": nobody.pk})[1]["errors"].keys() == {"owner"}
    address = f"/steps/{made['id']}/"
    assert api.patch(address, {"owner": cast.finance.pk})[0] == 400
    status, row = api.patch(address, {"owner": cast.teammate.pk, "what": "Call"})
    assert (status, row["owner"], row["what"]) == (200, cast.teammate.pk, "Call")
    assert Api(cast.other_rep).get(address)[0] == 404
    assert set(Notice.objects.values_list("user", flat=True)) == {cast.other_rep.pk, cast.teammate.pk}
    assert len(api.get("/steps/", planned_by=cast.rep.pk)[1]["results"]) == 1


def test_forms_cost_the_same_however_many_have_a_part(client, cast, acme):
    lead = make.lead(contact=make.contact(company=acme), owner=cast.rep, stage="sql")
    deal = make.deal(company=acme, owner=cast.rep)
    client.force_login(cast.rep)

    def add():
        somebody = make.person(f"helper{acme.account_people.count()}", Role.SALES)
        acme.account_people.create(user=somebody, part="delivery")

    for path in (f"/companies/{acme.pk}/", f"/leads/{lead.pk}/", f"/deals/{deal.pk}/"):
        same_queries(client, path, add)
