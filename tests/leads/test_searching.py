"""Search: what is found, by whom, and how a typing error is forgiven."""

import pytest
from django.conf import settings
from django.db import connection
from django.urls import URLResolver, get_resolver
from django.utils.translation import override

from accounts import organisation
from accounts.models import Organisation
from leads import searching
from leads.models import Handoff, Lead
from leads.terms import in_force
from pipeline import searching as words
from pipeline.models import Contact, Identity, SearchWord
from tests import cast as make
from tests.api import Api, holding
from tests.pages import queries
from ui.places import places
from ui.spelling import folded


def names(hits):
    return [hit.name for hit in hits]


def people(user, text):
    return set(names(searching.search(user, text).people))


def offer(lead, rep):
    """An open offer."""
    return Handoff.objects.create(
        lead=lead, rep=rep, grade="A", agreement=in_force(), offered_at=make.NOON, offered_by=None
    )


@pytest.fixture
def orchard(cast):
    """A company with a person, a deal, a campaign, and strangers beside them."""
    firm = make.company("Orchard Retail GmbH", domain="kelterhaus.example")
    person = make.contact("Kaya Schmidt", email="kaya@orchard.example", company=firm)
    Identity.objects.create(contact=person, kind="mobile", value="+491715550123")
    make.lead(contact=person, owner=cast.other_rep)
    make.deal(name="Orchard: ten presses", company=firm, owner=cast.other_rep)
    make.campaign("Orchard autumn")
    for name in (
        "王芳",
        "王小芳",
        "测试员",
        "Ольга Константинопольская",
        "Anna Berg",
        "Li An",
        "Пётр Киселёв",
        "Глеб Семенов",
        "Глафира Орлова-Чесменская",
        "Siobhán O'Connor",
        "Maeve O’Hara",
        "Jörg Müller-Groß",
        "José Muñoz",
        "Zoë Łukasz",
        "Gerda Mulder",
    ):
        make.lead(contact=make.contact(name))
    for name, kind, number in (
        ("Пётр Киселёв", "mobile", "+79440004404"),
        ("Li An", "phone", "+861065500123;ext=8"),
    ):
        Identity.objects.create(contact=Contact.objects.get(full_name=name), kind=kind, value=number)
    return firm


def test_one_search_finds_every_kind(cast, orchard):
    found = searching.search(cast.marketer, "orchard")
    assert names(found.people) == ["Kaya Schmidt"]
    assert names(found.companies) == ["Orchard Retail GmbH"]
    assert names(found.deals) == ["Orchard: ten presses"]
    assert names(found.campaigns) == ["Orchard autumn"]
    assert found.people[0].href == f"/leads/{Lead.objects.get(contact__full_name='Kaya Schmidt').pk}/"
    assert found.people[0].note == "Orchard Retail GmbH"


