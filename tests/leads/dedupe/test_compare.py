"""New people and companies are compared with their likes: proposed, merged where it is certain, kept apart once told."""

from hashlib import md5

import pytest
from django.utils import timezone

from leads import dedupe, merging
from leads.dedupe import weighing
from leads.models import Duplicate, DuplicateMark, Merge
from pipeline.models import Company, Contact, Identity
from pipeline.names import company_key
from tests import cast as make
from tests.pages import same_queries

pytestmark = pytest.mark.django_db


def firm(name, **fields):
    return Company.objects.create(name=name, key=company_key(name), **fields)


def crowd(count=400):
    """Other people, so that a shared rare name says something."""
    firms = Company.objects.bulk_create(Company(name=f"Firm {n}", key=f"{n} firm") for n in range(count // 4))
    Contact.objects.bulk_create(
        Contact(
            full_name=f"{md5(b'%d' % n).hexdigest()[:8]} {md5(b'-%d' % n).hexdigest()[:8]}",
            company=firms[n % len(firms)],
        )
        for n in range(count)
    )


def test_a_shared_line_and_name_at_one_company_is_merged_and_never_again_once_undone(cast):
    crowd()
    acme = make.company("Acme")
    one, two = (
        make.contact(name, company=acme, city="Kassel", job_title="Buyer")
        for name in ("Anna Weber", "WEBER, Anna")
    )
    for contact in (one, two):
        Identity.objects.create(contact=contact, kind="phone", value="+495611234")
    dedupe.compare_due(at=make.NOON, limit=1000)
    merge = Merge.objects.get()
    assert (merge.survivor_id, merge.gone_id, merge.by) == (one.pk, two.pk, None)
    merging.undo(merge.pk, by=cast.marketer, at=make.NOON)
    Contact.objects.filter(pk=two.pk).update(full_name="Anna Weber")
    dedupe.compare_due(at=make.NOON, limit=1000)
    assert Merge.objects.in_force().count() == 0
    assert not Duplicate.objects.to_look_at().filter(kind="contact").exists()
    assert not DuplicateMark.objects.exists()


def test_two_of_a_name_at_one_company_are_proposed_and_colleagues_are_not(cast):
    crowd()
    acme = make.company("Acme")
    one, two = (
        make.contact("Anna Weber", f"{box}@acme.example", company=acme) for box in ("anna", "a.weber")
    )
    make.contact("Otto Maier", company=acme)
    make.contact("Anna Weber")  # somewhere else
    dedupe.compare_due(at=make.NOON, limit=1000)
    pairs = {(pair.low_id, pair.high_id): pair.evidence for pair in Duplicate.objects.filter(kind="contact")}
    assert pairs[one.pk, two.pk] == [weighing.SAME_NAME, weighing.FIRM]
    assert all({one.pk, two.pk} & set(pair) for pair in pairs)
    assert not Merge.objects.exists()


@pytest.mark.parametrize(
    "one, two, same",
    [
        ("上海华强机械有限公司", "上海华强机械股份有限公司", True),
        ("ООО «Ромашка-Плюс»", "Ромашка Плюс, АО", True),
        ("Northwind Traders Inc.", "Northwind Traderes Ltd", True),
        ("上海华强机械有限公司", "上海华强化工有限公司", False),
        ("Northwind Traders", "Northwind Foods", False),
    ],
)
def test_companies_are_known_through_their_legal_forms(cast, one, two, same):
    crowd()
    first, second = firm(one), firm(two)
    dedupe.compare_due(at=make.NOON, limit=1000)
    found = Duplicate.objects.filter(kind="company", low_id=first.pk, high_id=second.pk).exists()
    assert found is same


def test_a_tax_id_settles_it(cast):
    first, second = firm("Alpha", tax_id="7701"), firm("Alpha", tax_id="7702")
    third = firm("Alpha Group", tax_id="7701", domain="alpha.example")
    dedupe.compare_due(at=make.NOON)
    pairs = set(Duplicate.objects.values_list("low_id", "high_id"))
    assert (first.pk, second.pk) not in pairs
    assert (first.pk, third.pk) in pairs


def pair():
    one, two = make.company(), make.company()
    return Duplicate.objects.create(
        kind="company", low_id=one.pk, high_id=two.pk, probability=0.8, evidence=[], found_at=timezone.now()
    )


def test_the_worklist_merges_and_dismisses(client, cast):
    first, second, third = pair(), pair(), pair()
    client.force_login(cast.marketer)
    page = client.get("/duplicates/", {"kind": "company"})
    assert {row.pk for row in page.context["page"].rows} == {first.pk, second.pk, third.pk}
    client.post("/duplicates/many/", {"pair": [first.pk], "dismiss": "1"})
    client.post("/duplicates/many/", {"pair": [second.pk], "merge": "1"})
    assert list(Duplicate.objects.to_look_at()) == [third]
    assert Company.objects.get(pk=second.high_id).merged_into_id == second.low_id
    assert "Tick at least" in client.post("/duplicates/many/", {}, follow=True).content.decode()


def test_the_worklist_costs_the_same_with_one_and_with_three(client, cast):
    client.force_login(cast.marketer)
    same_queries(client, "/duplicates/?kind=company", pair)


@pytest.mark.parametrize("who, status", [("marketer", 200), ("rep", 403)])
def test_the_worklist_is_marketings(client, cast, who, status):
    client.force_login(getattr(cast, who))
    assert client.get("/duplicates/").status_code == status
    assert client.post("/duplicates/many/", {}).status_code == (302 if status == 200 else 403)
