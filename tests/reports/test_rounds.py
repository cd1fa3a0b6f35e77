"""Rounds of targets: proposed, signed by every side, changed by another round; what counts meanwhile."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts import organisation
from accounts.models import Organisation, User
from leads.signing import NotToSign
from reports import locks, periods
from reports.choice import axes, parse
from reports.forms import TargetsForm
from reports.models import Measure, Side, Target, TargetRound
from reports.rounds import deciding, reminding, showing, stamping
from reports.scorecard import saying
from reports.targets import matrix, promise
from reports.verify import targets as verify_targets
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.pages import queries

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
YEAR = date(2026, 1, 1)
QUARTER = periods.between(date(2026, 4, 1), date(2026, 6, 1))
WHOLE = periods.between(YEAR, date(2026, 12, 1))


@pytest.fixture(autouse=True)
def afresh():
    """What another test's organisation was."""
    Organisation.objects.update(level=2)
    organisation.forget()


def target(measure=Measure.WON, period=QUARTER):
    """What counts over both axes."""
    return matrix(measure, period, NOON.date(), 1).total.target


def set_to(cast, amount, period=QUARTER, measure=Measure.WON, place=(0, 0), **said):
    """Set a target as the head of sales does."""
    wish = None if amount is None else Decimal(amount)
    return promise(measure, period, {place: wish}, cast.sales_head, NOON, **said)


def proposed(cast):
    """The round in which all that is set is proposed."""
    return deciding.propose(YEAR, why="plan", asked_by="the owners", by=cast.sales_head, at=NOON)


def agree(cast, found):
    """Everybody signs; whether the last signature made it count."""
    heads = (cast.sales_head, cast.marketing_head, cast.finance)
    return [deciding.sign(found.pk, by=one, at=NOON) for one in heads][-1]


def test_what_is_set_counts_until_a_year_is_agreed_and_then_only_what_is_agreed(cast):
    set_to(cast, 300)
    with pytest.raises(NotToSign):
        deciding.propose(date(2027, 1, 1), why="w", asked_by="", by=cast.sales_head, at=NOON)
    first = proposed(cast)
    assert set_to(cast, 330, why="more")[0].pk == first.pk  # nobody has signed: the round that waits takes it
    assert target() == 300
    assert agree(cast, first)
    assert target() == 330
    (second,) = set_to(cast, 360, why="a new rep", asked_by="the board")
    assert (second.number, second.why, second.asked_by, target()) == (2, "a new rep", "the board", 330)
    assert deciding.sign(second.pk, by=cast.sales_head, at=NOON) is False
    assert target() == 330
    with pytest.raises(NotToSign):  # what somebody has signed stays as it is
        set_to(cast, 390)
    assert deciding.sign(second.pk, by=cast.marketing_head, at=NOON) is False
    assert deciding.sign(second.pk, by=cast.finance, at=NOON) is True
    assert target() == 360
    (change,) = showing.changes(second)
    assert (change["before"], change["wished"], change["months"]) == (330, 360, 3)
    assert target(period=WHOLE) == 360


def test_a_change_says_why_and_one_that_changes_nothing_is_none(cast):
    set_to(cast, 300)
    agree(cast, proposed(cast))
    with pytest.raises(NotToSign):
        set_to(cast, 330)
    assert set_to(cast, 300) == []
    assert TargetRound.objects.count() == 1
    set_to(cast, 330, why="more")
    assert TargetRound.objects.count() == 2
    assert set_to(cast, 300) == []  # back to what is agreed: there is nothing left to sign
    second = TargetRound.objects.get(number=2)
    assert (second.closed_at, second.closed_by) == (NOON, cast.sales_head)
    assert [(one["before"], one["wished"]) for one in showing.changes(second)] == [(300, 330)]
    (gone,) = set_to(cast, None, why="no more")
    agree(cast, gone)
    assert target() is None


def test_other_years_are_free_and_a_span_over_both_is_parted(cast):
    set_to(cast, 300)
    agree(cast, proposed(cast))
    both = periods.between(date(2026, 12, 1), date(2027, 1, 1))
    (waits,) = set_to(cast, 200, both, why="longer")
    assert waits.first == YEAR
    assert set(Target.objects.values_list("month", "amount").filter(month__gte=date(2026, 12, 1))) == {
        (date(2027, 1, 1), 100)
    }
    years = showing.standing(both, Measure.WON, matrix(Measure.WON, both, NOON.date(), 1))
    assert [(one.first, bool(one.agreed), bool(one.waiting)) for one in years.years] == [
        (YEAR, True, True), (date(2027, 1, 1), False, False),
    ]  # fmt: skip
    assert years.proposed == {(0, 0): 200}
    agree(cast, waits)
    assert target(period=both) == 200


