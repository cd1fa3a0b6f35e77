"""New people and companies are compared with their likes: proposed, merged where it is certain, kept apart once told."""

import random
from hashlib import md5

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leads import dedupe, merging
from leads.dedupe import candidates, ways, weighing
from leads.models import Duplicate, DuplicateMark, Merge
from leads.views import duplicates
from pipeline.likeness import words
from pipeline.models import Company, Contact, Identity
from pipeline.names import company_key
from tests import cast as make
from tests.api import Api
from tests.pages import same_queries
from ui.formats.numbers import hundredths

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


def test_statistics_of_a_house_that_was_small_do_not_tell_who_is_certain(cast, owner):
    """As after an import, until the planner has looked again."""
    for number in range(20):
        make.contact(f"Somebody {number}", city="Kassel", job_title="Buyer")
    with owner(), connection.cursor() as cursor:
        cursor.execute("ANALYZE pipeline_contact")
    Contact.objects.update(city="", job_title="")
    crowd()
    acme = make.company("Acme")
    for name, box in (("Anna Weber", "anna@old.example"), ("WEBER, Anna", "anna@new.example")):
        contact = make.contact(name, box, company=acme, city="Kassel", job_title="Buyer")
        Identity.objects.create(contact=contact, kind="phone", value="+495611234")
    dedupe.compare_due(at=make.NOON, limit=1000)
    assert Merge.objects.count() == 1


def test_how_many_there_are_is_counted_only_of_few(owner, monkeypatch):
    monkeypatch.setattr(candidates, "SMALL", 300)
    with owner(), connection.cursor() as cursor:
        crowd(200)
        assert candidates.total(cursor, "pipeline_contact") == 200
        cursor.execute("ANALYZE pipeline_contact")
        assert candidates.total(cursor, "pipeline_contact") == 200
        crowd(1600)
        with CaptureQueriesContext(connection) as asked:
            assert 300 <= candidates.total(cursor, "pipeline_contact") < 9000  # pages may be half empty
    assert not [one for one in asked.captured_queries if "count(*) FROM pipeline_contact" in one["sql"]]


@pytest.mark.parametrize(
    "boxes, mobiles, joined",
    [
        (("wang@old.example", "wei@new.example"), ("", ""), 1),
        (("wang@old.example", "wei@new.example"), ("+8613911110001", ""), 1),
        (("wang@old.example", "wei@new.example"), ("+8613911110001", "+8613911110002"), 0),
        (("wang@huawei-x.example", "wei@huawei-x.example"), ("", ""), 0),
        (("wang@huawei-x.example", "wei@mail.huawei-x.example"), ("", ""), 0),
        (("john.baker@huawei-x.com", "jbaker@huawei-x.co.uk"), ("", ""), 0),
        (("wang@old.example", "wei@new.example"), ("+49891234501", "+49891234502"), 0),
        (("wang@huawei-x.example", ""), ("", "+8613911110002"), 0),
        (("wang@huawei-x.example", ""), ("", "+49891234501"), 0),
        (("", ""), ("+8613911110001", "+49891234501"), 0),
        (("wang@huawei-x.example", ""), ("+8613911110001", ""), 1),
        (("wang@huawei-x.example", ""), ("", ""), 1),
    ],
)
def test_namesakes_with_a_mailbox_or_a_mobile_each_are_asked_about(cast, boxes, mobiles, joined):
    crowd()
    namesakes(boxes, mobiles)
    dedupe.compare_due(at=make.NOON, limit=1000)
    assert Merge.objects.count() == joined
    assert Duplicate.objects.to_look_at().filter(kind="contact").count() == 1 - joined


def namesakes(boxes, numbers):
    """Two of a name and position at one firm."""
    firm = make.company("Huawei X")
    for box, number in zip(boxes, numbers, strict=True):
        contact = Contact.objects.create(full_name="王伟", company=firm, city="Shenzhen", job_title="工程师")
        if box:
            Identity.objects.create(contact=contact, kind="email", value=box)
        if number:
            kind = "phone" if number.startswith("+4989") else "mobile"
            Identity.objects.create(contact=contact, kind=kind, value=number)


