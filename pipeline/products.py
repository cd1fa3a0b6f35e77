"""Products: what a unit of each costs on a day, and how far their price may and does come down."""

from datetime import timedelta

from django.db.models import Avg, DecimalField, ExpressionWrapper, F, OuterRef, Subquery
from django.db.models.functions import NullIf, Round

from pipeline.models import DealLine, ProductCost

RATIO = DecimalField(max_digits=12, decimal_places=6)
LOOK_BACK = timedelta(days=365)


def with_cost(products, on):
    """The queryset with `unit_cost` on the day `on`, in the product's currency; null where none is known."""
    costs = ProductCost.objects.filter(product=OuterRef("pk"), since__lte=on).order_by("-since")
    return products.annotate(unit_cost=Subquery(costs.values("unit_cost")[:1]))


def with_discounts(products, on):
    """The queryset with `largest_discount` and `usual_discount`, as ratios; null where they cannot be told.

    The largest is what the lowest price leaves of the list price; the usual one is the mean over the lines of the deals
    won in the year before the day `on`.
    """
    lines = DealLine.objects.filter(
        product=OuterRef("pk"),
        deal__outcome="won",
        deal__signed_on__gt=on - LOOK_BACK,
        deal__signed_on__lte=on,
    )
    usual = lines.order_by().values("product").annotate(mean=Avg("discount")).values("mean")
    return products.annotate(
        largest_discount=Round(
            ExpressionWrapper(
                (F("list_price") - F("floor_price")) / NullIf(F("list_price"), 0, output_field=RATIO),
                output_field=RATIO,
            ),
            precision=6,
        ),
        usual_discount=Round(
            ExpressionWrapper(Subquery(usual, output_field=RATIO) / 100, output_field=RATIO), precision=6
        ),
    )
