"""Leads and touches in the REST API, from capture to ready."""

from datetime import timedelta

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engine.renderers import OrjsonRenderer
from leads import scoring
from leads.api.leads import LeadResource
from leads.api.touches import TouchResource
from leads.models import Agreement, Handoff, Lead, Question, Touch
from pipeline import identities
from pipeline.models import Company, ConsentEvent, Contact, Identity, Suppression
from tests import cast as make
from tests.api import Api, holding
from tests.leads.ready import accepted, ready

ADA = {
    "full_name": "Ada Byron",
    "email": "ada@engines.example",
    "company": "Engines Ltd",
    "channel": "website",
    "kind": "form",
}


def session_free(queries):
    """Statements besides session and user, savepoints not counted."""
    return [
        q["sql"]
        for q in queries
        if "SAVEPOINT" not in q["sql"]
        and "django_session" not in q["sql"]
        and 'FROM "accounts_user"' not in q["sql"]
    ]


def test_a_website_may_only_capture(cast):
    campaign = make.campaign()
    website = holding(cast.service, "capture")
    consent = {"given": True, "text_version": "2026-01", "language": "en"}
    status, row = website.post("/leads/", {**ADA, "campaign": campaign.code, "consents": [consent]})
    assert (status, set(row)) == (201, {"id"})
    lead = Lead.objects.get(pk=row["id"])
    assert (lead.campaign, lead.stage, lead.contact.full_name) == (campaign, "new", "Ada Byron")
    assert list(ConsentEvent.objects.values_list("given", "text_version")) == [(True, "2026-01")]
    assert website.get("/leads/")[0] == 403
    assert website.post(f"/leads/{lead.pk}/disqualify/", {"reason": "x"})[0] == 403


def test_the_same_person_is_one_contact_with_one_open_pass(cast):
    api = Api(cast.marketer)
    first = api.post("/leads/", ADA)[1]
    again = api.post("/leads/", {**ADA, "email": " ADA@Engines.example "})[1]
    assert first["id"] == again["id"]
    assert (Contact.objects.count(), Identity.objects.count(), Touch.objects.count()) == (1, 1, 2)


def test_a_company_keeps_the_name_that_was_typed(cast):
    """A person's company, and that of their web domain, may go by another name: then the lead keeps what was typed."""
    api = Api(cast.marketer)
    names = [
        ("ada", "Engines Ltd"),
        ("ada", "engines limited"),
        ("bob", "Difference AG"),
        ("ada", "Looms Inc"),
        ("eve", ""),
        ("ada", "Weavers Co"),
    ]
    for who, company in names:
        person = {"full_name": who, "email": f"{who}@engines.example", "company": company}
        assert api.post("/leads/", person)[0] == 201
    kept = Lead.objects.values_list("contact__full_name", "contact__company__name", "attributes")
    assert set(Company.objects.values_list("name", flat=True)) == {"Engines Ltd"}
    assert sorted(kept) == [
        ("ada", "Engines Ltd", {"company": "Looms Inc"}),
        ("bob", "Engines Ltd", {"company": "Difference AG"}),
        ("eve", "Engines Ltd", {}),
    ]
    assert Touch.objects.latest("pk").note == "Company: Weavers Co"
    own = {
        "full_name": "Ada",
        "email": "ada@engines.example",
        "company": "Spinners",
        "attributes": {"company": "own", "a": 1},
    }
    assert api.post("/leads/", own)[0] == 201  # beside an attribute of that name
    assert Touch.objects.latest("pk").note == "Company: Spinners\ncompany: own"


def test_addresses_of_two_people_are_a_conflict(cast):
    api = Api(cast.marketer)
    api.post("/leads/", ADA)
    api.post("/leads/", {"full_name": "Bob", "wechat": "bob_88"})
    status, problem = api.post("/leads/", {"email": ADA["email"], "wechat": "bob_88"})
    assert status == 409
    assert "bob_88" in problem["detail"]
    assert Lead.objects.count() == 2


def test_a_suppressed_address_is_a_conflict(cast):
    Suppression.objects.create(digest=identities.digest("email", ADA["email"]), kind="email")
    status, _answer = Api(cast.marketer).post("/leads/", ADA)
    assert status == 409
    assert not Contact.objects.exists()


def test_somebody_must_be_recognisable(cast):
    status, problem = Api(cast.marketer).post("/leads/", {"company": "Engines Ltd"})
    assert (status, set(problem["errors"])) == (400, {""})