@pytest.mark.parametrize(
    "boxes, numbers, against, percent",
    [
        (("a@x.example", "b@y.example"), ("+8613911110001", "+8613911110002"), ["two mobile numbers"], 80),
        (("a@x.example", "b@x.example"), ("+49891234501", "+49891234502"),
         ["two mailboxes at one domain", "two landlines"], 66),
        (("a@x.example", ""), ("", "+8613911110002"), ["each is reached in another way"], 80),
    ],
)  # fmt: skip
def test_what_speaks_against_a_pair_is_told_and_tells_in_its_chance(
    client, cast, boxes, numbers, against, percent
):
    crowd()
    namesakes(boxes, numbers)
    dedupe.compare_due(at=make.NOON, limit=1000)
    pair = Duplicate.objects.get(kind="contact")
    assert (pair.against, int(pair.probability * 100)) == (against, percent)
    client.force_login(cast.marketer)
    page = client.get("/duplicates/").content.decode()
    assert "Against it:" in page
    assert f'<span class="pill">{hundredths(percent)}</span>' in page
    assert all(word in page for word in against)
    (row,) = Api(cast.marketer).get("/duplicates/")[1]["results"]
    assert row["against"] == against


def test_merging_many_tells_how_many_something_speaks_against(client, cast):
    crowd()
    namesakes(("a@x.example", "b@x.example"), ("", ""))
    acme = make.company("Acme")
    for _twice in range(2):
        Contact.objects.create(full_name="Anna Weber", company=acme)
    dedupe.compare_due(at=make.NOON, limit=1000)
    client.force_login(cast.marketer)
    pairs = list(Duplicate.objects.filter(kind="contact").values_list("pk", flat=True))
    page = client.post("/duplicates/many/", {"pair": pairs, "merge": "1"}).content.decode()
    assert "Something speaks against 1 of them." in page
    assert page.count("two mailboxes at one domain") == 1


def test_another_position_or_city_speaks_against():
    people = [
        weighing.Person(pk, "Anna Weber", title, city, None, (), (), (), 2, 0)
        for pk, (title, city) in enumerate([("Buyer", "Ulm"), ("Chief engineer", "Kassel")])
    ]
    assert weighing.people(*people, weighing.Crowd(100)).against == ["another position", "another city"]


def test_a_shared_line_and_name_at_one_company_is_merged_and_never_again_once_undone(client, cast):
    crowd()
    acme = make.company("Acme")
    one, two = (
        make.contact(name, box, company=acme, city="Kassel", job_title="Buyer")
        for name, box in (("Anna Weber", "anna@old.example"), ("WEBER, Anna", "anna@new.example"))
    )
    for contact in (one, two):
        Identity.objects.create(contact=contact, kind="phone", value="+495611234")
    dedupe.compare_due(at=make.NOON, limit=1000)
    merge = Merge.objects.get()
    assert (merge.survivor_id, merge.gone_id, merge.by) == (one.pk, two.pk, None)
    assert "the same name" in merge.moved["evidence"]
    client.force_login(cast.marketer)
    assert "the same name" in client.get("/merges/").content.decode()
    assert "the same name" in Api(cast.marketer).get("/merges/")[1]["results"][0]["evidence"]
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
        ("北京华星精密科技有限公司", "华星精密科技（北京）有限公司", True),
        ("华星精密科技有限公司（北京）", "北京市华星精密科技有限公司", True),
        ("恒远精工", "苏州恒远精工有限公司", True),
        ("恒远精工", "北票恒远精工有限公司", True),  # a place that no list has
        ("АО «Уралгидроцилиндр»", "Урал Гидроцилиндр АО", True),
        ("The Kettlewhistle Gears Ltd", "Kettlewhistle Gears", True),
        ("上海华强机械有限公司", "北京华强机械有限公司", False),
        ("上海华强机械有限公司", "上海华强化工有限公司", False),
        ("Northwind Traders", "Northwind Foods", False),
    ],
)
@pytest.mark.parametrize("domains", [("", ""), ("one.example", "two.example")])
def test_companies_are_known_through_their_legal_forms(cast, one, two, same, domains):
    crowd()
    first, second = (firm(name, domain=domain) for name, domain in zip((one, two), domains, strict=True))
    dedupe.compare_due(at=make.NOON, limit=1000)
    found = Duplicate.objects.filter(kind="company", low_id=first.pk, high_id=second.pk).exists()
    assert found is same


