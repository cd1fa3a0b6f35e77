"""The triggers mark exactly what a change touches."""

import pytest
from django.db import connection

from leads.models import Lead, Touch
from pipeline.models import Contact, Deal, Spend
from reports.models import DirtyKey
from tests import cast as make
from tests.cast import NOON

pytestmark = pytest.mark.django_db


def marks():
    """The keys marked so far, as a set of (kind, key); reading forgets them."""
    found = {(mark.kind, key) for mark in DirtyKey.objects.all() for key in range(mark.low, mark.high + 1)}
    DirtyKey.objects.all().delete()
    return found


def test_a_lead_marks_itself_and_its_deals_old_and_new():
    lead, deal, other = make.lead(), make.deal(), make.deal()
    marks()
    Lead.objects.filter(pk=lead.pk).update(deal=deal)
    assert marks() == {("lead", lead.pk), ("deal", deal.pk)}
    Lead.objects.filter(pk=lead.pk).update(deal=other)
    assert marks() == {("lead", lead.pk), ("deal", deal.pk), ("deal", other.pk)}


def test_the_grade_that_was_proposed_marks_its_lead():
    lead = make.lead()
    marks()
    Lead.objects.filter(pk=lead.pk).update(mql_grade="B")
    assert marks() == {("lead", lead.pk)}


def test_columns_that_no_figure_reads_mark_nothing():
    lead = make.lead()
    marks()
    Lead.objects.filter(pk=lead.pk).update(wake_at=make.NOON, grade_reason="so")
    assert marks() == set()


def test_touches_and_merges_mark_contacts():
    first, second = make.contact(), make.contact()
    touch = make.touch(first)
    day = ("day", NOON.date().toordinal() - 1)
    assert {("contact", first.pk), day} <= marks()
    Touch.objects.filter(pk=touch.pk).update(contact=second)
    assert marks() == {("contact", first.pk), ("contact", second.pk)}
    Touch.objects.filter(pk=touch.pk).update(kind="complaint")
    assert marks() == {("contact", second.pk), day}
    Contact.objects.filter(pk=first.pk).update(merged_into=second)
    assert marks() == {("contact", first.pk), ("contact", second.pk)}
    touch.refresh_from_db()
    touch.delete()
    assert marks() == {("contact", second.pk), day}


def test_a_deal_marks_its_companies_old_and_new():
    old, new = make.company(), make.company()
    deal = make.deal(company=old)
    marks()
    Deal.objects.filter(pk=deal.pk).update(company=new)
    assert marks() == {("deal", deal.pk), ("company", old.pk), ("company", new.pk)}


def test_spend_marks_its_campaign_or_none():
    campaign = make.campaign()
    marks()
    spend = Spend.objects.create(month="2026-06-01", on="2026-06-03", amount=5, base_amount=5)
    assert marks() == {("spend", 0)}
    Spend.objects.filter(pk=spend.pk).update(campaign=campaign)
    assert marks() == {("spend", 0), ("spend", campaign.pk)}


def test_the_look_back_marks_everything(cast):
    from accounts.models import Organisation

    marks()
    Organisation.objects.update(name="Elsewhere")
    assert marks() == set()
    Organisation.objects.update(lookback_days=30)
    assert marks() == {("everything", 0)}


def test_neighbours_become_one_mark():
    contact = make.contact()
    marks()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO leads_lead (contact_id, cycle, captured_at, channel, ended_at) "
            "SELECT %s, n, now(), 'sem', now() FROM generate_series(1, 500) n RETURNING id",
            [contact.pk],
        )
        made = {row[0] for row in cursor.fetchall()}
    assert DirtyKey.objects.count() <= 2
    assert marks() == {("lead", key) for key in made}