def test_a_lead_takes_at_most_eight_statements(cast):
    api = Api(cast.marketer)
    campaign = make.campaign()
    api.post("/leads/", {**ADA, "campaign": campaign.code})
    with CaptureQueriesContext(connection) as queries:
        assert (
            api.post(
                "/leads/",
                {**ADA, "email": "new@other.example", "company": "Other", "campaign": campaign.code},
            )[0]
            == 201
        )
    assert len(session_free(queries)) <= 8, "\n\n".join(session_free(queries))


def test_bulk_says_what_became_of_each_row(cast):
    rows = [
        ADA,
        {"company": "nobody"},
        {**ADA, "email": "bob@engines.example", "full_name": "Bob"},
        7,
        {**ADA, "emial": "x"},
    ]
    status, told = Api(cast.marketer).post("/leads/bulk/", rows)
    assert (status, told["done"], told["failed"]) == (200, 2, 3)
    assert [result["status"] for result in told["results"]] == ["done", "error", "done", "error", "error"]
    assert told["results"][4]["errors"] == {"emial": ["There is no such field."]}
    assert set(
        Api(cast.marketer).post("/leads/", {**ADA, "consents": [{"given": True, "txt": "1"}]})[1]["errors"]
    ) == {"consents.0.txt"}
    assert {result["id"] for result in told["results"] if "id" in result} == set(
        Lead.objects.values_list("pk", flat=True)
    )


def test_an_address_that_cannot_be_read_is_refused(cast):
    """Nothing is dropped in silence; in bulk the others are taken. What says "nothing" is nothing."""
    api, good = Api(cast.marketer), {**ADA, "phone": "+86 138 0013 8000", "wechat": "n/a"}
    bad = {**ADA, "email": "definitely not mail", "phone": "abc", "wechat": "?"}
    status, problem = api.post("/leads/", bad)
    assert (status, Contact.objects.count()) == (400, 0)
    assert problem["errors"] == {
        "email": ["is not an e-mail address"],
        "phone": ["is not a telephone number"],
        "wechat": ["is not a WeChat id"],
    }
    told = api.post("/leads/bulk/", [bad, good])[1]
    assert (told["done"], told["results"][0]["errors"]) == (1, problem["errors"])
    assert set(Identity.objects.values_list("kind", flat=True)) == {"email", "mobile"}
    assert holding(cast.service, "capture").post("/touches/", {"kind": "visit", "email": "nowhere"})[0] == 400


def test_bulk_refuses_only_the_row_that_cannot_be_stored(cast):
    api, nul = Api(cast.marketer), ["Text must not hold the character NUL."]
    rows = [
        {**ADA, "full_name": "A\x00da"},
        ADA,
        {**ADA, "attributes": {"a": ["\x00"]}},
        {**ADA, "\x00": 1},
        "\x00",
        {**ADA, "attributes": {"tax": 1e20}},
    ]
    status, told = api.post("/leads/bulk/", rows, idempotency_key="k")
    large = ["The number 1e+20 is too large to be kept to the last digit: send it as text."]
    assert (status, told["done"], told["failed"]) == (200, 1, 5)
    assert [result.get("errors") for result in told["results"]] == [
        {"full_name": nul}, None, {"attributes": nul}, {"": nul}, {"": nul}, {"attributes": large},
    ]  # fmt: skip
    call = {"kind": "call", "email": ADA["email"]}
    told = api.post("/touches/bulk/", [{**call, "note": "\x00"}, call])[1]
    assert [result.get("errors") for result in told["results"]] == [{"note": nul}, None]
    assert api.post("/leads/", rows[0])[0] == 400


def test_bulk_refuses_what_is_no_list_of_rows(cast):
    assert Api(cast.marketer).post("/leads/bulk/", {"rows": []})[0] == 400
    assert Api(cast.marketer).post("/leads/bulk/", [ADA] * 1001)[0] == 400