FOUND = [
    ("kaya", {"Kaya Schmidt"}),
    ("schmidt kaya", {"Kaya Schmidt"}),
    ("Schmidt Orchard", {"Kaya Schmidt"}),
    ("王芳", {"王芳"}),
    ("小芳", {"王小芳"}),
    ("王 芳", {"王芳"}),
    ("王\u3000小芳", {"王小芳"}),
    ("王", {"王芳", "王小芳"}),
    ("测试", {"测试员"}),
    ("ольга", {"Ольга Константинопольская"}),
    ("An", {"Anna Berg", "Li An"}),
    ("kaya@orch", {"Kaya Schmidt"}),
    ("+49 171 5550", {"Kaya Schmidt"}),
    ("0049 (171) 555-01", {"Kaya Schmidt"}),
    ("Schmitd", {"Kaya Schmidt"}),  # swapped
    ("Shmidt", {"Kaya Schmidt"}),  # missing
    ("Schmiddt", {"Kaya Schmidt"}),  # doubled
    ("Xchmidt", {"Kaya Schmidt"}),  # wrong
    ("Константинопольскоя", {"Ольга Константинопольская"}),
    ("ольга константинопольска", {"Ольга Константинопольская"}),
    ("Kaya Schmitd", {"Kaya Schmidt"}),
    ("киселев", {"Пётр Киселёв"}),  # as Russians write ё
    ("Петр", {"Пётр Киселёв"}),
    ("Пе", {"Пётр Киселёв"}),
    ("Семёнов", {"Глеб Семенов"}),
    ("Кисилев", {"Пётр Киселёв"}),
    ("Симёнов", {"Глеб Семенов"}),
    ("Кисилив", set()),  # two errors
    ("Орлова Чесменская", {"Глафира Орлова-Чесменская"}),
    ("Арлова-Чесменская", {"Глафира Орлова-Чесменская"}),
    ("8 944 000-44-04", {"Пётр Киселёв"}),
    ("8 (944) 000", {"Пётр Киселёв"}),
    ("89440004404", {"Пётр Киселёв"}),
    ("9440004404", {"Пётр Киселёв"}),
    ("79440004404", {"Пётр Киселёв"}),
    ("944 000 44 04", {"Пётр Киселёв"}),
    ("0-44-04", {"Пётр Киселёв"}),
    ("44-04", set()),  # four digits
    ("010 6550 0123", {"Li An"}),
    ("0171 555 01", {"Kaya Schmidt"}),
    ("O’Connor", {"Siobhán O'Connor"}),  # as telephones type it
    ("o'hara", {"Maeve O’Hara"}),
    ("‘O’Hara’", {"Maeve O’Hara"}),
    ("Siobhan", {"Siobhán O'Connor"}),
    ("Muller", {"Jörg Müller-Groß"}),
    ("Mueller", {"Jörg Müller-Groß"}),
    ("müller gross", {"Jörg Müller-Groß"}),
    ("GROSS", {"Jörg Müller-Groß"}),
    ("jose munoz", {"José Muñoz"}),
    ("Jo", {"Jörg Müller-Groß", "José Muñoz"}),
    ("zoe lukasz", {"Zoë Łukasz"}),
    ("Mülder", {"Gerda Mulder"}),
    ("Munõs", {"José Muñoz"}),  # the accent elsewhere, and one wrong
    ("Schhmitd", set()),  # two errors
    ("Kaia", set()),  # four letters: taken as typed
    ("%", set()),
    ("' OR 1=1 --", set()),
    ("", set()),
]


def test_people_are_found_in_three_languages_with_one_error_forgiven(cast, orchard):
    for text, expected in FOUND:
        assert people(cast.marketer, text) == expected, text


def test_companies_and_campaigns_forgive_too_and_say_so(cast, orchard):
    found = searching.search(cast.finance, "Orchrad")
    assert (names(found.companies), names(found.campaigns)) == (["Orchard Retail GmbH"], ["Orchard autumn"])
    assert found.instead == ["Orchard"]
    nobody = searching.search(cast.marketer, "Schmitd Unheard")
    assert (nobody.any, nobody.instead) == (False, [])
    for typed in ("kelterhaus.example", "kelterh", "info@kelterhaus"):
        assert names(searching.search(cast.finance, typed).companies) == ["Orchard Retail GmbH"], typed
    assert searching.search(cast.finance, "kaya").people == []
    assert not searching.search(cast.service, "orchard").any


@pytest.mark.parametrize(
    "typed, found",
    [
        ("永展化工有限", True),
        ("永展错工有限", True),  # wrong
        ("错展化工有", True),
        ("永展工有限", True),  # missing
        ("永展化化工有", True),  # too many
        ("永化展工有限", True),  # swapped
        ("永错错工有限", False),  # two errors
        ("永错化工", False),  # four characters: taken as typed
    ],
)
def test_chinese_names_forgive_one_character_of_five(cast, typed, found):
    firm = make.company("杭州永展化工有限公司")
    make.company("杭州永远化学有限公司")
    make.lead(contact=make.contact("胡敏", company=firm))
    hits = searching.search(cast.marketer, typed)
    assert (names(hits.companies), names(hits.people)) == ([firm.name] * found, ["胡敏"] * found)
    assert hits.instead == []


