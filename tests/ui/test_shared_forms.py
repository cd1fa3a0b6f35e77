"""Two people at one record, on every form over records that there is: the second reads who was faster."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.forms.house import RegionForm, SegmentForm, SpecialDayForm
from accounts.models import Role, User, WorkingCalendar
from config.api import router
from leads.forms.deals import DealContactForm, LineForm, ReceiptForm
from leads.forms.desk import DeskForm
from leads.models import (
    Agreement,
    AssignmentRule,
    Audience,
    CampaignTemplate,
    HandoverRule,
    LiveAudience,
    Mapping,
    MomentRule,
    Question,
    ReturnReason,
    Robot,
    TrackingLink,
    UsageRule,
    WebForm,
)
from pipeline.forms.account_people import AccountPersonForm
from pipeline.forms.products import CostForm
from pipeline.forms.voice import StatementForm
from pipeline.models import (
    DealRegistration,
    DealStage,
    ExchangeRate,
    FieldOwner,
    OutcomeReason,
    Product,
    Receipt,
    SalesCost,
    Spend,
    Step,
    Unit,
)
from pipeline.models.fields import CustomField
from reports.commission.forms import PlanForm
from reports.index.forms import VersionForm
from reports.models import BrandWave, Growth, MarketGoal, SearchShare
from reports.retaining.forms import GoalForm
from tests import cast as make
from tests.pages import posted
from tests.ui.test_conflicts import signed_in
from ui.conflicts import Shared

pytestmark = pytest.mark.django_db


# Nobody sends these for a record that is there already.
ONLY_NEW = {
    AccountPersonForm,
    CostForm,
    DealContactForm,
    GoalForm,
    LineForm,
    PlanForm,
    ReceiptForm,
    RegionForm,
    SegmentForm,
    SpecialDayForm,
    StatementForm,
    VersionForm,
}


def rooms(cast):
    """Every form over a record that is there: (who, who was faster, where, what) and, unless any text does, both values."""
    day, second = date(2026, 9, 1), make.person("second", Role.ADMIN)
    admin, desk, head, rep, sales = cast.admin, cast.marketer, cast.marketing_head, cast.rep, cast.sales_head
    product = Product.objects.create(code="p", name="Pump", currency="EUR")
    person = make.contact("Ann", company=make.company("Acme"))
    deal = make.deal(company=person.company, owner=rep, amount=5, currency="EUR", expected_close=day)
    over = {"outcome": "won", "stage": DealStage.objects.get(outcome="won")}
    won = make.deal(company=person.company, owner=rep, closed_at=make.NOON, signed_on=day, **over)
    lead = make.lead(contact=person, stage="mql")
    fair = make.campaign("Fair", owner=desk)
    spend = Spend.objects.create(campaign=fair, month=day, on=day, amount=7, currency="EUR", base_amount=7)
    partner = make.company("Dealer", is_partner=True)
    registration = DealRegistration.objects.create(
        dealer=partner, customer=person.company, registered_on=day, protected_until=date(2027, 9, 1)
    )
    step = Step.objects.create(deal=deal, owner=rep, what="Call", due_at=make.NOON)
    for on in FieldOwner:
        field = CustomField.objects.create(code="floor", name="Floor", on=on, kind="text")
    choice = CustomField.objects.create(
        code="kind", name="Kind", on=FieldOwner.LEAD, kind="choice", choices=["a", "b"]
    )
    office = WorkingCalendar.objects.create(name="Night")
    north, south = make.region("north"), make.region("south")
    rule = AssignmentRule.objects.create(name="Near")
    draft = Agreement.objects.create(version=7)
    robot = Robot.objects.create(name="All", vendor="wecom", address="https://a.example/")
    unit = Unit.objects.create(product=product, company=person.company, serial="1")
    link = TrackingLink.objects.create(campaign=fair, name="x", target="https://a.example/")
    form = WebForm.objects.create(campaign=fair, title="Fair")
    mapping = Mapping.objects.create(name="Fair", kind="leads", header="x" * 64)
    rate = ExchangeRate.objects.create(currency="USD", on=day, rate="0.5")
    Audience.objects.create(campaign=fair)
    living = LiveAudience.objects.create(name="Warm", conditions={"stages": ["mql"]})
    either = (admin, second)
    growth = Growth.objects.create(name="Parts", known="asked for", margin=5, cost=1, entered_by=head)
    wave = BrandWave.objects.create(name="Spring", on=date(2026, 4, 1), asked=9, prompted=3, entered_by=desk)
    month = SearchShare.objects.create(month=date(2026, 4, 1), own=3, total=9, entered_by=desk)
    travel = SalesCost.objects.create(
        of="travel", month=day, on=day, booked=day, amount=7, base_amount=7, entered_by=head
    )
    goal = MarketGoal.objects.create(first=date(2026, 1, 1), customers=3, source="count", entered_by=head)
    return [
        (admin, head, f"/dashboard/market/{goal.pk}/", "source"),
        (admin, sales, f"/dashboard/costs/{travel.pk}/edit/", "note"),
        (desk, head, f"/dashboard/brand/waves/{wave.pk}/edit/", "note"),
        (desk, head, f"/dashboard/brand/searches/{month.pk}/edit/", "tool"),
        (desk, head, f"/dashboard/growth/{growth.pk}/edit/", "known"),
        (admin, head, f"/contacts/{person.pk}/edit/", "full_name"),
        (admin, head, f"/contacts/{person.pk}/edit/", "city"),
        (desk, head, f"/companies/{person.company_id}/edit/", "x_floor"),
        (desk, head, f"/leads/{lead.pk}/edit/", "source_text"),
        (desk, head, f"/leads/{lead.pk}/edit/", "x_floor"),
        (*either, f"/products/{product.pk}/", "name"),
        (rep, sales, f"/deals/{deal.pk}/edit/", "name"),
        (rep, sales, f"/deals/{deal.pk}/edit/", "x_floor"),
        (
            rep,
            sales,
            f"/deals/{won.pk}/edit/contract_until/",
            "contract_until",
            ("2027-09-01", "1 Sep 2027"),
            ("2027-10-01", "1 Oct 2027"),
        ),
        (desk, head, f"/leads/{lead.pk}/complete/", "job_title"),
        (desk, head, f"/leads/{lead.pk}/complete/", "answer-need"),
        (desk, head, f"/campaigns/{fair.pk}/edit/", "name"),
        (desk, head, f"/campaigns/{fair.pk}/spend/{spend.pk}/", "note"),
        (*either, f"/registrations/{registration.pk}/", "note"),
        (rep, sales, f"/steps/{step.pk}/edit/", "what"),
        (*either, f"/setup/questions/{Question.objects.first().pk}/", "text"),
        (*either, f"/setup/return-reasons/{ReturnReason.objects.first().pk}/", "name"),
        (*either, f"/setup/handover/{HandoverRule.objects.get(event='lost_later').pk}/", "after", "8", "9"),
        (*either, f"/setup/mappings/{mapping.pk}/", "name"),
        (*either, f"/setup/stages/{DealStage.objects.first().pk}/", "name"),
        (*either, f"/setup/outcome-reasons/{OutcomeReason.objects.first().pk}/", "name"),
        (*either, f"/setup/fields/{field.pk}/", "name"),
        (*either, f"/setup/fields/{choice.pk}/", "choose_from", "a\nc", "a\nd"),
        (*either, f"/teams/{rep.team_id}/edit/", "name"),
        (*either, f"/teams/{rep.team_id}/edit/", "region", (north.pk, north), (south.pk, south)),
        (*either, f"/calendars/{office.pk}/", "name"),
        (*either, f"/calendars/{office.pk}/", "day6", "10:00–12:00", "10:00–13:00"),
        (*either, "/organisation/", "name"),
        (*either, "/start/house/", "name", "Their house", "My house"),
        (*either, "/start/calendar/", "name", "Their hours", "My hours"),
        (rep, rep, "/account/", "full_name"),
        (*either, f"/people/{cast.finance.pk}/edit/", "full_name"),
        (*either, f"/people/{rep.pk}/rep/", "capacity", "70", "71"),
        (*either, f"/people/{rep.pk}/rep/", "regions", (north.pk, north), (south.pk, south)),
        (sales, head, f"/agreement/{draft.version}/edit/", "note"),
        (sales, head, f"/agreement/{draft.version}/edit/", "answer_minutes_A", "31", "32"),
        (*either, f"/routing/{rule.pk}/", "name"),
        (
            *either,
            f"/routing/{rule.pk}/",
            "reps",
            (cast.other_rep.pk, cast.other_rep),
            (cast.teammate.pk, cast.teammate),
        ),
        (*either, f"/moments/rules/{MomentRule.objects.first().pk}/", "name"),
        (*either, f"/setup/usage-rules/{UsageRule.objects.get(kind='silent').pk}/", "days", "30", "31"),
        (
            desk,
            head,
            f"/units/{unit.pk}/",
            "since",
            ("2026-01-02", "2 Jan 2026"),
            ("2026-01-03", "3 Jan 2026"),
        ),
        (*either, f"/robots/{robot.pk}/", "name"),
        (desk, head, f"/campaigns/templates/{CampaignTemplate.objects.first().pk}/edit/", "name"),
        (desk, head, f"/links/{link.pk}/", "name"),
        (desk, head, f"/forms/{form.pk}/edit/", "title"),
        (*either, f"/rates/{rate.pk}/", "rate", "0.6", "0.7"),
        (desk, head, f"/audiences/{living.pk}/edit/", "note"),
        (desk, head, f"/campaigns/{fair.pk}/effect/", "days", "60", "61"),
    ]


def forms_over_records(base):
    """Every form of pages that is shared over a kind of record."""
    for form in base.__subclasses__():
        if getattr(form, "_meta", None) and form._meta.model and ".forms" in form.__module__:
            yield form
        yield from forms_over_records(form)


def test_every_shared_form_tells_who(cast):
    """One change by somebody else and one of one's own to the same field, on each kind of record."""
    seen = set()
    for user, other, address, field, *values in rooms(cast):
        (theirs, they_read), (mine, i_read) = (
            one if isinstance(one, tuple) else (one, one) for one in values or ("Theirs", "Mine")
        )
        client, faster = signed_in(user), signed_in(other)
        stale = posted(client.get(address), address)
        assert faster.post(address, stale | {field: theirs}).status_code == 302, (address, field)
        with CaptureQueriesContext(connection) as asked:
            answer = client.post(address, stale | {field: mine})
        assert answer.status_code == 422, (address, field)
        assert any("FOR NO KEY UPDATE" in one["sql"] for one in asked), (
            f"{address} may change while it is looked at"
        )
        form = answer.context["form"]
        both = form.fields[field].difference
        assert (both.mine, both.theirs) == (str(i_read), str(they_read)), (address, field)
        now_called = User.objects.get(pk=other.pk).full_name
        assert f"{now_called} changed this just now. " in form.non_field_errors()[0], (address, field)
        chosen = posted(answer, address) | {both.name: f"mine-{both.stamp}"}
        assert client.post(address, chosen).status_code == 302, (address, field)
        seen.add(type(form))
    shared = set(forms_over_records(Shared))
    assert shared | {DeskForm} == seen | ONLY_NEW
    changed = {
        one.queryset.model for _, one, _ in router.registry if "partial_update" in getattr(one, "may", ())
    }
    walked = {form._meta.model for form in shared - ONLY_NEW}
    assert changed - {Receipt} <= walked, "what the API changes tells who as well"  # receipts have a history
