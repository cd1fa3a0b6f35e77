"""What a return corrects: a lead of the wrong region or product names the right one, and is routed by that."""

from django.utils.translation import gettext as _

from accounts.models import Region
from leads.models import Destination
from pipeline.models import Product

ASKS = {"wrong_region": "region", "wrong_product": "product"}


def asked(reason):
    """The field of a lead that this reason says is wrong, "region" or "product"; empty where it says no such thing."""
    return ASKS.get(reason.code, "") if reason.destination == Destination.ROUTE else ""


def missing(lead, reason, given):
    """{field: what to tell} where the reason asks for what `given` ({field: Region, Product or None}) does not say.

    Nothing where there is no other region or product to choose.
    """
    name = asked(reason)
    if not name:
        return {}
    now, right = _now(lead, name), given.get(name)
    if right is None:
        others = Region.objects.all() if name == "region" else Product.objects.filter(active=True)
        return {name: _which(name)} if others.exclude(pk=now).exists() else {}
    return {name: _("That is what it says now: name the right one.")} if right.pk == now else {}


def _which(name):
    if name == "region":
        return _(
            "Which region is it? The lead is routed by that. If you do not know, return it as “bad data”."
        )
    return _("Which product is it? The lead is routed by that. If you do not know, return it as “bad data”.")


def _now(lead, name):
    """What routing goes by now: the lead's own, else its contact's or company's region."""
    if name == "product":
        return lead.product_id
    company = lead.contact.company
    return lead.region_id or lead.contact.region_id or (company.region_id if company else None)
