"""What the conditions of a living audience may say, and the leads whose people meet them now.

Conditions are a dict of lists of codes and of numbers; what is missing or empty asks nothing, and whoever belongs
meets all that is asked. `own` holds conditions in the words of score rules (`leads.fields`).
"""

import re
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from accounts.models import Region, Segment
from leads import audiences, fields, grading
from leads.models import Grade, Lead, ScoreRule, Touch, TouchKind, UsageKind, UsageSign
from leads.models.score import Operator
from leads.scoring import rules
from pipeline.channels import Channel
from pipeline.models import Campaign, Deal, Product
from pipeline.stages import Stage

CUSTOMERS = ("customers", "others")
MOST_DAYS = 3650
MOST_OWN = 10
CHOICES = {
    "stages": Stage.values,
    "grades": Grade.values,
    "channels": Channel.values,
    "touch_kinds": TouchKind.values,
    "usage": UsageKind.values,
}
CODES: dict[str, Any] = {
    "campaigns": Campaign,
    "products": Product,
    "segments": Segment,
    "regions": Region,
    "touch_campaigns": Campaign,
    "touch_products": Product,
}
DAYS = ("captured_days", "touch_days")
TOUCHED = ("touch_kinds", "touch_campaigns", "touch_products")
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def cleaned(given):
    """The conditions without what asks nothing. Raises ValueError with what is wrong with them."""
    if not isinstance(given, dict):
        raise ValueError(_("Conditions are an object, such as {“stages”: [“mql”]}."))
    known = {*CHOICES, *CODES, *DAYS, "engagement", "customers", "own"}
    if strange := sorted(map(str, set(given) - known)):
        told = {"field": strange[0], "known": ", ".join(sorted(known))}
        raise ValueError(_("There is no field “%(field)s”. There are: %(known)s.") % told)
    asked = {name: value for name, value in given.items() if value not in (None, "", [], 0)}
    for name, value in asked.items():
        _judge(name, value)
    if asked.keys() & set(TOUCHED) and "touch_days" not in asked:
        raise ValueError(_("Say within how many days they did it."))
    return asked


def askable(kept):
    """Conditions that were kept, as they can be asked today: what names a thing that is gone by now is met by nobody."""
    try:
        return cleaned(kept)
    except ValueError:
        return {"own": [{"field": "", "operator": "known"}]}


def _judge(name, value):
    """Raises ValueError unless the value is one that this condition can have."""
    if name in CHOICES or name in CODES:
        _judge_codes(name, value)
    elif name in DAYS or name == "engagement":
        number = not isinstance(value, bool) and isinstance(value, int if name in DAYS else (int, float))
        if not number or not 0 < value <= MOST_DAYS:
            raise ValueError(_("“%(value)s” is not a number that fits here.") % {"value": value})
    elif name == "customers" and value not in CUSTOMERS:
        raise ValueError(_("There is no “%(value)s” here.") % {"value": value})
    elif name == "own":
        _judge_own(value)


def _judge_codes(name, value):
    if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
        raise ValueError(_("“%(name)s” is a list of codes.") % {"name": name})
    there = CHOICES.get(name) or set(
        CODES[name].objects.filter(code__in=value).values_list("code", flat=True)
    )
    if lost := sorted(set(value) - set(there)):
        raise ValueError(_("There is no “%(value)s” here.") % {"value": lost[0]})


def _judge_own(value):
    if not isinstance(value, list) or len(value) > MOST_OWN:
        raise ValueError(_("There may be %(most)s conditions of your own.") % {"most": MOST_OWN})
    for one in value:
        if not isinstance(one, dict) or set(one) - {"field", "operator", "value"}:
            raise ValueError(_("A condition has a field, an operator and a value."))
        if one.get("operator") not in Operator.values:
            raise ValueError(_("There is no “%(value)s” here.") % {"value": one.get("operator")})
        rules.condition(_rule(one), fields.Bound())


def _rule(one):
    return ScoreRule(field=str(one.get("field", "")), operator=one["operator"], value=one.get("value"))


def members(conditions, at):
    """The latest pass of everybody who meets the conditions at the moment `at`, as graded leads.

    A person is asked about once, by the pass they are in now or were in last; merged people, tests and spam belong nowhere.
    """
    passes = Lead.objects.counted()
    later = passes.filter(contact=OuterRef("contact"), cycle__gt=OuterRef("cycle"))
    found = grading.graded(passes.filter(contact__merged_into=None), at, cell=False).filter(~Exists(later))
    for name in conditions:
        if name in NARROW:
            found = found.filter(NARROW[name](conditions, at))
    return found


def _grades(conditions, at):
    wanted = Q(pk__in=[])
    for grade in conditions["grades"]:
        wanted |= grading.graded_as(grade, at)
    return wanted


def _segments(conditions, at):
    codes = conditions["segments"]
    return Q(segment__code__in=codes) | Q(segment=None, contact__company__segment__code__in=codes)


def _regions(conditions, at):
    """With all that is part of them; of the lead, else of the person, else of the company."""
    chosen = Region.objects.filter(code__in=conditions["regions"]).values_list("pk", flat=True)
    ids = {part for region in chosen for part in audiences.under(region)}
    of_person = Q(region=None, contact__region__in=ids)
    return (
        Q(region__in=ids) | of_person | Q(region=None, contact__region=None, contact__company__region__in=ids)
    )


def _customers(conditions, at):
    bought = Exists(Deal.objects.won().filter(company=OuterRef("contact__company")))
    return Q(bought) if conditions["customers"] == "customers" else ~Q(bought)


def _usage(conditions, at):
    """At a company where the use of something says one of these now."""
    signs = UsageSign.objects.open().filter(
        unit__company=OuterRef("contact__company"), kind__in=conditions["usage"]
    )
    return Q(Exists(signs))


def _touched(conditions, at):
    """Did something of the kind, for the campaign and about the product, within the days; nothing of ours counts."""
    did = done(at - timedelta(days=conditions["touch_days"]), at)
    if kinds := conditions.get("touch_kinds"):
        did = did.filter(kind__in=kinds)
    if campaigns := conditions.get("touch_campaigns"):
        did = did.filter(campaign__code__in=campaigns)
    if products := conditions.get("touch_products"):
        did = did.filter(campaign__product__code__in=products)
    return Q(Exists(did))


def done(since, at):
    """What the person of a lead did themselves, after `since`."""
    return Touch.objects.filter(
        contact=OuterRef("contact"), outbound=False, automatic=False, at__gt=since, at__lte=at
    )


def _own(conditions, at):
    bind = fields.Bound("own")
    asked = " AND ".join(rules.holds(_rule(one), bind) for one in conditions["own"])
    statement = f"SELECT l.id FROM {fields.FROM.strip()} WHERE {asked}"
    order = PLACEHOLDER.findall(statement)
    return Q(pk__in=RawSQL(PLACEHOLDER.sub("%s", statement), [bind.params[name] for name in order]))


NARROW = {
    "stages": lambda asked, at: Q(stage__in=asked["stages"]),
    "grades": _grades,
    "engagement": lambda asked, at: Q(engagement__gte=asked["engagement"]),
    "channels": lambda asked, at: Q(channel__in=asked["channels"]),
    "campaigns": lambda asked, at: Q(campaign__code__in=asked["campaigns"]),
    "products": lambda asked, at: Q(product__code__in=asked["products"]),
    "segments": _segments,
    "regions": _regions,
    "customers": _customers,
    "usage": _usage,
    "captured_days": lambda asked, at: Q(captured_at__gt=at - timedelta(days=asked["captured_days"])),
    "touch_days": _touched,
    "own": _own,
}
