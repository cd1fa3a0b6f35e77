"""Products with their price, and their unit cost from a day on."""

from django.utils.text import slugify

from leads.importing import upserts
from leads.importing.kinds.campaigns import free
from leads.importing.work import STAGE
from pipeline.models import Product

TYPES = {
    "external_id": "text", "code": "text", "name": "text", "family": "text", "list_price": "numeric(18,4)",
    "floor_price": "numeric(18,4)", "currency": "text", "active": "boolean", "unit_cost": "numeric(18,4)", "cost_since": "date",
    "row_id": "bigint", "fresh": "boolean",
}  # fmt: skip
COLUMNS = {
    "name": "NULL", "family": "''", "list_price": "NULL", "floor_price": "NULL", "currency": "NULL", "active": "true",
}  # fmt: skip
