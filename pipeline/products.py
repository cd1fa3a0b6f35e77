"""Products and what a unit of each costs on a day."""

from django.db.models import OuterRef, Subquery

from pipeline.models import ProductCost


def with_cost(products, on):
    """The queryset with `unit_cost` on the day `on`, in the product's currency; null where none is known."""
    costs = ProductCost.objects.filter(product=OuterRef("pk"), since__lte=on).order_by("-since")
    return products.annotate(unit_cost=Subquery(costs.values("unit_cost")[:1]))
