"""The words of the funnel: what deal stages mean is kept with the version that was signed, and a rename shows as strayed."""

import pytest

from leads import beside, drafting
from leads.models import Agreement
from pipeline.models import DealStage
from tests import cast as make  # noqa: F401
from tests.api import Api
from tests.pages import queries

pytestmark = pytest.mark.django_db


def test_the_page_tells_every_stage_whose_it_is_and_its_gate(client, cast):
    DealStage.objects.filter(code="proposal").update(asks=["lines"], definition="An <b>offer</b> is out")
    for who in ("marketer", "rep", "finance"):
        client.force_login(getattr(cast, who))
        page = client.get("/agreement/words/").content.decode()
        for words in (
            "A rep has accepted it", "the agreed questions are answered and the grade is set", "Discovery",
            "An &lt;b&gt;offer&lt;/b&gt; is out", "the deal has product lines",
        ):  # fmt: skip
            assert words in page, words
    assert "/agreement/words/" in client.get("/agreement/").content.decode()
    assert queries(client, "/agreement/words/") <= 12
    client.force_login(cast.service)
    assert client.get("/agreement/words/").status_code == 403


def test_a_rename_strays_from_what_was_signed_until_it_is_signed_again(client, cast):
    version = Agreement.objects.get()
    assert [one["code"] for one in version.stages][:2] == ["qualify", "discovery"]
    client.force_login(cast.marketer)
    assert "Set-up says otherwise" not in client.get("/agreement/words/").content.decode()
    DealStage.objects.filter(code="discovery").update(name="Diagnosis")
    (strayed,) = beside.strayed(beside.of(version), beside.as_now())
    assert (strayed.name, strayed.signed, strayed.now) == (
        "Discovery",
        "“Discovery”, We know the need, who decides, and by when.",
        "“Diagnosis”, We know the need, who decides, and by when.",
    )
    assert "“Diagnosis”, We know" in client.get("/agreement/words/").content.decode()
    (row,) = Api(cast.marketer).get("/agreements/")[1]["results"]
    assert [one["now"] for one in row["strayed"]] == [strayed.now]
    draft = drafting.blank()
    draft.save()
    for head in (cast.marketing_head, cast.sales_head):
        drafting.sign(draft, by=head, at=version.created_at, seen=drafting.stamp(draft))
    draft.refresh_from_db()
    assert {one["name"] for one in draft.stages} >= {"Diagnosis"}
    assert beside.strayed(beside.of(draft), beside.as_now()) == []


def test_a_version_signed_before_stages_were_kept_does_not_stray(cast):
    Agreement.objects.update(stages=None)
    DealStage.objects.filter(code="discovery").update(name="Diagnosis")
    assert beside.strayed(beside.of(Agreement.objects.get()), beside.as_now()) == []


def test_what_a_stage_means_is_edited_by_page_and_api(cast):
    stage = DealStage.objects.get(code="discovery")
    api = Api(cast.admin)
    assert (
        api.patch(f"/stages/{stage.pk}/", {"definition": "We know it all"})[1]["definition"]
        == "We know it all"
    )
    won = DealStage.objects.get(outcome="won")
    assert api.patch(f"/stages/{won.pk}/", {"definition": "Paid"})[0] == 200
