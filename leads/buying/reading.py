"""The facts about companies, or persons, that tell where they stand: all of a page in one statement."""

from datetime import timedelta
from pathlib import Path

from django.db import connection

from accounts import organisation
from leads import grading
from leads.buying.definition import SOON, TALKING, WITH_US, YEAR, Facts
from leads.closing.renewing import TAKEN_BACK
from leads.models import Grade
from pipeline.cancellations import IN_FULL

STANDING = (Path(__file__).parent.parent / "sql" / "standing.sql").read_text()
OF_COMPANIES = STANDING.format(
    table="pipeline_company",
    owner="(SELECT u.full_name FROM accounts_user u WHERE u.id = one.sales_owner_id)",
    deals="d.company_id = one.id",
    people="c.company_id = one.id",
    claims="r.customer_id = one.id",
    cancelled=IN_FULL,
)
# Whatever goes on at their companies; nobody owns a person, and no dealer registers one.
OF_PERSONS = STANDING.format(
    table="pipeline_contact",
    owner="''",
    deals="d.id IN (SELECT dc.deal_id FROM pipeline_dealcontact dc WHERE dc.contact_id = one.id)",
    people="c.id = one.id",
    claims="false",
    cancelled=IN_FULL,
)


def facts(statement, ids, at) -> list[Facts]:
    """The Facts of OF_COMPANIES or OF_PERSONS with these ids."""
    scales = grading.current(at)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"ids": list(ids), **_moments(at), **_words(scales)})
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [Facts(at=at, hand=_hot(row.pop("hands") or [], scales), **row) for row in rows]


def _moments(at):
    today, house = organisation.today(at), organisation.current()
    return {
        "at": at,
        "lately": at - SOON,
        "today": today,
        "soon_from": today - SOON,
        "soon_until": today + SOON,
        "year_ago": today - YEAR,
        "renewing": today + timedelta(days=house.renewal_days),
    }


def _words(scales):
    return {
        "taken_back": TAKEN_BACK,
        "talking": [stage.value for stage in TALKING],
        "with_us": [stage.value for stage in WITH_US],
        "models": [one.model.pk for one in scales.gradings],
        "one_model": scales.is_one,
    }


def _hot(hands, scales):
    """The first of the raised hands that is of grade A: the desk's grade, else the one that its score proposes now."""
    return next((hand for hand in hands if _grade(hand, scales) == Grade.A), None)


def _grade(hand, scales):
    if hand["grade"] or not hand["score"]:
        return hand["grade"]
    model, fit, heat = hand["score"]
    return scales.of(model).proposal(fit, heat).grade
