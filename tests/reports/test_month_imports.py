"""What an import brought into a closed month, or changed there, is told of whoever imported it, then."""

from datetime import date

import pytest

from accounts import organisation
from leads.models import ImportRun
from pipeline.models import Deal
from reports.choice import axes, parse
from reports.months import closing
from reports.months.changes import changes
from reports.months.official import books
from reports.rollups import roll_all
from tests import cast as make
from tests.cast import NOON
from tests.leads.importing.running import load
from tests.reports.attribution.test_credits import win

pytestmark = pytest.mark.django_db
MAY = date(2026, 5, 1)
DEALS = {
    "kind": "deals",
    "source": "crm",
    "mode": "history",
    "formats": ["%Y-%m-%d"],
    "columns": {"id": "external_id", "name": "name", "stage": "stage", "opened": "opened_at", "closed": "closed_at", "sum": "amount"},
}  # fmt: skip
LEADS = {
    "kind": "leads",
    "source": "crm",
    "mode": "history",
    "formats": ["%Y-%m-%d"],
    "columns": {"id": "external_id", "name": "full_name", "on": "captured_at"},
}


@pytest.fixture(autouse=True)
def house(settings, tmp_path):
    """A house of its own, and a place for its files."""
    settings.MEDIA_ROOT = tmp_path / "media"
    organisation.forget()


def told():
    """{(measure, name): (what, who, when)} of what has changed in May since its close."""
    shut = books(parse({"period": "all"}, axes({}), NOON)).shut[MAY]
    return {(one.measure, one.name): (one.what, one.who, one.at) for one in changes(shut).rows}


def test_deals_and_leads_that_an_import_brought_are_the_importers(cast, tmp_path):
    make.touch(contact := make.contact(), NOON.replace(month=4))
    win("50", [contact], signed_on=MAY)
    Deal.objects.update(source="crm", external_id="old", name="Old")
    closing.close(MAY, cast.finance, NOON)
    files = {
        "deals": (DEALS, "id,name,stage,opened,closed,sum\nnew,New,Won,2026-04-02,2026-05-09,88\nold,Old,Won,2026-04-02,2026-05-01,60\n"),
        "leads": (LEADS, "id,name,on\nL1,Ida,2026-05-20\n"),
    }  # fmt: skip
    for name, (mapping, text) in files.items():
        path = tmp_path / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        load(path, mapping, by=cast.marketer)
    roll_all()
    found = told()
    runs = {run.kind: run.created_at for run in ImportRun.objects.all()}
    assert found.pop(("leads", "Ida")) == ("came", "Marketer", runs["leads"])
    assert {key: value[:2] for key, value in found.items()} == {
        ("won", "New"): ("came", "Marketer"),
        ("credit", "New"): ("came", "Marketer"),
        ("won", "Old"): ("changed", "Marketer"),
        ("credit", "Old"): ("changed", "Marketer"),
    }
    assert {at.date() for _what, _who, at in found.values()} == {runs["deals"].date()}
    Deal.objects.filter(external_id="new").update(amount=1, base_amount=1)  # by a hand that nobody knows
    roll_all()
    assert told()["won", "New"][1] == "Marketer"