def test_the_ways_to_be_seen_are_what_is_visible(cast, orchard, monkeypatch):
    """An oracle: for everybody, the union of the ways is the queryset that the rest of the house asks."""
    make.lead(contact=make.contact("Own"), owner=cast.rep)
    make.lead(contact=make.contact("Mate's"), owner=cast.teammate)
    make.lead(contact=make.contact("Pooled"), pooled_at=make.NOON)
    offer(make.lead(contact=make.contact("Offered")), cast.rep)
    make.contact("Account", company=make.company("Ours", sales_owner=cast.rep))
    served = make.company("Served")
    served.account_people.create(user=cast.rep, part="service")
    make.contact("Served", company=served)
    person = make.contact("In a deal")
    make.deal(owner=cast.rep).deal_contacts.create(contact=person)
    for name, user in cast.everybody().items():
        ways = {pk for way in searching.seen_contacts(user) for pk in way.values_list("pk", flat=True)}
        assert ways == set(Contact.objects.visible_to(user).values_list("pk", flat=True)), name
    assert people(cast.rep, "Schmidt") == set()
    assert people(cast.rep, "Pooled") == people(cast.other_rep, "Pooled") == {"Pooled"}
    assert people(cast.rep, "Schmitd") == set()
    monkeypatch.setattr(searching, "MANY", 1)  # more are called so than are looked at one by one
    assert people(cast.rep, "Pooled") == {"Pooled"}
    assert people(cast.rep, "Schmidt") == set()


def test_the_vocabulary_follows_names(cast):
    def known(word):
        return SearchWord.objects.filter(word=word).count()

    one, two = make.contact("Ada Lovelace"), make.contact("Byron Lovelace")
    assert (known("LOVELACE"), known("BYRON"), known("ADA")) == (1, 1, 0)
    two.full_name = "Byron King"
    two.save()
    assert (known("LOVELACE"), known("KING"), known("BYRON")) == (1, 1, 1)
    Contact.objects.filter(pk=one.pk).update(full_name="")
    assert known("LOVELACE") == 0
    make.company("Лавка чудес")
    assert known("ЧУДЕС") == 1


def test_the_indexes_serve_what_search_asks(cast):
    """PostgreSQL can answer each kind of condition from an index; without one it would read every name."""
    wanted = {
        "smith": "contact_name_search",
        "王芳": "contact_name_pairs",
        "an": "contact_name_search",
        "лев": "contact_name_search",
        "müller": "contact_name_search",
        "o’connor": "contact_name_search",
    }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for text, index in wanted.items():
            rows = words.named(Contact.objects.all(), words.terms(text), "full_name")
            assert index in rows.explain()
        cursor.execute("EXPLAIN SELECT FROM pipeline_identity WHERE value LIKE 'anna@%'")
        assert "identity_value_search" in str(cursor.fetchall())
        numbers = Identity.objects.filter(kind__in=["mobile", "phone"], value__contains="44004")
        assert "identity_number_search" in numbers.explain()


def test_the_database_folds_names_as_we_do(db):
    letters = [chr(code) for code in (*range(0xC0, 0x180), *range(0x400, 0x460), *range(0x1E00, 0x1F00))]
    kept = [letter for letter in letters if len(letter.upper()) == 1 and letter != "ẛ"] + [
        "ß",
        "王",
        "’",
        "‘",
        "ʼ",
        "´",
        "u\u0308",
    ]
    names = [*kept, "Großmann & Söhne", "Пётр Йожиков", "Nguyễn Văn Đức", "Дюма d’Été", "王 Müller"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tandem_folded(name) FROM unnest(%s::text[]) WITH ORDINALITY AS n (name, at) ORDER BY at",
            [names],
        )
        assert [row[0] for row in cursor.fetchall()] == [folded(name).upper() for name in names]