@pytest.mark.parametrize(
    "one, two",
    [("Weserdyn Laboratories", "Weserhof Laboratories"), ("Lahnwerk Electronics", "Lahnbau Electronics")],
)
def test_names_that_are_merely_alike_are_two_firms_where_each_has_a_domain(cast, one, two):
    crowd()
    first, second = firm(one, domain="one.example"), firm(two, domain="two.example")
    dedupe.compare_due(at=make.NOON, limit=1000)
    assert not Duplicate.objects.filter(kind="company", low_id=first.pk, high_id=second.pk).exists()


WRITTEN_OTHERWISE = (
    ("欧阳文静", "采购经理", "北京", "北京华星精密科技有限公司", "华星精密科技(北京)有限公司"),
    ("诸葛瑾瑜", "厂长", "苏州", "苏州恒远精工有限公司", "恒远精工"),
    (
        "Persephone Vanterpool",
        "Kettle buyer",
        "Goole",
        "Kettlewhistle Gears Ltd",
        "Kettlewhistle Gear Limited",
    ),
    ("Елисей Воскобойников", "Инженер", "Пермь", "АО «Уралгидроцилиндр»", "Урал Гидроцилиндр АО"),
)


def test_the_same_person_at_a_company_written_otherwise_is_proposed_and_never_merged(cast):
    """However late it shows that the companies are alike; a rare name is proposed beside any other company."""
    crowd()
    hull = firm("Elsewhere Inc")
    same, elsewhere, strangers = set(), set(), set()
    for name, title, city, *firms in WRITTEN_OTHERWISE:
        ours = {"job_title": title, "city": city}
        one, two = (make.contact(name, company=firm(written), **ours) for written in firms)
        same.add((one.pk, two.pk))
        strangers.add(make.contact("Other Person", company=two.company, **ours).pk)
    moved = make.contact(
        "Persephone Vanterpool", company=hull, job_title="Kettle buyer", city="Goole"
    )  # rare: statistics of the table tell what is common
    first = Contact.objects.filter(full_name=moved.full_name).earliest("pk")
    elsewhere.add((first.pk, moved.pk))
    DuplicateMark.objects.filter(kind="company").delete()
    dedupe.compare_due(at=make.NOON, limit=1000)
    for written in Company.objects.filter(
        pk__in=[one.company_id for one in Contact.objects.filter(pk__in=strangers)]
    ):
        DuplicateMark.objects.create(kind="company", record_id=written.pk)
    dedupe.compare_due(at=make.NOON, limit=1000)
    proposed = {(pair.low_id, pair.high_id): pair for pair in Duplicate.objects.filter(kind="contact")}
    assert same <= proposed.keys()
    with (
        connection.cursor() as cursor
    ):  # whether it is proposed follows from how rare the planner thinks the name is
        assert elsewhere <= set(candidates.contact_pairs(cursor, [moved.pk]))
    assert all(proposed[pair].evidence[:2] == [weighing.SAME_NAME, weighing.LIKE_FIRM] for pair in same)
    assert all(weighing.LIKE_FIRM not in proposed[pair].evidence for pair in elsewhere & proposed.keys())
    assert not strangers & {
        pk for low, high in proposed if not (low in strangers and high in strangers) for pk in (low, high)
    }
    assert not Merge.objects.exists()


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


def test_many_merges_are_shown_first_and_taken_back_at_once(client, cast):
    pairs = [pair() for _ in range(3)]
    client.force_login(cast.marketer)
    ticked = {"pair": [one.pk for one in pairs], "merge": "1"}
    page = client.post("/duplicates/many/", ticked).content.decode()
    assert "3 pairs are merged" in page
    assert page.count('name="pair"') == 3
    assert Merge.objects.count() == 0
    page = client.post("/duplicates/many/", {**ticked, "sure": "1"}, follow=True).content.decode()
    assert 'formaction="/duplicates/undo/"' in page
    assert Company.objects.filter(merged_into=None).count() == 3
    assert "3 merges are undone." in client.post("/duplicates/undo/", follow=True).content.decode()
    assert Company.objects.filter(merged_into=None).count() == 6
    assert "There is nothing to take back." in client.post("/duplicates/undo/", follow=True).content.decode()


def test_what_one_click_does_not_take_is_told(client, cast, monkeypatch):
    monkeypatch.setattr(duplicates, "MOST", 2)
    pairs = [pair() for _ in range(3)]
    client.force_login(cast.marketer)
    page = client.post(
        "/duplicates/many/", {"pair": [one.pk for one in pairs], "merge": "1"}
    ).content.decode()
    assert "2 pairs are merged" in page
    assert "One click takes 2 at most: 1 more was left as it is." in page