def test_who_signs_and_who_takes_back(cast):
    set_to(cast, 300)
    found = proposed(cast)
    for user in (cast.admin, cast.marketer, cast.rep, cast.manager):
        assert deciding.open_to(user, found) == []
        with pytest.raises(NotToSign):
            deciding.sign(found.pk, by=user, at=NOON)
    deciding.sign(found.pk, by=cast.sales_head, at=NOON)
    with pytest.raises(NotToSign):
        deciding.sign(found.pk, by=cast.sales_head, at=NOON)
    deciding.take_back(found.pk, why="too much", by=cast.finance, at=NOON)
    for verb in (deciding.sign, lambda pk, **how: deciding.take_back(pk, why="again", **how)):
        with pytest.raises(NotToSign):
            verb(found.pk, by=cast.marketing_head, at=NOON)
    assert set_to(cast, 310) == []  # nothing is agreed or waits: what is set counts again
    assert target() == 310
    User.objects.filter(pk=cast.finance.pk).update(is_active=False)
    again = proposed(cast)
    assert (again.number, again.sides) == (2, [Side.MARKETING, Side.SALES])
    User.objects.filter(head_of="marketing").update(head_of="")
    assert deciding.open_to(cast.admin, again) == [Side.MARKETING]
    deciding.sign(again.pk, by=cast.admin, at=NOON)
    assert deciding.sign(again.pk, by=cast.sales_head, at=NOON) is True


def test_nobody_signs_what_was_added_after_they_read_it(client, cast):
    set_to(cast, 300)
    found = proposed(cast)
    one, api = f"{PAGE}{found.pk}/", f"/target-rounds/{found.pk}/"
    client.force_login(cast.finance)
    seen, read = client.get(one).context["seen"], Api(cast.finance).get(api)[1]["stamp"]
    assert seen == read == stamping.stamp(found)
    assert f'name="seen" value="{seen}"' in client.get(one).content.decode()
    promise(Measure.WON, QUARTER, {(0, 0): Decimal(360)}, cast.marketing_head, NOON, why="more")
    told = client.post(f"{one}sign/", {"seen": seen}, follow=True).content.decode()
    assert "Read these again, then sign: What it changes, Why." in told
    status, body = Api(cast.finance).post(f"{api}sign/", {"stamp": read})
    assert (status, "nothing is signed" in str(body)) == (409, True)
    assert not found.signatures.exists()
    assert client.post(f"{one}sign/", {"seen": client.get(one).context["seen"]}).status_code == 302
    assert found.signatures.get().user == cast.finance
    assert (
        Api(cast.marketing_head).post(f"{api}sign/", {})[0] == 200
    )  # whoever names no stamp signs it as it is
    assert client.get(one).context["seen"] == ""
    deciding.take_back(found.pk, why="no", by=cast.finance, at=NOON)
    assert Api(cast.finance).get(api)[1]["stamp"] == ""


