"""The grade of a deal: of the lead that led to it, as accepted and now, on the list, the board, the page and in the API."""

import pytest

from leads import deal_grades
from leads.models import Agreement, Handoff, Lead
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.pages import same_queries

pytestmark = pytest.mark.django_db


def led(cast, grade, accepted=None, **fields):
    """A deal to which a lead of this grade led, which was accepted with another."""
    deal = make.deal(owner=cast.rep, **fields)
    lead = make.lead(owner=cast.rep, deal=deal, grade=grade, stage="deal")
    if accepted is not None:
        Handoff.objects.create(
            lead=lead,
            rep=cast.rep,
            kind="new",
            grade=accepted,
            offered_at=NOON,
            accepted_at=NOON,
            agreement=Agreement.objects.get(),
        )
    return deal


def test_the_first_leads_grade_as_accepted_and_now(cast):
    both, bare = led(cast, "A", "B"), led(cast, "C")
    make.lead(deal=both, grade="D", stage="deal")
    proposed = led(cast, "", "B")  # nobody set one: the machine's proposal
    renewal = make.deal(owner=cast.rep, kind="renewal")
    ids = [one.pk for one in (both, bare, proposed, renewal)]
    found = deal_grades.of(ids, NOON)
    assert {pk: (one.accepted, one.now) for pk, one in found.items()} == {
        both.pk: ("B", "A"), bare.pk: ("", "C"), proposed.pk: ("B", "D"),
    }  # fmt: skip
    assert deal_grades.is_customers("renewal", found.get(renewal.pk))
    Lead.objects.filter(deal=bare).update(merged_into=Lead.objects.get(deal=proposed))
    assert set(deal_grades.of(ids, NOON)) == {both.pk, proposed.pk}


def test_list_board_page_and_api_show_it(client, cast):
    deal, other = led(cast, "A", "B", name="First"), led(cast, "C", name="Second")
    renewal = make.deal(owner=cast.rep, kind="renewal", name="Third")
    client.force_login(cast.rep)
    page = client.get(f"/deals/{deal.pk}/").content.decode()
    assert "when accepted" in page
    assert "when accepted" not in client.get(f"/deals/{other.pk}/").content.decode()
    assert "Customer" in client.get(f"/deals/{renewal.pk}/").content.decode()
    for path in ("/deals/", "/deals/board/"):
        shown = client.get(path).content.decode()
        assert all(words in shown for words in ("grade-a", "grade-c", "Customer")), path
    narrowed = client.get("/deals/?grade=A").content.decode()
    assert ("First" in narrowed, "Second" in narrowed, "Third" in narrowed) == (True, False, False)
    api = Api(cast.rep)
    rows = api.get("/deals/")[1]["results"]
    assert {row["id"]: (row["grade"], row["grade_accepted"]) for row in rows} == {
        deal.pk: ("A", "B"), other.pk: ("C", None), renewal.pk: (None, None),
    }  # fmt: skip
    assert [row["id"] for row in api.get("/deals/", grade="C")[1]["results"]] == [other.pk]
    assert api.get(f"/deals/{deal.pk}/")[1]["grade"] == "A"


def test_lists_cost_the_same_however_many(client, cast):
    client.force_login(cast.rep)
    same_queries(client, "/deals/", lambda: led(cast, "A", "B"))
