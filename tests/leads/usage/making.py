"""Short ways to make what stands at customers."""

from itertools import count

from pipeline.models import Product, Reading, Unit
from tests.cast import company

_numbers = count(1)


def product(**fields):
    number = next(_numbers)
    return Product.objects.create(
        **{"code": f"press-{number}", "name": f"Press {number}", "usage_unit": "hours", **fields}
    )


def unit(**fields):
    """A unit of a product of its own at a company of its own, unless told otherwise."""
    number = next(_numbers)
    known = {
        name: fields.pop(name, None) or make() for name, make in (("product", product), ("company", company))
    }
    return Unit.objects.create(serial=fields.pop("serial", f"SN-{number}"), **known, **fields)


def read(one, days, usage=1, errors=0, **fields):
    """A reading of each of the days."""
    Reading.objects.bulk_create(
        Reading(
            unit=one,
            day=day,
            usage=usage,
            errors=errors,
            source="scada",
            external_id=f"{one.pk}/{day}",
            **fields,
        )
        for day in days
    )