def test_the_database_keeps_one_open_round_of_a_year(cast):
    set_to(cast, 300)
    proposed(cast)
    with pytest.raises(NotToSign):
        proposed(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        TargetRound.objects.create(first=YEAR, number=9, why="w", proposed_by=cast.admin, proposed_at=NOON)


def test_whatever_is_asked_and_signed_the_targets_are_those_of_the_rounds_in_turn(cast):
    """Recomputed: all that was agreed, written over one another in the order in which it was agreed."""
    north, smb = make.region(), make.segment()
    places = ((north.pk, smb.pk), (north.pk, 0), (0, 0))
    for number, place in enumerate(places):
        set_to(cast, 120 * (number + 1), WHOLE, place=place)
    agree(cast, proposed(cast))
    for number, (place, period) in enumerate([(places[0], QUARTER), (places[1], WHOLE), (places[0], WHOLE)]):
        (found,) = set_to(cast, 7 * (number + 1), period, place=place, why="w")
        if number != 1:
            agree(cast, found)
        else:
            deciding.take_back(found.pk, why="no", by=cast.marketing_head, at=NOON)
    held = {}
    for one in TargetRound.objects.filter(agreed_at__isnull=False).order_by("number"):
        for cell in one.cells.all():
            held[cell.month, cell.region_id, cell.segment_id] = cell.amount
    assert set(Target.objects.values_list("month", "region", "segment", "amount")) == {
        (*cell, amount) for cell, amount in held.items()
    }


PAGE = "/dashboard/targets/rounds/"
MATRIX = "/dashboard/targets/?from=2026-04&to=2026-06&measure=won"


def test_the_page_of_targets_says_how_they_stand_and_proposes_changes(client, cast):
    set_to(cast, 300)
    client.force_login(cast.sales_head)
    page = client.get(MATRIX).content.decode()
    assert "nobody has agreed on it" in page
    assert f"{PAGE}new/?year=2026-01" in page
    answer = client.post(f"{PAGE}new/?year=2026-01", {"why": "the plan", "asked_by": "the owners"})
    found = TargetRound.objects.get()
    assert answer.headers["Location"] == f"{PAGE}{found.pk}/"
    assert client.post(f"{PAGE}new/?year=2026-01", {"why": "again"}).status_code == 422
    assert client.get(f"{PAGE}new/?year=2026-02").status_code == 404
    page = client.get(MATRIX).content.decode()
    assert "they wait for head of marketing, head of sales" in page.replace(" and ", ", ")
    agree(cast, found)
    page = client.get(MATRIX).content.decode()
    assert "by Sales Head, Marketing Head" in page.replace(" and ", ", ")
    assert client.post(MATRIX, {"cell-0-0": "360", "initial-cell-0-0": "300"}).status_code == 422
    sent = {"cell-0-0": "360", "initial-cell-0-0": "300", "why": "a new rep"}
    assert client.post(MATRIX, sent).status_code == 302
    assert target() == 300
    page = client.get(MATRIX).content.decode()
    assert "proposed €360, €300 counts" in page
    assert 'value="360"' in page
    second = TargetRound.objects.get(number=2)
    shown = client.get(f"{PAGE}{second.pk}/")
    (row,) = shown.context["table"].rows
    assert (row["before"], row["wished"], row["more"], row["share"]) == ("€300", "€360", "+€60", "+20%")
    assert client.get(row["href"]).status_code == 200
    assert "a new rep" in client.get(PAGE).content.decode()


def test_where_a_round_is_opened_meanwhile_the_form_asks_why_and_keeps_what_was_typed(cast):
    known = axes({})
    choice = parse({"from": "2026-04", "to": "2026-06"}, known, NOON)
    form = TargetsForm(known, choice, {"cell-0-0": "360", "initial-cell-0-0": "300"})
    assert form.is_valid()
    assert form.reasons == []
    form.refuse("Say why.")
    assert [field.name for field in form.reasons] == ["why", "asked_by"]
    assert (form.errors["why"], form["cell-0-0"].value()) == (["Say why."], "360")


def test_pages_sign_and_take_back_for_those_who_may(client, cast):
    set_to(cast, 300)
    found = proposed(cast)
    one = f"{PAGE}{found.pk}/"
    client.force_login(cast.finance)
    assert f"{one}sign/" in client.get(one).content.decode()
    assert client.post(f"{one}sign/").status_code == 302
    assert f"{one}sign/" not in client.get(one).content.decode()
    assert client.post(f"{one}take-back/", {"why": ""}).status_code == 422
    client.force_login(cast.marketing_head)
    assert client.post(f"{one}take-back/", {"why": "too much"}).status_code == 302
    assert "too much" in client.get(one).content.decode()
    for user, status in ((cast.marketer, 200), (cast.manager, 200), (cast.rep, 403), (cast.service, 403)):
        client.force_login(user)
        assert [client.get(url).status_code for url in (PAGE, one)] == [status] * 2
        assert client.get(f"{PAGE}new/").status_code == 403
        assert client.post(f"{one}sign/").status_code == 403
    client.force_login(cast.admin)
    again = proposed(cast)
    two = f"{PAGE}{again.pk}/"
    counted = queries(client, PAGE), queries(client, two)
    for name in ("south", "west"):
        set_to(cast, 60, place=(make.region(name).pk, 0), why="more")
    organisation.current()
    assert counted == (queries(client, PAGE), queries(client, two))


def test_who_has_to_sign_is_told(client, cast):
    set_to(cast, 300)
    found = deciding.propose(locks.year_of(NOON.date()), why="w", asked_by="", by=cast.admin, at=NOON)
    told = {name: len(list(reminding.needs(user, NOON))) for name, user in cast.everybody().items()}
    assert {name for name, count in told.items() if count} == {"marketing_head", "sales_head", "finance"}
    client.force_login(cast.sales_head)
    (row,) = client.get("/exceptions/?kind=rounds").context["table"].rows
    assert client.get(row["action_href"]).status_code == 200
    deciding.sign(found.pk, by=cast.sales_head, at=NOON)
    assert client.get("/exceptions/?kind=rounds").context["table"].rows == []
    client.force_login(cast.marketing_head)
    assert "wait for your signature" in client.get("/today/").content.decode()


def test_finance_is_told_on_its_first_page(client, cast):
    set_to(cast, 300)
    found = deciding.propose(locks.year_of(NOON.date()), why="w", asked_by="", by=cast.admin, at=NOON)
    month = saying.asked_month(timezone.now().date())
    saying.say(month, 4, "fine", by=cast.sales_head, at=timezone.now())
    client.force_login(cast.finance)
    page = client.get("/", follow=True)
    told = page.context["waits"]()
    assert [need.href for need in told] == [f"{PAGE}{found.pk}/", "/dashboard/scorecard/#word"]
    for need in told:
        assert need.what in page.content.decode()
        assert client.get(need.href).status_code == 200
    part = client.get("/dashboard/", headers={"HX-Request": "true", "HX-Target": "board"})
    assert told[0].what not in part.content.decode()
    deciding.sign(found.pk, by=cast.finance, at=NOON)
    saying.say(month, 4, "fine", by=cast.finance, at=timezone.now())
    assert "Needs you" not in client.get("/dashboard/").content.decode()
    for user in (cast.manager, cast.marketing_head, cast.admin):  # Today and My day tell them
        client.force_login(user)
        assert client.get("/dashboard/").context["waits"] is None


def test_rounds_in_the_api(cast):
    set_to(cast, 300)
    head, url = Api(cast.sales_head), "/target-rounds/"
    status, made = head.post(url, {"first": "2026-01", "why": "the plan"})
    assert (status, made["missing"], made["number"]) == (201, ["marketing", "sales", "finance"], 1)
    assert head.post(url, {"first": "2026-01", "why": "again"})[0] == 409
    assert head.post(url, {"first": "2026-02", "why": "no year"})[0] == 400
    for user in (cast.sales_head, cast.marketing_head, cast.finance):
        status, made = Api(user).post(f"{url}{made['id']}/sign/", {})
        assert status == 200
    assert made["agreed_at"]
    assert head.post(f"{url}{made['id']}/sign/", {})[0] == 409
    wish = {
        "measure": "won",
        "first": "2026-04",
        "last": "2026-06",
        "cells": [{"region": 0, "segment": 0, "amount": "360"}],
    }
    put = lambda **more: head._send(head.client.put, "/reports/targets/", wish | more, {})  # noqa: E731
    assert put()[0] == 409
    status, body = put(why="a new rep")
    (year,) = body["years"]
    assert (status, body["total"]["target"], year["agreed"]) == (200, "300", made["id"])
    _status, changed = head.get(f"{url}{year['waiting']}/changes/")
    assert changed == [
        {"measure": "won", "region": 0, "segment": 0, "first": "2026-04-01", "last": "2026-06-01", "months": 3,
         "before": "300", "amount": "360"}
    ]  # fmt: skip
    assert head.post(f"{url}{year['waiting']}/take-back/", {})[0] == 400
    assert head.post(f"{url}{year['waiting']}/take-back/", {"why": "no"})[1]["closed_why"] == "no"
    assert Api(cast.marketer).post(url, {"first": "2026-01", "why": "w"})[0] == 403
    assert Api(cast.marketer).get(url)[0] == 200
    assert Api(cast.rep).get(url)[0] == 403


def test_verify_names_what_counts_and_was_not_agreed(cast):
    set_to(cast, 300)
    agree(cast, proposed(cast))
    with connection.cursor() as cursor:
        assert list(verify_targets.differences(cursor)) == []
        Target.objects.filter(month=date(2026, 5, 1)).update(amount=7)
        (found,) = verify_targets.differences(cursor)
    assert (found.stored, found.source) == ("7.0000", "100.0000")