def test_lists_are_narrowed_without_accents_too(client, cast, orchard):
    client.force_login(cast.marketer)
    for typed, expected in (
        ("o’connor", "Siobhán O'Connor"),
        ("GROSS", "Jörg Müller-Groß"),
        ("50%", None),
        ("o_connor", None),
    ):
        rows = client.get("/leads/", {"q": typed}).context["table"].rows
        assert [row["name"] for row in rows] == [expected] * bool(expected), typed


def test_pairs_of_chinese_characters(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tandem_bigrams('上海Tandem测试员'), tandem_bigrams('Smith'), tandem_bigrams('王')"
        )
        assert cursor.fetchone() == (["上海", "测试", "试员"], [], [])


# Every pair of words over two letters, against the definition by trying all edits.
@pytest.mark.parametrize("typed", ["ABCDE", "AABBC", "CABAB"])
def test_one_error_is_one_edit(typed):
    letters = "ABCDE"
    edits = {typed}
    for i in range(len(typed) + 1):
        edits.add(typed[:i] + typed[i + 1 :])
        edits |= {typed[:i] + x + typed[i:] for x in letters} | {
            typed[:i] + x + typed[i + 1 :] for x in letters
        }
        if i + 2 <= len(typed):
            edits.add(typed[:i] + typed[i + 1] + typed[i] + typed[i + 2 :])
    assert all(words.one_error(typed, known) for known in edits)
    two = {known[:i] + "Z" + known[i:] + "Z" for known in edits for i in range(3)}
    assert not any(words.one_error(typed, known) for known in two)


def test_the_page_and_its_statements(client, cast, orchard):
    client.force_login(cast.rep)
    page = client.get("/search/", {"q": "schmidt orchard 测试"})
    assert page.status_code == 200
    client.force_login(cast.marketer)
    found = client.get("/search/", {"q": "orchard"})
    assert [name for name, _icon, _hits in found.context["groups"]] == [
        "People",
        "Companies",
        "Deals",
        "Campaigns",
    ]
    assert queries(client, "/search/?q=schmidt") <= 12 + 2
    assert queries(client, "/search/?q=xchmidt") <= 12 + 2


def test_pages_and_things_to_do_are_those_the_role_may_open(client, cast):
    def labels(user, text):
        client.force_login(user)
        return [place.label for place in client.get("/search/", {"q": text}).context["places"]]

    assert labels(cast.marketer, "new") == ["New lead", "New company", "New campaign"]
    assert labels(cast.rep, "new") == ["New lead", "New deal", "New company"]
    assert "New campaign" in labels(cast.marketer, "campaign")
    assert "New campaign" not in labels(cast.rep, "campaign")
    assert labels(cast.rep, "people") == ["People"]
    assert labels(cast.admin, "organ") == ["Organisation", "New reorganisation"]
    assert labels(cast.rep, "organ") == []
    assert len(labels(cast.rep, "")) == 6


def test_a_place_is_found_but_for_one_error(cast):
    told = {
        word: {place.label for place in places(cast.admin, word)} for word in ("dashbord", "impotr", "dshbrd")
    }
    assert told["dashbord"] == {"Dashboard"}
    assert {"Imports", "Import a file"} <= told["impotr"]
    assert told["dshbrd"] == set()


@pytest.mark.parametrize("language", ["en", "ru", "zh-hans"])
def test_a_place_is_found_by_its_english_words_in_every_language(cast, language):
    with override(language):
        told = {
            word: {place.href for place in places(cast.admin, word)}
            for word in ("commission", "3-1-3", "growth", "ledger", "contrib")
        }
        assert not places(cast.admin, "rowth") or language == "en"
    assert told == {
        "commission": {"/dashboard/commission/"},
        "3-1-3": {"/dashboard/outlook/"},
        "growth": {"/dashboard/growth/"},
        "ledger": {"/dashboard/ledger/"},
        "contrib": {"/dashboard/ledger/"},
    }


