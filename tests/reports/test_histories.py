"""Random histories with late data, edits, deletions and merges: counted bit by bit equals counted at once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import Organisation, User
from leads.models import Agreement, Handoff, Lead, ReturnReason, StageChange, Touch
from leads.models.handoffs import UNASKED
from pipeline.models import (
    Campaign,
    Company,
    Contact,
    Deal,
    DealChange,
    DealContact,
    DealStage,
    Product,
    Receipt,
    Spend,
    Step,
)
from reports.models import CampaignMonth, CampaignSegment, CountedPass, CreditMonth, DirtyKey
from reports.rollups import rebuild, roll_due
from reports.verify import totals
from tests import cast as make
from tests.cast import NOON
from tests.reports.attribution.test_credits import win

HOUR = timedelta(hours=1)
STAGES = ("mql", "ready", "sql", "deal", "won")
CHANNELS = ("sem", "webinar", "unknown")

numbers = st.integers(0, 5)
moments = st.integers(-9_000, 100).map(lambda hours: NOON + hours * HOUR)
amounts = st.sampled_from([None, "0", "100", "100.01", "0.0333"])


class World:
    """A small firm, and what may happen to it. Every action takes whatever numbers it is given."""

    def __init__(self):
        self.cast = make.gather()
        self.contacts = [make.contact() for _ in range(4)]
        self.companies = [make.company(segment=make.segment(), region=make.region()), make.company()]
        self.campaigns = [make.campaign(channel=channel) for channel in CHANNELS[:2]]
        self.product = Product.objects.create(code="p", name="P")
        self.leads = [make.lead(contact=contact) for contact in self.contacts[:2]]
        self.deals = [make.deal(company=company, product=self.product) for company in self.companies]
        self.reason = ReturnReason.objects.first()
        self.agreement = Agreement.objects.get()

    def touch(self, n, m, at, amount):
        make.touch(
            self.contacts[n % 4],
            at,
            campaign=[None, *self.campaigns][m % 3],
            channel=CHANNELS[m % 3],
            automatic=m == 5,
            outbound=m == 4,
            track="sales" if m == 4 else "marketing",
        )

    def correct_touch(self, n, m, at, amount):
        touch = Touch.objects.order_by("pk")[n : n + 1]
        facts = {"contact": self.contacts[m % 4], "at": at, "outbound": m == 3}
        Touch.objects.filter(pk__in=touch.values("pk")).update(**facts)

    def set_touch_right(self, n, m, at, amount):
        kind = ["meeting", "complaint", "service_visit", "chat", "feedback"][m % 5]
        Touch.objects.filter(pk__in=Touch.objects.order_by("pk")[n : n + 1].values("pk")).update(kind=kind)

    def delete_touch(self, n, m, at, amount):
        Touch.objects.filter(pk__in=Touch.objects.order_by("pk")[n : n + 1].values("pk")).delete()

    def open_pass(self, n, m, at, amount):
        contact = self.contacts[n % 4]
        Lead.objects.filter(contact=contact, ended_at__isnull=True).update(ended_at=at)
        self.leads.append(
            make.lead(
                at,
                contact=contact,
                cycle=Lead.objects.filter(contact=contact).count() + 1,
                campaign=[None, *self.campaigns][m % 3],
                is_test=m == 5,
            )
        )

    def advance(self, n, m, at, amount):
        lead = Lead.objects.get(pk=self.leads[n % len(self.leads)].pk)
        if lead.stage in ("won", "disqualified"):
            return
        to = STAGES[STAGES.index(lead.stage) + 1 if lead.stage != "new" else 0]
        StageChange.objects.create(
            lead=lead, seq=lead.seq + 1, from_stage=lead.stage, to_stage=to, at=at, inferred=m == 5
        )
        Lead.objects.filter(pk=lead.pk).update(stage=to, seq=lead.seq + 1, **{f"{to}_at": at})

    def edit_pass(self, n, m, at, amount):
        lead = self.leads[n % len(self.leads)]
        changes = [
            {"is_test": True},
            {"disqualified_because": "spam"},
            {"channel": CHANNELS[n % 3]},
            {"captured_at": at},
            {"region": make.region("south")},
            {"deal": self.deals[n % len(self.deals)]},
        ]
        Lead.objects.filter(pk=lead.pk).update(**changes[m])

    def grade(self, n, m, at, amount):
        """A person grades a pass, or what was proposed of it is known."""
        column = ("grade", "mql_grade")[m % 2]
        Lead.objects.filter(pk=self.leads[n % len(self.leads)].pk).update(**{column: " ABCD"[m - 1].strip()})

    def merge_passes(self, n, m, at, amount):
        gone, kept = self.leads[n % len(self.leads)], self.leads[m % len(self.leads)]
        if gone.pk != kept.pk:
            Lead.objects.filter(pk=gone.pk).update(merged_into=kept)

    def merge_contacts(self, n, m, at, amount):
        first, second = sorted((n % 4, m % 4))
        if first != second:
            Contact.objects.filter(pk=self.contacts[first].pk).update(merged_into=self.contacts[second])

    def merge_companies(self, n, m, at, amount):
        Company.objects.filter(pk=self.companies[0].pk).update(merged_into=[None, self.companies[1]][m % 2])

    def offer(self, n, m, at, amount):
        lead = self.leads[n % len(self.leads)]
        Handoff.objects.filter(lead=lead, ended_at__isnull=True).update(ended_at=at, end="released")
        Handoff.objects.create(
            lead=lead,
            rep=[self.cast.rep, self.cast.teammate, self.cast.other_rep][n % 3],
            agreement=self.agreement,
            kind=["new", "new", "inquiry", "own_find", "farmer", ["claim", "imported"][n % 2]][m],
            unasked=m in (1, 3, 5),
            offered_at=at,
            answer_due_at=at + 3 * HOUR,
            grade=("A", "", "B", "C")[n % 4],
        )

    def answer(self, n, m, at, amount):
        open_ones = Handoff.objects.filter(ended_at__isnull=True).order_by("pk")[n : n + 1]
        for handoff in open_ones:
            later = handoff.offered_at + m * HOUR
            changes = [
                {"accepted_at": later, "contact_due_at": later + m * HOUR},
                {"accepted_at": later, "contacted_at": later + HOUR, "contact_due_at": later + 2 * HOUR},
                {"ended_at": later, "end": "returned", "reason": self.reason},
                {"ended_at": later, "end": "expired"},
                {"accepted_at": later, "ended_at": later + HOUR, "end": "expired", "attempts": n},
            ][m % 5]
            Handoff.objects.filter(pk=handoff.pk).update(**changes)

    def withdraw(self, n, m, at, amount):
        Handoff.objects.filter(pk__in=Handoff.objects.order_by("pk")[n : n + 1].values("pk")).delete()

    def change_hands(self, n, m, at, amount):
        """A lead goes to somebody else, as with a book; or a rep goes to another team."""
        people = [self.cast.rep, self.cast.other_rep, None]
        Lead.objects.filter(pk=self.leads[n % len(self.leads)].pk).update(owner=people[m % 3])
        if m > 3:
            team = [self.cast.rep.team, self.cast.other_rep.team, None][n % 3]
            User.objects.filter(pk=self.cast.teammate.pk).update(team=team)

    def open_deal(self, n, m, at, amount):
        deal = make.deal(
            at, company=[*self.companies, None][n % 3], amount=amount, base_amount=amount, kind="renewal" if m == 5 else "new"
        )  # fmt: skip
        DealContact.objects.create(deal=deal, contact=self.contacts[m % 4])
        self.deals.append(deal)

    def win(self, n, m, at, amount):
        Deal.objects.filter(pk=self.deals[n % len(self.deals)].pk).update(
            outcome="won",
            stage=DealStage.objects.get(outcome="won"),
            signed_on=at.date(),
            closed_at=at,
            amount=amount,
            base_amount=amount,
            cost=[None, "10"][m % 2],
            product=[None, self.product][m % 2],
        )

    def lose(self, n, m, at, amount):
        Deal.objects.filter(pk=self.deals[n % len(self.deals)].pk).update(
            outcome="lost", stage=DealStage.objects.get(outcome="lost"), closed_at=at
        )

    def delete_deal(self, n, m, at, amount):
        deal = self.deals[n % len(self.deals)]
        if len(self.deals) > 2 and not DealChange.objects.filter(deal=deal).exists():
            Lead.objects.filter(deal=deal).update(deal=None)
            for model in (DealContact, Receipt, Step):
                model.objects.filter(deal=deal).delete()
            theirs = Deal.with_cancellations.filter(cancels=deal)
            self._delete([*theirs.values_list("pk", flat=True), deal.pk])
            self.deals.remove(deal)

    def name_contact(self, n, m, at, amount):
        DealContact.objects.get_or_create(deal=self.deals[n % len(self.deals)], contact=self.contacts[m % 4])

    def change_deal(self, n, m, at, amount):
        deal = self.deals[n % len(self.deals)]
        field, after = [("amount", "7"), ("expected_close", "2026-12-01")][m % 2]
        DealChange.objects.create(
            deal=deal, field=field, before=["5", "2026-01-01"][m % 2], after=after, at=at
        )

    def plan_step(self, n, m, at, amount):
        Step.objects.create(
            what="Call",
            owner=self.cast.rep,
            due_at=at,
            deal=self.deals[n % len(self.deals)],
            done_at=[None, at][m % 2],
        )

    def cancel(self, n, m, at, amount):
        won = Deal.objects.filter(outcome="won").order_by("pk")[n : n + 1].first()
        if won is not None:
            Deal.objects.create(
                cancels=won, name=won.name, stage=won.stage, outcome="won", opened_at=at, closed_at=at,
                signed_on=at.date(), amount=-m - 1, base_amount=Decimal("-0.01") * (m + 1), cost=[None, "-3"][m % 2],
            )  # fmt: skip

    def take_back_cancellation(self, n, m, at, amount):
        gone = Deal.with_cancellations.cancellations().order_by("pk")[n : n + 1]
        self._delete(list(gone.values_list("pk", flat=True)))

    def _delete(self, ids):
        """Not by the ORM, which would touch the journal of changes even where it is empty."""
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM pipeline_deal WHERE id = ANY(%s)", [ids])

    def spend(self, n, m, at, amount):
        amount = "-50" if n == 5 else amount
        Spend.objects.create(
            campaign=[None, *self.campaigns][n % 3],
            kind=["paid", "committed", "planned"][m % 3],
            month=at.date().replace(day=1),
            on=at.date(),
            amount=amount or 1,
            base_amount=amount or 1,
        )

    def move_spend(self, n, m, at, amount):
        spend = Spend.objects.order_by("pk")[n : n + 1]
        Spend.objects.filter(pk__in=spend.values("pk")).update(
            campaign=[None, *self.campaigns][m % 3], kind="paid"
        )

    def receive(self, n, m, at, amount):
        if not (deal := Deal.objects.order_by("pk")[n : n + 1].first()):
            return
        if m == 5:
            deal.receipts.all().delete()
        elif m == 4:
            deal.receipts.update(on=at.date(), base_amount=n + 1)
        else:
            Receipt.objects.create(deal=deal, on=at.date(), amount=m + 1, base_amount=m + 1)

    def employ(self, n, m, at, amount):
        """A contact works elsewhere, or its company stands in another segment: what is owed to a segment follows."""
        Contact.objects.filter(pk=self.contacts[n % 4].pk).update(company=[None, *self.companies][m % 3])
        if n == 5:
            Company.objects.filter(pk=self.companies[m % 2].pk).update(segment=[None, make.segment()][m % 2])

    def rename_channel(self, n, m, at, amount):
        Campaign.objects.filter(pk=self.campaigns[n % 2].pk).update(channel=CHANNELS[m % 3])

    def drop_campaign(self, n, m, at, amount):
        """As an import is taken back that had made it: what names it first, then itself; another takes its place."""
        gone = self.campaigns[n % 2]
        Spend.objects.filter(campaign=gone).delete()
        for model in (Lead, Touch):
            model.objects.filter(campaign=gone).update(campaign=None)
        if m % 2:
            self.roll(5, m, at, amount)
        gone.delete()
        self.campaigns[n % 2] = make.campaign(channel=CHANNELS[m % 3])

    def change_look_back(self, n, m, at, amount):
        Organisation.objects.update(lookback_days=[30, 365][n % 2], zone=["UTC", "Asia/Shanghai"][m % 2])

    def roll(self, n, m, at, amount):
        roll_due(limit=1 + n)


def forgotten():
    """How many totals there are of campaigns that are gone."""
    there = Campaign.objects.values("pk")
    return sum(
        model.objects.exclude(campaign=0).exclude(campaign__in=there).count()
        for model in (CampaignMonth, CampaignSegment, CreditMonth)
    )


def whose(lead):
    """(rep, team) that a pass counts under, as docs/metrics.md says it; 0 for none."""
    asked = [
        one
        for one in lead.handoffs.order_by("pk")
        if one.kind in UNASKED or (not one.unasked and one.kind != "farmer")
    ]
    took = [one for one in asked if one.accepted_at] or asked[-1:]
    rep = took[0].rep if took else lead.owner
    return (rep.pk, rep.team_id or 0) if rep else (0, 0)


def grade_of(lead):
    """The grade that a pass counts under: a person's, of its first hands, or proposed when it became an MQL."""
    handed = lead.handoffs.exclude(kind="farmer").exclude(grade="").order_by("offered_at", "pk").first()
    return lead.grade or (handed.grade if handed else lead.mql_grade)