def test_a_lead_walks_to_ready_by_token(cast):
    api = holding(cast.marketer, "read", "write")
    pk = api.post("/leads/", ADA)[1]["id"]
    scoring.rescore([pk], timezone.now())
    status, row = api.post(f"/leads/{pk}/qualify/", {"reason": "knows them well"})
    assert (status, row["stage"]) == (200, "mql")
    status, problem = api.post(f"/leads/{pk}/ready/")
    assert (status, set(problem["errors"])) == (400, {"stage"})
    status, problem = api.post(f"/leads/{pk}/grade/", {"grade": "A"})
    assert (status, set(problem["errors"])) == (400, {"reason"})
    assert api.post(f"/leads/{pk}/grade/", {"grade": "A", "reason": "met at the fair"})[1]["grade"] == "A"
    assert Api(cast.rep).post(f"/leads/{pk}/grade/", {"grade": "B", "reason": "x"})[0] in (403, 404)
    codes = list(Question.objects.values_list("code", flat=True))
    status, row = api.post(f"/leads/{pk}/answers/", {"answers": dict.fromkeys(codes, "soon")})
    assert (status, row["answers"]) == (200, dict.fromkeys(codes, "soon"))
    status, row = api.post(f"/leads/{pk}/ready/")
    assert (status, row["stage"], row["grade"] != "") == (200, "ready", True)
    assert api.post(f"/leads/{pk}/answers/", {"answers": {"nonsense": "x"}})[0] == 400


def test_a_lead_is_set_aside_until_a_day(cast):
    api, lead = Api(cast.marketer), make.lead()
    until = (timezone.now() + timedelta(days=30)).replace(microsecond=0)
    status, row = api.post(f"/leads/{lead.pk}/nurture/", {"reason": "next year", "wake_at": until})
    assert (status, row["stage"], row["wake_at"]) == (200, "nurture", until.isoformat())
    over = {"reason": "next year", "wake_at": timezone.now() - timedelta(days=1)}
    for said in (over, {"reason": "some day"}):
        assert set(api.post(f"/leads/{make.lead().pk}/nurture/", said)[1]["errors"]) == {"wake_at"}


def test_a_lead_that_a_rep_captures_and_may_not_see_is_told_by_its_id(cast):
    status, told = Api(cast.rep).post("/leads/", {"full_name": "Found", "email": "found@x.example"})
    assert (status, told) == (201, {"id": Lead.objects.get().pk})


def test_a_touch_is_of_a_moment_within_reach(cast):
    lead, call = make.lead(owner=cast.rep), {"kind": "call", "reached": True}
    for at in ("9999-12-31T00:00:00Z", "0001-01-01T00:00:00Z"):
        status, problem = Api(cast.rep).post(f"/leads/{lead.pk}/touches/", {**call, "at": at})
        assert (status, set(problem["errors"])) == (400, {"at"})
        early = timezone.now()
        Api(cast.rep).post(f"/leads/{lead.pk}/touches/", {**call, "at": early + timedelta(days=400)})
        assert early <= Touch.objects.latest("pk").at <= timezone.now()
        came = {"full_name": "Eve", "email": "eve@x.example", "at": at}
        status, problem = Api(cast.marketer).post("/leads/", came)
        assert (status, set(problem["errors"])) == (400, {"at"})


def test_spam_is_set_aside_and_taken_back_by_whoever_works_at_the_desk(cast):
    api, lead = Api(cast.marketer), make.lead(owner=cast.rep)
    said = {"code": "spam", "reason": "a robot of links"}
    assert Api(cast.rep).post(f"/leads/{lead.pk}/disqualify/", said)[0] == 403
    assert api.post(f"/leads/{lead.pk}/disqualify/", said | {"code": "robots"})[0] == 400
    status, row = api.post(f"/leads/{lead.pk}/disqualify/", said)
    assert (status, row["stage"], set(row["lesson"])) == (
        200,
        "disqualified",
        {"drafts", "about", "not_learned"},
    )
    assert api.get("/leads/")[1]["results"] == []  # as in every figure
    assert api.get(f"/leads/{lead.pk}/")[1]["stage"] == "disqualified"
    assert api.post(f"/leads/{lead.pk}/take-back/", {})[1]["stage"] == "new"
    resting = make.lead()
    api.post(f"/leads/{resting.pk}/nurture/", {"reason": "later", "wake_at": "2099-01-01T00:00:00Z"})
    pooled = Lead.objects.filter(pk=resting.pk)
    pooled.update(pooled_at=make.NOON)
    assert api.post(f"/leads/{resting.pk}/disqualify/", said)[1]["pooled_at"] is None
    back = api.post(f"/leads/{resting.pk}/take-back/", {})[1]
    assert (back["stage"], pooled.get().pooled_at) == ("nurture", make.NOON)