def test_every_place_that_is_offered_opens(client, cast):
    for name, user in cast.everybody().items():
        client.force_login(user)
        words_of = (
            "new",
            "",
            "deal",
            "people",
            "import",
            "product",
            "rate",
            "campaign",
            "return",
            "api",
            "lead",
        )
        for place in {place for text in words_of for place in places(user, text)}:
            assert client.get(place.href).status_code == 200, (name, place)


# Pages without an argument that search does not offer: parts of another page, forms behind a list, and machinery.
NOT_OFFERED = {
    "healthz", "robots", "service-worker", "home", "accounts:login", "accounts:logout", "accounts:demo-login",
    "accounts:forgot", "accounts:change-password", "accounts:token-new", "accounts:team-new",
    "accounts:calendar-new", "accounts:segment-new", "accounts:region-new", "pipeline:product-new",
    "pipeline:fields-new", "pipeline:stages-new", "pipeline:outcome-reasons-new", "leads:desk-many",
    "leads:desk-undo", "leads:search", "leads:notice-poll", "leads:notices-read", "leads:notice-choices",
    "leads:moment-rule-new", "leads:robot-new", "leads:template-new", "leads:quarantine-many",
    "leads:quarantine-undo", "leads:duplicates-many", "leads:duplicates-undo", "leads:desk-merge", "leads:questions-new", "leads:usage-rules-new", "leads:usage-cards",
    "leads:return-reasons-new", "leads:first-run-begin", "leads:signal-say", "leads:signal-drop", "leads:scorecard-new", "leads:scorecard-for-line",
    "leads:agreement-new", "leads:audience-new", "leads:routing-rule-new", "reports:shift-keep", "reports:growth-new", "reports:lock",
    "reports:commission-draft", "reports:brand-wave-new", "reports:brand-search-new", "reports:brand-file", "reports:index-draft", "reports:target-round-new", "ui:gallery",
    "reports:cost-new", "reports:cost-file", "ui:offline", "ui:theme", "ui:language", "demo:wish", "engine:retry", "engine:mails", "pipeline:statement-new", "pipeline:voice-check", "pipeline:voice-said",
    "reports:market-goal-new", *(f"{room}-many{undo}" for room in ("leads:lead", "leads:deal", "pipeline:company", "pipeline:campaign") for undo in ("", "-undo")),
}  # fmt: skip


def argumentless(resolver, space=""):
    """The names of all addresses that need no argument, but for the API and the back door."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            if one.namespace not in ("admin", "api"):
                yield from argumentless(one, f"{space}{one.namespace}:" if one.namespace else space)
        elif one.name and not one.pattern.converters:
            yield f"{space}{one.name}"


def test_search_offers_every_page_or_knows_why_not():
    offered = {line["url"] for line in settings.PLACES}
    assert set(argumentless(get_resolver())) - offered == NOT_OFFERED
    assert {line["url"] for _title, lines in settings.SETUP for line in lines} - offered == {"admin:index"}


def test_a_page_of_a_higher_level_is_not_offered(client, cast):
    def pools():
        client.force_login(cast.rep)
        return [place.label for place in client.get("/search/", {"q": "pool"}).context["places"]]

    assert pools() == ["Pool"]
    Organisation.objects.update(level=1)
    organisation.forget()
    assert pools() == []


def test_the_api_gives_what_the_page_gives(cast, orchard):
    status, body = Api(cast.marketer).get("/search/", q="schmitd")
    assert (status, [hit["name"] for hit in body["people"]], body["instead"]) == (
        200,
        ["Kaya Schmidt"],
        ["Schmidt"],
    )
    assert holding(cast.rep, "read").get("/search/", q="schmidt")[1]["people"] == []
    assert holding(cast.rep, "capture").get("/search/", q="schmidt")[0] == 403
    assert Api().get("/search/", q="schmidt")[0] in (401, 403)
    assert list(body) == ["people", "companies", "deals", "campaigns", "stories", "instead"]