def test_the_worklist_costs_the_same_with_one_and_with_three(client, cast):
    client.force_login(cast.marketer)
    same_queries(client, "/duplicates/?kind=company", pair)


@pytest.mark.parametrize("who, status", [("marketer", 200), ("rep", 403)])
def test_the_worklist_is_marketings(client, cast, who, status):
    client.force_login(getattr(cast, who))
    assert client.get("/duplicates/").status_code == status
    assert client.post("/duplicates/many/", {}).status_code == (302 if status == 200 else 403)


LISTS = {
    "zh": (
        list("王李张刘陈杨"),
        ["伟", "芳", "敏", "静", "强", "磊"],
        "{0}{1}",
        ["采购经理", "厂长", "工程师"],
    ),
    "ru": (
        ["Иванов", "Петров", "Орлов", "Котов", "Белов", "Седов"],
        ["Иван", "Пётр", "Олег", "Егор", "Илья", "Юрий"],
        "{0} {1}",
        ["Закупщик", "Директор", "Инженер"],
    ),
    "en": (
        ["Smith", "Jones", "Brown", "Evans", "Moore", "Clark"],
        ["John", "Mary", "Anna", "Paul", "Jane", "Mark"],
        "{1} {0}",
        ["Buyer", "Director", "Engineer"],
    ),
}


def of_a_small_list(language, count=400, twice=40):
    """Contacts who share thirty-six names, few positions, and mailboxes made from their names; some stand there twice.

    Returns {contact id: person}. Every second of those who stand there twice has a mailbox of their own fancy.
    """
    draw = random.Random(language)
    families, given, order, titles = LISTS[language]
    firms = Company.objects.bulk_create(Company(name=f"Firm {n}", key=f"{n} firm") for n in range(count // 5))
    made = [
        (n, order.format(draw.choice(families), draw.choice(given)), draw.choice(firms), draw.choice(titles))
        for n in range(count)
    ]
    rows = made + made[:twice]
    contacts = Contact.objects.bulk_create(
        Contact(full_name=name, company=firm, job_title=title, city=draw.choice(["Ulm", "Omsk", "Wuxi"]))
        for _n, name, firm, title in rows
    )
    Identity.objects.bulk_create(
        Identity(contact=contact, kind="email", value=f"{_box(n, name, twice)}@post{place}.example")
        for place, (contact, (n, name, _firm, _title)) in enumerate(zip(contacts, rows, strict=True))
    )
    return {contact.pk: row[0] for contact, row in zip(contacts, rows, strict=True)}


def _box(n, name, twice):
    return f"heron{n:04}" if n < twice and n % 2 else ".".join(words(name))


@pytest.mark.parametrize("language", LISTS)
def test_of_common_names_only_those_are_merged_who_share_more(cast, language, owner):
    person = of_a_small_list(language)
    with (
        owner(),
        connection.cursor() as cursor,
    ):  # what other tests left in the statistics is not of these people
        cursor.execute("ANALYZE pipeline_contact; ANALYZE pipeline_identity; ANALYZE pipeline_company")
    dedupe.compare_due(at=make.NOON, limit=1000)
    merged = {(person[one.survivor_id], person[one.gone_id]) for one in Merge.objects.in_force()}
    assert merged == {(n, n) for n in range(1, 40, 2)}
    others = [
        one for one in Duplicate.objects.filter(kind="contact") if person[one.low_id] != person[one.high_id]
    ]
    assert not [one for one in others if one.probability >= 0.9]


@pytest.mark.parametrize("statement", ["CONTACTS", "COMPANIES", "PEOPLE", "FIRMS"])
def test_likes_are_found_by_index_and_no_table_is_read_whole(statement):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {getattr(candidates, statement)}", [[1, 2, 3]])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan" not in plan
    assert "Index" in plan


@pytest.mark.parametrize(
    "box, name, own",
    [
        ("anna.weber", "Anna Weber", False),
        ("a.weber2", "Weber, Anna", False),
        ("petr.ilin", "Пётр Ильин", False),
        ("wangfang", "王芳", False),
        ("wangfang19880312", "王芳", True),
        ("blue.heron", "Anna Weber", True),
        ("info", "Anna Weber", False),
    ],
)
def test_a_mailbox_of_the_name_says_no_more_than_the_name(box, name, own):
    assert ways.beyond_name(box, name) is own
