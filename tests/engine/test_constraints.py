"""What the database refuses is said by the field, in words."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from engine.constraints import Breach, breach
from engine.problems import exception_handler
from pipeline.models import Campaign, Company, Spend
from tests import cast as make


def refused(work):
    """The IntegrityError that a change ends in."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        work()
        connection.check_constraints()
    return caught.value


def test_a_breach_names_the_fields_and_says_why(db):
    one, two = make.campaign(), make.campaign()
    campaigns = Campaign.objects.filter(pk=one.pk)
    backwards = {"starts_on": date(2026, 2, 2), "ends_on": date(2026, 2, 1)}
    spend = {
        "month": date(2026, 5, 1),
        "on": date(2026, 5, 9),
        "amount": 1,
        "base_amount": 1,
        "campaign_id": 0,
    }
    assert breach(refused(lambda: campaigns.update(name=None))) == Breach(("name",), "This is missing.")
    assert breach(refused(lambda: campaigns.update(**backwards))) == Breach(
        ("ends_on", "starts_on"), "The last day is before the first day."
    )
    assert breach(refused(lambda: Spend.objects.create(**spend))) == Breach(
        ("campaign",), "There is no such record."
    )
    staff = refused(lambda: Company.objects.create(name="A", key="a", employees=-1))
    assert breach(staff) == Breach(("employees",), "This value is not possible here.")
    taken = refused(lambda: campaigns.update(code=two.code))
    assert breach(taken) == Breach(("code",), "Another record has this already.", others=True)
    assert breach(IntegrityError("x")) is None
    answers = [exception_handler(error, {}).data for error in (staff, taken)]
    assert [(one["status"], one.get("errors")) for one in answers] == [
        (400, {"employees": ["This value is not possible here."]}), (409, None),
    ]  # fmt: skip