def test_touches_are_logged_once_per_source(cast):
    api, who = Api(cast.marketer), make.contact(email="eve@example.com")
    body = {
        "email": "eve@example.com",
        "kind": "visit",
        "at": "2026-06-01T10:00:00Z",
        "source": "site",
        "external_id": "v1",
    }
    first = api.post("/touches/", body)
    assert first == api.post("/touches/", {**body, "note": "twice"})
    assert list(Touch.objects.values_list("contact", "kind", "note")) == [(who.pk, "visit", "twice")]
    status, problem = api.post("/touches/", {**body, "email": "nobody@example.com"})
    assert (status, set(problem["errors"])) == (400, {"contact"})


def test_a_touch_that_is_sent_again_without_its_time_keeps_it(cast):
    """A dialler's retry makes no first contact late."""
    one = accepted(ready(by=cast.marketer))
    body = {"contact": one.lead.contact_id, "kind": "call", "outbound": True, "external_id": "d1"}
    api = Api(one.rep)
    assert api.post("/touches/", body)[0] == 201
    touch = Touch.objects.get(external_id="d1")
    one.refresh_from_db()
    first = (touch.at, one.contacted_at, one.attempts)
    assert first[1] == touch.at
    Touch.objects.update(at=touch.at - timedelta(hours=1))
    assert api.post("/touches/", {**body, "note": "again"})[0] == 201
    touch.refresh_from_db()
    assert (touch.at, touch.note) == (first[0] - timedelta(hours=1), "again")


def test_nobody_logs_a_touch_of_people_they_do_not_see(cast):
    """Not by key, not by address, and not by the id of a touch that is somebody else's; the clock of a colleague runs on."""
    hidden, own = make.contact(email="eve@example.com"), make.contact(email="own@example.com")
    theirs = make.lead(contact=hidden, owner=cast.other_rep)
    handoff = Handoff.objects.create(
        lead=theirs,
        rep=cast.other_rep,
        agreement=Agreement.objects.first(),
        offered_at=make.NOON,
        accepted_at=make.NOON,
    )
    make.lead(contact=own, owner=cast.rep)
    make.touch(hidden, source="crm", external_id="t1")
    api, call = Api(cast.rep), {"kind": "call", "outbound": True, "reached": True}
    unknown = api.post("/touches/", {**call, "email": "nobody@example.com"})
    assert unknown == api.post("/touches/", {**call, "email": "eve@example.com"})
    assert unknown == api.post("/touches/", {**call, "contact": hidden.pk})
    taken = {**call, "contact": own.pk, "source": "crm", "external_id": "t1"}
    assert (unknown[0], api.post("/touches/", taken)[0]) == (400, 400)
    assert list(Touch.objects.values_list("contact", "kind")) == [(hidden.pk, "form")]
    handoff.refresh_from_db()
    assert handoff.contacted_at is None
    assert api.post("/touches/", {**call, "contact": own.pk})[0] == 201


@pytest.mark.parametrize("holder", ["service", "marketer"])
def test_a_website_adds_touches_changes_none_and_learns_of_nobody(cast, holder):
    """Known or not, new or stored, by address or by key: its token hears the same, alone and in bulk."""
    who, other = make.contact(email="eve@example.com"), make.contact(email="own@example.com")
    make.touch(other, source="crm", external_id="t1")
    site, body = holding(getattr(cast, holder), "capture"), {"kind": "visit", "source": "site"}
    rows = [
        {**body, "email": "eve@example.com", "external_id": "v1"},
        {**body, "email": "eve@example.com", "external_id": "v1", "note": "again"},
        {**body, "email": "new@example.com", "external_id": "v2"},
        {**body, "source": "crm", "external_id": "t1", "email": "eve@example.com"},
        {**body, "source": "crm", "external_id": "t1", "contact": other.pk},
        {**body, "contact": who.pk + 1_000},
    ]
    answers = [site.post("/touches/", row) for row in rows]
    assert answers[0][0] == 202
    assert (set(answers[0][1]), answers) == ({"detail"}, [answers[0]] * len(rows))
    status, told = site.post("/touches/bulk/", [*rows, {**body, "email": "eve@example.com"}, body])
    assert (status, told["done"], told["failed"]) == (200, 7, 1)
    assert told["results"][:7] == [{"index": index, "status": "done"} for index in range(7)]
    assert set(told["results"][7]["errors"]) == {"contact"}
    assert (site.post("/touches/", body)[0], site.get("/touches/")[0]) == (400, 403)
    assert sorted(Touch.objects.values_list("contact", "kind", "external_id", "note")) == sorted(
        [(other.pk, "form", "t1", ""), (who.pk, "visit", "v1", ""), (who.pk, "visit", "", "")]
    )


