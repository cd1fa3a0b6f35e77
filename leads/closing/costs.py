"""What a won deal costs: the unit costs of the day of signature, copied to its lines until it is opened again."""

from django.apps import apps
from django.db import connection
from django.db.models import DecimalField, ExpressionWrapper, F, Sum

from accounts import organisation
from pipeline.models import Outcome
from pipeline.money import base_sql

# A row: a line with the unit cost in force on the day, in the report currency; null where none is known.
COPY = f"""
UPDATE pipeline_dealline line SET unit_cost = priced.cost
FROM (
  SELECT own.id, {base_sql("cost.unit_cost", "product.currency", "%s::date")} AS cost
  FROM pipeline_dealline own
  JOIN pipeline_product product ON product.id = own.product_id
  LEFT JOIN LATERAL (
    SELECT unit_cost FROM pipeline_productcost
    WHERE product_id = own.product_id AND since <= %s ORDER BY since DESC LIMIT 1
  ) cost ON true
  WHERE own.deal_id = %s
) priced
WHERE line.id = priced.id
"""


def copied(deal):
    """Copy the unit costs of signed_on to the deal's lines, in the report currency; the deal's cost from them.

    None where a line's cost is not known; what the deal has already where it has no lines.
    """
    lines = deal.lines.all()
    if not lines:
        return deal.cost
    with connection.cursor() as cursor:
        cursor.execute(COPY, [organisation.current().currency, deal.signed_on, deal.signed_on, deal.pk])
    if lines.filter(unit_cost=None).exists():
        return None
    cost = ExpressionWrapper(F("quantity") * F("unit_cost"), DecimalField(max_digits=24, decimal_places=4))
    return lines.aggregate(cost=Sum(cost))["cost"]


def given_back(deal):
    """Empty the unit costs that the win copied; the deal's cost as it stood while open.

    What the deal has already where it has no lines: no win has copied any.
    """
    if not deal.lines.update(unit_cost=None):
        return deal.cost
    told = apps.get_model("pipeline", "DealEvent").objects.filter(pgh_obj=deal, outcome=Outcome.OPEN)
    return told.order_by("-pgh_id").values_list("cost", flat=True).first()