ACTIONS = sorted(name for name in vars(World) if not name.startswith("_"))
happenings = st.lists(st.tuples(st.sampled_from(ACTIONS), numbers, numbers, moments, amounts), max_size=40)


class Histories(TestCase):
    # Each example builds a firm: too slow to shrink.
    @settings(
        max_examples=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
    )
    @given(happenings)
    def test_counted_bit_by_bit_equals_counted_at_once(self, happened):
        world = World()
        for action, *numbers_given in happened:
            getattr(world, action)(*numbers_given)
        while roll_due():
            pass
        assert not DirtyKey.objects.exists()
        with connection.cursor() as cursor:
            assert list(map(str, totals.differences(cursor))) == []
        assert forgotten() == 0
        for one in CountedPass.objects.select_related("lead__owner"):
            assert (one.owner, one.team) == whose(one.lead)
            assert one.grade == grade_of(one.lead)
        rebuild()
        with connection.cursor() as cursor:
            assert list(map(str, totals.differences(cursor))) == []


@pytest.mark.django_db
def test_a_difference_is_named():
    make.touch(make.contact())
    deal = make.deal(amount=5, base_amount=5)
    while roll_due():
        pass
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reports_counteddeal SET amount = 6")
        (found,) = totals.differences(cursor)
    assert (
        str(found) == f"CountedDeal (deal_id {deal.pk}): stored amount 6.0000, the source says amount 5.0000"
    )