def test_who_sees_which_leads(cast):
    unowned, own, other = make.lead(), make.lead(owner=cast.rep), make.lead(owner=cast.other_rep)
    pooled = make.lead(pooled_at=make.NOON)
    seen = {
        name: {row["id"] for row in Api(user).get("/leads/")[1].get("results", [])}
        for name, user in cast.everybody().items()
    }
    everything = {lead.pk for lead in (unowned, own, other, pooled)}
    north, south = {own.pk, pooled.pk}, {other.pk, pooled.pk}
    assert seen == {
        **dict.fromkeys(("marketer", "marketing_head", "sales_head", "admin"), everything),
        **dict.fromkeys(("rep", "teammate", "manager"), north),
        **dict.fromkeys(("other_rep", "other_manager"), south),
        "finance": set(),
        "service": set(),
    }


def test_another_teams_lead_is_not_there(cast):
    lead = make.lead(owner=cast.other_rep)
    for method, path in (("get", ""), ("get", "why/"), ("post", "touches/"), ("post", "nurture/")):
        assert getattr(Api(cast.rep), method)(f"/leads/{lead.pk}/{path}")[0] == 404


@pytest.mark.parametrize("path,resource", [("/leads/", LeadResource), ("/touches/", TouchResource)])
def test_a_row_is_what_its_serializer_says_in_the_same_statements(cast, path, resource):
    def add():
        lead = make.lead(
            contact=make.contact(company=make.company()), campaign=make.campaign(), owner=cast.rep
        )
        make.touch(lead.contact)

    api, counts = Api(cast.admin), []
    api.get(path)  # what a process reads once every few seconds: organisation and scorecard
    for _ in range(2):
        add()
        with CaptureQueriesContext(connection) as queries:
            rows = api.get(path)[1]["results"]
        counts.append(len(queries))
        add()
    assert counts[0] == counts[1] <= 4
    things = resource.queryset.all()
    if resource is LeadResource:
        things = things.annotate(proposed_grade=scoring.proposed_grade(timezone.now()))
    said = {row["id"]: row for row in rows}
    assert len(said) >= 3
    for thing in things:
        if thing.pk in said:
            assert said[thing.pk] == orjson.loads(
                OrjsonRenderer().render(resource.serializer_class(thing).data)
            )


def test_why_lists_what_sums_to_the_score(cast):
    api = Api(cast.marketer)
    pk = api.post("/leads/", {**ADA, "job_title": "Head of plant"})[1]["id"]
    why = api.get(f"/leads/{pk}/why/")[1]
    assert sum(rule["points"] for rule in why["rules"]) == why["fit"] > 0
    assert sum(touch["points_now"] for touch in why["touches"]) == pytest.approx(why["engagement"])


@pytest.mark.parametrize(
    "query,expected",
    [
        ({"stage": "new"}, 2),
        ({"q": "byr"}, 1),
        ({"channel": "sem"}, 1),
        ({"captured_after": "2026-06-01T00:00:00Z", "captured_before": "2026-06-30T00:00:00Z"}, 1),
        ({"pool": "true"}, 0),
    ],
)
def test_filters(cast, query, expected):
    api = Api(cast.marketer)
    api.post("/leads/", ADA)
    make.lead()
    assert len(api.get("/leads/", **query)[1]["results"]) == expected


def test_whoever_sees_a_lead_logs_what_has_been_by_both_addresses(cast):
    handoff = accepted(ready(by=cast.marketer))
    lead, form = handoff.lead, {"kind": "form"}
    seeing = {name for name, user in cast.everybody().items() if lead in Lead.objects.visible_to(user)}
    logging = seeing - {"finance"}
    for path, said, more in (
        (f"/leads/{lead.pk}/touches/", form, set()),
        ("/touches/", {**form, "contact": lead.contact_id}, {"service"}),  # a machine logs for everybody
    ):
        told = {name: Api(user).post(path, said)[0] for name, user in cast.everybody().items()}
        assert {name for name, status in told.items() if status == 201} == logging | more