@pytest.mark.django_db
def test_a_recount_mends_what_is_wrong_and_writes_nothing_else():
    person, campaign = make.contact(), make.campaign()
    make.touch(person, campaign=campaign)
    right, wrong = (win(amount, [person], company=make.company()) for amount in ("10", "7"))
    Spend.objects.create(campaign=campaign, month="2026-06-01", on="2026-06-01", amount=5, base_amount=5)
    make.lead(contact=person)
    while roll_due():
        pass
    kept = "SELECT ctid::text FROM reports_credit WHERE deal_id = %s ORDER BY model, position"
    with connection.cursor() as cursor:
        cursor.execute(kept, [right.pk])
        places = cursor.fetchall()
        for lie in (
            f"UPDATE reports_counteddeal SET amount = 6, margin = NULL WHERE deal_id = {wrong.pk}",
            f"UPDATE reports_credit SET amount = NULL WHERE deal_id = {wrong.pk} AND model = 'linear'",
            f"DELETE FROM reports_credit WHERE deal_id = {wrong.pk} AND model = 'first'",
            "UPDATE reports_credit SET deal_id = 987654321, touch_id = NULL WHERE model = 'last' AND deal_id = "
            f"{wrong.pk}",
            "DELETE FROM reports_countedpass",
            "UPDATE reports_dealmonth SET won = won + 1",
            "UPDATE reports_funnelmonth SET month = '1999-01-01'",
            "DELETE FROM reports_creditmonth WHERE model = 'u'",
            "UPDATE reports_campaignmonth SET paid = 9, leads = leads + 1",
        ):
            cursor.execute(lie)
            assert cursor.rowcount
        assert len(list(totals.differences(cursor))) > 9
        assert rebuild() == (1, 2)
        assert list(map(str, totals.differences(cursor))) == []
        cursor.execute(kept, [right.pk])
        assert cursor.fetchall() == places
